"""Tencent Cloud's callbacks: believed only when the template's key signed them."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from pulumi_livepull.callbacks import (
    BadSignature,
    CallbackError,
    Expired,
    Malformed,
    tencentcloud,
)
from tests.callbacks.junk import bodies, objects

KEY = "examplekey"
SIGNATURE = "8bfd1ea0126b35d7c805ea5f5ba95c0c"
VALID_UNTIL = datetime.fromtimestamp(1622194197, UTC)
FILE = {
    "event_type": 100,
    "appid": 1250000000,
    "app": "push.example.com",
    "appname": "live",
    "stream_id": "channel",
    "channel_id": "channel",
    "file_id": "528589",
    "file_format": "hls",
    "task_id": "task",
    "start_time": 1622193537,
    "end_time": 1622193597,
    "duration": 60,
    "file_size": 1048576,
    "video_url": "https://recordings.example.com/channel.m3u8?key=S3CRET",
    "sign": SIGNATURE,
    "t": 1622194197,
}
STATE = {
    "event_type": 332,
    "appname": "live",
    "domain": "push.example.com",
    "record_event": "record_ended",
    "session_id": "session",
    "stream_id": "channel",
    "sign": SIGNATURE,
    "t": 1622194197,
}
# The page's own example, with another address.
PULL = {
    "appid": 4,
    "callback_event": "TaskStart",
    "event_type": 314,
    "interface": "general_callback",
    "msg": '{"task_start_time":0}',
    "product_name": "pullpush",
    "source_urls": '["http://play.example.com/playlist.m3u8"]\n',
    "stream_id": "testvod",
    "task_id": "118148",
    "to_url": "rtmp://push.example.com/live/S3CRET",
    "event_time": "1712893433",
}


def body(told: dict[str, Any] = FILE, **change: Any) -> bytes:
    return json.dumps({**told, **change}).encode()


def verify(sent: bytes, key: str = KEY, **more: Any) -> tencentcloud.RecordingEvent:
    return tencentcloud.verify(sent, key, **{"now": VALID_UNTIL, **more})


def test_what_the_page_says_to_compute_is_believed() -> None:
    """A known answer, computed from the page's formula and not by this package."""
    event = verify(body())
    assert (event.event_type, event.domain, event.app) == (100, "push.example.com", "live")
    assert (event.stream, event.t, event.file_size) == ("channel", VALID_UNTIL, 1048576)
    assert event.start_time == datetime.fromtimestamp(1622193537, UTC)
    assert event.end_time == datetime.fromtimestamp(1622193597, UTC)
    assert event.duration == 60
    assert event.raw == FILE
    assert "S3CRET" not in repr(event)
    assert SIGNATURE not in repr(event)


def test_a_state_says_what_became_of_the_recording() -> None:
    """Its domain has another name than that of a file."""
    event = verify(body(STATE))
    assert (event.event_type, event.record_event) == (332, "record_ended")
    assert (event.domain, event.session_id, event.video_url) == (
        "push.example.com",
        "session",
        None,
    )


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (body(), "otherkey"),
        (body(t=1622194198), KEY),
        (body(sign=SIGNATURE[:-1]), KEY),
        (body(sign=None), KEY),
        (body(t="soon"), KEY),
        (body(t=None), KEY),
    ],
)
def test_a_wrong_signature_is_refused_without_showing_a_key(sent: bytes, key: str) -> None:
    """Also none at all, which is how the vendor sends without a key."""
    with pytest.raises(BadSignature) as refused:
        verify(sent, key)
    assert key not in str(refused.value)
    assert SIGNATURE not in str(refused.value)


def test_a_callback_is_valid_for_its_ten_minutes_and_the_tolerance() -> None:
    """`t` is their end."""
    assert verify(body(), now=VALID_UNTIL - timedelta(minutes=10))
    assert verify(body(), now=VALID_UNTIL + timedelta(minutes=10))
    for now in (VALID_UNTIL + timedelta(minutes=11), VALID_UNTIL - timedelta(minutes=21)):
        with pytest.raises(Expired):
            verify(body(), now=now)


def test_no_key_is_a_mistake_in_the_program() -> None:
    """Anyone can sign with that."""
    with pytest.raises(ValueError, match="`key` is empty"):
        verify(body(), "")


def test_a_relay_tells_what_it_does() -> None:
    """The texts inside are JSON themselves."""
    event = tencentcloud.parse_pull(body(PULL))
    assert (event.callback_event, event.task_id, event.stream) == ("TaskStart", "118148", "testvod")
    assert event.source_urls == ("http://play.example.com/playlist.m3u8",)
    assert event.msg == {"task_start_time": 0}
    assert event.event_time == datetime.fromtimestamp(1712893433, UTC)
    assert "S3CRET" not in repr(event)


@pytest.mark.parametrize("odd", ["", "no JSON", "[" * 99999, "7", None])
def test_odd_texts_inside_are_left_out(odd: Any) -> None:
    """They stay in `raw` as they came."""
    event = tencentcloud.parse_pull(body(PULL, msg=odd, source_urls=odd))
    assert (event.source_urls, event.msg) == ((), {})


@given(bodies(*FILE, *STATE, *PULL))
def test_whatever_arrives_is_read_or_refused_as_a_callback(sent: bytes) -> None:
    """No other exception, or a stranger could stop a receiver."""
    for read in (tencentcloud.parse, tencentcloud.parse_pull, verify):
        with suppress(CallbackError):
            read(sent)


@given(objects(*FILE, *STATE))
def test_odd_fields_are_no_reason_to_stop(odd: dict[str, Any]) -> None:
    """Of a signed message too."""
    with suppress(CallbackError):
        verify(body(**{**odd, "sign": SIGNATURE, "t": 1622194197}))


def test_a_message_that_names_no_stream_is_malformed() -> None:
    """There is nothing that a receiver could do with it."""
    with pytest.raises(Malformed, match="`stream_id` is missing"):
        tencentcloud.parse(b"{}")
    with pytest.raises(Malformed, match="`callback_event` is missing"):
        tencentcloud.parse_pull(b"{}")
