"""For your own tests: rehearse a channel on an emulator that relays, within a test.

Load the fixture in your `conftest.py`, and use it in a test:

    pytest_plugins = ["pulumi_livepull.testing"]

    def test_the_channel_is_on_air(rehearsal):
        ...  # deploy to `rehearsal.url`
        rehearsal.clock.set(kick_off)
        rehearsal.wait_until(lambda: rehearsal.colour("push.example.com/live/one") == "red")

`rehearsing` is the same without pytest. Both need the extras `emulator` and `relay`. `receiving` is
the receiver of callbacks alone.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeVar

import pytest

from pulumi_livepull.emulator.app import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.media.media import Media, Settings
from pulumi_livepull.emulator.server import running

T = TypeVar("T")


@dataclass(frozen=True)
class Received:
    """One received callback."""

    path: str
    headers: dict[str, str]
    data: bytes
    """The raw body, which the signature covers."""

    @property
    def body(self) -> Any:
        """The body, parsed as JSON."""
        return json.loads(self.data)


@dataclass
class Receiver:
    """A server on this machine that answers every callback with 200 and records it."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    """Received callbacks, oldest first."""

    statuses: list[int] = field(default_factory=list)
    """Statuses of the next answers, instead of 200."""

    before: Callable[[], object] = lambda: None
    """Called before each answer."""

    @property
    def bodies(self) -> list[Any]:
        """The bodies received, parsed as JSON, oldest first."""
        return [each.body for each in self.received]


@dataclass(frozen=True)
class Rehearsal:
    """An emulator that relays, with its media and a receiver of callbacks."""

    emulator: Emulator
    url: str
    """The endpoint for every vendor, for a stack or an SDK."""

    media: Media
    receiver: Receiver

    @property
    def clock(self) -> Clock:
        """The emulator's clock, which decides when tasks begin and end. It runs until a test sets
        it."""
        return self.emulator.clock

    def colour(self, stream: str) -> str | None:
        """Return the colour on air at `domain/app/stream`, or None if nothing is on air."""
        domain, _, rest = stream.partition("/")
        app, _, name = rest.rpartition("/")
        return self.media.colour(domain, app, name)

    def wait_until(self, check: Callable[[], T], seconds: float = 60) -> T:
        """Return the result of `check` as soon as it is true. Raises TimeoutError if it stays
        false."""
        return self.media.wait_until(check, seconds)


@contextmanager
def rehearsing(settings: Settings | None = None) -> Iterator[Rehearsal]:
    """Run an emulator that relays, and a receiver, until the end of the block."""
    emulator = Emulator()
    with (
        receiving() as receiver,
        running(emulator) as url,
        Media(emulator, settings).running() as media,
    ):
        yield Rehearsal(emulator, url, media, receiver)


@pytest.fixture
def rehearsal_settings() -> Settings:
    """Return the settings of `rehearsal`, with a stall of one second. Override it to change
    them."""
    return Settings(stall_seconds=1)


@pytest.fixture
def rehearsal(rehearsal_settings: Settings) -> Iterator[Rehearsal]:
    """Return an emulator that relays, its clock, its media and a receiver of callbacks."""
    with rehearsing(rehearsal_settings) as made:
        yield made


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver of callbacks until the end of the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.before()
            receiver.received.append(Received(self.path, dict(self.headers.items()), data))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            # A redirect has to lead somewhere, and nobody follows it.
            self.send_header("Location", "http://elsewhere.example.com/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/"
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
