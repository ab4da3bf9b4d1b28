"""create: make a thing once, whatever becomes of the answer, and none beside one like it."""

import logging
from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from pulumi_livepull.core.answers import MAYBE_DONE, looking
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle.adopting import adopt
from pulumi_livepull.core.lifecycle.comparing import diff
from pulumi_livepull.core.lifecycle.reading import Found, look, observed, state_after
from pulumi_livepull.core.lifecycle.saying import saying
from pulumi_livepull.core.lifecycle.twins import give_way, refuse_twin
from pulumi_livepull.core.lifecycle.unanswered import Attempt, is_compared, of_another
from pulumi_livepull.core.resource import Made, Resource
from pulumi_livepull.core.sharing import Answer
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import (
    LivePullError,
    TransportError,
    Unanswered,
    Unfinished,
)

_log = logging.getLogger(__name__)

LOOKS_FIRST = "Run it again: it looks first, so that none is made twice."
"""How to go on when nobody can tell whether something was made."""


def create(resource: type[Resource], api: Client, inputs: Mapping[str, Any]) -> Found:
    """Make the thing, once: after a lost answer it is looked for, and adopted if it is there.

    Raises `Unfinished` if it exists but a part of the wishes could not be fulfilled, and
    `Unanswered` if nobody can tell whether it exists.
    """
    desired = resource.from_inputs(resource.by_field(inputs))
    started = api.now()
    with saying(resource, "create", inputs):
        if desired.adopt:
            return adopt(desired, api, inputs)
        try:
            made, answer = _make_alone(desired, api, inputs)
            if answer is None:
                answer = look(resource, api, made.id, {**inputs, **_told(resource, made)})
            if others := of_another(desired, answer):
                made = _find_instead(desired, api, started, made.id, others)
                answer = look(resource, api, made.id, inputs)
        except LivePullError as refusal:
            if not refusal.holder or not _is_to_be_adopted(desired, api, refusal.holder, inputs):
                raise
            _log.warning("%s %s was there and is taken over", desired.label(), refusal.holder)
            taken = desired.model_copy(update={"adopt": refusal.holder})
            return adopt(taken, api, inputs)
    known = {**inputs, **_told(resource, made)}
    state = observed(resource, answer, known)
    shown = resource.from_wire(answer)
    late = {
        prop.name
        for prop in resource.inputs()
        if prop.has(Trait.UPDATE_ONLY)
        and prop.camel in inputs
        and shown.get(prop.name) != inputs[prop.camel]
    }
    if late:
        state = _finish(desired, api, made.id, late, state, inputs)
    return Found(made.id, dict(inputs), state)


def _told(resource: type[Resource], made: Made) -> dict[str, Any]:
    """Return what the vendor tells at creation only, in Pulumi's spelling."""
    told = resource.from_wire(made.told)
    return {resource.properties()[name].camel: value for name, value in told.items()}


def _find_instead(
    desired: Resource, api: Client, started: datetime, wrong: str, others: list[str]
) -> Made:
    """Return what was really made where the answer named another thing, or raise."""
    lost = TransportError(
        f'the answer names "{wrong}", which has another {" and ".join(others)} than was asked '
        "for, and is left alone",
        MAYBE_DONE,
        sent=True,
    )
    return Made(_find_made(desired, api, started, lost, None), {})


def _is_to_be_adopted(
    desired: Resource, api: Client, resource_id: str, inputs: Mapping[str, Any]
) -> bool:
    """Tell whether the user wants what stands in the way: the same, and not this run's so far."""
    if not api.adopts_same:
        return False
    resource = type(desired)
    with api.alone(("adopt", resource_id)):
        if resource_id in api.touched:
            return False
        with looking():
            answer = resource.read(api, resource_id)
        if answer is None or not _is_as_asked_for(resource, api, answer, inputs):
            return False
        api.touched.add(resource_id)
    return True


def _is_as_asked_for(
    resource: type[Resource], api: Client, answer: Answer, inputs: Mapping[str, Any]
) -> bool:
    """Tell whether all that a thing shows is as the inputs want it, and no more is set."""
    changed = diff(
        resource, {}, observed(resource, answer, inputs), inputs, api.vendor_now()
    ).changed
    hidden = {prop.camel for prop in resource.inputs() if not is_compared(prop)}
    return changed <= hidden


