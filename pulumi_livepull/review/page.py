"""A review as a self-contained HTML page, with a timeline of every stream."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from pulumi_livepull.core.on_air import Span
from pulumi_livepull.review.markdown import FAR
from pulumi_livepull.review.review import Airing, Change, Review
from pulumi_livepull.review.streams import by_stream, marked_gaps, overlaps
from pulumi_livepull.review.text import footer
from pulumi_livepull.review.wording import Times, because, place, sentence, warnings_sentence

MARGIN = 0.02
"""The share of the timeline that stays empty at either end."""

LEAST = timedelta(hours=2)
"""The shortest period that a timeline shows."""

TONES = {
    "goes off air": "off",
    "stops": "off",
    "is cancelled": "off",
    "restarts": "restart",
    "moves": "moves",
    "starts": "starts",
    "is planned": "starts",
    "nothing": "same",
}
"""The colour of a window, by what happens to it."""


class Bar(NamedTuple):
    """A window of a relay, or a problem with it, in per cent of the timeline."""

    left: float
    width: float
    tone: str
    is_after: bool
    text: str


class Row(NamedTuple):
    """One stream of the timeline."""

    label: str
    anchor: str
    bars: Sequence[Bar]

    @property
    def spoken(self) -> str:
        """The text for screen readers."""
        return f"{self.label}: {'; '.join(bar.text for bar in self.bars)}"


class Chart(NamedTuple):
    """A timeline: its rows, its start and end, and the position of now in per cent."""

    rows: Sequence[Row]
    start: datetime
    end: datetime
    now: float


def page(review: Review, zone: ZoneInfo) -> str:
    """Return a review as a page, worst changes first."""
    environment = Environment(
        loader=PackageLoader("pulumi_livepull.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    times = Times(zone, review.at)
    return environment.get_template("page.html").render(
        review=review,
        zone=zone.key,
        sentence=sentence(review),
        warnings=warnings_sentence(review),
        footer=footer(review, times),
        chart=_chart(review, times),
        changes=[
            (change, TONES[change.effect], times.windows(change)) for change in review.changes
        ],
        because=because,
        place=place,
        anchors=_anchors(review),
    )


def _anchors(review: Review) -> Mapping[str, str]:
    return {change.urn: f"change-{at}" for at, change in enumerate(review.changes)}


def _chart(review: Review, times: Times) -> Chart | None:
    known = [
        time
        for each in review.airings
        for time in each.span
        if time and abs(time - review.at) < FAR
    ]
    if not review.airings:
        return None
    first, last = min([*known, review.at]), max([*known, review.at + LEAST])
    margin = (last - first) * MARGIN
    reach = _Reach(first - margin, last + margin)
    by_urn = {change.urn: change for change in review.changes}
    anchors = _anchors(review)
    rows = [
        Row(
            stream[0].label,
            next((anchors[each.urn] for each in stream if each.urn in anchors), ""),
            sorted(
                _bars(stream, by_urn, reach, review.at, times), key=lambda bar: bar.tone == "cut"
            ),
        )
        for stream in _worst_first(review, by_urn)
    ]
    return Chart(rows, reach.start, reach.end, reach.at(review.at))


def _worst_first(review: Review, changes: Mapping[str, Change]) -> list[list[Airing]]:
    """Return the changed streams, worst first, and then the others by name."""

    def rank(stream: Sequence[Airing]) -> tuple[int, str]:
        ranks = [changes[each.urn].rank[0] for each in stream if each.urn in changes]
        return min(ranks, default=len(TONES)), stream[0].label

    return sorted(by_stream(review.airings).values(), key=rank)


class _Reach(NamedTuple):
    """The period that a timeline shows."""

    start: datetime
    end: datetime

    def at(self, moment: datetime) -> float:
        """Return the position of a time, in per cent."""
        share = (moment - self.start) / (self.end - self.start)
        return round(100 * min(max(share, 0.0), 1.0), 3)

    def bar(self, span: Span, tone: str, text: str, *, is_after: bool = True) -> Bar:
        """Return the bar of a span."""
        left, right = self.at(span.start or self.start), self.at(span.end or self.end)
        return Bar(left, max(round(right - left, 3), 0.15), tone, is_after, text)


def _bars(
    stream: Sequence[Airing],
    changes: Mapping[str, Change],
    reach: _Reach,
    at: datetime,
    times: Times,
) -> Iterator[Bar]:
    """Yield the bars of one stream: its windows, then problems with them."""
    changed = [each for each in stream if each.urn in changes]
    for each in stream:
        change = changes.get(each.urn)
        if change is None and not each.is_after:
            continue  # Draw an unchanged window only once.
        which = "after" if each.is_after else "before"
        text = f"{each.name} {which if changed else ''} {times.window(each.span)}"
        tone = TONES[change.effect] if change else "same"
        if change and each.is_after and tone in {"off", "restart"} and each.span.is_open(at):
            cut = f"{times.moment(at)}: {each.name} {change.how}"
            yield reach.bar(Span(at, at), "cut", cut)
        yield reach.bar(each.span, tone, " ".join(text.split()), is_after=each.is_after)
    for gap in marked_gaps(stream, at):
        yield reach.bar(gap, "gap", f"gap {times.window(gap)}")
    for fight in overlaps(stream):
        yield reach.bar(fight, "fight", f"fight {times.window(fight)}")
