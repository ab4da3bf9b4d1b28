"""One stack: whether each of its resources can be read, and what it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.lifecycle.lost_answer import Attempt
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.vendor import NAMESPACE
from pulumi_livepull.doctor.account import Account, kind_of
from pulumi_livepull.doctor.check import Check, Kind, State, line
from pulumi_livepull.errors import ConfigError, LivePullError, NoPermission
from pulumi_livepull.hosts.export import read_config, read_resources, token_of
from pulumi_livepull.hosts.registry import find_resource
from pulumi_livepull.hosts.stack import HOST_KEY

REFRESH = "Run: pulumi refresh"


class Held(NamedTuple):
    """One resource of a stack: what it is, where it stands in the program, and what it shows."""

    vendor: str
    kind: type[Resource]
    name: str
    id: str
    outputs: Mapping[str, Any]
    is_explicit: bool
    """Whether a provider of the program's own made it, whose keys only the program knows."""

    def said(self, name: str) -> str:
        """Return the text of an output by the name of its field, if it is there and no secret."""
        prop = self.kind.properties().get(name)
        value = self.outputs.get(prop.camel) if prop else None
        return value if isinstance(value, str) else ""


class Stack(NamedTuple):
    """What matters of a stack."""

    name: str
    config: Mapping[str, str]
    held: Sequence[Held]
    needs_plugin: bool

    def of(self, vendor: str) -> list[Held]:
        """Return the resources of a vendor."""
        return [each for each in self.held if each.vendor == vendor]

    def named(self, vendor: str, *fields: str) -> list[str]:
        """Return what the resources of a vendor say in any of these fields, each once."""
        return sorted({each.said(name) for each in self.of(vendor) for name in fields} - {""})


def read_stack(name: str) -> Stack:
    """Return a stack of the project in the current folder. Raises `StateError`."""
    config, resources = read_config(name), read_resources(name)
    by_plugin = any(each["type"].startswith(NAMESPACE) for each in resources)
    needs_plugin = by_plugin or config.get(HOST_KEY) == "plugin"
    return Stack(name, config, list(_held(resources)), needs_plugin)


def _held(resources: Sequence[Mapping[str, Any]]) -> Iterator[Held]:
    for each in resources:
        token = token_of(each["type"])
        if not token.startswith(NAMESPACE) or "id" not in each or each.get("delete"):
            continue
        try:
            vendor, kind = find_resource(token)
        except ConfigError:
            continue
        provider = str(each.get("provider", "")).split("::")
        is_explicit = len(provider) > 1 and not provider[-2].startswith("default")
        name = str(each["urn"]).rpartition("::")[2]
        outputs = each.get("outputs") or {}
        yield Held(vendor.name, kind, name, str(each["id"]), outputs, is_explicit)


def stack_checks(stack: Stack, accounts: Mapping[str, Account]) -> Iterator[Check]:
    """Yield a row for each resource that cannot be read or is gone, and one for the others.

    Those of vendors that were not asked for are left out.
    """
    section, good = f"stack {stack.name}", 0
    wanted = [each for each in stack.held if each.vendor in accounts]
    for held in wanted:
        check = _check(section, held, accounts[held.vendor])
        if check is None:
            good += 1
        else:
            yield check
    what = f"{good} of {len(wanted)} can be read"
    yield Check(section, "resources", "ok" if good == len(wanted) else "note", what)


def _check(section: str, held: Held, account: Account) -> Check | None:
    """Return what is wrong with a resource, or `None` if nothing is."""
    name = f"{held.kind.label()} {held.name}"
    if held.is_explicit:
        what = "not read, as a provider of the program's own made it"
        return Check(section, name, "skipped", what)
    if account.api is None:
        return Check(section, name, "skipped", "not read, as there are no usable keys")
    if Attempt.with_id(held.id):
        what = "its creation got no answer, and it is not known what became of it"
        return Check(section, name, "warning", what, REFRESH, "missing")
    try:
        found = lifecycle.refresh(held.kind, account.api, held.id, {}, _known(held))
    except LivePullError as error:
        return _unreadable(section, name, error, kind_of(error, account.api, held.said("region")))
    if found or held.kind.ended_at(held.outputs, account.api.vendor_now()):
        return None
    remedy = "Run: pulumi refresh, and then pulumi up to make it again."
    return Check(section, name, "failed", f"{held.id} is gone", remedy, "missing")


def _known(held: Held) -> dict[str, Any]:
    """Return what of the state a read needs: in which account, and whether it may be stopped."""
    names = {held.kind.identity.account, "running"} & held.kind.properties().keys()
    camels = [held.kind.properties()[name].camel for name in names if name]
    return {name: held.outputs[name] for name in camels if name in held.outputs}


def _unreadable(section: str, name: str, error: LivePullError, kind: Kind) -> Check:
    state: State = "warning" if kind == "throttled" else "failed"
    remedy = error.hint
    if isinstance(error, NoPermission):
        remedy = "Grant the user of this access key the actions that the rows of its vendor name."
    return Check(section, name, state, line(error.what), line(remedy), kind)
