"""Client: retries, pacing, time limits and cancellation."""

import gzip
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.core.answers import unreadable
from pulumi_livepull.core.client import (
    LAST_LOOK_SECONDS,
    MIN_TIMEOUT_SECONDS,
    Client,
    Limits,
    utc_now,
)
from pulumi_livepull.core.exchange import MAX_BYTES
from pulumi_livepull.core.pacing import SLOWEST, Pacer
from pulumi_livepull.errors import ApiError, Denied, Throttled, TransportError, WaitError

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
Answer = httpx.Response | type[httpx.TransportError]


class Counting:
    """Signs each request with its number, and remembers as of when."""

    def __init__(self) -> None:
        self.times: list[datetime] = []

    def sign(self, request: httpx.Request, now: datetime) -> None:
        """See `Signer`."""
        self.times.append(now)
        request.headers["Authorization"] = f"Signature={len(self.times)}"


class Plain(Client):
    """A vendor that says everything with a status."""

    vendor = "plain"

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        if response.status_code == 429:
            raise Throttled("busy", "slow down", status=429)
        if not response.is_success:
            raise ApiError("bad", "words", status=response.status_code)
        try:
            reply = response.json()
        except ValueError:
            raise unreadable(response) from None
        return dict(reply)


class Bench:
    """A client whose answers are given beforehand, in a time that only its pauses move."""

    def __init__(self, answers: list[Answer], **limits: float) -> None:
        self.answers = answers
        self.requests: list[httpx.Request] = []
        self.signatures: list[str] = []
        self.timeouts: list[dict[str, float]] = []
        self.pauses: list[float] = []
        self.time = 1000.0
        self.cancel = threading.Event()
        self.signer = Counting()
        self.while_on_its_way: Callable[[], object] = lambda: None
        self.client = Plain(
            self.signer,
            Limits(**limits),
            transport=httpx.MockTransport(self._answer),
            cancel=self.cancel,
            clock=lambda: NOW,
            monotonic=lambda: self.time,
            pause=self.pause,
        )

    def pause(self, seconds: float) -> None:
        """Let time pass at once."""
        self.time += seconds
        if seconds:
            self.pauses.append(seconds)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.signatures.append(request.headers["Authorization"])
        self.timeouts.append(request.extensions["timeout"])
        self.while_on_its_way()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, stream=answer.stream)
        raise answer("it broke")

    def send(
        self,
        *,
        repeatable: bool = True,
        operation: str = "GET thing",
        client: Client | None = None,
    ) -> Mapping[str, Any]:
        """Send one call, with a client that is not the bench's own if there is one."""
        return (client or self.client).send(
            "POST",
            "https://live.example.com/v1/thing",
            operation=operation,
            repeatable=repeatable,
            params={"a": "1"},
            headers={"X-Project-Id": "p"},
            json={"b": 2},
        )


OK = httpx.Response(200, json={"fine": True})
BUSY = httpx.Response(429)


def test_a_call_is_sent_as_it_was_said() -> None:
    """Method, query, headers and body."""
    bench = Bench([OK])
    assert bench.send() == {"fine": True}
    (request,) = bench.requests
    assert (request.method, str(request.url)) == ("POST", "https://live.example.com/v1/thing?a=1")
    assert (request.headers["X-Project-Id"], request.content) == ("p", b'{"b":2}')


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_throttled_call_is_sent_again_when_the_vendor_said(repeatable: bool) -> None:
    """Even one that may not be repeated: nothing was done."""
    bench = Bench([httpx.Response(429, headers={"Retry-After": "30"}), OK])
    assert bench.send(repeatable=repeatable) == {"fine": True}
    assert bench.pauses == [30.0]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Tue, 01 Jan 2030 12:00:30 GMT"}, 30),
        (
            {
                "Retry-After": "Tue, 01 Jan 2030 12:00:30 GMT",
                "Date": "Tue, 01 Jan 2030 12:00:10 GMT",
            },
            20,
        ),
        ({"Retry-After": "Tue, 01 Jan 2030 11:00:00 GMT"}, None),
        ({"Retry-After": "Tue, 01 Jan 2030 12:00:30 -0000"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": b"\xb2"}, None),
        ({}, None),
    ],
)
def test_retry_after_may_be_seconds_or_a_date_on_the_vendors_clock(
    headers: dict[str, str | bytes], wait: float | None
) -> None:
    """Any other value is ignored: then our own wait applies, of at most half a second."""
    raw = [
        (name.encode(), v if isinstance(v, bytes) else v.encode()) for name, v in headers.items()
    ]
    bench = Bench([httpx.Response(429, headers=raw), OK], requests_per_second=1e9)
    bench.send()
    if wait is None:
        assert sum(bench.pauses) <= 0.5
    else:
        assert bench.pauses == pytest.approx([wait])


