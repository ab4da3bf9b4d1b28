"""The plugin's process without the engine: its start, growth and pace."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from benchmarks.figure import Figure, of_medians
from benchmarks.stack import ROOT, Emulator
from benchmarks.task import INPUTS, TOMORROW
from pulumi_livepull.hosts.values import from_struct, to_struct

SERVE = {
    "ours": ("pulumi_livepull", "plugin", "serve"),
    "floor": ("benchmarks.noop_plugin",),
}
OURS, THEIRS = "from pulumi_livepull import huaweicloud", "import pulumi"
"""What a program imports."""

AT_ONCE = 64
"""As many operations as the engine asks for at one time, on a machine of 16 processors."""

TASK = "livepull:huaweicloud:PullTask"

DOCUMENTED_RATE = 10
"""How many calls of an operation Alibaba Cloud and Volcengine take in a second."""

PACED: Mapping[str, Mapping[str, Any]] = {
    "livepull:alicloud:LivePullToPush": {
        "sourceType": "live",
        "sourceProtocol": "rtmp",
        "sourceUrls": ["rtmp://pull.example.org/live/channel"],
        "dstUrl": "rtmp://push.example.com/live/channel-{number}",
        "startTime": INPUTS["end_time"],
        "endTime": (TOMORROW + timedelta(days=1)).isoformat(timespec="seconds"),
    },
    "livepull:volcengine:RelaySource": {
        "domain": "pull.example.com",
        "app": "live",
        "stream": "channel-{number}",
        "srcAddrS": ["rtmp://pull.example.org/live/channel"],
    },
}
"""Tasks whose rate a page of their vendor names."""

Inputs = Mapping[str, Any]


def camel(name: str) -> str:
    """Spell a Python name as the schema does."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


@dataclass(frozen=True)
class Made:
    """What the engine keeps of a resource."""

    urn: str
    id: str
    inputs: Any
    properties: Any


