"""update: change in place what differs, and keep the result even if it is partial."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Any

from pulumi_livepull.core.lifecycle.diff import diff
from pulumi_livepull.core.lifecycle.lost_answer import Attempt
from pulumi_livepull.core.lifecycle.read import read
from pulumi_livepull.core.lifecycle.redaction import operation
from pulumi_livepull.core.lifecycle.state import Found, Unfinished, state_after
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import ConfigError, LivePullError, WaitError

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

GONE = "It was deleted outside this stack: run pulumi refresh, then pulumi up to create a new one."
"""Hint for an update of something that no longer exists."""


def update(
    resource: type[Resource],
    api: Client,
    resource_id: str,
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> dict[str, Any]:
    """Update the resource to match checked inputs, and return its new state.

    If nothing differs, the last update was not finished, so every input is sent again. Raises
    `Unfinished` if only part of the change took effect.
    """
    if Attempt.with_id(resource_id):
        raise ConfigError(
            f"{resource.label()} update failed: it is not known whether it was created",
            "Run pulumi refresh, which looks for it, and then pulumi up.",
        )
    changed = diff(resource, old_inputs, state, inputs, api.vendor_now()).changed
    chosen = _server_chosen(resource, state, inputs)
    desired = resource.from_inputs(resource.by_field({**chosen, **inputs}))
    names = {
        prop.name
        for prop in resource.inputs()
        if prop.camel in (changed or inputs.keys()) and (changed or prop.name in resource.mutable())
    }
    _send(desired, api, names, Found(resource_id, dict(old_inputs), dict(state)), inputs)
    outputs = {
        prop.camel: state[prop.camel]
        for prop in resource.properties().values()
        if not prop.is_input and prop.camel in state
    }
    return state_after(resource, api, resource_id, {**outputs, **chosen, **inputs})


def _send(
    desired: Resource,
    api: Client,
    names: Set[str],
    before: Found,
    inputs: Mapping[str, Any],
) -> None:
    """Send the update. After a failure, find out whether it took effect in part."""
    resource = type(desired)
    try:
        with operation(resource, "update", inputs), api.run.shared.invalidating(resource.token):
            desired.update(api, before.id, names)
    except LivePullError as error:
        asked = isinstance(error, WaitError)  # It may still take effect.
        try:
            now = read(resource, api.undisturbed(), before.id, before.inputs, before.state)
        except LivePullError:
            raise error from None
        if now is None:
            error.hint = GONE
        elif _shown(resource, now.state) != _shown(resource, before.state) or asked:
            raise Unfinished(error, now) from error
        raise


def _shown(resource: type[Resource], state: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an update may change. Other outputs, such as a position, change by themselves."""
    names = {"status", *(prop.camel for prop in resource.inputs())}
    return {name: value for name, value in state.items() if name in names}


def _server_chosen(
    resource: type[Resource], state: Mapping[str, Any], inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return values that the vendor chose, or that were removed from the program: they stay.

    Otherwise, an update that takes the complete settings would silently unset them.
    """
    return {
        prop.camel: state[prop.camel]
        for prop in resource.inputs()
        if prop.chosen_by_server
        and not {Trait.UPDATE_ONLY, Trait.AS_GIVEN} & prop.traits
        and prop.camel in state
        and prop.camel not in inputs
    }
