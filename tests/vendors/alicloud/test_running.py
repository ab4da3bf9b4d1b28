"""What becomes of a running task when it is changed, stopped, restarted, ended or in the way."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.lifecycle import Found, Unfinished
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import (
    ApiError,
    ConfigError,
    Conflict,
    Denied,
    LivePullError,
    TransportError,
)
from pulumi_livepull.vendors.alicloud import VENDOR
from pulumi_livepull.vendors.alicloud.client import AlicloudLive
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from tests.hosting import KEYS

Inputs = dict[str, Any]

REGION = "cn-shanghai"
CREATE = "CreateLivePullToPush"
DESCRIBE = "DescribeLivePullToPush"
LIST = "DescribeLivePullToPushList"
UPDATE = "UpdateLivePullToPush"
STOP = "StopLivePullToPush"
RESTART = "RestartLivePullToPush"
DELETE = "DeleteLivePullToPush"
IDLE, RUNNING, RECOVERING, STOPPED, EXITED = 0, 1, 2, 3, -1

TASK = {
    "sourceType": "url",
    "sourceUrls": ["https://files.example.org/1.mp4"],
    "dstUrl": "rtmp://push.example.com/app/one?auth_key=1893672000-0-0-x",
    "startTime": "2030-01-01T11:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}
OTHER_SOURCE = {"sourceUrls": ["https://files.example.org/2.mp4"]}


def checked(inputs: Inputs, emulator: Emulator) -> Inputs:
    """Return sound inputs in normal form."""
    found = lifecycle.check(LivePullToPush, {}, inputs, emulator.clock.now())
    assert found.failures == []
    return found.inputs


class Vendor(httpx.BaseTransport):
    """The emulator, except that a stop or restart may take some reads to show."""

    def __init__(self, emulator: Emulator) -> None:
        self.late_reads = 0
        self.refusals: dict[str, str] = {}
        """What the vendor says to an operation that it refuses, by operation."""

        self._wsgi = httpx.WSGITransport(app=emulator.app)
        self._old: tuple[int, int] = (0, 0)
        self._shown: dict[str, Any] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the emulator does, with the status from before for `late_reads` reads."""
        action = request.headers["x-acs-action"]
        if action in self.refusals:
            return httpx.Response(400, json={"Code": "Odd", "Message": self.refusals[action]})
        response = self._wsgi.handle_request(request)
        content = response.read()
        if action in {STOP, RESTART}:
            self._old = (self._shown.get("TaskStatus", 0), self.late_reads)
        elif action == DESCRIBE and response.status_code == 200:
            self._shown = json.loads(content)
            status, left = self._old
            if left:
                self._old = (status, left - 1)
                self._shown["TaskStatus"] = status
            content = json.dumps(self._shown).encode()
        return httpx.Response(response.status_code, content=content)


class Scene:
    """One task in the emulator, and a client whose time passes only while it waits."""

    def __init__(self, emulator: Emulator, **config: str) -> None:
        self.emulator = emulator
        self.vendor = Vendor(emulator)
        self.waited: list[float] = []
        settings = {"livepull:requestsPerSecond": "1e9"}
        settings |= {f"livepull:{key}": value for key, value in config.items()}
        api = VENDOR.client(
            KEYS | settings,
            {},
            transport=self.vendor,
            clock=emulator.clock.now,
            monotonic=lambda: sum(self.waited),
            pause=self.waited.append,
        )
        assert isinstance(api, AlicloudLive)
        self.api = api

    def make(self, status: int = RUNNING, **inputs: Any) -> Found:
        """Make the task, let it be in this state, and forget what that took."""
        made = lifecycle.create(LivePullToPush, self.api, checked(TASK | inputs, self.emulator))
        self.become(made, status)
        found = lifecycle.read(LivePullToPush, self.api, made.id, made.inputs, made.state)
        assert found is not None
        self.emulator.journal.clear()
        self.waited.clear()
        return Found(made.id, made.inputs, made.state)

    def become(self, task: Found, status: int) -> None:
        """Let somebody else bring the task into this state."""
        start = "2030-01-01T13:00:00Z" if status == IDLE else TASK["startTime"]
        facts = {"TaskId": task.id.partition("/")[2], "TaskStatus": status, "StartTime": start}
        self.emulator.seed({"alicloud": {"tasks": {REGION: [facts]}}})

    def update(self, task: Found, **changes: Any) -> Inputs:
        """Change the task and return its new state; `None` takes an input out."""
        wanted = {k: v for k, v in {**task.inputs, **changes}.items() if v is not None}
        news = checked(wanted, self.emulator)
        return lifecycle.update(LivePullToPush, self.api, task.id, task.inputs, task.state, news)

    def done(self) -> list[str]:
        """Return the operations so far, looks left out."""
        looks = {DESCRIBE, LIST}
        return [entry.operation for entry in self.emulator.journal if entry.operation not in looks]

    def is_now(self, task: Found) -> Inputs:
        """Return what the vendor holds, whatever a client saw of it."""
        tasks = self.emulator.alicloud.snapshot()["tasks"][REGION]
        return next(each for each in tasks if task.id.endswith(each["TaskId"]))


