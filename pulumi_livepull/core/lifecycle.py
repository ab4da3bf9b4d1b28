"""Pulumi's meaning: check, diff, create, read, update and delete, for any resource.

Values here are plain JSON in Pulumi's spelling (camelCase), in normal form once checked, with
`UNKNOWN` where a preview cannot know. Hosts translate to and from Pulumi; resources call vendors.
"""

import hashlib
import hmac
import logging
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.naming import respell
from pulumi_livepull.core.property import UNKNOWN, Property, has_unknown, is_unset
from pulumi_livepull.core.resource import Caution, Failure, Finding, Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import carries_key
from pulumi_livepull.errors import (
    ApiError,
    ConfigError,
    Denied,
    LivePullError,
    NotFound,
    Throttled,
    TransportError,
    redact,
)

_log = logging.getLogger(__name__)

Values = dict[str, Any]

CLOCKS_APART = timedelta(seconds=5)
"""How far the vendor's `created` time may lie before our own reading of the vendor's clock."""


@dataclass(frozen=True)
class Checked:
    """The inputs in normal form, every failure, and what is only suspicious."""

    inputs: Values
    failures: list[Failure]
    cautions: list[Caution]


@dataclass(frozen=True)
class Diff:
    """Which inputs differ, which of them need a replacement, and what a reviewer should know."""

    changed: Set[str] = frozenset()
    replaces: Set[str] = frozenset()
    delete_before_replace: bool = False
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What exists: its id, the inputs that would make it, and its state."""

    id: str
    inputs: Values
    state: Values = field(default_factory=dict)


def check(
    resource: type[Resource], olds: Mapping[str, Any], news: Mapping[str, Any], now: datetime
) -> Checked:
    """Return `news` in normal form with all that is wrong with them at once.

    `olds` are the inputs of the last operation, empty for a new resource.
    """
    findings: list[Finding] = []
    inputs: Values = {}
    by_camel = {prop.camel: prop for prop in resource.inputs()}
    for name, value in news.items():
        prop = by_camel.get(name)
        if prop is None:
            findings.append(Failure((name,), _not_an_input(resource, name)))
            continue
        if is_unset(value) and not prop.required:
            continue
        problems = [Failure(path, reason) for path, reason in prop.problems(value)]
        findings += problems
        usable = not problems and not has_unknown(value)
        inputs[name] = prop.normal(value) if usable else value
        if usable:
            findings += _undocumented(prop, inputs[name])
    findings += [
        Failure((prop.name,), "is required")
        for prop in by_camel.values()
        if prop.required and prop.camel not in news
    ]
    if not _failures(findings) and not has_unknown(inputs):
        findings += resource.from_inputs(_snake(resource, inputs)).rules(now)
        findings += _already_over(resource, dict(olds), inputs, now)
    findings = [_respelled(resource, finding) for finding in findings]
    cautions = [finding for finding in findings if isinstance(finding, Caution)]
    return Checked(inputs, _failures(findings), cautions)


def diff(
    resource: type[Resource],
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    news: Mapping[str, Any],
    now: datetime,
) -> Diff:
    """Compare checked inputs with the known state, field by field, as the traits say."""
    changed = {prop.name for prop in resource.inputs() if _differs(prop, old_inputs, state, news)}
    if not changed:
        return Diff()
    over = _ended_at(resource, state, now)
    replaces = changed if over else resource.replaces(_snake(resource, state), changed)
    return Diff(
        frozenset(_camels(resource, changed)),
        frozenset(_camels(resource, replaces)),
        resource.delete_before_replace,
        f"{resource.label()} ended at {over}: this change deletes it and makes a new one"
        if over
        else "",
    )


def create(resource: type[Resource], api: Client, inputs: Mapping[str, Any]) -> Found:
    """Make the thing, once: after a lost answer it is looked for, and adopted if it is there."""
    desired = resource.from_inputs(_snake(resource, inputs))
    started = api.now()
    with _saying(resource, "create", inputs):
        if desired.adopt:
            return _adopt(desired, api, inputs)
        try:
            resource_id = desired.create(api)
        except TransportError as lost:
            if not lost.sent:
                raise
            resource_id = _find_created(desired, api, started, lost)
    state = _state_after(resource, api, resource_id, inputs)
    return Found(resource_id, dict(inputs), _finish(desired, api, resource_id, inputs, state))


def read(
    resource: type[Resource],
    api: Client,
    resource_id: str,
    inputs: Mapping[str, Any],
    state: Mapping[str, Any],
) -> Found | None:
    """Return what the vendor has now, or `None` if it is certainly gone.

    What ended as planned is not lost: it stays in state even if the vendor tidied it away.
    """
    with _saying(resource, "read", state):
        answer = resource.read(api, resource_id)
    if answer is None:
        _same_account(resource, api, resource_id, state)
        if _ended_at(resource, state, api.now()):
            return Found(resource_id, dict(inputs), dict(state))
        return None
    known = _observed(resource, answer, state)
    return Found(resource_id, _drifted(resource, inputs, known), known)


def update(
    resource: type[Resource],
    api: Client,
    resource_id: str,
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> Values:
    """Bring the thing in line with checked inputs and return its new state."""
    changed = diff(resource, old_inputs, state, inputs, api.now()).changed
    desired = resource.from_inputs(_snake(resource, inputs))
    names = {prop.name for prop in resource.inputs() if prop.camel in changed}
    with _saying(resource, "update", inputs):
        desired.update(api, resource_id, names)
    return _state_after(resource, api, resource_id, inputs)


def delete(
    resource: type[Resource], api: Client, resource_id: str, state: Mapping[str, Any]
) -> None:
    """Remove the thing; that it is gone already is success."""
    with _saying(resource, "delete", state):
        try:
            resource.delete(api, resource_id)
        except (Denied, Throttled):
            raise
        except ApiError as error:
            # Vendors answer a deletion of nothing with many codes: only a look tells.
            if not isinstance(error, NotFound) and resource.read(api, resource_id) is not None:
                raise
            _same_account(resource, api, resource_id, state)


def secrets_of(resource: type[Resource], values: Mapping[str, Any]) -> list[str]:
    """Return every text in `values` that must not be shown."""
    return [
        text
        for prop in resource.inputs()
        for text in _texts(values.get(prop.camel))
        if text and (prop.has(Trait.SECRET) or (prop.carries_key and carries_key(text)))
    ]


# Checking.


def _failures(findings: list[Finding]) -> list[Failure]:
    return [finding for finding in findings if isinstance(finding, Failure)]


def _respelled(resource: type[Resource], finding: Finding) -> Finding:
    return replace(finding, reason=respell(finding.reason, resource.properties()))


def _not_an_input(resource: type[Resource], name: str) -> str:
    prop = next((p for p in resource.properties().values() if p.camel == name), None)
    if prop is not None:
        return "is an output: take it out of the inputs"
    close = get_close_matches(name, [prop.camel for prop in resource.inputs()], n=1)
    return f"is not an input of {resource.label()}" + (
        f": did you mean `{close[0]}`" if close else ""
    )


def _undocumented(prop: Property, value: Any) -> Iterator[Caution]:
    for text in _texts(value):
        if prop.documented and text not in prop.documented:
            known = ", ".join(prop.documented)
            yield Caution(
                (prop.name,), f'has "{text}", which the vendor does not document: {known}'
            )


def _already_over(
    resource: type[Resource], olds: Values, news: Values, now: datetime
) -> Iterator[Failure]:
    """Refuse a new or changed resource whose end has passed; an unchanged one just ended."""
    over = _ended_at(resource, news, now)
    if over and olds != news:
        yield Failure(
            (resource.expires or "",),
            "has passed: nothing of a task that ended can change. Give a time in the future to run "
            "it again as a new task, or undo the edit"
            if olds
            else "has passed: give a time in the future",
        )


def _ended_at(resource: type[Resource], values: Mapping[str, Any], now: datetime) -> str:
    """Return when the thing ended, or an empty text while it has not."""
    if resource.expires is None:
        return ""
    end = values.get(resource.properties()[resource.expires].camel)
    try:
        return str(end) if end and datetime.fromisoformat(end) <= now else ""
    except (TypeError, ValueError):
        return ""


# Comparing.


def _differs(
    prop: Property,
    old_inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    news: Mapping[str, Any],
) -> bool:
    old, new = state.get(prop.camel), news.get(prop.camel)
    if not prop.is_output:
        return False
    if has_unknown(new):
        return True
    if is_unset(new) and prop.has(Trait.SERVER_DEFAULT):
        cleared = not is_unset(old_inputs.get(prop.camel))
        return cleared and not prop.chosen_by_server
    return bool(
        prop.effective(new) != prop.effective(old) and not (is_unset(new) and is_unset(old))
    )


# Creating.


def _adopt(desired: Resource, api: Client, inputs: Mapping[str, Any]) -> Found:
    """Take over the one that `adopt` names, brought in line with the inputs."""
    resource, resource_id = type(desired), str(desired.adopt)
    found = read(resource, api, resource_id, inputs, inputs)
    if found is None:
        raise ConfigError(
            f'{resource.label()} create failed: there is no "{resource_id}" to adopt',
            "Correct `adopt`, or leave it out to make a new one.",
        )
    differences = diff(resource, {}, found.state, inputs, api.now())
    if differences.replaces:
        raise ConfigError(
            f'{resource.label()} create failed: "{resource_id}" differs in what cannot change: '
            + ", ".join(sorted(differences.replaces)),
            "Give it the same values, or leave out `adopt` to make a new one.",
        )
    state = found.state
    if differences.changed:
        state = update(resource, api, resource_id, {}, found.state, inputs)
    return Found(resource_id, dict(inputs), state)


def _finish(
    desired: Resource, api: Client, resource_id: str, inputs: Mapping[str, Any], state: Values
) -> Values:
    """Send what the vendor takes in an update only.

    The thing exists by now: if this fails, the state says so, and the next preview shows it.
    """
    resource = type(desired)
    late = [prop for prop in resource.inputs() if prop.has(Trait.UPDATE_ONLY)]
    missing = {prop.name for prop in late if _differs(prop, {}, state, inputs)}
    if not missing:
        return state
    try:
        desired.update(api, resource_id, missing)
    except LivePullError as error:
        _log.warning("%s %s was made, but: %s", resource.label(), resource_id, error)
        return state
    return _state_after(resource, api, resource_id, inputs)


def _find_created(desired: Resource, api: Client, started: datetime, lost: TransportError) -> str:
    """Return the id of the one thing that the lost request made, or say what to check."""
    wanted = desired.to_inputs()
    try:
        found = [
            resource_id
            for resource_id, answer in desired.list_like(api)
            if _made_by(desired, wanted, answer, api.on_vendor_clock(started))
        ]
    except LivePullError as error:
        _log.debug("looking for the lost %s failed too: %s", desired.label(), error)
        found = []
    match found:
        case [resource_id]:
            _log.info("%s %s was made although its answer was lost", desired.label(), resource_id)
            return resource_id
        case []:
            hint = "It was not found afterwards. Look in the vendor's console before the next run"
        case _:
            hint = f"More than one match now exists ({', '.join(found)}): delete all but one"
    raise TransportError(lost.what, f"{hint}, so that none runs twice.", sent=True) from lost


def _made_by(
    desired: Resource, wanted: Values, answer: Mapping[str, Any], started: datetime
) -> bool:
    got = desired.from_wire(answer)
    same = all(
        field.name not in wanted or wanted[field.name] == got.get(field.name)
        for field in desired.inputs()
        if not {Trait.WRITE_ONLY, Trait.UPDATE_ONLY, Trait.LOCAL} & field.traits
    )
    try:
        made = datetime.fromisoformat(str(got.get(desired.created or "")))
    except ValueError:
        return False
    return same and made >= started - CLOCKS_APART


def _state_after(
    resource: type[Resource], api: Client, resource_id: str, inputs: Mapping[str, Any]
) -> Values:
    """Return the state after a create or update, which has happened and must not be lost.

    A vendor may not show at once what it just made; and no failure to read may hide that it is
    there. Then the state is what was asked for, and the next refresh completes it.
    """
    try:
        for pause in (*api.read_pauses, None):
            answer = resource.read(api, resource_id)
            if answer is not None or pause is None:
                return _observed(resource, answer or {}, inputs)
            api.pause(pause)
    except LivePullError as error:
        _log.warning("%s %s cannot be read yet: %s", resource.label(), resource_id, error)
    return _observed(resource, {}, inputs)


def _observed(
    resource: type[Resource], answer: Mapping[str, Any], known: Mapping[str, Any]
) -> Values:
    """Return the state that an answer describes, with what the vendor never returns kept."""
    got = resource.from_wire(answer)
    state: Values = {}
    for prop in resource.properties().values():
        if not prop.is_output or (prop.has(Trait.UPDATE_ONLY) and prop.camel not in known):
            continue
        keep = (
            not answer
            or prop.has(Trait.WRITE_ONLY)
            or prop.has(Trait.LOCAL)
            or (prop.required and prop.name not in got)
        )
        value = known.get(prop.camel) if keep else got.get(prop.name)
        if prop.has(Trait.WRITE_ONLY):
            state |= _fingerprint(resource, prop, value)
        if not is_unset(value):
            state[prop.camel] = value
    return state


def _fingerprint(resource: type[Resource], prop: Property, value: Any) -> Values:
    """Return what shows a change or the loss of a value that the vendor never returns."""
    mark = resource.properties().get(f"{prop.name}_fingerprint")
    if mark is None or is_unset(value):
        return {}
    digest = hmac.new(resource.token.encode(), str(value).encode(), hashlib.sha256).hexdigest()
    return {mark.camel: digest[:12]}


# Reading.


def _same_account(
    resource: type[Resource], api: Client, resource_id: str, state: Mapping[str, Any]
) -> None:
    """Refuse to call a thing gone that was made in another account than these keys reach."""
    if resource.scope is None:
        return
    prop = resource.properties()[resource.scope]
    made_in, here = state.get(prop.camel), api.scope(resource_id)
    if made_in and here and made_in != here:
        raise ConfigError(
            f"{resource.label()} {resource_id} was made in {prop.camel} {made_in}, "
            f"but the keys and settings lead to {here}",
            "Use those it was made with; nothing was changed.",
        )


def _drifted(
    resource: type[Resource], inputs: Mapping[str, Any], state: Mapping[str, Any]
) -> Values:
    """Return the inputs that would describe the state, so that drift shows in the next preview."""
    return {
        prop.camel: state[prop.camel]
        for prop in resource.inputs()
        if prop.camel in state
        and (
            prop.camel in inputs
            or not inputs
            or not (
                prop.has(Trait.SERVER_DEFAULT)
                or prop.effective(state[prop.camel]) == prop.unset_means
            )
        )
    }


# Names and messages.


def _snake(resource: type[Resource], values: Mapping[str, Any]) -> Values:
    return {
        prop.name: values[prop.camel]
        for prop in resource.inputs()
        if prop.camel in values and values[prop.camel] is not UNKNOWN
    }


def _camels(resource: type[Resource], names: Set[str]) -> Iterator[str]:
    return (resource.properties()[name].camel for name in names)


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


@contextmanager
def _saying(resource: type[Resource], verb: str, values: Mapping[str, Any]) -> Iterator[None]:
    """Say in any error which operation failed, without the secrets in `values`."""
    try:
        yield
    except (ApiError, TransportError) as error:
        error.where = f"{resource.label()} {verb} failed"
        error.what = redact(error.what, secrets_of(resource, values))
        raise
