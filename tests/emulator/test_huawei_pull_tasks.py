"""Pull tasks behave as the vendor's pages say, and are as strict."""

from datetime import timedelta
from typing import Any

import pytest

TASK = "/pull/stream/task"
LIVE = {
    "source_type": "PullLivePushLive",
    "source_urls": ["rtmp://play.example.com/live/s1"],
    "destination_url": "rtmp://push.example.com/live/s1",
}
VOD = {
    "source_type": "PullVodPushLive",
    "source_urls": ["https://vod.example.com/1.mp4", "https://vod.example.com/2.mp4"],
    "domain": "push.example.com",
    "app_name": "live",
    "stream_name": "s1",
}
WINDOW = {"start_time": "2025-01-02T04:00:00Z", "end_time": "2025-01-02T05:00:00Z"}


def create(call, **task: Any) -> str:
    reply = call("POST", TASK, task)
    assert reply.status_code == 200, reply.text
    return reply.json()["task_id"]


def read(call, task_id: str) -> dict[str, Any]:
    (task,) = call("GET", TASK, task_id=task_id).json()["task_infos"]
    return task


def refusal(reply) -> tuple[int, str, str]:
    body = reply.json()
    assert body["request_id"] == reply.headers["X-request-id"]
    return reply.status_code, body["error_code"], body["error_msg"]


def test_a_new_task_reads_as_it_was_created_with_defaults_for_the_rest(call) -> None:
    """api-live/CreatePullTask: start_time is now, the other defaults are the vendor's."""
    task = read(call, create(call, **LIVE))
    assert LIVE.items() <= task.items()
    assert task["start_time"] == task["create_time"] == "2025-01-02T03:04:05Z"
    assert task["vod_loop_time"] == "-1"
    assert task["vod_refresh_type"] == "immediate_new_source"
    assert len(task) == 21


def test_the_request_id_is_in_body_and_header(call) -> None:
    """Unlike callbacks, pull tasks repeat it in the body."""
    reply = call("POST", TASK, LIVE)
    assert reply.json()["request_id"] == reply.headers["X-request-id"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "unknown field colour"),
        ({"source_type": None}, "source_type must be one of"),
        ({"source_type": "PullLive"}, "source_type must be one of"),
        ({"source_urls": []}, "1 to 30 items"),
        ({"source_urls": ["rtmp://a/b"] * 31}, "1 to 30 items"),
        ({"source_urls": "rtmp://a/b"}, "1 to 30 items"),
        ({"source_urls": [5]}, "source_urls[0] must be a string"),
        ({"source_urls": ["rtmp://a/b", "rtmp://a/c"]}, "one address for PullLivePushLive"),
        ({"domain": "push.example.com"}, "domain must be empty"),
        ({"destination_url": ""}, "destination_url, or domain"),
        ({"destination_url": "", "domain": "push.example.com"}, "destination_url, or domain"),
        ({"destination_url": "r" * 2049}, "0 to 2048 characters"),
        ({"region": ""}, "1 to 64 characters"),
        ({"vod_loop_time": 3}, "vod_loop_time must be a string"),
        ({"vod_start_video_index": 1}, "at most 0"),
        ({"vod_start_video_time": True}, "must be an integer"),
        ({"vod_start_video_time": -1}, "must be an integer"),
        ({"callback_events": ["TaskEnd"]}, "callback_events[0] must be one of"),
        ({"backup_source_type": "PullVodPushLive"}, "backup_source_type must be one of"),
        ({"start_time": "2025-01-02 at four"}, "start_time must be a time"),
        ({"end_time": "2025-1-2T4:00:00Z"}, "end_time must be a time"),
        ({"end_time": 1735790400}, "end_time must be a time"),
        ({"end_time": "2025-01-02T03:04:05Z"}, "later than start_time"),
        ({"end_time": "2025-01-09T03:04:06Z"}, "at most 7 days"),
        (
            {"start_time": "2025-01-01T00:00:00Z", "end_time": "2025-01-02T03:04:05Z"},
            "later than the present",
        ),
    ],
)
def test_a_wrong_field_is_refused_by_name(call, change: dict[str, Any], words: str) -> None:
    """400 LIVE.100011001 with the field's name, and nothing is created."""
    status, code, message = refusal(call("POST", TASK, {**LIVE, **change}))
    assert (status, code) == (400, "LIVE.100011001")
    assert words in message
    assert call("GET", TASK).json()["total"] == 0


