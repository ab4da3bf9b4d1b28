"""Judge: what each step of a plan does to what is on air, when, and why."""

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime
from typing import Any

from pulumi_livepull.core.conflicts import FIGHTS
from pulumi_livepull.core.lifecycle.diff import differs, is_secret
from pulumi_livepull.core.lifecycle.effect import effect, effect_of_create, effect_of_delete
from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.on_air import NO_EFFECT, Effect, Span
from pulumi_livepull.core.property import UNKNOWN
from pulumi_livepull.core.rules import EXPIRES, UNREACHABLE
from pulumi_livepull.review.plan import (
    ADOPTS,
    CREATES,
    DELETES,
    REPLACEMENTS,
    STAYS,
    UPDATES,
    Plan,
    Step,
)
from pulumi_livepull.review.review import Airing, Callback, Change, Review, Warned, WarningKind
from pulumi_livepull.review.streams import fights_across, new_gaps

KINDS: Sequence[tuple[str, WarningKind]] = (
    (FIGHTS, "fight"),
    (EXPIRES, "expiry"),
    (UNREACHABLE, "unreachable"),
)
"""How a warning of a provider reads that is more than a doubt."""


def judge(plans: Iterable[Plan], at: datetime) -> Review:
    """Return what the plans do to what is on air, if they are carried out at a moment."""
    plans = list(plans)
    steps = [step for plan in plans for step in plan.steps]
    airings = [airing for step in steps for airing in _airings(step)]
    changing = {step.urn for step in steps if step.operation not in STAYS}
    more = _by_urn([*fights_across(airings, at), *new_gaps(airings, changing, at)])
    relays = [step for step in steps if not step.kind.reporting]
    changes = [_change(step, at, more.get(step.urn, [])) for step in relays]
    of_changes = [change for change in changes if change.is_change]
    changed = {change.urn for change in of_changes}
    return Review(
        at=at,
        stacks=[plan.name for plan in plans],
        changes=sorted(of_changes, key=lambda change: change.rank),
        callbacks=[found for step in steps for found in _callback(step)],
        airings=airings,
        warnings=[
            *(
                warned
                for change in changes
                if change.urn not in changed
                for warned in change.warned
            ),
            *(Warned("other", text) for plan in plans for text in plan.warnings),
        ],
        unchanged=sum(not change.is_change and bool(change.span) for change in changes),
        others=sum(plan.others for plan in plans),
        unseen=sum(plan.unseen for plan in plans),
        errors=[error for plan in plans for error in plan.errors],
    )


def _by_urn(found: Iterable[tuple[str, Warned]]) -> dict[str, list[Warned]]:
    by_urn: dict[str, list[Warned]] = {}
    for urn, warned in found:
        by_urn.setdefault(urn, []).append(warned)
    return by_urn


def _change(step: Step, at: datetime, more: Sequence[Warned]) -> Change:
    changed = _changed(step)
    found = _effect(step, changed, at)
    airtime = step.kind.airtime
    return Change(
        urn=step.urn,
        stack=step.stack,
        name=step.name,
        label=step.kind.label(),
        vendor=step.vendor.title,
        place=_place(step),
        id=step.id,
        operation=step.operation,
        stream=stream_of(step),
        effect=found.kind,
        how=_how(step, found, at),
        why=_why(step, changed),
        span=_after(step) or _before(step) if airtime else None,
        before=_before(step) if airtime else None,
        after=_after(step) if airtime else None,
        warned=[*_warned(step), *more],
        is_change=step.operation not in STAYS,
    )


def stream_of(step: Step) -> str:
    """Return the stream as a reader knows it, never with a key; empty if it is not known."""
    airtime = step.kind.airtime
    if airtime is None:
        return step.kind.name_of(_known(step.news) or _known(step.state))
    for values in (step.state, step.news):
        if found := airtime.stream(_known(values)):
            return found
    # Where the address is secret, the provider has said what may be shown of it.
    start, end = f"{step.kind.label()} ", f" ({step.id})"
    for text in step.said:
        if step.id and text.startswith(start) and end in text:
            return text.removeprefix(start).partition(end)[0]
    return ""


