"""create: make a thing once, whatever becomes of the answer."""

import logging
from collections.abc import Mapping, Set
from datetime import datetime, timedelta
from typing import Any

from pulumi_livepull.core.answers import looking
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle.changing import update
from pulumi_livepull.core.lifecycle.comparing import diff
from pulumi_livepull.core.lifecycle.reading import Found, look, observed, read, state_after
from pulumi_livepull.core.lifecycle.saying import saying
from pulumi_livepull.core.resource import Made, Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import ConfigError, LivePullError, TransportError, Unfinished

_log = logging.getLogger(__name__)

CLOCKS_APART = timedelta(seconds=5)
"""How far the vendor's `created` time may lie before our own reading of the vendor's clock."""

LOOKS_FIRST = "Run it again: it looks first, so that none is made twice."
"""How to go on when nobody can tell whether something was made."""

NOT_COMPARED = frozenset({Trait.WRITE_ONLY, Trait.UPDATE_ONLY, Trait.LOCAL})
"""Traits of inputs that a creation does not send or a reply does not show."""


def create(resource: type[Resource], api: Client, inputs: Mapping[str, Any]) -> Found:
    """Make the thing, once: after a lost answer it is looked for, and adopted if it is there.

    Raises `Unfinished` if it exists but a part of the wishes could not be fulfilled.
    """
    desired = resource.from_inputs(resource.by_field(inputs))
    started = api.now()
    with saying(resource, "create", inputs):
        if desired.adopt:
            return _adopt(desired, api, inputs)
        with api.shared.changing(resource.token):
            made = _make(desired, api, started)
    told = {
        resource.properties()[name].camel: value
        for name, value in resource.from_wire(made.told).items()
    }
    known = {**inputs, **told}
    answer = look(resource, api, made.id, known)
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


def _make(desired: Resource, api: Client, started: datetime) -> Made:
    if desired.twins:
        _refuse_twin(desired, api)
    try:
        made = desired.create(api)
    except TransportError as lost:
        if not lost.sent:
            raise
        made = _find_created(desired, api, started, lost)
    made = made if isinstance(made, Made) else Made(made, {})
    api.touched.add(made.id)
    return made


def _refuse_twin(desired: Resource, api: Client) -> None:
    """Raise `ConfigError` if the same was there before this run: two would fight over a stream.

    A run that was killed leaves one that no state knows. One look serves the whole run, because
    what this run makes or deletes is known.
    """
    with looking():
        there = api.once(
            (desired.token, getattr(desired, str(desired.twins))),
            lambda: {found: desired.from_wire(answer) for found, answer in desired.list_like(api)},
        )
    wanted = desired.to_inputs()
    for resource_id, got in there.items():
        same = resource_id not in api.touched and _is_same(desired, wanted, got)
        if same and _is_alive(desired, api, resource_id):
            raise ConfigError(
                f'{desired.label()} create failed: "{resource_id}" is the same already, and two '
                "would interrupt one another",
                "Set `adopt` to that id to take it over, as after a run that was killed, or delete "
                "it. If it is in this stack under another name, set the option `aliases`; if it is "
                "to be replaced, `deleteBeforeReplace`.",
            )


def _is_alive(desired: Resource, api: Client, resource_id: str) -> bool:
    with looking():
        answer = desired.read(api, resource_id)
    return answer is not None and not desired.ended_at(
        observed(type(desired), answer, {}), api.now()
    )


def _find_created(desired: Resource, api: Client, started: datetime, lost: TransportError) -> str:
    """Return the id of the one thing that the lost request made, or say what to check."""
    wanted = desired.to_inputs()
    try:
        found = [
            resource_id
            for resource_id, answer in desired.list_like(api.undisturbed())
            if not (desired.twins and resource_id in api.touched)
            and _made_by(desired, wanted, answer, api.on_vendor_clock(started))
        ]
    except LivePullError as error:
        raise TransportError(
            lost.what,
            f"Nor could it be looked for ({error.what}). {LOOKS_FIRST}",
            sent=True,
        ) from lost
    match found:
        case [resource_id]:
            _log.info("%s %s was made although its answer was lost", desired.label(), resource_id)
            return resource_id
        case []:
            hint = f"It was not found afterwards. {LOOKS_FIRST}"
        case _:
            hint = f"More than one match now exists ({', '.join(found)}): delete all but one."
    raise TransportError(lost.what, hint, sent=True) from lost


def _made_by(
    desired: Resource, wanted: dict[str, Any], answer: Mapping[str, Any], started: datetime
) -> bool:
    got = desired.from_wire(answer)
    same = _is_same(desired, wanted, got)
    if desired.created is None:
        return same
    try:
        made = datetime.fromisoformat(str(got.get(desired.created)))
        return same and made >= started - CLOCKS_APART
    except (TypeError, ValueError):
        return False


def _is_same(desired: Resource, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Tell whether a thing is as all inputs want it that its creation would send."""
    return all(
        field.name not in wanted or wanted[field.name] == got.get(field.name)
        for field in desired.inputs()
        if not NOT_COMPARED & field.traits
    )


def _adopt(desired: Resource, api: Client, inputs: Mapping[str, Any]) -> Found:
    """Take over the one that `adopt` names, brought in line with the inputs."""
    resource, resource_id = type(desired), desired.full_id(api, str(desired.adopt))
    shown = {
        prop.camel: inputs[prop.camel]
        for prop in resource.inputs()
        if prop.camel in inputs and not prop.has(Trait.WRITE_ONLY)
    }
    found = read(resource, api, resource_id, inputs, shown)
    if found is None:
        raise ConfigError(
            f'{resource.label()} create failed: there is no "{resource_id}" to adopt',
            "Correct `adopt`, or leave it out to make a new one.",
        )
    differences = diff(resource, {}, found.state, inputs, api.now())
    if differences.replaces:
        raise ConfigError(
            f'{resource.label()} create failed: "{resource_id}" differs in what cannot change: '
            + ", ".join(sorted(differences.replaces)),
            "Give it the same values, or leave out `adopt` to make a new one.",
        )
    state = found.state
    if differences.changed:
        state = update(resource, api, resource_id, {}, found.state, inputs)
    return Found(resource_id, dict(inputs), state)


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
