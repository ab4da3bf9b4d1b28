"""Wording: the summary sentence, and the format of times and windows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pulumi_livepull.core.on_air import EffectKind, Span
from pulumi_livepull.review.review import Change, Review, WarningKind

LONGEST_PART = 20

HALF_A_YEAR = timedelta(days=182)

VERBS: dict[EffectKind, tuple[str, str]] = {
    "goes off air": ("goes off air", "go off air"),
    "stops": ("is stopped", "are stopped"),
    "is cancelled": ("is cancelled", "are cancelled"),
    "restarts": ("is or may be interrupted", "are or may be interrupted"),
    "starts": ("goes on air now", "go on air now"),
    "is planned": ("is planned for later", "are planned for later"),
}
"""Verbs for one or several channels, for each effect in the summary."""

WARNED: dict[WarningKind, tuple[str, str]] = {
    "fight": ("fight over a stream", "fights over a stream"),
    "gap": ("gap between windows", "gaps between windows"),
    "expiry": ("signature that expires too early", "signatures that expire too early"),
    "unreachable": (
        "private address, which no cloud can reach",
        "private addresses, which no cloud can reach",
    ),
    "other": ("other warning", "other warnings"),
}


def sentence(review: Review) -> str:
    """Summarise what the plans do in one sentence."""
    if review.errors:
        return "The preview failed, so this review is not complete."
    if review.title:
        return review.title
    counted = list(_counted(review))
    parts = [f"{count} {verb}" for count, verb in counted]
    if counted:
        count, verb = counted[0]
        parts[0] = f"{count} channel{'s' if count > 1 else ''} {verb}"
    if count := len(review.callbacks):
        parts.append(f"{count} recording callback{'s change' if count > 1 else ' changes'}")
    return f"{listed(parts)}." if parts else "Nothing changes on air."


def warnings_sentence(review: Review) -> str:
    """Count the warnings of each kind in one sentence, or return nothing."""
    kinds = [warned.kind for warned in review.warned]
    found = [
        f"{kinds.count(kind)} {words[kinds.count(kind) > 1]}"
        for kind, words in WARNED.items()
        if kind in kinds
    ]
    return f"Warnings: {listed(found)}." if found else ""


def _counted(review: Review) -> Iterator[tuple[int, str]]:
    """Yield the number of channels for each effect, worst first."""
    for kind, changes in review.of_kind.items():
        if kind == "moves":
            yield from _moves(changes)
        elif kind in VERBS and changes:
            yield len(changes), VERBS[kind][len(changes) > 1]


def _moves(changes: list[Change]) -> Iterator[tuple[int, str]]:
    """Yield the number of channels that move later or earlier, or get another window."""
    phrases = [_direction(change.how) for change in changes]
    for phrase in dict.fromkeys(phrases):
        count = phrases.count(phrase)
        yield count, phrase if count == 1 else _PLURALS.get(phrase, phrase)


_PLURALS = {
    "moves later": "move later",
    "moves earlier": "move earlier",
    "gets another window": "get other windows",
    **{
        f"{verb}s {when}": f"{verb} {when}"
        for verb in ("start", "end")
        for when in ("later", "earlier")
    },
}


def _direction(how: str) -> str:
    """Summarise a move: if both times are later, the window moves later."""
    both = {f"starts {when} and ends {when}": f"moves {when}" for when in ("later", "earlier")}
    phrase = both.get(how, how)
    return phrase if phrase in _PLURALS else "gets another window"


def listed(parts: Sequence[str]) -> str:
    """Join parts as in a sentence: `a, b and c`."""
    *head, last = parts
    return f"{', '.join(head)} and {last}" if head else last


@dataclass(frozen=True)
class Times:
    """Formats times in a zone, without the year if they are close to `near`."""

    zone: ZoneInfo
    near: datetime

    def moment(self, time: datetime) -> str:
        """Format a time: `Sat 5 Jan 20:00`."""
        local = self._local(time)
        year = f" {local.year}" if abs(time - self.near) > HALF_A_YEAR else ""
        return f"{local:%a} {local.day} {local:%b}{year} {local:%H:%M}"

    def window(self, span: Span | None) -> str:
        """Format a window: `Sat 5 Jan 20:00 to 22:00`."""
        match span:
            case None:
                return ""
            case Span(None, None):
                return "no time limits"
            case Span(start, None) if start:
                return f"from {self.moment(start)}"
            case Span(None, end) if end:
                return f"until {self.moment(end)}"
        start, end = (self._local(time) for time in span if time)
        if start.date() == end.date():
            return f"{self.moment(start)} to {end:%H:%M}"
        return f"{self.moment(start)} to {self.moment(end)}"

    def _local(self, time: datetime) -> datetime:
        try:
            return time.astimezone(self.zone)
        except OverflowError:  # It is near the limits of `datetime` and means "for ever".
            return time

    def windows(self, change: Change) -> tuple[str, str]:
        """Return the windows before and after a change; the second is empty if it is the same."""
        before, after = self.window(change.before), self.window(change.after)
        if not before:
            return after, ""
        return before, "" if before == after or not after else after


def place(change: Change) -> str:
    """Return where the resource is at the vendor, with a long account id shortened."""
    parts = change.place.split(", ")
    return ", ".join(part if len(part) <= LONGEST_PART else f"{part[:8]}…" for part in parts)


def because(change: Change) -> str:
    """Return a phrase that names the inputs that differ, or nothing."""
    if not change.why:
        return ""
    return f"because {listed(change.why)} {'change' if len(change.why) > 1 else 'changes'}"