@pytest.fixture
def scene(emulator: Emulator) -> Scene:
    """Return a scene that tries each call once."""
    return Scene(emulator, maxRetries="0")


# Which way a change goes.


@pytest.mark.parametrize("status", [RUNNING, RECOVERING])
@pytest.mark.parametrize(
    "change",
    [
        OTHER_SOURCE,
        {"endTime": "2030-01-03T12:00:00Z"},
        {"startTime": "2030-01-01T10:00:00Z"},
        {"fileIndex": 1},
        {"offset": 30},
        {"reqAuth": "on"},
        {**OTHER_SOURCE, "callbackUrl": "https://hooks.example.org/tasks", "repeatNumber": 2},
    ],
    ids="+".join,
)
def test_what_a_running_task_does_not_take_interrupts_it(
    scene: Scene, status: int, change: Inputs
) -> None:
    """It is stopped, changed in one call and restarted, and then has the new settings."""
    task = scene.make(status)
    state = scene.update(task, **change)
    assert scene.done() == [STOP, UPDATE, RESTART]
    assert state["status"] == "running"
    assert {name: state[name] for name in change} == change


@pytest.mark.parametrize("status", [RUNNING, RECOVERING, STOPPED, IDLE])
@pytest.mark.parametrize(
    "change",
    [
        {"callbackUrl": "https://hooks.example.org/tasks"},
        {"repeatNumber": -1},
        {"callbackUrl": "https://hooks.example.org/tasks", "repeatNumber": 2},
    ],
    ids="+".join,
)
def test_what_a_running_task_takes_does_not_interrupt_it(
    scene: Scene, status: int, change: Inputs
) -> None:
    """According to UpdateLivePullToPush: the callback address and the number of repetitions."""
    task = scene.make(status)
    state = scene.update(task, **change)
    assert scene.done() == [UPDATE]
    assert {name: state[name] for name in change} == change
    assert scene.is_now(task)["TaskStatus"] == status


@pytest.mark.parametrize(
    "before", [{"callbackUrl": "https://hooks.example.org/tasks"}, {"repeatNumber": 2}]
)
def test_clearing_what_a_running_task_takes_does_not_interrupt_it(
    scene: Scene, before: Inputs
) -> None:
    """An empty value is a value."""
    task = scene.make(RUNNING, **before)
    scene.update(task, **dict.fromkeys(before))
    assert scene.done() == [UPDATE]
    assert scene.is_now(task)["CallbackUrl"] == ""
    assert scene.is_now(task)["RepeatNumber"] == 0


def test_a_task_that_has_not_begun_is_only_updated(scene: Scene) -> None:
    """It is not on air, so nothing is interrupted."""
    task = scene.make(IDLE)
    scene.update(task, **OTHER_SOURCE)
    assert scene.done() == [UPDATE]
    assert scene.is_now(task)["TaskStatus"] == IDLE
    assert scene.is_now(task)["SourceUrls"] == OTHER_SOURCE["sourceUrls"]


def test_a_task_that_stopped_goes_on_with_its_new_settings(scene: Scene) -> None:
    """It may have stopped because of its sources or a failed update; `running` keeps it stopped."""
    task = scene.make(STOPPED)
    scene.update(task, **OTHER_SOURCE)
    assert scene.done() == [UPDATE, RESTART]
    assert scene.is_now(task)["SourceUrls"] == OTHER_SOURCE["sourceUrls"]


def test_a_task_that_stopped_meanwhile_is_changed_all_the_same(scene: Scene) -> None:
    """The vendor's error for stopping a stopped task means success."""
    task = scene.make(RUNNING)
    scene.vendor.late_reads = 3
    scene.update(task, **OTHER_SOURCE)
    assert scene.done() == [STOP, UPDATE, RESTART]


