"""Find what a create made whose answer was lost, by its inputs and its creation time."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from pulumi_livepull.core.address import stream_of
from pulumi_livepull.core.property import Property, is_unset
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import TransportError

CLOCKS_APART = timedelta(seconds=5)
"""How far the vendor's creation time may differ from our estimate of the vendor's clock."""

NOT_COMPARED = frozenset({Trait.WRITE_ONLY, Trait.UPDATE_ONLY, Trait.LOCAL})
"""Traits of inputs that a create does not send or an answer does not show."""

SCHEME = "unanswered"


class Attempt(NamedTuple):
    """When a create was in progress, on the vendor's clock.

    Its `id` stands for the resource in the state until a refresh finds out what was created.
    """

    since: datetime
    until: datetime

    @property
    def id(self) -> str:
        """A placeholder id for a resource that may or may not exist."""
        return "/".join([SCHEME, *(moment.astimezone(UTC).isoformat() for moment in self)])

    @classmethod
    def with_id(cls, resource_id: str) -> Self | None:
        """Return the attempt that an id stands for, or `None` for a vendor's id."""
        scheme, *moments = resource_id.split("/")
        if scheme != SCHEME:
            return None
        try:
            since, until = (datetime.fromisoformat(moment) for moment in moments)
        except ValueError:
            return None
        return cls(since, until)

    def made(self, desired: Resource, there: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
        """Return the ids of what the attempt may have created, among all existing resources.

        Raises `TransportError` if none certainly matches, but one shows too little of itself to be
        ruled out.
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
                "the list shows too little to tell whether it exists", "Run it again.", sent=True
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
    """Return whether a resource matches all inputs that its create would send."""
    return all(
        field.name not in wanted or wanted[field.name] == got.get(field.name)
        for field in desired.inputs()
        if is_compared(field)
    )


def _contradicts(desired: Resource, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Return whether a resource shows an input with another value."""
    return any(
        field.name in wanted and got.get(field.name) not in (None, wanted[field.name])
        for field in desired.inputs()
        if is_compared(field)
    )


def mismatches(desired: Resource, answer: Mapping[str, Any]) -> list[str]:
    """Return the inputs which show that an answer describes another resource.

    A proxy may mix up two answers; then a later change or deletion would hit somebody else's relay.
    Only identifying inputs are compared, because the vendor may spell others differently.
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
    """Return a value without those parts of an address that a vendor may spell differently."""
    return stream_of(value) if isinstance(value, str) and "://" in value else value


def is_compared(field: Property) -> bool:
    """Return whether an input can be compared with an answer."""
    return not NOT_COMPARED & field.traits
