"""Load the fixture `rehearsal`."""

pytest_plugins = ["pulumi_livepull.testing"]
