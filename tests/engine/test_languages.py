"""The examples in YAML, TypeScript and Go come up, stay as they are and go away on the emulator."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pulumi_livepull.emulator import Emulator
from tests.engine import sdks
from tests.engine.sdks import EXAMPLES, PROGRAMS
from tests.engine.stacks import ROOT, SECRET_KEY, Stack, days_from_now, held, writes

CALLBACK_KEY = "k" * 32
START, END = days_from_now(1).isoformat(), days_from_now(2).isoformat()
KEYS = {
    "HUAWEICLOUD_SDK_AK": "livepull-emulator",
    "HUAWEICLOUD_SDK_SK": SECRET_KEY,
    "VOLC_ACCESSKEY": "livepull-emulator",
    "VOLC_SECRETKEY": SECRET_KEY,
}

SCHEMA, INDEX = ROOT / "schema.json", ROOT / "docs" / "_index.md"

SCHEDULED = ("evening-news", "matches", "news")

Command = tuple[str | Path, ...]


@dataclass(frozen=True)
class Program:
    """A program that drives its stack itself, with Pulumi's Automation API."""

    command: Command
    folder: Path
    env: Mapping[str, str]

    def run(self, verb: str, *, fails: bool = False) -> str:
        """Do something with the stack of the event, and return all that was printed."""
        ran = subprocess.run(
            [*self.command, verb, "event.json"],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert bool(ran.returncode) is fails, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    @property
    def state(self) -> str:
        """The state as it lies on disk."""
        return (self.folder / "state/.pulumi/stacks/event-relays/cup-final.json").read_text()


Start = Callable[..., Program]


@pytest.fixture(scope="session")
def in_typescript(nodejs: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command that runs the example in TypeScript."""
    program = tmp_path_factory.mktemp("typescript") / "program"
    shutil.copytree(EXAMPLES / "typescript", program, ignore=sdks.MADE)
    ran = sdks.typescript(program, nodejs)
    assert ran.returncode == 0, ran.stdout
    return "node", program


@pytest.fixture(scope="session")
def in_go(go: Path) -> Command:
    """The command that runs the example in Go."""
    return (go / "go",)


@pytest.fixture(params=["typescript", "go"])
def start(request: pytest.FixtureRequest, stack: Stack, url: str) -> Start:
    """Return what makes a program of each language, and changes its event."""
    command = request.getfixturevalue(f"in_{request.param}")
    text = (EXAMPLES / request.param / "event.json").read_text(encoding="utf-8")
    event = json.loads(text.replace("http://127.0.0.1:4510", url))

    def start(**changes: Any) -> Program:
        changed = json.dumps(event | {"startTime": START, "endTime": END} | changes)
        (stack.folder / "event.json").write_text(changed, encoding="utf-8")
        return Program(command, stack.folder, stack.env | KEYS | {"CALLBACK_KEY": CALLBACK_KEY})

    return start


def test_every_example_in_go_compiles(go: Path) -> None:
    """Those of the schema, which the Registry shows: an enum there has a name for each value."""
    assert (go / "examples").exists()
    pages = [SCHEMA.read_text(encoding="utf-8"), INDEX.read_text(encoding="utf-8")]
    source = (PROGRAMS / "examples" / "main.go").read_text(encoding="utf-8")
    calls = re.findall(r"err := (\w+\.New\w+)\(", source)
    assert len(calls) == len(set(calls)) == pages[0].count("```go")
    assert set(re.findall(r"err := (\w+\.New\w+)\(", pages[1])) <= set(calls)


def test_a_program_relays_an_event(start: Start, emulator: Emulator) -> None:
    """It creates the relays without showing a key; a second `up` has nothing to do; `destroy`
    leaves nothing.
    """
    program = start()
    made = program.run("up")
    assert "Resources:\n    + 6 created\n" in made
    assert "warning" not in made
    assert held(emulator) == 5
    tasks = re.findall(r'"((?:cn-north-4|default)/[^"]+)"', made)
    assert len(tasks) == 4
    assert all(task in program.state for task in tasks)
    # The program hands the callback's key over as it is.
    assert not [key for key in (CALLBACK_KEY, SECRET_KEY) if key in made + program.state]
    emulator.journal.clear()
    assert "Resources:\n    6 unchanged\n" in program.run("preview")
    assert writes(emulator) == []
    assert "Resources:\n    - 6 deleted\n" in program.run("destroy")
    assert held(emulator) == 0


def test_a_program_changes_a_relay(start: Start, emulator: Emulator) -> None:
    """A new source changes one task of each cloud and nothing else."""
    program = start()
    program.run("up")
    source = "https://play.example.org/live/backup.flv"
    feeds = [{"name": "main", "source": source}]
    text = start(feeds=feeds).run("up")
    assert "+-1 replaced" in text
    assert "~ 1 updated" in text
    assert "- 2 deleted" in text
    assert "2 unchanged" in text
    assert json.dumps(emulator.state()).count(source) == 2
    assert program.state.count(source) >= 2


def test_a_program_gets_a_message_that_says_what_is_wrong(start: Start, emulator: Emulator) -> None:
    """With the program's own spelling of names and without a traceback; nothing is created."""
    text = start(endTime=START).run("up", fails=True)
    assert "endTime" in text
    assert "must be later than `startTime`" in text
    assert not re.search(r"(?m)^\s+at |goroutine|Traceback", text)
    assert [call for call in writes(emulator) if call.startswith("CreatePull")] == []


@pytest.fixture
def in_yaml(stack: Stack, url: str) -> Stack:
    """The stack `dev` of the example in YAML, with the settings that its README names."""
    shutil.copy(EXAMPLES / "yaml" / "Pulumi.yaml", stack.folder)
    (stack.folder / "Pulumi.dev.yaml").unlink()
    stack.command("stack", "init", "dev")
    plain = {
        "startTime": START,
        "endTime": END,
        "livepull:alicloudRegion": "cn-shanghai",
        "livepull:alicloudEndpoint": url,
    }
    secret = {
        "callbackKey": CALLBACK_KEY,
        "huaweiAccessKey": "livepull-emulator",
        "huaweiSecretKey": SECRET_KEY,
        "livepull:alicloudAccessKey": "livepull-emulator",
        "livepull:alicloudSecretKey": SECRET_KEY,
    }
    stack.command(
        *("config", "set-all", "--stack", "dev"),
        *(f"--plaintext={key}={value}" for key, value in plain.items()),
        *(f"--secret={key}={value}" for key, value in secret.items()),
    )
    # The provider that the program makes is not configured by the stack.
    endpoints = ("HUAWEICLOUD_SDK_REGION_LIVE_CN_NORTH_4", "HUAWEICLOUD_SDK_IAM_ENDPOINT")
    stack.env |= dict.fromkeys(endpoints, url)
    return stack


def test_a_stack_in_yaml_relays_a_channel(in_yaml: Stack, emulator: Emulator) -> None:
    """With an explicit provider for one account, and the stack's config for another."""
    made = in_yaml.up()
    assert {made.plan[name] for name in ("huaweiChannel", "alibabaChannel")} == {"create"}
    assert made.said("warning") == []
    assert held(emulator) == 4
    shown = json.loads(in_yaml.command("stack", "output", "--stack", "dev", "--json"))
    assert shown["tasks"]["huawei"].startswith("cn-north-4/")
    assert shown["tasks"]["alibaba"].startswith("cn-shanghai/")
    assert shown["pushedTo"] == "[secret]"
    state = (in_yaml.folder / "state/.pulumi/stacks/two-clouds/dev.json").read_text()
    assert not [key for key in (CALLBACK_KEY, SECRET_KEY) if key in made.text + state]
    in_yaml.preview("--expect-no-changes")
    in_yaml.destroy()
    assert held(emulator) == 0


def test_a_stack_in_yaml_makes_the_windows_of_three_schedules(
    hosted: Stack, emulator: Emulator
) -> None:
    """From a recurrence, from a calendar and around the clock; a second run changes nothing."""
    example = EXAMPLES / "schedules-yaml"
    shutil.copy(example / "matches.ics", hosted.folder)
    program = (example / "Pulumi.yaml").read_text(encoding="utf-8")
    (hosted.folder / "Pulumi.yaml").write_text(program.replace("name: schedules", "name: relay"))
    made = hosted.up()
    assert made.said("warning") == []
    names = [name for name, each in hosted.resources.items() if "id" in each]
    of = {name: [each for each in names if each.startswith(f"{name}-")] for name in SCHEDULED}
    counts = {name: len(tasks) for name, tasks in of.items()}
    assert counts["evening-news"] in range(10, 12)
    assert counts["matches"] in range(2, 4)
    assert counts["news"] in range(3, 5)
    assert held(emulator) == sum(counts.values())
    berlin = ZoneInfo("Europe/Berlin")
    starts = [
        datetime.fromisoformat(hosted.resources[name]["outputs"]["startTime"]).astimezone(berlin)
        for name in of["evening-news"]
    ]
    assert {(start.hour, start.minute) for start in starts} == {(20, 0)}
    hosted.preview("--expect-no-changes")
    hosted.destroy()
    assert held(emulator) == 0
