"""The plugin as a folder, which Pulumi runs with a Python that has the requirements."""

import sys

from pulumi_livepull.__main__ import main

sys.exit(main(["plugin", "serve", *sys.argv[1:]]))
