"""Export what is on an account, as a document for `pulumi import --file`."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import count, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.vendor import NAMESPACE, Vendor
from pulumi_livepull.errors import ConfigError, NoKeys, Unlistable
from pulumi_livepull.hosts.stack import command
from pulumi_livepull.vendors import VENDORS

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

Kind = type[Resource]

Filters = Mapping[str, Sequence[Any]]
"""The allowed values of each output, by its name in Pulumi's spelling."""


@dataclass(frozen=True)
class Selection:
    """What to export: vendors, types, required outputs, and whether to include ended tasks.

    A type is `PullTask` or `huaweicloud.PullTask`. An output is `name=value` or, for one type only,
    `PullTask.name=value`. If an output is given more than once, any of its values matches.
    """

    vendors: Sequence[str] = ()
    types: Sequence[str] = ()
    where: Sequence[str] = ()
    ended: bool = False


class Stack(NamedTuple):
    """The relevant parts of a stack: its config, with secrets decrypted, and its resources by token
    and id."""

    config: Mapping[str, str] = {}
    known: Set[tuple[str, str]] = frozenset()


class Export(NamedTuple):
    """The found resources, notes on what was left out, and whether everything could be listed."""

    found: Sequence[tuple[Kind, Found]]
    notes: Sequence[str]
    complete: bool

    @property
    def document(self) -> str:
        """The import document. Source: `importFile` in Pulumi's pkg/cmd/pulumi/operations."""
        taken: set[str] = set()
        resources = [
            {"type": kind.token, "name": _name(kind, each, taken), "id": each.id}
            for kind, each in self.found
        ]
        return json.dumps({"resources": resources}, indent=2, ensure_ascii=False) + "\n"


def read_stack(name: str) -> Stack:
    """Return a stack of the project in the current folder. Raises `StateError`."""
    config = read_config(name)
    known = {(token_of(each["type"]), each["id"]) for each in read_resources(name) if "id" in each}
    return Stack(config, known)


def read_config(name: str) -> dict[str, str]:
    """Return the config of a stack, with secrets decrypted. Raises `StateError`."""
    shown = command("config", "--show-secrets", "--json", chosen=["--stack", name])
    config = json.loads(shown)
    return {key: str(entry["value"]) for key, entry in config.items() if "value" in entry}


def read_resources(name: str) -> list[dict[str, Any]]:
    """Return the resources in the state of a stack. Raises `StateError`."""
    state = json.loads(command("stack", "export", chosen=["--stack", name]))
    return state["deployment"].get("resources") or []


def export(selection: Selection, stack: Stack) -> Export:
    """Return what is selected and not in the stack.

    Raises `LivePullError` if a list fails, or if nothing can be listed.
    """
    found: list[tuple[Kind, Found, bool]] = []
    failures: list[NoKeys | Unlistable] = []
    notes: list[str] = []
    plan = _plan(selection)
    for vendor, kind, filters in plan:
        try:
            api = vendor.client(stack.config)
            listed = _listed(api, kind, filters)
        except NoKeys as error:
            if selection.vendors or selection.types:
                raise
            failures.append(error)
            notes.append(f"left out: {vendor.name}, because no access key was found")
        except Unlistable as error:
            options = (f"--where {kind.__name__}.{name}=<{name}>" for name in error.by)
            error.hint = f"Give {' or '.join(options)}."
            failures.append(error)
            notes.append(f"left out: {error.what}. {error.hint}")
        else:
            found += (
                (kind, each, bool(kind.ended_at(each.state, api.vendor_now()))) for each in listed
            )
    if len(failures) == len(plan):
        raise _no_keys(failures) if isinstance(failures[0], NoKeys) else failures[0]
    complete = not any(isinstance(each, Unlistable) for each in failures)
    return _without_excluded(found, selection, stack, list(dict.fromkeys(notes)), complete)


def _no_keys(failures: Sequence[NoKeys | Unlistable]) -> NoKeys:
    """Return one error for all vendors, because no vendor was named."""
    each = dict.fromkeys(error.what for error in failures if isinstance(error, NoKeys))
    return NoKeys(
        "\n".join(each),
        "Set the variables of one vendor, or name a stack whose config has its keys with --stack.",
    )


def _without_excluded(
    found: Sequence[tuple[Kind, Found, bool]],
    selection: Selection,
    stack: Stack,
    notes: list[str],
    complete: bool,
) -> Export:
    """Leave out what is in the stack and, unless selected, what has ended."""
    new = [each for each in found if (each[0].token, each[1].id) not in stack.known]
    wanted = [(kind, each) for kind, each, ended in new if selection.ended or not ended]
    if known := len(found) - len(new):
        notes.append(f"left out: {known} that the stack already manages")
    if ended := len(new) - len(wanted):
        notes.append(f"left out: {ended} that have ended; --ended includes them")
    return Export(wanted, notes, complete)


