"""A push over RTMP: it connects, publishes, and sends tags."""

import select
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pulumi_livepull.emulator.media import flv, rtmp

PATIENCE_SECONDS = 10
SET_DATA = b"\x02\x00\x0d@setDataFrame"


class PushFailed(Exception):
    """The destination refuses the push or is lost. The text says which."""


@dataclass(frozen=True)
class Target:
    """Where to push to."""

    host: str
    port: int
    tcurl: str
    """The address without the name of the stream, as sent to the server."""

    app: str
    stream: str
    """The stream with its query, which may contain a signature."""

    label: str = ""
    """The publisher, for display."""


class Publisher:
    """A push that the destination has accepted."""

    def __init__(self, target: Target) -> None:
        self._chunks = rtmp.Chunks()
        try:
            self._socket = socket.create_connection((target.host, target.port), PATIENCE_SECONDS)
        except OSError as wrong:
            raise PushFailed(f"cannot connect: {wrong.strerror or wrong}") from None
        try:
            self._begin(target)
        except (OSError, rtmp.Broken) as wrong:
            self.close()
            raise PushFailed(f"the connection broke: {wrong or 'it was closed'}") from None
        except PushFailed:
            self.close()
            raise

    def send(self, tags: Iterable[flv.Tag]) -> None:
        """Send tags. Raises PushFailed if the destination is lost or refuses."""
        data = b"".join(map(_pack, tags))
        try:
            while select.select([self._socket], [], [], 0)[0]:
                self._hear()
            self._socket.sendall(data)
        except (OSError, rtmp.Broken) as wrong:
            raise PushFailed(f"the connection broke: {wrong}") from None

    def close(self) -> None:
        """End the push."""
        self._socket.close()

    def _begin(self, target: Target) -> None:
        theirs = self._shake_hands()
        self._socket.sendall(theirs)
        asked = {
            "app": target.app,
            "type": "nonprivate",
            "flashVer": target.label or "livepull",
            "tcUrl": target.tcurl,
        }
        self._socket.sendall(
            rtmp.pack_control(rtmp.SET_CHUNK_SIZE, rtmp.PART)
            + rtmp.pack_command("connect", 1, asked)
        )
        self._await("_result", 1)
        self._socket.sendall(
            rtmp.pack_command("releaseStream", 2, None, target.stream)
            + rtmp.pack_command("FCPublish", 3, None, target.stream)
            + rtmp.pack_command("createStream", 4, None)
        )
        self._await("_result", 4)
        self._socket.sendall(rtmp.pack_command("publish", 5, None, target.stream, "live", stream=1))
        self._await("onStatus", None)

    def _shake_hands(self) -> bytes:
        self._socket.sendall(rtmp.VERSION + rtmp.hello())
        answer = b""
        while len(answer) < 1 + 2 * rtmp.HELLO:
            data = self._socket.recv(1 + 2 * rtmp.HELLO - len(answer))
            if not data:
                raise ConnectionError("it was closed")
            answer += data
        return answer[1 : 1 + rtmp.HELLO]

    def _await(self, name: str, number: float | None) -> None:
        while True:
            for said, about, _ in self._hear():
                if said == name and number in (None, about):
                    return

    def _hear(self) -> list[tuple[str, float, list[Any]]]:
        """Return the received commands. Raises PushFailed for a refusal."""
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("it was closed")
        commands = [
            rtmp.read_command(message)
            for message in self._chunks.feed(data)
            if message.kind in (rtmp.COMMAND, rtmp.COMMAND3)
        ]
        for said, number, values in commands:
            status: dict[str, Any] = next((each for each in values if isinstance(each, dict)), {})
            fatal = said == "_error" and number in (1, 4)
            if fatal or status.get("level") == "error":
                why = status.get("description") or status.get("code") or "no reason given"
                raise PushFailed(f"refused: {why}")
        return commands


def _pack(tag: flv.Tag) -> bytes:
    body = SET_DATA + tag.body if tag.kind == flv.DATA else tag.body
    return rtmp.pack(rtmp.Message(tag.kind, body, tag.stamp, 1))
