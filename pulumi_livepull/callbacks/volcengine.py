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
"""How far ahead `t` may be: Volcengine makes it the end of ten minutes, BytePlus their begin."""


@dataclass(frozen=True, kw_only=True)
class RecordingEvent:
    """Something that happened to a recording."""

    event_type: str
    """The vendor's word for what happened. Which there are for recordings is on no page in
    reach."""

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
    """What else the event tells, as it came: its fields are on no page in reach."""

    raw: dict[str, Any] = field(repr=False, compare=False)
    """The whole message as it came, envelope and signature included."""


def parse(body: bytes) -> RecordingEvent:
    """Read a message without asking who sent it; raises `Malformed`."""
    return _read(read_object(VENDOR, body))


def verify(
    body: bytes,
    key: str,
    *,
    sign_order: SignOrder = "key+t",
    now: datetime | None = None,
    tolerance_seconds: float = 600,
) -> RecordingEvent:
    """Return the event if `key` signed it at about this time; raises a `CallbackError` otherwise.

    `key` is the `AuthKeyPrimary` of the callback configuration. Only the time is signed: whoever
    sees one callback can send any other until that is over.

    Assumption: BytePlus signs `t+key`; its page speaks of "the concatenation of t and key", that of
    Volcengine of the key and `t`.
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
    # Assumption: recordings come in the envelope of the page's example, which is of a push; a
    # message without one is its own data.
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
