"""A review as Markdown, for a comment on a pull request on GitHub, GitLab and others."""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pulumi_livepull.core.on_air import EffectKind, Span
from pulumi_livepull.review.review import EFFECTS, Airing, Callback, Change, Review, Warned
from pulumi_livepull.review.streams import by_stream
from pulumi_livepull.review.text import footer
from pulumi_livepull.review.wording import Times, because, place, sentence, warnings_sentence

MOST_CHARACTERS = 65_000
"""Maximum length of a comment. GitHub allows 65,536 characters, and a pipeline adds a line or
two."""

MOST_OF_PICTURE = 12_000
"""Maximum length of the diagram. Mermaid allows 50,000, and 60 streams fill a screen."""

FAR = timedelta(days=400)
"""Times farther away than this are not drawn."""

ENDS: Sequence[EffectKind] = ("goes off air", "stops", "is cancelled")
"""Effects that lose planned air time, drawn in red."""

MARK = "<!-- livepull review -->"
"""The first line, with which a pipeline finds its own comment."""

TICKS = ((90, "1month"), (15, "1week"), (3, "1day"), (1, "12hour"), (0, "3hour"))
"""Tick intervals of the diagram, by the minimum number of days that it shows."""

LEAST_LENGTH = timedelta(minutes=1)

MARKS: dict[EffectKind, str] = {
    "goes off air": "🔴",
    "stops": "🔴",
    "is cancelled": "🟠",
    "restarts": "🟠",
    "moves": "🟡",
    "starts": "🟢",
    "is planned": "🟢",
    "nothing": "⚪",
}
"""The symbol at the start of each row."""

MOST_ERRORS, LONGEST_TEXT = 5, 400

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~])")
_OF_MERMAID = re.compile(r"[:;#,\"%]+")


def markdown(review: Review, zone: ZoneInfo) -> str:
    """Return a review as Markdown, worst changes first, short enough for a comment."""
    times = Times(zone, review.at)
    head = [MARK, f"**{_plain(sentence(review))}** {_plain(warnings_sentence(review))}".rstrip()]
    head += [f"\n> {_plain(error)}" for error in review.errors[:MOST_ERRORS]]
    tail = ["", f"<sub>{html.escape(footer(review, times))}</sub>", ""]
    picture = _picture(review, zone)
    rows = list(_rows(review, times))
    table = (f"|   | Stream | What happens | When ({zone.key}) | Where |", f"|{' --- |' * 5}")
    budget = MOST_CHARACTERS - sum(_length(line) + 1 for line in (*head, *tail, *picture, *table))
    kept = _fitting(rows, budget - 300)
    lines = [*head, *(("", *table, *kept) if kept else ())]
    if left := len(rows) - len(kept):
        where = "see the output of `livepull review` in the pipeline"
        more_rows = "more rows do" if left > 1 else "more row does"
        lines += ["", f"{left} {more_rows} not fit into a comment: {where}."]
    return "\n".join([*lines, *picture, *tail])


def _fitting(rows: Sequence[str], budget: int) -> list[str]:
    kept = []
    for row in rows:
        budget -= _length(row) + 1
        if budget < 0:
            break
        kept.append(row)
    return kept


