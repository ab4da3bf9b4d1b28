"""Mappings for `pulumi convert`, from resources of the vendors' Terraform providers to ours.

Source: Pulumi's Terraform bridge, `MarshallableProviderInfo` in pkg/tfbridge/info/info.go.
"""

import json
from collections.abc import Mapping
from typing import Any, get_origin

from pulumi_livepull.core.property import Property, bare_type
from pulumi_livepull.core.vendor import Terraform
from pulumi_livepull.hosts.registry import VERSION
from pulumi_livepull.vendors import VENDORS, named

SOURCE = "terraform"
"""Pulumi's name for the source of the conversion."""

STRING, LIST = 4, 5
"""Terraform's types. Source: `ValueType` in the bridge's pkg/tfshim/shim.go."""


def providers() -> list[str]:
    """Return the names of the Terraform providers that have a mapping."""
    return [vendor.name for vendor in VENDORS if vendor.terraform]


def mapping(provider: str) -> bytes:
    """Return the mapping for the resources of a Terraform provider, as JSON."""
    schemas: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    for theirs in named(provider).terraform:
        fields = _fields(theirs)
        schemas[theirs.name] = {name: _type(ours) for name, ours in fields.items()}
        resources[theirs.name] = {
            "tok": theirs.resource.token,
            "fields": {name: {"name": ours.camel} for name, ours in fields.items()},
        }
    document = {
        "name": provider,
        "version": VERSION,
        "provider": {"resources": schemas},
        "resources": resources,
    }
    return json.dumps(document).encode()


def _fields(theirs: Terraform) -> Mapping[str, Property]:
    """Return our inputs by their Terraform names."""
    return {
        theirs.names.get(ours.name, ours.name): ours
        for ours in theirs.resource.inputs()
        if ours.is_output and ours.name not in theirs.lacks
    }


def _type(ours: Property) -> dict[str, Any]:
    several = get_origin(bare_type(ours.info.annotation)) in {list, frozenset}
    text = {"type": STRING}
    return {"type": LIST, "element": {"schema": text}} if several else text
