"""Gate: the conditions under which a pipeline fails."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pulumi_livepull.core.clock import time_zone
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
    "expiry": ((), ("expiry",), "signature expires too early", "signatures expire too early"),
}
"""The values of `--fail-on`: their effects and warnings, and the words for one or several."""

_PERIOD = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})(?:\s+(\S+))?")

MIDNIGHT = 24 * 60


@dataclass(frozen=True)
class Period:
    """A daily period in which nothing may be interrupted, in minutes. It may include midnight."""

    start: int
    end: int
    zone: ZoneInfo

    def holds(self, moment: datetime) -> bool:
        """Return whether a moment is within the period."""
        try:
            local = moment.astimezone(self.zone)
        except OverflowError:  # It is near the limits of `datetime` and means "for ever".
            return False
        now = 60 * local.hour + local.minute
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def __str__(self) -> str:
        start, end = (f"{time // 60:02}:{time % 60:02}" for time in (self.start, self.end))
        return f"{start}-{end} {self.zone.key}"


def period(text: str, default: ZoneInfo) -> Period:
    """Parse a period such as `19:00-23:00 Europe/Berlin`. Without a zone, it is in `default`.

    Raises `ConfigError`.
    """
    found = _PERIOD.fullmatch(text.strip())
    hours = [int(found[at]) for at in (1, 2, 3, 4)] if found else []
    start, end = (60 * hours[0] + hours[1], 60 * hours[2] + hours[3]) if hours else (0, 0)
    if not found or start == end or max(hours[1], hours[3]) > 59 or max(start, end) > MIDNIGHT:
        raise ConfigError(
            f'"{text}" is not a time of day',
            'Write it as "19:00-23:00 Europe/Berlin", or "00:00-24:00" for all day.',
        )
    return Period(start, end, time_zone(found[5]) if found[5] else default)


def conditions(texts: Sequence[str]) -> list[str]:
    """Return the conditions in all `--fail-on` options. Raises `ConfigError`."""
    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    for name in names:
        if name not in CONDITIONS:
            raise ConfigError(
                f'--fail-on does not know "{name}"', f"It takes {', '.join(CONDITIONS)}."
            )
    return list(dict.fromkeys(names))


def refusals(review: Review, fail_on: Sequence[str], protect: Sequence[Period]) -> Iterator[str]:
    """Yield the reasons for refusing the changes."""
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
