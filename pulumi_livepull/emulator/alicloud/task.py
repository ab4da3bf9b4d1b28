"""A pull-to-push task: its fields, and what a read shows.

Pages: CreateLivePullToPush for the fields, DescribeLivePullToPush for what a read shows.
"""

from pulumi_livepull.emulator.alicloud.state import State
from pulumi_livepull.emulator.fields import (
    MAX_INT,
    Fields,
    from_wire,
    list_of,
    matching,
    moment,
    one_of,
    text,
    whole,
)
from pulumi_livepull.emulator.state import Thing

LIVE, VOD, URL = "live", "vod", "url"
IDLE, RUNNING, RETRYING, STOPPED, EXITED = 0, 1, 2, 3, -1
BY_USER, OVER_END_TIME = "TriggerByUser", "OverEndTime"
TASK_ID = matching("[A-Za-z0-9_-]{1,55}", "a task id: letters, digits, _ and -, at most 55")
# Assumption A042: every operation supports the five regions of create, although the other pages
# omit cn-shenzhen.
REGION = one_of("ap-southeast-1", "ap-southeast-5", "cn-beijing", "cn-shanghai", "cn-shenzhen")
# Assumption A043: a source address has the limit that the pages give for the other addresses.
ADDRESS = text(1, 2000)

# The fields with their types; `pull_to_push` defines their form as parameters.
CHANGEABLE: Fields = {
    "StartTime": moment,
    "EndTime": moment,
    "SourceUrls": list_of(ADDRESS, 1, 30),
    "RepeatNumber": whole(-1, MAX_INT),
    # Assumption A044: an index past the last file is not refused.
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
    # The protocols of SDK 3.0.2. It is ignored if the source is not live.
    "SourceProtocol": one_of("rtmp", "srt", "http-flv", "hls"),
    "DstUrl": matching("rtmp://.{1,1993}", "an RTMP address of at most 2000 characters"),
    "RetryInterval": whole(60, 300),
    "RetryCount": whole(0, MAX_INT),
}
# Assumption A045: unset fields read as "" or 0, or as their default.
DEFAULTS: Thing = {
    **dict.fromkeys(TASK, ""),
    "SourceUrls": [],
    "RepeatNumber": 0,
    "FileIndex": 0,
    "Offset": 0,
    "RetryInterval": 60,
    "RetryCount": 3,
}
# What the vendor stores about a task besides its fields and position.
PROGRESS: Thing = {
    "TaskStatus": RUNNING,
    "TaskInvalidReason": "",
    "TaskExitReason": "",
    "TaskExitTime": 0,
}


def make(given: Thing, task_id: str) -> Thing:
    """A task with every field."""
    settings = {**DEFAULTS, **given}
    return {"TaskId": task_id, **PROGRESS, **position(settings), **settings}


def view(task: Thing, now: str) -> Thing:
    """The task as a read shows it now."""
    shown = {
        "TaskId": task["TaskId"],
        "TaskStatus": status(task, now),
        # CallbackUrl is spelled differently in answers.
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
    """The task's current state. It follows from the clock, except for retrying and stopped."""
    if task["TaskExitTime"] or task["EndTime"] <= now:
        return EXITED
    if task["TaskStatus"] == STOPPED:
        return STOPPED
    if now < task["StartTime"]:
        return IDLE
    return RETRYING if task["TaskStatus"] == RETRYING else RUNNING


def exited(task: Thing, now: str) -> Thing:
    """The task, ended now unless it has already ended."""
    if status(task, now) == EXITED:
        return task
    exit_time = int(from_wire(now).timestamp())
    return {**task, "TaskExitReason": BY_USER, "TaskExitTime": exit_time}


def remove_exited(state: State, now: str) -> None:
    """Remove tasks that exited long enough ago."""
    last = from_wire(now).timestamp() - state.exited_seconds
    for shelf in state.regions.values():
        for task_id, task in shelf.items():
            if status(task, now) == EXITED and _exit_time(task) <= last:
                shelf.remove(task_id)


def position(task: Thing) -> Thing:
    """The position of a task that begins now."""
    # Without relays, a task stays at the file that it starts with.
    return {"CurrentFileIndex": task["FileIndex"], "CurrentOffset": task["Offset"]}


def _exit_time(task: Thing) -> int:
    return int(task["TaskExitTime"] or from_wire(task["EndTime"]).timestamp())
