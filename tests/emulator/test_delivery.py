"""The emulator tells receivers of recordings as the vendors do, and a receiver can believe it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pulumi_livepull import callbacks
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.testing import Receiver, receiving
from pulumi_livepull.vendors import NAMES
from tests.emulator.receivers import DOMAIN, KEY, PROJECT, configure, of, verify

STREAM = {"domain": DOMAIN, "app": "live", "stream": "channel"}

every_vendor = pytest.mark.parametrize("vendor", NAMES)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        receiver.url += "recordings"
        yield receiver


@pytest.fixture
def waits(emulator: Emulator) -> list[float]:
    """What the emulator would have slept."""
    waits: list[float] = []
    emulator.deliveries.wait = waits.append
    return waits


@every_vendor
def test_a_receiver_believes_what_the_emulator_sends(
    emulator: Emulator, receiver: Receiver, vendor: str
) -> None:
    """Sender and receiver share no code, and agree about payload, signature and time."""
    configure(emulator, vendor, receiver.url)
    (delivery,) = emulator.record(vendor, **STREAM)
    assert (delivery.delivered, delivery.attempts) == (True, (200,))
    assert receiver.received[-1].headers["Content-Type"] == "application/json"
    now = emulator.clock.now()
    event = verify(receiver, vendor, now)
    assert (event.app, event.stream) == ("live", "channel")
    with pytest.raises(callbacks.BadSignature):
        verify(receiver, vendor, now, "f" * 32)
    with pytest.raises(callbacks.Expired):
        verify(receiver, vendor, now + timedelta(hours=1))


@pytest.mark.parametrize("sign_type", ["HMACSHA256", "MD5"])
@pytest.mark.parametrize(
    "event", ["RECORD_NEW_FILE_START", "RECORD_FILE_COMPLETE", "RECORD_OVER", "RECORD_FAILED"]
)
def test_huawei_signs_every_event_in_either_way(
    emulator: Emulator, receiver: Receiver, sign_type: str, event: str
) -> None:
    """Even an event without some of the signed fields; changes are detected in each of them."""
    subscribed = {"sign_type": sign_type, "notify_event_subscription": [event]}
    configure(emulator, "huaweicloud", receiver.url, **subscribed)
    emulator.record("huaweicloud", **STREAM, event=event)
    now = emulator.clock.now()
    told = verify(receiver, "huaweicloud", now, sign_type=sign_type)
    assert (told.event_type, told.project_id) == (event, PROJECT)
    assert bool(told.job_id) is ("FILE" in event)
    assert bool(told.download_url) is (event == "RECORD_FILE_COMPLETE")
    (sent,) = receiver.received
    receiver.received = [replace(sent, data=sent.data.replace(b"channel", b"another"))]
    if sign_type == "HMACSHA256":
        with pytest.raises(callbacks.BadSignature):
            verify(receiver, "huaweicloud", now)


def test_a_finished_file_lasted_a_minute_until_now(emulator: Emulator, receiver: Receiver) -> None:
    """In the vendors' formats for times and seconds."""
    now = emulator.clock.now()
    for vendor in ("huaweicloud", "alicloud"):
        configure(emulator, vendor, receiver.url)
        emulator.record(vendor, **STREAM)
    huawei, ali = receiver.bodies
    assert (huawei["start_time"], huawei["end_time"]) == (
        "2025-01-02T03:03:05Z",
        "2025-01-02T03:04:05Z",
    )
    assert (ali["duration"], ali["stop_time"]) == (60.0, int(now.timestamp()))
    assert ali["uri"] == "live/channel/0_2025-01-02-11:03:05_2025-01-02-11:04:05.flv"


@every_vendor
def test_nothing_is_signed_without_a_key(
    emulator: Emulator, receiver: Receiver, vendor: str
) -> None:
    """It is told all the same; a receiver can read it, and refuses to believe it."""
    configure(emulator, vendor, receiver.url, **of(vendor).UNSIGNED)
    emulator.record(vendor, **STREAM)
    assert of(vendor).parse(receiver.received[-1].data).stream == "channel"
    with pytest.raises(callbacks.BadSignature, match="not signed"):
        verify(receiver, vendor, emulator.clock.now())
    assert "ALI-LIVE-TIMESTAMP" not in receiver.received[-1].headers