def _known(values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not UNKNOWN}


def _changed(step: Step) -> Set[str]:
    """Return the names of the fields that differ, as far as anybody can tell.

    The JSON of a preview has them of the plugin only. What a dynamic provider has is compared
    here, but for secrets, of which the provider itself says that they changed.
    """
    if step.operation not in UPDATES | REPLACEMENTS:
        return frozenset()
    fields = {prop.camel: prop for prop in step.kind.inputs()}
    if step.changed:
        return {fields[name].name for name in step.changed}
    shown = {
        prop.name
        for prop in fields.values()
        if prop.camel not in step.secret and differs(prop, step.inputs, step.state, step.news)
    }
    said = {
        prop.name
        for prop in fields.values()
        if prop.camel in step.secret
        and any(f"`{prop.name}` (secret)" in text for text in step.said)
    }
    hidden = {fields[name].name for name in step.secret}
    return shown | said or hidden


def _effect(step: Step, changed: Set[str], at: datetime) -> Effect:
    operation = step.operation
    if operation in ADOPTS | STAYS or (step.is_retained and operation in DELETES):
        return NO_EFFECT
    if operation in CREATES:
        is_adopted = step.news.get("adopt") not in (None, UNKNOWN)
        return NO_EFFECT if is_adopted else effect_of_create(step.kind, step.news, at)
    if operation in DELETES:
        return effect_of_delete(step.kind, step.state, at)
    names = changed or set(step.kind.mutable())
    is_replaced = operation in REPLACEMENTS
    return effect(step.kind, step.state, step.news, names, at, replaced=is_replaced)


def _how(step: Step, found: Effect, at: datetime) -> str:
    """Return what happens, as it continues the sentence "the stream …"."""
    if step.operation in ADOPTS or (step.news.get("adopt") and step.operation in CREATES):
        return "is taken into the stack"
    if step.is_retained and step.operation in DELETES:
        return "leaves the stack and stays as it is"
    after = _after(step)
    if found.kind == "goes off air" and after and after.start and after.start > at:
        return "goes off air until its new window opens"
    if found.kind == "moves":
        return _shift(_before(step), after)
    if found.kind == "nothing":
        return _quiet(step, at)
    return found.how


def _quiet(step: Step, at: datetime) -> str:
    """Return why a change does nothing to what is on air."""
    airtime = step.kind.airtime
    if airtime is None:
        verbs = {**dict.fromkeys(CREATES, "is new"), **dict.fromkeys(DELETES, "is deleted")}
        return verbs.get(step.operation, "changes")
    values = step.state or step.news
    if step.kind.ended_at(values, at):
        return "has ended, so nothing happens on air"
    if not airtime.is_open(values, at):
        return "is not on air yet, so nothing happens on air"
    if airtime.is_stopped(values) or values.get("running") is False:
        return "is stopped, so nothing happens on air"
    return "changes without an interruption"


def _shift(before: Span | None, after: Span | None) -> str:
    """Return how a window moves, as it continues the sentence "the stream …"."""
    parts = []
    for verb, was, will in (
        ("starts", before and before.start, after and after.start),
        ("ends", before and before.end, after and after.end),
    ):
        if was and will and was != will:
            parts.append(f"{verb} {'later' if will > was else 'earlier'}")
        elif will and not was:
            parts.append(f"{verb} at a time from now on")
        elif was and not will:
            parts.append(f"{verb} at no time any more")
    return " and ".join(parts) or "gets another window"


def _why(step: Step, changed: Set[str]) -> list[str]:
    """Return the inputs that differ, by name and never with a value."""
    fields = step.kind.properties()
    return [
        f"`{fields[name].camel}`"
        + (" (secret)" if fields[name].camel in step.secret or _is_secret(step, name) else "")
        for name in sorted(changed, key=camel)
    ]


