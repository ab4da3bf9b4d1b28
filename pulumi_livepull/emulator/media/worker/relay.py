"""One relay: it plays the sources of its job in real time, and pushes them to one destination."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from threading import Condition, Thread
from typing import Any

from pulumi_livepull.emulator.media.worker.feeds import Feed, SourceFailed, open_feed
from pulumi_livepull.emulator.media.worker.output import SOON_SECONDS, Output, Pace, mux
from pulumi_livepull.emulator.media.worker.publisher import PushFailed
from pulumi_livepull.emulator.relay import LEAD

TELL_SECONDS = 0.5
"""How often a relay reports its position. The emulator ends a relay that is silent for too long."""

Tell = Callable[..., None]


class Replaced(Exception):
    """Another job replaces the current one."""


@dataclass
class Orders:
    """Orders from the emulator while a relay is running."""

    job: Mapping[str, Any]
    faults: Mapping[str, str] = field(default_factory=dict)
    """`fail` or `stall` by address."""

    number: int = 0
    """Number of jobs so far."""

    changed: Condition = field(default_factory=Condition)

    def take(self, order: Mapping[str, Any]) -> None:
        """Apply an order from the next packet on."""
        with self.changed:
            self.faults = order.get("faults", self.faults)
            if job := order.get("job"):
                self.job = job
                self.number += 1
            if "rounds" in order:
                self.job = {**self.job, "rounds": order["rounds"]}
            self.changed.notify_all()

    def wait(self, seconds: float, number: int) -> None:
        """Wait, unless an order for another job arrives. Raises Replaced."""
        if seconds <= SOON_SECONDS and self.number == number:
            return
        with self.changed:
            self.changed.wait_for(lambda: self.number != number, max(0.0, seconds))
            if self.number != number:
                raise Replaced


class Relay:
    """Plays one job after another until it ends or fails."""

    def __init__(self, orders: Orders, tell: Tell) -> None:
        self._orders, self._tell = orders, tell
        self._output = Output(orders.job)
        self._number = 0
        self._told = 0.0

    def run(self) -> None:
        """Run the relay, and report at the end how it ended."""
        try:
            while True:
                self._number = self._orders.number
                try:
                    self._play()
                    self._tell("ended")
                    return
                except Replaced:
                    continue
        except SourceFailed as failed:
            self._tell("failed", side="source", reason=str(failed))
        except PushFailed as failed:
            self._tell("failed", side="target", reason=str(failed))
        finally:
            self._output.close()

    def _play(self) -> None:
        job = self._orders.job
        if job["live"]:
            self._play_live(job)
        else:
            self._play_files(job)

    def _play_files(self, job: Mapping[str, Any]) -> None:
        first, start = job["begin"]
        played = job["played"]
        if first == LEAD:
            self._play_lead(job["lead"], start)
            first, start = 0, 0.0
        while True:
            before = start
            start = self._play_round(job, first, start)
            played += 1
            if start and first == 0:
                # The start is several rounds away, each as long as this one.
                rounds = int(start // (before - start))
                start -= rounds * (before - start)
                played += rounds
            first = 0
            self._tell("round", played=played)
            if self._orders.job["rounds"] != -1 and played >= self._orders.job["rounds"]:
                return

    def _play_lead(self, origin: Mapping[str, Any], start: float) -> None:
        """Play the rest of a file that is not in the list."""
        try:
            self._play_file(LEAD, {"origin": origin, "start": 0.0, "end": None}, start)
        except SourceFailed as wrong:
            address = origin["address"]
            self._tell("source_failed", index=LEAD, reason=str(wrong), url=address)

    def _play_round(self, job: Mapping[str, Any], first: int, start: float) -> float:
        """Play the files from this one on, and return how far past their end the start is."""
        failed = None
        heard = False
        for at in range(first, len(job["sources"])):
            try:
                start = self._play_file(at, job["sources"][at], start)
                heard = True
            except SourceFailed as wrong:
                failed, start = wrong, 0.0
                self._tell("source_failed", index=at, reason=str(wrong), **_url(job, at))
        if failed and not heard:
            raise failed
        return start

    def _play_file(self, index: int, source: Mapping[str, Any], start: float) -> float:
        """Play one file and return 0, or return how far past its end the start is."""
        address = source["origin"]["address"]
        begin = float(max(start, source["start"]))
        with closing(
            self._open(source["origin"], live=False, start=begin, end=source["end"])
        ) as feed:
            length = feed.length or 0.0
            if length and begin >= length and start > source["start"]:
                return begin - length
            about = {"index": index, "url": address, "duration": length}
            began = partial(self._tell, "file_started", seconds=begin, **about)
            self._air(feed, address, index, began=began)
        self._tell("file_finished", **about)
        return 0.0

    def _play_live(self, job: Mapping[str, Any]) -> None:
        origin = job["sources"][0]["origin"]
        try:
            self._air_live(origin, 0)
        except SourceFailed as failed:
            if not (job["backups"] or job["fillers"]):
                raise
            self._tell("source_failed", index=0, reason=str(failed), url=origin["address"])
        while True:
            self._play_backups(job)
            try:
                self._air_live(origin, 0, began=lambda: self._tell("main"))
            except SourceFailed as failed:
                self._tell("source_failed", index=0, reason=str(failed), url=origin["address"])

    def _play_backups(self, job: Mapping[str, Any]) -> None:
        """Play the first working backup until the main source is back."""
        failed = SourceFailed("there is no backup")
        for origin in (*job["backups"], *job["fillers"]):
            address = origin["address"]
            air = self._air_live if origin in job["backups"] else self._fill
            watch = _Watch(job["sources"][0]["origin"], self._orders, job["stall_seconds"])
            try:
                air(
                    origin,
                    0,
                    began=partial(self._tell, "backup", url=address),
                    until=watch.is_back,
                )
                return
            except SourceFailed as wrong:
                self._tell("source_failed", index=0, reason=str(wrong), url=address)
                failed = wrong
            finally:
                watch.end()
        raise failed

    def _fill(
        self,
        origin: Mapping[str, Any],
        index: int,
        *,
        began: Callable[[], None],
        until: Callable[[], bool],
    ) -> None:
        """Play a file again and again; whether to go on is asked only where it ends."""
        while True:
            with closing(self._open(origin, live=False)) as feed:
                self._air(feed, origin["address"], index, began=began)
            if until():
                return

    def _air_live(
        self,
        origin: Mapping[str, Any],
        index: int,
        *,
        began: Callable[[], None] = lambda: None,
        until: Callable[[], bool] = lambda: False,
    ) -> None:
        """Relay a live source, whose end counts as a failure."""
        with closing(self._open(origin, live=True)) as feed:
            self._air(feed, origin["address"], index, began=began, until=until)
        if not until():
            raise SourceFailed("it ended")

    def _open(
        self,
        origin: Mapping[str, Any],
        *,
        live: bool,
        start: float = 0.0,
        end: float | None = None,
    ) -> Feed:
        stall = self._orders.job["stall_seconds"]
        fault = self._orders.faults.get(origin["address"])
        if fault == "stall":
            self._tell("alive")
            self._orders.wait(stall, self._number)
        if fault:
            raise SourceFailed("it stalls" if fault == "stall" else "a test let it fail")
        return open_feed(origin, live=live, start=start, end=end, stall_seconds=stall)

    def _air(
        self,
        feed: Feed,
        address: str,
        index: int,
        *,
        began: Callable[[], None],
        until: Callable[[], bool] = lambda: False,
    ) -> None:
        self._output.turn()
        pace = Pace()
        begun = False
        for tags, moment, place in mux(feed):
            self._orders.wait(pace.seconds_until(moment), self._number)
            self._check(address)
            if until():
                return
            if not self._output.on_air:
                self._output.begin(self._orders.job)
                self._tell("on_air")
            if not begun:
                begun = True
                began()
            self._output.send(tags)
            if time.monotonic() - self._told > TELL_SECONDS:
                self._told = time.monotonic()
                self._tell("at", index=index, seconds=round(place, 3), url=address)
        if not begun:
            raise SourceFailed("there is nothing in it")
        self._output.flush()

    def _check(self, address: str) -> None:
        """Make the source fail or stall if a fault is set."""
        fault = self._orders.faults.get(address)
        if fault == "stall":
            self._orders.wait(self._orders.job["stall_seconds"], self._number)
            raise SourceFailed("it stalls")
        if fault:
            raise SourceFailed("a test let it fail")


def _url(job: Mapping[str, Any], index: int) -> dict[str, str]:
    return {"url": job["sources"][index]["origin"]["address"]}


class _Watch:
    """Checks regularly whether the main source is back."""

    def __init__(self, origin: Mapping[str, Any], orders: Orders, seconds: float) -> None:
        self._back = self._over = False
        arguments = (origin, orders, seconds)
        Thread(target=self._look, args=arguments, daemon=True, name="main source").start()

    def is_back(self) -> bool:
        """Whether it is back."""
        return self._back

    def end(self) -> None:
        """Stop checking."""
        self._over = True

    def _look(self, origin: Mapping[str, Any], orders: Orders, seconds: float) -> None:
        while not self._over:
            time.sleep(min(1.0, seconds))
            if orders.faults.get(origin["address"]):
                continue
            try:
                feed = open_feed(origin, live=True, start=0, end=None, stall_seconds=seconds)
            except SourceFailed:
                continue
            feed.close()
            self._back = True
            return