def test_huawei_prefers_an_exact_app(emulator: Emulator, receiver: Receiver) -> None:
    """Even if it did not subscribe to the event; `**` is an app like any other."""
    configure(emulator, "huaweicloud", f"{receiver.url}/any")
    configure(emulator, "huaweicloud", f"{receiver.url}/stars", app="**")
    exact = {"app": "live", "notify_event_subscription": ["RECORD_OVER"]}
    configure(emulator, "huaweicloud", f"{receiver.url}/live", **exact)
    for event in ("RECORD_FILE_COMPLETE", "RECORD_OVER"):
        emulator.record("huaweicloud", **STREAM, event=event)
    emulator.record("huaweicloud", DOMAIN, "other", "channel")
    assert [each.path for each in receiver.received] == ["/recordings/live", "/recordings/any"]


@pytest.mark.parametrize("event", ["RECORD_START", "RECORD_OVER"])
def test_huawei_reports_only_subscribed_events(
    emulator: Emulator, receiver: Receiver, event: str
) -> None:
    """By default only finished files."""
    configure(emulator, "huaweicloud", receiver.url)
    assert emulator.record("huaweicloud", **STREAM, event=event) == []
    assert receiver.bodies == []


def test_alibaba_reports_states_only_where_they_are_requested(
    emulator: Emulator, receiver: Receiver
) -> None:
    """With NeedStatusNotify; an event then has its name and no file."""
    configure(emulator, "alicloud", receiver.url)
    assert emulator.record("alicloud", **STREAM, event="record_paused") == []
    configure(emulator, "alicloud", receiver.url, NeedStatusNotify=True)
    emulator.record("alicloud", **STREAM, event="record_paused")
    event = verify(receiver, "alicloud", emulator.clock.now())
    assert (event.event, event.uri) == ("record_paused", None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"App": "live"}, True),
        ({"App": "other"}, False),
        ({"MessageType": "snapshot"}, False),
        ({"Vhost": "other"}, False),
        ({"Domain": DOMAIN}, True),
        ({"Domain": "other.example.com"}, False),
    ],
)
def test_volcengine_calls_every_callback_that_matches(
    emulator: Emulator, receiver: Receiver, change: dict[str, str], expected: bool
) -> None:
    """By space or domain, app and message type."""
    configure(emulator, "volcengine", receiver.url, **change)
    assert len(emulator.record("volcengine", **STREAM)) == len(receiver.received) == expected


def test_volcengine_reports_every_address_of_a_space(
    emulator: Emulator, receiver: Receiver
) -> None:
    """A configuration may have several, and a space may have its own name."""
    details = [{"CallbackType": "HTTP", "URL": f"{receiver.url}/{n}"} for n in (1, 2)]
    configure(emulator, "volcengine", "", Vhost="space", CallbackDetailList=details)
    assert emulator.record("volcengine", **STREAM) == []
    assert len(emulator.record("volcengine", **STREAM, vhost="space")) == 2
    assert [each.path for each in receiver.received] == ["/recordings/1", "/recordings/2"]
    assert verify(receiver, "volcengine", emulator.clock.now()).vhost == "space"


def test_byteplus_signs_the_time_before_the_key(emulator: Emulator, receiver: Receiver) -> None:
    """The time is that of sending, while Volcengine's is the end of ten minutes."""
    configure(emulator, "byteplus", receiver.url)
    (delivery,) = emulator.record("byteplus", **STREAM)
    assert delivery.delivered
    now = emulator.clock.now()
    event = verify(receiver, "byteplus", now)
    assert (event.stream, event.t) == ("channel", now.replace(microsecond=0))
    with pytest.raises(callbacks.BadSignature):
        verify(receiver, "volcengine", now)
    assert emulator.record("volcengine", **STREAM) == []


