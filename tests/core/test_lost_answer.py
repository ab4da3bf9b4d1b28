"""A create whose result is unknown: what happens to its placeholder in the state."""

from datetime import timedelta, timezone

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Unanswered
from pulumi_livepull.core.lifecycle.lost_answer import Attempt
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ConfigError, Denied, LivePullError, TransportError
from pulumi_livepull.hosts import registry
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.conformance.cases import Case, volcengine
from tests.core.conftest import Go, Line
from tests.core.samples import CALLBACK, FILES, LIVE, REGION, Inputs, callbacks, checked, tasks
from tests.hosting import KEYS, NOW, connect

STOPPED = {**FILES, "running": False}

kinds = pytest.mark.parametrize(
    ("resource", "given"), [(PullTask, LIVE), (RecordCallback, CALLBACK)], ids=["task", "callback"]
)


def lose(
    api: Client,
    line: Line,
    resource: type[Resource] = PullTask,
    given: Inputs = LIVE,
    *,
    made: bool = True,
) -> lifecycle.Found:
    """Return the placeholder of a create whose answer and lookup were both lost."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if line.bodies("POST"):
            if made and request.method == "POST":
                go()
            raise httpx.ReadError("reset")
        return go()

    line.meddle = meddle
    with pytest.raises(TransportError) as raised:
        lifecycle.create(resource, api, checked(resource, given))
    line.meddle = lambda request, go: go()
    assert isinstance(raised.value, Unanswered), "keeps no place"
    found = raised.value.found
    assert isinstance(found, lifecycle.Found)
    return found


def ids(emulator: Emulator) -> list[str]:
    """Return every id at the vendor's, with the region."""
    own = [task["task_id"] for task in tasks(emulator)]
    return [f"{REGION}/{each}" for each in own + [each["id"] for each in callbacks(emulator)]]


def read(place: lifecycle.Found, api: Client, resource: type[Resource] = PullTask) -> str:
    """Return the id of the resource that it created."""
    found = lifecycle.refresh(resource, api, place.id, place.inputs, place.state)
    return found.id if found else ""


@kinds
def test_its_place_holds_what_was_requested(
    api: Client, line: Line, resource: type[Resource], given: Inputs
) -> None:
    """And the time on the vendor's clock. That is enough to find it."""
    place = lose(api, line, resource, given)
    assert (place.inputs, place.state) == (given, given)
    assert Attempt.with_id(place.id) == Attempt(NOW, NOW)


def test_its_id_is_the_same_wherever_it_is_made() -> None:
    """It does not depend on the machine's time zone."""
    there = timezone(timedelta(hours=8))
    attempt = Attempt(NOW.astimezone(there), (NOW + timedelta(seconds=90)).astimezone(there))
    assert attempt.id == "unanswered/2030-01-01T12:00:00+00:00/2030-01-01T12:01:30+00:00"


@kinds
def test_what_was_created_takes_its_place_though_much_later(
    api: Client, emulator: Emulator, line: Line, resource: type[Resource], given: Inputs
) -> None:
    """With all outputs and without a difference, like after any read."""
    place = lose(api, line, resource, given)
    emulator.clock.advance(timedelta(hours=1))
    found = lifecycle.refresh(resource, connect(emulator), place.id, place.inputs, place.state)
    assert found is not None
    assert ([found.id], found.inputs) == (ids(emulator), given)
    assert found == lifecycle.read(resource, api, found.id, found.inputs, found.state)
    now = emulator.clock.now()
    assert not lifecycle.diff(resource, found.inputs, found.state, given, now).changed


@kinds
def test_what_was_not_made_is_gone(
    api: Client, line: Line, resource: type[Resource], given: Inputs
) -> None:
    """The next run creates it."""
    assert read(lose(api, line, resource, given, made=False), api, resource) == ""


@pytest.mark.parametrize("hours", [-1, 1])
def test_what_was_created_at_another_time_is_somebody_elses(
    api: Client, emulator: Emulator, line: Line, hours: int
) -> None:
    """It has the same inputs, but another creation time."""
    place = lose(api, line, made=False)
    emulator.clock.advance(timedelta(hours=hours))
    lifecycle.create(PullTask, connect(emulator), checked(PullTask, LIVE))
    assert read(place, api) == ""


