"""What the executable runs: the plugin, with what the engine gives it."""

import sys

from pulumi_livepull.__main__ import main

sys.exit(main(["plugin", "serve", *sys.argv[1:]]))
