"""check: report all failures of the inputs at once, and return their normal form."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from pulumi_livepull.core.lifecycle.redaction import texts
from pulumi_livepull.core.naming import did_you_mean, respell
from pulumi_livepull.core.property import Property, has_unknown, is_unset
from pulumi_livepull.core.resource import Caution, Failure, Finding, Ignored, Resource, Unshown

MAX_SHOWN = 5
"""How many failures of one input are shown."""


@dataclass(frozen=True)
class Checked:
    """The inputs in normal form, all failures, and all warnings."""

    inputs: dict[str, Any]
    failures: list[Failure]
    cautions: list[Caution]


def check(
    resource: type[Resource], olds: Mapping[str, Any], news: Mapping[str, Any], now: datetime
) -> Checked:
    """Return `news` in normal form, with everything that is wrong with them.

    What the vendor ignores is left out.
    `olds` are the inputs of the last operation, empty for a new resource.
    """
    by_camel = {prop.camel: prop for prop in resource.inputs()}
    findings: list[Finding] = []
    inputs: dict[str, Any] = {}
    for name, value in news.items():
        if prop := by_camel.get(name):
            normal, wrong = _normalized(prop, value)
            inputs |= normal
            findings += wrong
        else:
            findings.append(_UnknownName((name,), _not_an_input(resource, name)))
    findings += _missing(resource, news)
    findings += _across_fields(resource, olds, inputs, now, _failures(findings))
    ignored = {finding.property for finding in findings if isinstance(finding, Ignored)}
    inputs = {name: value for name, value in inputs.items() if name not in ignored}
    findings = [_respelled(resource, finding) for finding in bounded(findings)]
    cautions = [finding for finding in findings if isinstance(finding, Caution)]
    return Checked(inputs, _failures(findings), cautions)


def _normalized(prop: Property, value: Any) -> tuple[dict[str, Any], list[Finding]]:
    """Return one input in normal form, or nothing if it is unset, and what is wrong with it."""
    if value in (None, "") and not prop.required:
        return {}, []
    problems: list[Finding] = [Failure(path, reason) for path, reason in prop.problems(value)]
    if has_unknown(value) or (problems and not is_unset(value)):
        return {prop.camel: value}, problems
    normal = value if problems else prop.normal(value)
    if not is_unset(normal):
        return {prop.camel: normal}, list(_undocumented(prop, normal))
    if prop.required and not problems:
        problems.append(Failure((prop.name,), "is required, but is empty"))
    return {}, problems


def _missing(resource: type[Resource], news: Mapping[str, Any]) -> Iterator[Failure]:
    for prop in resource.inputs():
        if prop.required and prop.camel not in news:
            yield Failure((prop.name,), "is required")


def _across_fields(
    resource: type[Resource],
    olds: Mapping[str, Any],
    inputs: dict[str, Any],
    now: datetime,
    failures: list[Failure],
) -> list[Finding]:
    """Return what is wrong with the combination of inputs, as far as the failures so far allow."""
    unsound = {failure.path[0] for failure in failures}
    if has_unknown(inputs) or unsound & {p.name for p in resource.inputs() if p.required}:
        return []
    sound = {k: v for k, v in resource.by_field(inputs).items() if k not in unsound}
    findings = [
        *_rules(resource, olds, sound, now),
        *_already_over(resource, olds, inputs, now),
        *_moved_to_past(resource, olds, inputs, now),
    ]
    # If an input is invalid, only findings about valid inputs are certain.
    return [each for each in findings if not unsound or each.path[0] in sound]


def _rules(
    resource: type[Resource], olds: Mapping[str, Any], sound: Mapping[str, Any], now: datetime
) -> Iterator[Finding]:
    """Yield what the rules find, and as a caution what an import could not know."""
    findings = list(resource.from_inputs(sound).rules(now))
    unshown = {each for each in findings if isinstance(each, Unshown)}
    if unshown and olds:
        with suppress(ValidationError):
            unshown -= set(resource.from_inputs(resource.by_field(olds)).rules(now))
    for each in findings:
        lacked = isinstance(each, Unshown) and each not in unshown
        yield Caution(each.path, each.reason) if lacked else each


def with_names(
    resource: type[Resource],
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    proposed: str,
    *,
    exactly: bool,
) -> dict[str, Any]:
    """Fill in missing names: the name that the resource has, or the one that Pulumi proposes.

    With `exactly`, the user configured the proposal, so it is not adapted to the vendor's rules.
    """
    chosen = {
        prop.camel: olds.get(prop.camel) or (proposed if exactly else prop.autoname.fit(proposed))
        for prop in resource.inputs()
        if prop.autoname and is_unset(news.get(prop.camel))
    }
    return {**news, **chosen}


class _UnknownName(Failure):
    """An input name that does not exist, shown as the user wrote it."""

    @property
    def property(self) -> str:
        return str(self.path[0])


def _failures(findings: list[Finding]) -> list[Failure]:
    return [finding for finding in findings if isinstance(finding, Failure)]


def bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the first findings for each input and kind, and then how many more there are.

    A playlist of thousands of files may have the same error in each address.
    """
    alike: defaultdict[tuple[type, str | int], list[Finding]] = defaultdict(list)
    for finding in findings:
        alike[type(finding), finding.path[0]].append(finding)
    for (kind, name), group in alike.items():
        yield from group[:MAX_SHOWN]
        if len(group) > MAX_SHOWN:
            yield kind((name,), f"has {len(group) - MAX_SHOWN} more such places")