# What goes wrong on the way. The vendor's state after each failure is compared with what the error
# claims, so that no claim is made up.


CLAIMS = {
    r"goes on|it runs|is running": ("TaskStatus", RUNNING),
    r"is stopped|stays stopped": ("TaskStatus", STOPPED),
    r"old settings": ("SourceUrls", TASK["sourceUrls"]),
    r"(?<!old or )new settings": ("SourceUrls", OTHER_SOURCE["sourceUrls"]),
}
ONE_FAULT = [
    (fault, operation)
    for operation in (STOP, UPDATE, RESTART)
    for fault in ("deny", "throttle", "fail", "fail_after", "lose_reply", "garble")
]


def failed(scene: Scene, *faults: tuple[str, str]) -> tuple[Found, LivePullError]:
    """Change the sources of a running task while these faults are armed."""
    task = scene.make(RUNNING)
    for fault, operation in faults:
        scene.emulator.arm(fault, operation)
    with pytest.raises(LivePullError) as failure:
        scene.update(task, **OTHER_SOURCE)
    return task, failure.value


@pytest.mark.parametrize(("fault", "operation"), ONE_FAULT)
def test_an_error_claims_nothing_that_is_not_so(scene: Scene, fault: str, operation: str) -> None:
    """After a lost response the change may have taken effect, so only a read tells."""
    task, error = failed(scene, (fault, operation))
    now = scene.is_now(task)
    for words, (name, value) in CLAIMS.items():
        if re.search(words, error.hint):
            assert now[name] == value, str(error)


@pytest.mark.parametrize(("fault", "operation"), ONE_FAULT)
def test_an_error_says_in_which_state_the_interrupted_task_is(
    scene: Scene, fault: str, operation: str
) -> None:
    """The user must know whether the stream is on air."""
    task, error = failed(scene, (fault, operation))
    was_stopped = any(
        entry.operation == STOP and not entry.error_code and entry.fault != "fail"
        for entry in scene.emulator.journal
    )
    if was_stopped:
        assert any(re.search(words, error.hint) for words in CLAIMS), str(error)
    else:
        assert scene.is_now(task)["TaskStatus"] == RUNNING


@pytest.mark.parametrize(
    ("fault", "operation"), [each for each in ONE_FAULT if each[1] in {STOP, UPDATE}]
)
def test_a_task_is_brought_back_after_a_change_that_failed(
    scene: Scene, fault: str, operation: str
) -> None:
    """A failed call must not keep a stream off air."""
    task, _ = failed(scene, (fault, operation))
    assert scene.is_now(task)["TaskStatus"] == RUNNING


@pytest.mark.parametrize(
    ("faults", "done", "status", "sources", "hint"),
    [
        ([("deny", STOP)], [STOP], RUNNING, TASK, ""),
        (
            [("deny", UPDATE)],
            [STOP, UPDATE, RESTART],
            RUNNING,
            TASK,
            "The task was stopped for the change; it runs again with its old settings.",
        ),
        (
            [("deny", UPDATE), ("deny", RESTART)],
            [STOP, UPDATE, RESTART],
            STOPPED,
            TASK,
            "The task was stopped for the change and could not be restarted (Forbidden.RAM",
        ),
        (
            [("deny", RESTART)],
            [STOP, UPDATE, RESTART],
            STOPPED,
            OTHER_SOURCE,
            "The task has its new settings but is stopped.",
        ),
    ],
    ids=["stop", "update", "update and restart", "restart"],
)
def test_a_refused_step_is_reported_with_what_it_left(
    scene: Scene,
    faults: list[tuple[str, str]],
    done: list[str],
    status: int,
    sources: Inputs,
    hint: str,
) -> None:
    """First the vendor's words and hint, then the state of the task."""
    task, error = failed(scene, *faults)
    came_about_in_part = len(done) > 1 and status == STOPPED
    assert isinstance(error, Unfinished) is came_about_in_part
    assert isinstance(error.__cause__ if came_about_in_part else error, Denied)
    assert scene.done() == done
    now = scene.is_now(task)
    assert (now["TaskStatus"], now["SourceUrls"]) == (status, sources["sourceUrls"])
    assert error.where == "alicloud.LivePullToPush update failed"
    assert error.hint.startswith("Give the user of this access key the permissions for Live.")
    assert hint in error.hint


