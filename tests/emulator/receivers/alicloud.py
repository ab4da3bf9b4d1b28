"""Alibaba Cloud ApsaraVideo Live: who is told of recordings."""

from datetime import datetime
from typing import Any

from pulumi_livepull.callbacks.alicloud import RecordingEvent, parse
from pulumi_livepull.callbacks.alicloud import verify as _verify
from pulumi_livepull.testing import Received
from tests.emulator.receivers import DOMAIN, KEY

__all__ = ["UNSIGNED", "parse", "seed", "signature", "verify"]

UNSIGNED = {"NotifyReqAuth": False}


def seed(url: str, change: dict[str, Any]) -> dict[str, Any]:
    """Return the state with one configuration."""
    made = {"DomainName": DOMAIN, "NotifyUrl": url, "NotifyReqAuth": True, "NotifyAuthKey": KEY}
    return {"callbacks": [made | change]}


def verify(received: Received, key: str, now: datetime, **more: Any) -> RecordingEvent:
    """Check a message."""
    return _verify(received.data, key, now=now, headers=received.headers, host="127.0.0.1", **more)


def signature(received: Received) -> str:
    """Return what signs a message."""
    signed: str = received.headers["ALI-LIVE-SIGNATURE"]
    return signed
