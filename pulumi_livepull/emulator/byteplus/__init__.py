"""BytePlus MediaLive: the operations of Volcengine Live, for accounts of its own."""

from pulumi_livepull.emulator.byteplus.cloud import BytePlus

__all__ = ["BytePlus"]
