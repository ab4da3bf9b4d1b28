"""Move a stack's state to the other host, by rewriting an exported deployment.

Both hosts keep the same inputs and outputs, so only names change: the type of a resource, its URN
and all references to it, and its provider. Encrypted values stay as they are.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pulumi.dynamic.dynamic import PROVIDER_KEY

from pulumi_livepull.core.lifecycle.lost_answer import Attempt
from pulumi_livepull.core.vendor import NAMESPACE
from pulumi_livepull.errors import StateError
from pulumi_livepull.hosts.dynamic import INPUTS, dynamic_type, names_of, pickled
from pulumi_livepull.hosts.registry import VERSION, config_keys
from pulumi_livepull.vendors import NAMES, VENDORS

Json = dict[str, Any]

VERSIONS = (3, 4)
"""The supported versions of Pulumi's deployment format."""

TOKENS = {dynamic_type(kind.token): kind.token for vendor in VENDORS for kind in vendor.resources}
TYPES = {"plugin": TOKENS, "dynamic": {token: dynamic for dynamic, token in TOKENS.items()}}
"""For each host, the type of a resource there, by its type in the other host."""

HOW_TO_EXPORT = "Run: pulumi stack export --file <file>"

PROVIDERS = {
    "plugin": f"pulumi:providers:livepull::default_{VERSION.replace('.', '_')}",
    "dynamic": "pulumi:providers:pulumi-python::default",
}
"""For each host, the type and name that the engine gives its default provider."""


@dataclass(frozen=True)
class Migration:
    """A moved state. `moved` and `left` are URNs from before the move.

    Resources with an explicit provider are left, because only the plugin supports them.
    """

    exported: Json
    moved: list[str]
    left: list[str]


def migrate(exported: Any, host: str) -> Migration:
    """Return a deployment for `pulumi stack import`, with all resources moved to `host` that can
    be.

    Raises `StateError` if it is not an export or contains an unfinished operation.
    """
    deployment = _deployment(exported)
    resources: list[Json] = deployment.get("resources") or []
    away = [each for each in resources if each["type"] in TYPES[host]]
    moving = [each for each in away if _is_default(each["provider"])]
    left = [each["urn"] for each in away if not _is_default(each["provider"])]
    if not moving:
        return Migration(exported, [], left)
    _refuse_unfinished(deployment, moving)
    moved = [each["urn"] for each in moving]
    after = deployment | {"resources": _moved(resources, moving, host)}
    return Migration(exported | {"deployment": after}, moved, left)


def _deployment(exported: Any) -> Json:
    """Return the part of an export that holds the resources."""
    found = exported.get("deployment") if isinstance(exported, dict) else None
    if not isinstance(found, dict):
        raise StateError("this is not the state of a stack", HOW_TO_EXPORT)
    if (version := exported.get("version")) not in VERSIONS:
        raise StateError(
            f"this state has version {version} of Pulumi's format, and only 3 and 4 are supported",
            "Upgrade pulumi-livepull.",
        )
    return found


def _is_default(provider: str) -> bool:
    """Return whether a reference names a default provider, which the engine created."""
    return provider.split("::")[3].startswith("default")


def _refuse_unfinished(deployment: Json, moving: Iterable[Json]) -> None:
    """Raise for an unfinished operation: the engine would use its old name, or forget it."""
    pending = [each["resource"]["urn"] for each in deployment.get("pending_operations") or []]
    halves = [
        each["urn"]
        for each in moving
        if each.get("delete")
        or each.get("pendingReplacement")
        or Attempt.with_id(each.get("id", ""))
    ]
    if unfinished := [*pending, *halves]:
        names = ", ".join(urn.split("::", 3)[3] for urn in unfinished)
        raise StateError(
            f"an operation of this stack was not finished: {names}",
            "Finish it with `pulumi up`, or, if it is a create, with `pulumi refresh "
            "--clear-pending-creates`, and run this again.",
        )


