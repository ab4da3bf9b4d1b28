"""Pull-to-push tasks: relay a live stream, or files in turn, to an RTMP address.

Pages: CreateLivePullToPush, UpdateLivePullToPush, StopLivePullToPush, RestartLivePullToPush,
DeleteLivePullToPush, DescribeLivePullToPush, DescribeLivePullToPushList. All are 10 calls a second.
"""

from pulumi_livepull.emulator.alicloud.call import Call
from pulumi_livepull.emulator.alicloud.refusal import (
    illegal_duration,
    no_such_task,
    task_exists,
    task_has_stopped,
    wrong_state,
)
from pulumi_livepull.emulator.alicloud.state import State
from pulumi_livepull.emulator.fields import (
    MAX_INT,
    Fields,
    digits,
    from_wire,
    json_text,
    list_of,
    matching,
    moment,
    one_of,
    text,
    whole,
    written,
)
from pulumi_livepull.emulator.refusal import Invalid
from pulumi_livepull.emulator.state import Shelf, Thing, cut_page

LIVE, VOD, URL = "live", "vod", "url"
IDLE, RUNNING, RETRYING, STOPPED, EXITED = 0, 1, 2, 3, -1
BY_USER, OVER_END_TIME = "TriggerByUser", "OverEndTime"
TASK_ID = matching("[A-Za-z0-9_-]{1,55}", "a task id: letters, digits, _ and -, at most 55")
# Assumption: every operation knows the five regions of create, though the other pages leave out
# cn-shenzhen.
REGION = one_of("ap-southeast-1", "ap-southeast-5", "cn-beijing", "cn-shanghai", "cn-shenzhen")
# Assumption: a source address has the limit that the pages give for the other addresses.
ADDRESS = text(1, 2000)

# Each field with its own type; `_in_query` tells how a parameter writes it.
CHANGEABLE: Fields = {
    "StartTime": moment,
    "EndTime": moment,
    "SourceUrls": list_of(ADDRESS, 1, 30),
    "RepeatNumber": whole(-1, MAX_INT),
    # Assumption: an index past the last file is not refused.
    "FileIndex": whole(0, MAX_INT),
    "Offset": whole(1, MAX_INT),
    "CallbackUrl": text(0, 2000),
    # Undocumented fields of the vendor's SDK 3.0.2.
    "ReqAuth": text(0, 2000),
    "AuthKey": text(0, 2000),
    "NotifyItemSwitch": text(0, 2000),
}
TASK: Fields = {
    **CHANGEABLE,
    "TaskName": text(0, 255),
    "SourceType": one_of(LIVE, VOD, URL),
    # The protocols of SDK 3.0.2; it is ignored where the source is not live.
    "SourceProtocol": one_of("rtmp", "srt", "http-flv", "hls"),
    "DstUrl": matching("rtmp://.{1,1993}", "an RTMP address of at most 2000 characters"),
    "RetryInterval": whole(60, 300),
    "RetryCount": whole(0, MAX_INT),
}
# What a running task takes (UpdateLivePullToPush, which calls the second one "RepeatTime").
CHANGEABLE_RUNNING = {"CallbackUrl", "RepeatNumber"}
WHICH: Fields = {"Region": REGION, "TaskId": TASK_ID}
LIST: Fields = {
    "Region": REGION,
    "TaskId": TASK_ID,
    "TaskName": text(0, 255),
    "DstUrl": text(0, 2000),
    "PageNumber": digits(1, MAX_INT),
    "PageSize": digits(1, 100),
}
# Assumption: what was not set reads as "" or 0, and what has a default as that.
DEFAULTS: Thing = {
    **dict.fromkeys(TASK, ""),
    "SourceUrls": [],
    "RepeatNumber": 0,
    "FileIndex": 0,
    "Offset": 0,
    "RetryInterval": 60,
    "RetryCount": 3,
}
# What the vendor keeps about a task beside its fields.
PROGRESS: Thing = {
    "TaskStatus": RUNNING,
    "TaskInvalidReason": "",
    "TaskExitReason": "",
    "TaskExitTime": 0,
    "CurrentFileIndex": 0,
    "CurrentOffset": 0,
}
DONE = {"RetCode": 0, "Description": "OK"}


