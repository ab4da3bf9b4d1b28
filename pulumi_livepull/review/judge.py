"""Judge: what each step of a plan does to what is on air, when, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from pulumi_livepull.core.conflicts import FIGHTS
from pulumi_livepull.core.lifecycle.diff import differs, is_secret
from pulumi_livepull.core.lifecycle.effect import effect, effect_of_create, effect_of_delete
from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.on_air import NO_EFFECT, Effect, Span
from pulumi_livepull.core.rules import EXPIRES, UNREACHABLE
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.review.plan import (
    ADOPTS,
    CREATES,
    DELETES,
    REPLACEMENTS,
    STAYS,
    UPDATES,
    Plan,
    Step,
    printable,
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
    more = _by_urn(
        [*fights_across(airings, changing, at), *new_gaps(airings, changing, at), *_left(steps)]
    )
    relays = [step for step in steps if not step.kind.reporting]
    changes = [_change(step, at, more.get(step.urn, [])) for step in relays]
    stay = [change for change in changes if not change.is_change]
    return Review(
        at=at,
        stacks=[plan.name for plan in plans],
        changes=sorted(
            (change for change in changes if change.is_change), key=lambda change: change.rank
        ),
        callbacks=[found for step in steps for found in _callback(step)],
        airings=airings,
        warnings=[
            *(
                Warned(warned.kind, f"{change.title}: {warned.text}")
                for change in stay
                for warned in change.warned
            ),
            *(Warned("other", text) for plan in plans for text in plan.warnings),
        ],
        unchanged=sum(bool(change.span) for change in stay),
        others=sum(plan.others for plan in plans),
        unseen=sum(plan.unseen for plan in plans),
        errors=[error for plan in plans for error in plan.errors],
    )


def _left(steps: Iterable[Step]) -> Iterator[tuple[str, Warned]]:
    """Yield a warning for each relay that is replaced and stays at the vendor all the same."""
    for step in steps:
        if step.is_retained and step.operation in REPLACEMENTS and step.kind.airtime:
            text = "stays at the vendor beside the new one, and they may interrupt one another"
            yield step.urn, Warned("fight", text)


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
        stream=printable(stream_of(step)),
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
    if step.changed is not None:
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
        return NO_EFFECT if _is_adopted(step) else effect_of_create(step.kind, step.news, at)
    if operation in DELETES:
        return effect_of_delete(step.kind, step.state, at)
    is_replaced = operation in REPLACEMENTS
    names = changed or (set(step.kind.mutable()) if is_replaced else set())
    return effect(step.kind, step.state, step.news, names, at, replaced=is_replaced)


def _is_adopted(step: Step) -> bool:
    return bool(step.news.get("adopt")) and step.operation in CREATES


def _how(step: Step, found: Effect, at: datetime) -> str:
    """Return what happens, as it continues the sentence "the stream …"."""
    if step.operation in ADOPTS or _is_adopted(step):
        return "is taken into the stack"
    if step.is_retained and step.operation in DELETES:
        return "leaves the stack and stays as it is"
    if elsewhere := _other_stream(step):
        dark = "goes off air for good, and " if found.kind == "goes off air" else ""
        return f"{dark}becomes {elsewhere}"
    after = _after(step)
    if found.kind == "moves" and after:
        return _shift(_before(step), after)
    return _quiet(step, at) if found.kind == "nothing" else found.how


def _other_stream(step: Step) -> str:
    """Return the stream that a replacement pushes to instead, if it is another."""
    airtime = step.kind.airtime
    if airtime is None or step.operation not in REPLACEMENTS:
        return ""
    before, after = (airtime.stream(_known(values)) for values in (step.state, step.news))
    return after if before and after and before != after else ""


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


NOUNS = {"starts": "a start", "ends": "an end"}


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
            parts.append(f"now has {NOUNS[verb]}")
        elif was and not will:
            parts.append(f"no longer has {NOUNS[verb]}")
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
    return airtime.span_after(kept, step.news)


def _place(step: Step) -> str:
    """Return where at the vendor a thing is: its region and account, as far as known."""
    values = {**_known(step.news), **_known(step.state)}
    account = step.kind.identity.account
    names = ["region", *([camel(account)] if account else [])]
    found = [str(values[name]) for name in names if values.get(name)]
    return printable(", ".join(found))


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
    airtime = step.kind.airtime
    if airtime is None:
        return
    before, after = _before(step), _after(step)
    label = stream_of(step) or step.name
    if before and not airtime.is_stopped(step.state):
        yield Airing(_key(step, step.state), label, step.stack, step.urn, step.name, before, False)
    stays = step.is_retained and step.operation in DELETES
    if stays and before:
        yield Airing(_key(step, step.state), label, step.stack, step.urn, step.name, before, True)
    elif after and step.news.get("running") is not False:
        label = airtime.stream(_known(step.news)) or label
        yield Airing(_key(step, step.news), label, step.stack, step.urn, step.name, after, True)


def _key(step: Step, of: Mapping[str, Any]) -> str:
    """Return what tells one stream from another.

    Where its address is secret, the tasks of a schedule are taken for one stream, and any other
    relay for one of its own.
    """
    values = _known(of)
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
    before, after = _reported(step, step.state), _reported(step, step.news)
    if step.is_retained and step.operation in DELETES:
        after = before
    if UNKNOWN_PLACE in (*before[0], *after[0]) and {*reporting.addresses} & changed:
        after = [place.replace("a secret", "another secret") for place in after[0]], after[1]
    name_of = step.kind.name_of
    yield Callback(
        urn=step.urn,
        stack=step.stack,
        name=step.name,
        label=step.kind.label(),
        vendor=step.vendor.title,
        source=name_of(_known(step.news)) or name_of(_known(step.state)) or step.name,
        source_before=name_of(_known(step.state)) if step.news else "",
        events=after[1] or before[1],
        dropped=[event for event in before[1] if after[1] and event not in after[1]],
        before=before[0],
        after=after[0],
        why=_why(step, changed),
        warned=list(_warned(step)),
    )


UNKNOWN_PLACE = "a secret address"


def _reported(step: Step, values: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return where inputs report to, and which events."""
    reporting = step.kind.reporting
    if reporting is None or not values:
        return [], []
    is_hidden = any(values.get(camel(name)) is UNKNOWN for name in reporting.addresses)
    places = [UNKNOWN_PLACE] if is_hidden else reporting.places(values)
    return [printable(place) for place in places], reporting.reported(_known(values))