@pytest.mark.parametrize("refused", [[STOP], [UPDATE], [RESTART], [UPDATE, RESTART]], ids="+".join)
def test_what_the_vendor_quotes_of_a_secret_is_hidden(scene: Scene, refused: list[str]) -> None:
    """The second failure's text becomes part of the hint, so secrets are removed from it too: the
    path of a push address is often a stream key.
    """
    task = scene.make(RUNNING)
    scene.vendor.refusals = {each: f"{each}: no push to {TASK['dstUrl']}" for each in refused}
    with pytest.raises((ApiError, Unfinished)) as failure:
        scene.update(task, **OTHER_SOURCE)
    assert f"{refused[0]}: no push to ***" in str(failure.value)
    assert "push.example.com" not in str(failure.value)


@pytest.mark.parametrize("fault", [("deny", RESTART), ("fail", RESTART)], ids=lambda f: f[0])
def test_running_it_again_brings_back_what_should_run(scene: Scene, fault: tuple[str, str]) -> None:
    """After a failed update the engine keeps the old state, which does not show the stop."""
    task = scene.make(RUNNING, running=True)
    scene.emulator.arm(*fault)
    with pytest.raises(LivePullError):
        scene.update(task, **OTHER_SOURCE)
    scene.update(task, **OTHER_SOURCE)
    assert scene.is_now(task)["TaskStatus"] == RUNNING


def test_a_running_task_is_not_stopped_for_a_later_start(scene: Scene) -> None:
    """A restart has no effect before the start, so the task might never start again."""
    task = scene.make(RUNNING)
    with pytest.raises(ConfigError, match="runs already, so its start cannot move into the future"):
        scene.update(task, startTime="2030-01-01T13:00:00Z")
    assert scene.done() == []
    assert scene.is_now(task)["TaskStatus"] == RUNNING


def test_a_later_start_of_a_stopped_task_is_only_updated(scene: Scene) -> None:
    """There is nothing to wait for: a restart before the start has no effect."""
    task = scene.make(STOPPED)
    scene.update(task, startTime="2030-01-01T13:00:00Z")
    assert scene.done() == [UPDATE]
    assert scene.is_now(task)["StartTime"] == "2030-01-01T13:00:00Z"


# Whether it runs.


def test_running_false_stops_a_task_and_true_restarts_it(scene: Scene) -> None:
    """Each is one call, after which nothing differs."""
    task = scene.make(RUNNING)
    state = scene.update(task, running=False)
    assert scene.done() == [STOP]
    assert (state["running"], state["status"]) == (False, "stopped")
    stopped = Found(task.id, {**task.inputs, "running": False}, state)
    scene.emulator.journal.clear()
    state = scene.update(stopped, running=True)
    assert scene.done() == [RESTART]
    assert (state["running"], state["status"]) == (True, "running")


@pytest.mark.parametrize(
    ("status", "running", "done"),
    [(RUNNING, True, []), (RECOVERING, True, []), (IDLE, True, []), (STOPPED, True, [RESTART])],
)
def test_running_true_restarts_only_what_is_stopped(
    scene: Scene, status: int, running: bool, done: list[str]
) -> None:
    """A restart interrupts the push, and before the start it has no effect."""
    task = scene.make(status)
    desired = LivePullToPush.from_inputs(
        LivePullToPush.by_field({**task.inputs, "running": running})
    )
    desired.update(scene.api, task.id, {"running"})
    assert scene.done() == done


def test_running_false_of_what_is_stopped_is_success(scene: Scene) -> None:
    """Somebody else stopped it first."""
    task = scene.make(RUNNING)
    scene.become(task, STOPPED)
    state = scene.update(task, running=False)
    assert state["running"] is False


def test_a_task_can_be_made_stopped(scene: Scene) -> None:
    """Within its window the vendor starts it at once, so it is stopped after its creation."""
    inputs = checked({**TASK, "running": False}, scene.emulator)
    made = lifecycle.create(LivePullToPush, scene.api, inputs)
    assert scene.done() == [CREATE, STOP]
    assert (made.state["running"], made.state["status"]) == (False, "stopped")
    now = scene.emulator.clock.now()
    assert not lifecycle.diff(LivePullToPush, inputs, made.state, inputs, now).changed


def test_a_stop_that_came_before_the_start_shows_once_the_task_runs(scene: Scene) -> None:
    """The vendor can stop only a running task, so it starts anyway; a refresh then shows it."""
    task = scene.make(IDLE, startTime="2030-01-01T13:00:00Z")
    state = scene.update(task, running=False)
    assert state["status"] == "idle"
    news = {**task.inputs, "running": False}
    scene.emulator.clock.set(datetime(2030, 1, 1, 13, 30, tzinfo=UTC))
    found = lifecycle.read(LivePullToPush, scene.api, task.id, news, state)
    assert found is not None
    assert (found.state["running"], found.state["status"]) == (True, "running")
    now = scene.emulator.clock.now()
    assert lifecycle.diff(LivePullToPush, news, found.state, news, now).changed == {"running"}


