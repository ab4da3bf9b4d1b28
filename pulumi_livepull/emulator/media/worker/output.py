"""The output of a relay: its sources as FLV, in real time, one after another on one push."""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import av
from av.error import FFmpegError

from pulumi_livepull.emulator.media import flv
from pulumi_livepull.emulator.media.worker.feeds import Feed, SourceFailed
from pulumi_livepull.emulator.media.worker.publisher import Publisher, Target

SOON_SECONDS = 0.1
"""Packets that are due within this time are sent at once, because waking up costs more."""

LONGEST_WAIT_SECONDS = 5.0
"""A longer gap in the times of a source is an error in the source, not a pause."""

GAP_MILLISECONDS = 40
"""Gap between two sources."""

MOST_FAILED = 3
"""How many consecutive packets the muxer may refuse before the source counts as broken."""


class _Sink:
    """Collects the output of the FLV muxer, and returns complete tags."""

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
    """Yield tags, each with its time and position in the source. Raises SourceFailed.

    Each source has its own muxer, because its settings may differ from those of the last one.
    """
    sink = _Sink()
    options = {"flush_packets": "1", "flvflags": "no_duration_filesize"}
    out: Any = av.open(sink, "w", format="flv", options=options)
    try:
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
    finally:
        # What encoded for it would be kept, of every file that was played.
        with suppress(FFmpegError, ValueError):
            out.close()


class Pace:
    """When a packet is due."""

    def __init__(self) -> None:
        self._zero: float | None = None

    def seconds_until(self, moment: float) -> float:
        """Return how long to wait until this time of the source. A jump in it restarts the pace."""
        now = time.monotonic()
        wait = LONGEST_WAIT_SECONDS + 1 if self._zero is None else self._zero + moment - now
        if abs(wait) > LONGEST_WAIT_SECONDS:
            self._zero, wait = now - moment, 0.0
        return wait


class Output:
    """The push, whose time continues from one source to the next."""

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
        """Begin to push. Raises PushFailed."""
        self._publisher = Publisher(Target(**job["to"]))

    def send(self, tags: list[flv.Tag]) -> None:
        """Send tags, with their times adjusted to follow those of the last source."""
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
        """Switch to another source."""
        self.flush()
        self._base, self._first = self._last + GAP_MILLISECONDS, None

    def flush(self) -> None:
        """Send queued tags. Raises PushFailed."""
        if self._publisher and self._waiting:
            self._publisher.send(self._waiting)
        self._sent = time.monotonic()
        self._waiting = []

    def close(self) -> None:
        """End the push."""
        if self._publisher:
            self._publisher.close()
