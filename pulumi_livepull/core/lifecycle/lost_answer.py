"""A creation whose answer was lost: what it made is found by what it is and when it was made."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from pulumi_livepull.core.address import stream_of
from pulumi_livepull.core.property import Property, is_unset
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import TransportError

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
        """Return the ids of what it may have made, out of all that is there.

        Raises `TransportError` if it is none of them for certain, and one shows too little of
        itself: it may be the one, so nobody may call that gone.
        """
        wanted = desired.to_inputs()
        found, is_unclear = [], False
        for resource_id, answer in there:
            got = desired.from_wire(answer)
            if resource_id and self._is(desired, wanted, got):
                found.append(resource_id)
            elif not resource_id or _is_undated(desired, got):
                is_unclear |= not _contradicts(desired, wanted, got)
        if is_unclear and not found:
            raise TransportError(
                "the list shows too little to tell whether it is there", "Run it again.", sent=True
            )
        return found

    def _is(self, desired: Resource, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
        same = matches(desired, wanted, got)
        if desired.identity.created is None:
            return same
        try:
            made = datetime.fromisoformat(str(got.get(desired.identity.created)))
            return same and self.since - CLOCKS_APART <= made <= self.until + CLOCKS_APART
        except (TypeError, ValueError):
            return False


def _is_undated(desired: Resource, got: Mapping[str, Any]) -> bool:
    created = desired.identity.created
    return created is not None and got.get(created) is None


def matches(desired: Resource, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Return whether a thing is as all inputs want it that its creation would send."""
    return all(
        field.name not in wanted or wanted[field.name] == got.get(field.name)
        for field in desired.inputs()
        if is_compared(field)
    )


def _contradicts(desired: Resource, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Return whether a thing shows an input that is another than was wanted."""
    return any(
        field.name in wanted and got.get(field.name) not in (None, wanted[field.name])
        for field in desired.inputs()
        if is_compared(field)
    )


def mismatches(desired: Resource, answer: Mapping[str, Any]) -> list[str]:
    """Return the inputs in which an answer describes another thing than was asked for.

    A proxy may mix up two answers; then a later change or deletion would hit somebody else's relay.
    Only what makes a thing the one it is counts: the rest a vendor may spell in its own way.
    """
    got, wanted = desired.from_wire(answer), desired.to_inputs()
    air = desired.airtime
    names = {*air.target, air.address} if air else set()
    return [
        field.camel
        for field in desired.inputs()
        if field.name in names or (field.required and field.has(Trait.IMMUTABLE))
        if is_compared(field) and field.name in wanted and not is_unset(got.get(field.name))
        if _plain(got[field.name]) != _plain(wanted[field.name])
    ]


def _plain(value: Any) -> Any:
    """Return a value without what a vendor may spell differently in an address."""
    return stream_of(value) if isinstance(value, str) and "://" in value else value


def is_compared(field: Property) -> bool:
    """Return whether an input shows that a thing is the one that was to be made."""
    return not NOT_COMPARED & field.traits
