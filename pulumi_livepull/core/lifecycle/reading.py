"""read: what the vendor has now, as state and as the inputs that would make it."""

import hashlib
import hmac
import logging
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from pulumi_livepull.core.answers import looking
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle.saying import harmless, saying
from pulumi_livepull.core.lifecycle.unanswered import Attempt
from pulumi_livepull.core.property import Property, is_unset
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import ApiError, ConfigError, LivePullError

_log = logging.getLogger(__name__)

IF_GIVEN = frozenset({Trait.UPDATE_ONLY, Trait.AS_GIVEN})
"""Traits of inputs that a state shows only if they were given."""


@dataclass(frozen=True)
class Found:
    """What exists: its id, the inputs that would make it, and its state."""

    id: str
    inputs: dict[str, Any]
    state: dict[str, Any]


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
    if inputs and (attempt := Attempt.with_id(resource_id)):
        return _settled(resource, api, attempt, inputs, state)
    with saying(resource, "read", state), looking():
        answer = resource.read(api, resource_id)
    return _found(resource, api, resource_id, inputs, state, answer)


def refresh(
    resource: type[Resource],
    api: Client,
    resource_id: str,
    inputs: Mapping[str, Any],
    state: Mapping[str, Any],
) -> Found | None:
    """Return the same as `read`, for one of many: the vendor is asked for lists of them."""
    if Attempt.with_id(resource_id):
        return read(resource, api, resource_id, inputs, state)
    with saying(resource, "read", state), looking():
        answer = _shared(resource, api, resource_id) or resource.read(api, resource_id)
    if "running" not in state and resource.from_wire(answer or {}).get("running") is False:
        _log.warning(
            "%s %s is stopped. Set `running` to true to let it go on, or to false to keep it so",
            resource.label(),
            resource_id,
        )
    return _found(resource, api, resource_id, inputs, state, answer)


def _settled(
    resource: type[Resource],
    api: Client,
    attempt: Attempt,
    inputs: Mapping[str, Any],
    state: Mapping[str, Any],
) -> Found | None:
    """Return what an attempt to create made, or `None` if it made nothing."""
    try:
        desired = resource.from_inputs(resource.by_field(inputs))
    except ValidationError:
        raise ConfigError(
            f"{resource.label()} read failed: the state does not tell what was to be made",
            "Take it out of the state: pulumi state delete <its URN>.",
        ) from None
    with saying(resource, "read", state), looking():
        match attempt.made(desired, desired.list_like(api)):
            case []:
                return None
            case [resource_id]:
                return read(resource, api, resource_id, inputs, state)
            case found:
                raise ConfigError(
                    f"{resource.label()} read failed: it is not known which was made: "
                    + ", ".join(found),
                    "Delete all but one, and run it again.",
                )


def _shared(resource: type[Resource], api: Client, resource_id: str) -> Mapping[str, Any] | None:
    where = resource.listed_with(api, resource_id)
    if where is None:
        return None
    return api.shared.take(
        resource.token, where, resource_id, lambda: resource.list_all(api, where)
    )


def _found(
    resource: type[Resource],
    api: Client,
    resource_id: str,
    inputs: Mapping[str, Any],
    state: Mapping[str, Any],
    answer: Mapping[str, Any] | None,
) -> Found | None:
    if answer is None:
        same_account(resource, api, resource_id, state)
        if over := resource.ended_at(state, api.vendor_now()):
            _log.warning(
                "%s %s ended at %s and is gone: it stays in the stack as it was",
                resource.label(),
                resource_id,
                over,
            )
            expired = {"status": "expired"} if "status" in resource.properties() else {}
            return Found(resource_id, dict(inputs), dict(state) | expired)
        return None
    known = observed(resource, answer, state)
    return Found(resource_id, _drifted(resource, inputs, known), known)


def get(resource: type[Resource], api: Client, resource_id: str) -> Found:
    """Return what the vendor has of which nothing is known yet, for an import or a look.

    Raises `ConfigError` if there is none.
    """
    _, found = find(resource, api, resource_id, {}, {})
    if found:
        return found
    raise ConfigError(f'{resource.label()}: there is no "{resource_id}"', _form(resource))


