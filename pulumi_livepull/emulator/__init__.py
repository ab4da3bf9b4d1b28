"""An emulator of the vendors' live-streaming APIs, for tests and for trying things out.

It is written from the vendors' documents alone and shares no code with the provider.
"""

from pulumi_livepull.emulator.app import Emulator

__all__ = ["Emulator"]
