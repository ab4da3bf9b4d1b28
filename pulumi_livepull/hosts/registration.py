"""Register a program's resources with the engine, for either host.

It loads the resource classes, so a program imports it only with its first resource.
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
"""The config key that selects the host: `livepull:host`."""

_conflicts: WeakKeyDictionary[object, Conflicts] = WeakKeyDictionary()
"""The resources of each program run. One process may run several programs, each with its own
connection to the engine."""


_warned: WeakSet[object] = WeakSet()
"""The runs that already warned about unknown settings."""


def register(
    resource: pulumi.CustomResource,
    token: str,
    resource_name: str,
    inputs: Mapping[str, Any],
    opts: pulumi.ResourceOptions | None,
    *,
    is_of_plugin: bool,
) -> None:
    """Register a resource with its host. `inputs` is in Pulumi's spelling.

    `is_of_plugin` means that the plugin itself creates it, for a component.
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
            require_plugin(opts)
        # The alias moves a resource from the dynamic host, instead of creating it again.
        opts.aliases = [*(opts.aliases or ()), pulumi.Alias(type_=dynamic_type(token))]
        pulumi.CustomResource.__init__(resource, token, resource_name, props, opts)
        return
    if opts.replace_on_changes:
        # The engine needs a detailed diff for this, which Pulumi's SDK does not pass on.
        raise pulumi.RunError(
            f'{kind.label()} "{resource_name}": replace_on_changes has no effect in the '
            f"dynamic host. Remove it, or set {NAMESPACE}{HOST_KEY} to plugin"
        )
    props[PROVIDER_KEY] = pickled(token)
    pulumi.CustomResource.__init__(resource, dynamic_type(token), resource_name, props, opts)
    _warn_about_settings()
    if given:
        pulumi.Output.all(**given).apply(lambda known: _warn_about_inputs(resource, kind, known))


@cache
def _outputs(kind: type[Resource]) -> list[Property]:
    return [prop for prop in kind.properties().values() if prop.is_output]


def _completed(kind: type[Resource], opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return a copy of the options with what this resource type needs."""
    secret = [prop.camel for prop in _outputs(kind) if prop.has(Trait.SECRET)]
    completed = pulumi.ResourceOptions.merge(
        opts, pulumi.ResourceOptions(additional_secret_outputs=secret)
    )
    if completed.delete_before_replace is None:
        # A forced replacement, as with --replace, uses this option instead of the diff.
        completed.delete_before_replace = kind.delete_before_replace
    return completed


def _warn_about_inputs(
    resource: pulumi.CustomResource, kind: type[Resource], known: Mapping[str, Any]
) -> None:
    """Warn about doubtful inputs. The plugin does this itself; a dynamic provider cannot."""
    checked = lifecycle.check(kind, {}, from_pulumi(known), utc_now())
    name = resource.pulumi_resource_name
    for caution in checked.cautions:
        # With `--diff`, Pulumi does not say which resource a warning is about.
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
    """Register an explicit provider, with its secret settings marked."""
    given = {
        name: pulumi.Output.secret(value) if is_secret_setting(NAMESPACE + name) else value
        for name, value in settings.items()
        if value is not None
    }
    opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions())
    opts.version = opts.version or VERSION
    require_plugin(opts)
    pulumi.ProviderResource.__init__(resource, PACKAGE, resource_name, given, opts)


def require_plugin(opts: pulumi.ResourceOptions | pulumi.InvokeOptions) -> None:
    """Raise if the plugin is not installed, and name the command that installs it.

    A program without an engine, such as a unit test with mocks, does not need it.
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


def _warn_about_settings() -> None:
    """Warn once per run about unknown settings. The plugin does this itself."""
    if settings.get_monitor() in _warned:
        return
    _warned.add(settings.get_monitor())
    config = {**get_config_env(), **CONFIG.get()}
    names = [name.removeprefix(NAMESPACE) for name in config if name.startswith(NAMESPACE)]
    for caution in configuration.cautions(dict.fromkeys(names)):
        pulumi.log.warn(caution)


def _wrapped(resource: type[Resource], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs with secrets marked, including URLs that turn out to carry a key."""
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
