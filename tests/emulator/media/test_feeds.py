"""What is pulled comes whole, whatever its times."""

from pathlib import Path

from pulumi_livepull.emulator.media import flv
from pulumi_livepull.emulator.media.worker.feeds import open_feed
from pulumi_livepull.emulator.media.worker.output import mux
from tests.emulator.media.conftest import ffmpeg


def test_a_file_whose_times_jump_back_plays_to_its_end(film: Path, tmp_path: Path) -> None:
    """Two that were joined byte by byte, as MPEG-TS may be: pictures and sound go on in step."""
    once, twice = tmp_path / "once.ts", tmp_path / "twice.ts"
    assert ffmpeg("-i", str(film), "-c", "copy", str(once)) == ""
    twice.write_bytes(once.read_bytes() * 2)
    pictures, pieces = (_stamps(twice, kind) for kind in (flv.VIDEO, flv.AUDIO))
    assert len(pictures) == 2 * 60
    for stamps in (pictures, pieces):
        assert stamps == sorted(stamps)
        assert 11_800 < stamps[-1] - stamps[0] < 12_300


def test_a_file_without_all_decoding_times_plays_from_its_start(film: Path, tmp_path: Path) -> None:
    """Matroska has none of the first pictures where others are out of order."""
    file = tmp_path / "film.mkv"
    codec = ("-c:v", "libx264", "-bf", "2", "-g", "20", "-c:a", "copy")
    assert ffmpeg("-i", str(film), *codec, str(file)) == ""
    stamps = _stamps(file, flv.VIDEO)
    assert stamps == sorted(stamps)
    assert len(stamps) == 60


def _stamps(file: Path, kind: int) -> list[int]:
    origin = {"kind": "open", "address": "film", "opens": str(file)}
    feed = open_feed(origin, live=False, start=0, end=None, stall_seconds=5)
    tags = [tag for some, _, _ in mux(feed) for tag in some]
    feed.close()
    return [tag.stamp for tag in tags if tag.kind == kind and not tag.is_setup]
