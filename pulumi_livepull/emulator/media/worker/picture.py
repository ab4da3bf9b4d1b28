"""The test picture for a source: its address, a running clock, a colour and a tone."""

import math
import zlib
from array import array
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.container import OutputContainer

from pulumi_livepull.emulator.media.colours import colour_of, to_yuv

WIDTH, HEIGHT, RATE = 320, 180, 5
SOUND_RATE, SOUND_FRAME = 22_050, 1024
STEADY_FRAMES = 8
# Three by five dots; each row has three bits.
DOTS = {
    "0": 0o75557,
    "1": 0o26227,
    "2": 0o71747,
    "3": 0o71717,
    "4": 0o55711,
    "5": 0o74717,
    "6": 0o74757,
    "7": 0o71111,
    "8": 0o75757,
    "9": 0o75717,
    ":": 0o02020,
    ".": 0o00002,
    "A": 0o25755,
    "B": 0o65656,
    "C": 0o34443,
    "D": 0o65556,
    "E": 0o74647,
    "F": 0o74644,
    "G": 0o34553,
    "H": 0o55755,
    "I": 0o72227,
    "J": 0o11152,
    "K": 0o55655,
    "L": 0o44447,
    "M": 0o57755,
    "N": 0o65555,
    "O": 0o25552,
    "P": 0o65644,
    "Q": 0o25563,
    "R": 0o65655,
    "S": 0o34216,
    "T": 0o72222,
    "U": 0o55557,
    "V": 0o55522,
    "W": 0o55775,
    "X": 0o55255,
    "Y": 0o55222,
    "Z": 0o71247,
    "-": 0o00700,
    "_": 0o00007,
    "/": 0o11244,
    "?": 0o71202,
}


class Picture:
    """Encoded frames and sound of one source. A live source never ends."""

    def __init__(self, address: str, *, start: float = 0, length: float | None = None) -> None:
        self.length = length
        self._at = round(start * RATE)
        self._luma, self._colours = to_yuv(colour_of(address))
        self._drawn: dict[tuple[str, int], list[bytes]] = {}
        self._encoded = b""
        self._base = bytearray([self._luma]) * (WIDTH * HEIGHT)
        text = address.partition("://")[2].partition("?")[0] or address
        for line in range(0, min(len(text), 75), 25):
            self._write(self._base, text[line : line + 25], 10, 10 + line, size=3)
        # An integer number of waves per frame, so that all frames are the same.
        waves = 8 + zlib.crc32(address.encode()) % 8
        self._tone = array(
            "f", (math.sin(2 * math.pi * waves * n / SOUND_FRAME) / 8 for n in range(SOUND_FRAME))
        ).tobytes()

    def attach(self, out: OutputContainer) -> None:
        """Add the streams of the packets."""
        video: Any = out.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.gop_size = RATE
        video.options = {"preset": "ultrafast", "tune": "zerolatency", "threads": "1"}
        sound: Any = out.add_stream("aac", rate=SOUND_RATE, layout="mono")
        sound.bit_rate = 32_000
        self._video, self._sound = video, sound

    def packets(self) -> Iterator[tuple[Any, float, float]]:
        """Yield packets, each with its time and position in the source, in seconds."""
        sounds = 0
        for number in range(10**9):
            place = (self._at + number) / RATE
            if self.length is not None and place >= self.length:
                return
            time = number / RATE
            for packet in self._video.encode(self._frame(number, place)):
                yield packet, time, place
            while sounds * SOUND_FRAME / SOUND_RATE < time:
                yield self._sound_packet(sounds), time, place
                sounds += 1

    def close(self) -> None:
        """Do nothing."""

    def _frame(self, number: int, place: float) -> av.VideoFrame:
        luma = bytearray(self._base)
        hours, rest = divmod(int(place), 3600)
        clock = f"{hours:02}:{rest // 60:02}:{rest % 60:02}.{round(place * 10) % 10}"
        self._write(luma, clock, 40, 90, size=6)
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        frame.planes[0].update(bytes(luma))
        for plane, value in zip(frame.planes[1:], self._colours, strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.pts = number
        return frame

    def _sound_packet(self, number: int) -> Any:
        """The tone. It is encoded once, because after a few frames all are the same."""
        while not self._encoded:
            packets = [
                packet
                for at in range(STEADY_FRAMES)
                for packet in self._sound.encode(self._sound_frame(at))
            ]
            self._encoded = bytes(packets[-1])
        packet = av.Packet(self._encoded)
        packet.stream = self._sound
        packet.time_base = Fraction(1, SOUND_RATE)
        packet.pts = packet.dts = number * SOUND_FRAME
        packet.is_keyframe = True
        return packet

    def _sound_frame(self, number: int) -> av.AudioFrame:
        frame = av.AudioFrame(format="fltp", layout="mono", samples=SOUND_FRAME)
        frame.sample_rate = SOUND_RATE
        frame.planes[0].update(self._tone)
        frame.pts = number * SOUND_FRAME
        return frame

    def _write(self, luma: bytearray, text: str, x: int, y: int, *, size: int) -> None:
        letters = [self._draw(letter, size) for letter in text.upper()]
        for row in range(5 * size):
            line = b"".join(letter[row // size] for letter in letters)
            begin = (y + row) * WIDTH + x
            luma[begin : begin + len(line)] = line

    def _draw(self, letter: str, size: int) -> list[bytes]:
        """Five rows of one letter, and the gap after it."""
        if (letter, size) not in self._drawn:
            ink, ground = bytes([16 if self._luma > 128 else 235]), bytes([self._luma])
            dots = DOTS.get(letter, DOTS["?"] if letter != " " else 0)
            self._drawn[letter, size] = [
                b"".join(
                    (ink if dots >> (14 - 3 * row - dot) & 1 else ground) * size for dot in range(3)
                )
                + ground * size
                for row in range(5)
            ]
        return self._drawn[letter, size]
