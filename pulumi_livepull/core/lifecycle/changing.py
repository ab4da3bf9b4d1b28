"""update and delete."""

from collections.abc import Mapping
from typing import Any

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle.comparing import diff
from pulumi_livepull.core.lifecycle.reading import same_account, state_after
from pulumi_livepull.core.lifecycle.saying import saying
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import ApiError, Denied, Throttled


def update(
    resource: type[Resource],
    api: Client,
    resource_id: str,
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> dict[str, Any]:
    """Bring the thing in line with checked inputs and return its new state."""
    changed = diff(resource, old_inputs, state, inputs, api.now()).changed
    desired = resource.from_inputs(
        resource.by_field({**_chosen(resource, state, inputs), **inputs})
    )
    names = {prop.name for prop in resource.inputs() if prop.camel in changed}
    with saying(resource, "update", inputs):
        try:
            desired.update(api, resource_id, names)
        except (Denied, Throttled):
            raise
        except ApiError as error:
            if resource.read(api, resource_id) is None:
                error.hint = (
                    "It was deleted outside this stack: run pulumi refresh, then pulumi up to make "
                    "a new one."
                )
            raise
    outputs = {
        prop.camel: state[prop.camel]
        for prop in resource.properties().values()
        if not prop.is_input and prop.camel in state
    }
    return state_after(resource, api, resource_id, {**outputs, **inputs})


def delete(
    resource: type[Resource], api: Client, resource_id: str, state: Mapping[str, Any]
) -> None:
    """Remove the thing; that it is gone already is success."""
    with saying(resource, "delete", state):
        try:
            resource.delete(api, resource_id)
        except (Denied, Throttled):
            raise
        except ApiError as error:
            # Vendors answer a deletion of nothing with many codes: only a look tells.
            if resource.read(api, resource_id) is not None:
                raise error
            same_account(resource, api, resource_id, state)


def _chosen(
    resource: type[Resource], state: Mapping[str, Any], inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the vendor chose, or what was once set and then left out: it stays as it is.

    An update that takes the complete settings would else unset it unseen.
    """
    return {
        prop.camel: state[prop.camel]
        for prop in resource.inputs()
        if prop.chosen_by_server
        and not {Trait.UPDATE_ONLY, Trait.AS_GIVEN} & prop.traits
        and prop.camel in state
        and prop.camel not in inputs
    }
