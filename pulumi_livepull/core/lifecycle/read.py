"""read: what the vendor has now, if it still exists."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pulumi_livepull.core.answers import read_only
from pulumi_livepull.core.lifecycle.lost_answer import Attempt
from pulumi_livepull.core.lifecycle.redaction import operation
from pulumi_livepull.core.lifecycle.state import Found, inputs_of, observed
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.errors import ApiError, ConfigError

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

_log = logging.getLogger(__name__)


def read(
    resource: type[Resource],
    api: Client,
    resource_id: str,
    inputs: Mapping[str, Any],
    state: Mapping[str, Any],
) -> Found | None:
    """Return what the vendor has now, or `None` if it is certainly gone.

    A task that ended as planned stays in the state, even if the vendor has removed it.
    """
    if inputs and (attempt := Attempt.with_id(resource_id)):
        return _resolve_attempt(resource, api, attempt, inputs, state)
    with operation(resource, "read", state), read_only():
        answer = resource.read(api, resource_id)
    return _found(resource, api, resource_id, inputs, state, answer)


def refresh(
    resource: type[Resource],
    api: Client,
    resource_id: str,
    inputs: Mapping[str, Any],
    state: Mapping[str, Any],
) -> Found | None:
    """Like `read`, for one of many resources: it reads lists instead of each on its own."""
    if Attempt.with_id(resource_id):
        return read(resource, api, resource_id, inputs, state)
    with operation(resource, "read", state), read_only():
        answer = _from_shared_list(resource, api, resource_id) or resource.read(api, resource_id)
    if "running" not in state and resource.from_wire(answer or {}).get("running") is False:
        _log.warning(
            "%s %s is stopped. Set `running` to true to restart it, or to false to keep it stopped",
            resource.label(),
            resource_id,
        )
    return _found(resource, api, resource_id, inputs, state, answer)


def _resolve_attempt(
    resource: type[Resource],
    api: Client,
    attempt: Attempt,
    inputs: Mapping[str, Any],
    state: Mapping[str, Any],
) -> Found | None:
    """Return what an attempt created, or `None` if it created nothing."""
    try:
        desired = resource.from_inputs(resource.by_field(inputs))
    except ValidationError:
        raise ConfigError(
            f"{resource.label()} read failed: the state lacks the inputs of an unanswered create",
            "Remove it from the state: pulumi state delete <its URN>.",
        ) from None
    with operation(resource, "read", state), read_only():
        match attempt.made(desired, desired.list_like(api)):
            case []:
                return None
            case [resource_id]:
                return read(resource, api, resource_id, inputs, state)
            case found:
                raise ConfigError(
                    f"{resource.label()} read failed: cannot tell which of these was created: "
                    + ", ".join(found),
                    "Delete all but one, and run it again.",
                )


def _from_shared_list(
    resource: type[Resource], api: Client, resource_id: str
) -> Mapping[str, Any] | None:
    where = resource.listed_with(api, resource_id)
    if where is None:
        return None
    return api.run.shared.take(
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
        check_account(resource, api, resource_id, state)
        if over := resource.ended_at(state, api.vendor_now()):
            _log.warning(
                "%s %s ended at %s, and the vendor has removed it. It stays in the stack as it was",
                resource.label(),
                resource_id,
                over,
            )
            expired = {"status": "expired"} if "status" in resource.properties() else {}
            return Found(resource_id, dict(inputs), dict(state) | expired)
        return None
    known = observed(resource, answer, state)
    return Found(resource_id, inputs_of(resource, inputs, known), known)


def get(resource: type[Resource], api: Client, resource_id: str) -> Found:
    """Return an existing resource without a known state, for an import or a function.

    Raises `ConfigError` if it does not exist.
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
    """Return the full form of an id that a user gave, and the resource, if it exists.

    Raises `ConfigError` for a malformed id.
    """
    steps = resource.identity.id_form.partition(",")[0].partition(" or ")[0].count("/")
    full_id = given if given.count("/") > steps else resource.full_id(api, given)
    if full_id.count("/") != steps:
        raise ConfigError(f'{resource.label()}: "{given}" is not an id', _form(resource))
    try:
        return full_id, read(resource, api, full_id, inputs, state)
    except ApiError as error:
        # Subclasses have better hints; a plain `ApiError` may be about the id.
        if type(error) is ApiError:
            error.hint = f"{error.hint} {_form(resource)}".lstrip()
        raise


def _form(resource: type[Resource]) -> str:
    return f"Write the id as {resource.identity.id_form}."


def check_account(
    resource: type[Resource], api: Client, resource_id: str, state: Mapping[str, Any]
) -> None:
    """Raise if the resource was created in another account than these keys belong to."""
    if resource.identity.account is None:
        return
    prop = resource.properties()[resource.identity.account]
    made_in, here = state.get(prop.camel), api.scope(resource_id)
    if made_in and here and made_in != here:
        raise ConfigError(
            f"{resource.label()} {resource_id} was created in {prop.camel} {made_in}, "
            f"but the keys and settings belong to {here}",
            "Use the keys and settings that created it. Nothing was changed.",
        )
