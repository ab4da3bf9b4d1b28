"""A creation whose answer was lost: what it made is found by what it is and when it was made."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait

CLOCKS_APART = timedelta(seconds=5)
"""How far the vendor's `created` time may lie from our own reading of the vendor's clock."""

NOT_COMPARED = frozenset({Trait.WRITE_ONLY, Trait.UPDATE_ONLY, Trait.LOCAL})
"""Traits of inputs that a creation does not send or a reply does not show."""

SCHEME = "unanswered"


class Attempt(NamedTuple):
    """When a creation was under way, by the vendor's clock.

    Its `id` stands for the thing in a state until a refresh knows what came of it.
    """

    since: datetime
    until: datetime

    @property
    def id(self) -> str:
        """The id of a thing of which it is not known whether it exists."""
        return "/".join([SCHEME, *(moment.astimezone(UTC).isoformat() for moment in self)])

    @classmethod
    def with_id(cls, resource_id: str) -> Self | None:
        """Return what an id stands for, or `None` if it is one of a vendor's."""
        scheme, *moments = resource_id.split("/")
        if scheme != SCHEME:
            return None
        try:
            since, until = (datetime.fromisoformat(moment) for moment in moments)
        except ValueError:
            return None
        return cls(since, until)

    def made(self, desired: Resource, there: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
        """Return the ids of what it may have made, out of all that is there."""
        wanted = desired.to_inputs()
        return [found for found, answer in there if self._may_be(desired, wanted, answer)]

    def _may_be(
        self, desired: Resource, wanted: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> bool:
        got = desired.from_wire(answer)
        same = is_same(desired, wanted, got)
        if desired.created is None:
            return same
        try:
            made = datetime.fromisoformat(str(got.get(desired.created)))
            return same and self.since - CLOCKS_APART <= made <= self.until + CLOCKS_APART
        except (TypeError, ValueError):
            return False


def is_same(desired: Resource, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Tell whether a thing is as all inputs want it that its creation would send."""
    return all(
        field.name not in wanted or wanted[field.name] == got.get(field.name)
        for field in desired.inputs()
        if is_compared(field)
    )


def is_compared(field: Property) -> bool:
    """Tell whether an input shows that a thing is the one that was to be made."""
    return not NOT_COMPARED & field.traits