@pytest.mark.parametrize("missing", ["source_type", "source_urls"])
def test_a_required_field_is_requested(call, missing: str) -> None:
    """api-live/CreatePullTask: two fields are mandatory."""
    body = {name: value for name, value in LIVE.items() if name != missing}
    assert f"{missing} is required" in refusal(call("POST", TASK, body))[2]


def test_exactly_seven_days_are_accepted(call) -> None:
    """The limit is inclusive."""
    create(call, **LIVE, end_time="2025-01-09T03:04:05Z")


def test_an_empty_loop_time_means_the_default(call) -> None:
    """api-live/CreatePullTask: absent or empty is "-1"."""
    assert read(call, create(call, **{**VOD, "vod_loop_time": ""}))["vod_loop_time"] == "-1"


def test_an_unknown_ingest_domain_is_refused_once_domains_are_seeded(call) -> None:
    """404 LIVE.103011019; before seeding, every domain exists."""
    create(call, **VOD)
    call.emulator.seed({"huaweicloud": {"domains": ["other.example.com"]}})
    assert refusal(call("POST", TASK, VOD))[:2] == (404, "LIVE.103011019")
    create(call, **{**VOD, "domain": "other.example.com"})


def test_the_list_is_newest_first_and_pages(call) -> None:
    """Offset and limit cut the list; total counts all."""
    made = [create(call, **LIVE) for _ in range(12)]
    first = call("GET", TASK).json()
    assert [task["task_id"] for task in first["task_infos"]] == made[:1:-1]
    last = call("GET", TASK, offset=10, limit=100).json()
    assert [task["task_id"] for task in last["task_infos"]] == made[1::-1]
    assert first["total"] == last["total"] == 12


def test_the_list_filters_by_region_and_id(call) -> None:
    """An unknown id returns an empty list, not an error."""
    north, _east = create(call, **LIVE), create(call, **LIVE, region="cn-east-3")
    found = call("GET", TASK, region="cn-north-4").json()
    assert [task["task_id"] for task in found["task_infos"]] == [north]
    assert call("GET", TASK, task_id=north, region="cn-east-3").json()["total"] == 0
    assert call("GET", TASK, task_id="none").json()["task_infos"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": [1, 2]},
        {"limit": 101},
        {"offset": -1},
        {"limit": "ten"},
        {"status": "running"},
    ],
)
def test_a_wrong_query_is_refused(call, query: dict[str, Any]) -> None:
    """Unknown parameters and values out of range are errors."""
    assert refusal(call("GET", TASK, **query))[:2] == (400, "LIVE.100011001")


def test_tasks_of_another_project_are_not_seen(call) -> None:
    """Each project has its own state."""
    create(call, **LIVE)
    assert "f" * 32 not in call.emulator.huaweicloud.state.projects
    call.emulator.seed({"huaweicloud": {"tasks": {"f" * 32: [LIVE]}}})
    assert call("GET", TASK).json()["total"] == 1


def test_a_modify_of_a_vod_task_replaces_all_that_can_change(call) -> None:
    """A field that is left out returns to its default, except the sources, which stay."""
    task_id = create(call, **VOD, **WINDOW, vod_loop_time="3", callback_events=["TaskStart"])
    reply = call("PUT", TASK, {"task_id": task_id, "vod_start_video_index": 1})
    assert reply.json()["task_id"] == task_id
    task = read(call, task_id)
    assert VOD.items() <= task.items()
    assert (task["vod_start_video_index"], task["vod_loop_time"]) == (1, "-1")
    assert (task["start_time"], task["end_time"]) == ("2025-01-02T03:04:05Z", "")
    assert task["callback_events"] == []


def test_a_modify_of_a_live_task_succeeds_and_does_nothing(call) -> None:
    """As documented: only VOD tasks can change."""
    task_id = create(call, **LIVE)
    before = read(call, task_id)
    change = {"task_id": task_id, "source_urls": ["rtmp://play.example.com/live/s2"]}
    assert call("PUT", TASK, change).status_code == 200
    assert read(call, task_id) == before


@pytest.mark.parametrize("name", ["region", "domain", "callback_url", "source_type", "push_args"])
def test_a_modify_refuses_what_it_does_not_take(call, name: str) -> None:
    """api-live/ModifyPullTask has fewer fields than create."""
    body = {"task_id": create(call, **VOD), name: "x"}
    assert f"unknown field {name}" in refusal(call("PUT", TASK, body))[2]


