"""diff: what differs, and whether that needs an update or a replacement."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any, Literal

from pulumi_livepull.core.lifecycle.effect import STAYS_STOPPED, effect, stays_stopped, subject
from pulumi_livepull.core.lifecycle.redaction import texts
from pulumi_livepull.core.naming import path_text
from pulumi_livepull.core.on_air import NO_EFFECT, Effect
from pulumi_livepull.core.property import Path, Property, has_unknown, is_unset
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import carries_key

Kind = Literal["add", "delete", "update"]


@dataclass(frozen=True)
class Diff:
    """Which inputs differ, which of them require a replacement, and what a reviewer should know.

    `effect` is what the change does on air, and `note` is the sentence that says so. `hidden` is a
    sentence about changed secret inputs that `note` does not name, for a host whose previews show
    no details. Names in back quotes are field names. `details` says for every path that differs,
    such as `sourceUrls[1]`, what happens to it.
    """

    changed: Set[str] = frozenset()
    replaces: Set[str] = frozenset()
    delete_before_replace: bool = False
    note: str = ""
    hidden: str = ""
    effect: Effect = NO_EFFECT
    details: Mapping[str, Kind] = field(default_factory=dict)


def diff(
    resource: type[Resource],
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    news: Mapping[str, Any],
    now: datetime,
    resource_id: str = "",
) -> Diff:
    """Compare checked inputs with the known state, field by field, according to their traits."""
    changed = {prop.name for prop in resource.inputs() if differs(prop, old_inputs, state, news)}
    named = subject(resource, resource_id, state)
    stays = f"{named} {STAYS_STOPPED}" if stays_stopped(resource, state, news) else ""
    if not changed:
        # A user may force a replacement without a difference.
        return Diff(delete_before_replace=resource.delete_before_replace, note=stays)
    fields = resource.properties()
    over = resource.ended_at(state, now)
    uncleared = {name for name in changed if _cannot_be_cleared(fields[name], news)}
    replaces = (
        changed if over else {*resource.replaces(resource.by_field(state), changed), *uncleared}
    )
    found = effect(resource, state, news, changed, now, replaced=bool(replaces))
    reasons = _named(resource, replaces or changed, state, news)
    if over:
        note = f"{named} ended at {over}: this change deletes it and creates a new one"
    elif found.kind not in {"nothing", "moves"}:
        note = f"{named} {found.how}, because {reasons}"
    else:
        note = stays
    secret = {name for name in changed if is_secret(fields[name], state, news)}
    verb = "replaced" if replaces else "updated"
    unseen = secret and (not note or not secret <= (replaces or changed))
    return Diff(
        frozenset(fields[name].camel for name in changed),
        frozenset(fields[name].camel for name in replaces),
        resource.delete_before_replace,
        note,
        f"{named} is {verb}: {_named(resource, secret, state, news)}" if unseen else "",
        found,
        {
            path_text(path): kind
            for name in sorted(changed)
            for path, kind in _details(fields[name], state, news).items()
        },
    )


def _named(
    resource: type[Resource], names: Set[str], state: Mapping[str, Any], news: Mapping[str, Any]
) -> str:
    """Return a phrase that names inputs, such as "`dst_url` (secret) and `end_time` changed"."""
    fields = resource.properties()
    *head, last = (
        f"`{name}`" + (" (secret)" if is_secret(fields[name], state, news) else "")
        for name in sorted(names)
    )
    return (f"{', '.join(head)} and {last}" if head else last) + " changed"


def is_secret(prop: Property, state: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Return whether a preview hides the old or new value of this input."""
    return prop.has(Trait.SECRET) or (
        prop.carries_key
        and any(
            carries_key(text) for values in (state, news) for text in texts(values.get(prop.camel))
        )
    )


def differs(
    prop: Property,
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    news: Mapping[str, Any],
) -> bool:
    """Return whether an input differs from the state."""
    old, new = state.get(prop.camel), news.get(prop.camel)
    if not prop.is_output:
        return False
    if has_unknown(new):
        return True
    if is_unset(new) and prop.has(Trait.SERVER_DEFAULT):
        cleared = not is_unset(old_inputs.get(prop.camel)) and not prop.chosen_by_server
        return cleared and bool(prop.unset_means != old)
    return bool(
        prop.effective(new) != prop.effective(old) and not (is_unset(new) and is_unset(old))
    )


def _cannot_be_cleared(prop: Property, news: Mapping[str, Any]) -> bool:
    """Return whether an input is removed that the vendor cannot clear, which needs a
    replacement."""
    return is_unset(news.get(prop.camel)) and not prop.clearable


def _details(
    prop: Property, state: Mapping[str, Any], news: Mapping[str, Any]
) -> Mapping[Path, Kind]:
    """Return each path inside one input that differs, or the input itself."""
    old, new, whole = state.get(prop.camel), news.get(prop.camel), (prop.name,)
    if is_unset(old) or is_unset(new):
        return {whole: "add" if is_unset(old) else "delete"}
    # A state may contain anything that a vendor answered, even values without an inner difference.
    return dict(_inside(prop, whole, old, new)) or {whole: "update"}


def _inside(prop: Property, whole: Path, old: Any, new: Any) -> Iterator[tuple[Path, Kind]]:
    lists = isinstance(old, list) and isinstance(new, list)
    if prop.is_set and lists:
        gone = {at for at, item in enumerate(old) if item not in new}
        come = {at for at, item in enumerate(new) if item not in old}
        for at in sorted(gone | come):
            yield (*whole, at), "add" if at not in gone else "update" if at in come else "delete"
    else:
        yield from _inner(whole, old, new)


def _inner(path: Path, old: Any, new: Any) -> Iterator[tuple[Path, Kind]]:
    if isinstance(old, list) and isinstance(new, list):
        for at, (was, will) in enumerate(zip_longest(old, new)):
            yield from _inner((*path, at), was, will)
    elif isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from _inner((*path, name), old.get(name), new.get(name))
    elif old != new:
        yield path, "add" if old is None else "delete" if new is None else "update"
