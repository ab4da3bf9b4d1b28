"""Worker processes for one job each, which end with the emulator.

On Linux, a first process loads PyAV and forks the others, which then start within milliseconds and
share most of their memory. On other systems, each is started separately, because forks are
unreliable on macOS.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = "pulumi_livepull.emulator.media.worker"
COMMAND = (sys.executable, "-m", PACKAGE)
ROOT = Path(__file__).parents[3]
"""The folder of the package, which is the working directory of processes."""

NOT_PASSED = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "pythonsafepath"}
END_SECONDS = 2
START_SECONDS = 60
LONGEST_LINE = 65536
FORKS = sys.platform == "linux"


@dataclass
class Worker:
    """A process with a job."""

    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader
    kill: Callable[[], object]

    def write(self, line: Mapping[str, Any]) -> None:
        """Send one line of JSON."""
        if not self.stdin.is_closing():
            self.stdin.write(json.dumps(line).encode() + b"\n")

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self.stdout.at_eof()

    async def end(self) -> None:
        """End it by closing its input, or kill it."""
        self.stdin.close()
        try:
            async with asyncio.timeout(END_SECONDS):
                while await self.stdout.read(LONGEST_LINE):
                    pass
        except TimeoutError:
            self.kill()
            while await self.stdout.read(LONGEST_LINE):
                pass


class Workers:
    """Starts processes. All methods run in the thread of the media's loop."""

    def __init__(self) -> None:
        self._nursery: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._asking = asyncio.Lock()
        self._started: list[subprocess.Popen[bytes]] = []

    async def start(self, job: Mapping[str, Any]) -> Worker:
        """Start a process with this job. Raises OSError."""
        making = asyncio.ensure_future(self._make(job))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            # Shielded: an interrupted start would leave a process, or an answer for the next start.
            with suppress(OSError):
                await (await making).end()
            raise

    async def end(self) -> None:
        """End the first process. The others have ended already."""
        if self._line:
            self._line.close()
        if self._nursery:
            self._started.append(self._nursery)
        for process in self._started:
            await asyncio.get_running_loop().run_in_executor(None, _wait, process)

    async def _make(self, job: Mapping[str, Any]) -> Worker:
        own_in, own_out = os.pipe(), os.pipe()
        try:
            kill = await self._start(own_in[0], own_out[1])
        except BaseException:
            os.close(own_in[1])
            os.close(own_out[0])
            raise
        finally:
            os.close(own_in[0])
            os.close(own_out[1])
        worker = Worker(await _writer(own_in[1]), await _reader(own_out[0]), kill)
        worker.write(job)
        return worker

    async def _start(self, stdin: int, stdout: int) -> Callable[[], object]:
        if FORKS:
            return await self._fork(stdin, stdout)
        process = subprocess.Popen(  # noqa: S603  it returns at once
            COMMAND, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL, cwd=ROOT, env=_env()
        )
        self._started = [each for each in self._started if each.poll() is None]
        self._started.append(process)
        return process.kill

    async def _fork(self, stdin: int, stdout: int) -> Callable[[], object]:
        loop = asyncio.get_running_loop()
        async with self._asking, asyncio.timeout(START_SECONDS):
            line = self._get_line()
            socket.send_fds(line, [b"\0"], [stdin, stdout])
            answer = await loop.sock_recv(line, 4)
        if len(answer) < 4:
            raise BrokenPipeError("the first process has ended")
        number = int.from_bytes(answer, "big")

        def kill() -> None:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

        return kill

    def _get_line(self) -> socket.socket:
        if self._line and self._nursery and self._nursery.poll() is None:
            return self._line
        if self._line:
            self._line.close()
        self._line, theirs = socket.socketpair()
        self._line.setblocking(False)
        with theirs:
            self._nursery = subprocess.Popen(  # noqa: S603
                [*COMMAND, "fork"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=_env(),
            )
        return self._line


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _env() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.lower() not in NOT_PASSED}


async def _writer(descriptor: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.streams.FlowControlMixin(loop),
        open(descriptor, "wb", 0),  # noqa: SIM115  the transport closes it
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader),
        open(descriptor, "rb", 0),  # noqa: SIM115
    )
    return reader
