"""FLV: the tags in RTMP and HTTP-FLV.

Source: "Adobe Flash Video File Format Specification" 10.1, annex E; and Enhanced RTMP for newer
codecs, such as HEVC.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

AUDIO, VIDEO, DATA = 8, 9, 18
ENHANCED, AAC = 9, 10
"""Two formats of sound."""

HEADER_SIZE = 13


def header(*, sound: bool, pictures: bool) -> bytes:
    """Return the header of a file with these."""
    return b"FLV\x01" + bytes([4 * sound + pictures]) + b"\0\0\0\x09" + bytes(4)


@dataclass(frozen=True)
class Tag:
    """A video frame, audio or metadata. Its time is in milliseconds."""

    kind: int
    stamp: int
    body: bytes

    @property
    def is_setup(self) -> bool:
        """Whether it configures a decoder."""
        if self.kind == VIDEO and self.body[:1]:
            first = self.body[0]
            if first & 0x80:
                return first & 15 == 0
            return first & 15 == 7 and self.body[1:2] == b"\0"
        if self.kind == AUDIO and self.body[:1]:
            form, first = self.body[0] >> 4, self.body[0] & 15
            # AAC has its own second byte; in what came later, such as Opus, the first one says it.
            return self.body[1:2] == b"\0" if form == AAC else form == ENHANCED and first == 0
        return False

    @property
    def codec(self) -> bytes:
        """What pictures are encoded with, as a number or in four letters."""
        if self.body[:1] >= b"\x80":
            return self.body[1:5]
        return bytes([self.body[0] & 15]) if self.body else b""

    @property
    def is_key(self) -> bool:
        """Whether it is a key frame."""
        return (
            self.kind == VIDEO
            and bool(self.body)
            and (self.body[0] >> 4) & 7 == 1
            and not self.is_setup
        )

    def pack(self) -> bytes:
        """Encode it as FLV."""
        stamp = self.stamp & 0xFFFFFFFF
        head = bytes([self.kind]) + len(self.body).to_bytes(3, "big")
        head += (stamp & 0xFFFFFF).to_bytes(3, "big") + bytes([stamp >> 24]) + bytes(3)
        return head + self.body + struct.pack(">I", 11 + len(self.body))


class Tags:
    """Parses the bytes of one FLV file incrementally."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[Tag]:
        """Add bytes, and yield each completed tag."""
        self._data += data
        if not self._begun and len(self._data) >= HEADER_SIZE:
            del self._data[:HEADER_SIZE]
            self._begun = True
        while self._begun and len(self._data) >= 11:
            length = int.from_bytes(self._data[1:4], "big")
            if len(self._data) < 15 + length:
                return
            stamp = int.from_bytes(self._data[4:7], "big") | self._data[7] << 24
            yield Tag(self._data[0] & 31, stamp, bytes(self._data[11 : 11 + length]))
            del self._data[: 15 + length]
