"""Pull-to-push tasks of Volcengine and their groups behave as the vendor's pages say."""

from datetime import timedelta
from typing import Any

import pytest

NOW = 1735787045
WINDOW = {"StartTime": NOW, "EndTime": NOW + 24 * 3600}
TARGET = {"Domain": "push.example.com", "App": "live", "Stream": "s1"}
LIVE = {
    **WINDOW,
    "Type": 0,
    "SrcAddr": "rtmp://pull.example.com/live/s1",
    "DstAddr": "rtmp://push.example.com/live/s1",
}
FILES = {
    **WINDOW,
    **TARGET,
    "Type": 1,
    "CycleMode": -1,
    "VodSrcAddrs": [{"SrcAddr": "https://v.example.com/1.mp4", "StartOffset": 1.5}],
}
OLD_FILES = {
    **{name: value for name, value in FILES.items() if name != "VodSrcAddrs"},
    "SrcAddrS": ["https://v/1", "https://v/2"],
    "OffsetS": [0, 2.5],
}
IMAGE = {
    "Picture": "data:image/png;base64,AAAA",
    "Ratio": 0.25,
    "RelativePosX": 0,
    "RelativePosY": 0.5,
}


def create(volc, **task: Any) -> str:
    reply = volc("CreatePullToPushTask", task)
    assert reply.status_code == 200, reply.text
    return reply.json()["Result"]["TaskId"]


def tasks(volc, **asked: Any) -> list[dict[str, Any]]:
    reply = volc("ListPullToPushTaskV2", asked)
    assert reply.status_code == 200, reply.text
    return reply.json()["Result"]["List"]


def code(reply) -> tuple[int, str]:
    return reply.status_code, reply.json()["ResponseMetadata"]["Error"]["Code"]


def test_a_new_live_task_reads_as_it_was_created(volc) -> None:
    """Times are sent as Unix seconds and returned as RFC 3339 in China's time zone."""
    task_id = create(volc, **LIVE, Title="直播One")
    assert task_id.isdigit()
    assert tasks(volc) == [
        {
            **LIVE,
            "TaskId": task_id,
            "GroupName": "default",
            "Title": "直播One",
            "CallbackURL": "",
            "StartTime": "2025-01-02T11:04:05+08:00",
            "EndTime": "2025-01-03T11:04:05+08:00",
            "DstAddrType": 1,
            "Status": "生效中",
        }
    ]


def test_a_new_file_task_has_the_vendors_defaults(volc) -> None:
    """A read returns the address built from domain, app and stream, but not those three."""
    create(volc, **FILES, Watermark=IMAGE)
    (task,) = tasks(volc)
    assert (task["PreDownload"], task["ContinueStrategy"], task["PlayTimes"]) == (1, 0, 0)
    assert task["DstAddr"] == "rtmp://push.example.com/live/s1"
    assert (task["VodSrcAddrs"], task["Watermark"]) == (FILES["VodSrcAddrs"], IMAGE)
    assert not {"SrcAddr", "Domain", "App", "Stream", "Stopped"} & task.keys()


def test_the_older_fields_for_files_still_work(volc) -> None:
    """SrcAddrS and OffsetS; Offset is accepted but never returned."""
    create(volc, **OLD_FILES, Offset=3)
    (task,) = tasks(volc)
    assert (task["SrcAddrS"], task["OffsetS"]) == (OLD_FILES["SrcAddrS"], [0, 2.5])
    assert "Offset" not in task


def test_a_read_shows_only_the_fields_of_its_type(volc) -> None:
    """A live task has no repetitions of files, even if they were sent."""
    create(volc, **LIVE, CycleMode=3, SrcAddrS=["https://v/1"])
    assert not {"CycleMode", "SrcAddrS", "PreDownload"} & tasks(volc)[0].keys()


