"""The sources of a relay: opened with PyAV, or a test picture."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import av
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError

from pulumi_livepull.emulator.media.worker.picture import Picture

MORE_TO_OPEN_SECONDS = 3.0
"""Additional time that a source may take to open."""

MOST_STREAMS = "32"
LENGTH_SECONDS = 10.0
"""The length of a simulated file, unless its name contains one, such as `intro-30s.mp4`."""

LENGTH = re.compile(r"(\d{1,5}(?:\.\d)?)s\b")
MISSING = "404"
"""Addresses with this text have no test picture, to simulate a missing source."""

MOST_HELD = 16
"""As many pictures as H.264 can put in another order."""

STEP_BACK_SECONDS = 0.5
"""A smaller step back is a mistake of a packet or two."""

STEP_SECONDS = 0.04
"""From the last time before a jump to the first one after it."""

FORMATS = "mov,flv,live_flv,hls,mpegts,aac,mp3,h264,hevc,matroska"
PROTOCOLS = {
    "http": "http,https,httpproxy,tcp,tls,crypto,data",
    "rtmp": "rtmp,rtmps,tcp,tls",
    "file": "file",
}
"""A remote playlist cannot open local files, and a local playlist cannot open remote ones."""


class SourceFailed(Exception):
    """A source cannot be opened, ends, stalls or is empty. The text says which."""


class Feed(Protocol):
    """An open source."""

    length: float | None
    """Seconds; None for a live source."""

    def attach(self, out: OutputContainer) -> None:
        """Add the streams of the packets."""

    def packets(self) -> Iterator[tuple[Any, float, float]]:
        """Yield packets, each with its time and position in the source, in seconds."""

    def close(self) -> None:
        """Close the source."""


def open_feed(
    origin: Mapping[str, Any], *, live: bool, start: float, end: float | None, stall_seconds: float
) -> Feed:
    """Open a source. Raises SourceFailed."""
    if origin["kind"] == "refused":
        raise SourceFailed(origin["why"])
    if origin["kind"] == "picture":
        address = origin["address"]
        if MISSING in address:
            raise SourceFailed("HTTP 404")
        if live:
            return Picture(address)
        named = LENGTH.search(address.rpartition("/")[2])
        length = float(named[1]) if named else LENGTH_SECONDS
        return Picture(address, start=start, length=min(length, end or length))
    return Opened(origin["opens"], live=live, start=start, end=end, stall_seconds=stall_seconds)


class Opened:
    """A source that PyAV has opened."""

    def __init__(
        self, address: str, *, live: bool, start: float, end: float | None, stall_seconds: float
    ) -> None:
        scheme = address.partition("://")[0] if "://" in address else "file"
        options = {
            "protocol_whitelist": PROTOCOLS[scheme.removesuffix("s")],
            "format_whitelist": FORMATS,
            "max_streams": MOST_STREAMS,
            "analyzeduration": "1000000",
        }
        try:
            self._source: InputContainer = av.open(
                address,
                options=options,
                timeout=(stall_seconds + MORE_TO_OPEN_SECONDS, stall_seconds),
            )
        except (FFmpegError, OSError, ValueError) as wrong:
            raise SourceFailed(_reason(wrong)) from None
        try:
            self._prepare(live=live, start=start, end=end)
        except (FFmpegError, OSError, ValueError) as wrong:
            self.close()
            raise SourceFailed(_reason(wrong)) from None

    def _prepare(self, *, live: bool, start: float, end: float | None) -> None:
        source = self._source
        if not source.streams.video:
            raise ValueError("it has no video")
        self._chosen = [source.streams.video[0], *source.streams.audio[:1]]
        duration = source.duration / av.time_base if source.duration else None
        self.length = None if live else duration
        self._begin = (source.start_time or 0) / av.time_base
        self._end = end
        self._past = bool(duration and start >= duration)
        if start and not live and not self._past:
            source.seek(round((self._begin + start) * av.time_base))

    def attach(self, out: OutputContainer) -> None:
        """Add the streams of the packets. Raises SourceFailed for codecs that FLV cannot
        contain."""
        try:
            self._streams = {
                stream.index: out.add_stream_from_template(stream) for stream in self._chosen
            }
        except (FFmpegError, ValueError) as wrong:
            raise SourceFailed(_reason(wrong)) from None

    def packets(self) -> Iterator[tuple[Any, float, float]]:
        """Yield packets, each with its time and position in the source, in seconds."""
        last: dict[int, int] = {}
        times = _Times()
        first = None
        if self._past:
            return
        try:
            for packet in _complete(self._source.demux(self._chosen)):
                index = packet.stream_index
                times.mend(packet)
                # A muxer refuses decreasing times, which broken files contain.
                if packet.dts <= last.get(index, packet.dts - 1):
                    continue
                last[index] = packet.dts
                time = float(packet.dts * packet.time_base)
                first = time if first is None else first
                place = time - self._begin
                if self._end is not None and place >= self._end:
                    return
                packet.stream = self._streams[index]
                yield packet, time - first, max(place, 0.0)
        except (FFmpegError, OSError, ValueError) as wrong:
            raise SourceFailed(_reason(wrong)) from None

    def close(self) -> None:
        """Close the source."""
        self._source.close()


def _complete(packets: Iterator[Any]) -> Iterator[Any]:
    """Give the first packets of a stream the decoding times that Matroska does not have."""
    waiting: dict[int, list[Any]] = {}
    for packet in packets:
        held = waiting.setdefault(packet.stream_index, [])
        if packet.dts is None or packet.time_base is None:
            if None not in (packet.pts, packet.time_base) and len(held) < MOST_HELD:
                held.append(packet)
            continue
        for before, each in enumerate(reversed(held), 1):
            each.dts = packet.dts - before * (packet.duration or 1)
        yield from held
        held.clear()
        yield packet


class _Times:
    """Lets times go on where they jump back, as in a file that others were joined to."""

    def __init__(self) -> None:
        self._added = [0.0]
        """Seconds to add after each jump, the same for all streams."""

        self._jumps: dict[int, int] = {}
        """How many jumps each stream has had."""

        self._last: dict[int, float] = {}

    def mend(self, packet: Any) -> None:
        """Change the times of a packet if its stream has jumped back."""
        index = packet.stream_index
        time = float(packet.dts * packet.time_base)
        jumps = self._jumps.get(index, 0)
        if time + self._added[jumps] < self._last.get(index, time) - STEP_BACK_SECONDS:
            jumps += 1
            if jumps == len(self._added):
                self._added.append(max(self._last.values()) + STEP_SECONDS - time)
            self._jumps[index] = jumps
        added = round(self._added[jumps] / packet.time_base)
        self._last[index] = time + self._added[jumps]
        packet.dts += added
        if packet.pts is not None:
            packet.pts += added


def _reason(wrong: Exception) -> str:
    """Return the reason of a failure without the address, which may contain a key."""
    if isinstance(wrong, FFmpegError):
        text = (wrong.strerror or type(wrong).__name__).partition(":")[0]
        return "it stalls" if isinstance(wrong, av.error.ExitError) else text
    return str(wrong) or type(wrong).__name__
