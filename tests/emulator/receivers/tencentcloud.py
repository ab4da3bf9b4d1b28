"""Tencent Cloud CSS: who is told of recordings."""

from datetime import datetime
from typing import Any

from pulumi_livepull.callbacks.tencentcloud import RecordingEvent, parse
from pulumi_livepull.callbacks.tencentcloud import verify as _verify
from pulumi_livepull.testing import Received
from tests.emulator.receivers import DOMAIN, KEY

__all__ = ["UNSIGNED", "parse", "seed", "signature", "verify"]

UNSIGNED = {"CallbackKey": ""}


def seed(url: str, change: dict[str, Any]) -> dict[str, Any]:
    """Return the state with one configuration."""
    made = {"TemplateName": "t", "TemplateId": 1000, "CallbackKey": KEY}
    made |= {"RecordNotifyUrl": url, "RecordStatusNotifyUrl": f"{url}/states"}
    rule = {"DomainName": DOMAIN, "AppName": "live", "TemplateId": 1000}
    return {"templates": [made | change], "rules": [rule]}


def verify(received: Received, key: str, now: datetime, **more: Any) -> RecordingEvent:
    """Check a message."""
    return _verify(received.data, key, now=now, **more)


def signature(received: Received) -> str:
    """Return what signs a message."""
    signed: str = received.body["sign"]
    return signed
