"""Relay sources: what holds a key stays as it is, and what the vendor tells once is not lost."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Found, Unfinished
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ApiError, LivePullError, NotFound, Refused, WaitError
from pulumi_livepull.vendors.volcengine import VENDOR
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.hosting import KEYS, NOW, connect

Inputs = dict[str, Any]

CREATE, LIST = "CreateRelaySourceV4", "ListRelaySourceV4"
UPDATE, DELETE = "UpdateRelaySourceV4", "DeleteRelaySourceV4"
ID = "pull.example.com/live/one"
SOURCE = {
    "domain": "pull.example.com",
    "app": "live",
    "stream": "one",
    "srcAddrS": ["rtmp://src.example.org/live/one"],
}
OTHER = {"srcAddrS": ["rtmp://other.example.org/live/one"]}
TIMES = {"startTime": "2030-01-01T13:00:00Z", "endTime": "2030-01-02T12:00:00Z"}


@pytest.fixture
def api(emulator: Emulator) -> Client:
    """Return a client of the emulator that tries each call once."""
    return connect(emulator, RelaySource, maxRetries="0")


def checked(inputs: Inputs) -> Inputs:
    """Return sound inputs in normal form."""
    found = lifecycle.check(RelaySource, {}, inputs, NOW)
    assert found.failures == []
    return found.inputs


def make(api: Client, **inputs: Any) -> Found:
    """Make a source."""
    return lifecycle.create(RelaySource, api, checked(SOURCE | inputs))


def refresh(api: Client, source: Found) -> Found:
    """Read it as a refresh does."""
    found = lifecycle.read(RelaySource, api, source.id, source.inputs, source.state)
    assert found is not None
    return found


def change(api: Client, source: Found, **changes: Any) -> Found:
    """Update it; `None` takes an input out."""
    wanted = {k: v for k, v in {**source.inputs, **changes}.items() if v is not None}
    news = checked(wanted)
    state = lifecycle.update(RelaySource, api, source.id, source.inputs, source.state, news)
    return Found(source.id, news, state)


def held(emulator: Emulator) -> list[dict[str, Any]]:
    """Return what the vendor holds."""
    return list(emulator.volcengine.state.relay_sources)


def done(emulator: Emulator) -> list[str]:
    """Return the operations so far, looks left out."""
    return [entry.operation for entry in emulator.journal if entry.operation != LIST]


# A key that is taken.


@pytest.mark.parametrize("inputs", [{}, OTHER, TIMES], ids=["same", "other", "timed"])
def test_a_taken_key_is_refused_and_nothing_is_overwritten(
    emulator: Emulator, api: Client, inputs: Inputs
) -> None:
    """The effect of a second creation is not documented, so it is not tried."""
    make(api)
    before = held(emulator)
    emulator.journal.clear()
    with pytest.raises(Refused) as failure:
        make(api, **inputs)
    assert str(failure.value) == (
        f"volcengine.RelaySource create failed: {ID} is there already\n"
        f'Set `adopt` to "{ID}" to manage it here, or delete it first.'
    )
    assert held(emulator) == before
    assert done(emulator) == []


@pytest.mark.parametrize("part", ["domain", "app", "stream"])
def test_a_key_is_taken_only_as_a_whole(emulator: Emulator, api: Client, part: str) -> None:
    """A similar key is no obstacle, and its source does not change."""
    make(api)
    made = make(api, **{part: "other"})
    assert made.id == "/".join(
        "other" if name == part else SOURCE[name] for name in ("domain", "app", "stream")
    )
    assert len(held(emulator)) == 2


def test_the_hint_works(emulator: Emulator, api: Client) -> None:
    """The id in the hint can be adopted, which updates the source and creates nothing."""
    make(api)
    adopted = make(api, adopt=ID, **OTHER)
    assert adopted.id == ID
    assert [source["SrcAddrS"] for source in held(emulator)] == [OTHER["srcAddrS"]]
    assert done(emulator) == [CREATE, UPDATE]


@pytest.mark.parametrize("fault", ["deny", "throttle", "error_in_200"])
def test_a_key_that_cannot_be_looked_up_is_not_created(
    emulator: Emulator, api: Client, fault: str
) -> None:
    """It might be taken."""
    emulator.arm(fault, LIST)
    with pytest.raises(ApiError):
        make(api)
    assert done(emulator) == []


@pytest.mark.parametrize("fault", ["fail", "fail_after", "lose_reply", "garble"])
def test_a_lost_read_is_not_a_lost_create(emulator: Emulator, api: Client, fault: str) -> None:
    """Nothing was sent that could have created it: a source with this key belongs to somebody else,
    even if it matches, and must not be adopted.
    """
    make(api)
    emulator.journal.clear()
    emulator.arm(fault, LIST)
    with pytest.raises(LivePullError):
        make(api)
    assert done(emulator) == []


@pytest.mark.parametrize("fault", ["lose_reply", "fail_after", "garble"])
def test_a_creation_whose_answer_was_lost_is_found(
    emulator: Emulator, api: Client, fault: str
) -> None:
    """The key was free before; only the vendor's own id is lost with the response."""
    emulator.arm(fault, CREATE)
    made = make(api)
    assert made.id == ID
    assert "taskId" not in made.state
    assert done(emulator) == [CREATE]


