"""Gate: what a pipeline must not do, and whether a review does it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pulumi_livepull.core.on_air import EffectKind
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.review.review import Review, WarningKind

OFF_AIR: Sequence[EffectKind] = ("goes off air", "stops")
INTERRUPTS: Sequence[EffectKind] = (*OFF_AIR, "restarts")

CONDITIONS: dict[str, tuple[Sequence[EffectKind], Sequence[WarningKind], str, str]] = {
    "off-air": (OFF_AIR, (), "channel goes off air", "channels go off air"),
    "restart": (("restarts",), (), "channel restarts", "channels restart"),
    "cancel": (("is cancelled",), (), "broadcast is cancelled", "broadcasts are cancelled"),
    "fight": ((), ("fight",), "fight over a stream", "fights over a stream"),
    "gap": ((), ("gap",), "gap between windows", "gaps between windows"),
    "expiry": ((), ("expiry",), "signature runs out too early", "signatures run out too early"),
}
"""What `--fail-on` takes: the effects and the warnings that it means, and how one or several read.
"""

_PERIOD = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})(?:\s+(\S+))?")


@dataclass(frozen=True)
class Period:
    """A time of each day in which nothing may be interrupted. It may go past midnight."""

    start: time
    end: time
    zone: ZoneInfo

    def holds(self, moment: datetime) -> bool:
        """Return whether a moment is within the period."""
        now = moment.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.zone.key}"


def period(text: str) -> Period:
    """Return the period that `19:00-23:00 Europe/Berlin` names. Raises `ConfigError`."""
    found = _PERIOD.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        start, end = (time(int(found[at]), int(found[at + 1])) for at in (1, 3))
    except ValueError:
        raise ConfigError(
            f'"{text}" is not a time of day', 'Write it as "19:00-23:00 Europe/Berlin".'
        ) from None
    return Period(start, end, zone(found[5] or "UTC"))


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its name. Raises `ConfigError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f'there is no time zone "{name}"', "Name one as in Europe/Berlin, Asia/Shanghai or UTC."
        ) from None


def conditions(text: str) -> list[str]:
    """Return what `--fail-on` names. Raises `ConfigError`."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in CONDITIONS:
            raise ConfigError(
                f'--fail-on does not know "{name}"', f"It takes {', '.join(CONDITIONS)}."
            )
    return names


def refusals(review: Review, fail_on: Sequence[str], protect: Sequence[Period]) -> Iterator[str]:
    """Yield why these changes may not be carried out, each as a sentence."""
    for name in fail_on:
        effects, warnings, one, many = CONDITIONS[name]
        count = sum(change.effect in effects for change in review.changes)
        count += sum(warned.kind in warnings for warned in review.warned)
        if count:
            yield f"{count} {many if count > 1 else one} (--fail-on {name})"
    interrupted = [change for change in review.changes if change.effect in INTERRUPTS]
    for each in protect:
        if interrupted and each.holds(review.at):
            count = len(interrupted)
            what = "channels are interrupted" if count > 1 else "channel is interrupted"
            yield f"{count} {what} within {each} (--protect)"
