"""Recordings: streams that match a seeded rule are recorded, with callbacks of their vendor."""

import asyncio
import json
import shutil
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from pulumi_livepull.emulator.delivery import File
from pulumi_livepull.emulator.media import flv
from pulumi_livepull.emulator.media.folders import make_folder
from pulumi_livepull.emulator.media.processes import Workers
from pulumi_livepull.emulator.media.streams import Stream

ENDINGS = {"flv": "flv", "mp4": "mp4", "hls": "m3u8"}
MOST_BYTES = 1024**3
"""Maximum size of all recordings; then the oldest is deleted."""

LONGEST_BYTES = MOST_BYTES // 4
CONVERT_SECONDS = 60
PATTERN = {"vendor": str, "domain": str, "app": str, "format": str, "seconds": int}

Tell = Callable[[str, Stream, str, File | None], None]


@dataclass(frozen=True)
class Rule:
    """Which streams to record, and how."""

    vendor: str
    domain: str
    app: str = "*"
    """`*` is all."""

    format: str = "mp4"
    seconds: int = 3600
    """Maximum length of a file; it ends at the next key frame."""

    def fits(self, stream: Stream) -> bool:
        """Return whether the rule matches this stream."""
        return self.domain == stream.name.domain and self.app in ("*", stream.name.app)


def read_rule(given: Mapping[str, Any]) -> Rule:
    """Parse a seeded rule. Raises ValueError."""
    wrong = [name for name, value in given.items() if not isinstance(value, PATTERN.get(name, ()))]
    if wrong or not given.keys() >= {"vendor", "domain"}:
        raise ValueError(f"a rule has vendor and domain, and may have {', '.join(PATTERN)}")
    rule = Rule(**given)
    if rule.format not in ENDINGS or rule.seconds < 1:
        raise ValueError(f"format is one of {', '.join(ENDINGS)}, and seconds is from 1 up")
    return rule


class Recordings:
    """Records streams. All methods run in the thread of the media's loop."""

    def __init__(
        self,
        workers: Workers,
        now: Callable[[], datetime],
        tell: Tell,
        find_port: Callable[[], int],
    ) -> None:
        self.rules: list[Rule] = []
        self._workers = workers
        self._now, self._tell, self._find_port = now, tell, find_port
        self._folder: Path | None = None
        self._files: dict[str, Path] = {}
        self._folders: deque[Path] = deque()
        self._numbers = count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, stream: Stream) -> None:
        """Record a new stream, if a rule matches."""
        for rule in self.rules:
            if rule.fits(stream):
                task = asyncio.create_task(self._record(rule, stream))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def find(self, path: str) -> Path | None:
        """Return the file for this path."""
        return self._files.get(path)

    async def end(self) -> None:
        """Stop recording, and remove all files."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def _record(self, rule: Rule, stream: Stream) -> None:
        self._tell(rule.vendor, stream, "begun", None)
        player = stream.join()
        writer: _Writer | None = None
        try:
            while tags := await player.take():
                for tag in tags:
                    if writer and writer.ends_before(tag, rule.seconds):
                        await self._finish(rule, stream, writer)
                        writer = None
                    if writer is None and tag.is_key:
                        writer = _Writer(self._make_folder(), stream, self._now())
                    if writer:
                        writer.write(tag)
            if writer:
                await self._finish(rule, stream, writer)
            self._tell(rule.vendor, stream, "over", None)
        finally:
            stream.leave(player)
            if writer:
                writer.file.close()

    async def _finish(self, rule: Rule, stream: Stream, writer: "_Writer") -> None:
        """Convert the recorded file, and report it."""
        writer.file.close()
        name = f"{writer.began:%Y%m%dT%H%M%SZ}-{writer.folder.name}.{ENDINGS[rule.format]}"
        path = writer.folder / name
        made: Mapping[str, Any] = {}
        with suppress(OSError):
            made = await _convert(self._workers, rule.format, writer.path, path)
        writer.path.unlink()
        if "duration" not in made:
            return
        place = f"{stream.name.app}/{stream.name.stream}"
        parts = list(writer.folder.iterdir())
        self._files |= {f"{stream.name.domain}/{place}/{each.name}": each for each in parts}
        self._folders.append(writer.folder)
        self._tidy()
        address = quote(f"{stream.name.domain}/{place}/{name}")
        file = File(
            name=f"{place}/{name}",
            url=f"http://127.0.0.1:{self._find_port()}/recordings/{address}",
            size=sum(each.stat().st_size for each in parts),
            began=writer.began,
            lasted=timedelta(seconds=made["duration"]),
            format=rule.format,
            width=made["width"],
            height=made["height"],
        )
        self._tell(rule.vendor, stream, "file", file)

    def _make_folder(self) -> Path:
        if self._folder is None:
            self._folder = make_folder()
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return folder

    def _tidy(self) -> None:
        """Remove the oldest files while the total is too large."""
        sizes = {
            folder: sum(each.stat().st_size for each in folder.iterdir())
            for folder in self._folders
        }
        while sum(sizes.values()) > MOST_BYTES and len(self._folders) > 1:
            oldest = self._folders.popleft()
            del sizes[oldest]
            shutil.rmtree(oldest, ignore_errors=True)
            self._files = {
                path: file for path, file in self._files.items() if file.parent != oldest
            }


class _Writer:
    """One FLV file that is being written."""

    def __init__(self, folder: Path, stream: Stream, began: datetime) -> None:
        self.folder, self.began = folder, began
        self.path = folder / "raw"
        self.file: BinaryIO = self.path.open("wb")
        self._first: int | None = None
        self._codec = stream.setup[flv.VIDEO].codec if flv.VIDEO in stream.setup else b""
        self._size = self.file.write(stream.header())
        for tag in stream.setup.values():
            self.write(tag)

    def ends_before(self, tag: flv.Tag, seconds: int) -> bool:
        """Return whether the file must end before this tag: it is full, or the encoding changes."""
        if tag.is_setup and tag.kind == flv.VIDEO:
            return tag.codec != self._codec
        return tag.is_key and self._is_full(tag, seconds)

    def _is_full(self, tag: flv.Tag, seconds: int) -> bool:
        lasted = tag.stamp - (self._first if self._first is not None else tag.stamp)
        return lasted >= seconds * 1000 or self._size > LONGEST_BYTES

    def write(self, tag: flv.Tag) -> None:
        """Add a tag."""
        if tag.is_key and self._first is None:
            self._first = tag.stamp
        self._size += self.file.write(tag.pack())


async def _convert(workers: Workers, form: str, source: Path, target: Path) -> Mapping[str, Any]:
    """Return the properties of the converted file, or nothing if the conversion failed."""
    job = {"do": "convert", "format": form, "from": str(source), "to": str(target)}
    worker = await workers.start(job)
    try:
        with suppress(TimeoutError, ValueError):
            async with asyncio.timeout(CONVERT_SECONDS):
                line = await worker.stdout.readline()
            made: Mapping[str, Any] = json.loads(line or "{}")
            return made
        return {}
    finally:
        await asyncio.shield(worker.end())