def _make_alone(
    desired: Resource, api: Client, inputs: Mapping[str, Any]
) -> tuple[Made, Answer | None]:
    """Make it if there is none like it, and return what is shown of it, if it was looked at.

    Who only looks before would make a second one beside another run that looks at the same time.
    So it is looked for again afterwards, and who sees another gives way.
    """
    if not desired.twins:
        return _make(desired, api, inputs)[0], None
    push = desired.pushes()
    # Two that one program wants alike know each other, because one waits for the other.
    with api.alone((desired.token, push.stream) if push else _alike(desired)):
        refuse_twin(desired, api)
        made, is_told = _make(desired, api, inputs)
        return made, give_way(desired, api, made.id, inputs, is_told=is_told)


def _make(desired: Resource, api: Client, inputs: Mapping[str, Any]) -> tuple[Made, bool]:
    """Return what was made, and whether the vendor told so itself."""
    started, alike = api.now(), _alike(desired)
    is_first = alike not in api.attempted
    api.attempted.add(alike)
    is_told = True
    try:
        with api.shared.changing(desired.token):
            made = desired.create(api)
    except TransportError as lost:
        if not lost.sent:
            raise
        is_told = False
        # Only a time of creation tells ours from what somebody makes later, and not even that one
        # of two that this run wants alike from the other.
        has_place = desired.created is not None and is_first
        made = _find_made(desired, api, started, lost, inputs if has_place else None)
    made = made if isinstance(made, Made) else Made(made, {})
    api.touched.add(made.id)
    return made, is_told


def _alike(desired: Resource) -> object:
    """Return what stands for the inputs of a creation."""
    return desired.token, hash(repr(desired.to_inputs()))


def _find_made(
    desired: Resource,
    api: Client,
    started: datetime,
    lost: TransportError,
    kept: Mapping[str, Any] | None,
) -> str:
    """Return the id of the one thing that the lost request made, or say what to check.

    Where the inputs are to be `kept`, that is said by `Unanswered`.
    """
    ended = api.now()
    try:
        there = [
            (resource_id, answer)
            for resource_id, answer in desired.list_like(api.undisturbed())
            if not (desired.twins and resource_id in api.touched)
        ]
    except LivePullError as error:
        there, reason = [], f"Nor could it be looked for ({error.what}). {LOOKS_FIRST}"
    else:
        reason = f"It was not found afterwards. {LOOKS_FIRST}"
    # The answer to the look may be the first to tell what the vendor's clock shows.
    attempt = Attempt(api.on_vendor_clock(started), api.on_vendor_clock(ended))
    match attempt.made(desired, there):
        case [resource_id]:
            _log.info("%s %s was made although its answer was lost", desired.label(), resource_id)
            return resource_id
        case [_, *_] as found:
            reason = f"More than one match now exists ({', '.join(found)}): delete all but one."
    if kept is None:
        raise TransportError(lost.what, reason, sent=True) from lost
    wishes = {prop.camel for prop in desired.inputs() if prop.has(Trait.UPDATE_ONLY)}
    sent = {name: value for name, value in kept.items() if name not in wishes}
    place = Found(attempt.id, dict(kept), observed(type(desired), {}, sent))
    raise Unanswered(lost, reason, place) from lost


def _finish(
    desired: Resource,
    api: Client,
    resource_id: str,
    late: Set[str],
    state: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> dict[str, Any]:
    """Send what the vendor takes in an update only, and return the state with it."""
    resource = type(desired)
    known = {**state, **inputs}
    try:
        with saying(resource, "create", known), api.shared.changing(resource.token):
            desired.update(api, resource_id, late)
    except LivePullError as error:
        lacking = {resource.properties()[name].camel for name in late}
        answer = look(resource, api.undisturbed(), resource_id, known)
        left = {
            name: value
            for name, value in observed(resource, answer, known).items()
            if answer or name not in lacking
        }
        where = f"{resource.label()} {resource_id} was made, but"
        raise Unfinished(error, Found(resource_id, dict(inputs), left), where) from error
    return state_after(resource, api, resource_id, known)
