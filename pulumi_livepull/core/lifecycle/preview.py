"""preview: the state after the operation, as far as it is known."""

from collections.abc import Mapping
from typing import Any

from pulumi_livepull.core.lifecycle.diff import differs
from pulumi_livepull.core.lifecycle.state import IF_GIVEN
from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.unknown import UNKNOWN


def preview(
    resource: type[Resource],
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the state after an update, or after a create if `state` is empty, with `UNKNOWN`."""
    return {
        prop.camel: value
        for prop in resource.properties().values()
        if prop.is_output and (value := _planned(prop, old_inputs, state, inputs)) is not None
    }


def _planned(
    prop: Property,
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> Any:
    if prop.camel in inputs:
        return inputs[prop.camel]
    if not prop.is_input:
        return state.get(prop.camel, UNKNOWN) if prop.has(Trait.IMMUTABLE) else UNKNOWN
    if IF_GIVEN & prop.traits:
        return None
    if prop.camel in state and not differs(prop, old_inputs, state, inputs):
        return state[prop.camel]
    # The vendor may or may not show its default for an omitted input.
    return UNKNOWN if prop.chosen_by_server or prop.unset_means is not None else None
