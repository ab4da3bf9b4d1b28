"""Pull-to-push tasks of Alibaba Cloud behave as the vendor's pages say, and are as strict."""

import json
from datetime import timedelta
from typing import Any

import pytest

REGION = "cn-shanghai"
WINDOW = {"StartTime": "2025-01-02T03:04:05Z", "EndTime": "2025-01-03T03:04:05Z"}
LATER = {"StartTime": "2025-01-02T04:04:05Z", "EndTime": "2025-01-02T05:04:05Z"}
LIVE = {
    **WINDOW,
    "Region": REGION,
    "SourceType": "live",
    "SourceProtocol": "rtmp",
    "SourceUrls": '["rtmp://pull.example.com/app/s1"]',
    "DstUrl": "rtmp://push.example.com/app/s1",
}
FILES = {
    **LIVE,
    "SourceType": "url",
    "SourceUrls": '["https://v.example.com/1.mp4", "https://v.example.com/2.mp4"]',
}


def create(ali, **task: Any) -> dict[str, str]:
    reply = ali("CreateLivePullToPush", **task)
    assert reply.status_code == 200, reply.text
    assert (reply.json()["RetCode"], bool(reply.json()["RequestId"])) == (0, True)
    return {"Region": task["Region"], "TaskId": reply.json()["TaskId"]}


def describe(ali, which: dict[str, str]) -> dict[str, Any]:
    reply = ali("DescribeLivePullToPush", **which)
    assert reply.status_code == 200, reply.text
    return reply.json()


def names(ali, **query: Any) -> list[str]:
    found = ali("DescribeLivePullToPushList", Region=REGION, **query).json()["TaskList"]
    return [task["TaskInfo"]["TaskName"] for task in found]


def refusal(reply) -> tuple[int, str]:
    body = reply.json()
    assert set(body) == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    assert body["HostId"] == "live.aliyuncs.com"
    return reply.status_code, body["Code"]


