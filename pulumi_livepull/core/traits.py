"""The facts about a field that its type cannot say: traits, and markers with a value.

Traits nest: `Immutable[Secret[str]]`. They are facts about the vendor's API; what follows from them
(diff, schema, secrecy) is derived elsewhere.
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
"""It cannot change after creation: a change of an input replaces, an output is known for good."""

Secret = Annotated[T, Trait.SECRET]
"""It must never be shown."""

WriteOnly = Annotated[T, Trait.WRITE_ONLY]
"""The vendor never returns it: read keeps the last known value."""

ReadOnly = Annotated[T, Trait.READ_ONLY]
"""The vendor sets it: an output, refused as an input."""

ServerDefault = Annotated[T, Trait.SERVER_DEFAULT]
"""Left out, the vendor chooses, and may choose anything: that is never a difference."""


UpdateOnly = Annotated[T, Trait.UPDATE_ONLY]
"""The vendor takes it in an update only: what a new thing needs of it is sent after creation."""


Local = Annotated[T, Trait.LOCAL]
"""It steers this program and is not in the vendor's body; unless immutable, never a difference."""


OmittedToClear = Annotated[T, Trait.OMITTED_TO_CLEAR]
"""An update that leaves it out unsets it."""


AsGiven = Annotated[T, Trait.AS_GIVEN]
"""One of several spellings of a fact, of which a reply may use another: shown if it was given.

Where none was, as in an import, the first is shown: it must be able to say all that the others can.
"""


@dataclass(frozen=True)
class UnsetMeans:
    """The value that the vendor documents for a field left out; sent when a field is cleared."""

    value: Any


@dataclass(frozen=True)
class Documented:
    """The values that the vendor documents today; others pass with a warning."""

    values: tuple[str, ...]

    def __init__(self, *values: str) -> None:
        object.__setattr__(self, "values", values)


@dataclass(frozen=True)
class Wire:
    """How a value is spelled on the wire where that differs from its JSON form, and back."""

    to: Callable[[Any], Any]
    back: Callable[[Any], Any]


@dataclass(frozen=True)
class Autoname:
    """A name that Pulumi may choose, in the plugin; `fit` makes a proposal one that can be had."""

    fit: Callable[[str], str]


class CarriesKey:
    """A URL, or a list of them, that is secret when it has a query or user info."""