def create(call: Call) -> Thing:
    """CreateLivePullToPush."""
    required = ("Region", "StartTime", "EndTime", "SourceType", "SourceUrls", "DstUrl")
    given = call.parameters({"Region": REGION, **_in_query(TASK)}, required)
    region = given.pop("Region")
    task_id = str(call.state.new_id("task"))
    task = make(given, task_id)
    _check(task, call.now)
    _check_unique(call, task)
    call.state.regions[region].put(task_id, task, hidden_reads=call.hidden_reads)
    return {**DONE, "TaskId": task_id}


def update(call: Call) -> Thing:
    """UpdateLivePullToPush: what is given changes, and the rest stays."""
    given = call.parameters({**WHICH, **_in_query(CHANGEABLE)}, required=WHICH)
    shelf, task = _get(call, given.pop("Region"), given.pop("TaskId"))
    # Assumption: what the state does not let change is refused even when its value stays the same,
    # rather than accepted without effect.
    if status(task, call.now) in (RUNNING, RETRYING):
        for name in given:
            if name not in CHANGEABLE_RUNNING:
                raise wrong_state(f"{name} cannot change while the task runs; stop it first")
    changed = {**task, **given}
    if given.keys() & {"StartTime", "EndTime", "SourceUrls"}:
        _check(changed, call.now)
    shelf.put(task["TaskId"], changed)
    return DONE


def stop(call: Call) -> Thing:
    """StopLivePullToPush: only a running task, also one that is retrying."""
    shelf, task = _get(call, **_which(call))
    if status(task, call.now) not in (RUNNING, RETRYING):
        raise task_has_stopped()
    # Assumption: the reason that the page on callbacks has for this; that of describe has none.
    shelf.put(task["TaskId"], {**task, "TaskStatus": STOPPED, "TaskInvalidReason": BY_USER})
    return {"TaskId": task["TaskId"]}


def restart(call: Call) -> Thing:
    """RestartLivePullToPush: without effect before the scheduled start.

    Assumption: the id stays; older pages speak of a new one.
    """
    shelf, task = _get(call, **_which(call))
    if task["StartTime"] <= call.now:
        shelf.put(task["TaskId"], {**task, **_from_the_start(task)})
    return {"TaskId": task["TaskId"]}


def delete(call: Call) -> Thing:
    """DeleteLivePullToPush: stops a running task at once.

    Assumption: the task can then be described for a while, as one that ended by itself.
    """
    shelf, task = _get(call, **_which(call))
    shelf.put(task["TaskId"], exited(task, call.now))
    return DONE


def describe(call: Call) -> Thing:
    """DescribeLivePullToPush."""
    which = _which(call)
    task = call.state.regions[which["region"]].read().get(which["task_id"])
    if task is None:
        raise no_such_task()
    return {**DONE, **view(task, call.now)}


def list_(call: Call) -> Thing:
    """DescribeLivePullToPushList: the filters find any part of what they look for.

    Assumptions: newest first; case counts; a task that has exited is listed while it can be
    described.
    """
    query = {
        "PageNumber": 1,
        "PageSize": 10,
        **call.parameters(LIST, required=("Region",)),
    }
    parts = {name: query[name] for name in ("TaskId", "TaskName", "DstUrl") if name in query}
    found = [
        task
        for task in call.state.regions[query["Region"]].read().values()
        if all(part in task[name] for name, part in parts.items())
    ]
    page = cut_page(found, query["PageNumber"], query["PageSize"])
    return {
        "Total": len(found),
        "PageNumber": query["PageNumber"],
        "PageSize": query["PageSize"],
        "TaskList": [view(task, call.now) for task in page],
    }


def make(given: Thing, task_id: str) -> Thing:
    """A task with every field."""
    task = {"TaskId": task_id, **DEFAULTS, **PROGRESS, **given}
    return {**task, **_position(task)}


