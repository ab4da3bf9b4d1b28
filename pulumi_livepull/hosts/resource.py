"""The base of the classes that a user's program makes, whichever host runs them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self
from weakref import WeakKeyDictionary, WeakSet

import pulumi
from pulumi import dynamic
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime import settings
from pulumi.runtime.config import CONFIG, get_config_env
from pulumi.runtime.proto.resource_pb2_grpc import ResourceMonitorStub

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import utc_now
from pulumi_livepull.core.conflicts import Conflicts
from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import carries_key
from pulumi_livepull.core.vendor import NAMESPACE
from pulumi_livepull.hosts import configuration, installation
from pulumi_livepull.hosts.dynamic import dynamic_type, pickled
from pulumi_livepull.hosts.registry import VERSION, find_resource, secret_keys
from pulumi_livepull.hosts.values import from_pulumi, with_texts

PACKAGE = NAMESPACE.rstrip(":")
"""The name of the package in the engine."""

HOST_KEY = "host"
"""The key of a stack's config that chooses the host: `livepull:host`."""

_SNAKE = re.compile(r"(?<![A-Za-z0-9_])[a-z][a-z0-9]*(_[a-z0-9]+)+(?![A-Za-z0-9_])")

_conflicts: WeakKeyDictionary[object, Conflicts] = WeakKeyDictionary()
"""The resources of each run of a program: one process may run several, and each has a connection of
its own to the engine."""


_warned: WeakSet[object] = WeakSet()
"""The runs that were told of settings that nothing reads."""


class HostedResource(dynamic.Resource):
    """What the generated classes share: the choice of the host, secrets, and doubtful inputs.

    An explicit `livepull.Provider`, or `livepull:host: plugin` in the stack's config, sends a
    resource to the plugin; all others run in the dynamic host. A subclass is generated; its class
    argument `token` names the resource.
    """

    _kind: ClassVar[type[Resource]]

    _is_of_plugin: ClassVar[bool] = False
    """Whether the plugin itself makes it, for a component."""

    def __init_subclass__(cls, token: str) -> None:
        vendor, cls._kind = find_resource(token)
        super().__init_subclass__(module=f"livepull/{vendor.name}", name=cls._kind.__name__)

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
        given = {name: value for name, value in inputs.items() if value is not None}
        given |= {
            prop.camel: with_texts(given[prop.camel])
            for prop in self._kind.inputs()
            if prop.holds_time and prop.camel in given
        }
        outputs = [prop for prop in self._kind.properties().values() if prop.is_output]
        secret = [prop.camel for prop in outputs if prop.has(Trait.SECRET)]
        props = dict.fromkeys(prop.camel for prop in outputs) | _wrapped(self._kind, given)
        opts = pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(additional_secret_outputs=secret)
        )
        if opts.delete_before_replace is None:
            # A replacement that was asked for, as with --replace, goes by this and not by the diff.
            opts.delete_before_replace = self._kind.delete_before_replace
        if in_plugin(opts):
            opts.version = opts.version or VERSION
            if not self._is_of_plugin:
                refuse_without_plugin(opts)
            # What the stack has in the dynamic host is taken over, and not made a second time.
            former = pulumi.Alias(type_=dynamic_type(self._kind.token))
            opts.aliases = [*(opts.aliases or ()), former]
            pulumi.CustomResource.__init__(self, self._kind.token, resource_name, props, opts)
            return
        if opts.replace_on_changes:
            # The engine goes by a detailed diff, which Pulumi's SDK cannot hand on here.
            raise pulumi.RunError(
                f'{self._kind.label()} "{resource_name}": replace_on_changes has no effect in the '
                f"dynamic host. Take it out, or set {NAMESPACE}{HOST_KEY} to plugin"
            )
        props[PROVIDER_KEY] = pickled(self._kind.token)
        kind = dynamic_type(self._kind.token)
        pulumi.CustomResource.__init__(self, kind, resource_name, props, opts)
        _warn_of_settings()
        if given:
            pulumi.Output.all(**given).apply(self._point_out)

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

    def _point_out(self, known: Mapping[str, Any]) -> None:
        """Say what is doubtful: the plugin does so itself, a dynamic provider cannot."""
        checked = lifecycle.check(self._kind, {}, from_pulumi(known), utc_now())
        name = self.pulumi_resource_name
        for caution in checked.cautions:
            # With `--diff`, Pulumi prints a warning without what it is about.
            pulumi.log.warn(f"{name}: {caution.property} {caution.reason}", self)
        if checked.failures:
            return
        stack = _conflicts.setdefault(settings.get_monitor(), Conflicts())
        made = self._kind.from_inputs(self._kind.by_field(checked.inputs))
        for sentence in stack.add(f"{self._kind.token} {name}", name, made):
            pulumi.log.warn(f"{name}: {sentence}", self)


