"""The bases of the classes that a program makes, whichever host runs them.

A program imports them, so they load nothing but Pulumi: the models of the vendors and all that
works with them come with the first resource.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import pulumi

from pulumi_livepull.core.naming import camel

_SNAKE = re.compile(r"(?<![A-Za-z0-9_])[a-z][a-z0-9]*(_[a-z0-9]+)+(?![A-Za-z0-9_])")


class HostedResource(pulumi.CustomResource):
    """What the generated classes share: the choice of the host, secrets, and doubtful inputs.

    An explicit `livepull.Provider`, or `livepull:host: plugin` in the stack's config, sends a
    resource to the plugin; all others run in the dynamic host. A subclass is generated; its class
    argument `token` names the resource.
    """

    _token: ClassVar[str]

    _is_of_plugin: ClassVar[bool] = False
    """Whether the plugin itself makes it, for a component."""

    def __init_subclass__(cls, token: str) -> None:
        super().__init_subclass__()
        cls._token = token

    def _register(
        self,
        resource_name: str,
        inputs: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """Make the resource; the name is none of Python's, for the sake of the source position.

        Pulumi notes who calls the third `__init__`, which is to be that of the generated class.
        Source: `_get_stack_trace` in pulumi.runtime.resource.
        """
        from pulumi_livepull.hosts.registration import register  # noqa: PLC0415

        register(self, self._token, resource_name, inputs, opts, is_of_plugin=self._is_of_plugin)

    def translate_input_property(self, prop: str) -> str:
        """Return a path of options such as `ignore_changes` in Pulumi's spelling.

        Pulumi's SDK asks this, after all transforms, of each path that an option names.
        """
        return _SNAKE.sub(lambda found: camel(found[0]), prop)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Return one that exists already, by its id, to read its outputs. It is never changed."""
        with_id = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        return cls.of(resource_name, {}, with_id)

    @classmethod
    def of(
        cls, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions
    ) -> Self:
        """Return one with inputs in Pulumi's spelling."""
        made = cls.__new__(cls)
        made._register(resource_name, inputs, opts)
        return made

    def _output(self, name: str) -> pulumi.Output[Any]:
        output: pulumi.Output[Any] = pulumi.get(self, name)
        return output


class HostedProvider(pulumi.ProviderResource):
    """What the generated provider class shares with no other: its secret settings are wrapped."""

    def __init__(
        self,
        resource_name: str,
        settings: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        from pulumi_livepull.hosts.registration import register_provider  # noqa: PLC0415

        register_provider(self, resource_name, settings, opts)
