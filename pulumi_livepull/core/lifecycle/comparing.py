"""diff: what differs, and what that needs, from the class alone."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pulumi_livepull.core.property import Property, has_unknown, is_unset
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait


@dataclass(frozen=True)
class Diff:
    """Which inputs differ, which of them need a replacement, and what a reviewer should know."""

    changed: Set[str] = frozenset()
    replaces: Set[str] = frozenset()
    delete_before_replace: bool = False
    note: str = ""


def diff(
    resource: type[Resource],
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    news: Mapping[str, Any],
    now: datetime,
) -> Diff:
    """Compare checked inputs with the known state, field by field, as the traits say."""
    changed = {prop.name for prop in resource.inputs() if differs(prop, old_inputs, state, news)}
    if not changed:
        return Diff()
    fields, old = resource.properties(), resource.by_field(state)
    replaces, note = changed, ""
    if over := resource.ended_at(state, now):
        note = f"{resource.label()} ended at {over}: this change deletes it and makes a new one"
    else:
        uncleared = {name for name in changed if _cannot_be_cleared(fields[name], news)}
        replaces = {*resource.replaces(old, changed), *uncleared}
        if not replaces:
            note = resource.review_note({**old, **state}, changed)
    return Diff(
        frozenset(fields[name].camel for name in changed),
        frozenset(fields[name].camel for name in replaces),
        resource.delete_before_replace,
        note,
    )


def differs(
    prop: Property,
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    news: Mapping[str, Any],
) -> bool:
    """Tell whether one input asks for something else than the state holds."""
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
    """Tell whether an input is cleared that cannot be cleared in place: it takes a new thing."""
    return is_unset(news.get(prop.camel)) and not prop.clearable