def test_a_modify_checks_as_strictly_as_a_create(call) -> None:
    """The index must refer to one of the task's new sources."""
    body = {"task_id": create(call, **VOD), "vod_start_video_index": 2}
    assert "at most 1" in refusal(call("PUT", TASK, body))[2]


def test_a_task_waits_runs_and_finishes_by_the_clock(call) -> None:
    """The status follows the emulator's clock, and a finished task stays listed."""
    task_id = create(call, **VOD, **WINDOW)
    seen = []
    for _ in range(3):
        seen.append(read(call, task_id)["status"])
        call.emulator.clock.advance(timedelta(hours=1))
    assert seen == ["waiting", "running", "finished"]


def test_a_task_can_be_paused_and_enabled(call) -> None:
    """Modify sets the state; without it, the state does not change."""
    task_id = create(call, **VOD)
    seen = []
    for state in ({"status": "pause"}, {}, {"status": "enable"}):
        call("PUT", TASK, {"task_id": task_id, **state})
        seen.append(read(call, task_id)["status"])
    assert seen == ["pause", "pause", "running"]


def test_a_deleted_task_is_gone(call) -> None:
    """A second delete and a modify find nothing."""
    task_id = create(call, **VOD)
    assert refusal(call("DELETE", TASK, task_id=task_id, region="cn-east-3"))[0] == 400
    assert call("DELETE", TASK, task_id=task_id).json()["task_id"] == task_id
    assert call("GET", TASK).json()["total"] == 0
    gone = (400, "LIVE.100011001")
    assert refusal(call("DELETE", TASK, task_id=task_id))[:2] == gone
    assert refusal(call("PUT", TASK, {"task_id": task_id}))[:2] == gone


def test_a_body_that_is_not_a_json_object_is_refused(call) -> None:
    """Other JSON types, broken JSON and other content types are refused."""
    assert "must be a JSON object" in refusal(call("POST", TASK, []))[2]
    assert "is not JSON" in refusal(call("POST", TASK))[2]
    call.content_type = "text/plain"
    assert refusal(call("POST", TASK, LIVE))[:2] == (400, "LIVE.100011012")


def test_a_write_takes_no_query(call) -> None:
    """A parameter in the wrong place is an error too."""
    assert "unknown field region" in refusal(call("POST", TASK, LIVE, region="cn-north-4"))[2]


def test_an_operation_that_is_not_emulated_says_so(call) -> None:
    """501 in the vendor's envelope; a wrong method on a known path is the vendor's own error."""
    assert refusal(call("GET", "/stream/blocks"))[:2] == (501, "EMULATOR.NotEmulated")
    assert call("PATCH", TASK, {}).json()["error_code"] == "LIVE.100011011"


def test_ids_restart_after_a_reset(call) -> None:
    """Tests can rely on them."""
    first = create(call, **LIVE)
    assert create(call, **LIVE) != first
    call.emulator.reset()
    assert create(call, **LIVE) == first
    assert call("GET", TASK).json()["total"] == 1


def test_a_project_is_found_by_its_region_name(call) -> None:
    """api-iam/iam_06_0001: every name has one project, until projects are seeded."""
    (project,) = call("GET", "/v3/projects", name="cn-north-4").json()["projects"]
    assert (project["name"], len(project["id"])) == ("cn-north-4", 32)
    call.emulator.seed({"huaweicloud": {"projects": {"cn-east-3": "e" * 32}}})
    found = call("GET", "/v3/projects", name="cn-east-3").json()
    assert found["projects"] == [{"id": "e" * 32, "name": "cn-east-3"}]
    assert call("GET", "/v3/projects", name="cn-north-4").json()["projects"] == []


@pytest.mark.parametrize("start", ["2025-01-02T04:00:00", "2025-01-02T04:00:00+00:00"])
def test_a_time_as_the_sdk_for_python_prints_it_is_taken(call, start: str) -> None:
    """The SDK's type is datetime. A read returns it in the usual format."""
    given = LIVE | WINDOW | {"start_time": start}
    assert call("POST", "/pull/stream/task", given).status_code == 200
    (task,) = call("GET", "/pull/stream/task").json()["task_infos"]
    assert task["start_time"] == "2025-01-02T04:00:00Z"