def write(document: str, file: Path) -> None:
    """Write a file atomically. Raises `ConfigError`."""
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            made = Path(folder) / file.name
            made.write_text(document, encoding="utf-8")
            made.replace(file)
    except OSError as error:
        raise ConfigError(
            f"cannot write {file}: {error.strerror}", "Give --out a path that can be written."
        ) from error


class _Filter(NamedTuple):
    """One `--where`: an optional type, an output, and its value."""

    scope: str
    name: str
    value: Any

    def fits(self, kind: Kind) -> bool:
        """Return whether it applies to a type."""
        return self.scope in {"", kind.__name__, kind.label()}


def _parse_filter(text: str) -> _Filter:
    name, equals, value = text.partition("=")
    scope, _, output = name.rpartition(".")
    if not (equals and output):
        raise ConfigError(
            f'--where "{name}" has no name and value', "Give one such as: --where status=running"
        )
    try:
        return _Filter(scope, camel(output), json.loads(value) if value[:1] in "[{" else value)
    except ValueError:
        return _Filter(scope, camel(output), value)


def _plan(selection: Selection) -> Sequence[tuple[Vendor, Kind, Filters]]:
    """Return the types to list, each with its filters. Raises `ConfigError` if there are none."""
    kinds = list(_kinds(selection))
    parsed = [
        (each, _supporting(each, [kind for _, kind in kinds]))
        for each in map(_parse_filter, selection.where)
    ]
    plan = []
    for vendor, kind in kinds:
        mine = [(each, supporting) for each, supporting in parsed if each.fits(kind)]
        if all(kind in supporting for _, supporting in mine):
            filters: dict[str, list[Any]] = {each.name: [] for each, _ in mine}
            for each, _ in mine:
                filters[each.name].append(each.value)
            plan.append((vendor, kind, filters))
    if not plan:
        raise ConfigError(
            "no type has all of these outputs",
            "Name the type with each, as in: --where PullToPushTask.title=sports",
        )
    return plan


def _supporting(each: _Filter, kinds: Sequence[Kind]) -> list[Kind]:
    """Return the types that can match a filter. Raises `ConfigError` if none has the output."""
    outputs = [(kind, lifecycle.listed_outputs(kind)) for kind in kinds if each.fits(kind)]
    having = [(kind, shown[each.name]) for kind, shown in outputs if each.name in shown]
    if not having:
        names = sorted({name for _, shown in outputs for name in shown})
        raise _none(f"output {each.name} of the selected types", each.name, names)
    supporting = [kind for kind, prop in having if not any(prop.problems(each.value))]
    # If none can, listing them will report why.
    return supporting or [kind for kind, _ in having]


def _kinds(selection: Selection) -> Iterator[tuple[Vendor, Kind]]:
    """Yield the selected types. Raises `ConfigError` for an unknown vendor or type."""
    vendors = {vendor.name: vendor for vendor in VENDORS}
    for name in selection.vendors:
        if name not in vendors:
            raise _none(f"vendor {name}", name, vendors)
    kinds = [
        (vendor, kind)
        for vendor in VENDORS
        if vendor.name in (selection.vendors or vendors)
        for kind in vendor.resources
    ]
    names = {name for _, kind in kinds for name in (kind.__name__, kind.label())}
    for name in selection.types:
        if name not in names:
            raise _none(f"type {name}", name, sorted(names))
    for vendor, kind in kinds:
        if not selection.types or {kind.__name__, kind.label()} & set(selection.types):
            yield vendor, kind


def _none(what: str, name: str, known: Iterable[str]) -> ConfigError:
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"There are {', '.join(known)}."
    return ConfigError(f"there is no {what}", hint)


def _listed(api: Client, kind: Kind, filters: Filters) -> list[Found]:
    """Return the matching resources, each once, sorted by name and id."""
    found: dict[str, Found] = {}
    for values in product(*filters.values()):
        where = dict(zip(filters, values, strict=True))
        all_ = lifecycle.find_all(kind, api, where)
        found |= {each.id: each for each in all_ if each.id not in kind.listing.built_in}
    return sorted(found.values(), key=lambda each: (kind.name_of(each.state), each.id))


def _name(kind: Kind, each: Found, taken: set[str]) -> str:
    """Return a resource name of letters, digits, `_` and `-`.

    It is not in `taken`, not even with another case or with `-` for `_`, which could collide in a
    programming language.
    """
    title = kind.name_of(each.state) or f"{kind.__name__}-{each.id.rpartition('/')[2]}"
    stem = re.sub(r"\W+", "-", title).strip("-")
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    name = next(name for name in names if _folded(name) not in taken)
    taken.add(_folded(name))
    return name


def _folded(name: str) -> str:
    return name.lower().replace("-", "_")


def token_of(held: str) -> str:
    """Return the token of a resource in a state, whichever host made it."""
    return held.replace("pulumi-python:dynamic/livepull/", NAMESPACE)
