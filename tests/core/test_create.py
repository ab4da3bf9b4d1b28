"""create: exactly one resource is created, even if a request or an answer is lost."""

import logging
import re
import threading
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Unanswered, Unfinished
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import (
    ApiError,
    ConfigError,
    Conflict,
    Denied,
    LivePullError,
    TransportError,
)
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.core.conftest import Go, Line
from tests.core.samples import (
    CALLBACK,
    FILES,
    KEY,
    LIVE,
    REGION,
    Inputs,
    callbacks,
    checked,
    project_of,
    tasks,
)
from tests.hosting import KEYS

SEEDED = {
    "source_type": LIVE["sourceType"],
    "source_urls": LIVE["sourceUrls"],
    "destination_url": LIVE["destinationUrl"],
    "region": REGION,
}
"""The wire form of `LIVE`."""

kinds = pytest.mark.parametrize(
    ("resource", "given", "operation", "own_id"),
    [
        (PullTask, LIVE, "CreatePullTask", "task_id"),
        (RecordCallback, CALLBACK, "CreateRecordCallbackConfig", "id"),
    ],
    ids=["task", "callback"],
)


def make(api: Client, given: Inputs, resource: type[Resource] = PullTask) -> lifecycle.Found:
    """Create a resource from checked inputs."""
    return lifecycle.create(resource, api, checked(resource, given))


def seed_task(emulator: Emulator, **fields: Any) -> str:
    """Put a task at the vendor's and return its id with the region."""
    emulator.seed({"huaweicloud": {"tasks": {project_of(emulator): [SEEDED | fields]}}})
    return f"{REGION}/{tasks(emulator)[-1]['task_id']}"


def seed_callback(emulator: Emulator, **fields: Any) -> str:
    """Put a callback at the vendor's and return its id with the region."""
    wire = {
        "publish_domain": CALLBACK["publishDomain"],
        "app": CALLBACK["app"],
        "notify_callback_url": CALLBACK["notifyCallbackUrl"],
    }
    emulator.seed({"huaweicloud": {"callbacks": {project_of(emulator): [wire | fields]}}})
    return f"{REGION}/{callbacks(emulator)[-1]['id']}"


def look_around(api: Client, emulator: Emulator) -> None:
    """Run a create that fails after it has read the list, which later creates then use."""
    emulator.arm("deny", "CreatePullTask")
    with pytest.raises(Denied):
        make(api, FILES)


def seed_meanwhile(line: Line, emulator: Emulator, **fields: Any) -> None:
    """Add a task at the vendor just before another one is created."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST":
            seed_task(emulator, **fields)
        return go()

    line.meddle = meddle


def ids(emulator: Emulator) -> list[str]:
    """Return every id at the vendor's, with the region."""
    own = [task["task_id"] for task in tasks(emulator)]
    own += [callback["id"] for callback in callbacks(emulator)]
    return [f"{REGION}/{each}" for each in own]


def test_the_state_is_what_the_vendor_has_and_the_inputs_are_those_given(
    api: Client, emulator: Emulator
) -> None:
    """Outputs and defaults come from reading the new resource."""
    made = make(api, FILES)
    assert made.id == f"{REGION}/{tasks(emulator)[0]['task_id']}"
    assert made.inputs == FILES
    assert made.state == FILES | {
        "region": REGION,
        "startTime": "2030-01-01T12:00:00Z",
        "vodLoopTime": -1,
        "vodRefreshType": "immediate_new_source",
        "vodStartVideoIndex": 0,
        "vodStartVideoTime": 0,
        "taskId": tasks(emulator)[0]["task_id"],
        "projectId": project_of(emulator),
        "status": "running",
        "createTime": "2030-01-01T12:00:00Z",
    }


# A lost answer.


