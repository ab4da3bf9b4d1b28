"""Volcengine Live: who is told of recordings."""

from datetime import datetime
from typing import Any

from pulumi_livepull.callbacks.volcengine import RecordingEvent, parse
from pulumi_livepull.callbacks.volcengine import verify as _verify
from pulumi_livepull.testing import Received
from tests.emulator.receivers import DOMAIN, KEY

__all__ = ["UNSIGNED", "parse", "seed", "signature", "verify"]

UNSIGNED = {"AuthEnable": False}


def seed(url: str, change: dict[str, Any]) -> dict[str, Any]:
    """Return the state with one configuration."""
    details = [{"CallbackType": "HTTP", "URL": url}]
    made = {"MessageType": "record", "CallbackDetailList": details, "AuthEnable": True}
    scope = {} if "Domain" in change else {"Vhost": DOMAIN}
    return {"callbacks": [made | scope | {"AuthKeyPrimary": KEY} | change]}


def verify(received: Received, key: str, now: datetime, **more: Any) -> RecordingEvent:
    """Check a message."""
    return _verify(received.data, key, now=now, **more)


def signature(received: Received) -> str:
    """Return what signs a message."""
    signed: str = received.body["data"]["sign"]
    return signed
