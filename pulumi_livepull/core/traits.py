"""Facts about a field that its type cannot express: traits, and markers with a value.

Traits nest: `Immutable[Secret[str]]`. They state facts about the vendor's API. Diffs, schema and
secrecy are derived from them elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Annotated, Any, TypeVar


class Trait(Enum):
    """A fact about a field."""

    IMMUTABLE = auto()
    SECRET = auto()
    WRITE_ONLY = auto()
    READ_ONLY = auto()
    SERVER_DEFAULT = auto()
    UPDATE_ONLY = auto()
    LOCAL = auto()
    OMITTED_TO_CLEAR = auto()
    AS_GIVEN = auto()


T = TypeVar("T")

Immutable = Annotated[T, Trait.IMMUTABLE]
"""It cannot change after creation: changing an input replaces the resource, and an output never
changes."""

Secret = Annotated[T, Trait.SECRET]
"""It must never be shown."""

WriteOnly = Annotated[T, Trait.WRITE_ONLY]
"""The vendor never returns it: a read keeps the last known value."""

ReadOnly = Annotated[T, Trait.READ_ONLY]
"""The vendor sets it: it is an output, and refused as an input."""

ServerDefault = Annotated[T, Trait.SERVER_DEFAULT]
"""If it is omitted, the vendor chooses any value, which never counts as a difference."""


UpdateOnly = Annotated[T, Trait.UPDATE_ONLY]
"""The vendor accepts it only in an update, so for a new resource it is sent after the create."""


Local = Annotated[T, Trait.LOCAL]
"""It controls this program and is never sent. Unless immutable, it never counts as a difference."""


OmittedToClear = Annotated[T, Trait.OMITTED_TO_CLEAR]
"""An update that leaves it out unsets it."""


AsGiven = Annotated[T, Trait.AS_GIVEN]
"""One of several ways to state the same fact. The state shows it if it was given, even if the
vendor returns another.

If none was given, as in an import, the state shows the first, which must be able to express all
that the others can.
"""


@dataclass(frozen=True)
class UnsetMeans:
    """The value that the vendor documents for an omitted field. It is sent to clear the field."""

    value: Any


@dataclass(frozen=True)
class Documented:
    """The values that the vendor documents today. Others are accepted with a warning."""

    values: tuple[str, ...]

    def __init__(self, *values: str) -> None:
        object.__setattr__(self, "values", values)


@dataclass(frozen=True)
class Wire:
    """How to convert a value to the vendor's form and back, if that differs from its JSON form."""

    to: Callable[[Any], Any]
    back: Callable[[Any], Any]


@dataclass(frozen=True)
class Autoname:
    """A name that Pulumi may choose, in the plugin. `fit` turns a proposal into a legal name."""

    fit: Callable[[str], str]


class CarriesKey:
    """A URL, or a list of URLs, that is secret if it has a query or user info."""
