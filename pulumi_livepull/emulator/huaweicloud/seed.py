"""Load a state into the emulated account, and export it, in the same format.

`domains` is a list of ingest domains and `projects` maps region names to project ids; if either is
given, no others exist. `tasks` and `callbacks` map a project id to a list, oldest first, in the
format of a read (with a callback's `key`). Omitted fields have their defaults.
"""

from collections.abc import Mapping
from typing import Any

from pulumi_livepull.emulator.fields import Fields, moment, text
from pulumi_livepull.emulator.huaweicloud import pull_task, record_callback
from pulumi_livepull.emulator.huaweicloud.state import State
from pulumi_livepull.emulator.seeding import read_document, read_places

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
    """Add the document to the state. Raises ValueError if it is invalid."""
    given = read_document(document, SHAPE)
    tasks = list(read_places(given.get("tasks", {}), TASK_FIELDS))
    callbacks = list(read_places(given.get("callbacks", {}), CALLBACK_FIELDS))
    if "domains" in given:
        state.add_domains(given["domains"])
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
    """The complete state, including secrets."""
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
