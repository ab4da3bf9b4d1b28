"""preview: what the state will hold once the inputs are brought about, as far as that is known."""

from collections.abc import Mapping
from typing import Any

from pulumi_livepull.core.lifecycle.comparing import differs
from pulumi_livepull.core.property import UNKNOWN, Property
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait


def foresee(
    resource: type[Resource], state: Mapping[str, Any], inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the state after a creation, if `state` is empty, or an update; `UNKNOWN` inside."""
    return {
        prop.camel: value
        for prop in resource.properties().values()
        if prop.is_output and (value := _foreseen(prop, state, inputs)) is not None
    }


def _foreseen(prop: Property, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    if prop.camel in inputs:
        return inputs[prop.camel]
    if not prop.is_input:
        return state.get(prop.camel, UNKNOWN) if prop.has(Trait.IMMUTABLE) else UNKNOWN
    if prop.has(Trait.SERVER_DEFAULT):
        kept = prop.camel in state and not differs(prop, {}, state, inputs)
        return state[prop.camel] if kept else UNKNOWN
    return None
