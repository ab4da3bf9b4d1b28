"""What goes out of a relay: sources as FLV, in real time, one after the other on one push."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import av
from av.error import FFmpegError

from pulumi_livepull.emulator.media import flv
from pulumi_livepull.emulator.media.worker.feeds import Feed, SourceFailed
from pulumi_livepull.emulator.media.worker.publisher import Publisher, Target

SOON_SECONDS = 0.1
"""What is due so soon is sent at once, as each waking costs more than it sends."""

LONGEST_WAIT_SECONDS = 5.0
"""A longer gap in the times of a source is no pause but a mistake in it."""

GAP_MILLISECONDS = 40
"""Between two sources."""

MOST_FAILED = 3
"""How many packets in a row may be refused by the muxer before the source counts as broken."""


class _Sink:
    """Takes what the FLV muxer writes, and hands out whole tags."""

    def __init__(self) -> None:
        self._reader = flv.Tags()
        self.tags: list[flv.Tag] = []

    def write(self, data: bytes) -> int:
        self.tags += self._reader.feed(bytes(data))
        return len(data)

    def take(self) -> list[flv.Tag]:
        tags, self.tags = self.tags, []
        return tags


def mux(feed: Feed) -> Iterator[tuple[list[flv.Tag], float, float]]:
    """Yield tags, each with its time and its place in the source; raises SourceFailed.

    Every source has a muxer of its own, so that one may differ from the last in all its settings.
    """
    sink = _Sink()
    options = {"flush_packets": "1", "flvflags": "no_duration_filesize"}
    out: Any = av.open(sink, "w", format="flv", options=options)
    feed.attach(out)
    failed = 0
    for packet, moment, place in feed.packets():
        try:
            out.mux_one(packet)
        except (FFmpegError, ValueError) as wrong:
            failed += 1
            if failed > MOST_FAILED:
                raise SourceFailed(f"FLV cannot hold it: {wrong}") from None
            continue
        failed = 0
        yield sink.take(), moment, place


class Pace:
    """When a packet is due."""

    def __init__(self) -> None:
        self._zero: float | None = None

    def seconds_until(self, moment: float) -> float:
        """How long to wait until this time of the source; a jump in it begins anew."""
        now = time.monotonic()
        wait = LONGEST_WAIT_SECONDS + 1 if self._zero is None else self._zero + moment - now
        if abs(wait) > LONGEST_WAIT_SECONDS:
            self._zero, wait = now - moment, 0.0
        return wait


class Output:
    """The push, whose time goes on from one source to the next."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self._publisher: Publisher | None = None
        self._base = self._last = 0
        self._first: int | None = None
        self._waiting: list[flv.Tag] = []
        self._sent = 0.0

    @property
    def on_air(self) -> bool:
        """Whether the destination has accepted the push."""
        return self._publisher is not None

    def begin(self, job: Mapping[str, Any]) -> None:
        """Push; raises PushFailed."""
        self._publisher = Publisher(Target(**job["to"]))

    def send(self, tags: list[flv.Tag]) -> None:
        """Send tags, with their times made to follow those of the source before."""
        for tag in tags:
            stamp = self._base
            if not (tag.is_setup or tag.kind == flv.DATA):
                self._first = tag.stamp if self._first is None else self._first
                stamp = self._base + max(0, tag.stamp - self._first)
                if stamp - self._last > LONGEST_WAIT_SECONDS * 1000:
                    self._first = tag.stamp
                    stamp = self._base = self._last + GAP_MILLISECONDS
                self._last = max(self._last, stamp)
            self._waiting.append(flv.Tag(tag.kind, stamp, tag.body))
        if self._publisher and time.monotonic() > self._sent + SOON_SECONDS:
            self.flush()

    def turn(self) -> None:
        """Begin another source."""
        self.flush()
        self._base, self._first = self._last + GAP_MILLISECONDS, None

    def flush(self) -> None:
        """Send what waits; raises PushFailed."""
        if self._publisher and self._waiting:
            self._publisher.send(self._waiting)
        self._sent = time.monotonic()
        self._waiting = []

    def close(self) -> None:
        """End the push."""
        if self._publisher:
            self._publisher.close()
