"""The delivery of callbacks: to receivers on this machine, as often as a vendor tries.

Where nothing is relayed, nothing is recorded: a test says what happened to a recording. Each
vendor's `recording` says who receives a callback, with what body and signature.
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
"""How long a recording takes that is only said to have been made, and ends now."""

SIZE = 1_048_576
VALID = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a recording."""

    name: str
    """Its path in the storage of recordings: app, stream and a name of its own."""

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
    """What happened to the recording of one stream, in the vendor's words."""

    domain: str
    app: str
    stream: str
    event: str
    vhost: str
    """Volcengine's domain space."""

    file: File | None = None
    """What was recorded, when something was."""

    def file_at(self, now: datetime, name: str) -> File:
        """Return what was recorded; or, of this name, what could have been if nothing was."""
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
    """One request: a JSON body and the headers beside its content type."""

    body: Thing
    headers: dict[str, str]


class Notice(NamedTuple):
    """A callback for one receiver; each attempt is written and signed anew."""

    url: str
    write: Callable[[datetime], Letter]
    event: str = ""
    """The vendor's name of the event, of a callback about a task."""


@dataclass(frozen=True)
class Delivery:
    """One callback to one receiver, and what it answered to each attempt."""

    time: str
    vendor: str
    domain: str
    app: str
    stream: str
    event: str
    url: str
    """Without its query."""

    attempts: tuple[int | str, ...]
    """The HTTP status of each answer, or what went wrong instead."""

    delivered: bool


@dataclass(frozen=True, kw_only=True)
class Sender:
    """How one vendor sends its recording callbacks."""

    vendor: str

    events: tuple[str, ...] | None
    """What can happen; `None` when no page says."""

    event: str
    """What happened unless it is said: a file is finished."""

    find: Callable[[Any, Recording], Iterator[Notice]]
    """Yields a notice for each receiver that the vendor's state names."""

    begun: tuple[str, ...] = ()
    """What happens when a recording begins."""

    over: tuple[str, ...] = ()
    """What happens when it is over, because its stream is."""

    timeout_seconds: float
    retries: int = 0
    pause_seconds: float = 0


class Deliveries:
    """Sends callbacks, and keeps the last 1000 deliveries, oldest first, without keys.

    `wait` is called with the seconds between two attempts; a test gives one that does not sleep.
    """

    def __init__(self, clock: Clock) -> None:
        self.wait: Callable[[float], object] = time.sleep
        self._clock = clock
        self._done: deque[Delivery] = deque(maxlen=1000)

    def plan(self, sender: Sender, state: object, recording: Recording) -> list[Notice]:
        """Return the notices to send; raises ValueError for an address not on this machine."""
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
        """Send each in turn; returns once each was answered with 200 or tried often enough."""
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
    """The status of the answer, or what went wrong. Follows no redirect and asks no proxy."""
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
        # A name could be made to lead elsewhere, so that it is not looked up.
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
    """Return the MD5, with which the vendors chose to sign, in hexadecimal."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