def test_a_new_task_reads_as_it_was_created_with_defaults_for_the_rest(ali) -> None:
    """SourceUrls is sent as a string and returned as a list; CallbackUrl is returned as
    CallbackURL.
    """
    given = {**FILES, "CallbackUrl": "https://hook.example.com/", "TaskName": "n", "FileIndex": 1}
    task = describe(ali, create(ali, **given))
    info = task["TaskInfo"]
    assert task["TaskStatus"] == 1
    assert task["CurrentFileIndex"] == info["FileIndex"] == 1
    assert info["SourceUrls"] == json.loads(FILES["SourceUrls"])
    assert info["CallbackURL"] == "https://hook.example.com/"
    assert (info["RetryInterval"], info["RetryCount"], info["RepeatNumber"]) == (60, 3, 0)
    assert "CallbackUrl" not in info
    assert not {"Region", "TaskInvalidReason", "TaskExitReason", "TaskExitTime"} & task.keys()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_parameters_are_in_the_query_of_either_method(ali, method: str) -> None:
    """A body is refused."""
    ali.method = method
    which = create(ali, **LIVE)
    assert describe(ali, which)["TaskId"] == which["TaskId"]
    assert refusal(ali("DescribeLivePullToPush", b"Region=x", **which)) == (400, "InvalidParameter")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Colour": "red"}, "unknown field Colour"),
        ({"Region": "mars"}, "Region must be one of"),
        ({"StartTime": "2025-01-02 03:04:05"}, "StartTime must be a time"),
        ({"EndTime": "2025-01-02T03:04:04Z", "StartTime": "2025-01-01T00:00:00Z"}, "the present"),
        ({"SourceType": "file"}, "SourceType must be one of"),
        ({"SourceProtocol": "rtsp"}, "SourceProtocol must be one of"),
        ({"SourceUrls": "rtmp://a/b"}, "SourceUrls must be JSON"),
        ({"SourceUrls": '"rtmp://a/b"'}, "SourceUrls must be a list"),
        ({"SourceUrls": "[]"}, "1 to 30 items"),
        ({"SourceUrls": json.dumps(["u"] * 31)}, "1 to 30 items"),
        ({"SourceUrls": '["rtmp://a/b", "rtmp://a/c"]'}, "must hold one address"),
        ({"SourceUrls": "[1]"}, "SourceUrls[0] must be a string"),
        ({"DstUrl": "https://push.example.com/"}, "DstUrl must be an RTMP address"),
        ({"DstUrl": "rtmp://" + "x" * 1994}, "DstUrl must be an RTMP address"),
        ({"CallbackUrl": "x" * 2001}, "0 to 2000 characters"),
        ({"RepeatNumber": -2}, "from -1"),
        ({"RepeatNumber": "twice"}, "must be an integer"),
        ({"Offset": 0}, "from 1"),
        ({"RetryInterval": 59}, "from 60 to 300"),
        ({"RetryInterval": 301}, "from 60 to 300"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(ali, change: dict[str, Any], words: str) -> None:
    """400 InvalidParameter with the parameter's name, and nothing is created."""
    reply = ali("CreateLivePullToPush", **{**LIVE, **change})
    assert refusal(reply) == (400, "InvalidParameter")
    assert words in reply.json()["Message"]
    assert names(ali) == []


@pytest.mark.parametrize("missing", LIVE)
def test_a_required_parameter_is_requested(ali, missing: str) -> None:
    """A live task also needs its protocol."""
    task = {name: value for name, value in LIVE.items() if name != missing}
    reply = ali("CreateLivePullToPush", **task)
    assert refusal(reply) == (400, "InvalidParameter")
    assert f"{missing} is required" in reply.json()["Message"]


def test_a_start_that_is_not_before_the_end_has_a_code_of_its_own(ali) -> None:
    """InvalidParam.CodeIllegalDuration, on create and on update."""
    wrong = {"StartTime": "2025-01-04T00:00:00Z", "EndTime": "2025-01-04T00:00:00Z"}
    illegal = (400, "InvalidParam.CodeIllegalDuration")
    assert refusal(ali("CreateLivePullToPush", **{**LIVE, **wrong})) == illegal
    which = create(ali, **{**LIVE, **LATER})
    assert refusal(ali("UpdateLivePullToPush", **which, **wrong)) == illegal


def test_more_than_seven_days_are_accepted(ali) -> None:
    """The newest page has no longest duration."""
    create(ali, **{**LIVE, "EndTime": "2025-02-02T00:00:00Z"})


def test_the_common_parameters_do_nothing(ali) -> None:
    """RegionId and OwnerId may be sent with any call."""
    which = create(ali, **LIVE, RegionId="cn-beijing", OwnerId=5)
    assert "RegionId" not in describe(ali, which)["TaskInfo"]


def test_a_task_is_found_in_its_own_region_alone(ali) -> None:
    """The region is part of the key, on every call."""
    which = create(ali, **LIVE)
    elsewhere = {**which, "Region": "cn-beijing"}
    for action in ("Describe", "Stop", "Restart", "Update", "Delete"):
        reply = ali(f"{action}LivePullToPush", **elsewhere)
        assert refusal(reply) == (400, "CodeTaskNotExist")
        reply = ali(f"{action}LivePullToPush", TaskId=which["TaskId"])
        assert "Region is required" in reply.json()["Message"]
    assert describe(ali, which)["TaskStatus"] == 1


def test_two_living_tasks_cannot_push_to_one_address(ali) -> None:
    """CodeConfigAlreadyExists, in any region; the address is free once the task has exited."""
    which = create(ali, **LIVE)
    again = {**LIVE, "Region": "cn-beijing"}
    assert refusal(ali("CreateLivePullToPush", **again)) == (400, "CodeConfigAlreadyExists")
    ali("StopLivePullToPush", **which)
    assert refusal(ali("CreateLivePullToPush", **again)) == (400, "CodeConfigAlreadyExists")
    ali("DeleteLivePullToPush", **which)
    create(ali, **again)


def test_an_update_changes_what_is_given_and_keeps_the_rest(ali) -> None:
    """A task that has not started accepts all parameters of an update."""
    which = create(ali, **{**FILES, **LATER, "RepeatNumber": 2, "CallbackUrl": "https://a/"})
    change = {
        "EndTime": "2025-01-02T06:04:05Z",
        "SourceUrls": '["https://v.example.com/3.mp4"]',
        "CallbackUrl": "",
    }
    assert ali("UpdateLivePullToPush", **which, **change).json()["RetCode"] == 0
    info = describe(ali, which)["TaskInfo"]
    assert (info["EndTime"], info["CallbackURL"]) == ("2025-01-02T06:04:05Z", "")
    assert info["SourceUrls"] == ["https://v.example.com/3.mp4"]
    assert (info["StartTime"], info["RepeatNumber"]) == (LATER["StartTime"], 2)


@pytest.mark.parametrize("status", [1, 2])
def test_a_running_task_takes_only_two_parameters(ali, emulator, status: int) -> None:
    """Running or retrying: CallbackUrl and RepeatNumber."""
    which = create(ali, **FILES)
    change = {"TaskId": which["TaskId"], "TaskStatus": status}
    emulator.seed({"alicloud": {"tasks": {REGION: [change]}}})
    assert describe(ali, which)["TaskStatus"] == status
    for name, value in (("EndTime", LATER["EndTime"]), ("SourceUrls", '["u"]'), ("FileIndex", 1)):
        reply = ali("UpdateLivePullToPush", **which, **{name: value})
        assert refusal(reply) == (400, "InvalidParameter")
        assert f"{name} cannot change while" in reply.json()["Message"]
    change = {"CallbackUrl": "https://b/", "RepeatNumber": -1}
    assert ali("UpdateLivePullToPush", **which, **change).status_code == 200
    info = describe(ali, which)["TaskInfo"]
    assert (info["CallbackURL"], info["RepeatNumber"]) == ("https://b/", -1)


def test_a_stopped_task_takes_what_has_effect_after_its_restart(ali) -> None:
    """FileIndex, Offset and SourceUrls; the position changes only then."""
    which = create(ali, **FILES)
    ali("StopLivePullToPush", **which)
    change = {"FileIndex": 1, "Offset": 30, "SourceUrls": '["https://a/1", "https://a/2"]'}
    assert ali("UpdateLivePullToPush", **which, **change).status_code == 200
    before = describe(ali, which)
    assert (before["CurrentFileIndex"], before["TaskInfo"]["FileIndex"]) == (0, 1)
    ali("RestartLivePullToPush", **which)
    after = describe(ali, which)
    assert (after["CurrentFileIndex"], after["CurrentOffset"], after["TaskStatus"]) == (1, 30, 1)


@pytest.mark.parametrize("name", ["TaskName", "DstUrl", "SourceType", "RetryCount", "RepeatTime"])
def test_an_update_refuses_what_it_does_not_take(ali, name: str) -> None:
    """The page's text names three parameters that do not exist."""
    which = create(ali, **{**LIVE, **LATER})
    reply = ali("UpdateLivePullToPush", **which, **{name: "x"})
    assert f"unknown field {name}" in reply.json()["Message"]


def test_a_task_waits_runs_and_exits_by_the_clock(ali, emulator) -> None:
    """At its end it exits by itself, can be read for a while, and is then gone."""
    which = create(ali, **{**LIVE, **LATER})
    seen = []
    for _ in range(3):
        seen.append(describe(ali, which)["TaskStatus"])
        emulator.clock.advance(timedelta(hours=1))
    assert seen == [0, 1, -1]
    assert refusal(ali("DescribeLivePullToPush", **which)) == (400, "CodeTaskNotExist")
    assert emulator.alicloud.snapshot()["tasks"] == {REGION: []}


def test_an_exited_task_says_why_and_when(ali, emulator) -> None:
    """TaskExitTime is in Unix seconds; only reads find the task."""
    which = create(ali, **LIVE)
    emulator.clock.advance(timedelta(days=1))
    task = describe(ali, which)
    assert (task["TaskExitReason"], task["TaskExitTime"]) == ("OverEndTime", 1735873445)
    for action in ("Stop", "Restart", "Update", "Delete"):
        reply = ali(f"{action}LivePullToPush", **which)
        assert refusal(reply) == (400, "CodeTaskNotExist")
    assert names(ali) == [""]


def test_how_long_an_exited_task_stays_can_be_set(ali, emulator) -> None:
    """The pages do not say how long, so a test may choose."""
    emulator.seed({"alicloud": {"exited_seconds": 0}})
    which = create(ali, **LIVE)
    ali("DeleteLivePullToPush", **which)
    assert refusal(ali("DescribeLivePullToPush", **which)) == (400, "CodeTaskNotExist")


def test_a_stopped_task_stays_stopped_and_says_why(ali, emulator) -> None:
    """A second stop is CodeTaskHasStopped; at its end it exits like any other."""
    which = create(ali, **LIVE)
    assert ali("StopLivePullToPush", **which).json()["TaskId"] == which["TaskId"]
    task = describe(ali, which)
    assert (task["TaskStatus"], task["TaskInvalidReason"]) == (3, "TriggerByUser")
    assert refusal(ali("StopLivePullToPush", **which)) == (400, "CodeTaskHasStopped")
    emulator.clock.advance(timedelta(days=1))
    assert describe(ali, which)["TaskStatus"] == -1


def test_a_restart_before_the_start_does_nothing(ali) -> None:
    """A task that has not started cannot be stopped either."""
    which = create(ali, **{**LIVE, **LATER})
    assert ali("RestartLivePullToPush", **which).json()["TaskId"] == which["TaskId"]
    assert describe(ali, which)["TaskStatus"] == 0
    assert refusal(ali("StopLivePullToPush", **which)) == (400, "CodeTaskHasStopped")


def test_a_stopped_task_whose_start_was_moved_stays_stopped(ali) -> None:
    """A restart has no effect before the start, whatever the task did before."""
    which = create(ali, **LIVE)
    ali("StopLivePullToPush", **which)
    ali("UpdateLivePullToPush", **which, **LATER)
    assert ali("RestartLivePullToPush", **which).status_code == 200
    assert describe(ali, which)["TaskStatus"] == 3


def test_a_retrying_task_can_be_stopped_and_restarted(ali, emulator) -> None:
    """A seed with only the task's id sets it to retrying."""
    which = create(ali, **LIVE)
    retrying = {"TaskId": which["TaskId"], "TaskStatus": 2}
    emulator.seed({"alicloud": {"tasks": {REGION: [retrying]}}})
    assert describe(ali, which)["TaskStatus"] == 2
    ali("RestartLivePullToPush", **which)
    assert describe(ali, which)["TaskStatus"] == 1
    emulator.seed({"alicloud": {"tasks": {REGION: [retrying]}}})
    assert ali("StopLivePullToPush", **which).status_code == 200


def test_a_task_can_be_seeded_as_exited(ali, emulator) -> None:
    """Its exit time is the time of the seed."""
    which = create(ali, **LIVE)
    exited = {"TaskId": which["TaskId"], "TaskStatus": -1}
    emulator.seed({"alicloud": {"tasks": {REGION: [exited]}}})
    assert describe(ali, which)["TaskExitTime"] == 1735787045


def test_a_deleted_task_is_gone(ali) -> None:
    """Reads show it as exited by the user for a while; a second delete finds nothing."""
    which = create(ali, **LIVE)
    assert ali("DeleteLivePullToPush", **which).json()["RetCode"] == 0
    task = describe(ali, which)
    assert (task["TaskStatus"], task["TaskExitReason"]) == (-1, "TriggerByUser")
    assert task["TaskExitTime"] == 1735787045
    assert refusal(ali("DeleteLivePullToPush", **which)) == (400, "CodeTaskNotExist")


def test_the_list_filters_by_parts(ali) -> None:
    """All three filters match substrings, so they may find more than intended."""
    made = [
        create(ali, **{**LIVE, "TaskName": name, "DstUrl": f"rtmp://push/{name}"})["TaskId"]
        for name in ("a1", "a11", "b1")
    ]
    assert names(ali) == ["b1", "a11", "a1"]
    assert names(ali, TaskName="a1") == ["a11", "a1"]
    assert names(ali, DstUrl="push/a1", TaskName="11") == ["a11"]
    assert names(ali, TaskId=made[2][:20]) == ["b1"]
    assert names(ali, TaskName="A1") == []


def test_the_list_pages_by_ten(ali) -> None:
    """Pages count from 1; Total counts all."""
    for number in range(11):
        create(ali, **{**LIVE, "TaskName": f"t{number}", "DstUrl": f"rtmp://push/{number}"})
    assert names(ali) == [f"t{number}" for number in range(10, 0, -1)]
    second = ali("DescribeLivePullToPushList", Region=REGION, PageNumber=2).json()
    assert [task["TaskInfo"]["TaskName"] for task in second["TaskList"]] == ["t0"]
    assert (second["Total"], second["PageNumber"], second["PageSize"]) == (11, 2, 10)
    for wrong in ({"PageSize": 101}, {"PageSize": 0}, {"PageNumber": 0}, {"TaskId": "a/b"}):
        reply = ali("DescribeLivePullToPushList", Region=REGION, **wrong)
        assert refusal(reply) == (400, "InvalidParameter")


def test_an_operation_that_is_not_emulated_says_so(ali) -> None:
    """501 if the vendor has it; otherwise the vendor's own error."""
    assert refusal(ali("AddLiveDomain")) == (501, "EMULATOR.NotEmulated")
    assert refusal(ali("AddLiveMoon")) == (404, "InvalidAction.NotFound")
    ali.version = "2014-11-11"
    assert refusal(ali("DescribeLivePullToPush")) == (400, "InvalidVersion")


def test_a_delayed_task_is_missing_from_the_next_reads(ali, emulator) -> None:
    """Writes already find it."""
    emulator.arm("delay", "CreateLivePullToPush", reads=2)
    which = create(ali, **LIVE)
    assert names(ali) == []
    assert refusal(ali("DescribeLivePullToPush", **which)) == (400, "CodeTaskNotExist")
    assert ali("StopLivePullToPush", **which).status_code == 200
    assert describe(ali, which)["TaskStatus"] == 3
