"""Pull tasks: relay a live stream, or files in turn, to an ingest address.

Pages: api-live/CreatePullTask, ListPullTasks, ModifyPullTask, DeletePullTask.
"""

from datetime import timedelta
from typing import Any

from pulumi_livepull.emulator.fields import (
    MAX_INT,
    Fields,
    any_moment,
    digits,
    from_wire,
    list_of,
    matching,
    one_of,
    text,
    whole,
)
from pulumi_livepull.emulator.huaweicloud.call import Answer, Call
from pulumi_livepull.emulator.huaweicloud.refusal import invalid
from pulumi_livepull.emulator.state import Thing

LIVE, VOD = "PullLivePushLive", "PullVodPushLive"
TARGET = ("domain", "app_name", "stream_name")
# Assumption A055: a source address has the limit that the pages give for the other addresses.
URL = text(1, 2048)
EVENTS = (
    *("TaskStart", "TaskExit", "TaskAlarm"),
    *("VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig"),
)

# api-live/ModifyPullTask: all fields of a modify, and so all that can change.
CHANGEABLE: Fields = {
    "source_urls": list_of(URL, 1, 30),
    # Assumption A056: the vendor's Python SDK types times as datetime and sends their printed form.
    "start_time": any_moment,
    "end_time": any_moment,
    "vod_loop_time": matching("(-1|[1-9][0-9]*)?", 'a string: "-1" or the number of rounds'),
    "vod_refresh_type": one_of(
        "immediate_new_source", "continue_from_file_start", "continue_from_break_point"
    ),
    "vod_start_video_index": whole(0, MAX_INT),
    "vod_start_video_time": whole(0, MAX_INT),
    # Assumption A057: a live task may name events that only VOD tasks have.
    "callback_events": list_of(one_of(*EVENTS), 0, len(EVENTS)),
}
CREATE: Fields = {
    "region": text(1, 64),
    "source_type": one_of(LIVE, VOD),
    **CHANGEABLE,
    "domain": text(0, 255),
    "app_name": text(0, 128),
    "stream_name": text(0, 512),
    "push_args": text(0, 2048),
    "destination_url": text(0, 2048),
    # The pages contradict themselves on which tasks may have a backup; both may here.
    "backup_source_type": one_of(LIVE),
    "backup_source_urls": list_of(URL, 0, 30),
    "callback_url": text(0, 2048),
}
MODIFY: Fields = {**CHANGEABLE, "task_id": text(1, 64), "status": one_of("pause", "enable")}
LIST: Fields = {
    "region": text(1, 64),
    "task_id": text(1, 64),
    "offset": digits(0, MAX_INT),
    "limit": digits(1, 100),
}
DELETE: Fields = {"task_id": text(1, 64), "region": text(1, 64)}

# Assumption A058: a read shows unset fields as "" or [], or as their default.
DEFAULTS: Thing = {
    **dict.fromkeys(CREATE, ""),
    "source_urls": [],
    "backup_source_urls": [],
    "callback_events": [],
    "vod_loop_time": "-1",
    "vod_refresh_type": "immediate_new_source",
    "vod_start_video_index": 0,
    "vod_start_video_time": 0,
    # Assumption A059: the tenant's region, which the emulator does not know, is this one.
    "region": "cn-north-4",
    "status": "",
}


def create(call: Call) -> Answer:
    """POST: api-live/CreatePullTask."""
    given = call.body(CREATE, required=("source_type", "source_urls"))
    task_id = str(call.state.new_id("task"))
    task = make(given, task_id, call.now)
    _check(task, call.now)
    if task["domain"]:
        call.state.need_domain(task["domain"])
    call.project.tasks.put(task_id, task, hidden_reads=call.hidden_reads)
    return 200, {"task_id": task_id}


