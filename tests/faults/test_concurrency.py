"""Two at once: nothing is made that no state knows, and nothing exists twice that may not."""

import heapq
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.errors import LivePullError
from pulumi_livepull.hosts import registry
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from tests.conformance.cases import Case
from tests.faults.line import Fault, Go, Line
from tests.faults.matrix import CASES, World, edit_of, world
from tests.faults.stack import Stack
from tests.hosting import KEYS, NOW, connect

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def _requests(case: Case, operation: str) -> int:
    prepared = world(case, operation)
    prepared.act(operation)
    return len(prepared.line.names)


def _other(prepared: World) -> Stack:
    """Return a colleague's stack: the same program on another machine."""
    return replace(
        prepared.stack,
        line=Line(prepared.emulator),
        program=dict(prepared.stack.program),
        inputs=deepcopy(prepared.stack.inputs),
        state=deepcopy(prepared.stack.state),
    )


def _meanwhile(prepared: World, act: Callable[[], object], request: int) -> None:
    """Let somebody else act just before a request."""

    def answer(vendor: str, go: Go) -> httpx.Response:
        _error_of(act)
        return go()

    prepared.line.set(Fault("meanwhile", answer), request, 1)


def _error_of(act: Callable[[], object]) -> str:
    try:
        act()
    except LivePullError as error:
        return str(error)
    return ""


@every_case
def test_whoever_makes_the_same_at_once_knows_of_all_there_is(
    case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    """Wherever the other comes in between: what exists is in a state, and a second one is named.

    The later run learns its id, at the latest in the next run. Nothing is deleted.
    """
    for request in range(_requests(case, "create")):
        prepared = world(case, "create")
        other = _other(prepared)
        _meanwhile(prepared, other.up, request)
        message = _error_of(prepared.stack.up)
        prepared.line.set(None)
        known = {prepared.stack.id, other.id} - {""}
        assert prepared.count() == len(known)
        is_named = f'{prepared.stack.id} was created, but "{other.id}" does the same' in caplog.text
        assert is_named == (len(known) == 2)
        caplog.clear()
        assert message or request  # What is there before anything is asked is never made again.
        if message and "`adopt`" not in message:
            message = _error_of(prepared.stack.up)
        assert message == "" or ("`adopt`" in message and known == {other.id})


@every_case
def test_the_next_refresh_shows_a_concurrent_change(case: Case) -> None:
    """The vendor keeps the last change; the next `up` applies the program again."""
    for request in range(_requests(case, "update")):
        prepared = world(case, "update")
        other = _other(prepared)
        other.program = dict(case.full)  # It takes back what this stack changes.
        other.state = other.state | dict.fromkeys(edit_of(case))
        _meanwhile(prepared, other.up, request)
        _error_of(prepared.stack.up)
        prepared.line.set(None)
        if message := _error_of(lambda: prepared.stack.up(refresh=True)):  # noqa: B023 - called at once
            # Only what is made anew by a change: the other one holds its key.
            assert edit_of(case).keys() <= case.replaces
            assert "`adopt`" in message
            continue
        assert prepared.compare() == ""
        assert prepared.count() == len({prepared.stack.id, other.id})


@every_case
@pytest.mark.parametrize("operation", ["update", "delete"])
def test_what_somebody_deletes_meanwhile_is_gone_or_created_again(
    case: Case, operation: str
) -> None:
    """A deletion succeeds; an update says how to create it again."""
    for request in range(_requests(case, operation)):
        prepared = world(case, operation)
        _meanwhile(prepared, _other(prepared).destroy, request)
        message = _error_of(lambda: prepared.act(operation))  # noqa: B023 - called at once
        prepared.line.set(None)
        assert not (operation == "delete" and message)
        if operation == "update":
            prepared.stack.up(refresh=True)
        assert prepared.agree() == ""


UNIQUE = [
    case
    for case in CASES
    if "Task" not in case.name and not case.resource.identity.duplicates_within
]
"""Of what the vendor has only one for a key."""


@pytest.mark.parametrize("case", UNIQUE, ids=lambda case: case.name)
def test_of_those_who_claim_one_key_in_one_program_one_gets_it(
    case: Case, emulator: Emulator
) -> None:
    """However many there are, all the others get a hint, and nothing is overwritten."""
    api = connect(emulator, case.resource)
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    with ThreadPoolExecutor(8) as pool:
        messages = list(
            pool.map(
                lambda _: _error_of(lambda: lifecycle.create(case.resource, api, inputs)), range(8)
            )
        )
    assert messages.count("") == 1
    assert all("`adopt`" in each for each in messages if each)
    assert case.count(api) == 1


class Time:
    """A clock for many threads that moves only while all of them wait."""

    def __init__(self, clock: Clock, threads: int) -> None:
        self._clock = clock
        self._awake = threads
        self._wakes: list[float] = []
        self._changed = threading.Condition()
        self.now = 0.0

    def pause(self, seconds: float) -> None:
        """Let the other threads run until it is time."""
        if seconds <= 0:
            return
        with self._changed:
            wake = self.now + seconds
            heapq.heappush(self._wakes, wake)
            self.leave()
            self._changed.wait_for(lambda: self.now >= wake)

    def leave(self) -> None:
        """Count one waking thread less."""
        with self._changed:
            self._awake -= 1
            if self._awake or not self._wakes:
                return
            self._clock.advance(timedelta(seconds=self._wakes[0] - self.now))
            self.now = self._wakes[0]
            while self._wakes and self._wakes[0] <= self.now:
                heapq.heappop(self._wakes)
                self._awake += 1
            self._changed.notify_all()


def _client(emulator: Emulator, time: Time, **config: Any) -> Client:
    vendor, _ = registry.find_resource(LivePullToPush.token)
    return vendor.client(
        KEYS | {f"livepull:{key}": value for key, value in config.items()},
        {},
        transport=httpx.WSGITransport(app=emulator.app),
        clock=emulator.clock.now,
        pause=time.pause,
        monotonic=lambda: time.now,
    )


@pytest.mark.parametrize("pace", ["8", "40"])
def test_fifty_that_are_made_at_once_are_made_once_each_though_the_vendor_throttles(
    emulator: Emulator, pace: str
) -> None:
    """None fails, neither at an allowed rate nor at four times the allowed one."""
    emulator.rates = True
    case = next(case for case in CASES if case.resource is LivePullToPush)
    time = Time(emulator.clock, 50)
    api = _client(emulator, time, requestsPerSecond=pace)

    def make(number: int) -> str:
        given = {**case.full, "dstUrl": f"rtmp://push.example.com/live/{number}"}
        inputs = lifecycle.check(case.resource, {}, given, NOW).inputs
        try:
            return lifecycle.create(case.resource, api, inputs).id
        finally:
            time.leave()

    with ThreadPoolExecutor(50) as pool:
        made = set(pool.map(make, range(50)))
    assert len(made) == 50
    emulator.rates = False
    assert case.count(connect(emulator, case.resource)) == 50
    throttled = [entry for entry in emulator.journal if entry.error_code]
    assert bool(throttled) is (pace == "40")