# What is returned only once.


def test_the_task_id_is_reported_at_creation_and_kept(emulator: Emulator, api: Client) -> None:
    """No list returns it, so a refresh and an update keep the known one."""
    made = make(api)
    task_id = made.state["taskId"]
    assert task_id.isdigit()
    assert not any("TaskId" in source for source in held(emulator))
    read = refresh(api, made)
    assert read.state["taskId"] == task_id
    updated = change(api, read, **OTHER)
    assert updated.state["taskId"] == task_id
    assert refresh(api, updated).state["taskId"] == task_id
    assert change(api, updated, **TIMES).state["taskId"] == task_id
    assert "taskId" not in read.inputs


def test_a_task_id_is_unknown_of_what_was_adopted_or_imported(
    emulator: Emulator, api: Client
) -> None:
    """Only the creation returns it, so its absence is not a difference."""
    make(api)
    adopted = make(api, adopt=ID)
    assert "taskId" not in adopted.state
    assert "taskId" not in refresh(api, adopted).state
    imported = lifecycle.read(RelaySource, api, ID, {}, {})
    assert imported is not None
    assert "taskId" not in imported.state
    assert imported.inputs == SOURCE
    news = checked(SOURCE)
    assert not lifecycle.diff(RelaySource, news, adopted.state, news, NOW).changed


@pytest.mark.parametrize("task_id", [None, ""])
def test_a_create_without_a_task_id_in_the_answer_counts_as_lost(task_id: str | None) -> None:
    """The id is `domain/app/stream`, so the task id is not needed."""
    made = make(Stubborn(source=None, task_id=task_id).client())
    assert made.id == ID
    assert "taskId" not in made.state


# Times.


def test_cleared_times_make_the_pull_permanent(emulator: Emulator, api: Client) -> None:
    """The next preview is empty."""
    made = make(api, **TIMES)
    emulator.journal.clear()
    updated = change(api, made, startTime=None, endTime=None)
    assert done(emulator) == [UPDATE]
    assert {"startTime", "endTime"}.isdisjoint(updated.state)
    assert (held(emulator)[0]["StartTime"], held(emulator)[0]["EndTime"]) == (0, 0)
    now = emulator.clock.now()
    assert not lifecycle.diff(
        RelaySource, updated.inputs, updated.state, updated.inputs, now
    ).changed


def test_a_permanent_pull_can_be_given_times(emulator: Emulator, api: Client) -> None:
    """They are updated in place."""
    updated = change(api, make(api), **TIMES)
    assert {name: updated.state[name] for name in TIMES} == TIMES
    assert (held(emulator)[0]["StartTime"], held(emulator)[0]["EndTime"]) == (
        1893502800,
        1893585600,
    )


