"""Relay tasks: pull a live stream, files in turn or a picture, and push to a domain or address.

Pages: CreateLivePullStreamTask, ModifyLivePullStreamTask, DeleteLivePullStreamTask,
RestartLivePullStreamTask, DescribeLivePullStreamTasks, DescribeLivePullStreamTaskStatus; what they
say is taken from the models of tencentcloud-sdk-python-live 3.1.195.
"""

from datetime import timedelta
from typing import Any

from pulumi_livepull.emulator.fields import (
    MAX_INT,
    Fields,
    from_wire,
    list_of,
    map_of,
    matching,
    moment,
    one_of,
    text,
    whole,
)
from pulumi_livepull.emulator.refusal import Invalid
from pulumi_livepull.emulator.state import Thing, cut_page
from pulumi_livepull.emulator.tencentcloud.call import Call
from pulumi_livepull.emulator.tencentcloud.refusal import (
    id_taken,
    invalid,
    invalid_time,
    no_task,
    not_running,
    too_many_tasks,
)

LIVE, VOD, PICTURE = "PullLivePushLive", "PullVodPushLive", "PullPicPushLive"
TARGET = ("DomainName", "AppName", "StreamName")
EVENTS = (
    *("TaskStart", "TaskExit", "TaskAlarm", "ResetTaskConfig"),
    *("VodSourceFileStart", "VodSourceFileFinish"),
)
# Assumption A085: how long an address may be; no model says.
URL = text(1, 2048)
URL_OR_NONE = text(0, 2048)
PERCENT = whole(0, MAX_INT)
LONGEST = timedelta(days=30)
FIRST = 118148
"""The first task's id."""


def comment(name: str, value: Any) -> Any:
    """A text of at most 512 bytes."""
    if len(text(0, 512)(name, value).encode()) > 512:
        raise Invalid(f"{name} must be at most 512 bytes")
    return value


WATERMARK: Fields = {
    # Characters that the model forbids are taken: how they are refused, no page says.
    "PictureUrl": URL,
    "XPosition": PERCENT,
    "YPosition": PERCENT,
    "Width": PERCENT,
    "Height": PERCENT,
    "Location": whole(0, 3),
}
BOTH: Fields = {
    "SourceUrls": list_of(URL, 1, 30),
    "StartTime": moment,
    "EndTime": moment,
    "Operator": text(1, 128),
    "CallbackEvents": list_of(one_of(*EVENTS), 0, len(EVENTS)),
    "VodRefreshType": one_of("ImmediateNewSource", "ContinueBreakPoint"),
    "CallbackUrl": URL_OR_NONE,
    "SpecifyTaskId": text(1, 128),
    "Comment": comment,
    "ToUrl": URL_OR_NONE,
    "FileIndex": whole(1, 30),
    "OffsetTime": whole(0, MAX_INT),
    "BackupSourceType": one_of("", LIVE, VOD),
    "BackupSourceUrl": URL_OR_NONE,
    "WatermarkList": list_of(map_of(WATERMARK, required=("PictureUrl",)), 0, 4),
    "VodLocalMode": whole(0, 1),
    "BackupToUrl": URL_OR_NONE,
}
CREATE: Fields = {
    **BOTH,
    "SourceType": one_of(LIVE, VOD, PICTURE),
    "DomainName": text(0, 255),
    "AppName": text(0, 255),
    "StreamName": text(0, 255),
    "PushArgs": text(0, 2048),
    # A text here, and a number in the other two.
    "VodLoopTimes": matching("-1|[0-9]{1,9}", 'a string: "-1" or a number of rounds'),
    "ExtraCmd": text(0, 255),
    "RecordTemplateId": text(0, 64),
    "TranscodeTemplateName": text(0, 255),
}
REQUIRED = ("SourceType", "SourceUrls", "StartTime", "EndTime", "Operator")
TASK_ID = text(1, 64)
MODIFY: Fields = {
    **BOTH,
    "TaskId": TASK_ID,
    "VodLoopTimes": whole(-1, MAX_INT),
    "Status": one_of("enable", "pause"),
    "BackupVodUrl": URL_OR_NONE,
}
WHICH: Fields = {"TaskId": TASK_ID, "Operator": text(1, 128), "SpecifyTaskId": text(1, 128)}
RESTART: Fields = {"TaskId": TASK_ID, "Operator": text(1, 128)}
STATUS: Fields = {"TaskId": TASK_ID}
LIST: Fields = {
    "TaskId": TASK_ID,
    "SpecifyTaskId": text(1, 128),
    "PageNum": whole(1, MAX_INT),
    "PageSize": whole(1, 20),
}
HIDDEN = (
    *("ToUrl", "Operator", "ExtraCmd", "FileIndex", "OffsetTime"),
    *("SpecifyTaskId", "BackupVodUrl"),
)
"""What no read shows. Source: models.PullStreamTaskInfo has none of these."""

