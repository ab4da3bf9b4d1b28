"""The state of a resource: the vendor's answer, and what the vendor never returns."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_livepull.core.lifecycle.redaction import redacted
from pulumi_livepull.core.property import Property, is_unset
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import LivePullError, TransportError

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

_log = logging.getLogger(__name__)

IF_GIVEN = frozenset({Trait.UPDATE_ONLY, Trait.AS_GIVEN})
"""Traits of inputs that are in the state only if they were given."""


@dataclass(frozen=True)
class Found:
    """An existing resource: its id, the inputs that would create it, and its state."""

    id: str
    inputs: dict[str, Any]
    state: dict[str, Any]


class Unanswered(TransportError):
    """Nobody can tell whether a create took effect. `found` stands for what it may have created.

    A refresh replaces the placeholder id, or finds that nothing was created.
    """

    def __init__(self, lost: TransportError, hint: str, found: Found) -> None:
        super().__init__(lost.what, hint, sent=True)
        self.found = found


class Unfinished(LivePullError):
    """It was created or updated, but only in part. `found` is what exists now.

    Keep it in the state, so that the next run continues from there.
    """

    def __init__(self, cause: LivePullError, found: Found, where: str = "") -> None:
        super().__init__(cause.what, cause.hint)
        self.where = where or cause.where
        self.found = found


def described(resource: type[Resource], resource_id: str, answer: Mapping[str, Any]) -> Found:
    """Return the resource that an answer describes, without a known state."""
    state = observed(resource, answer, {})
    return Found(resource_id, inputs_of(resource, {}, state), state)


def read_back(
    resource: type[Resource], api: Client, resource_id: str, known: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the vendor's answer after a create or update, empty if it shows nothing yet.

    A vendor may take a while to show a new resource. A failed read must not hide that it exists.
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
        answer, reason = None, redacted(error, resource, known)
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
    """Return the state after an update that has taken effect and must not be lost.

    If the vendor shows nothing, it is `known`: the inputs and the previous outputs. The next
    refresh completes it.
    """
    return observed(resource, read_back(resource, api, resource_id, known), known)


def observed(
    resource: type[Resource], answer: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the state that an answer describes, with known values that the vendor never
    returns."""
    got = resource.from_wire(answer)
    hidden = _not_given(resource, known)
    state: dict[str, Any] = {}
    for prop in resource.properties().values():
        if not prop.is_output or prop.camel in hidden:
            continue
        keep = not answer or _keeps_known(prop, got)
        value = known.get(prop.camel) if keep else got.get(prop.name)
        if prop.has(Trait.WRITE_ONLY):
            state |= _fingerprint(resource, prop, value)
        if not is_unset(value):
            state[prop.camel] = value
    return state


def _keeps_known(prop: Property, got: Mapping[str, Any]) -> bool:
    """Return whether to keep a property's known value, because the answer does not contain it."""
    if prop.has(Trait.WRITE_ONLY):
        return True
    if prop.has(Trait.UPDATE_ONLY) and got.get(prop.name) is None:
        return True
    if prop.required:
        # A required input always exists, even if the vendor does not show it.
        return got.get(prop.name) is None
    return prop.has(Trait.LOCAL) and prop.name not in got


def _not_given(resource: type[Resource], known: Mapping[str, Any]) -> Set[str]:
    """Return the inputs to leave out of the state because they were not given.

    If none of the `AsGiven` inputs is known, as in an import, the first is kept.
    """
    absent = {prop.camel for prop in resource.inputs() if IF_GIVEN & prop.traits} - known.keys()
    spellings = [prop.camel for prop in resource.inputs() if prop.has(Trait.AS_GIVEN)]
    return absent if known.keys() & set(spellings) else absent - set(spellings[:1])


def _fingerprint(resource: type[Resource], prop: Property, value: Any) -> dict[str, Any]:
    """Return a fingerprint that shows whether a value that the vendor never returns has changed."""
    mark = resource.properties().get(f"{prop.name}_fingerprint")
    if mark is None or is_unset(value):
        return {}
    digest = hmac.new(resource.token.encode(), str(value).encode(), hashlib.sha256).hexdigest()
    return {mark.camel: digest[:12]}


def inputs_of(
    resource: type[Resource], inputs: Mapping[str, Any], state: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the inputs that match the state, so that the next preview shows drift.

    Without `inputs`, as in an import, it returns what a user would write.
    """
    return {
        prop.camel: state[prop.camel]
        for prop in resource.inputs()
        if prop.camel in state and (prop.camel in inputs or _is_worth_showing(prop, inputs, state))
    }


def _is_worth_showing(prop: Property, inputs: Mapping[str, Any], state: Mapping[str, Any]) -> bool:
    if prop.unset_means is not None and state[prop.camel] == prop.unset_means:
        return False
    return not inputs or not prop.has(Trait.SERVER_DEFAULT)