@pytest.mark.parametrize("attempt", range(5))
def test_waits_are_random_and_grow_to_a_bound(attempt: int) -> None:
    """Programs that were throttled at the same time must not all retry at the same time."""
    longest = min(20.0, 0.5 * 2**attempt)
    waits = set()
    for _ in range(40):
        bench = Bench([*[BUSY] * (attempt + 1), OK], requests_per_second=1e9)
        bench.send()
        waits.add(bench.pauses[attempt])
    assert all(0 <= wait <= longest for wait in waits)
    assert max(waits) > longest / 2
    assert len(waits) > 20


@pytest.mark.parametrize(("max_retries", "attempts"), [(0, 1), (2, 3), (5, 6)])
def test_tries_are_bounded(max_retries: int, attempts: int) -> None:
    """Then the last failure is reported."""
    bench = Bench([BUSY], max_retries=max_retries)
    with pytest.raises(Throttled, match="slow down"):
        bench.send()
    assert len(bench.requests) == attempts


def test_time_is_bounded() -> None:
    """A wait that would exceed the limit does not begin: 50 s fit into 120 s twice, not three
    times."""
    bench = Bench([httpx.Response(429, headers={"Retry-After": "50"})], max_retries=100)
    with pytest.raises(Throttled):
        bench.send()
    assert len(bench.requests) == 3
    assert bench.time - 1000 < 120


def test_a_wait_longer_than_all_the_time_is_not_begun() -> None:
    """Even if the vendor asks for an hour."""
    bench = Bench([httpx.Response(429, headers={"Retry-After": "3600"})])
    with pytest.raises(Throttled):
        bench.send()
    assert (len(bench.requests), bench.pauses) == (1, [])


NEVER_ARRIVED = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
DOUBTFUL = [
    httpx.ReadTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.RemoteProtocolError,
    httpx.CloseError,
]


@pytest.mark.parametrize("error", NEVER_ARRIVED)
@pytest.mark.parametrize("repeatable", [True, False])
def test_what_never_arrived_is_sent_again(
    error: type[httpx.TransportError], repeatable: bool
) -> None:
    """That cannot create a duplicate."""
    bench = Bench([error, error, OK])
    assert bench.send(repeatable=repeatable) == {"fine": True}
    assert len(bench.requests) == 3


def test_what_can_never_arrive_says_what_to_do_next() -> None:
    """It names the host and the reason, and says that nothing was sent."""
    bench = Bench([httpx.ConnectError])
    with pytest.raises(TransportError) as failure:
        bench.send()
    assert str(failure.value) == (
        "cannot reach live.example.com:443: it broke\nCheck the endpoint and the network."
    )
    assert not failure.value.sent


def test_a_vendor_that_cannot_be_reached_fails_a_hundred_in_the_time_of_one() -> None:
    """Otherwise, each would use all its retries, ten minutes for a stack of a hundred."""
    bench = Bench([httpx.ConnectError])
    messages = set()
    for _ in range(100):
        with pytest.raises(TransportError) as failure:
            bench.send(repeatable=False)
        messages.add(str(failure.value))
        assert not failure.value.sent
    assert (len(bench.requests), len(messages)) == (6, 1)
    spent = bench.time
    bench.time += 31
    with pytest.raises(TransportError):
        bench.send()
    assert len(bench.requests) == 12
    assert spent < 1000 + 120


def test_one_failure_serves_all_who_wait_for_a_look() -> None:
    """The read holds a lock, so waiting operations must not start the retries again."""
    bench = Bench([httpx.ConnectError])
    for _ in range(12):
        with pytest.raises(TransportError):
            bench.client.run.once("list", bench.send)
    assert len(bench.requests) == 6


