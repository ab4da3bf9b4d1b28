"""The floor of the dynamic host: a provider that does nothing, pickled by reference as ours is."""

from collections.abc import Mapping
from typing import Any

from pulumi import dynamic

from benchmarks.task import OUTPUTS


class Provider(dynamic.ResourceProvider):
    """Makes nothing: what goes in comes out, and so do `outputs`."""

    serialize_as_secret_always = False

    def __init__(self, outputs: str) -> None:
        super().__init__()
        self.outputs = outputs

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Answer at once."""
        return dynamic.CreateResult("noop", {**props, **OUTPUTS[self.outputs]})


class Noop(dynamic.Resource):
    """A resource with any inputs, and one of the sets of outputs."""

    def __init__(self, resource_name: str, inputs: Mapping[str, Any], outputs: str) -> None:
        declared = dict.fromkeys(OUTPUTS[outputs])
        super().__init__(Provider(outputs), resource_name, {**declared, **inputs})