def test_tencent_reports_files_states_and_relays_apart(
    emulator: Emulator, receiver: Receiver
) -> None:
    """A template has an address for each, and a relay task its own, which is not signed."""
    configure(emulator, "tencentcloud", receiver.url)
    for event in ("100", "record_ended"):
        emulator.record("tencentcloud", **STREAM, event=event)
        message = verify(receiver, "tencentcloud", emulator.clock.now())
        assert (message.event_type, message.record_event) == (
            (100, None) if event == "100" else (332, "record_ended")
        )
        assert message.domain == DOMAIN
    task = {
        "SourceType": "PullLivePushLive",
        "SourceUrls": ["rtmp://play.example.com/live/1"],
        "DomainName": DOMAIN,
        "AppName": "live",
        "StreamName": "channel",
        "StartTime": "2025-01-02T03:00:00Z",
        "EndTime": "2025-01-02T04:00:00Z",
        "CallbackUrl": f"{receiver.url}/tasks",
        "CallbackEvents": ["TaskStart"],
    }
    emulator.seed({"tencentcloud": {"tasks": {"ap-guangzhou": [task]}}})
    assert emulator.record("tencentcloud", **STREAM, event="TaskExit") == []
    emulator.record("tencentcloud", **STREAM, event="TaskStart")
    started = callbacks.tencentcloud.parse_pull(receiver.received[-1].data)
    assert (started.callback_event, started.stream) == ("TaskStart", "channel")
    assert started.source_urls == ("rtmp://play.example.com/live/1",)
    assert started.event_time == emulator.clock.now()
    assert [each.path for each in receiver.received] == [
        "/recordings",
        "/recordings/states",
        "/recordings/tasks",
    ]


@every_vendor
def test_another_domain_is_not_told_of(emulator: Emulator, receiver: Receiver, vendor: str) -> None:
    """Nor is anyone without a configuration."""
    configure(emulator, vendor, receiver.url)
    assert emulator.record(vendor, "other.example.com", "live", "channel") == []


@pytest.mark.parametrize(
    ("vendor", "retries", "pause"),
    [("alicloud", 5, 1), ("volcengine", 3, 3), ("tencentcloud", 3, 60)],
)
@pytest.mark.parametrize("status", [500, 302, 204])
def test_a_callback_is_repeated_until_the_receiver_answers_200(
    emulator: Emulator,
    receiver: Receiver,
    waits: list[float],
    vendor: str,
    retries: int,
    pause: float,
    status: int,
) -> None:
    """As often and at the intervals that the vendor documents, signed again for each attempt."""
    configure(emulator, vendor, receiver.url)
    emulator.deliveries.wait = lambda seconds: (
        waits.append(seconds),
        emulator.clock.advance(timedelta(minutes=10)),
    )
    receiver.statuses = [status] * 2
    (delivery,) = emulator.record(vendor, **STREAM)
    assert (delivery.delivered, delivery.attempts) == (True, (status, status, 200))
    assert waits == [pause] * 2
    assert verify(receiver, vendor, emulator.clock.now()).stream == "channel"
    receiver.statuses = [status] * 10
    (delivery,) = emulator.record(vendor, **STREAM)
    assert (delivery.delivered, delivery.attempts) == (False, (status,) * (retries + 1))


def test_huawei_sends_a_callback_once(
    emulator: Emulator, receiver: Receiver, waits: list[float]
) -> None:
    """No page mentions a second attempt."""
    configure(emulator, "huaweicloud", receiver.url)
    receiver.statuses = [500]
    (delivery,) = emulator.record("huaweicloud", **STREAM)
    assert (delivery.delivered, delivery.attempts, waits) == (False, (500,), [])


def test_a_receiver_that_is_not_there_is_not_an_error(
    emulator: Emulator, waits: list[float]
) -> None:
    """The vendor goes on as well; the delivery says what went wrong."""
    with receiving() as gone:
        configure(emulator, "volcengine", gone.url)
    (delivery,) = emulator.record("volcengine", **STREAM)
    assert (delivery.delivered, set(delivery.attempts)) == (False, {"ConnectionRefusedError"})