def _moved(resources: Sequence[Json], moving: Sequence[Json], host: str) -> list[Json]:
    """Return all resources, the moving ones in their new form, without unused providers."""
    provider = _provider(resources, moving[0], host)
    urns = {each["urn"] for each in moving}
    first = min(at for at, each in enumerate(resources) if each in (provider, moving[0]))
    others = [each for each in resources if each is not provider]
    after = [
        _in_host(each, host, _reference(provider)) if each["urn"] in urns else each
        for each in [*others[:first], provider, *others[first:]]
    ]
    unused = {each["provider"] for each in moving} - {each.get("provider") for each in after}
    renames = _renames(resources, urns, host)
    return [_renamed(each, renames) for each in after if _reference(each) not in unused]


def _reference(provider: Json) -> str:
    """Return the reference to a provider."""
    return f"{provider['urn']}::{provider.get('id', '')}"


def _provider(resources: Iterable[Json], user: Json, host: str) -> Json:
    """Return the default provider of a host, from the state or new.

    A new one gets the settings of the provider that `user` has now.
    """
    urn = "::".join([*user["urn"].split("::")[:2], PROVIDERS[host]])
    known = {_reference(each): each for each in resources}
    if found := next((each for each in known.values() if each["urn"] == urn), None):
        return found
    settings = _settings(known.get(user["provider"], {}).get("inputs", {}), host)
    return {
        "urn": urn,
        "custom": True,
        "id": str(uuid5(NAMESPACE_URL, urn)),
        "type": urn.split("::")[2],
        "inputs": settings,
        "outputs": settings,
    }


def _settings(inputs: Mapping[str, Any], host: str) -> Json:
    """Convert a provider's settings to the other host: only one of them has the namespace in
    names."""
    full = {NAMESPACE + name.removeprefix(NAMESPACE): value for name, value in inputs.items()}
    known = {key: full[key] for key in config_keys(*NAMES) if key in full}
    known[f"{NAMESPACE}host"] = host
    if host == "dynamic":
        return known
    return {key.removeprefix(NAMESPACE): value for key, value in known.items()} | {
        "version": VERSION
    }


def _in_host(resource: Json, host: str, provider: str) -> Json:
    """Return a resource with the type, provider and properties that it has in a host."""
    inputs, outputs, dependencies = (
        {key: value for key, value in (resource.get(part) or {}).items() if key[:2] != "__"}
        for part in ("inputs", "outputs", "propertyDependencies")
    )
    if host == "dynamic":
        code = {PROVIDER_KEY: pickled(resource["type"])}
        outputs |= code | {INPUTS: names_of(inputs)}
        inputs |= code
        dependencies |= {PROVIDER_KEY: []}
    return resource | {
        "type": TYPES[host][resource["type"]],
        "provider": provider,
        "inputs": inputs,
        "outputs": outputs,
        "propertyDependencies": dependencies,
    }


def _renames(resources: Iterable[Json], urns: Set[str], host: str) -> dict[str, str]:
    """Return the new URN of each resource that moves or has an ancestor that moves."""
    renames: dict[str, str] = {}
    for each in resources:
        *place, types, name = each["urn"].split("::", 3)
        above, arrow, own = types.rpartition("$")
        if arrow and (parent := renames.get(each.get("parent", ""))):
            above = parent.split("::", 3)[2]
        if each["urn"] in urns:
            own = TYPES[host][own]
        if (urn := "::".join([*place, f"{above}{arrow}{own}", name])) != each["urn"]:
            after = each | {"urn": urn}
            renames |= {each["urn"]: urn, _reference(each): _reference(after)}
    return renames


def _renamed(value: Any, renames: Mapping[str, str]) -> Any:
    """Replace all references in a part of the state by the new URNs."""
    if isinstance(value, list):
        return [_renamed(item, renames) for item in value]
    if isinstance(value, dict):
        return {key: _renamed(item, renames) for key, item in value.items()}
    return renames.get(value, value) if isinstance(value, str) else value
