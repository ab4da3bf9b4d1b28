"""Callbacks of Tencent Cloud CSS: recordings, signed, and relay tasks, which are not.

Sources: document/product/267/38082 for a recorded file (event 100), 267/58590 for the state of a
recording (event 332) and 267/42525 for a relay task (event 314).
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pulumi_livepull.callbacks.check import check_signature, check_time, md5, need_key
from pulumi_livepull.callbacks.message import (
    find_digits,
    find_number,
    find_text,
    find_time,
    find_whole,
    get_text,
    need_text,
    read_object,
)

VENDOR = "tencentcloud"
VALID_SECONDS = 600
"""How far ahead `t` may be: it is the end of ten minutes."""


@dataclass(frozen=True, kw_only=True)
class RecordingEvent:
    """Something that happened to a recording, or to another thing of which a template tells."""

    event_type: int
    """The vendor's number of the event: 100 for a file, 332 for a state, 341 for an exception."""

    record_event: str | None
    """What became of the recording, such as `record_ended`. Event 332 only."""

    domain: str
    """Push domain."""

    app: str
    """App name."""

    stream: str
    """Stream name. Of the recording of a relay it is the id of the task (event 332)."""

    task_id: str | None
    """Id of the recording task. Event 100 only."""

    session_id: str | None
    """Id of the recording. Event 332 only."""

    file_id: str | None
    """Id of the file in the vendor's VOD."""

    file_format: str | None
    """Format of the file, such as `hls`."""

    file_size: int | None
    """Size of the file in bytes."""

    video_url: str | None = field(repr=False)
    """Address of the file. It is not in `repr`, because it may carry a key."""

    start_time: datetime | None
    """When the file begins, in UTC."""

    end_time: datetime | None
    """When the file ends, in UTC."""

    duration: float | None
    """Length of the file in seconds."""

    t: datetime | None
    """Until when the signature is valid, in UTC; `None` without one."""

    raw: dict[str, Any] = field(repr=False, compare=False)
    """The whole message as it came, signature included."""


@dataclass(frozen=True, kw_only=True)
class PullEvent:
    """Something that happened to a relay task, as the task's `callback_url` hears of it.

    `TaskExit` does not mean that a task is over: it also comes before each new attempt.
    """

    callback_event: str
    """What happened, such as `TaskStart`."""

    task_id: str
    """Id of the task, without its region."""

    stream: str
    """Stream name."""

    to_url: str | None = field(repr=False)
    """Where the task pushes to. It is not in `repr`, because it may carry a key."""

    source_urls: tuple[str, ...] = field(repr=False)
    """What the task pulls."""

    event_time: datetime | None
    """When it happened, in UTC."""

    msg: dict[str, Any] = field(hash=False)
    """What else the event tells, as it came."""

    raw: dict[str, Any] = field(repr=False, compare=False)
    """The whole message as it came."""


def parse(body: bytes) -> RecordingEvent:
    """Read a message without asking who sent it; raises `Malformed`."""
    return _read(read_object(VENDOR, body))


def verify(
    body: bytes, key: str, *, now: datetime | None = None, tolerance_seconds: float = 600
) -> RecordingEvent:
    """Return the event if `key` signed it and is still valid; raises a `CallbackError` otherwise.

    `key` is the `callback_key` of the template. Only the time is signed: whoever sees one callback
    can send any other until that is over.
    """
    need_key(key)
    message = read_object(VENDOR, body)
    stamp = find_digits(message, "t")
    given = find_text(message, "sign") if stamp else None
    check_signature(VENDOR, given, md5(f"{key}{stamp}"), look_at="`callback_key`")
    check_time(VENDOR, stamp or "", now, tolerance_seconds, valid_seconds=VALID_SECONDS)
    return _read(message)


def parse_pull(body: bytes) -> PullEvent:
    """Read a message about a relay task; raises `Malformed`.

    The vendor shows no signature of these, so use an address that nobody can guess.
    """
    message = read_object(VENDOR, body)
    sources = _inner(message, "source_urls")
    msg = _inner(message, "msg")
    return PullEvent(
        callback_event=need_text(VENDOR, message, "callback_event"),
        task_id=get_text(VENDOR, message, "task_id"),
        stream=get_text(VENDOR, message, "stream_id"),
        to_url=find_text(message, "to_url"),
        source_urls=tuple(map(str, sources)) if isinstance(sources, list) else (),
        event_time=find_time(message, "event_time"),
        msg=msg if isinstance(msg, dict) else {},
        raw=message,
    )


def _inner(message: dict[str, Any], name: str) -> Any:
    """Return what a text holds that is JSON itself, `None` if it holds none."""
    try:
        return json.loads(find_text(message, name) or "null")
    except (ValueError, RecursionError):
        return None


def _read(message: dict[str, Any]) -> RecordingEvent:
    # Event 100 calls the domain `app`, and every event the app `appname`.
    domain = get_text(VENDOR, message, "domain") or get_text(VENDOR, message, "app")
    return RecordingEvent(
        event_type=find_whole(message, "event_type") or 0,
        record_event=find_text(message, "record_event"),
        domain=domain,
        app=get_text(VENDOR, message, "appname"),
        stream=need_text(VENDOR, message, "stream_id"),
        task_id=find_text(message, "task_id"),
        session_id=find_text(message, "session_id"),
        file_id=find_text(message, "file_id"),
        file_format=find_text(message, "file_format"),
        file_size=find_whole(message, "file_size"),
        video_url=find_text(message, "video_url"),
        start_time=find_time(message, "start_time"),
        end_time=find_time(message, "end_time"),
        duration=find_number(message, "duration"),
        t=find_time(message, "t"),
        raw=message,
    )
