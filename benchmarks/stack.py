"""Stacks of the real engine, each with a folder, a state and a Pulumi home of its own."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

_OF_THE_USER = ("HUAWEICLOUD_", "HW_", "LIVEPULL_", "PULUMI_", "PYTHON")
_ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(_OF_THE_USER)}


@dataclass(frozen=True)
class Seconds:
    """What a run took: on the clock, and of the processor's time, without the emulator's."""

    wall: float
    processor: float


class Stack:
    """The stack `bench` of a program."""

    def __init__(
        self, folder: Path, engine: str, program: str, settings: Mapping[str, str]
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
        }
        (folder / "state").mkdir(parents=True)
        (folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
        (folder / "__main__.py").write_text(program)
        self._run("stack", "init", "bench")
        lines = [f'  {key}: "{value}"' for key, value in settings.items()]
        with (folder / "Pulumi.bench.yaml").open("a") as file:
            file.write("\n".join(["config:", *lines, ""]))

    def up(self) -> Seconds:
        """Bring it up."""
        return self._timed("up")

    def destroy(self) -> Seconds:
        """Take it away."""
        return self._timed("destroy")

    @property
    def bytes_per_resource(self) -> float:
        """The mean length, as compact JSON, of the dynamic resources in the state.

        Without the engine's note of which line of which file made it: that is as long as the names
        of the machine's folders.
        """
        text = (self.folder / "state/.pulumi/stacks/bench/bench.json").read_text()
        found: list[dict[str, Any]] = json.loads(text)["checkpoint"]["latest"]["resources"]
        sizes = [
            len(json.dumps(each | {"stackTrace": [], "sourcePosition": ""}, separators=(",", ":")))
            for each in found
            if "__provider" in each.get("outputs", {})
        ]
        return sum(sizes) / len(sizes)

    def _timed(self, verb: str) -> Seconds:
        wall, processor = time.perf_counter(), _processor_seconds()
        self._run(verb, "--yes", "--skip-preview", "--stack", "bench", "--suppress-progress")
        return Seconds(time.perf_counter() - wall, _processor_seconds() - processor)

    def _run(self, *arguments: str) -> None:
        ran = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            executable=shutil.which("pulumi", path=self._env["PATH"]),
            cwd=self.folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            sys.exit(f"pulumi {arguments[0]} failed:\n{ran.stdout}{ran.stderr}")


def _processor_seconds() -> float:
    """What all ended descendants have used so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def emulator() -> Iterator[str]:
    """Run the emulator in a process of its own and yield its address."""
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
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
