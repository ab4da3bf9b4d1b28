"""create: look for a duplicate, create, find the result if the answer was lost, read it back."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Set
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pulumi_livepull.core.answers import MAY_HAVE_TAKEN_EFFECT, read_only
from pulumi_livepull.core.lifecycle.adopt import adopt
from pulumi_livepull.core.lifecycle.diff import diff
from pulumi_livepull.core.lifecycle.duplicates import read_among_duplicates, refuse_duplicate
from pulumi_livepull.core.lifecycle.lost_answer import Attempt, is_compared, mismatches
from pulumi_livepull.core.lifecycle.redaction import operation
from pulumi_livepull.core.lifecycle.state import (
    Found,
    Unanswered,
    Unfinished,
    observed,
    read_back,
    state_after,
)
from pulumi_livepull.core.resource import Made, Resource
from pulumi_livepull.core.sharing import Answer
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import LivePullError, TransportError

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

_log = logging.getLogger(__name__)

NEXT_RUN_LOOKS = "Run it again: the next run looks for it before it creates another."
"""Hint for a create of which nobody can tell whether it took effect."""


def create(resource: type[Resource], api: Client, inputs: Mapping[str, Any]) -> Found:
    """Create the resource, once: if the answer is lost, look for the resource and keep it.

    Raises `Unfinished` if it exists but does not match all inputs, and `Unanswered` if nobody can
    tell whether it exists.
    """
    desired = resource.from_inputs(resource.by_field(inputs))
    with operation(resource, "create", inputs):
        if desired.adopt:
            return adopt(desired, api, inputs)
        try:
            made, answer = _make_once(desired, api, inputs)
        except LivePullError as refusal:
            if not refusal.holder or not _should_adopt(desired, api, refusal.holder, inputs):
                raise
            _log.warning("%s %s already existed and is adopted", desired.label(), refusal.holder)
            return adopt(desired.model_copy(update={"adopt": refusal.holder}), api, inputs)
    state = observed(resource, answer, {**inputs, **_shown_once(resource, made)})
    late = _still_to_send(resource, answer, inputs)
    if late:
        state = _finish(desired, api, made.id, late, state, inputs)
    return Found(made.id, dict(inputs), state)


def _make_once(desired: Resource, api: Client, inputs: Mapping[str, Any]) -> tuple[Made, Answer]:
    """Create it unless there is a duplicate, and return it with what the vendor shows of it.

    Raises `LivePullError`, whose `holder` is the id of an existing one.
    """
    resource, started = type(desired), api.now()
    # If a program has two tasks for one stream, the second must know the id of the first.
    with api.lock_for(_lock_key(desired)):
        refuse_duplicate(desired, api)
        made = _make(desired, api, inputs)
        answer = read_among_duplicates(desired, api, made.id)
    if answer is None:
        answer = read_back(resource, api, made.id, {**inputs, **_shown_once(resource, made)})
    if others := mismatches(desired, answer):
        made = _find_after_mixup(desired, api, started, made.id, others)
        answer = read_back(resource, api, made.id, inputs)
    return made, answer


def _lock_key(desired: Resource) -> object:
    """Return the key of the lock for creates of the same kind and stream."""
    push = desired.pushes()
    return (desired.token, push.stream) if push else _inputs_key(desired)


def _still_to_send(resource: type[Resource], answer: Answer, inputs: Mapping[str, Any]) -> Set[str]:
    """Return the inputs that the vendor accepts only in an update and that do not match yet."""
    shown = resource.from_wire(answer)
    return {
        prop.name
        for prop in resource.inputs()
        if prop.has(Trait.UPDATE_ONLY)
        and prop.camel in inputs
        and shown.get(prop.name) != inputs[prop.camel]
    }


def _shown_once(resource: type[Resource], made: Made) -> dict[str, Any]:
    """Return what the vendor shows only in the answer to a create, in Pulumi's spelling."""
    shown = resource.from_wire(made.shown_once)
    return {resource.properties()[name].camel: value for name, value in shown.items()}


def _find_after_mixup(
    desired: Resource, api: Client, started: datetime, wrong: str, others: list[str]
) -> Made:
    """Find what was really created when the answer named another resource, or raise."""
    lost = TransportError(
        f'the answer names "{wrong}", which has another {" and ".join(others)} than the inputs and '
        "is left alone",
        MAY_HAVE_TAKEN_EFFECT,
        sent=True,
    )
    return Made(_find_made(desired, api, started, lost, None), {})


