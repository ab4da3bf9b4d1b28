"""Pull-to-push tasks: relay a live stream, or files in turn, to an address or the account's domain.

Pages: CreatePullToPushTask, UpdatePullToPushTask, StopPullToPushTask, ContinuePullToPushTask,
RelaunchPullToPushTask, RestartPullToPushTask, DeletePullToPushTask, ListPullToPushTask,
ListPullToPushTaskV2.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from pulumi_livepull.emulator.fields import (
    MAX_INT,
    Fields,
    list_of,
    map_of,
    matching,
    number,
    text,
    whole,
    written,
)
from pulumi_livepull.emulator.refusal import Invalid
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.volcengine import group
from pulumi_livepull.emulator.volcengine.call import Call
from pulumi_livepull.emulator.volcengine.paging import PAGE, page_of
from pulumi_livepull.emulator.volcengine.refusal import not_found, wrong_state
from pulumi_livepull.emulator.volcengine.relay_source import APP, STREAM, check_window
from pulumi_livepull.emulator.volcengine.state import State

LIVE, VOD = 0, 1
STOPPED, WAITING, ACTIVE, ENDED = "停用", "未开始", "生效中", "已结束"
TARGET = ("Domain", "App", "Stream")
ADDRESS = text(1, 1000)
SECONDS = number(0, MAX_INT)
SHARE = number(0, 1)


def place(name: str, value: Any) -> Any:
    """A share that is less than 1."""
    if SHARE(name, value) == 1:
        raise Invalid(f"{name} must be less than 1")
    return SHARE(name, value)


WATERMARK: Fields = {
    "Picture": matching("data:image/(png|jpg|jpeg);base64,.+", "a data URL of an image"),
    # Assumption A107: the range, which is that of the presets for watermarks; this page has none.
    "Ratio": SHARE,
    "RelativePosX": place,
    "RelativePosY": place,
}
VOD_SOURCE: Fields = {"SrcAddr": ADDRESS, "StartOffset": SECONDS, "EndOffset": SECONDS}
CREATE: Fields = {
    "StartTime": whole(1, MAX_INT),
    "EndTime": whole(1, MAX_INT),
    "Type": whole(LIVE, VOD),
    "SrcAddr": ADDRESS,
    # Assumption A108: the same maximum as for the older SrcAddrS.
    "VodSrcAddrs": list_of(map_of(VOD_SOURCE, required=("SrcAddr",)), 1, 30),
    "SrcAddrS": list_of(ADDRESS, 1, 30),
    "OffsetS": list_of(SECONDS, 1, 30),
    "Offset": SECONDS,
    "DstAddr": text(0, 1000),
    "Domain": text(1, 255),
    "App": APP,
    "Stream": STREAM,
    "CycleMode": whole(-1, MAX_INT),
    "PlayTimes": whole(0, MAX_INT),
    "PreDownload": whole(0, 1),
    "ContinueStrategy": whole(0, 1),
    # Assumption A109: an empty text means unset, for these two.
    "CallbackURL": text(0, 512),
    "Title": matching(
        "[A-Za-z0-9\u4e00-\u9fff]{0,20}", "at most 20 Chinese characters, letters and digits"
    ),
    "GroupName": group.NAME,
    "Watermark": map_of(WATERMARK, required=WATERMARK),
}
REQUIRED = ("StartTime", "EndTime", "Type")
WHICH: Fields = {"TaskId": matching("[0-9]{1,20}", "a task id: digits"), "GroupName": group.NAME}
UPDATE: Fields = {**CREATE, **WHICH}
TITLE: Fields = {"Title": text(0, 20)}
LIST: Fields = {**{name: written(reader) for name, reader in PAGE.items()}, **TITLE}
LIST_V2: Fields = {**PAGE, **TITLE, "GroupNames": list_of(group.NAME, 0, 100)}
# Assumption A110: a read omits unset fields without a default.
DEFAULTS: Thing = {"CallbackURL": "", "Title": ""}
VOD_DEFAULTS: Thing = {"PlayTimes": 0, "PreDownload": 1, "ContinueStrategy": 0}
# A read has these only for one type.
LIVE_FIELDS = {"SrcAddr"}
VOD_FIELDS = {"VodSrcAddrs", "SrcAddrS", "OffsetS", "CycleMode", *VOD_DEFAULTS}


def create(call: Call) -> Thing:
    """CreatePullToPushTask."""
    given = call.body(CREATE, REQUIRED)
    name = given.setdefault("GroupName", group.DEFAULT)
    _check(given)
    if not given.get("DstAddr"):
        call.state.need_domain(given["Domain"])
    group.get(call.state, name)
    task_id = call.state.new_task_id()
    call.state.tasks.put(task_id, make(given, task_id), hidden_reads=call.hidden_reads)
    return {"TaskId": task_id}


def update(call: Call) -> None:
    """UpdatePullToPushTask. Assumption A111: omitted fields return to their defaults."""
    given = call.body(UPDATE, ("TaskId", *REQUIRED))
    task = _get(call, given)
    _check(given)
    kept = {name: task[name] for name in ("GroupName", "Stopped")}
    call.state.tasks.put(task["TaskId"], make({**given, **kept}, task["TaskId"]))


def stop(call: Call) -> None:
    """StopPullToPushTask: a running or waiting task."""
    _switch(call, {WAITING, ACTIVE}, stopped=True)


def start_again(call: Call) -> None:
    """ContinuePullToPushTask and similar: a stopped task."""
    _switch(call, {STOPPED}, stopped=False)


def delete(call: Call) -> None:
    """DeletePullToPushTask, in any state."""
    task = _get(call, call.body(WHICH, required=("TaskId",)))
    call.state.tasks.remove(task["TaskId"])


def list_(call: Call) -> Thing:
    """ListPullToPushTask: without the names of groups."""
    page = _list(call, call.query(LIST), [])
    for item in page["List"]:
        del item["GroupName"]
    return page


def list_v2(call: Call) -> Thing:
    """ListPullToPushTaskV2: without group names, the tasks of all groups."""
    asked = call.body(LIST_V2)
    return _list(call, asked, asked.get("GroupNames", []))


def make(given: Thing, task_id: str) -> Thing:
    """A task with every field."""
    defaults = {**DEFAULTS, **(VOD_DEFAULTS if given["Type"] == VOD else {})}
    task = {"TaskId": task_id, "GroupName": group.DEFAULT, "Stopped": False, **defaults, **given}
    other_type = LIVE_FIELDS if given["Type"] == VOD else VOD_FIELDS
    return {name: value for name, value in task.items() if name not in other_type}


def view(state: State, task: Thing, now: int) -> Thing:
    """The task as a list shows it now."""
    # Offset belongs to an older interface and is not shown.
    hidden = {*TARGET, "Stopped", "Offset"}
    address = task.get("DstAddr") or _own_address(task)
    return {
        **{name: value for name, value in task.items() if name not in hidden},
        "StartTime": in_china(task["StartTime"]),
        "EndTime": in_china(task["EndTime"]),
        "DstAddr": address,
        "DstAddrType": 1 if state.has_domain(urlsplit(address).hostname or "") else 2,
        "Status": status(task, now),
    }


def status(task: Thing, now: int) -> str:
    """The vendor's word for the task's current state."""
    if task["EndTime"] <= now:
        return ENDED
    if task["Stopped"]:
        return STOPPED
    return WAITING if now < task["StartTime"] else ACTIVE


def in_china(seconds: int) -> str:
    """Unix seconds as RFC 3339, in the time zone of the vendor's lists."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(timezone(timedelta(hours=8))).isoformat()


