"""Streams: fights and gaps among all relays of a stream, across the reviewed stacks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from datetime import UTC, datetime, timedelta

from pulumi_livepull.core.conflicts import FIGHTS
from pulumi_livepull.core.on_air import Span
from pulumi_livepull.review.review import Airing, Warned

SEAM = timedelta(minutes=15)
"""Windows this close together are assumed to be meant to follow one another without a gap."""

_FOREVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def by_stream(airings: Sequence[Airing]) -> dict[str, list[Airing]]:
    """Return the airings of each stream."""
    found: defaultdict[str, list[Airing]] = defaultdict(list)
    for airing in airings:
        found[airing.key].append(airing)
    return found


def fights_across(
    airings: Sequence[Airing], changed: Set[str], at: datetime
) -> Iterator[tuple[str, Warned]]:
    """Yield a warning, with a URN, for each relay that fights with one in another stack.

    The provider itself warns about fights within a stack. The warning belongs to the relay that
    changes.
    """
    after = [each for each in airings if each.is_after and _ends(each.span) > at]
    for stream in by_stream(after).values():
        for one, other in _overlapping(stream):
            if one.stack != other.stack:
                mine, theirs = (one, other) if one.urn in changed else (other, one)
                text = f'{FIGHTS} "{theirs.name}" of stack {theirs.stack}: they will interrupt '
                yield mine.urn, Warned("fight", f"{text}one another")


def _overlapping(stream: Sequence[Airing]) -> Iterator[tuple[Airing, Airing]]:
    """Yield pairs of overlapping airings: each one, and an earlier one of each stack that has not
    ended."""
    latest: dict[str, Airing] = {}
    for airing in sorted(stream, key=lambda each: _starts(each.span)):
        for earlier in latest.values():
            if _ends(earlier.span) > _starts(airing.span):
                yield airing, earlier
        mine = latest.get(airing.stack, airing)
        latest[airing.stack] = max(mine, airing, key=lambda each: _ends(each.span))


def new_gaps(
    airings: Sequence[Airing], changed: Set[str], at: datetime
) -> Iterator[tuple[str, Warned]]:
    """Yield a warning for each gap that a plan creates or widens, with the URN of its cause.

    The time between two windows of a stream is a gap if something was on air in it before the plan,
    or if the windows are so close together that they are meant to touch.
    """
    for stream in by_stream(airings).values():
        known = [gap for gap, _ in _gaps([each for each in stream if not each.is_after])]
        marked = set(marked_gaps(stream, at))
        for gap, (before, after) in _gaps([each for each in stream if each.is_after]):
            if gap in marked and not any(_is_within(gap, old) for old in known):
                was = [each for each in stream if not each.is_after and each.span.overlaps(gap)]
                cause = next((e for e in (*was, after, before) if e.urn in changed), after)
                names = f'"{before.name}" and "{after.name}"'
                yield cause.urn, Warned("gap", f"leaves a gap of {_length(gap)} between {names}")


def _is_within(inner: Span, outer: Span) -> bool:
    return _starts(outer) <= _starts(inner) and _ends(inner) <= _ends(outer)


def marked_gaps(stream: Sequence[Airing], at: datetime) -> Iterator[Span]:
    """Yield the gaps of one stream after the plan that are probably unintended."""
    before = [each.span for each in stream if not each.is_after]
    for gap, _ in _gaps([each for each in stream if each.is_after]):
        start, end = _starts(gap), _ends(gap)
        is_filled = any(span.overlaps(gap) for span in before)
        if end > at and (is_filled or end - start <= SEAM):
            yield gap


def overlaps(stream: Sequence[Airing]) -> Iterator[Span]:
    """Yield each period after the plan in which two relays push to the same stream."""
    for one, other in _overlapping([each for each in stream if each.is_after]):
        ends = [span.end for span in (one.span, other.span) if span.end]
        yield Span(one.span.start, min(ends, default=None))


def _gaps(airings: Sequence[Airing]) -> Iterator[tuple[Span, tuple[Airing, Airing]]]:
    """Yield each period between two windows in which nothing is on air, with the two airings."""
    latest: Airing | None = None
    for airing in sorted(airings, key=lambda each: _starts(each.span)):
        if latest and _starts(airing.span) > _ends(latest.span):
            yield Span(latest.span.end, airing.span.start), (latest, airing)
        if latest is None or _ends(airing.span) > _ends(latest.span):
            latest = airing


def _length(span: Span) -> str:
    seconds = (_ends(span) - _starts(span)).total_seconds()
    minutes = round(seconds / 60)
    if seconds < 120:
        return f"{seconds:g} s"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes / 60:.3g} h" if minutes < 48 * 60 else f"{minutes / 60 / 24:.3g} days"


def _starts(span: Span) -> datetime:
    return span.start or _FOREVER[0]


def _ends(span: Span) -> datetime:
    return span.end or _FOREVER[1]
