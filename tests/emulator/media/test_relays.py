"""Relays end when they are not wanted any more, whatever they say at that moment."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pulumi_livepull.emulator.media.addresses import Addresses
from pulumi_livepull.emulator.media.processes import Worker
from pulumi_livepull.emulator.media.relays import Relays
from pulumi_livepull.emulator.relay import Relay, Source

NOW = datetime(2030, 1, 2, tzinfo=UTC)
RELAY = Relay(
    vendor="huaweicloud",
    task_id="1",
    target="rtmp://push.example.com/live/one",
    sources=(Source("https://live.example.com/red"),),
    live=True,
    retry_seconds=10,
    task={},
)


class Input:
    """The input of a process that ends with it."""

    def __init__(self, output: asyncio.StreamReader) -> None:
        self.output = output

    def write(self, data: bytes) -> None:
        pass

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        self.output.feed_eof()


class Workers:
    """Starts processes that say what a test wants."""

    def __init__(self) -> None:
        self.output = asyncio.StreamReader()

    async def start(self, job: Any) -> Worker:
        stdin: Any = Input(self.output)
        return Worker(stdin, self.output, lambda: None)


@pytest.mark.parametrize("turns", range(6))
def test_a_relay_that_says_something_ends_too(turns: int) -> None:
    """At whichever turn of the loop it is ended after its line has come."""

    async def live() -> None:
        workers: Any = Workers()
        relays = Relays(Addresses(), workers, lambda: NOW, lambda report: None, lambda: 1935)
        await relays.want([RELAY])
        (running,) = relays.running.values()
        while running.worker is None:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        said = {"event": "at", "index": 0, "seconds": 1.0, "url": "https://live.example.com/red"}
        workers.output.feed_data(json.dumps(said).encode() + b"\n")
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(20):
            await relays.want([])
        assert workers.output.at_eof()

    asyncio.run(live())
