"""update and delete: the complete settings are sent, and what is gone already is deleted."""

from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ApiError, Conflict, Denied, Throttled
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
def test_an_update_that_cannot_be_read_back_is_kept_as_it_was_asked_for(
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
