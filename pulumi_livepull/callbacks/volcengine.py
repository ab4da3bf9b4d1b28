"""Recording callbacks of Volcengine Live, and of BytePlus MediaLive.

Source: https://docs.byteplus.com/en/docs/byteplus-media-live/docs-callback-description
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pulumi_livepull.callbacks.check import check_signature, check_time, md5, need_key
from pulumi_livepull.callbacks.message import (
    find_digits,
    find_text,
    find_time,
    get_text,
    need_text,
    read_object,
)

SignOrder = Literal["key+t", "t+key"]

VENDOR = "volcengine"
VALID_SECONDS = 600
"""How far ahead `t` may be: for Volcengine it is the end of ten minutes, for BytePlus the start."""


@dataclass(frozen=True, kw_only=True)
class RecordingEvent:
    """An event of a recording."""

    event_type: str
    """The vendor's name for the event. The values for recordings are not documented publicly."""

    vhost: str
    """Domain space."""

    domain: str
    """Domain."""

    app: str
    """App name."""

    stream: str
    """Stream name."""

    t: datetime | None
    """The time that was signed, in UTC; `None` when authentication is off."""

    detail: dict[str, Any] = field(hash=False)
    """The event's other fields, unchanged. They are not documented publicly."""

    raw: dict[str, Any] = field(repr=False, compare=False)
    """The complete message, unchanged, with its envelope and signature."""


def parse(body: bytes) -> RecordingEvent:
    """Parse a message without checking its sender. Raises `Malformed`."""
    return _read(read_object(VENDOR, body))


def verify(
    body: bytes,
    key: str,
    *,
    sign_order: SignOrder = "key+t",
    now: datetime | None = None,
    tolerance_seconds: float = 600,
) -> RecordingEvent:
    """Return the event if `key` signed it recently. Otherwise, raises a `CallbackError`.

    `key` is the `AuthKeyPrimary` of the callback configuration. Only the timestamp is signed:
    anyone who sees one callback can forge others until it expires.

    Assumption A006: BytePlus signs `t+key`, because its page says "the concatenation of t and key",
    while Volcengine's page names the key first.
    """
    need_key(key)
    message = read_object(VENDOR, body)
    data = _data(message)
    stamp = find_digits(data, "t")
    given = find_text(data, "sign") if stamp else None
    match sign_order:
        case "key+t":
            right = md5(f"{key}{stamp}")
        case "t+key":
            right = md5(f"{stamp}{key}")
        case _:
            raise ValueError("`sign_order` is key+t or t+key")
    check_signature(VENDOR, given, right, look_at="`AuthKeyPrimary`")
    check_time(VENDOR, stamp or "", now, tolerance_seconds, valid_seconds=VALID_SECONDS)
    return _read(message)


def _data(message: dict[str, Any]) -> dict[str, Any]:
    # Assumption A007: recordings have the same envelope as the page's example, which is a push. A
    # message without an envelope is treated as the data.
    data = message.get("data")
    return data if isinstance(data, dict) else message


def _read(message: dict[str, Any]) -> RecordingEvent:
    data = _data(message)
    detail = data.get("detail")
    return RecordingEvent(
        event_type=need_text(VENDOR, data, "event_type"),
        vhost=get_text(VENDOR, data, "vhost"),
        domain=get_text(VENDOR, data, "domain"),
        app=get_text(VENDOR, data, "app"),
        stream=get_text(VENDOR, data, "stream"),
        t=find_time(data, "t") if data.get("t") else None,
        detail=detail if isinstance(detail, dict) else {},
        raw=message,
    )