@pytest.mark.parametrize("late_reads", [0, 1, 3])
@pytest.mark.parametrize("running", [False, True])
def test_it_waits_until_it_is_so(scene: Scene, running: bool, late_reads: int) -> None:
    """An accepted call may not be done yet; reads come after one, two, then three seconds."""
    task = scene.make(RUNNING, running=True)
    scene.become(task, RUNNING if not running else STOPPED)
    if running:
        task = Found(task.id, task.inputs, {**task.state, "running": False, "status": "stopped"})
    scene.vendor.late_reads = late_reads
    state = scene.update(task, running=running)
    assert (state["running"], state["status"]) == (running, "running" if running else "stopped")
    assert [pause for pause in scene.waited if pause >= 1] == [1, 2, 3][:late_reads]


@pytest.mark.parametrize(("running", "what"), [(False, "stop"), (True, "run")])
def test_it_waits_no_longer_than_the_limit(emulator: Emulator, running: bool, what: str) -> None:
    """The error names the task, the change it waited for, and the setting."""
    scene = Scene(emulator, waitSeconds="20")
    task = scene.make(STOPPED if running else RUNNING)
    if running:
        task = Found(task.id, task.inputs, {**task.state, "running": False})
    scene.vendor.late_reads = 1000
    with pytest.raises(Unfinished) as failure:
        scene.update(task, running=running)
    assert 20 <= sum(scene.waited) <= 25
    assert str(failure.value) == (
        f"alicloud.LivePullToPush update failed: waited 20 s for {task.id} to {what}\n"
        "Run it again to go on, or raise livepull:waitSeconds."
    )


def test_that_somebody_stopped_it_shows_where_it_should_run(scene: Scene) -> None:
    """A refresh finds it, the next preview shows it, and an update restarts it."""
    task = scene.make(RUNNING, running=True)
    assert task.state["running"] is True
    scene.become(task, STOPPED)
    found = lifecycle.read(LivePullToPush, scene.api, task.id, task.inputs, task.state)
    assert found is not None
    assert (found.state["running"], found.inputs["running"]) == (False, False)
    now = scene.emulator.clock.now()
    news = task.inputs
    assert lifecycle.diff(LivePullToPush, news, found.state, news, now).changed == {"running"}
    scene.update(Found(task.id, task.inputs, found.state))
    assert scene.done() == [RESTART]


@pytest.mark.parametrize("status", [STOPPED, RECOVERING, IDLE])
def test_without_a_word_on_it_a_stop_is_not_a_difference(scene: Scene, status: int) -> None:
    """The schedule decides, and whoever stopped it had a reason; only its status shows it."""
    task = scene.make(RUNNING)
    scene.become(task, status)
    found = lifecycle.read(LivePullToPush, scene.api, task.id, task.inputs, task.state)
    assert found is not None
    assert "running" not in found.state
    assert "running" not in found.inputs
    if status == STOPPED:
        assert found.state["status"] == "stopped"


def test_sources_of_a_stopped_task_are_changed_before_it_restarts(scene: Scene) -> None:
    """Otherwise it would briefly play the old ones."""
    task = scene.make(STOPPED, running=False)
    scene.update(task, running=True, **OTHER_SOURCE)
    assert scene.done() == [UPDATE, RESTART]


def test_what_is_to_be_stopped_is_not_started_again_for_a_change(scene: Scene) -> None:
    """Otherwise the new sources would briefly be on air."""
    task = scene.make(RUNNING, running=True)
    scene.update(task, running=False, **OTHER_SOURCE)
    assert scene.done()[:2] == [STOP, UPDATE]
    assert RESTART not in scene.done()
    assert scene.is_now(task)["TaskStatus"] == STOPPED


# Its end.


def test_a_task_that_the_vendor_removed_after_its_end_is_kept_as_expired(scene: Scene) -> None:
    """It ended as planned, so it is neither reported as gone nor created again."""
    task = scene.make(RUNNING)
    scene.emulator.clock.advance(timedelta(days=3))
    found = lifecycle.read(LivePullToPush, scene.api, task.id, task.inputs, task.state)
    assert found is not None
    assert found.state == {**task.state, "status": "expired"}
    assert found.inputs == task.inputs
    lifecycle.delete(LivePullToPush, scene.api, task.id, found.state)


