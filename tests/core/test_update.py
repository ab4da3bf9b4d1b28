"""update and delete: the complete settings are sent, and what is gone already is deleted."""

from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Found, Unfinished
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import ServerDefault, WriteOnly
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ApiError, Conflict, Denied, Throttled, WaitError
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.core.conftest import Go, Line
from tests.core.samples import (
    CALLBACK,
    FILES,
    KEY,
    LIVE,
    Inputs,
    callbacks,
    checked,
    tasks,
)

TASK = FILES | {"endTime": "2030-01-03T12:00:00Z", "vodLoopTime": 3, "running": False}
SIGNED = CALLBACK | {"key": KEY, "signType": "MD5"}

kinds = pytest.mark.parametrize(
    ("resource", "given", "verb"),
    [(PullTask, LIVE, "DeletePullTask"), (RecordCallback, CALLBACK, "DeleteRecordCallbackConfig")],
    ids=["task", "callback"],
)


def make(api: Client, given: Inputs, resource: type[Resource] = PullTask) -> Found:
    """Create what checked inputs say."""
    return lifecycle.create(resource, api, checked(resource, given))


def edit(
    api: Client, made: Found, given: Inputs, resource: type[Resource] = PullTask
) -> dict[str, Any]:
    """Update what was made to other inputs."""
    news = checked(resource, given)
    return lifecycle.update(resource, api, made.id, made.inputs, made.state, news)


def test_a_task_gets_its_complete_settings(api: Client, emulator: Emulator, line: Line) -> None:
    """What is left out may fall back to a default, so all that can change is sent."""
    given = FILES | {
        "startTime": "2030-01-01T13:00:00Z",
        "endTime": "2030-01-03T12:00:00Z",
        "callbackEvents": ["TaskExit"],
        "running": False,
        "callbackUrl": "https://hooks.example.com/",
    }
    made = make(api, given)
    line.requests.clear()
    state = edit(api, made, given | {"vodLoopTime": 3})
    assert line.bodies("PUT") == [
        {
            "task_id": tasks(emulator)[0]["task_id"],
            "source_urls": FILES["sourceUrls"],
            "start_time": "2030-01-01T13:00:00Z",
            "end_time": "2030-01-03T12:00:00Z",
            "vod_loop_time": "3",
            "vod_refresh_type": "immediate_new_source",
            "vod_start_video_index": 0,
            "vod_start_video_time": 0,
            "callback_events": ["TaskExit"],
            "status": "pause",
        }
    ]
    assert state == made.state | {"vodLoopTime": 3}


@pytest.mark.parametrize(
    ("name", "value", "wire_name", "default"),
    [
        ("vodLoopTime", 3, "vod_loop_time", "-1"),
        ("vodRefreshType", "continue_from_file_start", "vod_refresh_type", "immediate_new_source"),
        ("vodStartVideoIndex", 1, "vod_start_video_index", 0),
        ("vodStartVideoTime", 9, "vod_start_video_time", 0),
    ],
)
def test_a_cleared_setting_is_sent_as_its_default(
    api: Client,
    emulator: Emulator,
    line: Line,
    name: str,
    value: Any,
    wire_name: str,
    default: Any,
) -> None:
    """To leave it out might keep the old value, unseen."""
    made = make(api, FILES | {name: value})
    state = edit(api, made, FILES)
    assert line.bodies("PUT")[-1][wire_name] == default
    assert tasks(emulator)[0][wire_name] == default
    assert lifecycle.diff(PullTask, made.inputs, state, FILES, api.now()).changed == set()


class Forgetful(PullTask, token=PullTask.token):
    """A task of which the vendor never shows where it began."""

    vod_start_video_index: WriteOnly[ServerDefault[int | None]] = None


def test_what_is_left_out_and_never_shown_stays_as_its_preview_says(api: Client) -> None:
    """It is still so at the vendor's, and nobody asked for a change."""
    made = make(api, FILES | {"vodStartVideoIndex": 1}, Forgetful)
    news = checked(Forgetful, FILES | {"vodLoopTime": 3})
    planned = lifecycle.preview(Forgetful, made.inputs, made.state, news)
    state = lifecycle.update(Forgetful, api, made.id, made.inputs, made.state, news)
    assert state["vodStartVideoIndex"] == planned["vodStartVideoIndex"] == 1