def _own_address(task: Thing) -> str:
    # Assumption A112: a list shows the address that consists of the three names.
    return "rtmp://" + "/".join(task[name] for name in TARGET)


def _list(call: Call, asked: dict[str, Any], groups: list[str]) -> Thing:
    part = asked.get("Title", "").lower()
    found = [
        view(call.state, task, call.now)
        for task in call.state.tasks.read().values()
        if part in task["Title"].lower() and (not groups or task["GroupName"] in groups)
    ]
    return page_of(found, asked)


def _switch(call: Call, states: set[str], *, stopped: bool) -> None:
    task = _get(call, call.body(WHICH, required=("TaskId",)))
    found = status(task, call.now)
    if found not in states:
        raise wrong_state(f"the task is {found}")
    call.state.tasks.put(task["TaskId"], {**task, "Stopped": stopped})


def _get(call: Call, given: Thing) -> Thing:
    task = call.state.tasks.find(given["TaskId"])
    # Assumption A113: a task in another group is not found.
    if task is None or given.get("GroupName", task["GroupName"]) != task["GroupName"]:
        raise not_found(f"task {given['TaskId']}")
    return task


def _check(task: Thing) -> None:
    check_window(task["StartTime"], task["EndTime"])
    if task["Type"] == LIVE:
        _need(task, "SrcAddr")
    else:
        _check_files(task)
    if not task.get("DstAddr"):
        for name in TARGET:
            _need(task, name)


def _check_files(task: Thing) -> None:
    _need(task, "CycleMode")
    if "VodSrcAddrs" in task:
        for name in ("SrcAddrS", "OffsetS"):
            if name in task:
                raise Invalid(f"{name} and VodSrcAddrs exclude each other")
    else:
        _need(task, "SrcAddrS")
        if "OffsetS" in task and len(task["OffsetS"]) != len(task["SrcAddrS"]):
            raise Invalid("OffsetS must be as long as SrcAddrS")


def _need(task: Thing, name: str) -> None:
    if name not in task:
        raise Invalid(f"{name} is required for this task")
