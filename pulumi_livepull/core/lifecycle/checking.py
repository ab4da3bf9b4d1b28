"""check: every failure of the inputs at once, and their normal form."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pulumi_livepull.core.lifecycle.saying import texts
from pulumi_livepull.core.naming import did_you_mean, respell
from pulumi_livepull.core.property import Property, has_unknown, is_unset
from pulumi_livepull.core.resource import Caution, Failure, Finding, Resource

MOST_TOLD = 5
"""How many places in one input are told."""


@dataclass(frozen=True)
class Checked:
    """The inputs in normal form, every failure, and what is only suspicious."""

    inputs: dict[str, Any]
    failures: list[Failure]
    cautions: list[Caution]


def check(
    resource: type[Resource], olds: Mapping[str, Any], news: Mapping[str, Any], now: datetime
) -> Checked:
    """Return `news` in normal form with all that is wrong with them at once.

    `olds` are the inputs of the last operation, empty for a new resource.
    """
    findings: list[Finding] = []
    inputs: dict[str, Any] = {}
    by_camel = {prop.camel: prop for prop in resource.inputs()}
    for name, value in news.items():
        prop = by_camel.get(name)
        if prop is None:
            findings.append(_Stranger((name,), _not_an_input(resource, name)))
            continue
        if value in (None, "") and not prop.required:
            continue
        problems = [Failure(path, reason) for path, reason in prop.problems(value)]
        findings += problems
        if is_unset(value):
            continue
        usable = not problems and not has_unknown(value)
        inputs[name] = prop.normal(value) if usable else value
        if usable and is_unset(inputs[name]) and not prop.required:
            del inputs[name]
        elif usable:
            findings += _undocumented(prop, inputs[name])
    findings += [
        Failure((prop.name,), "is required")
        for prop in by_camel.values()
        if prop.required and prop.camel not in news
    ]
    unsound = {finding.path[0] for finding in _failures(findings)}
    if not has_unknown(inputs) and not unsound & {p.name for p in by_camel.values() if p.required}:
        sound = {k: v for k, v in resource.by_field(inputs).items() if k not in unsound}
        more = [
            *resource.from_inputs(sound).rules(now),
            *_already_over(resource, olds, inputs, now),
        ]
        # Beside an unsound input, only what is wrong with a sound one is certain.
        findings += [each for each in more if not unsound or each.path[0] in sound]
    findings = [_respelled(resource, finding) for finding in few(findings)]
    cautions = [finding for finding in findings if isinstance(finding, Caution)]
    return Checked(inputs, _failures(findings), cautions)


def named(
    resource: type[Resource],
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    proposed: str,
    *,
    exactly: bool,
) -> dict[str, Any]:
    """Return inputs with a name where a user gave none: the one it has, or what Pulumi proposes.

    `exactly` tells that the proposal is a user's wish, which is not to be fitted.
    """
    chosen = {
        prop.camel: olds.get(prop.camel) or (proposed if exactly else prop.autoname.fit(proposed))
        for prop in resource.inputs()
        if prop.autoname and is_unset(news.get(prop.camel))
    }
    return {**news, **chosen}


class _Stranger(Failure):
    """A name that is no property's, told as it was given."""

    @property
    def property(self) -> str:
        return str(self.path[0])


def _failures(findings: list[Finding]) -> list[Failure]:
    return [finding for finding in findings if isinstance(finding, Failure)]


def few(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the first findings of each input and kind, and how many more there are.

    A playlist of thousands may be wrong in each of its addresses, for one reason.
    """
    alike: defaultdict[tuple[type, str | int], list[Finding]] = defaultdict(list)
    for finding in findings:
        alike[type(finding), finding.path[0]].append(finding)
    for (kind, name), group in alike.items():
        yield from group[:MOST_TOLD]
        if len(group) > MOST_TOLD:
            yield kind((name,), f"has {len(group) - MOST_TOLD} more such places")


def _respelled(resource: type[Resource], finding: Finding) -> Finding:
    return replace(finding, reason=respell(finding.reason, resource.properties()))


def _not_an_input(resource: type[Resource], name: str) -> str:
    prop = next((p for p in resource.properties().values() if p.camel == name), None)
    if prop is not None:
        return "is an output: take it out of the inputs"
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
    """Refuse a new or changed resource whose end has passed; an unchanged one just ended."""
    shown = {prop.camel for prop in resource.inputs() if prop.is_output}
    edited = any(olds.get(name) != news.get(name) for name in shown)
    if not edited or resource.airtime is None or not resource.ended_at(news, now):
        return
    if not olds:
        reason = "give a time in the future"
    elif resource.ended_at(olds, now):
        reason = (
            "nothing of a task that ended can change. Give a time in the future to run it again "
            "as a new task, or undo the edit"
        )
    else:
        reason = "give a time in the future. To end it now, take it out of the program"
    yield Failure((resource.airtime.end,), f"has passed: {reason}")
