"""Base classes of the resources in a program, for both hosts.

Every program imports them, so they load only Pulumi. The vendors' classes are loaded with the first
resource.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import pulumi

from pulumi_livepull.core.naming import camel

_SNAKE = re.compile(r"(?<![A-Za-z0-9_])[a-z][a-z0-9]*(_[a-z0-9]+)+(?![A-Za-z0-9_])")


class HostedResource(pulumi.CustomResource):
    """Base class of the generated resources: selects the host, marks secrets, warns about inputs.

    With an explicit `livepull.Provider`, or `livepull:host: plugin` in the stack's config, a
    resource runs in the plugin; otherwise, in the dynamic host. Subclasses are generated; the class
    argument `token` names the resource.
    """

    _token: ClassVar[str]

    _is_of_plugin: ClassVar[bool] = False
    """Whether the plugin itself creates it, for a component."""

    def __init_subclass__(cls, token: str) -> None:
        super().__init_subclass__()
        cls._token = token

    def _register(
        self,
        resource_name: str,
        inputs: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """Register the resource. This is not `__init__`, so that Pulumi finds the right source
        position.

        Pulumi records the caller of the third `__init__`, which must be the generated class's.
        Source: `_get_stack_trace` in pulumi.runtime.resource.
        """
        from pulumi_livepull.hosts.registration import register  # noqa: PLC0415

        register(self, self._token, resource_name, inputs, opts, is_of_plugin=self._is_of_plugin)

    def translate_input_property(self, prop: str) -> str:
        """Convert a path in options such as `ignore_changes` to Pulumi's spelling.

        Pulumi's SDK calls this for each path in an option, after all transforms.
        """
        return _SNAKE.sub(lambda found: camel(found[0]), prop)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Return an existing resource by its id, to read its outputs. It is never changed."""
        with_id = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        return cls.of(resource_name, {}, with_id)

    @classmethod
    def of(
        cls, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions
    ) -> Self:
        """Create one from inputs in Pulumi's spelling."""
        made = cls.__new__(cls)
        made._register(resource_name, inputs, opts)
        return made

    def _output(self, name: str) -> pulumi.Output[Any]:
        output: pulumi.Output[Any] = pulumi.get(self, name)
        return output


class HostedProvider(pulumi.ProviderResource):
    """Base class of the generated provider. It marks secret settings."""

    def __init__(
        self,
        resource_name: str,
        settings: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        from pulumi_livepull.hosts.registration import register_provider  # noqa: PLC0415

        register_provider(self, resource_name, settings, opts)
