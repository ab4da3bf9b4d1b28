"""Alibaba Cloud's recording callbacks: believed only with the right headers."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import Message
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.callbacks import BadSignature, CallbackError, Expired, Malformed, alicloud
from tests.callbacks.junk import bodies

KEY, HOST = "yourkey", "learn.aliyundoc.com"
SIGNED_AT = datetime.fromtimestamp(1519375990, UTC)
SIGNATURE = "9e226fc2c250be266e3657e156f68c12"
HEADERS = {"ALI-LIVE-TIMESTAMP": "1519375990", "ALI-LIVE-SIGNATURE": SIGNATURE}
FILE = {
    "domain": "live.example.com",
    "app": "live",
    "stream": "hello",
    "uri": "live/hello/0_2017-03-08-23:09:46_2017-03-08-23:10:40.flv",
    "duration": 69.403,
    "start_time": 1488985786,
    "stop_time": 1488985840,
}
BODY = json.dumps(FILE).encode()


def verify(sent: bytes = BODY, key: str = KEY, **more: Any) -> alicloud.RecordingEvent:
    return alicloud.verify(
        sent, key, **{"headers": HEADERS, "host": HOST, "now": SIGNED_AT, **more}
    )


def test_the_pages_own_example_is_believed() -> None:
    """The page gives the text to sign, so the result is known."""
    assert verify().uri == FILE["uri"]


def test_headers_are_found_in_any_case_and_any_mapping() -> None:
    """HTTP/2 has only lower case, and the standard library has its own mapping type."""
    assert verify(headers={name.lower(): value for name, value in HEADERS.items()})
    headers = Message()
    for name, value in HEADERS.items():
        headers[name.title()] = value
    assert verify(headers=headers)


@pytest.mark.parametrize(
    "change",
    [
        {"key": "otherkey"},
        {"host": "other.example.com"},
        {"host": f"{HOST}:443"},
        {"headers": {**HEADERS, "ALI-LIVE-TIMESTAMP": "1519375991"}},
        {"headers": {**HEADERS, "ALI-LIVE-SIGNATURE": "é" * 32}},
        {"headers": {**HEADERS, "ali-live-signature": SIGNATURE}},
        {"headers": {**HEADERS, "ALI-LIVE-TIMESTAMP": "soon"}},
        {"headers": {"ALI-LIVE-TIMESTAMP": "1519375990"}},
        {"headers": {}},
    ],
)
def test_a_wrong_signature_is_refused_without_showing_a_key(change: dict[str, Any]) -> None:
    """So is one that is missing or given twice."""
    with pytest.raises(BadSignature) as refused:
        verify(**change)
    assert not any(secret in str(refused.value) for secret in (KEY, "otherkey", SIGNATURE))


def test_the_body_is_not_signed() -> None:
    """As the documentation says."""
    assert verify(json.dumps({**FILE, "stream": "other"}).encode()).stream == "other"


@pytest.mark.parametrize(
    ("seconds", "fits"), [(600, True), (601, False), (-600, True), (-601, False)]
)
def test_an_old_callback_is_refused(seconds: int, fits: bool) -> None:
    """By the request's time, which may be off equally in either direction."""
    now = SIGNED_AT + timedelta(seconds=seconds)
    if fits:
        assert verify(now=now)
    else:
        with pytest.raises(Expired):
            verify(now=now)


def test_a_finished_file_is_read_with_its_units() -> None:
    """The page's example: seconds with a fraction, and Unix times."""
    event = alicloud.parse(BODY)
    assert (event.event, event.duration) == (None, 69.403)
    assert event.start_time == datetime(2017, 3, 8, 15, 9, 46, tzinfo=UTC)
    assert event.stop_time == event.start_time + timedelta(seconds=54)
    assert (event.push_args, event.raw) == ({}, FILE)


def test_a_state_is_read() -> None:
    """It has no file; an unknown state is kept as text."""
    status = {"domain": "d", "app": "a", "stream": "s", "event": "record_moved"}
    event = alicloud.parse(json.dumps(status).encode())
    assert (event.event, event.uri, event.start_time) == ("record_moved", None, None)


@pytest.mark.parametrize(
    "given_as", [{"push_args": {"callback_id": "7", "x": "y"}}, {"callback_id": "7", "x": "y"}]
)
def test_push_arguments_are_found_wherever_they_are(given_as: dict[str, Any]) -> None:
    """The page can be read in two ways."""
    event = alicloud.parse(json.dumps({**FILE, **given_as}).encode())
    assert event.push_args == {"callback_id": "7"}
    assert isinstance(hash(event), int)


def test_signed_junk_is_malformed() -> None:
    """Only the headers are signed."""
    with pytest.raises(Malformed):
        verify(b"[]")


def test_no_key_is_a_mistake_of_the_receiver() -> None:
    """Anyone can sign with an empty key."""
    with pytest.raises(ValueError, match="`key` is empty"):
        verify(key="")


NAMES = [name for name in alicloud.RecordingEvent.__dataclass_fields__ if name != "raw"]


@given(
    sent=bodies(*NAMES),
    headers=st.just(HEADERS)
    | st.fixed_dictionaries({}, optional=dict.fromkeys(HEADERS, st.text())),
)
def test_junk_raises_nothing_but_a_callback_error(sent: bytes, headers: dict[str, str]) -> None:
    """Whether or not it is signed."""
    for read in (alicloud.parse, lambda sent: verify(sent, headers=headers)):
        with suppress(CallbackError):
            read(sent)


@pytest.mark.parametrize("odd", ["1e999", "nan", 1e308, 1e18, 10**400, -(10**30), "soon", True, []])
def test_a_time_that_no_calendar_has_is_none(odd: object) -> None:
    """So is an infinite length; the original values stay in `raw`."""
    event = alicloud.parse(json.dumps({**FILE, "start_time": odd, "duration": odd}).encode())
    assert event.start_time is None
    assert event.duration is None or isfinite(event.duration)
    assert event.raw["start_time"] == odd
