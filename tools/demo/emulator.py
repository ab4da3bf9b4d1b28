"""The demo's emulator: a process in the background that a later run finds again."""

import contextlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.demo.failure import DemoError

HOST = "127.0.0.1"
PORT = 4510
RELAY_PORT = 1935
START_LIMIT_SECONDS = 30
STOP_LIMIT_SECONDS = 5
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Emulator:
    """A running emulator that an `up` in this checkout started, as recorded in emulator.json."""

    pid: int
    url: str
    command: Sequence[str]
    """How it was started: a process of this id with another command line is somebody else's."""

    @classmethod
    def find(cls, folder: Path) -> "Emulator | None":
        """The one an earlier run started, if it still answers; one that does not is stopped."""
        try:
            emulator = cls(**json.loads((folder / "emulator.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None
        if not emulator.is_ours():
            return None
        if emulator.answers():
            return emulator
        emulator.stop()
        return None

    @classmethod
    def start(cls, folder: Path) -> "Emulator":
        """A new one in the background, once it answers."""
        folder.mkdir(exist_ok=True)
        port = _free_port(PORT)
        command = [sys.executable, "-m", "pulumi_livepull", "emulator"]
        command += ["--host", HOST, "--port", str(port)]
        if relays():
            command += ["--relay", "--relay-port", str(_free_port(RELAY_PORT))]
        log = folder / "emulator.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=folder.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        emulator = cls(process.pid, f"http://{HOST}:{port}", command)
        (folder / "emulator.json").write_text(json.dumps(asdict(emulator), indent=2) + "\n")
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while not emulator.answers():
            if process.poll() is not None:
                raise DemoError(
                    f"the emulator ended at once: {_last_line(log)}",
                    f"Mend that (all its words are in {log}), then run `make up` again.",
                )
            if time.monotonic() > deadline:
                emulator.stop()
                raise DemoError(
                    f"the emulator did not answer on {emulator.url} in {START_LIMIT_SECONDS} s",
                    f"Look at {log}, then run `make up` again.",
                )
            time.sleep(POLL_SECONDS)
        return emulator

    def answers(self) -> bool:
        """Whether its health page says that it is well."""
        # The user's proxy, if any, does not lead to this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.url}/_emulator/health", timeout=2) as reply:
                return bool(reply.status == 200)
        except OSError:
            return False

    def is_ours(self) -> bool:
        """Whether the process is still the one that was started, not a later one with its id."""
        return command_line(self.pid) == " ".join(self.command)

    def stop(self) -> None:
        """End it, by force if it does not listen."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            if not self.is_ours():
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, how)
            deadline = time.monotonic() + STOP_LIMIT_SECONDS
            while self.is_ours() and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)


def relays() -> bool:
    """Whether the emulator can relay here: its extra is installed, and this is not Windows."""
    return os.name == "posix" and importlib.util.find_spec("av") is not None


def command_line(pid: int) -> str:
    """What a process was started with, joined by spaces; empty when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return raw.decode(errors="replace").rstrip("\0").replace("\0", " ")
    asked = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    return lines[-1] if lines else "it said nothing"


def _free_port(first: int) -> int:
    """The port that is asked for first, or any free one when it is taken."""
    for port in (first, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            # As a server does: a port that was just left is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return int(probe.getsockname()[1])
    raise DemoError(f"no free port on {HOST}", "Free one, then run `make up` again.")