def _should_adopt(
    desired: Resource, api: Client, resource_id: str, inputs: Mapping[str, Any]
) -> bool:
    """Return whether to adopt an existing one: it matches the inputs, and this run did not touch
    it."""
    if not api.run.adopts_same:
        return False
    resource = type(desired)
    with api.lock_for(("adopt", resource_id)):
        if resource_id in api.run.touched:
            return False
        with read_only():
            answer = resource.read(api, resource_id)
        if answer is None or not _matches_inputs(resource, api, answer, inputs):
            return False
        api.run.touched.add(resource_id)
    return True


def _matches_inputs(
    resource: type[Resource], api: Client, answer: Answer, inputs: Mapping[str, Any]
) -> bool:
    """Return whether everything that a resource shows matches the inputs, and nothing else is
    set."""
    changed = diff(
        resource, {}, observed(resource, answer, inputs), inputs, api.vendor_now()
    ).changed
    hidden = {prop.camel for prop in resource.inputs() if not is_compared(prop)}
    return changed <= hidden


def _make(desired: Resource, api: Client, inputs: Mapping[str, Any]) -> Made:
    """Create it and return it, even if the answer was lost."""
    started, inputs_key = api.now(), _inputs_key(desired)
    is_first = inputs_key not in api.run.attempted
    api.run.attempted.add(inputs_key)
    try:
        with api.run.shared.invalidating(desired.token):
            made = desired.create(api)
    except TransportError as lost:
        if not lost.sent:
            raise
        # Only the creation time distinguishes ours from one that is created later. It cannot
        # distinguish two that this run creates with the same inputs.
        may_wait = desired.identity.created is not None and is_first
        made = _find_made(desired, api, started, lost, inputs if may_wait else None)
    made = made if isinstance(made, Made) else Made(made, {})
    api.run.touched.add(made.id)
    return made


def _inputs_key(desired: Resource) -> object:
    """Return a key for the inputs of a create."""
    return desired.token, hash(repr(desired.to_inputs()))


def _find_made(
    desired: Resource,
    api: Client,
    started: datetime,
    lost: TransportError,
    pending: Mapping[str, Any] | None,
) -> str:
    """Return the id of the resource that a request with a lost answer created, or raise.

    Raises `Unanswered` with the inputs `pending`, if they are given, or else `TransportError`.
    """
    ended = api.now()
    found: list[str] = []
    try:
        there = [
            (resource_id, answer)
            for resource_id, answer in desired.list_like(api.undisturbed())
            if not (desired.identity.duplicates_within and resource_id in api.run.touched)
        ]
        # Compute the attempt now: the list may be the first answer with the vendor's clock.
        found = _attempt(api, started, ended).made(desired, there)
    except LivePullError as error:
        reason = f"Looking for it failed, too ({error.what}). {NEXT_RUN_LOOKS}"
    else:
        reason = f"It was not found afterwards. {NEXT_RUN_LOOKS}"
    match found:
        case [resource_id]:
            _log.info("%s %s was created, but its answer was lost", desired.label(), resource_id)
            return resource_id
        case [_, *_]:
            reason = f"More than one match now exists ({', '.join(found)}): delete all but one."
    if pending is None:
        raise TransportError(lost.what, reason, sent=True) from lost
    update_only = {prop.camel for prop in desired.inputs() if prop.has(Trait.UPDATE_ONLY)}
    sent = {name: value for name, value in pending.items() if name not in update_only}
    place = Found(
        _attempt(api, started, ended).id, dict(pending), observed(type(desired), {}, sent)
    )
    raise Unanswered(lost, reason, place) from lost


def _attempt(api: Client, started: datetime, ended: datetime) -> Attempt:
    return Attempt(api.on_vendor_clock(started), api.on_vendor_clock(ended))


def _finish(
    desired: Resource,
    api: Client,
    resource_id: str,
    late: Set[str],
    state: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> dict[str, Any]:
    """Send the inputs that the vendor accepts only in an update, and return the new state."""
    resource = type(desired)
    known = {**state, **inputs}
    try:
        with operation(resource, "create", known), api.run.shared.invalidating(resource.token):
            desired.update(api, resource_id, late)
    except LivePullError as error:
        lacking = {resource.properties()[name].camel for name in late}
        answer = read_back(resource, api.undisturbed(), resource_id, known)
        left = {
            name: value
            for name, value in observed(resource, answer, known).items()
            if answer or name not in lacking
        }
        where = f"{resource.label()} {resource_id} was created, but"
        raise Unfinished(error, Found(resource_id, dict(inputs), left), where) from error
    return state_after(resource, api, resource_id, known)