class HostedProvider(pulumi.ProviderResource):
    """What the generated provider class shares with no other: its secret settings are wrapped."""

    def __init__(
        self,
        resource_name: str,
        settings: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        given = {
            name: pulumi.Output.secret(value) if NAMESPACE + name in secret_keys() else value
            for name, value in settings.items()
            if value is not None
        }
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions())
        opts.version = opts.version or VERSION
        refuse_without_plugin(opts)
        super().__init__(PACKAGE, resource_name, given, opts)


def refuse_without_plugin(opts: pulumi.ResourceOptions | pulumi.InvokeOptions) -> None:
    """Fail at once where the engine would look for the plugin in vain, and name the command.

    A program that no engine runs, such as a unit test with mocks, needs none.
    """
    if opts.version != VERSION or opts.plugin_download_url:
        return
    if not isinstance(settings.get_monitor(), ResourceMonitorStub):
        return
    if missing := installation.missing_for(Path.cwd()):
        raise pulumi.RunError(f"{missing}\n{installation.INSTALL_PLUGIN}")


def in_plugin(opts: pulumi.ResourceOptions) -> bool:
    """Tell whether a resource with these options belongs to the plugin."""
    chosen = pulumi.Config(PACKAGE).get(HOST_KEY) or "dynamic"
    if chosen not in {"dynamic", "plugin"}:
        raise pulumi.RunError(
            f'config {NAMESPACE}{HOST_KEY} is "{chosen}": set it to dynamic or plugin'
        )
    own = [opts.provider] if opts.provider else []
    if isinstance(opts.providers, Mapping):
        own += opts.providers.values()
    else:
        own += opts.providers or []
    inherited = opts.parent and opts.parent.get_provider(f"{PACKAGE}:index:Any")
    return (
        chosen == "plugin"
        or any(provider.package == PACKAGE for provider in own)
        or inherited is not None
    )


def _warn_of_settings() -> None:
    """Say once in a run which settings nothing reads: the plugin does so itself."""
    if settings.get_monitor() in _warned:
        return
    _warned.add(settings.get_monitor())
    config = {**get_config_env(), **CONFIG.get()}
    names = [name.removeprefix(NAMESPACE) for name in config if name.startswith(NAMESPACE)]
    for caution in configuration.cautions(dict.fromkeys(names)):
        pulumi.log.warn(caution)


def _wrapped(resource: type[Resource], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs with those made secret that are, or that turn out to carry a key."""
    wrapped = dict(inputs)
    for prop in resource.inputs():
        if prop.camel not in inputs:
            continue
        if prop.has(Trait.SECRET):
            wrapped[prop.camel] = pulumi.Output.secret(inputs[prop.camel])
        elif prop.carries_key:
            wrapped[prop.camel] = pulumi.Output.from_input(inputs[prop.camel]).apply(
                lambda value: pulumi.Output.secret(value) if carries_key(value) else value
            )
    return wrapped
