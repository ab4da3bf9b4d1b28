"""effect: what a change does on air, and the phrase that says so."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, NamedTuple

from pulumi_livepull.core.on_air import NO_EFFECT, Airtime, Effect, Span
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.unknown import UNKNOWN

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
    """Return what a change of the inputs in `changed` does on air."""
    airtime = resource.airtime
    if airtime is None or not changed:
        return NO_EFFECT
    after = airtime.span_after({} if replaced else state, news)
    change = _Change(resource, airtime, state, news, changed, after, now, replaced)
    if not airtime.is_open(state, now):
        return change.of_closed()
    return change.of_stopped() if airtime.is_stopped(state) else change.of_running()


class _Change(NamedTuple):
    """A change of a relay. `after` is its new window, or `None` if that is not known yet."""

    resource: type[Resource]
    airtime: Airtime
    state: Mapping[str, Any]
    news: Mapping[str, Any]
    changed: Set[str]
    after: Span | None
    now: datetime
    replaced: bool

    def of_running(self) -> Effect:
        """Return the effect on a relay that is on air."""
        if self.news.get("running") is False and (self.replaced or "running" in self.changed):
            return Effect("stops", "is stopped and goes off air")
        if self.after and not self.after.is_open(self.now):
            until = (
                "for good: its window is over" if self._is_over else "until its new window opens"
            )
            return Effect("goes off air", f"goes off air {until}")
        if self.replaced:
            return Effect("goes off air", "goes off air while it is replaced")
        found = self._of_update(on_air=True)
        return self._move if found == NO_EFFECT else found

    def of_stopped(self) -> Effect:
        """Return the effect on a relay that is stopped within its window."""
        running = self.news.get("running")
        runs_again = self.replaced or (running is True and "running" in self.changed)
        if running is False:
            return NO_EFFECT
        if self.after and not self.after.is_open(self.now):
            if self._is_over or not runs_again:
                return NO_EFFECT
            return Effect("is planned", "goes on air when its new window opens")
        if runs_again:
            return Effect("starts", "is started and goes on air")
        return self._of_update(on_air=False)

    def of_closed(self) -> Effect:
        """Return the effect on a relay outside its window."""
        was_planned = self.state.get("running") is not False and not self.resource.ended_at(
            self.state, self.now
        )
        is_planned = self.news.get("running") is not False and not self._is_over
        if was_planned and not is_planned:
            return Effect("is cancelled", "is cancelled before its window opens")
        if not is_planned:
            return NO_EFFECT
        if self.after and self.after.is_open(self.now):
            return Effect("starts", "goes on air")
        if not was_planned:
            return Effect("is planned", "goes on air when its window opens")
        return self._move

    @property
    def _is_over(self) -> bool:
        return bool(self.after and self.after.end and self.after.end <= self.now)

    @property
    def _move(self) -> Effect:
        if not {self.airtime.start, self.airtime.end} & self.changed:
            return NO_EFFECT
        return MOVES if self.after else Effect("moves", "gets a window that is not known yet")

    def _of_update(self, *, on_air: bool) -> Effect:
        old = {**self.resource.by_field(self.state), **self.state}
        return self.resource.update_effect(old, self.changed, on_air=on_air)


def effect_of_create(resource: type[Resource], inputs: Mapping[str, Any], now: datetime) -> Effect:
    """Return what a new resource does on air. `inputs` is in Pulumi's spelling."""
    airtime = resource.airtime
    if airtime is None or inputs.get("running") is False:
        return NO_EFFECT
    span = airtime.span_after({}, inputs)
    if span is None:
        return Effect("is planned", "goes on air at a time that is not known yet")
    if span.end is not None and span.end <= now:
        return NO_EFFECT
    if span.is_open(now):
        return Effect("starts", "goes on air")
    return Effect("is planned", "goes on air when its window opens")


def effect_of_delete(resource: type[Resource], state: Mapping[str, Any], now: datetime) -> Effect:
    """Return what deleting a resource does on air. `state` is in Pulumi's spelling."""
    airtime = resource.airtime
    if airtime is None or resource.ended_at(state, now) or airtime.is_stopped(state):
        return NO_EFFECT
    if not airtime.is_open(state, now):
        return Effect("is cancelled", "is cancelled before its window opens")
    return Effect("goes off air", "goes off air for good")


def subject(resource: type[Resource], resource_id: str, state: Mapping[str, Any]) -> str:
    """Return a resource's name for messages: its kind, stream and id, without any key."""
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
    """Return whether a relay is stopped although its inputs no longer say so."""
    return (
        resource.airtime is not None
        and state.get("running") is False
        and news.get("running") in (None, UNKNOWN)
    )
