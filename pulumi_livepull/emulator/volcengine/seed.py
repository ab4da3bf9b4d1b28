"""Load a state into the emulated account, and export it, in the same format.

`domains` is a list of domains; if it is given, no others exist. `relay_sources`, `tasks`, `groups`
and `callbacks` are lists, oldest first, of what a create takes, and of what the vendor adds: a
task's `TaskId`, and `Stopped` for one that was stopped. A task with the `TaskId` of one that
exists, like anything with the key of another, takes its place. `knows_continue` and `knows_restart`
are whether there are ContinuePullToPushTask and RestartPullToPushTask.
"""

from collections.abc import Mapping
from typing import Any

from pulumi_livepull.emulator.fields import Fields, text, truth, whole
from pulumi_livepull.emulator.seeding import read_document, read_things
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.volcengine import callback, group, pull_to_push, relay_source
from pulumi_livepull.emulator.volcengine.state import State

SHAPE = {
    "domains": list,
    "relay_sources": list,
    "tasks": list,
    "groups": list,
    "callbacks": list,
    "knows_continue": bool,
    "knows_restart": bool,
}
TASK_FIELDS: Fields = {**pull_to_push.UPDATE, "Stopped": truth, "Status": text(0, 10)}
GROUP_FIELDS: Fields = {**group.CREATE, **group.UPDATE, "Status": whole(0, 1)}
CALLBACK_FIELDS: Fields = {
    **callback.CALLBACK,
    "CreateTime": text(1, 40),
    "CreateTimeUTC": text(1, 40),
}


def add(state: State, document: Mapping[str, Any], now: int) -> None:
    """Add the document to the state. Raises ValueError if it is invalid."""
    given = read_document(document, SHAPE)
    sources = _read(given, "relay_sources", relay_source.SOURCE, relay_source.REQUIRED)
    tasks = _read(given, "tasks", TASK_FIELDS, pull_to_push.REQUIRED)
    groups = _read(given, "groups", GROUP_FIELDS, ("Name",))
    callbacks = _read(given, "callbacks", CALLBACK_FIELDS, callback.REQUIRED)
    if "domains" in given:
        state.add_domains(given["domains"])
    state.knows_continue = given.get("knows_continue", state.knows_continue)
    state.knows_restart = given.get("knows_restart", state.knows_restart)
    for source in sources:
        made = relay_source.make(source)
        state.relay_sources.put(relay_source.key(made), made)
    for each in groups:
        state.groups.put(each["Name"], group.make(each))
    for task in tasks:
        task_id = task.get("TaskId") or state.new_task_id()
        facts = {name: value for name, value in task.items() if name != "Status"}
        state.tasks.put(task_id, pull_to_push.make(facts, task_id))
    for each in callbacks:
        made = callback.make(each, now)
        state.callbacks.put(callback.key(made), made)


def take(state: State, now: int) -> dict[str, Any]:
    """The complete state, including secrets."""
    return {
        "domains": None if state.domains is None else sorted(state.domains),
        "relay_sources": list(state.relay_sources),
        "tasks": [{**task, "Status": pull_to_push.status(task, now)} for task in state.tasks],
        "groups": list(state.groups),
        "callbacks": list(state.callbacks),
        "knows_continue": state.knows_continue,
        "knows_restart": state.knows_restart,
    }


def _read(
    given: Mapping[str, Any], kind: str, fields: Fields, required: tuple[str, ...]
) -> list[Thing]:
    things = read_things(given.get(kind, []), fields)
    for thing in things:
        if not thing.keys() >= set(required):
            raise ValueError(f"{kind} must have {', '.join(required)}")
    return things
