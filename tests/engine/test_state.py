"""A state that an earlier version left, and a task in it that has ended."""

import base64
import json
import shutil
from pathlib import Path

import pytest

import pulumi_livepull
from pulumi_livepull.emulator import Emulator
from tests.engine.record import ENDED, ENDPOINT, RECORDED
from tests.engine.stacks import Stack, days_from_now, remove_task, spelled, tasks, writes

ALL = ("ended", "player", "recordings")


def restore(stack: Stack, emulator: Emulator, url: str, version: str) -> str:
    """Bring back what a version left behind, and return its program, which the stack then has."""
    folder = RECORDED / version
    emulator.reset()
    emulator.seed(json.loads((folder / "vendor.json").read_text()))
    state = stack.folder / "recorded.json"
    state.write_text((folder / "state.json").read_text().replace(ENDPOINT, url))
    stack.command("stack", "import", "--stack", "dev", "--file", str(state))
    program = (folder / "program.txt").read_text()
    stack.program(program)
    return program


@pytest.mark.parametrize("version", sorted(folder.name for folder in RECORDED.iterdir()))
def test_the_state_of_an_earlier_version_shows_no_change(
    stack: Stack, emulator: Emulator, url: str, tmp_path: Path, version: str
) -> None:
    """Neither in a preview, nor after a refresh, nor with other code in the provider."""
    restore(stack, emulator, url, version)
    before = {name: resource["inputs"]["__provider"] for name, resource in stack.resources.items()}
    now = stack.preview()
    assert now.plan == dict.fromkeys(ALL, "same")
    for name, provider in before.items():
        assert now.planned_inputs(name)["__provider"] == provider, "it is pickled by reference"
        assert len(base64.b64decode(provider)) < len(provider) < 200

    changed = tmp_path / "changed"
    package = Path(pulumi_livepull.__file__).parent
    shutil.copytree(package, changed / package.name)
    host = changed / package.name / "hosts/dynamic.py"
    code = "    serialize_as_secret_always = False\n"
    assert code in host.read_text()
    more = f'{code}    more = "code"\n\n    def another(self) -> str:\n        return self.more\n\n'
    host.write_text(host.read_text().replace(code, more))
    stack.env["PYTHONPATH"] = str(changed)
    assert stack.up("--refresh").plan == dict.fromkeys(ALL, "same")
    assert writes(emulator) == []


def test_a_task_that_has_ended_stays_until_it_is_given_another_end(
    stack: Stack, emulator: Emulator, url: str
) -> None:
    """Even after the vendor removed it. An edit is refused; a new end creates a new task."""
    program = restore(stack, emulator, url, "0.1.0")
    ended = stack.resources["ended"]
    for task in tasks(emulator):
        if task["end_time"] == ENDED:
            remove_task(emulator, task["task_id"])
    assert set(stack.refresh().plan) == set(ALL)
    assert stack.resources["ended"]["id"] == ended["id"]

    edited = program.replace("match.flv", "final.flv")
    stack.program(edited)
    (refused,) = stack.preview(fails=True).said("error")
    assert "property endTime " in refused
    assert "has passed: a task that has ended cannot be changed" in refused
    assert "Give a time in the future to run it again as a new task, or undo the edit" in refused

    end = spelled(days_from_now(1))
    stack.program(edited.replace(ENDED, end))
    again = stack.up()
    assert again.plan == {"ended": "replace", "player": "same", "recordings": "same"}
    assert any(
        f"ended at {ENDED}: this change deletes it and creates a new one" in message
        for message in [*again.said("warning"), *again.said("info#err")]
    )
    assert stack.resources["ended"]["id"] != ended["id"]
    assert stack.resources["ended"]["outputs"]["endTime"] == end
