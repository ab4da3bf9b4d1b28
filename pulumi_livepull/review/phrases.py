"""Phrases that say what a step of a plan does on air, to complete a sentence about the stream."""

from datetime import datetime

from pulumi_livepull.core.on_air import Effect, Span
from pulumi_livepull.review.step import ADOPTS, CREATES, DELETES, REPLACEMENTS, Step, known

NOUNS = {"starts": "a start", "ends": "an end"}


def what_happens(step: Step, found: Effect, at: datetime) -> str:
    """Return a phrase that completes the sentence "the stream …"."""
    if step.operation in ADOPTS or step.is_adopted:
        return "is taken into the stack"
    if step.is_retained and step.operation in DELETES:
        return "leaves the stack and stays as it is"
    if elsewhere := _other_stream(step):
        dark = "goes off air for good, and " if found.kind == "goes off air" else ""
        return f"{dark}becomes {elsewhere}"
    after = step.after
    if found.kind == "moves" and after:
        return _shift(step.before, after)
    return _quiet(step, at) if found.kind == "nothing" else found.how


def _other_stream(step: Step) -> str:
    """Return the new stream of a replacement, if it differs."""
    airtime = step.kind.airtime
    if airtime is None or step.operation not in REPLACEMENTS:
        return ""
    before, after = (airtime.stream(known(values)) for values in (step.state, step.news))
    return after if before and after and before != after else ""


def _quiet(step: Step, at: datetime) -> str:
    """Return a phrase that says why a change does nothing on air."""
    airtime = step.kind.airtime
    if airtime is None:
        verbs = {**dict.fromkeys(CREATES, "is new"), **dict.fromkeys(DELETES, "is deleted")}
        return verbs.get(step.operation, "changes")
    values = step.state or step.news
    if step.kind.ended_at(values, at):
        return "has ended, so nothing happens on air"
    if not airtime.is_open(values, at):
        return "is not on air yet, so nothing happens on air"
    if airtime.is_stopped(values) or values.get("running") is False:
        return "is stopped, so nothing happens on air"
    return "changes without an interruption"


def _shift(before: Span | None, after: Span | None) -> str:
    """Return a phrase that says how a window moves."""
    parts = []
    for verb, was, will in (
        ("starts", before and before.start, after and after.start),
        ("ends", before and before.end, after and after.end),
    ):
        if was and will and was != will:
            parts.append(f"{verb} {'later' if will > was else 'earlier'}")
        elif will and not was:
            parts.append(f"now has {NOUNS[verb]}")
        elif was and not will:
            parts.append(f"no longer has {NOUNS[verb]}")
    return " and ".join(parts) or "gets another window"