@pytest.mark.parametrize("case", ["own time", "another host", "sent", "cancelled"])
def test_only_a_service_that_all_retries_missed_is_given_up(case: str) -> None:
    """Other failures do not affect the next call."""
    bench = Bench([httpx.ReadTimeout if case == "sent" else httpx.ConnectError])
    if case == "cancelled":
        bench.cancel.set()
    with pytest.raises(TransportError):
        bench.send(repeatable=False)
    sent = len(bench.requests)
    bench.cancel.clear()
    bench.answers = [OK]
    client = bench.client.within(60) if case == "own time" else None
    if case == "another host":
        request = {"operation": "GET thing", "repeatable": False}
        bench.client.send("GET", "https://other.example.com/", **request)
    else:
        assert bench.send(client=client) == {"fine": True}
    assert len(bench.requests) == sent + 1


@pytest.mark.parametrize("answer", [*DOUBTFUL, httpx.Response(500), httpx.Response(503)])
def test_what_may_have_arrived_is_not_sent_again_unless_it_is_repeatable(answer: Answer) -> None:
    """A second create would make a duplicate, which costs money."""
    once, often = Bench([answer, OK]), Bench([answer, OK])
    with pytest.raises(TransportError, match="may have taken effect") as failure:
        once.send(repeatable=False)
    assert failure.value.sent
    assert len(once.requests) == 1
    assert often.send(repeatable=True) == {"fine": True}


