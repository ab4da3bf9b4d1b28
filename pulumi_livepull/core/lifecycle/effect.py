"""effect: what a change does to what is on air, and the sentence that tells it."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from pulumi_livepull.core.on_air import NO_EFFECT, Effect
from pulumi_livepull.core.property import UNKNOWN
from pulumi_livepull.core.resource import Resource

MOVES = Effect("moves", "gets another window")

STAYS_STOPPED = "stays stopped, because `running` is not set. Set `running` to true to start it"


def effect(
    resource: type[Resource],
    state: Mapping[str, Any],
    news: Mapping[str, Any],
    changed: Set[str],
    now: datetime,
    *,
    replaced: bool,
) -> Effect:
    """Return what `changed`, the names of the inputs that differ, do to what is on air."""
    airtime = resource.airtime
    if airtime is None or not changed:
        return NO_EFFECT
    is_open, stopped = airtime.is_open(state, now), airtime.is_stopped(state)
    on_air = is_open and not stopped
    moves = MOVES if {airtime.start, airtime.end} & changed else NO_EFFECT
    if replaced:
        return Effect("goes off air", "goes off air until it is made again") if on_air else moves
    wish = news.get("running")
    if wish is False:
        stops = on_air and "running" in changed
        return Effect("stops", "is stopped and goes off air") if stops else NO_EFFECT
    if "running" in changed and wish is True and is_open and stopped:
        return Effect("starts", "is started and goes on air")
    found = resource.update_effect({**resource.by_field(state), **state}, changed, on_air=on_air)
    return moves if found == NO_EFFECT else found


def effect_of_create(resource: type[Resource], inputs: Mapping[str, Any], now: datetime) -> Effect:
    """Return what a new thing does on air. The inputs are in Pulumi's spelling."""
    airtime = resource.airtime
    if airtime is None or inputs.get("running") is False or resource.ended_at(inputs, now):
        return NO_EFFECT
    if airtime.is_open(inputs, now):
        return Effect("starts", "goes on air")
    return Effect("is planned", "goes on air when its window opens")


def effect_of_delete(resource: type[Resource], state: Mapping[str, Any], now: datetime) -> Effect:
    """Return what the end of a thing does on air. The state is in Pulumi's spelling."""
    airtime = resource.airtime
    if airtime is None or resource.ended_at(state, now):
        return NO_EFFECT
    if not airtime.is_open(state, now):
        return Effect("is cancelled", "is cancelled before its window opens")
    if airtime.is_stopped(state):
        return NO_EFFECT
    return Effect("goes off air", "goes off air for good")


def subject(resource: type[Resource], resource_id: str, state: Mapping[str, Any]) -> str:
    """Return how a message names one thing: its kind, stream and id, never a key."""
    stream = resource.airtime.stream(state) if resource.airtime else ""
    if not resource_id or stream == resource_id:
        return f"{resource.label()} {stream}".rstrip()
    return (
        f"{resource.label()} {stream} ({resource_id})"
        if stream
        else (f"{resource.label()} {resource_id}")
    )


def stays_stopped(
    resource: type[Resource], state: Mapping[str, Any], news: Mapping[str, Any]
) -> bool:
    """Return whether a relay is stopped that its inputs no longer ask to be stopped."""
    return (
        resource.airtime is not None
        and state.get("running") is False
        and news.get("running") in (None, UNKNOWN)
    )
