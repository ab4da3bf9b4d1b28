"""A proxy for the HTTP pulls of relays. It opens only allowed addresses.

A demuxer follows redirects and opens the segments of playlists by itself, without any check of
their addresses. Everything that it opens over HTTP or HTTPS goes through this proxy.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

PATIENCE_SECONDS = 10
NO = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
LOST = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
YES = b"HTTP/1.1 200 Connection established\r\n\r\n"


async def serve(
    head: bytes,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    may_open: Callable[[str], bool],
) -> None:
    """Handle one request, whose head has been read, until either side ends."""
    line, _, headers = head.partition(b"\r\n")
    method, target, *_ = (*line.decode("latin-1").split(" "), "", "")
    address = urlsplit(f"//{target}" if method == "CONNECT" else target)
    if not address.hostname or not may_open(address.hostname):
        writer.write(NO)
        return
    port = address.port or 80
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            there, back = await asyncio.open_connection(address.hostname, port)
    except (OSError, TimeoutError):
        writer.write(LOST)
        return
    if method == "CONNECT":
        writer.write(YES)
    else:
        back.write(_plain(method, address.path or "/", address.query, headers))
    try:
        await _carry_both(reader, back, there, writer)
    finally:
        back.close()


def _plain(method: str, path: str, query: str, headers: bytes) -> bytes:
    """Rewrite the request for the server, for a single exchange."""
    kept = [
        line
        for line in headers.split(b"\r\n")
        if line and not line.lower().startswith((b"connection:", b"proxy-"))
    ]
    target = f"{path}?{query}" if query else path
    first = f"{method} {target} HTTP/1.1".encode("latin-1")
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


async def _carry_both(
    reader: asyncio.StreamReader,
    back: asyncio.StreamWriter,
    there: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    ways = [
        asyncio.create_task(_carry(reader, back)),
        asyncio.create_task(_carry(there, writer)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
