"""Putting a state into the emulated account, and taking one out, in one shape.

`domains` is a list of ingest domains and `projects` maps region names to project ids; once either
is given, no others exist. `tasks` and `callbacks` map a project id to a list, oldest first, of what
a read returns (and a callback's `key`); what is left out has its default.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_livepull.emulator.huaweicloud import pull_task, record_callback
from pulumi_livepull.emulator.huaweicloud.fields import Fields, moment, read_fields, text
from pulumi_livepull.emulator.huaweicloud.refusal import Refusal
from pulumi_livepull.emulator.huaweicloud.state import State, Thing

SHAPE = {"domains": list, "projects": dict, "tasks": dict, "callbacks": dict}
TASK_FIELDS: Fields = {
    **pull_task.CREATE,
    "task_id": text(1, 64),
    "create_time": moment,
    "status": text(0, 64),
}
CALLBACK_FIELDS: Fields = {
    **record_callback.BODY,
    "id": text(1, 64),
    "create_time": moment,
    "update_time": moment,
}


def add(state: State, document: Mapping[str, Any], now: str) -> None:
    """Add the document to the state; raises ValueError for what it cannot read."""
    if not isinstance(document, Mapping):
        raise ValueError(f"a seed is a map of {', '.join(SHAPE)}")
    given = {name: value for name, value in document.items() if value is not None}
    for name, value in given.items():
        if not isinstance(value, SHAPE.get(name, ())):
            raise ValueError(f"cannot seed {name!r}; known: {', '.join(SHAPE)}, as lists or maps")
    tasks = list(_things(given.get("tasks", {}), TASK_FIELDS))
    callbacks = list(_things(given.get("callbacks", {}), CALLBACK_FIELDS))
    if "domains" in given:
        state.domains = (state.domains or set()).union(given["domains"])
    if "projects" in given:
        state.project_ids = {**(state.project_ids or {}), **given["projects"]}
    for project_id, task in tasks:
        task_id = task.get("task_id") or str(state.new_id("task"))
        state.projects[project_id].tasks.put(task_id, pull_task.make(task, task_id, now))
    for project_id, callback in callbacks:
        callback_id = callback.get("id") or str(state.new_id("callback"))
        made = record_callback.make(callback, callback_id, now)
        state.projects[project_id].callbacks.put(callback_id, made)


def take(state: State, now: str) -> dict[str, Any]:
    """The whole state, secrets included."""
    projects = state.projects.items()
    return {
        "domains": None if state.domains is None else sorted(state.domains),
        "projects": state.project_ids,
        "tasks": {
            project_id: [pull_task.view(task, now) for task in project.tasks]
            for project_id, project in projects
        },
        "callbacks": {project_id: list(project.callbacks) for project_id, project in projects},
    }


def _things(by_project: Mapping[str, Any], fields: Fields) -> Iterator[tuple[str, Thing]]:
    for project_id, things in by_project.items():
        if not isinstance(things, list) or not all(isinstance(each, dict) for each in things):
            raise ValueError(f"project {project_id} must have a list of maps")
        for thing in things:
            _check(thing, fields)
            yield project_id, thing


def _check(thing: Thing, fields: Fields) -> None:
    set_fields = {name: value for name, value in thing.items() if value not in ("", [])}
    try:
        read_fields(set_fields, fields)
    except Refusal as refusal:
        raise ValueError(refusal.message) from None