def list_(call: Call) -> Answer:
    """GET: api-live/ListPullTasks. Expired tasks remain (assumption A060: no page says)."""
    # Assumption A061: by default the first ten, as for callbacks.
    query = {"offset": 0, "limit": 10, **call.query(LIST)}
    wanted = {name: query[name] for name in ("task_id", "region") if name in query}
    found = [
        view(task, call.now)
        for task in call.project.tasks.read().values()
        if all(task[name] == value for name, value in wanted.items())
    ]
    page = found[query["offset"] :][: query["limit"]]
    return 200, {"task_infos": page, "total": len(found)}


def modify(call: Call) -> Answer:
    """PUT: api-live/ModifyPullTask."""
    given = call.body(MODIFY, required=("task_id",))
    task = _get(call, given["task_id"])
    if task["source_type"] == VOD:
        call.project.tasks.put(task["task_id"], _modified(call, task, given))
    # The page says that a modify has effect on VOD tasks only. Assumption A062: for a live task it
    # succeeds anyway.
    return 200, {"task_id": task["task_id"]}


def delete(call: Call) -> Answer:
    """DELETE: api-live/DeletePullTask."""
    query = call.query(DELETE, required=("task_id",))
    task = _get(call, query["task_id"])
    if query.get("region", task["region"]) != task["region"]:
        raise invalid("task_id does not exist in this region")
    call.project.tasks.remove(task["task_id"])
    return 200, {"task_id": task["task_id"]}


def make(given: Thing, task_id: str, now: str) -> Thing:
    """A task with every field that a read returns."""
    task = {"task_id": task_id, **DEFAULTS, "start_time": now, "create_time": now, **given}
    task["vod_loop_time"] = task["vod_loop_time"] or DEFAULTS["vod_loop_time"]
    return task


def view(task: Thing, now: str) -> Thing:
    """The task as a read shows it now."""
    return {**task, "status": _status(task, now)}


def _status(task: Thing, now: str) -> str:
    # Assumption A063: the values. The page says only that a status is a string.
    if task["end_time"] and task["end_time"] <= now:
        return "finished"
    if task["status"] in ("pause", "finished"):
        return str(task["status"])
    return "waiting" if now < task["start_time"] else "running"


def _get(call: Call, task_id: str) -> Thing:
    task = call.project.tasks.find(task_id)
    if task is None:
        # Assumption A064: no page has the error for an unknown task.
        raise invalid("task_id does not exist")
    return task


def _modified(call: Call, task: Thing, given: dict[str, Any]) -> Thing:
    # Assumption A065: fields that a modify omits return to their defaults ("default -1 when not
    # passed"). The sources and the state have no default and stay.
    kept = {
        name: value
        for name, value in task.items()
        if name not in CHANGEABLE or name == "source_urls"
    }
    changed = make({**kept, **given}, task["task_id"], call.now)
    _check(changed, call.now)
    return changed


def _check(task: Thing, now: str) -> None:
    sources = len(task["source_urls"])
    if task["source_type"] == LIVE and sources > 1:
        raise invalid(f"source_urls must hold one address for {LIVE}")
    if task["vod_start_video_index"] >= sources:
        raise invalid(f"vod_start_video_index must be at most {sources - 1}")
    _check_target(task)
    if task["end_time"]:
        _check_window(task["start_time"], task["end_time"], now)


def _check_target(task: Thing) -> None:
    if task["destination_url"]:
        for name in TARGET:
            if task[name]:
                raise invalid(f"{name} must be empty when destination_url is used")
    # Assumption A066: the pages call all four optional, but a task must push somewhere.
    elif not all(task[name] for name in TARGET):
        raise invalid("destination_url, or domain, app_name and stream_name, is required")


def _check_window(start: str, end: str, now: str) -> None:
    if end <= start:
        raise invalid("end_time must be later than start_time")
    if from_wire(end) - from_wire(start) > timedelta(days=7):
        raise invalid("end_time must be at most 7 days after start_time")
    if end <= now:
        raise invalid("end_time must be later than the present")
