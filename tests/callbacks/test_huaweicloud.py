"""Huawei Cloud's recording callbacks: believed only when the configuration's key signed them."""

import hashlib
import hmac
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
    huaweicloud,
)
from tests.callbacks.junk import bodies, objects

KEY = "0123456789abcdef0123456789abcdef"
SIGNED_AT = datetime.fromtimestamp(1583676745, UTC)
MESSAGE = {
    "auth_timestamp": 1583676745,
    "event_type": "RECORD_FILE_COMPLETE",
    "publish_domain": "push.example.com",
    "app": "live",
    "stream": "mystream",
    "download_url": "https://obs.example.com/r.m3u8",
}
SIGNATURES = {
    "HMACSHA256": "60ddc11949d025353ea9f42b5efbe31ff114527a2021ce61eb026735198ed301",
    "MD5": "fbea60f41db857bbdee04a5127b742fa",
}


def body(sign_type: str = "HMACSHA256", **change: Any) -> bytes:
    return json.dumps({**MESSAGE, "auth_sign": SIGNATURES[sign_type], **change}).encode()


def verify(
    sent: bytes, key: str = KEY, *, now: datetime = SIGNED_AT, **more: Any
) -> huaweicloud.RecordingEvent:
    return huaweicloud.verify(sent, key, now=now, **more)


@pytest.mark.parametrize("sign_type", SIGNATURES)
def test_what_the_page_says_to_compute_is_believed(sign_type: str) -> None:
    """Known results, computed from the page's formulas without this package."""
    event = verify(body(sign_type), sign_type=sign_type)
    assert (event.event_type, event.stream) == ("RECORD_FILE_COMPLETE", "mystream")
    assert event.auth_timestamp == SIGNED_AT
    assert verify(body(sign_type, auth_timestamp="1583676745"), sign_type=sign_type)


def test_a_signature_in_upper_case_is_believed() -> None:
    """No page says which case the vendor uses."""
    assert verify(body(auth_sign=SIGNATURES["HMACSHA256"].upper()))


@pytest.mark.parametrize(
    "name", ["event_type", "publish_domain", "app", "stream", "download_url", "play_url"]
)
def test_a_change_of_what_is_signed_is_found(name: str) -> None:
    """HMACSHA256 signs the fields that identify the file and its stream."""
    with pytest.raises(BadSignature):
        verify(body(**{name: "other"}))


def test_md5_signs_nothing_but_the_time() -> None:
    """The documentation therefore advises against it."""
    assert verify(body("MD5", stream="other"), sign_type="MD5").stream == "other"
    with pytest.raises(BadSignature):
        verify(body("MD5", auth_timestamp=1583676746), sign_type="MD5")


@pytest.mark.parametrize(
    ("key", "sign_type"), [("f" * 32, "HMACSHA256"), ("f" * 32, "MD5"), (KEY, "MD5")]
)
def test_another_key_or_sign_type_is_refused_without_showing_either(
    key: str, sign_type: str
) -> None:
    """A message ends up in logs."""
    with pytest.raises(BadSignature) as refused:
        verify(body(), key, sign_type=sign_type)
    assert not any(secret in str(refused.value) for secret in (key, KEY, *SIGNATURES.values()))
    assert "`key` and `sign_type`" in str(refused.value)


@pytest.mark.parametrize("name", ["auth_sign", "auth_timestamp"])
@pytest.mark.parametrize("value", [None, "", True, "x", -5, "\uff11\uff12", 1.5])
def test_what_is_not_signed_is_refused(name: str, value: object) -> None:
    """The vendor does not sign if no key is configured."""
    with pytest.raises(BadSignature):
        verify(body(**{name: value}))


@pytest.mark.parametrize(
    ("seconds", "fits"), [(600, True), (601, False), (-1200, True), (-1201, False)]
)
def test_an_old_callback_is_refused(seconds: int, fits: bool) -> None:
    """Ten minutes late or twenty early: the vendor may sign an expiry ten minutes ahead."""
    now = SIGNED_AT + timedelta(seconds=seconds)
    if fits:
        assert verify(body(), now=now)
    else:
        with pytest.raises(Expired, match="600 s are allowed"):
            verify(body(), now=now)