def test_an_address_of_another_domain_is_a_third_partys(volc, emulator) -> None:
    """DstAddrType is 1 for the account's own domains."""
    emulator.seed({"volcengine": {"domains": ["push.example.com"]}})
    create(volc, **LIVE)
    create(volc, **{**LIVE, "DstAddr": "rtmp://elsewhere.example.org/a/b"})
    assert [task["DstAddrType"] for task in tasks(volc)] == [2, 1]
    unknown = {**FILES, "Domain": "unknown.example.com"}
    assert code(volc("CreatePullToPushTask", unknown)) == (404, "ResourceNotFound")


@pytest.mark.parametrize(
    ("base", "change", "expected"),
    [
        (LIVE, {"Colour": "red"}, "InvalidParam"),
        (LIVE, {"Type": 2}, "InvalidParam"),
        (LIVE, {"Type": "0"}, "InvalidParam.BindError"),
        (LIVE, {"SrcAddr": None}, "InvalidParam"),
        (LIVE, {"SrcAddr": "x" * 1001}, "InvalidParam"),
        (LIVE, {"StartTime": "2025-01-02T03:04:05Z"}, "InvalidParam.BindError"),
        (LIVE, {"EndTime": NOW}, "InvalidParam"),
        (LIVE, {"EndTime": NOW + 7 * 24 * 3600 + 1}, "InvalidParam"),
        (LIVE, {"DstAddr": ""}, "InvalidParam"),
        (LIVE, {"DstAddr": "", "Domain": "d", "App": "a"}, "InvalidParam"),
        (LIVE, {"CallbackURL": "x" * 513}, "InvalidParam"),
        (LIVE, {"Title": "a b"}, "InvalidParam"),
        (LIVE, {"Title": "a" * 21}, "InvalidParam"),
        (LIVE, {"Watermark": {**IMAGE, "Ratio": 1.1}}, "InvalidParam"),
        (LIVE, {"Watermark": {"Ratio": 0.5}}, "InvalidParam"),
        (LIVE, {"Watermark": {**IMAGE, "RelativePosX": 1}}, "InvalidParam"),
        (LIVE, {"Watermark": {**IMAGE, "RelativePosY": 1.0}}, "InvalidParam"),
        (LIVE, {"Watermark": {**IMAGE, "RelativePosY": "0"}}, "InvalidParam.BindError"),
        (FILES, {"SrcAddrS": ["https://v/1"]}, "InvalidParam"),
        (FILES, {"OffsetS": [1]}, "InvalidParam"),
        (FILES, {"VodSrcAddrs": [{"StartOffset": 1}]}, "InvalidParam"),
        (FILES, {"VodSrcAddrs": ["https://v/1"]}, "InvalidParam.BindError"),
        (FILES, {"VodSrcAddrs": [{"SrcAddr": "u", "Colour": 1}]}, "InvalidParam"),
        (FILES, {"CycleMode": -2}, "InvalidParam"),
        (FILES, {"PreDownload": 2}, "InvalidParam"),
        (OLD_FILES, {"OffsetS": [1]}, "InvalidParam"),
    ],
)
def test_a_wrong_field_is_refused(volc, base, change, expected: str) -> None:
    """Nothing is created."""
    assert code(volc("CreatePullToPushTask", {**base, **change})) == (400, expected)
    assert tasks(volc) == []


@pytest.mark.parametrize(
    ("base", "missing"),
    [
        *((LIVE, name) for name in ("StartTime", "EndTime", "Type", "SrcAddr", "DstAddr")),
        *((FILES, name) for name in ("CycleMode", "VodSrcAddrs", *TARGET)),
    ],
)
def test_a_required_field_is_requested(volc, base, missing: str) -> None:
    """Which fields are required depends on the type and the destination."""
    body = {name: value for name, value in base.items() if name != missing}
    assert code(volc("CreatePullToPushTask", body)) == (400, "InvalidParam")