def test_a_receiver_may_ask_the_emulator_before_it_answers(
    emulator: Emulator, receiver: Receiver
) -> None:
    """Telling holds no lock."""
    receiver.before = emulator.state
    configure(emulator, "huaweicloud", receiver.url)
    assert emulator.record("huaweicloud", **STREAM)[0].delivered


@every_vendor
@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example.com/?token=S3CRET",
        "https://127.0.0.1/",
        "http://127.0.0.1@hook.example.com/",
        "http://127.0.0.1.example.com/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://127.1/",
        "http://[2001:db8::1]/",
        "http://127.0.0.1:port/",
        "http:///",
    ],
)
def test_nothing_leaves_this_machine(emulator: Emulator, vendor: str, url: str) -> None:
    """An address elsewhere causes an error before any callback is sent."""
    configure(emulator, vendor, url)
    with pytest.raises(ValueError, match=r"this machine|[Pp]ort") as refused:
        emulator.record(vendor, **STREAM)
    assert "S3CRET" not in str(refused.value)
    assert list(emulator.deliveries) == []


def test_localhost_and_a_query_are_understood(emulator: Emulator, receiver: Receiver) -> None:
    """The query is sent but not shown; a name is replaced by the address it stands for."""
    url = receiver.url.replace("127.0.0.1", "localhost") + "/é?token=S3CRET"
    configure(emulator, "huaweicloud", url)
    (delivery,) = emulator.record("huaweicloud", **STREAM)
    assert [each.path for each in receiver.received] == ["/recordings/%C3%A9?token=S3CRET"]
    assert receiver.received[-1].headers["Host"].startswith("localhost:")
    assert delivery.url.endswith("?[hidden]")


@pytest.mark.parametrize(
    "wrong",
    [
        {"vendor": "othercloud"},
        {"vendor": "huaweicloud", "event": "RECORD_FILE"},
        {"vendor": "alicloud", "event": "RECORD_OVER"},
        {"domain": ""},
        {"app": 5},
        {"colour": "red"},
        {"event": None},
    ],
)
def test_what_cannot_happen_is_refused(emulator: Emulator, wrong: dict[str, Any]) -> None:
    """400 with a message, over HTTP."""
    body = {"vendor": "volcengine", **STREAM, **wrong}
    reply = emulator.app.test_client().post("/_emulator/record", json=body)
    assert (reply.status_code, "error" in reply.get_json()) == (400, True)


def test_deliveries_are_requested_and_shown_over_http(
    emulator: Emulator, receiver: Receiver, waits: list[float]
) -> None:
    """One entry for each receiver, oldest first, without key or signature; a reset clears them."""
    client = emulator.app.test_client()
    receiver.statuses = [500]
    for vendor in NAMES:
        configure(emulator, vendor, receiver.url)
        done = client.post("/_emulator/record", json={"vendor": vendor, **STREAM})
        assert (done.status_code, len(done.get_json())) == (200, 1)
    shown = client.get("/_emulator/deliveries")
    assert [(each["vendor"], each["attempts"]) for each in shown.get_json()] == [
        (vendor, [200] if at else [500]) for at, vendor in enumerate(NAMES)
    ]
    assert shown.get_json()[0] == {
        "time": "2025-01-02T03:04:05+00:00",
        "vendor": "huaweicloud",
        **STREAM,
        "event": "RECORD_FILE_COMPLETE",
        "url": receiver.url,
        "attempts": [500],
        "delivered": False,
    }
    signatures = [
        of(vendor).signature(received)
        for vendor, received in zip(NAMES, receiver.received, strict=True)
    ]
    assert all(signatures)
    assert not any(secret in shown.text for secret in (KEY, *signatures))
    client.post("/_emulator/reset")
    assert client.get("/_emulator/deliveries").get_json() == []