def find(
    resource: type[Resource],
    api: Client,
    given: str,
    inputs: Mapping[str, Any],
    state: Mapping[str, Any],
) -> tuple[str, Found | None]:
    """Return the whole id that a user gave, and what the vendor has under it, if anything.

    Raises `ConfigError` for what cannot be an id.
    """
    steps = resource.id_form.partition(",")[0].partition(" or ")[0].count("/")
    full_id = given if given.count("/") > steps else resource.full_id(api, given)
    if full_id.count("/") != steps:
        raise ConfigError(f'{resource.label()}: "{given}" is no id', _form(resource))
    try:
        return full_id, read(resource, api, full_id, inputs, state)
    except ApiError as error:
        # Only what no subclass says better may be about the id.
        if type(error) is ApiError:
            error.hint = f"{error.hint} {_form(resource)}".lstrip()
        raise


def _form(resource: type[Resource]) -> str:
    return f"An id has the form {resource.id_form}."


def described(resource: type[Resource], resource_id: str, answer: Mapping[str, Any]) -> Found:
    """Return what an answer describes of which nothing was known before."""
    state = observed(resource, answer, {})
    return Found(resource_id, _drifted(resource, {}, state), state)


def look(
    resource: type[Resource], api: Client, resource_id: str, known: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return what the vendor shows after a create or update, empty if it shows nothing yet.

    A vendor may take a while to show what it just made, and no failure to read may hide that it is
    there.
    """
    try:
        answer = resource.read(api.undisturbed(), resource_id)
        for pause in api.read_pauses:
            if answer is not None:
                return answer
            api.pause(pause)
            answer = resource.read(api, resource_id)
        reason = "the vendor does not show it"
    except LivePullError as error:
        answer, reason = None, harmless(error, resource, known)
    if answer is None:
        _log.warning(
            "%s %s cannot be read yet: %s. Run pulumi refresh later to complete its outputs",
            resource.label(),
            resource_id,
            reason,
        )
    return answer or {}


def state_after(
    resource: type[Resource], api: Client, resource_id: str, known: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the state after an update, which has happened and must not be lost.

    Where the vendor shows nothing, it is what is `known`: the inputs, and outputs from before. The
    next refresh completes it.
    """
    return observed(resource, look(resource, api, resource_id, known), known)


def same_account(
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


def observed(
    resource: type[Resource], answer: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the state that an answer describes, with what the vendor never returns kept."""
    got = resource.from_wire(answer)
    unasked = _unasked(resource, known)
    state: dict[str, Any] = {}
    for prop in resource.properties().values():
        if not prop.is_output or prop.camel in unasked:
            continue
        # That of which there is always one is hidden, and not unset, where none is told.
        missing = prop.name not in got or (prop.required and got[prop.name] is None)
        keep = (
            not answer
            or prop.has(Trait.WRITE_ONLY)
            or (missing and (prop.required or prop.has(Trait.LOCAL)))
            or (prop.has(Trait.UPDATE_ONLY) and got.get(prop.name) is None)
        )
        value = known.get(prop.camel) if keep else got.get(prop.name)
        if prop.has(Trait.WRITE_ONLY):
            state |= _fingerprint(resource, prop, value)
        if not is_unset(value):
            state[prop.camel] = value
    return state


def _unasked(resource: type[Resource], known: Mapping[str, Any]) -> Set[str]:
    """Return the inputs that a state does not show because nobody gave them.

    Where none of a fact's spellings is known, as in an import, the first is shown.
    """
    absent = {prop.camel for prop in resource.inputs() if IF_GIVEN & prop.traits} - known.keys()
    spellings = [prop.camel for prop in resource.inputs() if prop.has(Trait.AS_GIVEN)]
    return absent if known.keys() & set(spellings) else absent - set(spellings[:1])


def _fingerprint(resource: type[Resource], prop: Property, value: Any) -> dict[str, Any]:
    """Return what shows a change or the loss of a value that the vendor never returns."""
    mark = resource.properties().get(f"{prop.name}_fingerprint")
    if mark is None or is_unset(value):
        return {}
    digest = hmac.new(resource.token.encode(), str(value).encode(), hashlib.sha256).hexdigest()
    return {mark.camel: digest[:12]}


def _drifted(
    resource: type[Resource], inputs: Mapping[str, Any], state: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the inputs that would describe the state, so that drift shows in the next preview.

    Without inputs it is an import: then they are what a user would write.
    """
    return {
        prop.camel: state[prop.camel]
        for prop in resource.inputs()
        if prop.camel in state and (prop.camel in inputs or _is_worth_saying(prop, inputs, state))
    }


def _is_worth_saying(prop: Property, inputs: Mapping[str, Any], state: Mapping[str, Any]) -> bool:
    if prop.unset_means is not None and state[prop.camel] == prop.unset_means:
        return False
    return not inputs or not prop.has(Trait.SERVER_DEFAULT)
