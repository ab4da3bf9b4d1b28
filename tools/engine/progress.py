"""Run long commands quietly, yet never in silence."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

TELL_EVERY_SECONDS = 15


class WayError(Exception):
    """A way to the engine that does not work on this machine; the text says why."""


def say(line: str) -> None:
    """Tell the person; standard output belongs to the result."""
    print(f"engine: {line}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def ending_by_exception() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise, so that every `finally` stops its children and clears up."""
    endings = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(each, lambda number, _: sys.exit(128 + number)) for each in endings]
    try:
        yield
    finally:
        for ending, handler in zip(endings, before, strict=True):
            signal.signal(ending, handler)


def run(
    command: Sequence[str],
    what: str,
    *,
    limit_seconds: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a command, telling now and then that it still runs; of its output, only why it failed."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        with ending_by_exception(), _running(command, cwd, env, output.fileno()) as process:
            while process.poll() is None:
                elapsed = time.monotonic() - started
                if elapsed >= limit_seconds:
                    raise WayError(f"{what} was given up after {limit_seconds:.0f} s")
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(min(TELL_EVERY_SECONDS, limit_seconds - elapsed))
                    break
                say(f"  {what}: {time.monotonic() - started:.0f} s")
        if process.returncode:
            output.seek(0)
            lines = [line.strip() for line in output if line.strip()]
            raise WayError(f"{what} failed: {lines[-1] if lines else 'it said nothing'}")


@contextlib.contextmanager
def _running(
    command: Sequence[str], cwd: Path | None, env: Mapping[str, str] | None, output: int
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, so that what it started ends with it."""
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise WayError(f"{command[0]} does not start: {error.strerror}") from None
    try:
        yield process
    finally:
        if process.poll() is None:
            _kill(process)
            process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, and what it started where there are groups: Windows has none."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
