"""An operation of the engine that is cut short, by a signal to the engine or to its provider."""

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running
from tests.engine.stacks import PROJECT, REGION, Stack, in_plugin
from tests.engine.taps import Tap

PATIENCE_SECONDS = 60
"""How long to wait for what must happen; a busy machine is slow."""

DYNAMIC = "-m pulumi.dynamic"
PROVIDERS = ("-m pulumi_livepull plugin serve", DYNAMIC)
"""What the command lines of providers have in them, of either host."""


@contextmanager
def apart(blank: Stack, name: str, host: str = "plugin") -> Iterator[tuple[Stack, Emulator, Tap]]:
    """A stack of its own, on an emulator of its own, so that several may live at one time."""
    emulator = Emulator()
    emulator.seed({"huaweicloud": {"projects": {REGION: PROJECT}}})
    with running(emulator) as url:
        stack = blank.copy(blank.folder.with_name(name))
        in_plugin(stack, url)
        stack.configure("host", host)
        # What is killed is to be the process itself.
        del stack.env["WARM_SOCKET"]
        yield stack, emulator, Tap(emulator)


@dataclass(frozen=True)
class Crash:
    """A signal to one of the engine and its provider at a call, by its number or its operation."""

    verb: str
    victim: str
    signal: signal.Signals
    call: int | str

    def __str__(self) -> str:
        return f"{self.signal.name} of the {self.victim} at call {self.call} of {self.verb}"

    def happen(self, stack: Stack, tap: Tap) -> tuple[str, bool]:
        """Begin the operation, strike, and wait until all of it has ended.

        Returns what it printed, and whether it went on long enough to be struck.
        """
        providers: dict[int, tuple[int, str]] = {}

        def strike() -> None:
            for pid, command in _providers(engine.pid).items():
                providers[pid] = os.pidfd_open(pid), command
            victims = [engine.pid] if self.victim == "engine" else providers
            for pid in victims:
                os.kill(pid, self.signal)

        tap.at(self.call, strike)
        with stack.start(self.verb) as engine:
            text, _ = engine.communicate(timeout=PATIENCE_SECONDS)
        tap.at(0, strike)
        for handle, command in providers.values():
            _wait_for(handle, command)
        return text, bool(providers)


def _providers(engine: int) -> dict[int, str]:
    """The processes of our providers below the engine's, with their command lines."""
    listed = subprocess.run(
        ["ps", "-Aww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    parents, found = {}, {}
    for line in listed.stdout.splitlines():
        pid, parent, command = line.split(maxsplit=2)
        parents[int(pid)] = int(parent)
        if any(words in command for words in PROVIDERS):
            found[int(pid)] = command
    return {pid: command for pid, command in found.items() if _is_below(engine, pid, parents)}


def _is_below(ancestor: int, pid: int, parents: dict[int, int]) -> bool:
    while pid in parents and pid != ancestor:
        pid = parents[pid]
    return pid == ancestor


def _wait_for(handle: int, command: str) -> None:
    """Return once a process has ended. Pulumi's dynamic one would stay without its engine."""
    if DYNAMIC in command:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    ended = select.poll()
    ended.register(handle, select.POLLIN)
    assert ended.poll(PATIENCE_SECONDS * 1000), f"{command} goes on without its engine"
    os.close(handle)