def test_an_update_replaces_all_but_the_group(volc) -> None:
    """A field that is left out returns to its default, and even the type can change."""
    task_id = create(volc, **LIVE, Title="a", CallbackURL="https://h/")
    assert volc("UpdatePullToPushTask", {**FILES, "TaskId": task_id}).status_code == 200
    (task,) = tasks(volc)
    assert (task["TaskId"], task["Type"], task["GroupName"]) == (task_id, 1, "default")
    assert (task["Title"], task["CallbackURL"]) == ("", "")
    assert "SrcAddr" not in task
    short = {"TaskId": task_id, "Title": "b"}
    assert code(volc("UpdatePullToPushTask", short)) == (400, "InvalidParam")


def test_an_update_keeps_a_stopped_task_stopped(volc) -> None:
    """Only the actions for it start it again."""
    task_id = create(volc, **LIVE)
    volc("StopPullToPushTask", {"TaskId": task_id})
    volc("UpdatePullToPushTask", {**LIVE, "TaskId": task_id})
    assert tasks(volc)[0]["Status"] == "停用"


def test_a_task_waits_runs_and_ends_by_the_clock(volc, emulator) -> None:
    """With the vendor's names for states; an ended task stays in the list."""
    create(volc, **{**LIVE, "StartTime": NOW + 3600, "EndTime": NOW + 7200})
    seen = []
    for _ in range(3):
        seen.append(tasks(volc)[0]["Status"])
        emulator.clock.advance(timedelta(hours=1))
    assert seen == ["未开始", "生效中", "已结束"]


@pytest.mark.parametrize("again", ["Continue", "Relaunch"])
def test_a_task_can_be_stopped_and_started_again(volc, again: str) -> None:
    """Each action works in one state only."""
    which = {"TaskId": create(volc, **LIVE)}
    assert code(volc(f"{again}PullToPushTask", which)) == (400, "InvalidParam")
    assert volc("StopPullToPushTask", which).status_code == 200
    assert tasks(volc)[0]["Status"] == "停用"
    assert code(volc("StopPullToPushTask", which)) == (400, "InvalidParam")
    assert volc(f"{again}PullToPushTask", which).status_code == 200
    assert tasks(volc)[0]["Status"] == "生效中"


def test_a_task_can_be_stopped_before_it_starts_but_not_after_it_ended(volc, emulator) -> None:
    """A stopped task ends as well."""
    which = {"TaskId": create(volc, **{**LIVE, "StartTime": NOW + 3600})}
    assert volc("StopPullToPushTask", which).status_code == 200
    emulator.clock.advance(timedelta(days=1))
    assert tasks(volc)[0]["Status"] == "已结束"
    for action in ("StopPullToPushTask", "ContinuePullToPushTask"):
        assert code(volc(action, which)) == (400, "InvalidParam")


def test_restart_is_unknown_until_it_is_seeded(volc, emulator) -> None:
    """The pages document the action, but newer SDKs lack it."""
    which = {"TaskId": create(volc, **LIVE)}
    volc("StopPullToPushTask", which)
    assert code(volc("RestartPullToPushTask", which)) == (404, "InvalidActionOrVersion")
    emulator.seed({"volcengine": {"knows_restart": True, "knows_continue": False}})
    assert code(volc("ContinuePullToPushTask", which)) == (404, "InvalidActionOrVersion")
    assert volc("RestartPullToPushTask", which).status_code == 200
    assert tasks(volc)[0]["Status"] == "生效中"


def test_a_deleted_task_is_gone(volc) -> None:
    """Every later call returns 404 ResourceNotFound."""
    task_id = create(volc, **LIVE)
    assert volc("DeletePullToPushTask", {"TaskId": task_id}).status_code == 200
    assert tasks(volc) == []
    for action in ("Stop", "Continue", "Relaunch", "Delete"):
        reply = volc(f"{action}PullToPushTask", {"TaskId": task_id})
        assert code(reply) == (404, "ResourceNotFound")
    reply = volc("UpdatePullToPushTask", {**LIVE, "TaskId": task_id})
    assert code(reply) == (404, "ResourceNotFound")


