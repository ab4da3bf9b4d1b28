"""What an error says of the operation that failed, and what it must not say."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import carries_key
from pulumi_livepull.errors import ApiError, TransportError, WaitError, redact


def secrets_of(resource: type[Resource], values: Mapping[str, Any]) -> list[str]:
    """Return every text in `values` that must not be shown."""
    return [
        text
        for prop in resource.inputs()
        for text in texts(values.get(prop.camel))
        if text and (prop.has(Trait.SECRET) or (prop.carries_key and carries_key(text)))
    ]


def texts(value: Any) -> list[str]:
    """Return a text, or the texts of a list, as a list."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


@contextmanager
def saying(resource: type[Resource], verb: str, values: Mapping[str, Any]) -> Iterator[None]:
    """Say in any error which operation failed, without the secrets in `values`."""
    try:
        yield
    except (ApiError, TransportError, WaitError) as error:
        error.where = f"{resource.label()} {verb} failed"
        error.what = redact(error.what, secrets_of(resource, values))
        raise
