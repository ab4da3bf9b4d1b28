"""HLS for players and browsers: starts when a stream is requested, stops when it is not."""

import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pulumi_livepull.emulator.media.folders import make_folder
from pulumi_livepull.emulator.media.processes import Worker, Workers
from pulumi_livepull.emulator.media.streams import Name

MOST = 8
"""How many streams are segmented at the same time."""

IDLE_SECONDS = 15
FIRST_SECONDS = 8
"""How long the first segment may take: it needs a key frame and then a second of video."""

PLAYLIST = "index.m3u8"


@dataclass
class _Cut:
    folder: Path
    worker: Worker
    asked: float


class Hls:
    """Segments streams. All methods run in the thread of the media's loop."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._cuts: dict[Name, _Cut] = {}
        self._beginning = asyncio.Lock()

    async def find(self, name: Name, file: str, ingest_port: int) -> bytes | None:
        """Return the playlist or a segment of a stream on air, or None."""
        async with self._beginning:
            cut = self._cuts.get(name)
            if cut and cut.worker.ended:
                await self._end(name)
                cut = None
            if cut is None:
                cut = await self._begin(name, ingest_port)
        if cut is None:
            return None
        cut.asked = time.monotonic()
        path = cut.folder / Path(file).name
        end = cut.asked + FIRST_SECONDS
        while file == PLAYLIST and not path.exists() and time.monotonic() < end:
            await asyncio.sleep(0.05)
        return path.read_bytes() if path.is_file() else None

    async def tidy(self) -> None:
        """Stop segmenting streams that were not requested recently."""
        last = time.monotonic() - IDLE_SECONDS
        for name in [name for name, cut in self._cuts.items() if cut.asked < last]:
            await self._end(name)

    async def end(self) -> None:
        """Stop everything."""
        for name in list(self._cuts):
            await self._end(name)

    async def _begin(self, name: Name, ingest_port: int) -> _Cut | None:
        if len(self._cuts) >= MOST:
            return None
        folder = make_folder()
        job = {
            "do": "convert",
            "format": "live",
            "from": f"http://127.0.0.1:{ingest_port}/play/{quote(str(name))}.flv",
            "to": str(folder / PLAYLIST),
        }
        worker = await self._workers.start(job)
        self._cuts[name] = cut = _Cut(folder, worker, time.monotonic())
        return cut

    async def _end(self, name: Name) -> None:
        cut = self._cuts.pop(name)
        await cut.worker.end()
        shutil.rmtree(cut.folder, ignore_errors=True)