def test_the_tolerance_is_the_receivers_choice() -> None:
    """In seconds, in either direction."""
    late = SIGNED_AT + timedelta(days=1)
    assert verify(body(), now=late, tolerance_seconds=86_400)
    with pytest.raises(Expired):
        verify(body(), now=late, tolerance_seconds=86_399)
    with pytest.raises(Expired):
        huaweicloud.verify(body(), KEY)


@pytest.mark.parametrize(
    "wrong", [{"key": ""}, {"sign_type": "SHA1"}, {"now": datetime(2020, 3, 8, 14, 12, 25)}]
)
def test_a_receivers_own_mistake_is_not_a_callback_error(wrong: dict[str, Any]) -> None:
    """It must not look as if a wrong callback had been sent."""
    with pytest.raises(ValueError, match="`"):
        huaweicloud.verify(body(), **{"key": KEY, "now": SIGNED_AT, **wrong})


def test_a_message_is_read_with_its_units() -> None:
    """Times have a time zone, sizes are in bytes, lengths in seconds; the original values stay in
    `raw`.
    """
    message = {
        **MESSAGE,
        "project_id": "p",
        "job_id": "j",
        "task_id": "t",
        "record_format": "HLS",
        "asset_id": "a",
        "file_size": 957964,
        "record_duration": 120,
        "start_time": "2020-03-08T14:10:25Z",
        "end_time": "2020-03-08T14:12:25Z",
        "width": 1280,
        "height": "720",
        "obs_location": "cn-north-4",
        "obs_bucket": "b",
        "obs_object": "o",
        "colour": "red",
    }
    event = huaweicloud.parse(json.dumps(message).encode())
    assert event.start_time == datetime(2020, 3, 8, 14, 10, 25, tzinfo=UTC)
    assert (event.file_size, event.record_duration) == (957964, 120.0)
    assert (event.width, event.height, event.play_url) == (1280, 720, None)
    assert event.raw == message
    assert hash(event) == hash(huaweicloud.parse(json.dumps(message).encode()))


def test_what_the_vendor_adds_or_spells_anew_is_not_an_error() -> None:
    """An unknown event is kept as text; a value that cannot be read becomes None."""
    odd = {"event_type": "RECORD_PAUSED", "start_time": "yesterday", "file_size": "big"}
    event = huaweicloud.parse(body(**odd, end_time="2020-03-08T14:12:25", width=True))
    assert event.event_type == "RECORD_PAUSED"
    assert {event.start_time, event.end_time, event.file_size, event.width} == {None}
    assert event.raw["start_time"] == "yesterday"


def test_an_event_shows_no_signature() -> None:
    """Events may be logged."""
    assert SIGNATURES["HMACSHA256"] not in repr(verify(body()))


@pytest.mark.parametrize(
    "sent", [b"", b"[]", b"{", b"\xff", b"{}", b'{"event_type": 5}', b'{"a": NaN}', b"[" * 100_000]
)
def test_what_is_not_a_message_is_malformed(sent: bytes) -> None:
    """Anyone may have sent it."""
    with pytest.raises(Malformed, match="huaweicloud callback: "):
        huaweicloud.parse(sent)


NAMES = [name for name in huaweicloud.RecordingEvent.__dataclass_fields__ if name != "raw"]


@given(sent=bodies("auth_sign", *NAMES))
def test_junk_raises_nothing_but_a_callback_error(sent: bytes) -> None:
    """Whatever anyone sends."""
    for read in (huaweicloud.parse, verify, lambda sent: verify(sent, sign_type="MD5")):
        with suppress(CallbackError):
            read(sent)


@given(message=objects(*NAMES))
def test_signed_junk_raises_nothing_but_a_callback_error(message: dict[str, Any]) -> None:
    """The vendor itself might send it one day."""
    message |= {"auth_timestamp": 1583676745, "auth_sign": SIGNATURES["MD5"]}
    with suppress(Malformed):
        verify(json.dumps(message).encode(), sign_type="MD5")


def test_text_that_utf_8_does_not_have_can_be_signed() -> None:
    """JSON can contain half of a surrogate pair."""
    signed = "".join(("1583676745", "E", "d", "a", "\ud800")).encode("utf-8", "surrogatepass")
    sign = hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()
    message = {"event_type": "E", "publish_domain": "d", "app": "a", "stream": "\ud800"}
    sent = json.dumps({**message, "auth_timestamp": 1583676745, "auth_sign": sign}).encode()
    assert verify(sent).stream == "\ud800"
