"""The media of one emulator: a thread with an event loop for relays, and one for deliveries."""

import asyncio
import importlib.util
import struct
import time
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pulumi_livepull.emulator.delivery import File, Recording
from pulumi_livepull.emulator.media.addresses import Addresses
from pulumi_livepull.emulator.media.colours import Colour, nearest
from pulumi_livepull.emulator.media.folders import remove_folders
from pulumi_livepull.emulator.media.hls import Hls
from pulumi_livepull.emulator.media.ingest import Ingest
from pulumi_livepull.emulator.media.processes import Worker, Workers
from pulumi_livepull.emulator.media.push_keys import PushKey, read_push_key, refusal
from pulumi_livepull.emulator.media.recordings import Recordings, read_rule
from pulumi_livepull.emulator.media.relays import Relays, name_of
from pulumi_livepull.emulator.media.streams import Name, Stream, Streams
from pulumi_livepull.emulator.relay import Report

if TYPE_CHECKING:
    from pulumi_livepull.emulator.clouds import Clouds

LOOK_SECONDS = 0.1
"""How often the media check which relays the tasks want."""

PICTURE_SECONDS = 5
ANSWER_SECONDS = 30
"""How long other threads wait for the loop, which may be ending."""

FAULTS = {"fail_source": "fail", "stall_source": "stall", "mend_source": None}

NOBODYS = {
    "relay": "",
    "state": "on air",
    "plays": "",
    "place": [0, 0.0],
    "reason": "",
    "failures": 0,
}
"""The data of a stream that no task pushes."""

T = TypeVar("T")


class Still(NamedTuple):
    """A picture."""

    colour: Colour
    """The mean colour of its lowest quarter."""

    jpeg: bytes


class Missing(ValueError):
    """The extra `relay`, which installs PyAV, is missing."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of the media."""

    port: int = 0
    """Port of the ingest; 0 picks a free port."""

    sources: Mapping[str, str] = field(default_factory=dict)
    """Files or addresses that replace `HOST/PATH`."""

    pull_from: frozenset[str] = frozenset()
    """Remote hosts from which relays may pull."""

    most_relays: int = 64
    stall_seconds: float = 5.0
    """How long a source may send nothing before it counts as failed."""


