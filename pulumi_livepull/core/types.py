"""Types that fields of several vendors share. Each has one normal form.

Values that mean the same have the same normal form, so another UTC offset or order is never a
difference.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, TypeVar
from urllib.parse import SplitResult, urlsplit

from annotated_types import Len
from pydantic import (
    AfterValidator,
    AliasGenerator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
)
from pydantic.alias_generators import to_pascal
from pydantic_core import PydanticCustomError

from pulumi_livepull.core.address import is_private_host
from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.traits import CarriesKey, Wire

T = TypeVar("T")

_DOMAIN = re.compile(r"[^\s\x00-\x1f/:?#@\[\]\\]+")


def _only_text_or_datetime(value: Any) -> Any:
    if not isinstance(value, str | datetime):
        raise PydanticCustomError("instant", "must be a time such as 2030-01-31T20:00:00Z")
    return value


def _whole_utc_seconds(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise PydanticCustomError(
            "instant", "must be a time such as 2030-01-31T20:00:00Z"
        ) from None


def instant_text(value: datetime) -> str:
    """Return an aware time as `2030-01-31T20:00:00Z`."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_only_text_or_datetime),
    AfterValidator(_whole_utc_seconds),
    PlainSerializer(instant_text, return_type=str),
]
"""A time in whole seconds. It accepts any RFC 3339 offset and is normalised to UTC."""

LocalTime = Annotated[datetime, BeforeValidator(_only_text_or_datetime)]
"""A time with an offset, or a local time whose zone is given elsewhere."""


def _only_duration(value: Any) -> Any:
    if isinstance(value, timedelta) or (isinstance(value, str) and value[:1] == "P"):
        return value
    raise PydanticCustomError("duration", "must be a duration such as PT1H30M or P6D")


Duration = Annotated[timedelta, BeforeValidator(_only_duration)]
"""A duration in ISO 8601 format."""

Unordered = Annotated[frozenset[T], PlainSerializer(sorted)]
"""A collection in which order and repetition are irrelevant."""

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
"""A text without leading or trailing white space."""


def _only_domain(value: str) -> str:
    if value and not _DOMAIN.fullmatch(value):
        raise PydanticCustomError("domain", "must be a domain name such as push.example.com")
    return value


Domain = Annotated[Text, AfterValidator(_only_domain)]
"""A domain name, without a scheme, a port or a path; or empty."""

RequiredDomain = Annotated[Text, Len(1), AfterValidator(_only_domain)]
"""The same, and never empty."""


PASCAL_CASE = ConfigDict(alias_generator=AliasGenerator(serialization_alias=to_pascal))
"""Config of a resource whose vendor uses names in PascalCase."""


class Part(BaseModel):
    """An object inside an input. Users may use snake_case or camelCase; the normal form is
    camelCase.

    `module` is the module of its type in other languages, if it is not the vendor's.
    """

    module: ClassVar[str] = ""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=camel, serialization_alias=camel),
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )


def objects(part: type[Part]) -> Wire:
    """Return how an object or a list of them travels to a vendor that spells names in PascalCase.

    What comes back may have more names than we know. An optional number that comes back as 0, and
    an object without its first required field, say nothing.
    """
    required = [name for name, info in part.model_fields.items() if info.is_required()]

    def out(value: Any) -> Any:
        if isinstance(value, list):
            return [out(item) for item in value]
        return {key[:1].upper() + key[1:]: item for key, item in value.items()}

    def back(value: Any) -> Any:
        if isinstance(value, list):
            return [item for item in map(back, value) if item is not None]
        if not value.get(to_pascal(required[0])):
            return None
        known = {name: value.get(to_pascal(name)) for name in part.model_fields}
        # Names as in the normal form, which stays where a rule refuses one of the values.
        return {camel(name): item for name, item in known.items() if item or name in required}

    return Wire(out, back)


def split_url(value: str) -> SplitResult | None:
    """Return the parts of an absolute URL with a host, or `None` if it is not one."""
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  reading it validates it
    except ValueError:
        return None
    blank = any(character.isspace() for character in value)
    return parts if parts.scheme and parts.hostname and not blank else None


def _absolute(value: str) -> str:
    if split_url(value) is None:
        if split_url("".join(value.split())):
            raise PydanticCustomError("url", "contains a space: write it as %20, or remove it")
        raise PydanticCustomError("url", "must be a full address such as rtmp://host/app/stream")
    return value


Url = Annotated[Text, AfterValidator(_absolute), CarriesKey()]
"""An absolute address with a scheme and a host."""


def carries_key(value: Any) -> bool:
    """Return whether a URL, or any URL in a list, has a query or user info."""
    if isinstance(value, str):
        parts = split_url(value)
        return "?" in value or "@" in (value if parts is None else parts.netloc)
    items = value.values() if isinstance(value, Mapping) else value
    return isinstance(items, Iterable) and any(carries_key(item) for item in items)


def is_private(value: str) -> bool:
    """Return whether a URL's host is a private address or name, which no cloud can reach."""
    parts = split_url(value)
    return bool(parts and parts.hostname and is_private_host(parts.hostname))