# Assumption A086: a read shows what was not set as "", [] or its default; the events are all of
# them.
DEFAULTS: Thing = {
    **dict.fromkeys((*CREATE, "BackupVodUrl"), ""),
    "CallbackEvents": list(EVENTS),
    "WatermarkList": [],
    "VodLoopTimes": -1,
    "VodRefreshType": "ImmediateNewSource",
    "VodLocalMode": 0,
    "FileIndex": 1,
    "OffsetTime": 0,
    "Status": "enable",
}


def create(call: Call) -> Thing:
    """CreateLivePullStreamTask."""
    given = call.body(CREATE, REQUIRED)
    if (own := given.get("SpecifyTaskId")) and (held := _with_own_id(call, own)):
        if not call.state.repeats:
            raise id_taken()
        return {"TaskId": held["TaskId"]}
    if len(list(call.state.tasks)) >= call.state.limit_task_num:
        raise too_many_tasks()
    if "VodLoopTimes" in given:
        given["VodLoopTimes"] = int(given["VodLoopTimes"])
    task = make(given, str(call.state.new_number("task", FIRST)), call.region, call.now)
    _check(task)
    _check_window(task, call.now)
    if task["DomainName"]:
        call.state.need_domain(task["DomainName"])
    call.state.tasks.put(task["TaskId"], task, hidden_reads=call.hidden_reads)
    return {"TaskId": task["TaskId"]}


def modify(call: Call) -> None:
    """ModifyLivePullStreamTask. Assumption A087: what is left out stays as it is."""
    given = call.body(MODIFY, ("TaskId", "Operator"))
    task = _get(call, given)
    if given.get("StartTime", call.now) < call.now:
        raise invalid_time("StartTime must be later than the present")
    if task["FileIndex"] > len(given.get("SourceUrls") or task["SourceUrls"]):
        # It counts in the first round only, and refuses no shorter playlist later.
        task = {**task, "FileIndex": 1, "OffsetTime": 0}
    # Without a type there is no backup source.
    gone = {"BackupSourceUrl": ""} if given.get("BackupSourceType") == "" else {}
    who = {"UpdateBy": given["Operator"], "UpdateTime": call.now}
    changed = {**task, **given, **gone, **who, "SpecifyTaskId": task["SpecifyTaskId"]}
    _check(changed)
    if {"StartTime", "EndTime"} & given.keys():
        _check_window(changed, call.now)
    call.state.tasks.put(task["TaskId"], changed)
    call.state.jumps[task["TaskId"]] += bool({"FileIndex", "OffsetTime"} & given.keys())


def delete(call: Call) -> None:
    """DeleteLivePullStreamTask, in any state."""
    task = _get(call, call.body(WHICH, ("TaskId", "Operator")))
    call.state.tasks.remove(task["TaskId"])


def restart(call: Call) -> None:
    """RestartLivePullStreamTask: a task that runs."""
    task = _get(call, call.body(RESTART, tuple(RESTART)))
    if not is_active(task, call.now):
        raise not_running(task["TaskId"])
    call.state.restarts[task["TaskId"]] += 1


