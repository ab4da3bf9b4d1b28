"""AMF0, the encoding of RTMP commands: numbers, texts, booleans, null, and maps of these.

Source: "Action Message Format -- AMF 0" by Adobe.
"""

import struct
from typing import Any

NUMBER, BOOLEAN, STRING, OBJECT, NULL, UNDEFINED = 0, 1, 2, 3, 5, 6
MAP, END, LIST, DATE, LONG_STRING = 8, 9, 10, 11, 12
DEEPEST = 8


class Malformed(ValueError):
    """The bytes are not AMF0, or are nested too deeply."""


def encode(*values: Any) -> bytes:
    """Encode values one after another."""
    return b"".join(_encode(value) for value in values)


def decode(data: bytes) -> list[Any]:
    """Decode values until the end. Raises Malformed."""
    reader = _Reader(data)
    values = []
    try:
        while reader.at < len(data):
            values.append(reader.value(0))
    except (struct.error, IndexError):
        raise Malformed("AMF0 is cut short") from None
    return values


def _encode(value: Any) -> bytes:
    match value:
        case None:
            return bytes([NULL])
        case bool():
            return bytes([BOOLEAN, value])
        case int() | float():
            return struct.pack(">Bd", NUMBER, value)
        case str():
            return bytes([STRING]) + _name(value)
        case dict():
            inside = b"".join(_name(name) + _encode(part) for name, part in value.items())
            return bytes([OBJECT]) + inside + b"\0\0\x09"
    raise TypeError(f"no AMF0 for {type(value).__name__}")


def _name(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise Malformed("AMF0 nests too deep")
        kind = self.take("B")
        match kind:
            case 0 | 11:  # a number, or a date, which has its zone behind it
                number = self.take("d")
                self.at += 2 if kind == DATE else 0
                return number
            case 1:
                return bool(self.take("B"))
            case 2 | 12:
                return self.text("H" if kind == STRING else "I")
            case 3 | 8:
                self.at += 4 if kind == MAP else 0
                return self.map(depth)
            case 5 | 6:
                return None
            case 10:
                # Each value takes at least one byte, so the data limits the count.
                return [self.value(depth + 1) for _ in range(self.take("I"))]
        raise Malformed(f"AMF0 has no type {kind}")

    def take(self, form: str) -> Any:
        (value,) = struct.unpack_from(f">{form}", self.data, self.at)
        self.at += struct.calcsize(f">{form}")
        return value

    def text(self, size: str) -> str:
        length = self.take(size)
        text = self.data[self.at : self.at + length].decode(errors="replace")
        self.at += length
        return text

    def map(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while True:
            name = self.text("H")
            if not name and self.data[self.at] == END:
                self.at += 1
                return found
            found[name] = self.value(depth + 1)
