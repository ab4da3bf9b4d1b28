"""Volcengine's recording callbacks: believed only when the configuration's key signed them."""

import hashlib
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
    volcengine,
)
from tests.callbacks.junk import bodies, objects

KEY = "examplekey"
SIGNATURE = "8bfd1ea0126b35d7c805ea5f5ba95c0c"
SIGNED_AT = datetime.fromtimestamp(1622194197, UTC)
DATA = {
    "vhost": "push.example.com",
    "domain": "push.example.com",
    "app": "live",
    "stream": "stream-123456",
    "event_type": "record",
    "sign": SIGNATURE,
    "t": 1622194197,
    "detail": {"time": 1622193597},
}


def body(**change: Any) -> bytes:
    return json.dumps({"code": 0, "message": "ok", "data": {**DATA, **change}}).encode()


def verify(sent: bytes, key: str = KEY, **more: Any) -> volcengine.RecordingEvent:
    return volcengine.verify(sent, key, **{"now": SIGNED_AT, **more})


def test_what_the_page_says_to_compute_is_believed() -> None:
    """A known result, computed from the page's formula without this package."""
    event = verify(body())
    assert (event.vhost, event.stream, event.t) == ("push.example.com", "stream-123456", SIGNED_AT)
    assert event.detail == DATA["detail"]
    assert event.raw["data"] == DATA
    assert SIGNATURE not in repr(event)


def test_the_order_of_byteplus_can_be_asked_for() -> None:
    """Its page has the opposite order; neither signature is accepted for the other."""
    sign = hashlib.md5(b"1622194197" + KEY.encode()).hexdigest()
    assert verify(body(sign=sign), sign_order="t+key")
    with pytest.raises(BadSignature):
        verify(body(sign=sign))
    with pytest.raises(BadSignature):
        verify(body(), sign_order="t+key")


def test_a_message_without_its_envelope_is_read() -> None:
    """No page shows a message about a recording."""
    assert verify(json.dumps(DATA).encode()).app == "live"


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (body(), "otherkey"),
        (body(t=1622194198), KEY),
        (body(sign=SIGNATURE[:-1]), KEY),
        (body(sign="", t=0), KEY),
        (body(sign=None), KEY),
        (body(t="soon"), KEY),
    ],
)
def test_a_wrong_signature_is_refused_without_showing_a_key(sent: bytes, key: str) -> None:
    """So is a missing one, which the vendor sends when authentication is off."""
    with pytest.raises(BadSignature) as refused:
        verify(sent, key)
    assert not any(secret in str(refused.value) for secret in (key, KEY, SIGNATURE))


def test_nothing_but_the_time_is_signed() -> None:
    """As the documentation says."""
    assert verify(body(stream="other")).stream == "other"


@pytest.mark.parametrize(
    ("seconds", "fits"), [(600, True), (601, False), (-1200, True), (-1201, False)]
)
def test_an_old_callback_is_refused(seconds: int, fits: bool) -> None:
    """`t` is the end of the ten minutes for Volcengine, and their beginning for BytePlus."""
    now = SIGNED_AT + timedelta(seconds=seconds)
    if fits:
        assert verify(body(), now=now)
    else:
        with pytest.raises(Expired):
            verify(body(), now=now)


def test_an_unsigned_message_can_be_parsed() -> None:
    """It has no time; the event is the vendor's text."""
    event = volcengine.parse(body(sign="", t=0, event_type="record_new", detail=[]))
    assert (event.event_type, event.t, event.detail) == ("record_new", None, {})
    assert isinstance(hash(event), int)


@pytest.mark.parametrize("sent", [b"", b"null", b'{"data": {}}', body(event_type=[])])
def test_what_is_not_a_message_is_malformed(sent: bytes) -> None:
    """A message must say what happened."""
    with pytest.raises(Malformed):
        volcengine.parse(sent)


@pytest.mark.parametrize("wrong", [{"key": ""}, {"sign_order": "t"}])
def test_a_receivers_own_mistake_is_not_a_callback_error(wrong: dict[str, Any]) -> None:
    """It must not look as if a wrong callback had been sent."""
    with pytest.raises(ValueError, match="`"):
        verify(body(), **wrong)


NAMES = [name for name in volcengine.RecordingEvent.__dataclass_fields__ if name != "raw"]


@given(sent=bodies("sign", "data", *NAMES))
def test_junk_raises_nothing_but_a_callback_error(sent: bytes) -> None:
    """Whatever anyone sends."""
    for read in (volcengine.parse, verify):
        with suppress(CallbackError):
            read(sent)


@given(data=objects(*NAMES))
def test_signed_junk_raises_nothing_but_a_callback_error(data: dict[str, Any]) -> None:
    """The vendor itself might send it one day."""
    sent = json.dumps({"data": {**data, "sign": SIGNATURE, "t": 1622194197}}).encode()
    with suppress(Malformed):
        verify(sent)
