"""A stack of the real Pulumi engine, driven by its command, and what a run of it did."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pulumi_livepull
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors import VENDORS
from tests.conformance.every import FACTS

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]

REGION = "cn-north-4"
PROJECT = "0123456789abcdef0123456789abcdef"
SECRET_KEY = "livepull-emulator-secret"

# The engine's mark of a value that holds a secret, whatever else it shows of it.
SECRET_MARK = "4dabf18193072939515e22adb298388d"

PACKAGE = str(Path(pulumi_livepull.__file__).parents[1])

WARM = Path(__file__).with_name("warm")
"""The folder of a `python3` that starts quickly."""

HEADER = "import pulumi\nfrom pulumi_livepull import huaweicloud\n"


def find_engine() -> str:
    """Return the folder with the engine's programs, which `make test` names."""
    if named := os.environ.get("LIVEPULL_ENGINE"):
        return named
    found = subprocess.run(
        [sys.executable, "tools/engine"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return found.stdout.splitlines()[-1]


def days_from_now(days: float) -> datetime:
    """A time in whole seconds, so that a program may spell it."""
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)


def spelled(moment: datetime) -> str:
    """A time as the vendor and the state spell it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def brought_forward(text: str) -> str:
    """A text of the conformance suite, where it is the first of January 2030, as of today."""
    return re.sub(
        r"2030-01-0(\d)", lambda day: days_from_now(int(day[1])).strftime("%Y-%m-%d"), text
    )


@dataclass(frozen=True)
class Run:
    """One operation of the engine: all that it printed, and its events."""

    code: int
    text: str
    events: list[Json]

    @property
    def plan(self) -> dict[str, str]:
        """What was done, or would be, to each resource of ours; a refresh tells what it found."""
        plan: dict[str, str] = {}
        for kind in ("resourcePreEvent", "resOutputsEvent"):
            for step in self._steps(kind):
                replaces = {"replace", "create-replacement", "delete-replaced"} & {step["op"]}
                plan[_name(step)] = "replace" if replaces else step["op"]
        return plan

    def changed(self, name: str) -> dict[str, tuple[Any, Any]]:
        """The inputs of a resource that differ, old and new."""
        steps = (step for step in self._steps("resourcePreEvent") if _name(step) == name)
        step = next(step for step in steps if step["old"] and step["new"])
        old, new = step["old"]["inputs"], step["new"]["inputs"]
        return {
            prop: (old.get(prop), new.get(prop))
            for prop in sorted({*old, *new})
            if old.get(prop) != new.get(prop)
        }

    def details(self, name: str) -> dict[str, str]:
        """Each path that differs in a resource, and what happens to it, as the provider says."""
        steps = (step for step in self._steps("resourcePreEvent") if _name(step) == name)
        found = next(step["detailedDiff"] for step in steps if step.get("detailedDiff"))
        return {path: difference["diffKind"] for path, difference in found.items()}

    def planned_inputs(self, name: str) -> Json:
        """The inputs that a resource has from now on."""
        steps = [s for s in self._steps("resourcePreEvent") if _name(s) == name and s["new"]]
        inputs: Json = steps[-1]["new"]["inputs"]
        return inputs

    def said(self, severity: str) -> list[str]:
        """The messages to the user of severity `error`, `warning` or `info`."""
        found = (event.get("diagnosticEvent", {}) for event in self.events)
        return [
            messages["message"].strip()
            for messages in found
            if messages.get("severity") == severity
        ]

    def said_of(self, severity: str) -> Iterator[tuple[str, str]]:
        """The same, with the name of the resource that each is about."""
        for event in self.events:
            messages = event.get("diagnosticEvent", {})
            if messages.get("severity") == severity:
                yield _name(messages), messages["message"].strip()

    def _steps(self, kind: str) -> Iterator[Json]:
        for event in self.events:
            if kind in event and _is_ours(event[kind]["metadata"]):
                yield event[kind]["metadata"]


def _is_ours(step: Mapping[str, Any]) -> bool:
    return "livepull" in step["type"] and not step["type"].startswith("pulumi:providers:")


def _name(step: Mapping[str, Any]) -> str:
    return str(step.get("urn", "")).rpartition("::")[2]


class Stack:
    """The stack `dev` of a program in `folder`, with its state and settings there too."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder = folder
        self._engine = engine
        self._operations = 0
        # The language host runs the first `python3` on PATH.
        own = str(Path(sys.executable).parent)
        path = [str(WARM), own, engine, os.environ.get("PATH", os.defpath)]
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(_OF_THE_USER)},
            # The engine's own memory matters little here, its time does.
            "GOGC": "off",
            "GOMEMLIMIT": "1GiB",
            "HOME": str(folder),
            "NO_PROXY": "127.0.0.1",
            "PATH": os.pathsep.join(path),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "livepull-tests",
            # The option --event-log asks for it.
            "PULUMI_DEBUG_COMMANDS": "true",
            # The engine takes our package, by its name, for one with a plugin to download.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(folder / "home"),
            # Of plugins, only what was installed: PATH may hold another.
            "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONPATH": PACKAGE,
            "WARM_PYTHON": sys.executable,
        }

    def init(self) -> None:
        """Make the stack, with a key in its settings as a secret, and install the plugin."""
        (self.folder / "state").mkdir(parents=True)
        self.livepull("plugin", "install")
        [launcher] = self.folder.glob("home/plugins/*/pulumi-resource-livepull")
        real = launcher.read_text()
        launcher.write_text(real.replace(sys.executable, str(WARM / "python3")))
        self._python("-m", "pip", "list", "-v", "--format", "json")
        (self.folder / "Pulumi.yaml").write_text("name: relay\nruntime: python\n")
        self.command("stack", "init", "dev")
        settings = {"AccessKey": "livepull-emulator", "Region": REGION}
        self.command(
            *("config", "set-all", "--stack", "dev"),
            f"--secret=livepull:huaweicloudSecretKey={SECRET_KEY}",
            *(f"--plaintext=livepull:huaweicloud{name}={text}" for name, text in settings.items()),
        )

    def copy(self, folder: Path) -> "Stack":
        """The same stack elsewhere: quicker than a new one."""
        shutil.copytree(self.folder, folder)
        return Stack(folder, self._engine)

    def configure(self, setting: str, value: str | None) -> None:
        """Set one of the stack's settings, or take it out."""
        file = self.folder / "Pulumi.dev.yaml"
        lines = file.read_text().splitlines()
        key = f"  livepull:{setting}:"
        if key in lines:  # A secret takes two lines.
            del lines[lines.index(key) : lines.index(key) + 2]
        lines = [line for line in lines if not line.startswith(key)]
        file.write_text("\n".join([*lines, *([f'{key} "{value}"'] if value else []), ""]))

    def program(self, *parts: str) -> None:
        """Write the program that the stack runs from now on."""
        source = HEADER + "".join(textwrap.dedent(part) for part in parts)
        (self.folder / "__main__.py").write_text(source)

    def preview(self, *options: str, fails: bool = False) -> Run:
        return self._operate("preview", *options, fails=fails)

    def up(self, *options: str, fails: bool | None = False) -> Run:
        return self._operate("up", "--yes", "--skip-preview", *options, fails=fails)

    def refresh(self, *options: str, fails: bool = False) -> Run:
        return self._operate("refresh", "--yes", "--skip-preview", *options, fails=fails)

    def destroy(self, *options: str, fails: bool = False) -> Run:
        return self._operate("destroy", "--yes", "--skip-preview", *options, fails=fails)

    def start(self, verb: str, *options: str) -> "subprocess.Popen[str]":
        """Begin an operation that is to be interrupted; what it prints comes by its output."""
        arguments = [verb, "--yes", "--skip-preview", "--stack", "dev", "--color", "never"]
        return subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive", *options],
            executable=shutil.which("pulumi", path=self.env["PATH"]),
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def bring_in(self, *options: str, fails: bool = False) -> Run:
        """Run `pulumi import`."""
        return self._operate("import", "--yes", "--skip-preview", *options, fails=fails)

    def command(self, *arguments: str) -> str:
        """Run one of the engine's commands that works, and return what it printed."""
        ran = self._run(*arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def livepull(self, *arguments: str) -> str:
        """Run one of our own commands that works, and return what it printed."""
        ran = self.try_livepull(*arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def try_livepull(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run one of our own commands with the stack's Python, in its folder."""
        return self._python("-m", "pulumi_livepull", *arguments)

    def _python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["python3", *arguments],
            executable=shutil.which("python3", path=self.env["PATH"]),
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @property
    def checkpoint(self) -> str:
        """The state as it lies on disk."""
        return (self.folder / "state/.pulumi/stacks/relay/dev.json").read_text()

    @property
    def resources(self) -> dict[str, Json]:
        """Our resources in the state, by name."""
        latest = json.loads(self.checkpoint)["checkpoint"].get("latest") or {}
        return {
            _name(resource): resource
            for resource in latest.get("resources", [])
            if _is_ours(resource)
        }

    @property
    def outputs(self) -> Json:
        """What the program exports."""
        latest = json.loads(self.checkpoint)["checkpoint"]["latest"]
        found: Json = next(r for r in latest["resources"] if r["type"] == "pulumi:pulumi:Stack")
        outputs: Json = found["outputs"]
        return outputs

    def _operate(self, verb: str, *options: str, fails: bool | None) -> Run:
        self._operations += 1
        log = self.folder / f"events-{self._operations}.json"
        where = ("--stack", "dev", "--color", "never", "--event-log", str(log))
        ran = self._run(verb, *where, *options)
        text = ran.stdout + ran.stderr
        events = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        run = Run(ran.returncode, text, events)
        assert fails in (None, bool(run.code)), f"{verb} ended with {run.code}\n{text}"
        assert "Traceback" not in text or "LIVEPULL_LOG" in self.env, text
        return run

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            executable=shutil.which("pulumi", path=self.env["PATH"]),
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


_OF_THE_USER = ("HUAWEICLOUD_", "HW_", "LIVEPULL_", "PULUMI_", "PYTHON")


def held(emulator: Emulator) -> int:
    """Count what the clouds hold, but for the exited tasks that Alibaba still shows a while."""
    state = emulator.state()
    vendors = emulator.vendors.values()
    kinds = [state[vendor.name][kind.key] for vendor in vendors for kind in vendor.kinds]
    lists = [list(kind.values()) if isinstance(kind, dict) else [kind] for kind in kinds]
    things = [thing for shelf in lists for held in shelf for thing in held or []]
    return sum(thing.get("TaskStatus") != -1 for thing in things)


def tasks(emulator: Emulator) -> list[Json]:
    """The tasks that the emulator holds, oldest first."""
    found: list[Json] = emulator.huaweicloud.snapshot()["tasks"].get(PROJECT, [])
    return found


def callbacks(emulator: Emulator) -> list[Json]:
    """The recording callbacks that the emulator holds, oldest first."""
    found: list[Json] = emulator.huaweicloud.snapshot()["callbacks"].get(PROJECT, [])
    return found


def change_task(emulator: Emulator, task_id: str, **fields: Any) -> None:
    """Change a task behind the stack's back."""
    shelf = emulator.huaweicloud.state.projects[PROJECT].tasks
    task = shelf.find(task_id)
    assert task is not None
    shelf.put(task_id, {**task, **fields})


def remove_task(emulator: Emulator, task_id: str) -> None:
    """Take a task away behind the stack's back."""
    emulator.huaweicloud.state.projects[PROJECT].tasks.remove(task_id)


def writes(emulator: Emulator) -> list[str]:
    """The calls so far that changed something or meant to, oldest first."""
    return [str(entry.operation) for entry in emulator.journal if entry.method != "GET"]


def in_plugin(stack: Stack, url: str) -> None:
    """Let a stack's resources live in the plugin, and give it keys of every vendor at a url."""
    stack.configure("host", "plugin")
    for vendor in VENDORS:
        stack.configure(f"{vendor.name}Endpoint", url)
        stack.configure(f"{vendor.name}AccessKey", "livepull-emulator")
        stack.configure(f"{vendor.name}SecretKey", SECRET_KEY)
        if region := FACTS[vendor.name].region:
            stack.configure(f"{vendor.name}Region", region)


def by_id(stack: Stack, name: str) -> str:
    """The vendor's own id of a resource in the state."""
    return str(stack.resources[name]["id"]).rpartition("/")[2]
