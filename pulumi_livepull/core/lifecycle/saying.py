"""What an error says of the operation that failed, and what it must not say."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

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
    redact,
)

LONGEST = 400
"""Characters of an error that are shown."""


def secrets_of(resource: type[Resource], values: Mapping[str, Any]) -> list[str]:
    """Return every text in `values` that must not be shown."""
    return [
        text
        for prop in resource.inputs()
        for text in texts(values.get(prop.camel))
        if text and (prop.has(Trait.SECRET) or (prop.carries_key and carries_key(text)))
    ]


def texts(value: Any) -> list[str]:
    """Return every text and number in a value, however nested, as text."""
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        return texts(list(value.values()))
    return [str(value)] if isinstance(value, str | int | float) else []


def _spellings(resource: type[Resource], values: Mapping[str, Any]) -> list[str]:
    """Return every secret as an error may hold it: an address may have lost its query before."""
    secrets = secrets_of(resource, values)
    return [*secrets, *(text.partition("?")[0] for text in secrets if "://" in text)]


def harmless(error: LivePullError, resource: type[Resource], values: Mapping[str, Any]) -> str:
    """Return what an error says without the secrets in `values`, and not at any length."""
    what = redact(error.what, _spellings(resource, values))
    return what if len(what) <= LONGEST else f"{what[:LONGEST]}…"


@contextmanager
def saying(resource: type[Resource], verb: str, values: Mapping[str, Any]) -> Iterator[None]:
    """Say in any error which operation failed, without the secrets in `values`."""
    try:
        yield
    except (ApiError, Refused, TransportError, WaitError) as error:
        error.where = f"{resource.label()} {verb} failed"
        error.what = harmless(error, resource, values)
        hint = redact(error.hint, _spellings(resource, values))
        error.hint = respell(hint, resource.properties())
        raise
