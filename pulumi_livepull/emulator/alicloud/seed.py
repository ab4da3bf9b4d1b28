"""Load a state into the emulated account, and export it, in the same format.

`domains` is a list of streaming domains; if it is given, no others exist. `tasks` maps a region to
a list, oldest first, of the parameters of a create, with `SourceUrls` as a list, and of what the
vendor adds, such as `TaskStatus`. A task with the `TaskId` of one that exists changes that one:
`{"TaskId": "…", "TaskStatus": 2}` lets it retry. `pulls` and `callbacks` are lists; a pull has the
parameters of an add. `exited_seconds` is how long a task that has exited can still be described.
"""

from collections.abc import Mapping
from typing import Any

from pulumi_livepull.emulator.alicloud import pull_stream, record_notify
from pulumi_livepull.emulator.alicloud.state import State
from pulumi_livepull.emulator.alicloud.task import (
    EXITED,
    REGION,
    TASK,
    TASK_ID,
    exited,
    make,
    status,
)
from pulumi_livepull.emulator.fields import MAX_INT, Fields, text, whole
from pulumi_livepull.emulator.seeding import read_document, read_places, read_things

SHAPE = {
    "domains": list,
    "tasks": dict,
    "pulls": list,
    "callbacks": list,
    "exited_seconds": int,
}
TASK_FIELDS: Fields = {
    **TASK,
    "TaskId": TASK_ID,
    "Offset": whole(0, MAX_INT),
    "TaskStatus": whole(-1, 3),
    "TaskInvalidReason": text(0, 64),
    "TaskExitReason": text(0, 64),
    "TaskExitTime": whole(0, MAX_INT),
    "CurrentFileIndex": whole(0, MAX_INT),
    "CurrentOffset": whole(0, MAX_INT),
}
NEEDED = ("StartTime", "EndTime", "SourceType", "SourceUrls", "DstUrl")


def add(state: State, document: Mapping[str, Any], now: str) -> None:
    """Add the document to the state. Raises ValueError if it is invalid."""
    given = read_document(document, SHAPE)
    tasks = list(read_places(given.get("tasks", {}), TASK_FIELDS))
    pulls = read_things(given.get("pulls", []), pull_stream.PULL)
    callbacks = read_things(given.get("callbacks", []), record_notify.CALLBACK)
    for region, task in tasks:
        REGION("the key of tasks", region)
        if not (_exists(state, region, task) or task.keys() >= set(NEEDED)):
            raise ValueError(f"a task of {region} must have {', '.join(NEEDED)}")
    for pull in pulls:
        if pull.keys() != set(pull_stream.PULL):
            raise ValueError(f"a pull must have {', '.join(pull_stream.PULL)}")
    for callback in callbacks:
        if not callback.keys() >= {"DomainName", "NotifyUrl"}:
            raise ValueError("a callback must have DomainName and NotifyUrl")
    if "domains" in given:
        state.add_domains(given["domains"])
    state.exited_seconds = given.get("exited_seconds", state.exited_seconds)
    for region, task in tasks:
        task_id = task.get("TaskId") or str(state.new_id("task"))
        before = state.regions[region].find(task_id)
        made = {**before, **task} if before else make(task, task_id)
        if task.get("TaskStatus") == EXITED:
            made = exited(made, now)
        state.regions[region].put(task_id, made)
    for pull in pulls:
        state.pulls.put(pull_stream.key(pull), pull)
    for callback in callbacks:
        state.callbacks.put(callback["DomainName"], record_notify.make(callback))


def take(state: State, now: str) -> dict[str, Any]:
    """The complete state, including secrets."""
    return {
        "domains": None if state.domains is None else sorted(state.domains),
        "exited_seconds": state.exited_seconds,
        "tasks": {
            region: [{**task, "TaskStatus": status(task, now)} for task in shelf]
            for region, shelf in state.regions.items()
        },
        "pulls": list(state.pulls),
        "callbacks": list(state.callbacks),
    }


def _exists(state: State, region: str, task: Mapping[str, Any]) -> bool:
    return region in state.regions and bool(state.regions[region].find(task.get("TaskId", "")))
