"""The emulator's ingest: accepts RTMP pushes, and serves RTMP, HTTP-FLV and a proxy.

They share one port: RTMP begins with the byte 3, and HTTP with a letter.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pulumi_livepull.emulator.media import flv, proxy, rtmp
from pulumi_livepull.emulator.media.addresses import is_loopback
from pulumi_livepull.emulator.media.flv import Tag
from pulumi_livepull.emulator.media.streams import Name, Refused, Stream, Streams

LOOPBACK = "127.0.0.1"
PATIENCE_SECONDS = 10
"""Time limit for a handshake, and for a player to accept data."""

SOON_SECONDS = 0.05
LONGEST_PROGRAM = 80
"""Maximum length of the name that a pushing program gives itself."""

MOST_CONNECTIONS = 512
READ = 65536
RANGE = re.compile(r"(?i)\r\nRange: *bytes=(\d+)-(\d*)\r\n")
TYPES = {
    ".mp4": "video/mp4",
    ".flv": "video/x-flv",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".ts": "video/mp2t",
}
KINDS = {rtmp.AUDIO, rtmp.VIDEO}
ENDS = {"deleteStream", "FCUnpublish", "closeStream"}


class Ingest:
    """The server. It listens on loopback only."""

    def __init__(self, streams: Streams, may_pull: Callable[[str], bool]) -> None:
        self.streams = streams
        self.port = 0
        self.find_file: Callable[[str], Path | None] = lambda path: None
        """Returns the file for a path below `/recordings/`."""

        self._may_pull = may_pull
        self._connections: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[None]:
        """Listen. Port 0 picks a free port."""
        server = await asyncio.start_server(self._accept, LOOPBACK, port, limit=READ)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for task in self._connections:
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= MOST_CONNECTIONS:
            writer.close()
            return
        self._connections.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
                await self._serve(reader, writer)
        except asyncio.CancelledError:
            # The server is ending; do not report it to the loop again.
            pass
        finally:
            self._connections.discard(task)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            first = await reader.readexactly(1)
        if first == rtmp.VERSION:
            await Session(self.streams, reader, writer).run()
            return
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = first + await reader.readuntil(b"\r\n\r\n")
        method, _, rest = head.decode("latin-1").partition(" ")
        target = rest.partition(" ")[0]
        if method == "GET" and target.startswith("/play/"):
            await self._serve_flv(urlsplit(target).path, writer)
        elif method in ("GET", "HEAD") and target.startswith("/recordings/"):
            await self._serve_file(method, urlsplit(target).path, rest, writer)
        else:
            await proxy.serve(head, reader, writer, self._may_pull)

    async def _serve_flv(self, path: str, writer: asyncio.StreamWriter) -> None:
        parts = [unquote(part) for part in path.removesuffix(".flv").split("/")[2:]]
        try:
            if len(parts) < 3:
                raise Refused("", "no such stream")
            stream = self.streams.play(Name(parts[0], "/".join(parts[1:-1]), parts[-1]))
        except Refused:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        head = "HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + stream.header())
        await send(stream, writer, Tag.pack)

    async def _serve_file(
        self, method: str, path: str, head: str, writer: asyncio.StreamWriter
    ) -> None:
        file = self.find_file(unquote(path.removeprefix("/recordings/")))
        if file is None or not file.is_file():
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        size = file.stat().st_size
        asked = RANGE.search(head)
        first = min(int(asked[1]), size) if asked else 0
        last = min(int(asked[2] or size), size - 1) if asked else size - 1
        status = "206 Partial Content" if asked else "200 OK"
        lines = [
            f"HTTP/1.1 {status}",
            f"Content-Type: {TYPES.get(file.suffix, 'application/octet-stream')}",
            f"Content-Length: {last - first + 1}",
            "Accept-Ranges: bytes",
            *([f"Content-Range: bytes {first}-{last}/{size}"] if asked else []),
            "Connection: close",
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        with file.open("rb") as data:
            data.seek(first)
            left = last - first + 1 if method == "GET" else 0
            while left > 0 and (part := data.read(min(READ, left))):
                left -= len(part)
                writer.write(part)
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await writer.drain()


async def send(stream: Stream, writer: asyncio.StreamWriter, pack: Callable[[Tag], bytes]) -> None:
    """Send a stream to a player until one of them ends."""
    player = stream.join()
    try:
        while (tags := await player.take()) and not writer.is_closing():
            writer.write(b"".join(map(pack, tags)))
            if writer.transport.get_write_buffer_size() > READ:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await writer.drain()
            # Larger writes are cheaper.
            await asyncio.sleep(SOON_SECONDS)
    finally:
        stream.leave(player)


class Session:
    """One RTMP connection: a publisher or a player."""

    def __init__(
        self, streams: Streams, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._streams, self._reader, self._writer = streams, reader, writer
        self._chunks = rtmp.Chunks()
        self._host = self._app = self._program = ""
        self._published: Stream | None = None
        self._playing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve until the connection ends."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._shake_hands()
            received = acknowledged = 0
            while data := await self._reader.read(READ):
                for message in self._chunks.feed(data):
                    await self._take(message)
                received += len(data)
                if received - acknowledged > rtmp.WINDOW_BYTES // 2:
                    acknowledged = received
                    self._writer.write(
                        rtmp.pack_control(rtmp.ACKNOWLEDGEMENT, received & 0xFFFFFFFF)
                    )
                await self._writer.drain()
        finally:
            self._end()
            if self._playing:
                self._playing.cancel()

    async def _shake_hands(self) -> None:
        theirs = await self._reader.readexactly(rtmp.HELLO)
        self._writer.write(rtmp.VERSION + rtmp.hello() + theirs)
        await self._reader.readexactly(rtmp.HELLO)

    async def _take(self, message: rtmp.Message) -> None:
        if message.kind in (rtmp.COMMAND, rtmp.COMMAND3):
            await self._obey(*rtmp.read_command(message))
        elif self._published and message.kind in KINDS:
            self._published.add(Tag(message.kind, message.stamp, message.body))
        elif self._published and message.kind == rtmp.DATA:
            # Remove the publisher's `@setDataFrame`, which is not for players.
            body = message.body.removeprefix(b"\x02\x00\x0d@setDataFrame")
            self._published.add(Tag(flv.DATA, message.stamp, body))

    async def _obey(self, command: str, number: float, values: list[Any]) -> None:
        texts = [value for value in values if isinstance(value, str)]
        write = self._writer.write
        if command == "connect":
            self._connect(number, values)
        elif command in ("createStream", "releaseStream"):
            write(rtmp.pack_command("_result", number, None, 1 if command[0] == "c" else None))
        elif command in ("publish", "play"):
            name, _, query = (texts or [""])[0].partition("?")
            try:
                self._publish(name, query) if command == "publish" else self._play(name)
            except Refused as refused:
                write(rtmp.pack_status("error", refused.code, str(refused)))
                await self._writer.drain()
                self._writer.close()
        elif command in ENDS:
            self._end()

    def _connect(self, number: float, values: list[Any]) -> None:
        asked = values[0] if values and isinstance(values[0], dict) else {}
        address = urlsplit(str(asked.get("tcUrl", "")))
        self._program = str(asked.get("flashVer", ""))[:LONGEST_PROGRAM]
        self._host, self._app = address.hostname or "", str(asked.get("app", "")).split("?")[0]
        self._writer.write(
            rtmp.pack_control(rtmp.WINDOW, rtmp.WINDOW_BYTES)
            + rtmp.pack_control(rtmp.BANDWIDTH, rtmp.WINDOW_BYTES, b"\x02")
            + rtmp.pack_control(rtmp.SET_CHUNK_SIZE, rtmp.PART)
            + rtmp.pack_command(
                "_result",
                number,
                {"fmsVer": "FMS/3,0,1,123", "capabilities": 31},
                {
                    "level": "status",
                    "code": "NetConnection.Connect.Success",
                    "description": "Connected",
                    "objectEncoding": 0,
                },
            )
        )

    def _name(self, stream: str) -> Name:
        """Return the stream that is meant. For an address of this machine, the path begins with a
        domain."""
        if not is_loopback(self._host):
            return Name(self._host, self._app.strip("/"), stream)
        domain, _, app = self._app.strip("/").partition("/")
        return Name(domain, app, stream)

    def _publish(self, stream: str, query: str) -> None:
        name = self._name(stream)
        if not all(name) or self._published:
            raise Refused(
                "NetStream.Publish.BadName",
                "push to rtmp://127.0.0.1:<port>/<domain>/<app>/<stream>",
            )
        peer = self._writer.get_extra_info("peername")
        publisher = f"{self._program or 'someone'} at {peer[0]}:{peer[1]}"
        self._published = self._streams.publish(name, query, publisher)
        self._writer.write(
            rtmp.pack_begin(1)
            + rtmp.pack_status("status", "NetStream.Publish.Start", f"{name} is on air")
        )

    def _play(self, stream: str) -> None:
        found = self._streams.play(self._name(stream))
        self._writer.write(
            rtmp.pack_begin(1)
            + rtmp.pack_status("status", "NetStream.Play.Reset", "")
            + rtmp.pack_status("status", "NetStream.Play.Start", f"{found.name} is on air")
        )
        self._playing = asyncio.create_task(self._send(found))

    async def _send(self, stream: Stream) -> None:
        with suppress(OSError, TimeoutError):
            await send(stream, self._writer, _pack_message)
        self._writer.close()

    def _end(self) -> None:
        if self._published:
            self._streams.end(self._published)
            self._published = None


def _pack_message(tag: Tag) -> bytes:
    return rtmp.pack(rtmp.Message(tag.kind, tag.body, tag.stamp, 1))
