"""The emulator takes pushes as a vendor's ingest does, and lets them be played."""

import contextlib
import socket
import struct
from pathlib import Path
from typing import Any

import pytest

from pulumi_livepull.emulator.media import amf, flv, rtmp
from pulumi_livepull.emulator.media.media import Media
from tests.emulator.media.conftest import ADDRESS, ffmpeg

PLACE = "/".join(ADDRESS)
SOON = ("-analyzeduration", "500000")


def test_a_push_of_ffmpeg_is_on_air_and_can_be_played(
    media: Media, push: Any, tmp_path: Path
) -> None:
    """Over RTMP and HTTP-FLV; the output is what was pushed."""
    push(*ADDRESS)
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == "blue"
    still = media.take_picture(*ADDRESS)
    assert still
    assert still.jpeg.startswith(b"\xff\xd8")
    for address in (
        f"rtmp://127.0.0.1:{media.port}/{PLACE}",
        f"http://127.0.0.1:{media.port}/play/{PLACE}.flv",
    ):
        out = tmp_path / "frame.ppm"
        assert ffmpeg(*SOON, "-i", address, "-frames:v", "1", "-pix_fmt", "rgb24", str(out)) == ""
        # The header of a PPM file has three words, then come red, green and blue.
        red, green, blue = out.read_bytes()[-3:]
        assert red < 60
        assert green < 90
        assert blue > 170


def test_a_second_publisher_is_refused(media: Media, push: Any, film: Path) -> None:
    """Until the first has gone."""
    first = push(*ADDRESS)
    media.wait_until(lambda: media.colour(*ADDRESS))
    address = f"rtmp://127.0.0.1:{media.port}/{PLACE}"
    again = ("-i", str(film), "-c", "copy", "-f", "flv", address)
    assert f"{PLACE} is being published already" in ffmpeg(*again)
    first.kill()
    media.wait_until(lambda: not media.show())
    assert ffmpeg(*again) == ""


def test_what_is_not_on_air_cannot_be_played(media: Media) -> None:
    """A player is told so at once."""
    assert "404" in ffmpeg("-i", f"http://127.0.0.1:{media.port}/play/{PLACE}.flv")
    assert media.take_picture(*ADDRESS) is None


NONSENSE = (
    b"",
    b"\x03" + bytes(10),
    b"\x03" + bytes(3072) + b"\xff" * 5000,
    b"\x03" + bytes(3072) + rtmp.pack(rtmp.Message(rtmp.COMMAND, b"\x03" * 400)),
    b"\x03" + bytes(3072) + rtmp.pack_control(rtmp.SET_CHUNK_SIZE, 0),
    b"GET /play/ HTTP/1.1\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\n\r\n",
    b"CONNECT 192.0.2.1:80 HTTP/1.1\r\n\r\n",
)


def test_nonsense_ends_its_own_connection_alone(media: Media, push: Any) -> None:
    """The current publisher continues, and the next client is served."""
    push(*ADDRESS)
    for nonsense in NONSENSE:
        with socket.create_connection(("127.0.0.1", media.port), 10) as connection:
            connection.sendall(nonsense)
            connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                while connection.recv(65536):
                    pass
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == "blue"
    push("push.example.com", "live", "two")
    media.wait_until(lambda: media.colour("push.example.com", "live", "two"))


def test_a_message_survives_any_cut_of_its_bytes() -> None:
    """Chunks are reassembled however the network splits them."""
    messages = [
        rtmp.Message(rtmp.VIDEO, bytes(range(256)) * size, stamp, 1)
        for size, stamp in ((0, 0), (1, 5), (40, 0xFFFFFF), (17, 0xFFFFFFFF), (1, 3))
    ]
    data = b"".join(rtmp.pack(message, size=100) for message in messages)
    data = rtmp.pack_control(rtmp.SET_CHUNK_SIZE, 100) + data
    for step in (1, 7, 5000, len(data)):
        chunks = rtmp.Chunks()
        pieces = [data[at : at + step] for at in range(0, len(data), step)]
        assert [each for piece in pieces for each in chunks.feed(piece)] == messages


def test_amf_reads_what_it_writes_and_refuses_the_rest() -> None:
    """It also refuses values that nest without limit."""
    values = ["publish", 5.0, None, True, {"app": "live", "more": {"level": "status"}}]
    assert amf.decode(amf.encode(*values)) == values
    for wrong in (b"\x02\xff", b"\x07", b"\x0a\xff\xff\xff\xff", b"\x03\0\1a" * 20):
        with pytest.raises(amf.Malformed):
            amf.decode(wrong)


def test_a_tag_is_known_by_what_a_player_needs() -> None:
    """First the codec configuration, then a key frame."""
    setup = flv.Tag(flv.VIDEO, 0, b"\x17\0\0\0\0")
    key = flv.Tag(flv.VIDEO, 40, b"\x17\1\0\0\0")
    between = flv.Tag(flv.VIDEO, 0x1000000, b"\x27\1\0\0\0")
    modern = flv.Tag(flv.VIDEO, 0, struct.pack(">B4s", 0x90, b"hvc1"))
    assert [each.is_setup for each in (setup, key, between, modern)] == [True, False, False, True]
    assert [each.is_key for each in (setup, key, between, modern)] == [False, True, False, False]
    data = flv.header(sound=False, pictures=True)
    data += b"".join(each.pack() for each in (setup, key, between))
    reader = flv.Tags()
    assert [tag for byte in data for tag in reader.feed(bytes([byte]))] == [setup, key, between]
