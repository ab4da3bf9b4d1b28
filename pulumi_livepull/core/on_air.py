"""When a relay is on air, and what a change does to what is on air."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.unknown import UNKNOWN


class Span(NamedTuple):
    """A period of time. Without a start it has always been open; without an end it never closes."""

    start: datetime | None
    end: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Return whether the period includes `now`."""
        return (self.start is None or self.start <= now) and (self.end is None or now < self.end)

    def overlaps(self, other: "Span") -> bool:
        """Return whether the two periods overlap."""
        before = self.end is not None and other.start is not None and self.end <= other.start
        after = other.end is not None and self.start is not None and other.end <= self.start
        return not before and not after


@dataclass(frozen=True)
class Airtime:
    """The fields of a relay that say when it is on air, and where.

    `target` lists the fields that together name the stream, and `address` is the field that names
    it as one secret address. `off` lists the values of `status` of a relay that is stopped or over.
    It does not list the value of a relay that waits for its start, because the state may be older
    than that start. `moves_to_past` says whether the vendor accepts a change of the start to a time
    that has passed.
    """

    target: tuple[str, ...] = ()
    address: str = ""
    off: frozenset[str] = frozenset()
    start: str = "start_time"
    end: str = "end_time"
    moves_to_past: bool = True

    def span(self, state: Mapping[str, Any]) -> Span:
        """Return when the relay is on air. `state` is in Pulumi's spelling."""
        return Span(*(_moment(state.get(camel(name))) for name in (self.start, self.end)))

    def span_after(self, state: Mapping[str, Any], news: Mapping[str, Any]) -> Span | None:
        """Return when a relay will be on air with new inputs, or `None` if that is not known yet.

        Times that the inputs omit stay as they are in the state.
        """
        names = [camel(name) for name in (self.start, self.end)]
        times = [news.get(name, state.get(name)) for name in names]
        return None if UNKNOWN in times else Span(*map(_moment, times))

    def is_open(self, state: Mapping[str, Any], now: datetime) -> bool:
        """Return whether the relay's window includes `now`. `state` is in Pulumi's spelling."""
        return self.span(state).is_open(now)

    def is_stopped(self, state: Mapping[str, Any]) -> bool:
        """Return whether the vendor reported the relay as stopped."""
        return state.get("running") is False or str(state.get("status")).lower() in self.off

    def stream(self, state: Mapping[str, Any]) -> str:
        """Return the stream as `domain/app/stream`, or only `domain/app` if it is given as an
        address.

        The last part of an address may be a stream key, so it is never shown.
        """
        parts = [state.get(camel(name)) for name in self.target]
        if parts and all(isinstance(part, str) and part for part in parts):
            return "/".join(str(part).partition("?")[0] for part in parts)
        address = state.get(camel(self.address)) if self.address else None
        try:
            found = urlsplit(address if isinstance(address, str) else "")
            host = found.hostname
        except ValueError:
            return ""
        steps = [step.partition(";")[0] for step in found.path.split("/") if step]
        return "/".join([host, *steps[:-1]]) if host else ""


EffectKind = Literal[
    "goes off air",
    "stops",
    "is cancelled",
    "restarts",
    "moves",
    "starts",
    "is planned",
    "nothing",
]
"""What a change does to what is on air, the worst first."""


@dataclass(frozen=True)
class Effect:
    """What a change does to what is on air.

    `moves` means that a relay that stays on air, or is not on air yet, gets another window. A new
    relay `starts` if its window is open, and `is planned` if it opens later. A relay that is
    deleted before its window opens `is cancelled`. `nothing` includes every other change of a relay
    that is not on air. `how` completes the sentence "the relay …" in a preview.
    """

    kind: EffectKind = "nothing"
    how: str = ""


NO_EFFECT = Effect()


def _moment(value: Any) -> datetime | None:
    """Return a time from a state, which may contain anything that a vendor answered."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