def test_the_list_filters_by_title_and_group_and_pages(volc) -> None:
    """By a part of the title, ignoring case; twenty per page by default."""
    volc("CreatePullToPushGroup", {"Name": "g", "ProjectName": "p"})
    for number in range(21):
        create(volc, **LIVE, Title=f"Doc{number}", GroupName="g" if number == 7 else "default")
    assert [task["Title"] for task in tasks(volc)] == [f"Doc{n}" for n in range(20, 0, -1)]
    assert [task["Title"] for task in tasks(volc, Page=2)] == ["Doc0"]
    assert [task["Title"] for task in tasks(volc, Title="dOC7")] == ["Doc7"]
    assert [task["Title"] for task in tasks(volc, GroupNames=["g"])] == ["Doc7"]
    assert len(tasks(volc, Size=500)) == 21
    assert code(volc("ListPullToPushTaskV2", {"Size": 501})) == (400, "InvalidParam")


def test_the_older_list_is_a_get_without_group_names(volc) -> None:
    """Its parameters are in the query."""
    create(volc, **LIVE, Title="a")
    create(volc, **LIVE, Title="b")
    result = volc("ListPullToPushTask", Title="A", Size=1).json()["Result"]
    assert [task["Title"] for task in result["List"]] == ["a"]
    assert "GroupName" not in result["List"][0]
    assert result["Pagination"]["TotalCount"] == 1
    assert tasks(volc)[0]["GroupName"] == "default"
    assert code(volc("ListPullToPushTask", Size="many"))[0] == 400
    assert code(volc("ListPullToPushTask", GroupNames="g")) == (400, "InvalidParam")


def test_a_task_belongs_to_a_group_for_ever(volc) -> None:
    """The group must exist first; other calls only compare its name."""
    grouped = {**LIVE, "GroupName": "g"}
    assert code(volc("CreatePullToPushTask", grouped)) == (404, "ResourceNotFound")
    volc("CreatePullToPushGroup", {"Name": "g", "ProjectName": "p"})
    task_id = create(volc, **grouped)
    other = {"TaskId": task_id, "GroupName": "default"}
    assert code(volc("UpdatePullToPushTask", {**LIVE, **other})) == (404, "ResourceNotFound")
    assert code(volc("StopPullToPushTask", other)) == (404, "ResourceNotFound")
    assert volc("UpdatePullToPushTask", {**LIVE, "TaskId": task_id}).status_code == 200
    assert tasks(volc)[0]["GroupName"] == "g"


