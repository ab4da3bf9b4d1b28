"""The state of a thing: what the vendor answers, with what it never returns."""

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
"""Traits of inputs that a state shows only if they were given."""


@dataclass(frozen=True)
class Found:
    """What exists: its id, the inputs that would make it, and its state."""

    id: str
    inputs: dict[str, Any]
    state: dict[str, Any]


class Unanswered(TransportError):
    """Nobody can tell whether a creation took effect: `found` stands for what it may have made.

    A refresh replaces its id, or finds that it stands for nothing.
    """

    def __init__(self, lost: TransportError, hint: str, found: Found) -> None:
        super().__init__(lost.what, hint, sent=True)
        self.found = found


class Unfinished(LivePullError):
    """It was made or changed, but not all of what was asked for: `found` is what there is now.

    Keep it in the state, so that the next run goes on from there.
    """

    def __init__(self, cause: LivePullError, found: Found, where: str = "") -> None:
        super().__init__(cause.what, cause.hint)
        self.where = where or cause.where
        self.found = found


def described(resource: type[Resource], resource_id: str, answer: Mapping[str, Any]) -> Found:
    """Return what an answer describes of which nothing was known before."""
    state = observed(resource, answer, {})
    return Found(resource_id, inputs_of(resource, {}, state), state)


def read_back(
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
    """Return the state after an update, which has happened and must not be lost.

    Where the vendor shows nothing, it is what is `known`: the inputs, and outputs from before. The
    next refresh completes it.
    """
    return observed(resource, read_back(resource, api, resource_id, known), known)


def observed(
    resource: type[Resource], answer: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the state that an answer describes, with what the vendor never returns kept."""
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
    """Return whether the known value of a property stands, because the answer does not have it."""
    if prop.has(Trait.WRITE_ONLY):
        return True
    if prop.has(Trait.UPDATE_ONLY) and got.get(prop.name) is None:
        return True
    if prop.required:
        # A required one is always there: the vendor only does not show it.
        return got.get(prop.name) is None
    return prop.has(Trait.LOCAL) and prop.name not in got


def _not_given(resource: type[Resource], known: Mapping[str, Any]) -> Set[str]:
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


def inputs_of(
    resource: type[Resource], inputs: Mapping[str, Any], state: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the inputs that would describe the state, so that drift shows in the next preview.

    Without inputs it is an import: then they are what a user would write.
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
