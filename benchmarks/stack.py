"""Stacks of the real engine, each with a folder, a state and a Pulumi home of its own."""

import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]

_OF_THE_USER = ("HUAWEICLOUD_", "HW_", "LIVEPULL_", "PULUMI_", "PYTHON")
_ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(_OF_THE_USER)}

NOOP_LAUNCHER = f"""\
#!/bin/sh
exec {shlex.quote(sys.executable)} -P -m benchmarks.noop_plugin "$@"
"""


@dataclass(frozen=True)
class Seconds:
    """What a run took: on the clock, and of the processor's time, without the emulator's."""

    wall: float
    processor: float


class Stack:
    """The stack `bench` of a program, with the plugins of ours and of the floor."""

    def __init__(
        self,
        folder: Path,
        engine: str,
        program: str,
        settings: Mapping[str, str],
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.folder = folder
        # The language host runs the first `python3` on PATH.
        path = [str(Path(sys.executable).parent), engine, os.environ.get("PATH", os.defpath)]
        self._env = {
            **_ENVIRONMENT,
            "HOME": str(folder),
            "NO_PROXY": "127.0.0.1",
            "PATH": os.pathsep.join(path),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "livepull-bench",
            # The engine takes our package, by its name, for one with a plugin to download.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONPATH": str(ROOT),
            **variables,
        }
        (folder / "state").mkdir(parents=True)
        (folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
        (folder / "__main__.py").write_text(program)
        self._run(sys.executable, "-m", "pulumi_livepull", "plugin", "install")
        noop = folder / "home/plugins/resource-noop-v1.0.0/pulumi-resource-noop"
        noop.parent.mkdir()
        noop.write_text(NOOP_LAUNCHER)
        noop.chmod(0o755)
        self._run("pulumi", "stack", "init", "bench", "--non-interactive")
        lines = [f'  {key}: "{value}"' for key, value in settings.items()]
        with (folder / "Pulumi.bench.yaml").open("a") as file:
            file.write("\n".join(["config:", *lines, ""]))

    def operate(self, verb: str) -> Seconds:
        """Run `up`, `refresh` or `destroy`."""
        wall, processor = time.perf_counter(), processor_seconds()
        options = ("--yes", "--skip-preview", "--suppress-progress", "--non-interactive")
        self._run("pulumi", verb, "--stack", "bench", *options)
        return Seconds(time.perf_counter() - wall, processor_seconds() - processor)

    @property
    def bytes_per_resource(self) -> float:
        """The mean length, as compact JSON, of the resources in the state.

        Without the stack's own, and without the engine's note of which line of which file made a
        resource: that is as long as the names of the machine's folders.
        """
        text = (self.folder / "state/.pulumi/stacks/bench/bench.json").read_text()
        found: list[dict[str, Any]] = json.loads(text)["checkpoint"]["latest"]["resources"]
        sizes = [
            len(json.dumps(each | {"stackTrace": [], "sourcePosition": ""}, separators=(",", ":")))
            for each in found
            if not each["type"].startswith("pulumi:")
        ]
        return sum(sizes) / len(sizes)

    def _run(self, *command: str) -> None:
        ran = subprocess.run(
            command,
            executable=shutil.which(command[0], path=self._env["PATH"]),
            cwd=self.folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{ran.stdout}{ran.stderr}")


def processor_seconds() -> float:
    """What all ended descendants have used so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True)
class Emulator:
    """An emulator in a process of its own."""

    url: str

    def tell(self, what: str, body: Mapping[str, Any]) -> None:
        """Change something about it, such as its rates."""
        httpx.post(f"{self.url}/_emulator/{what}", json=body, trust_env=False).raise_for_status()

    def calls_since(self, moment: str) -> int:
        """Return how many of the last 1000 calls it took at a moment, RFC 3339, or later."""
        entries = httpx.get(f"{self.url}/_emulator/journal", trust_env=False, timeout=60).json()
        return sum(entry["time"] >= moment for entry in entries)

    @property
    def now(self) -> str:
        """Its time."""
        answer = httpx.get(f"{self.url}/_emulator/clock", trust_env=False)
        return str(answer.json()["now"])


@contextmanager
def emulator() -> Iterator[Emulator]:
    """Run an emulator."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pulumi_livepull", "emulator", "--port", "0"],
        cwd=ROOT,
        env=_ENVIRONMENT | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    with process:
        try:
            yield Emulator(process.stdout.readline().strip())
        finally:
            process.terminate()
