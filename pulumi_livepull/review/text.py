"""A review as plain text, for a terminal."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from pulumi_livepull.review.review import Callback, Change, Review
from pulumi_livepull.review.wording import Times, because, sentence, warnings_sentence


def text(review: Review, zone: ZoneInfo) -> str:
    """Return a review as plain text, worst changes first."""
    return "\n".join(_lines(review, zone)) + "\n"


def _lines(review: Review, zone: ZoneInfo) -> Iterator[str]:
    times = Times(zone, review.at)
    yield sentence(review)
    if counted := warnings_sentence(review):
        yield counted
    yield from (f"error: {error}" for error in review.errors)
    for change in review.changes:
        yield ""
        yield from _change(change, times)
    for callback in review.callbacks:
        yield ""
        yield from _callback(callback)
    yield from (f"\nwarning: {warned.text}" for warned in review.warnings)
    yield ""
    yield footer(review, times)


def _change(change: Change, times: Times) -> Iterator[str]:
    yield f"{change.title} {change.how}"
    before, after = times.windows(change)
    if before:
        yield f"  {before} becomes {after}" if after else f"  {before}"
    if reason := because(change):
        yield f"  {reason}"
    place = f", {change.place}" if change.place else ""
    yield f'  {change.label} "{change.name}"{place}'
    yield from (f"  warning: {warned.text}" for warned in change.warned)


def _callback(callback: Callback) -> Iterator[str]:
    yield f"{callback.reported} of {callback.source} {callback.how}"
    if callback.why:
        yield f"  {', '.join(callback.why)} changed"
    yield f'  {callback.label} "{callback.name}"'
    yield from (f"  warning: {warned.text}" for warned in callback.warned)


def footer(review: Review, times: Times) -> str:
    """Return the review's time and stacks, and what it does not judge."""
    named = f", stack{'s' if len(review.stacks) > 1 else ''} {', '.join(review.stacks)}"
    what = "As of" if review.title else "Judged for"
    stacks = named if review.stacks else ""
    parts = [f"{what} {times.moment(review.at)} {times.zone.key}{stacks}."]
    if review.unchanged:
        parts.append(f"{review.unchanged} relay{'s' if review.unchanged > 1 else ''} unchanged.")
    if review.others:
        changes = "changes" if review.others > 1 else "change"
        parts.append(f"Not judged: {review.others} {changes} to resources of other packages.")
    if review.unseen:
        resources = "resources are" if review.unseen > 1 else "resource is"
        parts.append(
            f"{review.unseen} unchanged {resources} not in the plan, so gaps and fights with them "
            "cannot be seen: preview with --show-sames."
        )
    return " ".join(parts)