def test_two_of_which_either_may_be_the_one_are_both_named(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """Neither is chosen by guessing, and the placeholder stays."""
    place = lose(api, line, made=False)
    other = connect(emulator)
    for _ in range(2):
        lifecycle.create(PullTask, other, checked(PullTask, LIVE))
    with pytest.raises(ConfigError) as raised:
        read(place, api)
    newer_first = ", ".join(reversed(ids(emulator)))
    assert str(raised.value) == (
        f"huaweicloud.PullTask read failed: cannot tell which of these was created: {newer_first}\n"
        "Delete all but one, and run it again."
    )


def test_without_a_list_its_place_stays(api: Client, emulator: Emulator, line: Line) -> None:
    """If it cannot be looked for, it may still exist."""
    place = lose(api, line)
    emulator.arm("deny", "ListPullTasks")
    with pytest.raises(Denied, match="API access denied") as raised:
        read(place, api)
    assert str(raised.value).startswith("huaweicloud.PullTask read failed: APIG.0306")
    assert [read(place, api)] == ids(emulator)


@kinds
@pytest.mark.parametrize("made", [True, False], ids=["made", "not made"])
def test_a_deletion_leaves_nothing(
    api: Client,
    emulator: Emulator,
    line: Line,
    resource: type[Resource],
    given: Inputs,
    made: bool,
) -> None:
    """Whether or not it took effect."""
    place = lose(api, line, resource, given, made=made)
    lifecycle.delete(resource, api, place.id, place.state)
    assert ids(emulator) == []


def test_a_state_without_the_inputs_of_a_create_is_reported(api: Client, line: Line) -> None:
    """It may have been edited; what is left is not enough to find anything."""
    place = lose(api, line)
    with pytest.raises(ConfigError) as raised:
        lifecycle.delete(PullTask, api, place.id, {"sourceType": 7})
    assert str(raised.value) == (
        "huaweicloud.PullTask read failed: the state lacks the inputs of an unanswered create\n"
        "Remove it from the state: pulumi state delete <its URN>."
    )


def test_a_place_is_not_an_id_to_import(api: Client, line: Line) -> None:
    """A placeholder is not an existing resource."""
    with pytest.raises(LivePullError, match="Write the id as region/id"):
        lifecycle.get(PullTask, api, lose(api, line).id)


def test_an_update_sends_to_a_refresh(api: Client, emulator: Emulator, line: Line) -> None:
    """An engine that does not read first would lose the resource, because an update cannot change
    the id."""
    place = lose(api, line)
    sent = len(line.requests)
    with pytest.raises(ConfigError) as raised:
        lifecycle.update(PullTask, api, place.id, LIVE, place.state, LIVE)
    assert str(raised.value) == (
        "huaweicloud.PullTask update failed: it is not known whether it was created\n"
        "Run pulumi refresh, which looks for it, and then pulumi up."
    )
    assert len(line.requests) == sent


@pytest.mark.parametrize(
    "given",
    [
        "cn-north-4/7864b3dc",
        "push.example.com/20300101/20300102",
        "",
        "unanswered",
        "unanswered/x/y",
        "unanswered/2030-01-01T00:00:00Z",
    ],
)
def test_ids_of_a_vendor_are_not_places(given: str) -> None:
    """Neither are ids that only look similar."""
    assert Attempt.with_id(given) is None


def test_a_lost_answer_to_what_certainly_failed_keeps_no_place(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """A request that was not sent created nothing."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ConnectError("refused")
        return go()

    line.meddle = meddle
    with pytest.raises(TransportError) as raised:
        lifecycle.create(PullTask, api, checked(PullTask, LIVE))
    assert not isinstance(raised.value, Unanswered)


def test_running_that_was_not_sent_does_not_count_as_done(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """The task would go on air at its start."""
    place = lose(api, line, given=STOPPED)
    assert "running" not in place.state
    found = lifecycle.refresh(PullTask, api, place.id, place.inputs, place.state)
    assert found is not None
    state = lifecycle.update(PullTask, api, found.id, found.inputs, found.state, STOPPED)
    assert (state["running"], [task["status"] for task in tasks(emulator)]) == (False, ["pause"])


def test_of_two_of_one_program_no_second_has_a_place(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """It might get the id of the first one."""
    lifecycle.create(PullTask, api, checked(PullTask, LIVE))
    line.requests.clear()
    with pytest.raises(AssertionError, match="keeps no place"):
        lose(api, line, made=False)


@pytest.mark.parametrize("case", volcengine.CASES, ids=lambda case: case.name)
def test_a_resource_without_a_creation_time_has_no_placeholder(
    case: Case, emulator: Emulator
) -> None:
    """Somebody may create the same later, and a deletion would hit theirs."""
    line = Line(emulator)
    vendor, _ = registry.find_resource(case.resource.token)
    waited = [0.0]
    api = vendor.client(
        KEYS,
        {},
        transport=line,
        clock=emulator.clock.now,
        pause=waited.append,
        monotonic=lambda: sum(waited),
    )
    lost = False

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        nonlocal lost
        lost = lost or request.url.params.get("Action") == case.operations[0]
        if lost:
            raise httpx.ReadError("reset")
        return go()

    line.meddle = meddle
    with pytest.raises(TransportError) as raised:
        lifecycle.create(case.resource, api, checked(case.resource, case.full))
    assert not isinstance(raised.value, Unanswered)


def test_the_list_may_be_the_first_answer_with_the_vendors_time(
    emulator: Emulator, line: Line
) -> None:
    """A machine whose clock is ten minutes behind finds its own task anyway."""
    now = emulator.clock.now()
    waited = [0.0]
    api = VENDORS[0].client(
        KEYS | {"livepull:huaweicloudRegion": REGION, "livepull:huaweicloudProjectId": "p"},
        {},
        transport=line,
        clock=lambda: now,
        pause=waited.append,
        monotonic=lambda: sum(waited),
    )
    emulator.seed({"huaweicloud": {"projects": {REGION: "p"}}})
    emulator.clock.advance(timedelta(minutes=10))

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        response = go()
        if request.method == "POST":
            raise httpx.ReadError("reset")
        response.headers["Date"] = "Tue, 01 Jan 2030 12:10:00 GMT"
        return response

    line.meddle = meddle
    made = lifecycle.create(RecordCallback, api, checked(RecordCallback, CALLBACK))
    assert [made.id] == ids(emulator)


@kinds
@pytest.mark.parametrize("kept", [(), ("task_id", "id")], ids=["nothing", "the id alone"])
def test_a_list_without_details_does_not_prove_that_nothing_exists(
    api: Client, line: Line, resource: type[Resource], given: Inputs, kept: tuple[str, ...]
) -> None:
    """A refresh must not drop a relay on air: it fails instead, and the next one finds the
    relay."""
    place = lose(api, line, resource, given)

    def hollow(answer: Inputs) -> Inputs:
        return {
            name: [{key: item[key] for key in kept if key in item} for item in value]
            if isinstance(value, list)
            else value
            for name, value in answer.items()
        }

    line.change("GET", hollow)
    with pytest.raises(TransportError, match="shows too little to tell") as failure:
        read(place, api, resource)
    assert not failure.value.sent
    line.meddle = lambda request, go: go()
    assert not Attempt.with_id(read(place, api, resource))
    assert read(place, api, resource)


def test_a_thing_that_is_another_needs_no_creation_time(
    api: Client, line: Line, emulator: Emulator
) -> None:
    """Only a matching resource needs a creation time."""
    place = lose(api, line, made=False)
    other = checked(PullTask, {**LIVE, "destinationUrl": "rtmp://push.example.com/live/other"})
    lifecycle.create(PullTask, api, other)

    def undated(answer: Inputs) -> Inputs:
        for task in answer.get("task_infos", ()):
            task.pop("create_time", None)
        return answer

    line.change("GET", undated)
    assert read(place, api) == ""
