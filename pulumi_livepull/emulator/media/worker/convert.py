"""Convert streams from the ingest: recordings in other formats, and still pictures."""

import io
import struct
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, BinaryIO

import av
from av.error import FFmpegError

MOST_BYTES = 64 * 1024 * 1024
OPTIONS = {
    "mp4": {"movflags": "faststart"},
    "hls": {"hls_time": "4", "hls_list_size": "0", "hls_playlist_type": "vod"},
    "live": {
        "hls_time": "1",
        "hls_list_size": "5",
        "hls_segment_type": "fmp4",
        "hls_flags": "delete_segments+temp_file",
    },
    "flv": {},
}
MUXERS = {"live": "hls"}


def convert(job: Mapping[str, Any]) -> dict[str, Any]:
    """Convert an FLV file to another format, and return the properties of the new file, or
    `error`."""
    # For a live file, its first tags declare its streams.
    options = {"analyzeduration": "300000"} if job["format"] == "live" else {}
    muxer = MUXERS.get(job["format"], job["format"])
    try:
        with (
            av.open(job["from"], format="flv", options=options) as source,
            av.open(job["to"], "w", format=muxer, options=OPTIONS[job["format"]]) as out,
        ):
            video = source.streams.video[0]
            chosen = [video, *source.streams.audio[:1]]
            streams: Any = {each.index: out.add_stream_from_template(each) for each in chosen}
            begin, end = None, 0.0
            last: dict[int, int] = {}
            for packet in source.demux(chosen):
                if packet.dts is None or packet.time_base is None or packet.pts is None:
                    continue
                # A muxer refuses decreasing times, which may occur where one source follows
                # another.
                if packet.dts <= last.get(packet.stream_index, packet.dts - 1):
                    continue
                last[packet.stream_index] = packet.dts
                moment = float(packet.pts * packet.time_base)
                begin = moment if begin is None else begin
                end = max(end, moment)
                packet.stream = streams[packet.stream_index]
                out.mux_one(packet)
            return {
                "duration": end - (begin or 0.0),
                "width": video.codec_context.width,
                "height": video.codec_context.height,
            }
    except (FFmpegError, OSError, ValueError, IndexError) as wrong:
        return {"error": str(wrong)}


def serve_pictures(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each received FLV file with the result of `take_picture`."""
    while (size := _read_size(requests)) is not None:
        picture = take_picture(requests.read(size))
        answers.write(struct.pack(">I", len(picture)) + picture)
        answers.flush()


def take_picture(data: bytes) -> bytes:
    """Return the colour of the last picture in three bytes, followed by a JPEG of it, or
    nothing."""
    frame: Any = None
    try:
        with av.open(io.BytesIO(data), "r", format="flv") as source:
            for frame in source.decode(video=0):  # noqa: B007
                pass
    except (FFmpegError, ValueError, IndexError):
        pass
    return b"" if frame is None else _colour(frame) + _draw(frame)


def _colour(frame: Any) -> bytes:
    """Return the mean colour of the lowest quarter, where a test picture has no text."""
    small = frame.reformat(width=8, height=8, format="rgb24", interpolation="AREA").planes[0]
    rows = b"".join(bytes(small)[row * small.line_size :][:24] for row in (6, 7))
    return bytes(sum(rows[part::3]) // 16 for part in range(3))


def _draw(frame: Any) -> bytes:
    encoder: Any = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height = frame.width, frame.height
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    still = frame.reformat(format="yuvj420p")
    still.pts = 0
    return b"".join(bytes(packet) for packet in (*encoder.encode(still), *encoder.encode(None)))


def _read_size(requests: BinaryIO) -> int | None:
    head = requests.read(4)
    if len(head) < 4:
        return None
    (size,) = struct.unpack(">I", head)
    return size if size <= MOST_BYTES else None
