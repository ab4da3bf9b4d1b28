"""Recording callbacks of Huawei Cloud Live.

Source: https://support.huaweicloud.com/intl/en-us/iLive-live/live_01_0011.html
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pulumi_livepull.callbacks.check import check_signature, check_time, encode, md5, need_key
from pulumi_livepull.callbacks.message import (
    Fields,
    find_digits,
    find_number,
    find_text,
    find_time,
    find_whole,
    get_text,
    need_text,
    read_object,
)

SignType = Literal["HMACSHA256", "MD5"]

VENDOR = "huaweicloud"
VALID_SECONDS = 600
"""How far ahead `auth_timestamp` may be.

Assumption A004: the page on push callbacks calls it the time at which the signature expires,
without saying after how long; the page on recording callbacks does not say. Source:
https://support.huaweicloud.com/intl/en-us/bestpractice-live/live_14_0003.html
"""
SIGNED = ("event_type", "publish_domain", "app", "stream", "download_url", "play_url")


@dataclass(frozen=True, kw_only=True)
class RecordingEvent:
    """An event of a recording. Fields that the event does not have are `None`."""

    event_type: str
    """`RECORD_START`, `RECORD_NEW_FILE_START`, `RECORD_FILE_COMPLETE`, `RECORD_OVER` or
    `RECORD_FAILED`, or a value that the vendor adds later."""

    publish_domain: str
    """Ingest domain."""

    app: str
    """App name."""

    stream: str
    """Stream name."""

    project_id: str | None
    """Project of the domain."""

    task_id: str | None
    """The recording task."""

    job_id: str | None
    """Identifies a file: all its events have the same value."""

    record_format: str | None
    """`HLS`, `FLV` or `MP4`."""

    download_url: str | None
    """Where a finished file can be downloaded."""

    play_url: str | None
    """Where a finished file can be played."""

    asset_id: str | None
    """The recorded file."""

    file_size: int | None
    """Size of the file in bytes."""

    record_duration: float | None
    """Length of the file in seconds."""

    start_time: datetime | None
    """When the first frame of the file arrived, in UTC."""

    end_time: datetime | None
    """When the file ends, in UTC."""

    width: int | None
    """Width of the picture in pixels."""

    height: int | None
    """Height of the picture in pixels."""

    obs_location: str | None
    """Region of the OBS bucket."""

    obs_bucket: str | None
    """OBS bucket that holds the file."""

    obs_object: str | None
    """Where in the bucket the file is."""

    auth_timestamp: datetime | None
    """The time that was signed, in UTC."""

    raw: dict[str, Any] = field(repr=False, compare=False)
    """The complete message, unchanged, with its signature."""


def parse(body: bytes) -> RecordingEvent:
    """Parse a message without checking its sender. Raises `Malformed`."""
    return _read(read_object(VENDOR, body))


def verify(
    body: bytes,
    key: str,
    *,
    sign_type: SignType = "HMACSHA256",
    now: datetime | None = None,
    tolerance_seconds: float = 600,
) -> RecordingEvent:
    """Return the event if `key` signed it recently. Otherwise, raises a `CallbackError`.

    `key` and `sign_type` are those of the callback configuration. `MD5` signs only the timestamp:
    anyone who sees one callback can forge others until it expires.
    """
    need_key(key)
    fields = read_object(VENDOR, body)
    stamp = find_digits(fields, "auth_timestamp")
    given = find_text(fields, "auth_sign") if stamp else None
    right = _sign(fields, key, sign_type, stamp or "")
    check_signature(VENDOR, given, right, look_at="`key` and `sign_type`")
    check_time(VENDOR, stamp or "", now, tolerance_seconds, valid_seconds=VALID_SECONDS)
    return _read(fields)


def _sign(fields: Fields, key: str, sign_type: SignType, stamp: str) -> str:
    match sign_type:
        case "MD5":
            return md5(key + stamp)
        case "HMACSHA256":
            # Assumption A005: a missing field counts as empty.
            parts = [stamp, *(get_text(VENDOR, fields, name) for name in SIGNED)]
            return hmac.new(encode(key), encode("".join(parts)), "sha256").hexdigest()
    raise ValueError("`sign_type` is HMACSHA256 or MD5")


def _read(fields: dict[str, Any]) -> RecordingEvent:
    return RecordingEvent(
        event_type=need_text(VENDOR, fields, "event_type"),
        publish_domain=get_text(VENDOR, fields, "publish_domain"),
        app=get_text(VENDOR, fields, "app"),
        stream=get_text(VENDOR, fields, "stream"),
        project_id=find_text(fields, "project_id"),
        task_id=find_text(fields, "task_id"),
        job_id=find_text(fields, "job_id"),
        record_format=find_text(fields, "record_format"),
        download_url=find_text(fields, "download_url"),
        play_url=find_text(fields, "play_url"),
        asset_id=find_text(fields, "asset_id"),
        file_size=find_whole(fields, "file_size"),
        record_duration=find_number(fields, "record_duration"),
        start_time=find_time(fields, "start_time"),
        end_time=find_time(fields, "end_time"),
        width=find_whole(fields, "width"),
        height=find_whole(fields, "height"),
        obs_location=find_text(fields, "obs_location"),
        obs_bucket=find_text(fields, "obs_bucket"),
        obs_object=find_text(fields, "obs_object"),
        auth_timestamp=find_time(fields, "auth_timestamp"),
        raw=fields,
    )
