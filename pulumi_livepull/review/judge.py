"""Judge: what each step of a plan does on air, when, and why."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pulumi_livepull.core.conflicts import FIGHTS
from pulumi_livepull.core.lifecycle.effect import effect, effect_of_create, effect_of_delete
from pulumi_livepull.core.on_air import NO_EFFECT, Effect
from pulumi_livepull.review.callbacks import callback_of
from pulumi_livepull.review.phrases import what_happens
from pulumi_livepull.review.plan import Plan
from pulumi_livepull.review.review import Airing, Change, Review, Warned
from pulumi_livepull.review.step import (
    ADOPTS,
    CREATES,
    DELETES,
    REPLACEMENTS,
    STAYS,
    Step,
    known,
    pushed_stream,
)
from pulumi_livepull.review.streams import fights_across, new_gaps
from pulumi_livepull.review.warnings import warnings_of

_FOE = re.compile(rf'{re.escape(FIGHTS)} \S+ "(.+)": they')
"""Finds the name of the other relay in the warning about a fight."""


def judge(plans: Iterable[Plan], at: datetime) -> Review:
    """Return what the plans do on air if they are deployed at `at`."""
    plans = list(plans)
    steps = [step for plan in plans for step in plan.steps]
    airings = [airing for step in steps for airing in _airings(step)]
    changing = {step.urn for step in steps if step.operation not in STAYS}
    more = _by_urn(
        [*fights_across(airings, changing, at), *new_gaps(airings, changing, at), *_left(steps)]
    )
    relays = [step for step in steps if not step.kind.reporting]
    changes = _blamed([_change(step, at, more.get(step.urn, [])) for step in relays])
    stay = [change for change in changes if not change.is_change]
    return Review(
        at=at,
        stacks=[plan.name for plan in plans],
        changes=sorted(
            (change for change in changes if change.is_change), key=lambda change: change.rank
        ),
        callbacks=[found for step in steps for found in callback_of(step)],
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


def _blamed(changes: list[Change]) -> list[Change]:
    """Attach each warning about a fight to the relay that changes, if only one of the two does.

    A provider attaches it to the relay that it checks later, which may be the unchanged one.
    """
    by_name = {(change.stack, change.name): change for change in changes if change.is_change}
    blamed: defaultdict[str, list[Warned]] = defaultdict(list)
    kept: dict[str, list[Warned]] = {}
    for change in changes:
        kept[change.urn] = list(change.warned)
        for warned in change.warned if not change.is_change else ():
            named = _FOE.search(warned.text) if warned.kind == "fight" else None
            other = by_name.get((change.stack, named[1])) if named else None
            if other:
                kept[change.urn].remove(warned)
                text = f'{FIGHTS} {change.label} "{change.name}": they will interrupt one another'
                blamed[other.urn].append(Warned("fight", text))
    return [replace(change, warned=[*kept[change.urn], *blamed[change.urn]]) for change in changes]


def _left(steps: Iterable[Step]) -> Iterator[tuple[str, Warned]]:
    """Yield a warning for each replaced relay that is retained at the vendor."""
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
    found = _effect(step, at)
    return Change(
        urn=step.urn,
        stack=step.stack,
        name=step.name,
        label=step.kind.label(),
        vendor=step.vendor.title,
        place=step.place,
        id=step.id,
        operation=step.operation,
        stream=step.stream,
        effect=found.kind,
        how=what_happens(step, found, at),
        why=step.why,
        before=step.before,
        after=step.after,
        warned=[*warnings_of(step), *more],
        is_change=step.operation not in STAYS,
    )


def _effect(step: Step, at: datetime) -> Effect:
    operation = step.operation
    if operation in ADOPTS | STAYS or (step.is_retained and operation in DELETES):
        return NO_EFFECT
    if operation in CREATES:
        return NO_EFFECT if step.is_adopted else effect_of_create(step.kind, step.news, at)
    if operation in DELETES:
        return effect_of_delete(step.kind, step.state, at)
    is_replaced = operation in REPLACEMENTS
    names = step.differing or (set(step.kind.mutable()) if is_replaced else set())
    return effect(step.kind, step.state, step.news, names, at, replaced=is_replaced)


def _airings(step: Step) -> Iterator[Airing]:
    """Yield when and where a relay is on air, before and after the plan."""
    airtime = step.kind.airtime
    if airtime is None:
        return
    before, after = step.before, step.after
    label = step.stream or step.name
    if before and not airtime.is_stopped(step.state):
        yield Airing(_key(step, step.state), label, step.stack, step.urn, step.name, before, False)
    stays = step.is_retained and step.operation in DELETES
    if stays and before:
        yield Airing(_key(step, step.state), label, step.stack, step.urn, step.name, before, True)
    elif after and step.news.get("running") is not False:
        label = airtime.stream(known(step.news)) or label
        yield Airing(_key(step, step.news), label, step.stack, step.urn, step.name, after, True)


def _key(step: Step, of: Mapping[str, Any]) -> str:
    """Return a key that identifies a stream.

    If its address is secret, the tasks of a schedule count as one stream, and any other relay as a
    separate one.
    """
    return pushed_stream(step.kind, of) or step.schedule or step.urn
