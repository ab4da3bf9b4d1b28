"""Huawei Cloud Live: who is told of recordings."""

from datetime import datetime
from typing import Any

from pulumi_livepull.callbacks.huaweicloud import RecordingEvent, parse
from pulumi_livepull.callbacks.huaweicloud import verify as _verify
from pulumi_livepull.testing import Received
from tests.emulator.receivers import DOMAIN, KEY, PROJECT

__all__ = ["UNSIGNED", "parse", "seed", "signature", "verify"]

UNSIGNED = {"key": ""}


def seed(url: str, change: dict[str, Any]) -> dict[str, Any]:
    """Return the state with one configuration."""
    made = {"publish_domain": DOMAIN, "app": "*", "notify_callback_url": url, "key": KEY}
    return {"callbacks": {PROJECT: [made | change]}}


def verify(received: Received, key: str, now: datetime, **more: Any) -> RecordingEvent:
    """Check a message."""
    return _verify(received.data, key, now=now, **more)


def signature(received: Received) -> str:
    """Return what signs a message."""
    signed: str = received.body["auth_sign"]
    return signed
