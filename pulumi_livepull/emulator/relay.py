"""The interface between the vendors and the media: relays and reports.

A vendor returns the relays that its tasks want now. The media run them and report every event. From
these reports, the vendor derives the status of its tasks and the callbacks to send.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from pulumi_livepull.emulator.state import Thing

ENDLESS = -1


class Place(NamedTuple):
    """A place in a list of files."""

    file: int = 0
    """Its index, from 0."""

    seconds: float = 0.0


START = Place()
LEAD = -1
"""The index of a file that plays once before the others."""


@dataclass(frozen=True)
class Source:
    """An address to pull; for a file, optionally only a part of it."""

    address: str
    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True, kw_only=True)
class Relay:
    """One push that a task wants on air now. The media restart it when it changes."""

    vendor: str
    task_id: str
    target: str
    """The RTMP address to push to, with its query."""

    sources: tuple[Source, ...]
    """One live source, or files in order."""

    live: bool
    backups: tuple[str, ...] = ()
    """Live addresses to pull, in this order, while the main source fails."""

    fillers: tuple[str, ...] = ()
    """Files to play, in this order, while the one source and its backups fail. After each time that
    one is played, the source is tried."""

    lead: str = ""
    """A file that plays to its end before the others, where `begin` is in the file `LEAD`."""

    begin: Place = START
    """Where in the files to begin."""

    rounds: int = field(default=ENDLESS, compare=False)
    """How many times to play the files. A change applies immediately, without a restart."""

    run: int = 0
    """A different number ends the push and begins a new one. Other changes keep the push."""

    turn: int = 0
    """Another number begins again at `begin`, even where nothing else changed."""

    retry_seconds: float = field(compare=False)
    retries: int | None = field(default=None, compare=False)
    """How many times to retry after a failure; None for no limit."""

    task: Thing = field(compare=False)
    """The task, which a vendor may need for a callback after it is gone."""

    @property
    def key(self) -> tuple[str, str]:
        """The key that identifies the relay."""
        return self.vendor, self.task_id


class Event(StrEnum):
    """The events of a relay."""

    ON_AIR = "on_air"
    """The destination has accepted the push."""

    FILE_STARTED = "file_started"
    FILE_FINISHED = "file_finished"
    ROUND = "round"
    """All files have been played once more."""

    AT = "at"
    """It continues, at this place."""

    SOURCE_FAILED = "source_failed"
    """A source failed. The relay continues with the next one or with a backup, if there is any."""

    BACKUP = "backup"
    """The backup is on air."""

    MAIN = "main"
    """The main source is on air again."""

    RETRYING = "retrying"
    """It failed and will be retried."""

    GAVE_UP = "gave_up"
    """It failed, and there are no retries left."""

    CHANGED = "changed"
    """It plays the changed sources, on the same push."""

    ENDED = "ended"
    """All rounds have been played."""

    OFF_AIR = "off_air"
    """The task no longer wants it."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """One event of a relay."""

    relay: Relay
    event: Event
    moment: datetime
    place: Place = START
    address: str = ""
    duration: float = 0.0
    """Length of a file in seconds."""

    reason: str = ""
    side: Literal["", "source", "target"] = ""
    """Which side failed."""
