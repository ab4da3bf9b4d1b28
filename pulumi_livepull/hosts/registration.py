"""Registers a program's resources with the engine, for either host.

It loads the models, so a program loads it with the first resource and not before.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import pulumi
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime import settings
from pulumi.runtime.config import CONFIG, get_config_env
from pulumi.runtime.proto.resource_pb2_grpc import ResourceMonitorStub

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.clock import utc_now
from pulumi_livepull.core.conflicts import Conflicts
from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import carries_key
from pulumi_livepull.core.vendor import NAMESPACE
from pulumi_livepull.hosts import configuration, installation
from pulumi_livepull.hosts.dynamic import dynamic_type, pickled
from pulumi_livepull.hosts.registry import VERSION, find_resource, is_secret_setting
from pulumi_livepull.hosts.values import from_pulumi, with_texts

PACKAGE = NAMESPACE.rstrip(":")
"""The name of the package in the engine."""

HOST_KEY = "host"
"""The key of a stack's config that chooses the host: `livepull:host`."""

_conflicts: WeakKeyDictionary[object, Conflicts] = WeakKeyDictionary()
"""The resources of each run of a program: one process may run several, and each has a connection of
its own to the engine."""


_warned: WeakSet[object] = WeakSet()
"""The runs that were told of settings that nothing reads."""


def register(
    resource: pulumi.CustomResource,
    token: str,
    resource_name: str,
    inputs: Mapping[str, Any],
    opts: pulumi.ResourceOptions | None,
    *,
    is_of_plugin: bool,
) -> None:
    """Register a resource, by inputs in Pulumi's spelling, with the host that is chosen for it.

    `is_of_plugin` tells that the plugin itself makes it, for a component.
    """
    kind = find_resource(token)[1]
    given = {name: value for name, value in inputs.items() if value is not None}
    given |= {
        prop.camel: with_texts(given[prop.camel])
        for prop in kind.inputs()
        if prop.holds_time and prop.camel in given
    }
    props = dict.fromkeys(prop.camel for prop in _outputs(kind)) | _wrapped(kind, given)
    opts = _completed(kind, opts)
    if in_plugin(opts):
        opts.version = opts.version or VERSION
        if not is_of_plugin:
            refuse_without_plugin(opts)
        # What the stack has in the dynamic host is taken over, and not made a second time.
        opts.aliases = [*(opts.aliases or ()), pulumi.Alias(type_=dynamic_type(token))]
        pulumi.CustomResource.__init__(resource, token, resource_name, props, opts)
        return
    if opts.replace_on_changes:
        # The engine goes by a detailed diff, which Pulumi's SDK cannot hand on here.
        raise pulumi.RunError(
            f'{kind.label()} "{resource_name}": replace_on_changes has no effect in the '
            f"dynamic host. Remove it, or set {NAMESPACE}{HOST_KEY} to plugin"
        )
    props[PROVIDER_KEY] = pickled(token)
    pulumi.CustomResource.__init__(resource, dynamic_type(token), resource_name, props, opts)
    _warn_of_settings()
    if given:
        pulumi.Output.all(**given).apply(lambda known: _warn_of_inputs(resource, kind, known))


@cache
def _outputs(kind: type[Resource]) -> list[Property]:
    return [prop for prop in kind.properties().values() if prop.is_output]


def _completed(kind: type[Resource], opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return options of our own to change, with what this kind of resource needs."""
    secret = [prop.camel for prop in _outputs(kind) if prop.has(Trait.SECRET)]
    completed = pulumi.ResourceOptions.merge(
        opts, pulumi.ResourceOptions(additional_secret_outputs=secret)
    )
    if completed.delete_before_replace is None:
        # A replacement that was asked for, as with --replace, goes by this and not by the diff.
        completed.delete_before_replace = kind.delete_before_replace
    return completed


def _warn_of_inputs(
    resource: pulumi.CustomResource, kind: type[Resource], known: Mapping[str, Any]
) -> None:
    """Say what is doubtful: the plugin does so itself, a dynamic provider cannot."""
    checked = lifecycle.check(kind, {}, from_pulumi(known), utc_now())
    name = resource.pulumi_resource_name
    for caution in checked.cautions:
        # With `--diff`, Pulumi prints a warning without what it is about.
        pulumi.log.warn(f"{name}: {caution.property} {caution.reason}", resource)
    if checked.failures:
        return
    stack = _conflicts.setdefault(settings.get_monitor(), Conflicts())
    made = kind.from_inputs(kind.by_field(checked.inputs))
    for sentence in stack.add(f"{kind.token} {name}", name, made):
        pulumi.log.warn(f"{name}: {sentence}", resource)


def register_provider(
    resource: pulumi.ProviderResource,
    resource_name: str,
    settings: Mapping[str, Any],
    opts: pulumi.ResourceOptions | None,
) -> None:
    """Register an explicit provider, its secret settings wrapped."""
    given = {
        name: pulumi.Output.secret(value) if is_secret_setting(NAMESPACE + name) else value
        for name, value in settings.items()
        if value is not None
    }
    opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions())
    opts.version = opts.version or VERSION
    refuse_without_plugin(opts)
    pulumi.ProviderResource.__init__(resource, PACKAGE, resource_name, given, opts)


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
    """Return whether a resource with these options belongs to the plugin."""
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
