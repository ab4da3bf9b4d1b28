"""effect: what a change does to what is on air, and the sentence that tells it."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from pulumi_livepull.core.on_air import NO_EFFECT, Effect
from pulumi_livepull.core.property import UNKNOWN
from pulumi_livepull.core.resource import Resource

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
    if replaced:
        return (
            Effect("goes off air", "goes off air until it is made again") if on_air else NO_EFFECT
        )
    wish = news.get("running")
    if wish is False:
        stops = on_air and "running" in changed
        return Effect("stops", "is stopped and goes off air") if stops else NO_EFFECT
    if "running" in changed and wish is True and is_open and stopped:
        return Effect("starts", "is started and goes on air")
    found = resource.update_effect({**resource.by_field(state), **state}, changed, on_air=on_air)
    if found == NO_EFFECT and {airtime.start, airtime.end} & changed:
        return Effect("moves", "gets another window")
    return found


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
