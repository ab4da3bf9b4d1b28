"""Deliver callbacks to receivers on this machine, with the vendors' retries.

Without relays, nothing is recorded, so a test triggers the events of a recording. Each vendor's
`recording` module defines the receivers, the body and the signature of a callback.
"""

import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.journal import without_query
from pulumi_livepull.emulator.state import Thing

LASTED = timedelta(minutes=1)
"""The length of a simulated recording, which ends now."""

SIZE = 1_048_576
VALID = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a recording."""

    name: str
    """Its path in the storage of recordings: app, stream and a unique name."""

    url: str
    size: int
    began: datetime
    lasted: timedelta
    format: str
    """`flv`, `mp4` or `hls`."""

    width: int
    height: int

    @property
    def ended(self) -> datetime:
        """When it ended."""
        return self.began + self.lasted


@dataclass(frozen=True)
class Recording:
    """An event of the recording of one stream, with the vendor's name."""

    domain: str
    app: str
    stream: str
    event: str
    vhost: str
    """Volcengine's domain space."""

    file: File | None = None
    """The recorded file, if there is one."""

    def file_at(self, now: datetime, name: str) -> File:
        """Return the recorded file, or a simulated one with this name."""
        return self.file or File(
            name=name,
            url=f"https://recordings.obs.example.com/{name}",
            size=SIZE,
            began=now - LASTED,
            lasted=LASTED,
            format=name.rpartition(".")[2].replace("m3u8", "hls"),
            width=1280,
            height=720,
        )


class Letter(NamedTuple):
    """One request: a JSON body and the headers besides the content type."""

    body: Thing
    headers: dict[str, str]


class Notice(NamedTuple):
    """A callback for one receiver. Each attempt gets a new body and signature."""

    url: str
    write: Callable[[datetime], Letter]
    event: str = ""
    """The vendor's name of the event, for a callback about a task."""


@dataclass(frozen=True)
class Delivery:
    """One callback to one receiver, with the answer to each attempt."""

    time: str
    vendor: str
    domain: str
    app: str
    stream: str
    event: str
    url: str
    """Without its query."""

    attempts: tuple[int | str, ...]
    """The HTTP status of each answer, or the error."""

    delivered: bool


@dataclass(frozen=True, kw_only=True)
class Sender:
    """How one vendor sends its recording callbacks."""

    vendor: str

    events: tuple[str, ...] | None
    """The possible events; `None` if no page lists them."""

    event: str
    """The default event: a file is finished."""

    find: Callable[[Any, Recording], Iterator[Notice]]
    """Yields a notice for each receiver that the vendor's state names."""

    begun: tuple[str, ...] = ()
    """The events at the start of a recording."""

    over: tuple[str, ...] = ()
    """The events at its end, when the stream ends."""

    timeout_seconds: float
    retries: int = 0
    pause_seconds: float = 0


class Deliveries:
    """Sends callbacks, and keeps the last 1000 deliveries, oldest first, without keys.

    `wait` is called with the seconds between two attempts. A test can replace it by one that does
    not sleep.
    """

    def __init__(self, clock: Clock) -> None:
        self.wait: Callable[[float], object] = time.sleep
        self._clock = clock
        self._done: deque[Delivery] = deque(maxlen=1000)

    def plan(self, sender: Sender, state: object, recording: Recording) -> list[Notice]:
        """Return the notices to send. Raises ValueError for an address that is not on this
        machine."""
        if not (recording.domain and recording.app and recording.stream):
            raise ValueError("domain, app and stream must not be empty")
        if sender.events and recording.event not in sender.events:
            known = ", ".join(sender.events)
            raise ValueError(f"{sender.vendor} has no event {recording.event!r}; known: {known}")
        notices = [notice for notice in sender.find(state, recording) if notice.url]
        for notice in notices:
            _address(notice.url)
        return notices

    def send(
        self, sender: Sender, recording: Recording, notices: Sequence[Notice]
    ) -> list[Delivery]:
        """Send them one by one. Returns when each was answered with 200 or after its last
        attempt."""
        done = [self._deliver(sender, recording, notice) for notice in notices]
        self._done.extend(done)
        return done

    def send_task(self, sender: Sender, target: str, notice: Notice) -> Delivery:
        """Send a callback about a task that pushes to this address."""
        parts = urlsplit(target)
        app, _, stream = parts.path.strip("/").rpartition("/")
        host = parts.hostname or ""
        about = Recording(host, app, stream, notice.event, vhost=host)
        (done,) = self.send(sender, about, [notice])
        return done

    def clear(self) -> None:
        """Forget all deliveries."""
        self._done.clear()

    def __iter__(self) -> Iterator[Delivery]:
        return iter(list(self._done))

    def _deliver(self, sender: Sender, recording: Recording, notice: Notice) -> Delivery:
        attempts: list[int | str] = []
        while attempts[-1:] != [200] and len(attempts) <= sender.retries:
            if attempts:
                self.wait(sender.pause_seconds)
            letter = notice.write(self._clock.now())
            try:
                attempts.append(_post(notice.url, letter, sender.timeout_seconds))
            except ValueError:
                attempts.append("not on this machine")
                break
        return Delivery(
            time=self._clock.now().isoformat(timespec="seconds"),
            vendor=sender.vendor,
            domain=recording.domain,
            app=recording.app,
            stream=recording.stream,
            event=recording.event,
            url=without_query(notice.url),
            attempts=tuple(attempts),
            delivered=attempts[-1] == 200,
        )


def _post(url: str, letter: Letter, timeout_seconds: float) -> int | str:
    """The status of the answer, or the error. It follows no redirect and uses no proxy."""
    parts = urlsplit(url)
    host, port = _address(url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    headers = {
        "Host": parts.netloc.rpartition("@")[2],
        "Content-Type": "application/json",
        **letter.headers,
    }
    try:
        with closing(HTTPConnection(host, port, timeout=timeout_seconds)) as connection:
            connection.request("POST", path + query, json.dumps(letter.body), headers)
            with connection.getresponse() as response:
                return response.status
    except (OSError, HTTPException) as wrong:
        return type(wrong).__name__


def _address(url: str) -> tuple[str, int]:
    """Host and port on this machine; raises ValueError for any other address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http" and _is_loopback(host):
        # Do not resolve names, which could point to another machine.
        return "127.0.0.1" if host == "localhost" else host, parts.port or 80
    raise ValueError(
        "the emulator sends callbacks only to this machine, such as http://127.0.0.1:8000/, "
        f"and not to {without_query(url)}"
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def unix_seconds(moment: datetime) -> int:
    """Return a time in Unix seconds."""
    return int(moment.timestamp())


def md5(text: str) -> str:
    """Return the MD5 in hexadecimal, which the vendors use for signatures."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
