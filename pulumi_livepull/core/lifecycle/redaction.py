"""Errors: add the operation that failed, and remove secrets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

from pulumi_livepull.core.naming import respell
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import carries_key
from pulumi_livepull.errors import (
    ApiError,
    LivePullError,
    Refused,
    TransportError,
    WaitError,
    hiding,
    redact,
)

MIN_SECRET_LENGTH = 6
"""Parts of a secret with at least this many characters are hidden on their own, too."""


def secrets_of(resource: type[Resource], values: Mapping[str, Any]) -> list[str]:
    """Return every secret text in `values`."""
    always = _may_be_secret(resource)
    return [
        text
        for name in always.keys() & values.keys()
        for text in texts(values[name])
        if text and (always[name] or carries_key(text))
    ]


@cache
def _may_be_secret(resource: type[Resource]) -> Mapping[str, bool]:
    """Return the fields that may be secret, each with whether it always is."""
    return {
        prop.camel: prop.has(Trait.SECRET)
        for prop in resource.properties().values()
        if prop.has(Trait.SECRET) or prop.carries_key
    }


def texts(value: Any) -> list[str]:
    """Return all texts and numbers in a nested value, as text."""
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        return texts(list(value.values()))
    return [str(value)] if isinstance(value, str | int | float) else []


def _hidden(resource: type[Resource], values: Mapping[str, Any]) -> set[str]:
    """Return the secrets in `values`, and those of their parts that an error may quote alone."""
    secrets = secrets_of(resource, values)
    parts = {
        part for secret in secrets for given in _parts(secret) for part in _with_decoded(given)
    }
    return {part for part in parts if not _is_common(part)}.union(secrets)


def _parts(secret: str) -> Iterator[str]:
    """Yield the parts of a secret: for an address, the part before its query, user info, path and
    stream; for a query, or for arguments alone, the values."""
    address, _, query = secret.partition("?")
    if "://" in address:
        authority, *path = address.partition("://")[2].split("/")
        user = authority.rpartition("@")[0]
        yield from (address, user, *user.split(":"), "/".join(path), *path[-1:])
    else:
        query = secret
    yield from (argument.partition("=")[2] for argument in query.split("&"))


def _with_decoded(part: str) -> tuple[str, str]:
    return part, unquote_plus(part)


def _is_common(part: str) -> bool:
    """Return whether a part is so short or common that messages contain it anyway."""
    return len(part) < MIN_SECRET_LENGTH or (part.isalpha() and len(part) < 2 * MIN_SECRET_LENGTH)


def redacted(error: LivePullError, resource: type[Resource], values: Mapping[str, Any]) -> str:
    """Return an error's message without the secrets in `values`."""
    return redact(error.what, _hidden(resource, values))


@contextmanager
def operation(resource: type[Resource], verb: str, values: Mapping[str, Any]) -> Iterator[None]:
    """Add the failed operation to errors in this block, and hide the secrets in `values`."""
    with hiding(_hidden(resource, values)):
        try:
            yield
        except (ApiError, Refused, TransportError, WaitError) as error:
            error.where = f"{resource.label()} {verb} failed"
            error.hint = respell(redact(error.hint), resource.properties())
            raise
