"""Recording callbacks of Alibaba Cloud ApsaraVideo Live.

Source: https://help.aliyun.com/en/live/developer-reference/callbacks-for-live-stream-recording
Source: https://help.aliyun.com/en/live/developer-reference/usage-notes-for-callback-authentication

The product "cloud recording" uses another signature.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pulumi_livepull.callbacks.check import check_signature, check_time, md5, need_key
from pulumi_livepull.callbacks.message import (
    Fields,
    find_digits,
    find_number,
    find_text,
    find_time,
    get_text,
    need_text,
    read_object,
)

VENDOR = "alicloud"
SIGNATURE, TIMESTAMP = "ali-live-signature", "ali-live-timestamp"


class Headers(Protocol):
    """The headers of a request: a dict, or the type of an HTTP library."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return every header with its value. Names may have any case."""


@dataclass(frozen=True, kw_only=True)
class RecordingEvent:
    """An event of a recording. Fields that the event does not have are `None`."""

    domain: str
    """Streaming domain."""

    app: str
    """App name."""

    stream: str
    """Stream name."""

    event: str | None
    """`record_started`, `record_paused` or `record_resumed`, or a value that the vendor adds later;
    `None` when a file is finished."""

    uri: str | None
    """Path of a finished file in its OSS bucket."""

    duration: float | None
    """Length of the file in seconds."""

    start_time: datetime | None
    """When the recording of the file began, in UTC."""

    stop_time: datetime | None
    """When the recording of the file ended, in UTC."""

    push_args: dict[str, str] = field(hash=False)
    """Parameters of the push address whose names start with `callback_`."""

    raw: dict[str, Any] = field(repr=False, compare=False)
    """The complete message, unchanged."""


def parse(body: bytes) -> RecordingEvent:
    """Parse a message without checking its sender. Raises `Malformed`."""
    fields = read_object(VENDOR, body)
    return RecordingEvent(
        domain=need_text(VENDOR, fields, "domain"),
        app=get_text(VENDOR, fields, "app"),
        stream=get_text(VENDOR, fields, "stream"),
        event=find_text(fields, "event"),
        uri=find_text(fields, "uri"),
        duration=find_number(fields, "duration"),
        start_time=find_time(fields, "start_time"),
        stop_time=find_time(fields, "stop_time"),
        push_args=_push_args(fields),
        raw=fields,
    )


def verify(
    body: bytes,
    key: str,
    *,
    headers: Headers,
    host: str,
    now: datetime | None = None,
    tolerance_seconds: float = 600,
) -> RecordingEvent:
    """Return the event if `key` signed it recently. Otherwise, raises a `CallbackError`.

    `key` is the `NotifyAuthKey` of the callback configuration, and `host` the host in its
    `NotifyUrl`, such as `learn.aliyundoc.com`. A changed key takes effect only when the stream is
    pushed again; until then, try the old key, too. The body is not signed: anyone who sees one
    callback can forge others until its timestamp expires.
    """
    need_key(key)
    stamp = find_digits({"stamp": _find_header(headers, TIMESTAMP)}, "stamp")
    given = _find_header(headers, SIGNATURE) if stamp else None
    # Assumption A001: without a port, as in the page's example.
    right = md5(f"{host}|{stamp}|{key}")
    check_signature(VENDOR, given, right, look_at="`NotifyAuthKey`, and the host in `NotifyUrl`")
    check_time(VENDOR, stamp or "", now, tolerance_seconds)
    return parse(body)


def _find_header(headers: Headers, wanted: str) -> str | None:
    """Return the value of a header that occurs exactly once."""
    found = [value for name, value in headers.items() if name.lower() == wanted]
    return found[0] if len(found) == 1 else None


def _push_args(fields: Fields) -> dict[str, str]:
    # Assumption A002: they are in a map `push_args`, as in the page's table, or beside the other
    # fields, as its notes suggest.
    given = fields.get("push_args")
    found = {**fields, **(given if isinstance(given, dict) else {})}
    return {
        name: value
        for name, value in found.items()
        if name.startswith("callback_") and isinstance(value, str)
    }