def test_a_task_that_was_deleted_before_its_end_is_gone(scene: Scene) -> None:
    """Even while the vendor still returns it."""
    task = scene.make(RUNNING)
    LivePullToPush.delete(scene.api, task.id)
    assert scene.is_now(task)["TaskStatus"] == EXITED
    assert lifecycle.read(LivePullToPush, scene.api, task.id, task.inputs, task.state) is None
    scene.emulator.clock.advance(timedelta(hours=1))
    assert lifecycle.read(LivePullToPush, scene.api, task.id, task.inputs, task.state) is None


def test_a_task_that_just_ended_says_why_and_when(scene: Scene) -> None:
    """As long as the vendor returns the task; these outputs exist only for this."""
    task = scene.make(RUNNING)
    scene.emulator.clock.advance(timedelta(days=1, seconds=1))
    found = lifecycle.read(LivePullToPush, scene.api, task.id, task.inputs, task.state)
    assert found is not None
    assert found.state["status"] == "exited"
    assert found.state["taskExitReason"] == "OverEndTime"
    assert found.state["taskExitTime"] == task.inputs["endTime"]


@pytest.mark.parametrize("status", [IDLE, RUNNING, RECOVERING, STOPPED])
def test_a_task_is_deleted_in_one_call_whatever_it_does(scene: Scene, status: int) -> None:
    """The vendor stops it as part of the deletion."""
    task = scene.make(status)
    lifecycle.delete(LivePullToPush, scene.api, task.id, task.state)
    assert scene.done() == [DELETE]


# Its destination.


def test_a_taken_destination_names_the_task_that_holds_it(scene: Scene) -> None:
    """Nobody has to search for it; nothing is created or changed."""
    task = scene.make(RUNNING)
    with pytest.raises(Conflict) as failure:
        lifecycle.create(LivePullToPush, scene.api, checked(TASK, scene.emulator))
    assert failure.value.code == "CodeConfigAlreadyExists"
    assert failure.value.hint == (
        f'The task "{task.id}" pushes there: delete it, or set `adopt` to that id.'
    )
    assert "1893672000" not in str(failure.value)
    assert scene.done() == [CREATE]


def test_a_destination_that_only_looks_alike_is_not_named(scene: Scene) -> None:
    """The list's filter also finds addresses that contain this one."""
    task = scene.make(RUNNING)
    longer = scene.make(RUNNING, dstUrl=TASK["dstUrl"] + "y")  # the newest comes first
    with pytest.raises(Conflict) as failure:
        lifecycle.create(LivePullToPush, scene.api, checked(TASK, scene.emulator))
    assert task.id in failure.value.hint
    assert longer.id not in failure.value.hint


def test_a_holder_in_another_region_is_not_made_up(scene: Scene) -> None:
    """A destination is unique in the account, but a list shows one region."""
    lifecycle.create(
        LivePullToPush, scene.api, checked({**TASK, "region": "cn-beijing"}, scene.emulator)
    )
    with pytest.raises(Conflict) as failure:
        lifecycle.create(LivePullToPush, scene.api, checked(TASK, scene.emulator))
    assert failure.value.hint.startswith("Another task pushes to this `dstUrl`")


@pytest.fixture(params=["deny", "throttle", "fail", "lose_reply", "garble"])
def blind(request: pytest.FixtureRequest, scene: Scene) -> Scene:
    """A scene with a task whose destination is taken, and a list that fails once."""
    scene.make(RUNNING)
    scene.emulator.arm(request.param, LIST)
    return scene


def test_a_conflict_stays_one_where_the_holder_cannot_be_looked_for(blind: Scene) -> None:
    """The failed read must not hide it or make it look like a lost response: the task at the
    destination belongs to somebody else, and must not be taken for the new one.
    """
    with pytest.raises((ApiError, TransportError)) as failure:
        lifecycle.create(LivePullToPush, blind.api, checked(TASK, blind.emulator))
    assert isinstance(failure.value, Conflict)


def test_a_destination_is_free_once_its_task_has_gone(scene: Scene) -> None:
    """A replacement deletes the old task first and then needs its destination."""
    task = scene.make(RUNNING)
    lifecycle.delete(LivePullToPush, scene.api, task.id, task.state)
    again = lifecycle.create(LivePullToPush, scene.api, checked(TASK, scene.emulator))
    assert again.id != task.id
