"""adopt: manage an existing resource instead of creating one, and preview what that changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pulumi_livepull.core.lifecycle.diff import Diff, diff, is_secret
from pulumi_livepull.core.lifecycle.read import find
from pulumi_livepull.core.lifecycle.redaction import operation, redacted
from pulumi_livepull.core.lifecycle.state import Found
from pulumi_livepull.core.lifecycle.update import update
from pulumi_livepull.core.naming import respell
from pulumi_livepull.core.resource import Caution, Failure, Finding, Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import ConfigError, LivePullError

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

LONGEST = 80
"""How many characters of a value a preview shows."""


def adopt(desired: Resource, api: Client, inputs: Mapping[str, Any]) -> Found:
    """Adopt the resource that `adopt` names, and update it to match the inputs."""
    resource = type(desired)
    found, differences = _look(desired, api, inputs)
    api.run.touched.add(found.id)
    state = found.state
    if differences.changed:
        state = update(resource, api, found.id, {}, found.state, inputs)
    return Found(found.id, dict(inputs), state)


def preview_adoption(
    resource: type[Resource], api: Client, inputs: Mapping[str, Any]
) -> Iterator[Finding]:
    """Yield what adopting will change, or why it cannot work.

    If the vendor does not answer, that is only a warning, so that the preview can continue.
    """
    desired = resource.from_inputs(resource.by_field(inputs))
    try:
        with operation(resource, "adopt", inputs):
            found, differences = _look(desired, api, inputs)
    except ConfigError as error:
        yield Failure(("adopt",), f"cannot work: {error}")
    except LivePullError as error:
        yield Caution(("adopt",), f"could not be read: {redacted(error, resource, inputs)}")
    else:
        changes = _changes(resource, differences, found.state, inputs)
        text = f"takes over {found.id} " + (f"and changes {changes}" if changes else "as it is")
        effect = f". It {differences.effect.how}" if differences.effect.how else ""
        yield Caution(("adopt",), respell(text + effect, resource.properties()))


def _changes(
    resource: type[Resource], differences: Diff, state: Mapping[str, Any], inputs: Mapping[str, Any]
) -> str:
    """Return what differs, with old and new values unless they are secret."""
    return ", ".join(
        f"`{prop.name}` (secret)"
        if is_secret(prop, state, inputs)
        else f"`{prop.name}` from {_short(state.get(prop.camel))} to "
        f"{_short(inputs.get(prop.camel))}"
        for prop in resource.inputs()
        if prop.camel in differences.changed
    )


def _short(value: Any) -> str:
    if value is None:
        return "unset"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _look(desired: Resource, api: Client, inputs: Mapping[str, Any]) -> tuple[Found, Diff]:
    """Return the resource that `adopt` names, and what differs.

    Raises `ConfigError` if it does not exist, or if it differs in an input that cannot change.
    """
    resource = type(desired)
    shown = {
        prop.camel: inputs[prop.camel]
        for prop in resource.inputs()
        if prop.camel in inputs and not prop.has(Trait.WRITE_ONLY)
    }
    resource_id, found = find(resource, api, str(desired.adopt), inputs, shown)
    if found is None:
        raise ConfigError(
            f'{resource.label()} create failed: there is no "{resource_id}" to adopt',
            "Correct `adopt`, or remove it to create a new one. "
            f"Write the id as {resource.identity.id_form}.",
        )
    differences = diff(resource, {}, found.state, inputs, api.vendor_now(), resource_id)
    if differences.replaces:
        raise ConfigError(
            f'{resource.label()} create failed: "{resource_id}" differs in what cannot change: '
            + ", ".join(sorted(differences.replaces)),
            "Give it the same values, or remove `adopt` to create a new one.",
        )
    return found, differences