def test_a_callback_gets_its_complete_settings_and_its_key(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """Whether the vendor keeps a key that is left out is not documented."""
    made = make(api, SIGNED, RecordCallback)
    state = edit(
        api, made, SIGNED | {"notifyCallbackUrl": "https://new.example.com/"}, RecordCallback
    )
    assert line.bodies("PUT") == [
        {
            "publish_domain": "push.example.com",
            "app": "live",
            "notify_callback_url": "https://new.example.com/",
            "notify_event_subscription": ["RECORD_FILE_COMPLETE"],
            "sign_type": "MD5",
            "key": KEY,
        }
    ]
    assert callbacks(emulator)[0]["key"] == KEY
    assert state["key"] == KEY
    assert state["keyFingerprint"] == made.state["keyFingerprint"]


def test_a_new_key_is_sent_and_its_fingerprint_changes(api: Client, emulator: Emulator) -> None:
    """The fingerprint is what a reviewer sees of it."""
    made = make(api, SIGNED, RecordCallback)
    state = edit(api, made, SIGNED | {"key": KEY[::-1]}, RecordCallback)
    assert callbacks(emulator)[0]["key"] == KEY[::-1]
    assert state["keyFingerprint"] != made.state["keyFingerprint"]


def test_a_first_key_gets_a_fingerprint(api: Client) -> None:
    """Without a key there is none."""
    made = make(api, CALLBACK, RecordCallback)
    assert "keyFingerprint" not in made.state
    assert len(edit(api, made, SIGNED, RecordCallback)["keyFingerprint"]) == 12


def test_an_update_is_sent_again_after_a_lost_answer(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """It carries the complete settings, so that twice is as good as once."""
    made = make(api, FILES)
    emulator.arm("fail_after", "ModifyPullTask", 2, status=503)
    assert edit(api, made, FILES | {"vodLoopTime": 3})["vodLoopTime"] == 3
    assert len(line.bodies("PUT")) == 3


@pytest.mark.parametrize("fault", ["deny", "garble"])
def test_an_update_that_cannot_be_read_back_is_kept_as_it_was_requested(
    api: Client, emulator: Emulator, fault: str
) -> None:
    """It has happened, so the state must not be the old one; what else was known of it stays."""
    made = make(api, FILES)
    emulator.arm(fault, "ListPullTasks", 100)
    state = edit(api, made, FILES | {"vodLoopTime": 3})
    assert {name: state[name] for name in FILES} == FILES
    assert state["vodLoopTime"] == 3
    assert (state["taskId"], state["projectId"]) == (made.state["taskId"], made.state["projectId"])


def test_an_update_that_fails_says_so(api: Client, emulator: Emulator) -> None:
    """And its secrets stay out of the message."""
    made = make(api, FILES)
    emulator.arm("deny", "ModifyPullTask")
    with pytest.raises(Denied, match=r"^huaweicloud\.PullTask update failed: APIG\.0306"):
        edit(api, made, FILES | {"vodLoopTime": 3})


# A change that came about in part.

EDITED = FILES | {"vodLoopTime": 3}


def answer(line: Line, method: str, response: httpx.Response, *, done: bool) -> None:
    """Let the vendor answer a method so, after it did the work or did not."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method != method:
            return go()
        if done:
            go()
        return response

    line.meddle = meddle


REFUSED = httpx.Response(400, json={"error_code": "LIVE.1", "error_msg": "cannot pause"})


def test_a_change_that_came_about_in_part_is_unfinished(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """What there is now is handed on, beside the vendor's own words, for the state."""
    made = make(api, FILES)
    answer(line, "PUT", REFUSED, done=True)
    with pytest.raises(Unfinished) as failure:
        edit(api, made, EDITED)
    assert str(failure.value).startswith(
        'huaweicloud.PullTask update failed: LIVE.1 "cannot pause" (HTTP 400)\n'
    )
    left = failure.value.found
    assert (left.id, left.inputs, left.state["vodLoopTime"]) == (made.id, EDITED, 3)


def test_a_failure_that_left_another_status_is_unfinished(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """A task that was stopped for a change must not be forgotten when the edit is taken back."""
    made = make(api, FILES)
    tasks(emulator)[0]["status"] = "pause"
    answer(line, "PUT", REFUSED, done=False)
    with pytest.raises(Unfinished) as failure:
        edit(api, made, EDITED)
    assert failure.value.found.state == made.state | {"status": "pause"}
    assert failure.value.found.inputs == made.inputs


def test_a_change_that_nobody_saw_come_about_is_unfinished(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor took it, so it may still come: a program that takes it back needs an update."""
    made = make(api, FILES)

    def update(self: PullTask, api: Client, resource_id: str, changed: set[str]) -> None:
        raise WaitError("waited 5 s for it to pause")

    monkeypatch.setattr(PullTask, "update", update)
    with pytest.raises(Unfinished, match="waited 5 s") as failure:
        edit(api, made, FILES | {"running": False})
    assert failure.value.found == made


def test_a_failure_that_left_all_as_it_was_is_just_that(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """What moves by itself is no part of a change: the engine may keep the old state."""
    made = make(api, CALLBACK, RecordCallback)
    callbacks(emulator)[0]["update_time"] = "2030-01-01T13:00:00Z"
    answer(line, "PUT", REFUSED, done=False)
    with pytest.raises(ApiError) as failure:
        edit(api, made, CALLBACK | {"signType": "MD5"}, RecordCallback)
    assert failure.value.code == "LIVE.1"


def test_a_failure_that_nobody_can_look_into_is_just_that(api: Client, emulator: Emulator) -> None:
    """The first failure is the one to tell, and nothing is said of what nobody saw."""
    made = make(api, FILES)
    emulator.arm("deny", "ModifyPullTask")
    emulator.arm("garble", "ListPullTasks", 100)
    with pytest.raises(Denied, match=r"update failed: APIG\.0306") as failure:
        edit(api, made, EDITED)
    assert failure.value.hint.startswith("Give the user of this access key")
    assert failure.value.__suppress_context__


def test_a_change_of_what_is_gone_says_so(api: Client) -> None:
    """Only a refresh can make it new."""
    made = make(api, FILES)
    PullTask.delete(api, made.id)  # type: ignore[arg-type]  # a client of this vendor
    with pytest.raises(ApiError) as failure:
        edit(api, made, EDITED)
    assert not isinstance(failure.value, Unfinished)
    assert failure.value.hint == (
        "It was deleted outside this stack: run pulumi refresh, then pulumi up to create a new one."
    )


def test_a_cancelled_change_is_looked_into_all_the_same(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """It was sent already, and the user's interrupt does not call it back."""
    made = make(api, FILES)

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        response = go()
        if request.method == "PUT":
            api._cancel.set()
            raise httpx.ReadTimeout("it broke")
        return response

    line.meddle = meddle
    with pytest.raises(Unfinished) as failure:
        edit(api, made, EDITED)
    assert failure.value.found.state["vodLoopTime"] == 3


def test_an_update_without_a_difference_brings_every_setting_about(
    api: Client, emulator: Emulator, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It means that the last one was left unfinished: nobody knows in what."""
    given = TASK | {"region": "cn-north-4", "callbackUrl": "https://hooks.example.com/"}
    made = make(api, given)
    asked: list[set[str]] = []
    update = PullTask.update

    def spied(self: PullTask, api: Any, resource_id: str, changed: set[str]) -> None:
        asked.append(changed)
        update(self, api, resource_id, changed)

    monkeypatch.setattr(PullTask, "update", spied)
    tasks(emulator)[0] |= {"vod_loop_time": "9", "status": "running"}
    state = edit(api, made, given)
    assert asked == [{"source_urls", "end_time", "vod_loop_time", "running"}]
    assert state == made.state
    assert (tasks(emulator)[0]["vod_loop_time"], tasks(emulator)[0]["status"]) == ("3", "pause")


# Deleting.


@kinds
def test_deleting_twice_is_as_good_as_once(
    api: Client, emulator: Emulator, resource: type[Resource], given: Inputs, verb: str
) -> None:
    """That it is gone already is what was wanted."""
    made = make(api, given, resource)
    lifecycle.delete(resource, api, made.id, made.state)
    lifecycle.delete(resource, api, made.id, made.state)
    assert (tasks(emulator), callbacks(emulator)) == ([], [])


@kinds
@pytest.mark.parametrize("fault", ["lose_reply", "fail_after", "garble", "throttle"])
def test_a_deletion_is_sent_again_after_a_lost_answer(
    api: Client,
    emulator: Emulator,
    resource: type[Resource],
    given: Inputs,
    verb: str,
    fault: str,
) -> None:
    """The second time it is gone, which is success."""
    made = make(api, given, resource)
    emulator.arm(fault, verb)
    lifecycle.delete(resource, api, made.id, made.state)
    assert (tasks(emulator), callbacks(emulator)) == ([], [])


@kinds
@pytest.mark.parametrize(("fault", "error"), [("deny", Denied), ("throttle", Throttled)])
def test_a_deletion_that_was_not_let_through_is_a_failure(
    api: Client,
    emulator: Emulator,
    line: Line,
    resource: type[Resource],
    given: Inputs,
    verb: str,
    fault: str,
    error: type[ApiError],
) -> None:
    """It says nothing of the thing, so nobody looks either."""
    made = make(api, given, resource)
    emulator.arm(fault, verb, 100)
    line.requests.clear()
    with pytest.raises(error, match=r"delete failed: APIG\."):
        lifecycle.delete(resource, api, made.id, made.state)
    assert {request.method for request in line.requests} == {"DELETE"}


@kinds
def test_a_refused_deletion_of_what_is_there_is_a_failure(
    api: Client, line: Line, resource: type[Resource], given: Inputs, verb: str
) -> None:
    """The same code may mean "gone" and "not now": a look tells."""
    made = make(api, given, resource)

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "DELETE":
            refusal = {"error_code": "LIVE.103011022", "error_msg": "recording"}
            return httpx.Response(400, json=refusal)
        return go()

    line.meddle = meddle
    with pytest.raises(Conflict) as failure:
        lifecycle.delete(resource, api, made.id, made.state)
    assert str(failure.value) == (
        f'{resource.label()} delete failed: LIVE.103011022 "recording" (HTTP 400)\n'
        "Look in the Live console at the state of the domain, which does not allow this now, and "
        "run it again."
    )
