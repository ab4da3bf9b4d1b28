"""Pull-to-push tasks: relay a live stream, or files in turn, to an RTMP address.

Pages: CreateLivePullToPush, UpdateLivePullToPush, StopLivePullToPush, RestartLivePullToPush,
DeleteLivePullToPush, DescribeLivePullToPush, DescribeLivePullToPushList.
"""

from pulumi_livepull.emulator.alicloud.call import Call
from pulumi_livepull.emulator.alicloud.refusal import (
    illegal_duration,
    no_such_task,
    task_exists,
    task_has_stopped,
    wrong_state,
)
from pulumi_livepull.emulator.alicloud.task import (
    BY_USER,
    CHANGEABLE,
    DEFAULTS,
    EXITED,
    LIVE,
    REGION,
    RETRYING,
    RUNNING,
    STOPPED,
    TASK,
    TASK_ID,
    exited,
    make,
    position,
    status,
    view,
)
from pulumi_livepull.emulator.fields import MAX_INT, Fields, digits, json_text, text, written
from pulumi_livepull.emulator.refusal import Invalid
from pulumi_livepull.emulator.state import Shelf, Thing, cut_page

# Fields that can change while running (UpdateLivePullToPush, which calls the second "RepeatTime").
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
    """UpdateLivePullToPush: the given fields change, and the rest stays."""
    given = call.parameters({**WHICH, **_in_query(CHANGEABLE)}, required=WHICH)
    shelf, task = _get(call, given.pop("Region"), given.pop("TaskId"))
    # Assumption A020: a field that cannot change in this state is refused even if its value is the
    # same.
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
    """StopLivePullToPush: only a running or retrying task."""
    shelf, task = _get(call, **_which(call))
    if status(task, call.now) not in (RUNNING, RETRYING):
        raise task_has_stopped()
    # Assumption A021: the reason from the page on callbacks; the page on describe has none.
    shelf.put(task["TaskId"], {**task, "TaskStatus": STOPPED, "TaskInvalidReason": BY_USER})
    return {"TaskId": task["TaskId"]}


def restart(call: Call) -> Thing:
    """RestartLivePullToPush: without effect before the scheduled start.

    Assumption A022: the id stays the same; older pages mention a new one.
    """
    shelf, task = _get(call, **_which(call))
    if task["StartTime"] <= call.now:
        call.state.restarts[task["TaskId"]] += 1
        shelf.put(
            task["TaskId"],
            {**task, "TaskStatus": RUNNING, "TaskInvalidReason": "", **position(task)},
        )
    return {"TaskId": task["TaskId"]}


def delete(call: Call) -> Thing:
    """DeleteLivePullToPush: stops a running task at once.

    Assumption A023: the task can then be described for a while, like one that ended by itself.
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
    """DescribeLivePullToPushList: the filters match any part of a value.

    Assumptions A024: newest first; case-sensitive; an exited task is listed as long as it can be
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
    # Assumption A025: an exited task exists only for reads.
    if task is None or status(task, call.now) == EXITED:
        raise no_such_task()
    return shelf, task


def _check(task: Thing, now: str) -> None:
    if task["SourceType"] == LIVE:
        if not task["SourceProtocol"]:
            raise Invalid(f"SourceProtocol is required where SourceType is {LIVE}")
        if len(task["SourceUrls"]) > 1:
            raise Invalid(f"SourceUrls must hold one address where SourceType is {LIVE}")
    # Assumption A026: no maximum duration. Older pages say seven days, the newest say nothing.
    if task["EndTime"] <= task["StartTime"]:
        raise illegal_duration()
    if task["EndTime"] <= now:
        raise Invalid("EndTime must be later than the present")


def _check_unique(call: Call, task: Thing) -> None:
    # Assumption A027: unique in the account, and an address is free again when its task has exited.
    for shelf in call.state.regions.values():
        for other in shelf:
            if other["DstUrl"] == task["DstUrl"] and status(other, call.now) != EXITED:
                raise task_exists(task["DstUrl"])
