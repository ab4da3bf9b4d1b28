"""An emulator that relays, a receiver of callbacks, and a program that pushes and is not ours."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.media.colours import nearest
from pulumi_livepull.emulator.media.media import Media, Settings
from pulumi_livepull.testing import Receiver, receiving
from tests.emulator.receivers import configure

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
ADDRESS = ("push.example.com", "live", "one")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver that listens."""
    with receiving() as receiver:
        yield receiver


SETTINGS = Settings(stall_seconds=0.5)
"""With these, a stall is noticed soon."""


@pytest.fixture(scope="session")
def relaying() -> Iterator[Media]:
    """Run the media of one emulator for all tests of a process."""
    emulator = Emulator(clock=Clock(frozen_at=NOW))
    # Tencent would try again after a minute to reach a receiver whose test is over.
    emulator.deliveries.wait = lambda seconds: None
    with Media(emulator, SETTINGS).running() as media:
        yield media


@pytest.fixture
def media(relaying: Media) -> Iterator[Media]:
    """Return the media that run, with nothing on air."""
    yield relaying
    relaying.clouds.reset()
    relaying.wait_until(lambda: not relaying.show())


@pytest.fixture
def emulator(media: Media) -> Emulator:
    """Return the emulator that relays, whose time stands still until a test moves it."""
    assert isinstance(media.clouds, Emulator)
    return media.clouds


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return six seconds of blue with a tone, made by a program that is not ours."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    sources = ["-f", "lavfi", "-i", "color=0x1E3CC8:s=320x180:r=10", "-f", "lavfi", "-i", "sine"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p"]
    ffmpeg(*sources, "-t", "6", *codecs, "-c:a", "aac", str(path))
    return path


def ffmpeg(*arguments: str) -> str:
    """Run ffmpeg; returns what it complains of."""
    command = [FFMPEG, "-nostdin", "-v", "error", "-y", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60).stderr


@pytest.fixture
def recorded(frames: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """Return what waits for a recording of `ADDRESS`, and returns its colours in order."""
    return lambda: [name for name, _ in groupby(frames())]


@pytest.fixture
def frames(emulator: Emulator, media: Media, tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    """Return what waits for a recording of `ADDRESS`, and returns the colour of each picture."""
    with receiving() as own:
        rule = {"vendor": "huaweicloud", "domain": ADDRESS[0], "format": "flv"}
        emulator.seed({"media": {"recordings": [rule]}})
        configure(emulator, "huaweicloud", own.url)

        def colours() -> list[str]:
            media.wait_until(lambda: own.bodies)
            (body,) = own.bodies
            out = tmp_path / "colours"
            lowest = "crop=iw:ih/4:0:ih-ih/4,scale=1:1"
            video = ("-vf", lowest, "-f", "rawvideo", "-pix_fmt", "rgb24")
            assert ffmpeg("-i", body["download_url"], *video, str(out)) == ""
            data = out.read_bytes()
            found = [tuple(data[at : at + 3]) for at in range(0, len(data), 3)]
            return [nearest((red, green, blue)) for red, green, blue in found]

        yield colours


@pytest.fixture
def push(media: Media, film: Path) -> Iterator[Any]:
    """Return what pushes the film with ffmpeg, until the test ends."""
    running = []

    def push(domain: str, app: str, stream: str) -> subprocess.Popen[bytes]:
        address = f"rtmp://127.0.0.1:{media.port}/{domain}/{app}/{stream}"
        command = [FFMPEG, "-nostdin", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(film)]
        running.append(
            subprocess.Popen(
                [*command, "-c", "copy", "-f", "flv", address], stderr=subprocess.DEVNULL
            )
        )
        return running[-1]

    yield push
    for process in running:
        process.kill()
        process.wait()
