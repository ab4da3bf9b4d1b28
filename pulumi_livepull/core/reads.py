"""Reads that show whether an account is ready: one for each family of a vendor's operations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple


class Place(NamedTuple):
    """Where to look: a region, empty where the vendor has none, and one of the account's domains.

    The domain is empty if none is known.
    """

    region: str
    domain: str


@dataclass(frozen=True)
class Read:
    """One cheap read. It changes nothing, and asks for one page at most.

    `family` says in plain words what is read. `operation` is the vendor's name for the call, and
    `action` that of the permission that the user needs for it.
    """

    family: str
    operation: str
    action: str
    ask: Callable[[Any, Place], object]
    """Returns anything; a text is what to show."""

    by_domain: bool = False
    """Whether the vendor must be asked about a domain."""


def named_read(
    family: str,
    operation: str,
    ask: Callable[[Any, Place], object],
    *,
    by_domain: bool = False,
) -> Read:
    """Return a read whose permission is named after its operation, as `live:<operation>`."""
    return Read(family, operation, f"live:{operation}", ask, by_domain)


@dataclass(frozen=True)
class Reads:
    """What a vendor can be asked to see whether an account is ready.

    `domains` yields the names of the account's domains; `fields` are the inputs of resources that
    name one of them.
    """

    families: tuple[Read, ...]
    domains: Read
    names: Callable[[Any, Place], Iterator[str]]
    fields: tuple[str, ...]
