"""RTMP as bytes: handshake, chunks, messages and commands, without any I/O.

The emulator's ingest and the relays that publish share it.
Source: "Adobe's Real Time Messaging Protocol" 1.0.
"""

import os
import struct
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from pulumi_livepull.emulator.media import amf

VERSION = b"\x03"
HELLO = 1536
"""The length of each of the two blocks of a handshake."""

SET_CHUNK_SIZE, ACKNOWLEDGEMENT, WINDOW, BANDWIDTH = 1, 3, 5, 6
USER_CONTROL, AUDIO, VIDEO, DATA, COMMAND3, COMMAND = 4, 8, 9, 18, 17, 20
PART = 4096
"""The chunk size for sending, after it has been announced."""

WINDOW_BYTES = 2_500_000
LARGEST = 0xFFFFFF
"""The largest accepted chunk; no message can be larger."""

MOST_CHANNELS = 64

CONTROL_CHANNEL, COMMAND_CHANNEL, MEDIA_CHANNEL = 2, 3, 4
LONG_STAMP = 0xFFFFFF


class Broken(ValueError):
    """The data is not RTMP, or is too large."""


@dataclass(frozen=True)
class Message:
    """One message: media, a command, or connection control."""

    kind: int
    body: bytes
    stamp: int = 0
    """Milliseconds."""

    stream: int = 0


@dataclass
class _Channel:
    stamp: int = 0
    step: int = 0
    length: int = 0
    kind: int = 0
    stream: int = 0
    long: bool = False
    body: bytearray = field(default_factory=bytearray)


class Chunks:
    """Assembles messages from chunks."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._size = 128
        self._channels: dict[int, _Channel] = {}
        self._complete: list[Message] = []
        self._reading = self._read()

    def feed(self, data: bytes) -> list[Message]:
        """Add bytes, and return the completed messages. Raises Broken."""
        self._data += data
        next(self._reading)
        complete, self._complete = self._complete, []
        return complete

    def _read(self) -> Generator[None, None, None]:
        while True:
            channel, header = yield from self._read_start()
            if header or not channel.body:
                yield from self._read_header(channel, header)
            elif channel.long:
                yield from self._take(4)
            missing = channel.length - len(channel.body)
            channel.body += yield from self._take(min(self._size, missing))
            if len(channel.body) == channel.length:
                self._finish(channel)

    def _read_start(self) -> Generator[None, None, tuple[_Channel, int]]:
        """Return the channel, and the number of header bytes that follow."""
        (first,) = yield from self._take(1)
        form, number = first >> 6, first & 63
        if number < 2:
            more = yield from self._take(1 + number)
            number = 64 + int.from_bytes(more, "little")
        if number not in self._channels and (form or len(self._channels) >= MOST_CHANNELS):
            raise Broken("a channel begins without a header, or there are too many")
        return self._channels.setdefault(number, _Channel()), (11, 7, 3, 0)[form]

    def _read_header(self, channel: _Channel, size: int) -> Generator[None, None, None]:
        header = yield from self._take(size)
        channel.body.clear()
        if header:
            channel.step = int.from_bytes(header[:3], "big")
            channel.long = channel.step == LONG_STAMP
        if channel.long:
            channel.step = int.from_bytes((yield from self._take(4)), "big")
        if size >= 7:
            channel.length, channel.kind = int.from_bytes(header[3:6], "big"), header[6]
        if size == 11:
            channel.stream = int.from_bytes(header[7:], "little")
        # A full header has an absolute time, a shorter one the difference from the last message.
        before = 0 if size == 11 else channel.stamp
        channel.stamp = (before + channel.step) & 0xFFFFFFFF

    def _take(self, count: int) -> Generator[None, None, bytes]:
        while len(self._data) < count:
            yield
        taken = bytes(self._data[:count])
        del self._data[:count]
        return taken

    def _finish(self, channel: _Channel) -> None:
        message = Message(channel.kind, bytes(channel.body), channel.stamp, channel.stream)
        channel.body.clear()
        if message.kind != SET_CHUNK_SIZE:
            self._complete.append(message)
            return
        self._size = int.from_bytes(message.body[:4], "big") & 0x7FFFFFFF
        if not 1 <= self._size <= LARGEST:
            raise Broken("a chunk size out of range")


def pack(message: Message, channel: int = MEDIA_CHANNEL, size: int = PART) -> bytes:
    """Encode one message in chunks of this size."""
    stamp = message.stamp & 0xFFFFFFFF
    long = struct.pack(">I", stamp) if stamp >= LONG_STAMP else b""
    header = struct.pack(">B", channel) + min(stamp, LONG_STAMP).to_bytes(3, "big")
    header += len(message.body).to_bytes(3, "big") + bytes([message.kind])
    header += struct.pack("<I", message.stream) + long
    parts = [header, message.body[:size]]
    for at in range(size, len(message.body), size):
        parts += [bytes([0xC0 | channel]), long, message.body[at : at + size]]
    return b"".join(parts)


def pack_command(name: str, number: float, *values: Any, stream: int = 0) -> bytes:
    """Encode a command, or an answer to the one with this number."""
    body = amf.encode(name, number, *values)
    return pack(Message(COMMAND, body, stream=stream), COMMAND_CHANNEL)


def pack_status(level: str, code: str, text: str) -> bytes:
    """Encode a status of a stream."""
    said = {"level": level, "code": code, "description": text}
    return pack_command("onStatus", 0, None, said, stream=1)


def pack_control(kind: int, value: int, more: bytes = b"") -> bytes:
    """Encode a connection control message."""
    return pack(Message(kind, struct.pack(">I", value) + more), CONTROL_CHANNEL)


def pack_begin(stream: int) -> bytes:
    """Encode the message that a stream begins, for a player."""
    return pack(Message(USER_CONTROL, struct.pack(">HI", 0, stream)), CONTROL_CHANNEL)


def read_command(message: Message) -> tuple[str, float, list[Any]]:
    """Return the name, number and values of a command. Raises Broken if it is not one."""
    body = message.body[1:] if message.kind == COMMAND3 else message.body
    try:
        match amf.decode(body):
            case [str() as name, float() as number, *values]:
                return name, number, values
            # Some programs omit the number if they need no answer.
            case [str() as name, *values]:
                return name, 0.0, values
    except amf.Malformed as wrong:
        raise Broken(str(wrong)) from None
    raise Broken("a command has no name")


def hello() -> bytes:
    """Return a handshake block: zero time and version, then arbitrary bytes."""
    return bytes(8) + os.urandom(HELLO - 8)
