"""A schedule lives like its tasks: in both hosts of a Python program, and in one without code."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from pulumi_livepull.core.naming import camel
from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import (
    PROJECT,
    SECRET_KEY,
    SECRET_MARK,
    Json,
    Stack,
    by_id,
    days_from_now,
    remove_task,
    spelled,
    tasks,
    writes,
)

SHARED: Json = {
    "source_type": "PullLivePushLive",
    "source_urls": ["https://play.example.org/live/a.flv"],
    "destination_url": "rtmp://push.example.com/live/one?key=hidden",
}
TYPE = "livepull:huaweicloud:PullTaskSchedule"
PASSED = "has passed: give a time in the future"


def window(name: str, day: float) -> dict[str, str]:
    """Return a window of two hours, so many days from now."""
    start = days_from_now(day)
    times = {"start_time": spelled(start), "end_time": spelled(start + timedelta(hours=2))}
    return {"name": name, **times}


FIRST, SECOND, THIRD = window("first", 1), window("second", 2), window("third", 3)


class Program:
    """What a stack runs, in one of three ways: it makes a schedule, called `shows` at first."""

    def __init__(self, stack: Stack, way: str) -> None:
        self.stack, self.way = stack, way
        stack.configure("host", "plugin" if way == "plugin" else None)

    def write(self, *windows: Mapping[str, str], name: str = "shows", **changes: Any) -> None:
        """Let the stack have these windows and inputs from now on."""
        values = {"windows": list(windows), **SHARED, **changes}
        write = self._write_yaml if self.way == "yaml" else self._write_python
        write(name, values)

    def _write_python(self, name: str, values: Json) -> None:
        arguments = "".join(f"    {key}={value!r},\n" for key, value in values.items())
        former = "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='shows')])"
        self.stack.program(
            f"shows = huaweicloud.PullTaskSchedule(\n{name!r},\n{former},\n{arguments})\n",
            "pulumi.export('ids', shows.task_ids)\n",
        )

    def _write_yaml(self, name: str, values: Json) -> None:
        options = {"aliases": [{"name": "shows"}]}
        shows = {"name": name, "type": TYPE, "properties": _camel(values), "options": options}
        write_yaml(self.stack, {"shows": shows}, ids="${shows.taskIds}")


def write_yaml(stack: Stack, resources: Json, **outputs: str) -> None:
    """Let the stack have these resources from now on, with no code."""
    document = {"name": "relay", "runtime": "yaml", "resources": resources, "outputs": outputs}
    (stack.folder / "Pulumi.yaml").write_text(json.dumps(document))


def _camel(value: Any) -> Any:
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if isinstance(value, dict):
        return {camel(name): _camel(item) for name, item in value.items()}
    return value


@pytest.fixture(params=["dynamic", "plugin", "yaml"])
def program(request: pytest.FixtureRequest, stack: Stack) -> Program:
    return Program(stack, request.param)


def plan(stack: Stack, **planned: str) -> dict[str, str]:
    """Return a plan with the schedule unchanged and with the default provider, if there is one."""
    providers = [name for name in stack.resources if name.startswith("default")]
    names = {f"shows-{name}": step for name, step in planned.items()}
    return {"shows": "same", **dict.fromkeys(providers, "same"), **names}


def test_each_window_has_a_task_of_its_own(program: Program, emulator: Emulator) -> None:
    """Adding a window creates one task, removing one deletes one, and no other changes; none is
    valid.
    """
    stack = program.stack
    program.write(FIRST, SECOND)
    shown = stack.preview().plan
    created = dict.fromkeys(("shows", "shows-first", "shows-second"), "create")
    assert shown.items() >= created.items()
    assert writes(emulator) == []
    stack.up()
    ids = {name: stack.resources[f"shows-{name}"]["id"] for name in ("first", "second")}
    assert stack.outputs["ids"] == ids
    held = {task["task_id"]: task for task in tasks(emulator)}
    for each in (FIRST, SECOND):
        task = held[by_id(stack, f"shows-{each['name']}")]
        assert (task["start_time"], task["end_time"]) == (each["start_time"], each["end_time"])
        assert task["destination_url"] == SHARED["destination_url"]
    assert "hidden" not in stack.checkpoint
    assert SECRET_MARK not in json.dumps(stack.outputs)
    assert stack.preview().plan == plan(stack, first="same", second="same")

    program.write(FIRST, THIRD)
    assert stack.up().plan == plan(stack, first="same", second="delete", third="create")
    assert set(stack.outputs["ids"]) == {"first", "third"}

    program.write()
    assert stack.up().plan == plan(stack, first="delete", third="delete")
    assert (stack.outputs["ids"], tasks(emulator)) == ({}, [])
    program.write(SECOND)
    assert stack.up().plan == plan(stack, second="create")
    stack.destroy()
    assert tasks(emulator) == []


def test_wrong_windows_are_reported_at_once_and_nothing_is_created(
    program: Program, emulator: Emulator
) -> None:
    """By their paths, without any line that does not help."""
    program.write(
        FIRST, {**FIRST, "name": "again"}, {**SECOND, "name": "first"}, source_urls=["nowhere"]
    )
    [message, *_] = program.stack.up(fails=True).said("error")
    assert message.partition("has wrong inputs:\n")[2].splitlines() == [
        "sourceUrls[0] must be a full address such as rtmp://host/app/stream",
        'windows[1].startTime overlaps the window "first": two tasks would push to one stream at '
        "a time",
        'windows[2].name "first" is used twice: choose another',
    ]
    assert writes(emulator) == []


def test_a_window_that_has_passed_before_it_was_there_is_refused(
    program: Program, emulator: Emulator
) -> None:
    """Before a task is created for any other window, whatever their order."""
    program.write(FIRST, window("late", -2))
    errors = program.stack.up(fails=True).said("error")
    assert [PASSED in error and "'shows-late'" in error for error in errors].count(True) == 1
    assert "shows-first" not in program.stack.resources
    assert writes(emulator) == []


def test_a_window_that_has_passed_since_stays_as_it_was(
    program: Program, emulator: Emulator
) -> None:
    """Whatever else changes, until it gets another time or is removed."""
    stack = program.stack
    program.write(FIRST, SECOND)
    stack.up()
    gone = by_id(stack, "shows-first")
    old = _let_pass(stack, FIRST)
    remove_task(emulator, gone)  # The vendor tidies up.
    changed = {"source_urls": ["https://play.example.org/live/b.flv"]}
    program.write(old, SECOND, **changed)
    assert stack.preview().plan == plan(stack, first="same", second="replace")
    stack.up("--refresh")
    assert by_id(stack, "shows-first") == gone
    program.write(THIRD | {"name": "first"}, SECOND, **changed)
    assert stack.up().plan == plan(stack, first="replace", second="same")
    assert by_id(stack, "shows-first") in [task["task_id"] for task in tasks(emulator)]


def _let_pass(stack: Stack, given: dict[str, str]) -> dict[str, str]:
    """Write a window into the state as one that lies in the past, and return it."""
    state = stack.folder / "state.json"
    stack.command("stack", "export", "--stack", "dev", "--file", str(state))
    past = window(given["name"], -3)
    text = state.read_text()
    for name in ("start_time", "end_time"):
        assert given[name] in text
        text = text.replace(given[name], past[name])
    state.write_text(text)
    stack.command("stack", "import", "--stack", "dev", "--file", str(state))
    return past


def test_a_schedule_keeps_its_tasks_whoever_makes_it(stack: Stack, emulator: Emulator) -> None:
    """In another host, in YAML and under another name."""
    Program(stack, "dynamic").write(FIRST, SECOND)
    stack.up()
    ids = stack.outputs["ids"]
    assert ids == {name: stack.resources[f"shows-{name}"]["id"] for name in ("first", "second")}
    Program(stack, "plugin").write(FIRST, SECOND)
    stack.up()
    assert stack.outputs["ids"] == ids
    Program(stack, "yaml").write(FIRST, SECOND, name="programme")
    stack.up()
    assert stack.outputs["ids"] == ids
    assert {"programme", "programme-first", "programme-second"} <= stack.resources.keys()
    assert writes(emulator) == ["CreatePullTask", "CreatePullTask"]


def test_what_a_schedule_is_given_reaches_its_tasks(
    stack: Stack, emulator: Emulator, url: str
) -> None:
    """An explicit provider, protection, a secret, and unknown values."""
    emulator.seed({"huaweicloud": {"projects": {"cn-east-3": PROJECT}}})
    own = {"Endpoint": url, "Region": "cn-east-3", "AccessKey": "livepull-emulator"}
    settings = {f"huaweicloud{name}": text for name, text in own.items()}
    settings |= {"huaweicloudSecretKey": {"fn::secret": SECRET_KEY}}
    times = {key: time for key, time in window("", 0.5).items() if key != "name"}
    before = {"type": "livepull:huaweicloud:PullTask", "properties": _camel(SHARED | times)}
    windows = [FIRST | {"end_time": {"fn::secret": FIRST["end_time"]}}]
    urls = ["https://play.example.org/${before.taskId}.flv"]
    shows = {
        "type": TYPE,
        "properties": _camel({**SHARED, "windows": windows, "source_urls": urls}),
        "options": {"provider": "${own}", "protect": True},
    }
    provider = {"type": "pulumi:providers:livepull", "properties": settings}
    write_yaml(stack, {"own": provider, "before": before, "shows": shows})
    planned = stack.preview().planned_inputs("shows-first")
    assert planned["startTime"] == FIRST["start_time"]
    stack.up()
    [task] = [each for each in tasks(emulator) if each["start_time"] == FIRST["start_time"]]
    made, other = stack.resources["shows-first"], stack.resources["before"]
    assert task["source_urls"] == [urls[0].replace("${before.taskId}", other["outputs"]["taskId"])]
    assert made["id"] == f"cn-east-3/{task['task_id']}"
    assert "::own::" in made["provider"]
    assert made["protect"] is True
    assert SECRET_MARK in made["inputs"]["endTime"]
    assert made["inputs"]["startTime"] == FIRST["start_time"]
    assert made["propertyDependencies"]["sourceUrls"] == [other["urn"]]
    assert made["propertyDependencies"]["startTime"] == []