class Stubborn(httpx.BaseTransport):
    """A vendor that takes every update and keeps what it has."""

    def __init__(self, source: Inputs | None, task_id: Any = "1") -> None:
        self.sources = [source] if source else []
        self.task_id = task_id
        self.bodies: dict[str, Inputs] = {}

    def client(self) -> Client:
        """Return a client of it."""
        return VENDOR.client(
            KEYS, {}, transport=self, clock=lambda: NOW, pause=lambda seconds: None
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer in the vendor's envelope."""
        action, body = request.url.params["Action"], json.loads(request.content)
        self.bodies[action] = body
        result: Inputs = {}
        if action == CREATE:
            self.sources.append(body)
            result = {"TaskId": self.task_id}
        elif action == LIST:
            result = {"List": self.sources, "Pagination": {"PageTotal": 1}}
        return httpx.Response(200, json={"ResponseMetadata": {}, "Result": result})


HELD = {
    "Domain": "pull.example.com",
    "App": "live",
    "Stream": "one",
    "SrcAddrS": SOURCE["srcAddrS"],
}


@pytest.mark.parametrize(
    ("times", "kept"),
    [
        ({"StartTime": 1893502800, "EndTime": 1893585600}, "2030-01-02T12:00:00Z"),
        ({"StartTime": "1893502800", "EndTime": "1893585600"}, "2030-01-02T12:00:00Z"),
        ({"EndTime": 1893585600}, "2030-01-02T12:00:00Z"),
    ],
)
def test_times_that_the_vendor_keeps_are_reported(times: Inputs, kept: str) -> None:
    """Whether omitting them clears them is not documented, so the update reads them back."""
    vendor = Stubborn(HELD | times)
    with pytest.raises((WaitError, Unfinished)) as failure:
        change(vendor.client(), Found(ID, SOURCE | TIMES, SOURCE | TIMES), **dict.fromkeys(TIMES))
    assert str(failure.value) == (
        f"volcengine.RelaySource update failed: the vendor keeps the end {kept}, although it was "
        "cleared\nSet both times, or delete it and create a permanent one."
    )
    assert {"StartTime", "EndTime"}.isdisjoint(vendor.bodies[UPDATE])


@pytest.mark.parametrize("times", [{}, {"StartTime": 0, "EndTime": 0}, {"EndTime": None}])
def test_what_stands_for_no_time_is_none(times: Inputs) -> None:
    """A permanent pull may be listed with 0 or without times."""
    vendor = Stubborn(HELD | times)
    updated = change(
        vendor.client(), Found(ID, SOURCE | TIMES, SOURCE | TIMES), **dict.fromkeys(TIMES)
    )
    assert {"startTime", "endTime"}.isdisjoint(updated.state)


@pytest.mark.parametrize("changes", [OTHER, TIMES, {**OTHER, **TIMES}], ids="+".join)
@pytest.mark.parametrize("before", [{}, {**TIMES, "endTime": "2030-01-03T00:00:00Z"}])
def test_an_update_sends_everything(before: Inputs, changes: Inputs) -> None:
    """Fields that an update leaves out may be lost."""
    vendor = Stubborn(HELD)
    inputs = SOURCE | before
    change(vendor.client(), Found(ID, inputs, inputs), **changes)
    wanted = inputs | changes
    timed = {"StartTime", "EndTime"} if "endTime" in wanted else set()
    assert set(vendor.bodies[UPDATE]) == {"Domain", "App", "Stream", "SrcAddrS"} | timed
    assert vendor.bodies[UPDATE]["SrcAddrS"] == wanted["srcAddrS"]


# A domain that is gone.


def remove_domain(emulator: Emulator) -> None:
    """Leave the account with another domain than the source's."""
    emulator.seed({"volcengine": {"domains": ["other.example.com"]}})


def test_a_source_is_gone_with_its_domain(emulator: Emulator, api: Client) -> None:
    """A refresh finds nothing and a deletion has nothing to do. The vendor is asked twice."""
    made = make(api)
    remove_domain(emulator)
    emulator.journal.clear()
    assert lifecycle.read(RelaySource, api, ID, made.inputs, made.state) is None
    assert [entry.operation for entry in emulator.journal] == [LIST, LIST]
    with pytest.raises(ApiError) as failure:
        change(api, made, **OTHER)
    assert "It was deleted outside this stack" in failure.value.hint
    lifecycle.delete(RelaySource, api, ID, made.state)


def test_a_source_cannot_be_made_in_a_domain_that_is_not_there(
    emulator: Emulator, api: Client
) -> None:
    """The vendor says so itself, after the read before it found nothing."""
    remove_domain(emulator)
    with pytest.raises(NotFound) as failure:
        make(api)
    assert failure.value.where == "volcengine.RelaySource create failed"
    assert failure.value.hint == "Check the domain, app, stream and group."
    assert done(emulator) == [CREATE]


def answering(*answers: tuple[int, str]) -> tuple[Client, list[str]]:
    """Return a client that gets errors, status and code, and then finds the source; and its calls.

    Without a code an answer is not in the vendor's envelope.
    """
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.params["Action"])
        if len(calls) > len(answers):
            result = {"List": [HELD], "Pagination": {"PageTotal": 1}}
            return httpx.Response(200, json={"ResponseMetadata": {}, "Result": result})
        status, code = answers[len(calls) - 1]
        if not code:
            return httpx.Response(status, html="<h1>not here</h1>")
        error = {"Code": code, "Message": "words"}
        return httpx.Response(status, json={"ResponseMetadata": {"Error": error}})

    transport = httpx.MockTransport(answer)
    once = KEYS | {"livepull:maxRetries": "0"}
    api = VENDOR.client(once, {}, transport=transport, clock=lambda: NOW, pause=lambda _: None)
    return api, calls


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "RequestForbidden"),
        (403, "RequestForbidden.AccountIDNotAllow"),
        (403, "AccessDenied"),
        (404, "InvalidActionOrVersion"),
        (404, "ServiceNotFound"),
        (404, "ResourceNotFound.Account"),
        (404, ""),
        (200, "ResourceNotFound"),
        (200, "CommonErr"),
        (429, "ResourceNotFound"),
        (500, "ResourceNotFound"),
    ],
)
def test_nothing_else_calls_a_source_gone(status: int, code: str) -> None:
    """Above all not the keys of another account: a stack would drop a source that still runs."""
    api, calls = answering((status, code), (status, code))
    with pytest.raises(LivePullError):
        lifecycle.read(RelaySource, api, ID, SOURCE, SOURCE)
    assert calls == [LIST]


def test_a_domain_that_was_missing_once_is_requested_again() -> None:
    """As the vendor advises: the first response alone is not certain."""
    api, calls = answering((404, "ResourceNotFound"))
    assert lifecycle.read(RelaySource, api, ID, SOURCE, SOURCE) is not None
    assert calls == [LIST, LIST]


# An error in an answer of success.


@pytest.mark.parametrize("operation", [CREATE, LIST, UPDATE, DELETE])
def test_an_error_in_an_answer_of_success_stops_the_operation(
    emulator: Emulator, api: Client, operation: str
) -> None:
    """Nothing counts as done."""
    made = make(api)
    before = held(emulator)
    steps: dict[str, Callable[[], object]] = {
        CREATE: lambda: make(api, stream="other"),
        LIST: lambda: refresh(api, made),
        UPDATE: lambda: change(api, made, **OTHER),
        DELETE: lambda: lifecycle.delete(RelaySource, api, made.id, made.state),
    }
    emulator.arm("error_in_200", operation)
    with pytest.raises(ApiError) as failure:
        steps[operation]()
    assert failure.value.code == "CommonErr"
    assert held(emulator) == before