def _length(text: str) -> int:
    """Return the length of a text in UTF-16 units, as JavaScript counts it."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _rows(review: Review, times: Times) -> Iterator[str]:
    yield from (_change(change, times) for change in review.changes)
    yield from map(_callback, review.callbacks)
    yield from (f"| ⚠️ |   | {_plain(warned.text)} |   |   |" for warned in review.warnings)


def _change(change: Change, times: Times) -> str:
    before, after = map(_unbroken, times.windows(change))
    when = f"~~{before}~~<br>{after}" if after else before
    where = f"<br>{_plain(place(change))}" if change.place else ""
    what = f"**{_plain(change.how)}**"
    if reason := because(change):
        what += f"<br>{_reason(reason)}"
    return (
        f"| {MARKS[change.effect]} | **{_plain(change.title)}**<br>{_plain(change.name)} | "
        f"{what}{_warnings(change.warned)} | {when} | {_plain(change.vendor)}{where} |"
    )


def _callback(callback: Callback) -> str:
    what = f"{_plain(callback.reported)} **{_plain(callback.how)}**"
    if callback.why:
        what += f"<br>{', '.join(callback.why)} changed"
    return (
        f"| 📼 | **{_plain(callback.source)}**<br>{_plain(callback.name)} | "
        f"{what}{_warnings(callback.warned)} |   | {_plain(callback.vendor)} |"
    )


def _unbroken(window: str) -> str:
    """Keep each time of a window on one line, because GitHub and GitLab make this column narrow."""
    return window.replace(" to ", "<br>to ").replace(" ", "&nbsp;")


def _warnings(warned: Sequence[Warned]) -> str:
    return "".join(f"<br>⚠️ {_plain(each.text)}" for each in warned)


def _reason(text: str) -> str:
    """Escape a reason, whose names are already formatted as code."""
    return text.replace("|", "\\|")


def _plain(text: str) -> str:
    """Escape a text so that Markdown shows it literally, on one line, without links or mentions."""
    words = " ".join(text.split())
    short = words if len(words) <= LONGEST_TEXT else f"{words[:LONGEST_TEXT]}…"
    shown = _SPECIAL.sub(r"\\\1", short.replace("&", "&amp;"))
    # Addresses, mentions and issue numbers would become links.
    for live in ("://", "www.", "@", "#"):
        shown = shown.replace(live, f"{live[:1]}&#8203;{live[1:]}")
    return shown


def _picture(review: Review, zone: ZoneInfo) -> list[str]:
    """Return a Mermaid diagram of the changed windows, before and after."""
    effects = {each.urn: each.effect for each in review.changes if each.effect != "nothing"}
    airings = [each for each in review.airings if each.urn in effects]
    streams = by_stream(sorted(airings, key=lambda each: EFFECTS.index(effects[each.urn])))
    spans = [each.span for stream in streams.values() for each in stream]
    ends = [time for span in spans for time in span if time and abs(time - review.at) < FAR]
    if not ends:
        return []
    reach = Span(min([*ends, review.at]), max(*ends, review.at + timedelta(hours=1)))
    days = (reach.end - reach.start).total_seconds() / 86400 if reach.start and reach.end else 0
    lines = [
        "",
        "<details><summary>Timeline</summary>",
        "",
        "```mermaid",
        "%%{init: {'gantt': {'leftPadding': 240}}}%%",
        "gantt",
        f"  title Before and after ({zone.key})",
        "  dateFormat YYYY-MM-DDTHH:mm",
        f"  axisFormat {'%d %b' if days > 3 else '%d %b %H:%M'}",
        f"  tickInterval {next(each for least, each in TICKS if days >= least)}",
    ]
    left = MOST_OF_PICTURE
    for stream in streams.values():
        section = [f"  section {_name(stream[0].label)}"]
        for each in _in_order(stream):
            is_lost = not each.is_after and effects[each.urn] in ENDS
            section += _bar(each, "crit, done" if is_lost else "", reach, zone)
        left -= sum(map(len, section))
        if left < 0:
            break
        lines += section
    return [*lines, "```", "", "</details>"]


def _in_order(stream: Sequence[Airing]) -> list[Airing]:
    return sorted(stream, key=lambda each: (each.is_after, each.span.start is not None))


def _bar(airing: Airing, mark: str, reach: Span, zone: ZoneInfo) -> Iterator[str]:
    if not (reach.start and reach.end):
        return
    start = max(airing.span.start or reach.start, reach.start)
    end = min(airing.span.end or reach.end, reach.end)
    if start <= end:
        end = max(end, start + LEAST_LENGTH)
        which, usual = ("after", "active") if airing.is_after else ("before", "done")
        times = f"{_at(start, zone)}, {_at(end, zone)}"
        yield f"  {which} {_name(airing.name)} :{mark or usual}, {times}"


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}"


def _name(text: str) -> str:
    """Return a name without characters that are syntax in Mermaid."""
    return _OF_MERMAID.sub(" ", " ".join(text.split())) or "-"