class Garbled(httpx.SyncByteStream):
    """A body that is not what its headers say."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"not gzip"


def test_an_answer_that_cannot_be_decompressed_is_not_an_answer() -> None:
    """The request may have taken effect, so this must not pass for a fault of the program."""
    answer = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Garbled())
    bench = Bench([answer])
    with pytest.raises(TransportError) as failure:
        bench.send(repeatable=False)
    assert failure.value.sent


def test_a_refusal_is_not_sent_again() -> None:
    """The result would be the same."""
    bench = Bench([httpx.Response(400), OK])
    with pytest.raises(ApiError, match='bad "words"'):
        bench.send()
    assert len(bench.requests) == 1


def test_each_attempt_is_signed_again() -> None:
    """A signature carries a date, which a long wait makes stale."""
    bench = Bench([BUSY, httpx.ReadTimeout, OK])
    bench.send()
    assert bench.signatures == ["Signature=1", "Signature=2", "Signature=3"]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_service_in_trouble_gave_no_answer(status: int) -> None:
    """Its text is reported, but it proves nothing."""
    with pytest.raises(TransportError) as failure:
        Bench([httpx.Response(status)], max_retries=0).send()
    assert failure.value.sent
    assert str(failure.value) == (
        f'bad "words" (HTTP {status}) from live.example.com\n'
        "The service is having trouble. The request may have taken effect: run it again."
    )


UNREADABLE = "unreadable answer (HTTP 200) from live.example.com"


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (httpx.Response(200), UNREADABLE),
        (httpx.Response(200, html="<h1>Log in</h1>"), UNREADABLE),
        (httpx.Response(200, text="x" * 300), f"{UNREADABLE}: {'x' * 300}"),
        (
            httpx.Response(200, text="see https://u:p@host/x?token=1"),
            f"{UNREADABLE}: see https://***@host/x?***",
        ),
        (httpx.Response(200, content=b"\xff\xfe\xfa"), f"{UNREADABLE}: \ufffd\ufffd\ufffd"),
    ],
)
def test_an_answer_that_is_none_is_reported(response: httpx.Response, expected: str) -> None:
    """The message contains no HTML page and no secret from a URL."""
    with pytest.raises(TransportError) as failure:
        Bench([response], max_retries=0).send()
    assert failure.value.what == expected
    assert failure.value.sent


def test_a_redirect_is_not_followed() -> None:
    """A signed request must not be sent to another address."""
    bench = Bench([httpx.Response(302, headers={"Location": "https://elsewhere.example.com/"})])
    with pytest.raises(ApiError) as failure:
        bench.send()
    assert str(failure.value) == (
        'redirect "live.example.com points to another address, which is not followed" (HTTP 302)\n'
        "Check the endpoint, and that no proxy or login portal is in between."
    )
    assert len(bench.requests) == 1


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_answer_may_not_be_of_any_length(encoding: str) -> None:
    """The limit applies to the decompressed size."""
    content = b" " * (MAX_BYTES + 1)
    packed = gzip.compress(content) if encoding == "gzip" else content
    bench = Bench([httpx.Response(200, content=packed, headers={"Content-Encoding": encoding})])
    with pytest.raises(TransportError, match=f"has more than {MAX_BYTES} bytes") as failure:
        bench.send(repeatable=False)
    assert failure.value.sent


def test_a_packed_answer_is_unpacked() -> None:
    """Every answer of a vendor may be compressed."""
    packed = gzip.compress(b'{"answer": 42}')
    bench = Bench([httpx.Response(200, content=packed, headers={"Content-Encoding": "gzip"})])
    assert bench.send() == {"answer": 42}


# Pacing.


def test_the_calls_of_one_operation_are_spread_evenly() -> None:
    """So that the vendor does not throttle them. Other operations do not wait."""
    bench = Bench([OK], requests_per_second=4)
    for _ in range(3):
        bench.send(operation="GET thing")
    assert bench.pauses == [0.25, 0.25]
    bench.send(operation="PUT thing")
    assert bench.pauses == [0.25, 0.25]


def test_who_is_throttled_slows_down_all_and_finds_back_to_the_pace() -> None:
    """All wait during the requested pause; then the gap is doubled, and shrinks again."""
    now = [0.0]
    pacer = Pacer(10, lambda: now[0])
    assert [pacer.delay("create"), pacer.delay("create")] == pytest.approx([0, 0.1])
    pacer.slow_down("create", 3)
    assert [pacer.delay("create"), pacer.delay("create")] == pytest.approx([3, 3.2])
    assert pacer.delay("read") == 0
    for _ in range(20):
        pacer.speed_up("create")
    now[0] = 10
    assert [pacer.delay("create"), pacer.delay("create")] == pytest.approx([0, 0.1])


def test_no_pace_is_slower_than_the_slowest() -> None:
    """However often the vendor throttles."""
    pacer = Pacer(10, lambda: 0.0)
    for _ in range(50):
        pacer.slow_down("create", 0)
    assert [pacer.delay("create"), pacer.delay("create")] == pytest.approx([0, SLOWEST / 10])


def test_a_throttled_call_makes_the_next_one_wait() -> None:
    """Throttling of one call slows down all calls of the operation."""
    bench = Bench([httpx.Response(429, headers={"Retry-After": "7"}), OK], requests_per_second=10)
    bench.send()
    bench.send()
    assert bench.time >= 7.2 - 0.011


@given(
    st.floats(0.01, 1000),
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 10)), max_size=30),
)
def test_no_operation_starts_more_often_than_allowed(
    per_second: float, calls: list[tuple[str, float]]
) -> None:
    """Two calls of an operation start at least one gap apart, and none waits longer than
    necessary."""
    now = 0.0
    pacer = Pacer(per_second, lambda: now)
    last: dict[str, float] = {}
    for operation, passed in calls:
        now += passed
        delay = pacer.delay(operation)
        assert delay >= 0
        if operation in last:
            earliest = last[operation] + 1 / per_second
            assert now + delay == pytest.approx(max(now, earliest))
        else:
            assert delay == 0
        last[operation] = now + delay


def test_threads_get_places_of_their_own() -> None:
    """Four worker threads share one pace."""
    pacer = Pacer(10, lambda: 0.0)
    places: list[float] = []
    threads = [
        threading.Thread(target=lambda: places.extend(pacer.delay("x") for _ in range(25)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(places) == pytest.approx([number / 10 for number in range(100)])


# Cancelling.


def test_a_cancelled_wait_ends_the_call() -> None:
    """Nothing more is sent."""
    bench = Bench([httpx.Response(429, headers={"Retry-After": "30"}), OK])
    pause: Callable[[float], None] = bench.pause

    def cancelled(seconds: float) -> None:
        pause(seconds)
        if seconds:
            bench.cancel.set()

    bench.client._pause = cancelled
    with pytest.raises(TransportError) as failure:
        bench.send()
    assert str(failure.value) == "cancelled\nRun it again to go on."
    assert len(bench.requests) == 1


def test_what_is_cancelled_before_it_is_sent_is_not_sent() -> None:
    """The pacer's wait ends too."""
    bench = Bench([OK])
    bench.cancel.set()
    with pytest.raises(TransportError) as failure:
        bench.send()
    assert not failure.value.sent
    assert bench.requests == []


