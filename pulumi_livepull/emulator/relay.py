"""What a task wants on air, and what became of it: all that the vendors and the media exchange.

A vendor says which relays its tasks want at this moment. The media run them, and report each thing
that happens, from which the vendor derives what its tasks show and which callbacks it sends.
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
    """An address to pull; of a file, perhaps only the part between two places."""

    address: str
    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True, kw_only=True)
class Relay:
    """One push that a task wants on air now. The media end and begin it when it changes."""

    vendor: str
    task_id: str
    target: str
    """The RTMP address to push to, with its query."""

    sources: tuple[Source, ...]
    """One live source, or files in order."""

    live: bool
    backups: tuple[str, ...] = ()
    """Live addresses to pull, in this order, while the one source fails."""

    fillers: tuple[str, ...] = ()
    """Files to play, in this order, while the one source and its backups fail. After each time that
    one is played, the source is tried."""

    lead: str = ""
    """A file that plays to its end before the others, where `begin` is in the file `LEAD`."""

    begin: Place = START
    """Where in the files to begin."""

    rounds: int = field(default=ENDLESS, compare=False)
    """How often to play the files. Of a relay that runs, a change of this counts at once."""

    run: int = 0
    """Another number ends the push and begins a new one; other changes keep the push."""

    turn: int = 0
    """Another number begins again at `begin`, even where nothing else changed."""

    retry_seconds: float = field(compare=False)
    retries: int | None = field(default=None, compare=False)
    """How often to try again after a failure; None for always."""

    task: Thing = field(compare=False)
    """The task, which a vendor may need for a callback after it is gone."""

    @property
    def key(self) -> tuple[str, str]:
        """What the relay is known by."""
        return self.vendor, self.task_id


class Event(StrEnum):
    """What can happen to a relay."""

    ON_AIR = "on_air"
    """The destination has accepted the push."""

    FILE_STARTED = "file_started"
    FILE_FINISHED = "file_finished"
    ROUND = "round"
    """All files have been played once more."""

    AT = "at"
    """It goes on, at this place."""

    SOURCE_FAILED = "source_failed"
    """One source failed; the relay goes on with the next, or with a backup, if it has any."""

    BACKUP = "backup"
    """The backup is on air."""

    MAIN = "main"
    """The main source is on air again."""

    RETRYING = "retrying"
    """It failed and will be tried again."""

    GAVE_UP = "gave_up"
    """It failed for the last time."""

    CHANGED = "changed"
    """It plays what the task says now, on the same push."""

    ENDED = "ended"
    """All rounds are played."""

    OFF_AIR = "off_air"
    """It is not wanted any more."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """One thing that happened to a relay."""

    relay: Relay
    event: Event
    moment: datetime
    place: Place = START
    address: str = ""
    duration: float = 0.0
    """Seconds of a file."""

    reason: str = ""
    side: Literal["", "source", "target"] = ""
    """Which side failed."""
