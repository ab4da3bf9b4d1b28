"""The floor of the dynamic host: a provider that does nothing, pickled by reference as ours is."""

from collections.abc import Mapping
from typing import Any

from pulumi import dynamic

from benchmarks.task import ID, OUTPUTS


class Provider(dynamic.ResourceProvider):
    """Makes nothing: what goes in comes out, and so do the outputs of a task."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Answer at once."""
        return dynamic.CreateResult(ID, {**props, **OUTPUTS})


class Noop(dynamic.Resource):
    """A resource with any inputs, and the outputs of a task."""

    def __init__(self, resource_name: str, inputs: Mapping[str, Any]) -> None:
        super().__init__(Provider(), resource_name, {**dict.fromkeys(OUTPUTS), **inputs})