def _is_secret(step: Step, name: str) -> bool:
    prop = step.kind.properties()[name]
    return is_secret(prop, _known(step.state), _known(step.news))


def _before(step: Step) -> Span | None:
    airtime = step.kind.airtime
    return airtime.span(step.state) if airtime and step.state else None


def _after(step: Step) -> Span | None:
    """Return when a relay will be on air: what is left out may be the vendor's choice of before."""
    airtime = step.kind.airtime
    if airtime is None or not step.news:
        return None
    if step.operation in STAYS:
        return airtime.span(step.state or step.news)
    kept = {} if step.operation in REPLACEMENTS | CREATES else step.state
    times = [camel(airtime.start), camel(airtime.end)]
    chosen = {name: kept[name] for name in times if name in kept and name not in step.news}
    return airtime.span({**chosen, **step.news})


def _place(step: Step) -> str:
    """Return where at the vendor a thing is: its region and account, as far as known."""
    values = {**_known(step.news), **_known(step.state)}
    account = step.kind.identity.account
    names = ["region", *([camel(account)] if account else [])]
    found = [str(values[name]) for name in names if values.get(name)]
    return ", ".join(found)


def _warned(step: Step) -> Iterator[Warned]:
    """Yield what a provider warned of.

    Which input changes what on air, it says too: a review does so in its own words.
    """
    for text in dict.fromkeys(step.said):
        kind = next((kind for mark, kind in KINDS if mark in text), None)
        if kind:
            yield Warned(kind, text.removeprefix(f"{step.name}: "))
        elif not (text.startswith(step.kind.label()) and text.endswith("changed")):
            yield Warned("other", text.removeprefix(f"{step.name}: "))


def _airings(step: Step) -> Iterator[Airing]:
    """Yield when and where a relay is on air by the plan, before it and after it."""
    if step.kind.airtime is None:
        return
    key, label = _key(step), stream_of(step) or step.name
    for is_after, span, values in (
        (False, _before(step), step.state),
        (True, _after(step), step.news),
    ):
        stopped = values.get("running") is False or (
            not is_after and step.kind.airtime.is_stopped(values) and not step.news
        )
        if span and not stopped and UNKNOWN not in _times(step, values):
            yield Airing(key, label, step.stack, step.urn, step.name, span, is_after)


def _times(step: Step, values: Any) -> list[Any]:
    airtime = step.kind.airtime
    return [values.get(camel(name)) for name in (airtime.start, airtime.end)] if airtime else []


def _key(step: Step) -> str:
    """Return what tells one stream from another.

    Where its address is secret, the tasks of a schedule are taken for one stream, and any other
    relay for one of its own.
    """
    values = _known(step.news or step.state)
    try:
        push = step.kind.from_inputs(step.kind.by_field(values)).pushes()
    except ValueError:
        push = None
    if push and push.stream.strip("/"):
        return push.stream
    return step.schedule or step.urn


def _callback(step: Step) -> Iterator[Callback]:
    """Yield what a change of a recording callback does."""
    reporting = step.kind.reporting
    if reporting is None or step.operation in STAYS:
        return
    changed = _changed(step)
    yield Callback(
        urn=step.urn,
        stack=step.stack,
        name=step.name,
        label=step.kind.label(),
        vendor=step.vendor.title,
        source=stream_of(step) or step.name,
        events=reporting.reported(_known(step.news)) or reporting.reported(_known(step.state)),
        before=_places(step, is_after=False),
        after=_places(step, is_after=True),
        why=_why(step, changed),
        warned=list(_warned(step)),
    )


def _places(step: Step, *, is_after: bool) -> list[str]:
    reporting, values = step.kind.reporting, step.news if is_after else step.state
    if reporting is None or not values:
        return []
    is_hidden = any(values.get(camel(name)) is UNKNOWN for name in reporting.addresses)
    return ["a secret address"] if is_hidden else reporting.places(values)
