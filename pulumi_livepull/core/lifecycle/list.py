"""list: all existing resources of a kind, as they would be imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pulumi_livepull.core.answers import read_only
from pulumi_livepull.core.lifecycle.redaction import operation
from pulumi_livepull.core.lifecycle.state import Found, described
from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import ConfigError, Unlistable

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

NOT_LISTED = frozenset({Trait.WRITE_ONLY, Trait.UPDATE_ONLY})
"""Traits of fields that no list shows."""


def listed_outputs(resource: type[Resource]) -> dict[str, Property]:
    """Return the outputs that a vendor returns for every resource, by name in Pulumi's spelling."""
    kept_back = {p.name for p in resource.properties().values() if NOT_LISTED & p.traits}
    return {
        prop.camel: prop
        for prop in resource.properties().values()
        if prop.is_output and prop.name.removesuffix("_fingerprint") not in kept_back
    }


def find_all(resource: type[Resource], api: Client, where: Mapping[str, Any]) -> Iterator[Found]:
    """Yield every resource of a kind whose outputs equal `where`, which is in Pulumi's spelling.

    Raises `ConfigError` if `where` lacks a filter that the vendor requires, or contains an unknown
    output or a wrong value.
    """
    wanted = _normal(resource, where)
    asked = _list_filter(resource, wanted)
    with operation(resource, "list", {}), read_only():
        for resource_id, answer in resource.list_all(api, asked):
            if not resource_id:
                continue
            found = described(resource, resource_id, answer)
            if wanted.items() <= {**_spellings(resource, answer), **found.state}.items():
                yield found


def _spellings(resource: type[Resource], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `AsGiven` outputs of an answer, in every spelling."""
    fields = resource.properties()
    got = resource.from_wire(answer).items()
    return {fields[name].camel: value for name, value in got if fields[name].has(Trait.AS_GIVEN)}


def _normal(resource: type[Resource], where: Mapping[str, Any]) -> dict[str, Any]:
    outputs = listed_outputs(resource)
    known = {prop.camel for prop in resource.properties().values() if prop.is_output}
    for name, value in where.items():
        unfit = "is not returned by the vendor" if name in known else "is not an output"
        problems = outputs[name].problems(value) if name in outputs else [((), unfit)]
        for _, reason in problems:
            raise ConfigError(
                f"{resource.label()} cannot be filtered by {name}: it {reason}",
                f"The vendor returns {', '.join(outputs)}.",
            )
    return {name: outputs[name].normal(value) for name, value in where.items()}


def _list_filter(resource: type[Resource], wanted: Mapping[str, Any]) -> dict[str, str]:
    """Return the filter for the vendor's list, by field name."""
    spelled = {
        name: resource.properties()[name].camel
        for name in (*resource.listing.under, *resource.listing.by)
    }
    for name in resource.listing.under:
        if spelled[name] not in wanted:
            raise Unlistable(
                f"{resource.label()}: the vendor lists them only by {spelled[name]}", spelled[name]
            )
    return {name: str(wanted[camel]) for name, camel in spelled.items() if camel in wanted}