def test_an_answer_lost_while_it_was_cancelled_is_still_reported_as_lost() -> None:
    """The request went out: "cancelled" would hide that it may have taken effect."""
    bench = Bench([httpx.ReadTimeout])
    bench.while_on_its_way = bench.cancel.set
    with pytest.raises(TransportError) as failure:
        bench.send()
    assert failure.value.sent
    assert len(bench.requests) == 1


def test_a_wait_ends_as_soon_as_it_is_cancelled() -> None:
    """With the client's real wait: an interrupt ends it at once."""
    waited = threading.Event()

    class Cancel(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if timeout:
                waited.set()
            return super().wait(timeout)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"Retry-After": "100"})

    cancel = Cancel()
    client = Plain(
        Counting(), Limits(), transport=httpx.MockTransport(answer), cancel=cancel, clock=utc_now
    )
    failures: list[TransportError] = []

    def call() -> None:
        with pytest.raises(TransportError, match="cancelled") as failure:
            client.send("GET", "https://h/", operation="x", repeatable=True)
        failures.append(failure.value)

    thread = threading.Thread(target=call)
    thread.start()
    assert waited.wait(10)
    cancel.set()
    thread.join(10)
    assert not thread.is_alive()
    assert len(failures) == 1


# Waiting for what was asked for.


def test_what_was_requested_is_looked_for_until_it_is_there() -> None:
    """With growing intervals, but at most five seconds."""
    bench = Bench([OK])
    looks = iter([False] * 7 + [True])
    bench.client.wait_until(lambda: next(looks), "the stop")
    assert bench.pauses == [1, 2, 3, 4, 5, 5, 5]


def test_what_is_there_at_once_is_not_waited_for() -> None:
    """One read is enough, even without any time to wait."""
    bench = Bench([OK], wait_seconds=0)
    bench.client.wait_until(lambda: True, "the stop")
    assert bench.pauses == []


def test_a_wait_has_an_end_and_says_for_what() -> None:
    """The message names the setting that extends it."""
    bench = Bench([OK], wait_seconds=10)
    with pytest.raises(WaitError) as failure:
        bench.client.wait_until(lambda: False, "the task to stop")
    assert str(failure.value) == (
        "waited 10 s for the task to stop\nRun it again to go on, or raise livepull:waitSeconds."
    )
    assert bench.time - 1000 < 15


def test_a_wait_can_be_cancelled() -> None:
    """Like any other."""
    bench = Bench([OK])
    bench.cancel.set()
    with pytest.raises(TransportError, match="cancelled"):
        bench.client.wait_until(lambda: False, "the stop")


# An operation with a time of its own.


def test_an_operation_waits_no_longer_than_its_own_time() -> None:
    """A wait that does not fit does not begin, so the remaining time is not wasted."""
    bench = Bench([OK])
    view = bench.client.within(10)
    view.pause(10)
    assert bench.pauses == [10]
    with pytest.raises(WaitError) as failure:
        view.pause(0.5)
    assert str(failure.value) == (
        "the operation ran out of time\n"
        "Run it again to go on, or give it more time with `customTimeouts`."
    )
    assert bench.pauses == [10]


def test_nothing_is_sent_once_the_time_is_up() -> None:
    """Nothing would wait for the answer."""
    bench = Bench([OK])
    view = bench.client.within(10)
    bench.time += 10.5
    with pytest.raises(WaitError, match="operation ran out of time"):
        bench.send(client=view)
    assert bench.requests == []


def test_the_time_of_one_operation_is_no_other_ones() -> None:
    """They share a client."""
    bench = Bench([OK])
    bench.client.within(0)
    other = bench.client.within(100)
    bench.time += 50
    assert bench.send() == bench.send(client=other) == {"fine": True}


def test_operations_with_times_of_their_own_are_paced_together() -> None:
    """The vendor counts the calls of an account."""
    bench = Bench([OK], requests_per_second=4)
    for view in (bench.client.within(100), bench.client, bench.client.undisturbed()):
        bench.send(client=view)
    assert bench.pauses == [0.25, 0.25]