class Media:
    """Runs the relays that an emulator's tasks want, within `running`."""

    def __init__(self, clouds: "Clouds", settings: Settings | None = None) -> None:
        if importlib.util.find_spec("av") is None:
            raise Missing("--relay needs av\nRun: pip install 'pulumi-livepull[emulator,relay]'")
        self.clouds = clouds
        self.settings = settings or Settings()
        addresses = Addresses(self.settings.sources, self.settings.pull_from)
        self.streams = Streams(clouds.clock.now)
        self._ingest = Ingest(self.streams, addresses.may_open)
        self._workers = Workers()
        self._relays = Relays(
            addresses,
            self._workers,
            clouds.clock.now,
            self._tell,
            lambda: self._ingest.port,
            most=self.settings.most_relays,
            stall_seconds=self.settings.stall_seconds,
        )
        self._loop = asyncio.new_event_loop()
        self._letters: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._pictures: Worker | None = None
        self._drawing = asyncio.Lock()
        self._happened = Condition()
        self._hls = Hls(self._workers)
        self._recordings = Recordings(
            self._workers, clouds.clock.now, self._record, lambda: self._ingest.port
        )
        self.streams.began = self._recordings.begin
        self._push_keys: list[PushKey] = []
        self.streams.check = lambda name, query: refusal(
            self._push_keys, name, query, clouds.clock.now()
        )
        self._ingest.find_file = self._recordings.find

    @property
    def port(self) -> int:
        """The port of the ingest, for RTMP and HTTP-FLV."""
        return self._ingest.port

    @contextmanager
    def running(self) -> Iterator["Media"]:
        """Run until the end of the block, which ends all processes and threads."""
        ready, stop = Event(), asyncio.Event()
        wrong: list[BaseException] = []

        def run() -> None:
            try:
                self._loop.run_until_complete(self._run(ready, stop))
                self._loop.run_until_complete(self._loop.shutdown_default_executor())
            except OSError as error:
                wrong.append(error)
            finally:
                ready.set()

        threads = [
            Thread(target=run, name="livepull-media"),
            Thread(target=self._deliver, name="livepull-callbacks"),
        ]
        for thread in threads:
            thread.start()
        ready.wait()
        try:
            if wrong:
                raise wrong[0]
            self.clouds.media = self
            yield self
        finally:
            self.clouds.media = None
            if threads[0].is_alive():
                self._loop.call_soon_threadsafe(stop.set)
            threads[0].join()
            self._letters.put(None)
            threads[1].join()
            self._loop.close()

    def set_fault(self, fault: str, source: str) -> None:
        """Make a source fail or stall, or repair it. Raises ValueError for another fault."""
        if fault not in FAULTS:
            raise ValueError(f"no fault {fault!r} of a source; known: {', '.join(FAULTS)}")
        self._ask(self._relays.set_fault(source, FAULTS[fault]))

    def reset(self) -> None:
        """Repair all sources, and remove all rules and keys."""
        self._recordings.rules.clear()
        self._push_keys.clear()
        for source in list(self._relays.faults):
            self._ask(self._relays.set_fault(source, None))

    def seed(self, document: Any, vendors: Collection[str]) -> None:
        """Add recording rules and push keys, each as a list of maps."""
        if not isinstance(document, Mapping) or document.keys() - {"recordings", "push_keys"}:
            raise ValueError("a seed of media is a map of recordings and push_keys")
        keys = [read_push_key(each) for each in document.get("push_keys", [])]
        rules = [read_rule(each) for each in document.get("recordings", [])]
        for rule in rules:
            if rule.vendor not in vendors:
                raise ValueError(f"no vendor {rule.vendor!r}; known: {', '.join(vendors)}")
        self._recordings.rules += rules
        self._push_keys += keys

    def show(self) -> list[dict[str, Any]]:
        """Every stream that is or should be on air, for the page and for tests."""
        return self._ask(self._show())

    def take_picture(self, domain: str, app: str, stream: str) -> Still | None:
        """Return the last picture of a stream, or None."""
        return self._ask(self._take_picture(Name(domain, app, stream)))

    def find_part(self, domain: str, app: str, stream: str, file: str) -> bytes | None:
        """Return the HLS playlist of a stream, `index.m3u8`, or a segment; None if not on air."""
        return self._ask(self._find_part(Name(domain, app, stream), file))

    def colour(self, domain: str, app: str, stream: str) -> str | None:
        """Return the name of the colour on air, one of `colours.NAMED`; None if nothing is on
        air."""
        still = self.take_picture(domain, app, stream)
        return nearest(still.colour) if still else None

    def wait_until(self, check: Callable[[], T], seconds: float = 60) -> T:
        """Return the result of `check` as soon as it is true. Raises TimeoutError if it stays
        false.

        It is called again after every event, and whenever the media check the tasks.
        """
        end = time.monotonic() + seconds
        while not (answer := check()):
            with self._happened:
                self._happened.wait(LOOK_SECONDS)
            if time.monotonic() > end:
                raise TimeoutError(f"not so within {seconds} seconds: {self.show()}")
        return answer

    def _ask(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(ANSWER_SECONDS)

    async def _run(self, ready: Event, stop: asyncio.Event) -> None:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._ingest.running(self.settings.port))
            stack.push_async_callback(self._workers.end)
            stack.push_async_callback(self._end_pictures)
            stack.push_async_callback(self._hls.end)
            stack.push_async_callback(self._recordings.end)
            stack.push_async_callback(self._relays.end)
            remove_folders()
            ready.set()
            while not stop.is_set():
                await self._relays.want(self.clouds.relays())
                await self._hls.tidy()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await stop.wait()

    def _tell(self, report: Report) -> None:
        for notice in self.clouds.hear(report):
            self._letters.put(partial(self.clouds.send, report, notice))
        with self._happened:
            self._happened.notify_all()

    def _record(self, vendor: str, stream: Stream, what: str, file: File | None) -> None:
        """Queue the callbacks of a recording."""
        sender = self.clouds.vendors[vendor].sender
        happened = {"begun": sender.begun, "over": sender.over, "file": (sender.event,)}
        for event in happened[what]:
            recording = Recording(*stream.name, event, vhost=stream.name.domain, file=file)
            self._letters.put(partial(self.clouds.tell, vendor, recording))

    def _deliver(self) -> None:
        """Send the vendors' callbacks in order."""
        while letter := self._letters.get():
            # Receivers on other machines get nothing.
            with suppress(ValueError):
                letter()

    async def _show(self) -> list[dict[str, Any]]:
        shown: dict[Name, dict[str, Any]] = {}
        for running in self._relays.running.values():
            name = name_of(running.relay.target)
            shown[name] = {
                "relay": "/".join(running.relay.key),
                "state": running.state,
                "plays": running.address,
                "place": list(running.place),
                "reason": running.reason,
                "failures": running.failures,
            }
        for name, stream in self.streams.on_air.items():
            shown[name] = {**NOBODYS, **shown.get(name, {}), **_about(stream)}
        return [{**name._asdict(), **about} for name, about in shown.items()]

    async def _take_picture(self, name: Name) -> Still | None:
        stream = self.streams.on_air.get(name)
        pictures = stream.picture() if stream else None
        if pictures is None:
            return None
        async with self._drawing:
            try:
                async with asyncio.timeout(PICTURE_SECONDS):
                    drawn = await self._draw(pictures)
                return Still((drawn[0], drawn[1], drawn[2]), drawn[3:]) if drawn else None
            except (OSError, EOFError, TimeoutError):
                await self._end_pictures()
                return None

    async def _find_part(self, name: Name, file: str) -> bytes | None:
        if name not in self.streams.on_air:
            return None
        with suppress(OSError):
            return await self._hls.find(name, file, self.port)
        return None

    async def _draw(self, pictures: bytes) -> bytes:
        if self._pictures is None or self._pictures.ended:
            self._pictures = await self._workers.start({"do": "pictures"})
        worker = self._pictures
        worker.stdin.write(struct.pack(">I", len(pictures)) + pictures)
        await worker.stdin.drain()
        (size,) = struct.unpack(">I", await worker.stdout.readexactly(4))
        return await worker.stdout.readexactly(size)

    async def _end_pictures(self) -> None:
        worker, self._pictures = self._pictures, None
        if worker:
            await worker.end()


def _about(stream: Stream) -> dict[str, Any]:
    return {
        "publisher": stream.publisher,
        "since": stream.since.isoformat(timespec="seconds"),
        "players": len(stream.players),
    }