@kinds
@pytest.mark.parametrize(
    ("fault", "settings"),
    [("lose_reply", {}), ("garble", {}), ("fail_after", {"status": 503})],
)
def test_after_a_lost_answer_the_one_that_was_made_is_taken(
    api: Client,
    emulator: Emulator,
    line: Line,
    resource: type[Resource],
    given: Inputs,
    operation: str,
    own_id: str,
    fault: str,
    settings: Inputs,
) -> None:
    """It is looked for, not created again: the request is sent once."""
    emulator.arm(fault, operation, **settings)
    made = make(api, given, resource)
    assert [made.id] == ids(emulator)
    assert len(line.bodies("POST")) == 1


@kinds
def test_an_answer_without_an_id_is_a_lost_answer(
    api: Client,
    emulator: Emulator,
    resource: type[Resource],
    given: Inputs,
    operation: str,
    own_id: str,
) -> None:
    """The resource exists, so it must not be lost because of a missing field."""
    emulator.arm("drop_field", operation, name=own_id)
    assert [make(api, given, resource).id] == ids(emulator)


OTHERS = {
    PullTask: (seed_task, {"destination_url": "rtmp://push.example.com/live/elsewhere"}),
    RecordCallback: (seed_callback, {"app": "elsewhere"}),
}
"""How to seed a thing that is not the one asked for."""


@kinds
def test_an_answer_with_the_id_of_another_thing_is_not_believed(
    api: Client,
    emulator: Emulator,
    line: Line,
    resource: type[Resource],
    given: Inputs,
    operation: str,
    own_id: str,
) -> None:
    """A proxy mixed up two answers: the new resource is found, and the other is left alone."""
    seed, differs = OTHERS[resource]
    other = seed(emulator, **differs)
    line.change("POST", lambda answer: {**answer, own_id: other.partition("/")[2]})
    made = make(api, given, resource)
    assert ids(emulator) == [other, made.id]
    assert [sent.method for sent in line.requests].count("DELETE") == 0


@kinds
def test_such_an_answer_to_a_request_that_made_nothing_fails_and_names_the_inputs(
    api: Client,
    emulator: Emulator,
    line: Line,
    resource: type[Resource],
    given: Inputs,
    operation: str,
    own_id: str,
) -> None:
    """Nothing is kept in the state, because a destroy would delete somebody else's resource."""
    seed, differs = OTHERS[resource]
    other = seed(emulator, **differs)

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={own_id: other.partition("/")[2]})
        return go()

    line.meddle = meddle
    with pytest.raises(TransportError) as raised:
        make(api, given, resource)
    (name,) = (resource.properties()[name].camel for name in differs)
    assert (
        f'the answer names "{other}", which has another {name} than the inputs '
        "and is left alone" in str(raised.value)
    )
    assert not [value for value in differs.values() if value in str(raised.value)]
    assert ids(emulator) == [other]


