"""BytePlus MediaLive: the operations of Volcengine Live, with separate accounts."""

from pulumi_livepull.emulator.byteplus.cloud import BytePlus

__all__ = ["BytePlus"]