def list_(call: Call) -> Thing:
    """DescribeLivePullStreamTasks: the last changed first.

    Assumption A088: those of the region that the call names.
    """
    asked = {"PageNum": 1, "PageSize": 10, **call.body(LIST)}
    wanted = {name: asked[name] for name in ("TaskId", "SpecifyTaskId") if name in asked}
    found = [
        task
        for task in call.state.tasks.read().values()
        if task["Region"] == call.region
        and all(task[name] == value for name, value in wanted.items())
    ]
    found.sort(key=lambda task: str(task["UpdateTime"]), reverse=True)
    # One that is asked for by its id tells how it is doing.
    alone = "TaskId" in asked
    page = cut_page(found, asked["PageNum"], asked["PageSize"])
    return {
        "TaskInfos": [
            {**view(task), **({"RecentPullInfo": _recent(call, task)} if alone else {})}
            for task in page
        ],
        "PageNum": asked["PageNum"],
        "PageSize": asked["PageSize"],
        "TotalNum": len(found),
        "TotalPage": -(-len(found) // asked["PageSize"]),
        "LimitTaskNum": call.state.limit_task_num,
    }


def describe_status(call: Call) -> Thing:
    """DescribeLivePullStreamTaskStatus."""
    task = _get(call, call.body(STATUS, ("TaskId",)))
    sources = task["SourceUrls"]
    progress = call.state.progress.get(task["TaskId"])
    file = progress.place.file if progress else task["FileIndex"] - 1
    runs = progress.on_air if progress else is_active(task, call.now)
    return {
        "TaskStatusInfo": {
            **_recent(call, task),
            "RunStatus": "active" if runs else "inactive",
            "FileDuration": progress.duration if progress else 0,
            "NextFileUrl": sources[(file + 1) % len(sources)],
        }
    }


def make(given: Thing, task_id: str, region: str, now: str) -> Thing:
    """A task with every field."""
    who = given.get("Operator", "")
    return {
        **DEFAULTS,
        "TaskId": task_id,
        "Region": region,
        "CreateTime": now,
        "UpdateTime": now,
        "CreateBy": who,
        "UpdateBy": who,
        **given,
    }


def view(task: Thing) -> Thing:
    """The task as a read shows it."""
    return {name: value for name, value in task.items() if name not in HIDDEN}


def is_active(task: Thing, now: str) -> bool:
    """Whether the task runs at this moment."""
    return bool(task["Status"] == "enable" and task["StartTime"] <= now < task["EndTime"])


def _recent(call: Call, task: Thing) -> Thing:
    playing = task["SourceUrls"][task["FileIndex"] - 1] if is_active(task, call.now) else ""
    progress = call.state.progress.get(task["TaskId"])
    return {
        "FileUrl": progress.address if progress else playing,
        "OffsetTime": int(progress.place.seconds) if progress and task["SourceType"] == VOD else 0,
        "ReportTime": call.now,
        "LoopedTimes": progress.rounds if progress else 0,
    }


def _with_own_id(call: Call, own: str) -> Thing | None:
    return next((task for task in call.state.tasks if task["SpecifyTaskId"] == own), None)


def _get(call: Call, given: Thing) -> Thing:
    task = call.state.tasks.find(given["TaskId"])
    if task is None or task["Region"] != call.region:
        raise no_task(given["TaskId"])
    return task


def _check(task: Thing) -> None:
    sources = len(task["SourceUrls"])
    if task["SourceType"] == LIVE and sources > 1:
        raise invalid(f"SourceUrls must hold one address for {LIVE}")
    if task["FileIndex"] > sources:
        raise invalid(f"FileIndex must be at most {sources}")
    if task["ToUrl"]:
        for name in TARGET:
            if task[name]:
                raise invalid(f"{name} must be empty when ToUrl is used")
    elif not all(task[name] for name in TARGET):
        raise invalid("ToUrl, or DomainName, AppName and StreamName, is needed")


def _check_window(task: Thing, now: str) -> None:
    start, end = task["StartTime"], task["EndTime"]
    if end <= start:
        raise invalid_time("EndTime must be later than StartTime")
    if end <= now:
        raise invalid_time("EndTime must be later than the present")
    if from_wire(end) - from_wire(start) >= LONGEST:
        raise invalid_time("EndTime must be less than 30 days after StartTime")