def view(task: Thing, now: str) -> Thing:
    """The task as a read shows it at this moment."""
    shown = {
        "TaskId": task["TaskId"],
        "TaskStatus": status(task, now),
        # CallbackUrl is spelt otherwise in replies.
        "TaskInfo": {
            "TaskId": task["TaskId"],
            **{"CallbackURL" if name == "CallbackUrl" else name: task[name] for name in TASK},
        },
        "CurrentFileIndex": task["CurrentFileIndex"],
        "CurrentOffset": task["CurrentOffset"],
    }
    if shown["TaskStatus"] == STOPPED:
        shown["TaskInvalidReason"] = task["TaskInvalidReason"]
    if shown["TaskStatus"] == EXITED:
        shown["TaskExitReason"] = task["TaskExitReason"] or OVER_END_TIME
        shown["TaskExitTime"] = _exit_time(task)
    return shown


def status(task: Thing, now: str) -> int:
    """The task's state at this moment. Only retrying and stopped are not told by the clock."""
    if task["TaskExitTime"] or task["EndTime"] <= now:
        return EXITED
    if task["TaskStatus"] == STOPPED:
        return STOPPED
    if now < task["StartTime"]:
        return IDLE
    return RETRYING if task["TaskStatus"] == RETRYING else RUNNING


def exited(task: Thing, now: str) -> Thing:
    """The task, ended at this moment if it had not ended before."""
    if status(task, now) == EXITED:
        return task
    exit_time = int(from_wire(now).timestamp())
    return {**task, "TaskExitReason": BY_USER, "TaskExitTime": exit_time}


def remove_exited(state: State, now: str) -> None:
    """Take away the tasks that exited long enough ago."""
    last = from_wire(now).timestamp() - state.exited_seconds
    for shelf in state.regions.values():
        for task_id, task in shelf.items():
            if status(task, now) == EXITED and _exit_time(task) <= last:
                shelf.remove(task_id)


def _in_query(fields: Fields) -> Fields:
    numbers = {name for name, value in DEFAULTS.items() if type(value) is int}
    return {
        name: json_text(reader)
        if name == "SourceUrls"
        else (written(reader) if name in numbers else reader)
        for name, reader in fields.items()
    }


def _which(call: Call) -> dict[str, str]:
    given = call.parameters(WHICH, required=WHICH)
    return {"region": given["Region"], "task_id": given["TaskId"]}


def _get(call: Call, region: str, task_id: str) -> tuple[Shelf, Thing]:
    shelf = call.state.regions[region]
    task = shelf.find(task_id)
    # Assumption: a task that has exited exists for reads alone.
    if task is None or status(task, call.now) == EXITED:
        raise no_such_task()
    return shelf, task


def _from_the_start(task: Thing) -> Thing:
    return {"TaskStatus": RUNNING, "TaskInvalidReason": "", **_position(task)}


def _position(task: Thing) -> Thing:
    # Assumption: the emulator plays nothing, so a task stays at the file that it starts from.
    return {"CurrentFileIndex": task["FileIndex"], "CurrentOffset": task["Offset"]}


def _exit_time(task: Thing) -> int:
    return int(task["TaskExitTime"] or from_wire(task["EndTime"]).timestamp())


def _check(task: Thing, now: str) -> None:
    if task["SourceType"] == LIVE:
        if not task["SourceProtocol"]:
            raise Invalid(f"SourceProtocol is required where SourceType is {LIVE}")
        if len(task["SourceUrls"]) > 1:
            raise Invalid(f"SourceUrls must hold one address where SourceType is {LIVE}")
    # Assumption: no longest duration; older pages have seven days, the newest have none.
    if task["EndTime"] <= task["StartTime"]:
        raise illegal_duration()
    if task["EndTime"] <= now:
        raise Invalid("EndTime must be later than the present")


def _check_unique(call: Call, task: Thing) -> None:
    # Assumption: unique in the whole account, and an address is free once its task has exited.
    for shelf in call.state.regions.values():
        for other in shelf:
            if other["DstUrl"] == task["DstUrl"] and status(other, call.now) != EXITED:
                raise task_exists(task["DstUrl"])
