"""BytePlus MediaLive: who is told of recordings, as at Volcengine Live but for the signature."""

from datetime import datetime
from typing import Any

from pulumi_livepull.callbacks.volcengine import RecordingEvent, parse
from pulumi_livepull.testing import Received
from tests.emulator.receivers import volcengine
from tests.emulator.receivers.volcengine import UNSIGNED, seed, signature

__all__ = ["UNSIGNED", "parse", "seed", "signature", "verify"]


def verify(received: Received, key: str, now: datetime, **more: Any) -> RecordingEvent:
    """Check a message."""
    return volcengine.verify(received, key, now, sign_order="t+key", **more)