def test_nothing_is_deleted_if_a_wrong_answer_named_a_duplicate(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """The named resource is not ours to delete."""
    other = seed_task(emulator, destination_url="rtmp://push.example.com/live/another")

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method != "POST":
            return go()
        seed_task(emulator)
        return httpx.Response(200, json={"task_id": other.partition("/")[2]})

    line.meddle = meddle
    made = make(api, LIVE)
    assert ids(emulator) == [other, made.id]


def test_how_a_vendor_spells_an_address_makes_no_other_thing_of_it(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """A host in upper case and a default port mean the same stream."""
    address = LIVE["destinationUrl"].replace("push.example.com", "PUSH.example.com:1935")
    line.change("GET", lambda answer: _spelled(answer, address))
    assert [make(api, LIVE).id] == ids(emulator)


def _spelled(answer: Inputs, address: str) -> Inputs:
    tasks = [{**task, "destination_url": address} for task in answer.get("tasks", [])]
    return {**answer, "tasks": tasks}


def test_an_older_task_that_is_the_same_is_not_taken(
    api: Client, emulator: Emulator, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """A task that was created before the request is not the lost one, but the message names it."""
    seed_meanwhile(line, emulator, create_time="2030-01-01T11:59:54Z")
    emulator.arm("lose_reply", "CreatePullTask")
    made = make(api, LIVE)
    older, ours = ids(emulator)
    assert made.id == ours
    assert f'{ours} was created, but "{older}" does the same' in caplog.text


@pytest.mark.parametrize(
    "differs",
    [
        {"source_urls": ["rtmp://play.example.com/live/two"]},
        {"destination_url": "rtmp://push.example.com/live/two"},
        {"source_type": "PullVodPushLive"},
    ],
)
def test_a_new_task_that_is_another_is_not_taken(
    api: Client, emulator: Emulator, differs: Inputs
) -> None:
    """What a colleague makes at the same moment is theirs."""
    seed_task(emulator, **differs)
    emulator.arm("fail", "CreatePullTask")
    with pytest.raises(TransportError, match="It was not found afterwards"):
        make(api, LIVE)


def test_the_search_trusts_the_vendors_clock(api: Client, emulator: Emulator, line: Line) -> None:
    """A machine whose clock is ten minutes behind finds its own task, and no older one."""
    now = emulator.clock.now()

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST":
            seed_task(emulator, create_time="2030-01-01T12:05:00Z")
            emulator.clock.set(now + timedelta(minutes=10))
            response = go()
            emulator.clock.set(now)
            return response
        response = go()
        response.headers["Date"] = "Tue, 01 Jan 2030 12:10:00 GMT"
        return response

    line.meddle = meddle
    emulator.arm("lose_reply", "CreatePullTask")
    made = make(api, LIVE)
    _, ours = ids(emulator)
    assert made.id == ours


def test_when_nothing_is_found_the_message_says_that_it_is_safe_to_try_again(
    api: Client, emulator: Emulator
) -> None:
    """The next run refuses a duplicate of a late create, so it is safe to try again."""
    emulator.arm("fail", "CreatePullTask", status=503)
    with pytest.raises(TransportError) as failure:
        make(api, LIVE)
    assert str(failure.value) == (
        'huaweicloud.PullTask create failed: 503 "Service Unavailable" (HTTP 503) from '
        "live.cn-north-4.myhuaweicloud.com\n"
        "It was not found afterwards. Run it again: the next run looks for it before it "
        "creates another."
    )
    assert failure.value.sent


def test_two_that_may_be_the_lost_one_are_both_named(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """Neither is chosen by guessing."""
    seed_meanwhile(line, emulator)
    emulator.arm("lose_reply", "CreatePullTask")
    with pytest.raises(TransportError) as failure:
        make(api, LIVE)
    one, two = ids(emulator)
    assert str(failure.value).endswith(
        f"\nMore than one match now exists ({two}, {one}): delete all but one."
    )


def test_a_search_that_fails_does_not_hide_the_lost_answer(api: Client, emulator: Emulator) -> None:
    """The first failure is reported, and the message adds that the lookup failed, too."""
    look_around(api, emulator)
    emulator.arm("fail_after", "CreatePullTask", status=500)
    emulator.arm("deny", "ListPullTasks", 10)
    with pytest.raises(TransportError) as failure:
        make(api, LIVE)
    assert "(HTTP 500) from" in failure.value.what
    assert "Run it again: the next run looks for it before" in failure.value.hint


@pytest.mark.parametrize(
    ("created", "reason"),
    [
        (
            None,
            "Looking for it failed, too (the list shows too little to tell whether it exists)",
        ),
        *(
            (odd, "It was not found afterwards")
            for odd in (5, "yesterday", "2030-01-01T12:00:00", "2030-01-01")
        ),
    ],
)
def test_a_task_of_unreadable_age_is_not_taken(
    api: Client, emulator: Emulator, line: Line, created: Any, reason: str
) -> None:
    """An answer may contain anything; a resource that may be an older one is not accepted."""
    line.change(
        "GET",
        lambda reply: (
            reply
            | {"task_infos": [task | {"create_time": created} for task in reply["task_infos"]]}
        ),
    )
    emulator.arm("fail_after", "CreatePullTask")
    with pytest.raises(TransportError, match=re.escape(reason)):
        make(api, LIVE)


@kinds
def test_something_without_an_id_in_the_list_may_be_the_one(
    api: Client,
    emulator: Emulator,
    resource: type[Resource],
    given: Inputs,
    operation: str,
    own_id: str,
) -> None:
    """The state keeps a placeholder, so that it is not lost."""
    look_around(api, emulator)
    emulator.arm("fail_after", operation)
    list_operation = "ListPullTasks" if resource is PullTask else "ListRecordCallbackConfigs"
    emulator.arm("drop_field", list_operation, name=own_id)
    with pytest.raises(Unanswered, match="Looking for it failed, too"):
        make(api, given, resource)


# A request that never arrived.


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_what_never_arrived_is_sent_again(
    api: Client, emulator: Emulator, line: Line, error: type[httpx.TransportError]
) -> None:
    """Without a connection nothing was created, so sending again cannot make a duplicate."""
    failing = [error("no route"), error("no route")]

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST" and failing:
            raise failing.pop()
        return go()

    line.meddle = meddle
    assert [make(api, LIVE).id] == ids(emulator)
    assert len(line.bodies("POST")) == 3


def test_what_can_never_arrive_is_reported_without_a_search(api: Client, line: Line) -> None:
    """There is nothing to look for."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        raise httpx.ConnectError("[Errno -2] Name or service not known")

    line.meddle = meddle
    with pytest.raises(TransportError) as failure:
        make(api, LIVE)
    assert not failure.value.sent
    assert str(failure.value).startswith(
        "huaweicloud.PullTask create failed: cannot reach iam.cn-north-4.myhuaweicloud.com:443: "
        "[Errno -2] Name or service not known\nCheck the region"
    )
    assert {request.method for request in line.requests} == {"GET"}


def test_a_throttled_create_is_sent_again(api: Client, emulator: Emulator, line: Line) -> None:
    """The gateway refused it before any work was done."""
    emulator.arm("throttle", "CreatePullTask", 2, retry_after=3)
    assert [make(api, LIVE).id] == ids(emulator)
    assert [pause for pause in line.pauses if pause >= 3] == pytest.approx([3, 3], abs=0.6)


# A refusal.


def test_a_refusal_is_quoted_and_says_what_to_do_next(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """The vendor's code and words unchanged, then what to do; nothing is sent again."""
    emulator.seed({"huaweicloud": {"domains": ["other.example.com"]}})
    given = {**LIVE, "destinationUrl": None, "domain": "push.example.com"}
    with pytest.raises(ApiError) as failure:
        make(api, {**given, "appName": "live", "streamName": "one"})
    assert str(failure.value) == (
        'huaweicloud.PullTask create failed: LIVE.103011019 "Domain does not exist: '
        f'push.example.com" (HTTP 404, request id {failure.value.request_id})\n'
        "Add push.example.com as an ingest domain in the Live console, or set `region` to the "
        "one it lives in."
    )
    assert failure.value.request_id
    assert len(line.bodies("POST")) == 1


def test_a_callback_that_exists_is_named_so_that_it_can_be_adopted(
    api: Client, emulator: Emulator
) -> None:
    """The vendor's code alone would leave the user to search the console."""
    existing = seed_callback(emulator)
    with pytest.raises(Conflict) as failure:
        make(api, CALLBACK, RecordCallback)
    assert failure.value.hint == (
        f'push.example.com has one already: set `adopt` to "{existing}" to manage it here, '
        "or delete it first."
    )


def test_a_conflict_with_nothing_to_adopt_keeps_its_own_hint(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """The conflict may be with another app of the domain, which the list does not show."""
    seed_callback(emulator)
    line.change("GET", lambda reply: {"total": 0, "callback_config": []})
    with pytest.raises(Conflict, match="set `adopt` to its id to manage it here"):
        make(api, CALLBACK, RecordCallback)


# Reading back.


@pytest.mark.parametrize(
    ("reads", "pauses"),
    [(1, []), (2, [0.2]), (5, [0.2, 0.5, 1.0, 2.0])],
    ids=["soon", "later", "late"],
)
def test_what_shows_late_is_waited_for(
    api: Client, emulator: Emulator, line: Line, reads: int, pauses: list[float]
) -> None:
    """A vendor's replicas may lag, but the state is complete."""
    emulator.arm("delay", "CreatePullTask", reads=reads)
    made = make(api, LIVE)
    assert made.state["taskId"] == tasks(emulator)[0]["task_id"]
    assert [pause for pause in line.pauses if pause in {0.2, 0.5, 1.0, 2.0}] == pauses


def test_what_does_not_show_in_time_is_kept_as_it_was_requested(
    api: Client, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """It exists; the next refresh completes its state, and a warning says so."""
    emulator.arm("delay", "CreatePullTask", reads=50)
    made = make(api, LIVE)
    assert [made.id] == ids(emulator)
    assert made.state == LIVE
    assert caplog.messages == [
        f"huaweicloud.PullTask {made.id} cannot be read yet: the vendor does not show it. "
        "Run pulumi refresh later to complete its outputs"
    ]


@pytest.mark.parametrize("reads", [0, 2], ids=["shown at once", "shown late"])
def test_a_cancellation_ends_the_waits_but_not_the_look_at_what_was_created(
    emulator: Emulator, line: Line, caplog: pytest.LogCaptureFixture, reads: int
) -> None:
    """The next `up` would find no difference, and so never fetch the outputs."""
    cancel = threading.Event()
    api = VENDORS[0].client(KEYS, {}, transport=line, clock=emulator.clock.now, cancel=cancel)
    if reads:
        emulator.arm("delay", "CreatePullTask", reads=reads)

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST":
            cancel.set()
        return go()

    line.meddle = meddle
    made = make(api, LIVE)
    assert [made.id] == ids(emulator)
    assert ("taskId" in made.state) is not bool(reads)
    assert ("cannot be read yet: cancelled" in caplog.text) is bool(reads)


@kinds
@pytest.mark.parametrize("fault", ["deny", "garble", "fail", "throttle"])
def test_a_look_that_fails_does_not_lose_what_was_created(
    api: Client,
    emulator: Emulator,
    caplog: pytest.LogCaptureFixture,
    resource: type[Resource],
    given: Inputs,
    operation: str,
    own_id: str,
    fault: str,
) -> None:
    """It exists, so its id must be in the state, and a warning is logged."""
    look_around(api, emulator)
    look = "ListPullTasks" if resource is PullTask else "ShowRecordCallbackConfig"
    emulator.arm(fault, look, 100)
    made = make(api, given, resource)
    assert [made.id] == ids(emulator)
    assert made.state == given
    assert f"{made.id} cannot be read yet: " in caplog.text


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_warning_about_what_was_created_shows_no_secret(
    api: Client, emulator: Emulator, line: Line, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    """Even an unreadable answer may contain the stream key."""
    look_around(api, emulator)
    caplog.set_level(logging.DEBUG)

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        response = go()
        if request.method != method or "projects" in request.url.path:
            return response
        return httpx.Response(200, text=f'[{{"destination_url": "{LIVE["destinationUrl"]}", ')

    line.meddle = meddle
    message = ""
    try:
        make(api, {**FILES, "running": False})
    except Unfinished as left:
        message = str(left)
    assert "huaweicloud.PullTask" in caplog.text + message
    assert "stream-key" not in caplog.text + message


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("before", [0, 140, 150])
def test_a_secret_that_an_answer_echoes_is_not_shown(
    api: Client, line: Line, status: int, before: int
) -> None:
    """Not even the part that remains when a long answer is shortened."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST":
            words = "x" * before + f" cannot push to {LIVE['destinationUrl']}"
            if status == 200:
                return httpx.Response(status, text=words)
            return httpx.Response(status, json={"error_code": "X.1", "error_msg": words})
        return go()

    line.meddle = meddle
    with pytest.raises(LivePullError) as failure:
        make(api, LIVE)
    assert "cannot push to" in str(failure.value)
    assert "push.example.com/live" not in str(failure.value)


# What the vendor takes in an update only.


def test_a_task_that_should_not_run_is_paused_after_it_is_made(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """The vendor creates running tasks only; the pause is a second call."""
    made = make(api, {**FILES, "running": False})
    assert "status" not in line.bodies("POST")[0]
    assert [body["status"] for body in line.bodies("PUT")] == ["pause"]
    assert tasks(emulator)[0]["status"] == "pause"
    assert (made.state["running"], made.state["status"]) == (False, "pause")


@pytest.mark.parametrize("running", [True, None])
def test_a_task_that_may_run_is_left_alone(api: Client, line: Line, running: bool | None) -> None:
    """It runs anyway."""
    made = make(api, {**FILES, "running": running})
    assert line.bodies("PUT") == []
    assert made.state.get("running") is running


def test_a_pause_that_fails_does_not_lose_the_task(api: Client, emulator: Emulator) -> None:
    """The state says that it is running, so that the next preview shows the missing pause."""
    emulator.arm("deny", "ModifyPullTask")
    with pytest.raises(Unfinished) as left:
        make(api, {**FILES, "running": False})
    made = left.value.found
    assert [made.id] == ids(emulator)
    assert made.state["running"] is True
    assert f"{made.id} was created, but: APIG.0306" in str(left.value)
    again = lifecycle.diff(PullTask, made.inputs, made.state, made.inputs, api.now())
    assert again.changed == {"running"}


def test_a_pause_of_which_nothing_is_known_shows_as_missing(
    api: Client, emulator: Emulator
) -> None:
    """Neither the pause nor the read worked, so the state must not say that it is paused."""
    look_around(api, emulator)
    emulator.arm("deny", "ModifyPullTask")
    emulator.arm("deny", "ListPullTasks", 10)
    with pytest.raises(Unfinished) as left:
        make(api, {**FILES, "running": False})
    made = left.value.found
    assert (made.inputs, made.state) == ({**FILES, "running": False}, FILES)
    again = lifecycle.diff(PullTask, made.inputs, made.state, made.inputs, api.now())
    assert again.changed == {"running"}


def test_an_interrupt_during_a_wait_does_not_lose_the_task(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """It exists, so its current state is passed on."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "PUT":
            api._cancel.set()
        return go()

    line.meddle = meddle
    with pytest.raises(Unfinished) as left:
        make(api, {**FILES, "running": False})
    assert [left.value.found.id] == ids(emulator)
    assert left.value.found.state["status"] == tasks(emulator)[0]["status"] == "pause"
    assert left.value.where == f"huaweicloud.PullTask {left.value.found.id} was created, but"


def test_an_interrupt_during_a_creation_does_not_lose_the_task(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """The request was sent, so the task is looked for despite the interrupt."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        response = go()
        if request.method == "POST":
            api._cancel.set()
            raise httpx.ReadTimeout("it broke")
        return response

    line.meddle = meddle
    made = make(api, LIVE)
    assert [made.id] == ids(emulator)
    assert made.state["status"] == "running"


def test_a_creation_that_took_all_its_time_is_not_lost(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """It exists, so it is read anyway."""
    now = 0.0
    api._monotonic = lambda: now

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        nonlocal now
        now += 10 if request.method == "POST" else 0
        return go()

    line.meddle = meddle
    inputs = checked(PullTask, LIVE)
    made = lifecycle.create(PullTask, api.within(5), inputs)
    assert [made.id] == ids(emulator)
    assert made.state["status"] == "running"


@pytest.mark.parametrize("fault", [("deny", {}), ("delay", {"reads": 50})], ids=["deny", "delay"])
def test_a_task_that_cannot_be_read_back_is_paused_all_the_same(
    api: Client, emulator: Emulator, fault: tuple[str, Inputs]
) -> None:
    """It may be running even if it cannot be read."""
    look_around(api, emulator)
    name, settings = fault
    operation = "CreatePullTask" if name == "delay" else "ListPullTasks"
    emulator.arm(name, operation, 1, **settings)
    make(api, {**FILES, "running": False})
    assert tasks(emulator)[0]["status"] == "pause"


# Taking over.


@pytest.mark.parametrize("prefix", [f"{REGION}/", ""], ids=["full id", "bare id"])
def test_adopting_takes_over_what_exists_and_creates_nothing(
    api: Client, emulator: Emulator, line: Line, prefix: str
) -> None:
    """An id without a region is in the configured region."""
    own_id = seed_task(emulator).partition("/")[2]
    made = make(api, {**LIVE, "adopt": prefix + own_id})
    assert made.id == f"{REGION}/{own_id}"
    assert made.state["taskId"] == own_id
    assert "adopt" not in made.state
    assert (line.bodies("POST"), line.bodies("PUT")) == ([], [])


def test_adopting_brings_what_can_change_in_line(api: Client, emulator: Emulator) -> None:
    """The resource is updated to match the inputs."""
    existing = seed_task(emulator, source_type="PullVodPushLive", vod_loop_time="3")
    made = make(api, {**FILES, "adopt": existing, "running": False})
    assert made.state["vodLoopTime"] == -1
    (task,) = tasks(emulator)
    assert (task["vod_loop_time"], task["source_urls"]) == ("-1", FILES["sourceUrls"])
    assert task["status"] == "pause"


def test_adopting_sends_what_the_vendor_never_shows(api: Client, emulator: Emulator) -> None:
    """The existing key is not visible, so the one in the inputs is sent."""
    existing = seed_callback(emulator, key=KEY[::-1])
    made = make(api, {**CALLBACK, "adopt": existing, "key": KEY}, RecordCallback)
    assert callbacks(emulator)[0]["key"] == KEY
    assert made.state["key"] == KEY


def test_adopting_what_is_not_there_creates_nothing(api: Client, emulator: Emulator) -> None:
    """A misspelled id must not create a second task."""
    with pytest.raises(ConfigError) as failure:
        make(api, {**LIVE, "adopt": "cn-north-4/none"})
    assert str(failure.value) == (
        'huaweicloud.PullTask create failed: there is no "cn-north-4/none" to adopt\n'
        "Correct `adopt`, or remove it to create a new one. "
        "Write the id as region/id, such as cn-north-4/7864b3dc."
    )
    assert ids(emulator) == []


def test_adopting_what_differs_in_what_cannot_change_is_refused(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """Adopting must never delete and create."""
    existing = seed_task(emulator, push_args="a=b", callback_url="https://h.example.com/")
    given = {**LIVE, "adopt": existing, "sourceUrls": ["rtmp://play.example.com/live/two"]}
    with pytest.raises(ConfigError) as failure:
        make(api, given)
    assert str(failure.value) == (
        f'huaweicloud.PullTask create failed: "{existing}" differs in what cannot change: '
        "callbackUrl, pushArgs, sourceUrls\n"
        "Give it the same values, or remove `adopt` to create a new one."
    )
    assert {request.method for request in line.requests} == {"GET"}


def test_adopting_without_the_right_is_reported_as_a_create(
    api: Client, emulator: Emulator
) -> None:
    """The user sees the operation that they started."""
    emulator.arm("deny", "ListPullTasks")
    with pytest.raises(Denied, match=r"^huaweicloud\.PullTask create failed: APIG\.0306"):
        make(api, {**LIVE, "adopt": "cn-north-4/one"})
