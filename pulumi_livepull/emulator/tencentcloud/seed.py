"""Putting a state into the emulated account, and taking one out, in one shape.

`domains` is a list of push domains; once given, no others exist. `tasks` is a map from a region to
its tasks; `templates` and `rules` are lists. They are, oldest first, what a create takes and what
the vendor adds. One with the key of another takes its place. `limit_task_num` is how many tasks
there may be, and `repeats` whether a creation with an own id that a task has returns that task.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pulumi_livepull.emulator.fields import MAX_INT, Fields, moment, text, to_wire, whole
from pulumi_livepull.emulator.seeding import read_document, read_places, read_things
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.tencentcloud import callback_rule, callback_template, pull_stream_task
from pulumi_livepull.emulator.tencentcloud.state import State

SHAPE = {
    "domains": list,
    "tasks": dict,
    "templates": list,
    "rules": list,
    "limit_task_num": int,
    "repeats": bool,
}
TASK_FIELDS: Fields = {
    **pull_stream_task.CREATE,
    **pull_stream_task.MODIFY,
    "Region": text(1, 64),
    "CreateTime": moment,
    "UpdateTime": moment,
    "CreateBy": text(0, 128),
    "UpdateBy": text(0, 128),
}
TASK_REQUIRED = ("SourceType", "SourceUrls", "StartTime", "EndTime")
TEMPLATE_FIELDS: Fields = {**callback_template.TEMPLATE, "TemplateId": whole(1, MAX_INT)}
RULE_FIELDS: Fields = {
    **callback_rule.RULE,
    "CreateTime": text(1, 40),
    "UpdateTime": text(1, 40),
}


def add(state: State, document: Mapping[str, Any], now: datetime) -> None:
    """Add the document to the state; raises ValueError for what it cannot read."""
    given = read_document(document, SHAPE)
    tasks = list(read_places(given.get("tasks", {}), TASK_FIELDS))
    for _, task in tasks:
        _need(task, "tasks", TASK_REQUIRED)
    templates = _read(given, "templates", TEMPLATE_FIELDS, ("TemplateName",))
    rules = _read(given, "rules", RULE_FIELDS, tuple(callback_rule.RULE))
    if "domains" in given:
        state.add_domains(given["domains"])
    state.limit_task_num = given.get("limit_task_num", state.limit_task_num)
    state.repeats = given.get("repeats", state.repeats)
    for region, task in tasks:
        task_id = task.get("TaskId") or str(state.new_number("task", pull_stream_task.FIRST))
        made = pull_stream_task.make(task, task_id, region, to_wire(now))
        state.tasks.put(task_id, made)
    for template in templates:
        number = template.get("TemplateId") or state.new_number("template", callback_template.FIRST)
        state.templates.put(str(number), callback_template.make(template, number))
    for rule in rules:
        state.rules.put(callback_rule.key(rule), callback_rule.make(rule, now))


def take(state: State) -> dict[str, Any]:
    """The whole state, secrets included."""
    tasks: dict[str, list[Thing]] = {}
    for task in state.tasks:
        tasks.setdefault(task["Region"], []).append(task)
    return {
        "domains": None if state.domains is None else sorted(state.domains),
        "tasks": tasks,
        "templates": list(state.templates),
        "rules": list(state.rules),
        "limit_task_num": state.limit_task_num,
        "repeats": state.repeats,
    }


def _read(
    given: Mapping[str, Any], kind: str, fields: Fields, required: tuple[str, ...]
) -> list[Thing]:
    things = read_things(given.get(kind, []), fields)
    for thing in things:
        _need(thing, kind, required)
    return things


def _need(thing: Thing, kind: str, required: tuple[str, ...]) -> None:
    if not thing.keys() >= set(required):
        raise ValueError(f"{kind} must have {', '.join(required)}")