def test_what_fails_too_late_to_be_sent_again_is_reported() -> None:
    """The vendor's message is more useful than that the time is up."""
    bench = Bench([httpx.Response(429, headers={"Retry-After": "30"})])
    with pytest.raises(Throttled, match="slow down"):
        bench.send(client=bench.client.within(20))
    assert (len(bench.requests), bench.pauses) == (1, [])


def test_a_lost_answer_stays_one_when_the_time_is_up() -> None:
    """A message about the time alone would suggest that nothing was done."""
    bench = Bench([httpx.ReadTimeout])
    bench.while_on_its_way = lambda: bench.pause(10)
    with pytest.raises(TransportError) as failure:
        bench.send(client=bench.client.within(5))
    assert failure.value.sent


@pytest.mark.parametrize(
    ("limits", "seconds", "timeout"),
    [
        ({}, None, 30),
        ({"timeout_seconds": 7}, None, 7),
        ({"timeout_seconds": 200}, None, 120),
        ({"timeout_seconds": 200, "max_retry_seconds": 30}, None, 30),
        ({}, 1000, 30),
        ({}, 10, 10),
        ({}, 0.25, MIN_TIMEOUT_SECONDS),
        ({"timeout_seconds": 0.5}, 0.25, 0.5),
        ({"max_retry_seconds": 0}, None, MIN_TIMEOUT_SECONDS),
    ],
)
def test_a_request_may_take_what_is_left(
    limits: dict[str, float], seconds: float | None, timeout: float
) -> None:
    """The rest of the operation's and the call's time, but at least a second."""
    bench = Bench([OK], **limits)
    bench.send(client=None if seconds is None else bench.client.within(seconds))
    assert bench.timeouts == [dict.fromkeys(("connect", "read", "write", "pool"), timeout)]


def test_the_second_attempt_has_less_time_than_the_first() -> None:
    """Waits reduce it."""
    bench = Bench([httpx.Response(429, headers={"Retry-After": "15"}), OK])
    bench.send(client=bench.client.within(25))
    assert [timeout["read"] for timeout in bench.timeouts] == [25, 10]


def test_an_operation_with_a_time_of_its_own_looks_until_it_is_up() -> None:
    """`livepull:waitSeconds` does not apply then, and the last poll still gets its answer."""
    bench = Bench([OK], wait_seconds=1)
    view = bench.client.within(10)
    looks: list[float] = []

    def done() -> bool:
        bench.time += 0.01  # Looking takes a while, and a wait is never on the dot.
        bench.send(client=view)
        looks.append(bench.time - 1000)
        return False

    with pytest.raises(WaitError) as failure:
        view.wait_until(done, "the task to stop")
    assert str(failure.value) == (
        "waited 9 s for the task to stop\n"
        "Run it again to go on, or give it more time with `customTimeouts`."
    )
    assert looks == pytest.approx([0.01, 1.02, 3.03, 6.04, 9.01])


def test_what_must_be_known_is_looked_for_in_spite_of_a_cancellation() -> None:
    """The last request may have taken effect."""
    bench = Bench([OK])
    bench.cancel.set()
    view = bench.client.undisturbed()
    view.pause(1)
    assert bench.send(client=view) == {"fine": True}
    with pytest.raises(TransportError, match="cancelled"):
        bench.send()


def test_such_a_look_is_short() -> None:
    """An interrupted user waits for it, whatever time limit the operation had."""
    bench = Bench([OK])
    view = bench.client.within(1000).undisturbed()
    bench.time += LAST_LOOK_SECONDS - 5
    bench.send(client=view)
    assert bench.timeouts[0]["read"] == pytest.approx(5)
    with pytest.raises(WaitError):
        view.pause(5.5)


def test_an_operation_with_a_time_of_its_own_is_cancelled_like_any_other() -> None:
    """One cancellation ends all waits."""
    bench = Bench([OK])
    view = bench.client.within(10)
    bench.cancel.set()
    with pytest.raises(TransportError, match="cancelled"):
        view.pause(1)