def test_a_group_leads_its_life(volc) -> None:
    """A deleted group is listed on request, and its name is free again."""
    tag = {"Key": "k", "Value": "v"}
    group = {"Name": "群组1", "ProjectName": "p", "Tags": [tag]}
    page = {"PageNum": 1, "PageSize": 10}
    assert volc("CreatePullToPushGroup", group).status_code == 200
    assert code(volc("CreatePullToPushGroup", group)) == (400, "InvalidParam")
    result = volc("ListPullToPushGroup", page).json()["Result"]
    custom = {"Category": "Custom", **tag}
    assert result == {"List": [{**group, "Status": 0, "Tags": [custom]}], "Total": 1}
    volc("UpdatePullToPushGroup", {"Name": group["Name"], "Tags": [custom, custom]})
    (listed,) = volc("ListPullToPushGroup", page).json()["Result"]["List"]
    assert listed["Tags"] == [custom, custom]
    assert volc("DeletePullToPushGroup", {"Name": group["Name"]}).status_code == 200
    assert volc("ListPullToPushGroup", page).json()["Result"]["Total"] == 0
    deleted = volc("ListPullToPushGroup", {**page, "StatusList": [1]}).json()["Result"]["List"]
    assert [each["Status"] for each in deleted] == [1]
    gone = volc("UpdatePullToPushGroup", {"Name": group["Name"]})
    assert code(gone) == (404, "ResourceNotFound")
    assert volc("CreatePullToPushGroup", group).status_code == 200


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Name": "a b"}, "InvalidParam"),
        ({"Name": ""}, "InvalidParam"),
        ({"Name": "g" * 21}, "InvalidParam"),
        ({"Name": None}, "InvalidParam"),
        ({"ProjectName": ""}, "InvalidParam"),
        ({"Colour": "red"}, "InvalidParam"),
        ({"Status": 0}, "InvalidParam"),
        ({"Tags": [{"Key": "k"}]}, "InvalidParam"),
        ({"Tags": [{"Key": "", "Value": "v"}]}, "InvalidParam"),
        ({"Tags": [{"Key": "k", "Value": 1}]}, "InvalidParam.BindError"),
        ({"Tags": [{"Key": "k", "Value": "v", "Category": "Mine"}]}, "InvalidParam"),
        ({"Tags": {"k": "v"}}, "InvalidParam.BindError"),
    ],
)
def test_a_wrong_field_of_a_group_is_refused(volc, change, expected: str) -> None:
    """Nothing is created. A tag's category is optional, as in the page's example."""
    group = {"Name": "g", "ProjectName": "p"}
    assert code(volc("CreatePullToPushGroup", {**group, **change})) == (400, expected)
    tags = [{"Key": "k", "Value": "v", "Category": "Custom"}]
    assert volc("CreatePullToPushGroup", {**group, "Tags": tags}).status_code == 200
    (listed,) = volc("ListPullToPushGroup", {"PageNum": 1, "PageSize": 1}).json()["Result"]["List"]
    assert listed["Tags"] == tags


@pytest.mark.parametrize("missing", ["Name", "ProjectName"])
def test_a_group_has_a_name_and_a_project(volc, missing: str) -> None:
    """Updated tags need a category; lists need a page."""
    group = {"Name": "g", "ProjectName": "p"}
    group.pop(missing)
    assert code(volc("CreatePullToPushGroup", group)) == (400, "InvalidParam")
    volc("CreatePullToPushGroup", {"Name": "g", "ProjectName": "p"})
    for action, body in (
        ("UpdatePullToPushGroup", {"Name": "g", "Tags": [{"Key": "k", "Value": "v"}]}),
        ("UpdatePullToPushGroup", {"Name": "g", "ProjectName": "other"}),
        ("ListPullToPushGroup", {"PageNum": 1}),
        ("ListPullToPushGroup", {"PageNum": 1, "PageSize": 1001}),
        ("ListPullToPushGroup", {"PageNum": 1, "PageSize": 1, "StatusList": [2]}),
        ("DeletePullToPushGroup", {}),
    ):
        assert code(volc(action, body)) == (400, "InvalidParam"), body


def test_a_group_with_tasks_cannot_be_deleted(volc) -> None:
    """Not even the default one, which is created when it is needed."""
    task_id = create(volc, **LIVE)
    assert code(volc("DeletePullToPushGroup", {"Name": "default"})) == (400, "InvalidParam")
    volc("DeletePullToPushTask", {"TaskId": task_id})
    assert volc("DeletePullToPushGroup", {"Name": "default"}).status_code == 200
    create(volc, **LIVE)


def test_null_is_what_was_not_set(volc) -> None:
    """The vendor's SDK sends null for unset fields, even within a list."""
    create(volc, **{**LIVE, "Title": None, "Watermark": None})
    sources = [{"SrcAddr": "http://a.example/1", "StartOffset": None}]
    create(volc, **{**FILES, "VodSrcAddrs": sources})
    newest = tasks(volc)[0]
    assert newest["VodSrcAddrs"] == [{"SrcAddr": "http://a.example/1"}]
