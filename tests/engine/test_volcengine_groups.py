"""A group and the tasks in it come and go in the right order, through the real engine."""

from pathlib import Path

import pytest

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import Stack, days_from_now, spelled

PROGRAM = """
from pulumi_livepull import volcengine

sports = volcengine.PullToPushGroup(
    "sports", name="{name}", project_name="{project}", tags=[{{"key": "team", "value": "{team}"}}]
)
for channel in ("one", "two"):
    volcengine.PullToPushTask(
        channel,
        type=0,
        src_addr=f"rtmp://src.example.org/live/{{channel}}",
        dst_addr=f"rtmp://push.example.com/live/{{channel}}",
        start_time="{start}",
        end_time="{end}",
        group_name=sports.name,
    )
"""
FIRST = {
    "name": "sports",
    "project": "default",
    "team": "video",
    "start": spelled(days_from_now(-1)),
    "end": spelled(days_from_now(2)),
}
TASKS = {"one", "two"}


@pytest.fixture
def cloud(stack: Stack, url: str) -> Stack:
    """A stack with the keys of the vendor."""
    stack.configure("volcengineEndpoint", url)
    stack.configure("volcengineAccessKey", "livepull-emulator")
    stack.configure("volcengineSecretKey", "livepull-emulator-secret")
    return stack


def program(stack: Stack, **changes: str) -> None:
    """Write the program that the stack runs from now on."""
    (stack.folder / Path("__main__.py")).write_text(PROGRAM.format(**FIRST | changes))


def groups(emulator: Emulator) -> dict[str, str]:
    """Return the group of each task that there is, by the task's source."""
    held = emulator.volcengine.snapshot()["tasks"]
    return {task["SrcAddr"].rpartition("/")[2]: task["GroupName"] for task in held}


def changes(emulator: Emulator) -> list[str]:
    """Return the operations so far that changed something."""
    done = [str(entry.operation) for entry in emulator.journal]
    return [operation for operation in done if not operation.startswith("List")]


def test_a_group_comes_before_its_tasks_and_goes_after_them(
    cloud: Stack, emulator: Emulator
) -> None:
    """Pulumi learns the order from the use of the group's name output."""
    program(cloud)
    assert cloud.preview().plan == dict.fromkeys({"sports", *TASKS}, "create")
    cloud.up()
    assert groups(emulator) == dict.fromkeys(TASKS, "sports")
    assert changes(emulator)[0] == "CreatePullToPushGroup"
    assert cloud.up("--refresh").plan == dict.fromkeys({"sports", *TASKS}, "same")

    program(cloud, team="news")
    assert cloud.up().plan == {"sports": "update", **dict.fromkeys(TASKS, "same")}

    emulator.journal.clear()
    cloud.destroy()
    assert changes(emulator) == [*["DeletePullToPushTask"] * 2, "DeletePullToPushGroup"]
    assert groups(emulator) == {}


@pytest.mark.parametrize("change", [{"project": "other"}, {"name": "news"}], ids=str)
def test_a_new_group_takes_its_tasks_along(
    cloud: Stack, emulator: Emulator, change: dict[str, str]
) -> None:
    """Neither changes in place: the tasks are deleted first and created again in the new group."""
    program(cloud)
    cloud.up()
    emulator.journal.clear()
    program(cloud, **change)
    assert cloud.up().plan == dict.fromkeys({"sports", *TASKS}, "replace")
    assert changes(emulator) == [
        *["DeletePullToPushTask"] * 2,
        "DeletePullToPushGroup",
        "CreatePullToPushGroup",
        *["CreatePullToPushTask"] * 2,
    ]
    assert groups(emulator) == dict.fromkeys(TASKS, change.get("name", "sports"))
    assert cloud.up().plan == dict.fromkeys({"sports", *TASKS}, "same")