# Clocks.


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Tue, 01 Jan 2030 12:00:30 GMT", timedelta(seconds=30)),
        ("Tue, 01 Jan 2030 11:00:00 GMT", timedelta(hours=-1)),
        ("Tue, 01 Jan 2030 20:00:07 +0800", timedelta(seconds=7)),
        ("Tue, 01 Jan 2030 12:00:30 -0000", None),
        ("Tue, 01 Jan 2030 12:00:30", None),
        ("Tue, 01 Jan 99999 12:00:30 GMT", timedelta()),
        ("yesterday", timedelta()),
        ("", timedelta()),
        (None, timedelta()),
    ],
)
def test_the_vendors_clock_is_read_from_its_answers(
    date: str | None, ahead: timedelta | None
) -> None:
    """Our clock may be off. An invalid date is ignored."""
    headers = {} if date is None else {"Date": date}
    bench = Bench([httpx.Response(200, json={}, headers=headers)])
    assert bench.client.on_vendor_clock(NOW) == NOW
    bench.send()
    seen = bench.client.on_vendor_clock(NOW) - NOW
    assert seen == ahead if ahead is not None else seen in {timedelta(), timedelta(seconds=30)}


def test_without_an_injected_clock_it_is_now() -> None:
    """Aware, in UTC."""
    client = Plain(Counting(), Limits(), transport=httpx.MockTransport(lambda request: OK))
    assert abs(client.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert client.now().utcoffset() == timedelta()


def test_a_client_that_knows_no_accounts_says_so() -> None:
    """An empty scope means that the vendor does not say."""
    assert Bench([OK]).client.scope("any") == ""


# What comes of a clock that is off, and of those on the way.

LATE = {"Date": "Tue, 01 Jan 2030 12:20:00 GMT"}


class Moody(Plain):
    """A vendor that says with a 403 that a signature is not of now."""

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        if response.status_code == 403:
            raise Denied("Expired", "not of now", status=403)
        return super().decode(response)


def _moody(answers: list[Answer]) -> Bench:
    bench = Bench(answers)
    bench.client.__class__ = Moody
    return bench


def _offsets(bench: Bench) -> list[timedelta]:
    return [time - NOW for time in bench.signer.times]


def test_what_is_refused_while_the_clocks_differ_is_signed_with_the_vendors_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """All later calls are, too; a warning says to set the clock."""
    bench = _moody([httpx.Response(403, headers=LATE), OK])
    assert bench.send() == bench.send() == {"fine": True}
    off = timedelta(minutes=20)
    assert bench.signatures == ["Signature=1", "Signature=2", "Signature=3"]
    assert _offsets(bench)[1:] == [off, off]
    assert caplog.messages == [
        "this machine's clock is 20 minutes behind that of plain, whose time is used instead: "
        "set it"
    ]


def test_what_is_refused_on_the_vendors_time_too_is_not_about_the_clock() -> None:
    """The first refusal is reported, and the next call is signed with this machine's time."""
    bench = _moody([httpx.Response(403, headers=LATE), httpx.Response(403, headers=LATE), OK])
    with pytest.raises(Denied):
        bench.send()
    assert bench.send() == {"fine": True}
    assert len(bench.requests) == 3
    assert _offsets(bench)[2] == timedelta()


@pytest.mark.parametrize("headers", [{}, {"Date": "Tue, 01 Jan 2030 12:04:00 GMT"}])
def test_a_refusal_is_final_where_the_clocks_agree(headers: dict[str, str]) -> None:
    """Or if the answer has no date."""
    bench = _moody([httpx.Response(403, headers=headers)])
    with pytest.raises(Denied):
        bench.send()
    assert len(bench.requests) == 1


def test_a_429_is_a_throttling_whoever_answers_with_it() -> None:
    """A proxy does not use the vendor's error format."""

    class Strict(Plain):
        def decode(self, response: httpx.Response) -> Mapping[str, Any]:
            if response.status_code == 429:
                raise unreadable(response)
            return super().decode(response)

    bench = Bench([httpx.Response(429, html="<h1>busy</h1>"), OK])
    bench.client.__class__ = Strict
    assert bench.send(repeatable=False) == {"fine": True}
    bench.answers = [httpx.Response(429, html="<h1>busy</h1>")]
    with pytest.raises(Throttled, match="unreadable answer") as failure:
        bench.send()
    assert failure.value.hint == "Lower livepull:requestsPerSecond, or run it again later."
