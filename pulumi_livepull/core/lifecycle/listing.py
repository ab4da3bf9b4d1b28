"""list: all there are of a kind, as they would be imported."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle.reading import Found, described
from pulumi_livepull.core.lifecycle.saying import saying
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.errors import ConfigError


def find_all(resource: type[Resource], api: Client, where: Mapping[str, Any]) -> Iterator[Found]:
    """Yield everything of a kind whose outputs equal `where`, in Pulumi's spelling.

    Raises `ConfigError` if `where` lacks what the vendor's list must be asked by, or holds what is
    no output or no value of it.
    """
    wanted = _normal(resource, where)
    asked = _asked_by(resource, wanted)
    with saying(resource, "list", {}):
        for resource_id, answer in resource.list_all(api, asked):
            found = described(resource, resource_id, answer)
            if wanted.items() <= found.state.items():
                yield found


def _normal(resource: type[Resource], where: Mapping[str, Any]) -> dict[str, Any]:
    outputs = {prop.camel: prop for prop in resource.properties().values() if prop.is_output}
    for name, value in where.items():
        problems = outputs[name].problems(value) if name in outputs else [((), "is no output")]
        for _, reason in problems:
            raise ConfigError(
                f"{resource.label()} cannot be looked for by {name}: it {reason}",
                f"Its outputs are {', '.join(outputs)}.",
            )
    return {name: outputs[name].normal(value) for name, value in where.items()}


def _asked_by(resource: type[Resource], wanted: Mapping[str, Any]) -> dict[str, str]:
    """Return what the vendor's list is asked by, by field name."""
    spelled = {
        name: resource.properties()[name].camel
        for name in (*resource.listed_under, *resource.listed_by)
    }
    if lacking := [spelled[name] for name in resource.listed_under if spelled[name] not in wanted]:
        raise ConfigError(
            f"{resource.label()}: the vendor lists them only by {' and '.join(lacking)}",
            f"Give {' and '.join(f'`{name}`' for name in lacking)}.",
        )
    return {name: str(wanted[camel]) for name, camel in spelled.items() if camel in wanted}