def _respelled(resource: type[Resource], finding: Finding) -> Finding:
    return replace(finding, reason=respell(finding.reason, resource.properties()))


def _not_an_input(resource: type[Resource], name: str) -> str:
    prop = next((p for p in resource.properties().values() if p.camel == name), None)
    if prop is not None:
        return "is an output: remove it from the inputs"
    meant = did_you_mean(name, (prop.camel for prop in resource.inputs()))
    return f"is not an input of {resource.label()}{meant}"


def _undocumented(prop: Property, value: Any) -> Iterator[Caution]:
    for text in texts(value):
        if prop.documented and text not in prop.documented:
            known = ", ".join(prop.documented)
            yield Caution(
                (prop.name,), f'has "{text}", which the vendor does not document: {known}'
            )


def _already_over(
    resource: type[Resource], olds: Mapping[str, Any], news: dict[str, Any], now: datetime
) -> Iterator[Failure]:
    """Refuse a new or changed resource whose end has passed. An unchanged one has simply ended."""
    edited = _changed(resource, olds, news)
    if not edited or resource.airtime is None or not resource.ended_at(news, now):
        return
    if not olds:
        reason = "give a time in the future"
    elif resource.ended_at(olds, now):
        reason = (
            "a task that has ended cannot be changed. Give a time in the future to run it again "
            "as a new task, or undo the edit"
        )
    else:
        reason = "give a time in the future. To end it now, remove it from the program"
    yield Failure((resource.airtime.end,), f"has passed: {reason}")


def _moved_to_past(
    resource: type[Resource], olds: Mapping[str, Any], news: dict[str, Any], now: datetime
) -> Iterator[Failure]:
    """Refuse a change that moves the start to a time that has passed, where the vendor does.

    A replacement makes a new thing, which may have begun.
    """
    air = resource.airtime
    if not olds or air is None or air.moves_to_past or resource.ended_at(olds, now):
        return
    start, changed = air.span(news).start, _changed(resource, olds, news)
    if start is None or start > now or air.start not in changed:
        return
    if not resource.replaces(resource.by_field(olds), changed):
        reason = (
            "the start of a task can only move to the future. Undo the edit, or give such a time"
        )
        yield Failure((air.start,), f"has passed: {reason}")


def _changed(
    resource: type[Resource], olds: Mapping[str, Any], news: Mapping[str, Any]
) -> set[str]:
    """Return the inputs that a state shows and that differ."""
    return {
        prop.name
        for prop in resource.inputs()
        if prop.is_output and olds.get(prop.camel) != news.get(prop.camel)
    }