class Process:
    """A plugin that runs until the block is left: one of `SERVE`, or an executable."""

    def __init__(self, which: str | Path) -> None:
        started = time.perf_counter()
        self._running = subprocess.Popen(
            [which] if isinstance(which, Path) else [sys.executable, "-P", "-m", *SERVE[which]],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._running.stdout
        port = self._running.stdout.readline().strip()
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.enable_http_proxy", 0)])
        self._asked = ResourceProviderStub(self._channel)
        self._asked.GetPluginInfo(Empty(), timeout=60)
        self.seconds_to_first_answer = time.perf_counter() - started

    def configure(self, settings: Mapping[str, str]) -> None:
        """Configure it with the stack's settings."""
        args = to_struct(settings)
        self._asked.Configure(
            provider_pb2.ConfigureRequest(args=args, acceptSecrets=True, acceptResources=True)
        )

    def create(self, token: str, name: str, inputs: Inputs) -> Made:
        """Check and create a resource."""
        urn = f"urn:pulumi:bench::bench::{token}::{name}"
        news = to_struct(inputs)
        checked = self._asked.Check(provider_pb2.CheckRequest(urn=urn, news=news))
        assert not checked.failures, checked.failures
        request = provider_pb2.CreateRequest(urn=urn, properties=checked.inputs)
        made = self._asked.Create(request)
        return Made(urn, made.id, checked.inputs, made.properties)

    def read(self, made: Made) -> None:
        """Refresh a resource."""
        request = provider_pb2.ReadRequest(
            id=made.id, urn=made.urn, properties=made.properties, inputs=made.inputs
        )
        assert from_struct(self._asked.Read(request).properties)[0], made.id

    def delete(self, made: Made) -> None:
        """Delete a resource."""
        request = provider_pb2.DeleteRequest(id=made.id, urn=made.urn, properties=made.properties)
        self._asked.Delete(request)

    @property
    def megabytes(self) -> float:
        """What it holds of the memory, with its libraries."""
        status = Path(f"/proc/{self._running.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    @property
    def processor_seconds(self) -> float:
        """What it has used of the processor."""
        fields = Path(f"/proc/{self._running.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        self._running.kill()
        self._running.communicate()


def program(rounds: int) -> Figure:
    """Return how long a program takes that imports a vendor, to one that imports Pulumi only."""
    took = [(_seconds_to_run(OURS), _seconds_to_run(THEIRS)) for _ in range(rounds)]
    return of_medians("a program's import", took, "s", 1.6)


def _seconds_to_run(source: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", source], check=True)
    return time.perf_counter() - started


def unreachable(count: int, rounds: int) -> Figure:
    """Return how long so many creates take to fail where nothing listens, to one alone."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    took = [(_seconds_to_fail(count, port), _seconds_to_fail(1, port)) for _ in range(rounds)]
    what = f"{count} tasks that cannot reach the vendor, to 1"
    return of_medians(what, took, "s", 1.3)


def _seconds_to_fail(count: int, port: int) -> float:
    inputs = {camel(name): value for name, value in INPUTS.items()}

    def fail(number: int) -> None:
        with suppress(grpc.RpcError):
            process.create(TASK, f"task-{number}", {**inputs, "streamName": f"channel-{number}"})
            raise AssertionError("something answers there")

    with Process("ours") as process, ThreadPoolExecutor(count) as threads:
        process.configure({
            "huaweicloudAccessKey": "key",
            "huaweicloudSecretKey": "secret",
            "huaweicloudRegion": "cn-north-4",
            "huaweicloudProjectId": "0" * 32,
            "huaweicloudEndpoint": f"http://127.0.0.1:{port}",
        })  # fmt: skip
        started = time.perf_counter()
        list(threads.map(fail, range(count)))
        return time.perf_counter() - started


def start(rounds: int) -> Iterator[Figure]:
    """Yield how long a plugin takes to its first answer, and what memory it then holds."""
    took, holds = [], []
    for _ in range(rounds):
        with Process("ours") as ours, Process("floor") as floor:
            took.append((ours.seconds_to_first_answer, floor.seconds_to_first_answer))
            holds.append((ours.megabytes, floor.megabytes))
    yield of_medians("a plugin's first answer", took, "s", 1.8)
    yield of_medians("its memory then", holds, "MiB", 1.4)


def executable(program: Path, rounds: int) -> Figure:
    """Return how long the plugin's executable takes to its first answer, to the installed one."""
    took = []
    for _ in range(rounds):
        with Process(program) as frozen, Process("ours") as installed:
            took.append((frozen.seconds_to_first_answer, installed.seconds_to_first_answer))
    return of_medians("the executable's first answer", took, "s", 1.3)


def growth(emulator: Emulator, counts: Sequence[int]) -> Iterator[str]:
    """Yield what a task costs a plugin of few and of many of them."""
    settings = {**_account("huaweicloud", emulator), "requestsPerSecond": "100000"}
    inputs = {camel(name): value for name, value in INPUTS.items()}
    for count in counts:
        with Process("ours") as process, ThreadPoolExecutor(AT_ONCE) as threads:
            process.configure(settings)
            before, used = process.megabytes, process.processor_seconds

            def make(number: int, process: Process = process) -> Made:
                stream = {"streamName": f"channel-{number}"}
                return process.create(TASK, f"task-{number}", {**inputs, **stream})

            made = list(threads.map(make, range(count)))
            created = process.processor_seconds
            list(threads.map(process.read, made))
            read = process.processor_seconds
            list(threads.map(process.delete, made))
            deleted = process.processor_seconds
            each = [(b - a) / count * 1e3 for a, b in ((used, created), (created, read))]
            gone = (deleted - read) / count * 1e3
            yield (
                f"{count} tasks: a create takes {each[0]:.2f} ms of processor time, "
                f"a refresh {each[1]:.2f} ms, a delete {gone:.2f} ms; "
                f"memory {before:.0f} to {process.megabytes:.0f} MiB"
            )


def pace(emulator: Emulator, count: int) -> Iterator[str]:
    """Yield how close creates come to what the vendors' documented rates allow."""
    emulator.tell("rates", {"rates": True})
    for token, inputs in PACED.items():
        vendor = token.split(":")[1]
        with Process("ours") as process, ThreadPoolExecutor(AT_ONCE) as threads:
            process.configure(_account(vendor, emulator))

            def make(
                number: int,
                process: Process = process,
                token: str = token,
                inputs: Inputs = inputs,
            ) -> Made:
                numbered = {
                    name: value.format(number=number) if isinstance(value, str) else value
                    for name, value in inputs.items()
                }
                return process.create(token, f"task-{number}", numbered)

            started = time.perf_counter()
            list(threads.map(make, range(count)))
            took = time.perf_counter() - started
            least = count / DOCUMENTED_RATE
            yield (
                f"{count} creates of {vendor} at its documented rate, to the least time: "
                f"{took / least:.2f} ({took:.1f} s to {least:.1f} s)"
            )
    emulator.tell("rates", {"rates": False})


def _account(vendor: str, emulator: Emulator) -> dict[str, str]:
    keys = {"AccessKey": "livepull-emulator", "SecretKey": "livepull-emulator-secret"}
    regions = {"huaweicloud": "cn-north-4", "alicloud": "cn-shanghai"}
    where = {"Region": regions[vendor]} if vendor in regions else {}
    named = {**keys, **where, "Endpoint": emulator.url}
    return {f"{vendor}{name}": value for name, value in named.items()}
