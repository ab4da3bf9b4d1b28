"""Run the relays that the tasks want: start, change, end and retry them, each in a process."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from pulumi_livepull.emulator.media.addresses import Addresses, is_loopback
from pulumi_livepull.emulator.media.processes import Worker, Workers
from pulumi_livepull.emulator.media.streams import Name
from pulumi_livepull.emulator.relay import START, Event, Place, Relay, Report

STARTING = 16
"""How many processes may start at the same time."""

SILENT_SECONDS = 20
"""A relay that sends nothing for this long counts as hung and is ended."""

RTMP_PORT = 1935
REPORTED = {each.value for each in Event} - {Event.ENDED}


@dataclass
class Running:
    """One relay and its progress."""

    relay: Relay
    state: str = "starting"
    """`starting`, `on air`, `retrying`, `ended`, `failed` or `waiting`."""

    place: Place = START
    played: int = 0
    address: str = ""
    """The address that is playing."""

    reason: str = ""
    failures: int = 0
    """Consecutive failures."""

    retry_at: datetime | None = None
    since: datetime | None = None
    work: asyncio.Task[None] | None = None
    worker: Worker | None = None

    @property
    def over(self) -> bool:
        """Whether it runs again only if its task changes."""
        return self.state in ("ended", "failed")


@dataclass
class Relays:
    """All relays. All methods run in the thread of the media's loop."""

    addresses: Addresses
    workers: Workers
    now: Callable[[], datetime]
    tell: Callable[[Report], None]
    """Called with each report; returns at once."""

    ingest_port: Callable[[], int]
    most: int = 64
    stall_seconds: float = 5.0
    faults: dict[str, str] = field(default_factory=dict)
    running: dict[tuple[str, str], Running] = field(default_factory=dict)
    _starting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(STARTING))

    async def want(self, relays: Iterable[Relay]) -> None:
        """Start, change and end relays to match what the tasks want now."""
        wanted = {relay.key: relay for relay in relays}
        gone = [key for key in self.running if key not in wanted]
        await asyncio.gather(*(self._stop(self.running.pop(key)) for key in gone))
        for relay in wanted.values():
            known = self.running.get(relay.key)
            if known is None or known.state == "waiting":
                self._begin(relay)
            elif known.relay != relay:
                await self._change(known, relay)
            else:
                self._keep(known, relay)

    async def set_fault(self, address: str, fault: str | None) -> None:
        """Make a source `fail` or `stall`, or repair it with None."""
        self.faults.pop(address, None)
        if fault:
            self.faults[address] = fault
        for each in self.running.values():
            self._order(each, faults=self.faults)

    async def end(self) -> None:
        """End all relays."""
        running = list(self.running.values())
        self.running.clear()
        await asyncio.gather(*(self._cancel(each) for each in running))

    def _begin(self, relay: Relay) -> None:
        count = sum(not each.over and each.state != "waiting" for each in self.running.values())
        if count >= self.most:
            reason = f"the emulator runs at most {self.most} relays"
            self.running[relay.key] = Running(relay, "waiting", reason=reason)
            return
        running = Running(relay, place=relay.begin)
        self.running[relay.key] = running
        self._start(running)

    def _start(self, running: Running) -> None:
        running.state, running.retry_at = "starting", None
        running.work = asyncio.create_task(self._run(running))

    def _keep(self, running: Running, relay: Relay) -> None:
        """Keep a relay running, with changes that do not interrupt it."""
        if running.relay.rounds != relay.rounds:
            self._order(running, rounds=relay.rounds)
        running.relay = relay
        now = self.now()
        due = running.retry_at
        # After the clock was moved back, it would wait for too long.
        soon = timedelta(seconds=relay.retry_seconds)
        if due and not due - soon <= now < due:
            self._start(running)

    async def _change(self, running: Running, relay: Relay) -> None:
        same_push = (running.relay.run, running.relay.target) == (relay.run, relay.target)
        if same_push and running.worker and running.state == "on air":
            running.relay, running.place, running.played = relay, relay.begin, 0
            self._order(running, job=self._job(running))
            self._report(running, Event.CHANGED)
            return
        await self._stop(running)
        self.running.pop(relay.key, None)
        self._begin(relay)

    async def _stop(self, running: Running) -> None:
        was = running.state
        await self._cancel(running)
        if was in ("on air", "starting", "retrying"):
            self._report(running, Event.OFF_AIR)

    @staticmethod
    async def _cancel(running: Running) -> None:
        if running.work:
            running.work.cancel()
            await asyncio.gather(running.work, return_exceptions=True)

    async def _run(self, running: Running) -> None:
        """Run one process until it ends, and decide what to do next."""
        last: Mapping[str, Any] = {}
        try:
            job = {"do": "relay", "faults": self.faults, **self._job(running)}
        except ValueError as wrong:
            self._fail(running, {"side": "target", "reason": str(wrong)})
            return
        try:
            async with self._starting:
                running.worker = await self.workers.start(job)
                last = await self._hear(running)
            while last.get("event") not in ("ended", "failed"):
                last = await self._hear(running)
        except OSError as wrong:
            last = _failed(str(wrong))
        finally:
            worker, running.worker = running.worker, None
            if worker:
                await asyncio.shield(worker.end())
        if last["event"] == "failed":
            self._fail(running, last)
        else:
            running.state = "ended"
            self._report(running, Event.ENDED)

    async def _hear(self, running: Running) -> Mapping[str, Any]:
        """Read the next message from a relay."""
        if running.worker is None:
            return _failed("it ended")
        try:
            longest = SILENT_SECONDS + self.stall_seconds
            # `wait_for` would lose the order to end, if a line came at the same moment.
            async with asyncio.timeout(longest):
                line = await running.worker.stdout.readline()
            said: Mapping[str, Any] = json.loads(line) if line else _failed("it broke its relay")
        except TimeoutError:
            return _failed("it hangs")
        except ValueError:
            return _failed("it broke its relay")
        self._take(running, said)
        return said

    def _take(self, running: Running, said: Mapping[str, Any]) -> None:
        event = said["event"]
        running.address = said.get("url", running.address)
        if event in ("at", "file_started"):
            running.place = Place(said["index"], said.get("seconds", 0.0))
        elif event == "round":
            running.played = said["played"]
            running.place = START
        elif event == "on_air":
            running.state, running.failures, running.reason = "on air", 0, ""
            running.since = self.now()
        elif event == "source_failed":
            running.reason = said["reason"]
        if event in REPORTED:
            self._report(
                running,
                Event(event),
                duration=said.get("duration", 0.0),
                reason=said.get("reason", ""),
            )

    def _fail(self, running: Running, said: Mapping[str, Any]) -> None:
        running.failures += 1
        running.reason = said["reason"]
        retries = running.relay.retries
        again = retries is None or running.failures <= retries
        if again:
            running.state = "retrying"
            running.retry_at = self.now() + timedelta(seconds=running.relay.retry_seconds)
        else:
            running.state = "failed"
        event = Event.RETRYING if again else Event.GAVE_UP
        self._report(running, event, reason=said["reason"], side=said["side"])

    def _report(self, running: Running, event: Event, **about: Any) -> None:
        self.tell(
            Report(
                relay=running.relay,
                event=event,
                moment=self.now(),
                place=running.place,
                address=running.address,
                **about,
            )
        )

    def _order(self, running: Running, **order: Any) -> None:
        if running.worker:
            running.worker.write(order)

    def _job(self, running: Running) -> dict[str, Any]:
        """The job of a worker. Raises ValueError for an address that cannot be pushed to."""
        relay = running.relay
        find = self.addresses.find
        return {
            "sources": [
                {"origin": find(each.address).to_json(), "start": each.start, "end": each.end}
                for each in relay.sources
            ],
            "backups": [find(address).to_json() for address in relay.backups],
            "fillers": [find(address).to_json() for address in relay.fillers],
            "lead": find(relay.lead).to_json() if relay.lead else None,
            "live": relay.live,
            "rounds": relay.rounds,
            "begin": running.place,
            "played": running.played,
            "stall_seconds": self.stall_seconds,
            "proxy": f"http://127.0.0.1:{self.ingest_port()}",
            "to": {
                **find_target(relay.target, self.ingest_port()),
                "label": f"{relay.vendor} {relay.task_id}",
            },
        }


def find_target(address: str, ingest_port: int) -> dict[str, Any]:
    """Return where and how to connect for a push. Raises ValueError."""
    parts = urlsplit(address)
    name = name_of(address)
    host = parts.hostname or ""
    if parts.scheme != "rtmp" or not (host and name.app and name.stream):
        raise ValueError("the emulator pushes to rtmp://<domain>/<app>/<stream>")
    app = parts.path.strip("/").rpartition("/")[0]
    here = is_loopback(host)
    return {
        "host": host if here else "127.0.0.1",
        "port": (parts.port or RTMP_PORT) if here else ingest_port,
        "tcurl": f"rtmp://{parts.netloc.rpartition('@')[2]}/{app}",
        "app": app,
        "stream": f"{name.stream}?{parts.query}" if parts.query else name.stream,
    }


def name_of(address: str) -> Name:
    """Return the stream that a push address names, with empty parts if it names none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return Name("", "", "")
    app, _, stream = parts.path.strip("/").rpartition("/")
    return Name(parts.hostname or "", app, stream)


def _failed(reason: str) -> Mapping[str, Any]:
    return {"event": "failed", "side": "source", "reason": reason}
