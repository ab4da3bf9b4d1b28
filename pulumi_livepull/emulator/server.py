"""Serve the emulator over HTTP, for clients in other processes such as the Pulumi CLI."""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

from waitress import create_server, wasyncore  # type: ignore[import-untyped]

from pulumi_livepull.emulator.app import Emulator

LOOPBACK = "127.0.0.1"

THREADS = 16
"""Concurrent requests. Further ones wait; Waitress would log a warning each time."""


def serve(
    emulator: Emulator,
    host: str = LOOPBACK,
    port: int = 8080,
    *,
    announce: Callable[[str], object] = print,
) -> None:
    """Serve until interrupted. `announce` is called with the URL when the server is ready."""
    with suppress(KeyboardInterrupt), running(emulator, port, host) as url:
        announce(url)
        Event().wait()


@contextmanager
def running(emulator: Emulator, port: int = 0, host: str = LOOPBACK) -> Iterator[str]:
    """Serve from a thread and yield the URL. Port 0 picks a free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    url = _url(listener)
    connections: dict[int, Any] = {}
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(emulator.app, map=connections, sockets=[listener], threads=THREADS)
    stopping = Event()
    thread = Thread(target=_loop, args=(connections, stopping), name="livepull-emulator")
    thread.start()
    try:
        yield url
    finally:
        stopping.set()
        server.pull_trigger()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(connections)


def _loop(connections: dict[int, Any], stopping: Event) -> None:
    # Waitress's own loop ends only with an exception in its thread.
    while not stopping.is_set():
        wasyncore.loop(timeout=1, map=connections, count=1)


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
