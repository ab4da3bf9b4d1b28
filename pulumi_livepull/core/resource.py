"""Resource: the contract that one kind of thing at one vendor fulfils."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from pulumi_livepull.core.address import stream_of
from pulumi_livepull.core.naming import path_text
from pulumi_livepull.core.on_air import NO_EFFECT, Airtime, Effect, Span
from pulumi_livepull.core.property import Path, Property, is_unset, properties_of
from pulumi_livepull.core.reporting import Reporting
from pulumi_livepull.core.traits import Local, Trait
from pulumi_livepull.core.unknown import UNKNOWN


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where: `("source_urls", 3)`. Names in back quotes are field names."""

    path: Path
    reason: str

    @property
    def property(self) -> str:
        """The path as Pulumi users spell it: `sourceUrls[3]`."""
        return path_text(self.path)


@dataclass(frozen=True)
class Failure(Finding):
    """An input that cannot work: the operation stops before anything is sent."""


@dataclass(frozen=True)
class Caution(Finding):
    """An input that is legal but most likely wrong, or that the vendor's page does not name."""


class Push(NamedTuple):
    """A stream that something pushes to, and when."""

    stream: str
    span: Span

    def fights(self, other: Push) -> bool:
        """Return whether both push to one stream at one time."""
        return self.stream == other.stream and self.span.overlaps(other.span)


class Made(NamedTuple):
    """What a creation returns when the vendor tells something that it never tells again."""

    id: str
    shown_once: Mapping[str, Any]
    """In the vendor's spelling."""


@dataclass(frozen=True)
class Identity:
    """What tells one thing of a kind from the others. Names are those of fields.

    `id_form` says what an id looks like, for messages. `named_by` are the outputs that name one for
    a reader: the first group that it has all of; none may be secret. `created` is the output that
    says when it was made, and `account` the one that says in which of the vendor's accounts.

    Where the vendor makes a second one just like the first, `duplicates_within` is the input whose
    value says where to look for the first.
    """

    id_form: str
    named_by: tuple[tuple[str, ...], ...] = ()
    created: str | None = None
    account: str | None = None
    duplicates_within: str | None = None


@dataclass(frozen=True)
class Listing:
    """How the vendor lists things of a kind.

    `under` are the inputs that its list must be asked by, `by` those that it may be asked by, and
    `built_in` the ids of those that the vendor makes by itself.
    """

    under: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    built_in: tuple[str, ...] = ()


class Resource(BaseModel, ABC):
    """One kind of thing at one vendor. A subclass is the only place that describes it.

    1. Its fields are the inputs and outputs, with their traits, types and docstrings.
    2. `rules` yields what no single field can tell; it runs once every input is known.
    3. `create`, `read`, `update`, `delete` and `list_all` call the vendor: these must be written.
       They know nothing of Pulumi: what the answers mean is decided in `lifecycle`.
    4. A relay declares its `airtime`, and writes `update_effect` if an update interrupts it. A
       recording callback declares its `reporting`.
    5. `frozen_if` declares where a trait alone cannot tell that a change needs a replacement.

    An instance holds inputs in their Python types. What the vendor answers stays a mapping in its
    own spelling, because nothing can be sure of its types.

    Its class argument `token` is in users' state for ever. `identity`, `listing` and `example` come
    first in its body.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Leave out of `repr` what is secret, or may be."""
        secret = {name for name, prop in self.properties().items() if prop.may_be_secret}
        return (pair for pair in super().__repr_args__() if pair[0] not in secret)

    token: ClassVar[str]

    identity: ClassVar[Identity]

    listing: ClassVar[Listing] = Listing()

    example: ClassVar[Mapping[str, Any]]
    """Inputs by field name, as a user writes them first."""

    delete_before_replace: ClassVar[bool] = True
    """Whether a replacement deletes the old one first: two would fight over a stream or a key."""

    airtime: ClassVar[Airtime | None] = None
    """When and where a relay is on air; `None` for what is no relay. The vendor ends it by itself
    at the end of that time."""

    reporting: ClassVar[Reporting | None] = None
    """What a recording callback reports, and where; `None` for what is no callback."""

    frozen_if: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    """Values of inputs with which the vendor takes no change at all: any change replaces."""

    adopt: Local[str | None] = None
    """Id of an existing one, to take over instead of creating one.

    It is updated to match the other inputs, unless that requires a replacement. After the creation
    it has no effect and may be removed.
    """

    def __init_subclass__(cls, token: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.token = token

    # What a subclass writes.

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the inputs together."""
        yield from ()

    @classmethod
    def replaces(cls, old: Mapping[str, Any], changed: Set[str]) -> Set[str]:
        """Return those of `changed` that only a replacement can bring about.

        `old` is the known state: normal values by field name.
        """
        if cls.frozen_if and all(old.get(name) == value for name, value in cls.frozen_if.items()):
            return changed
        return {name for name in changed if cls.properties()[name].has(Trait.IMMUTABLE)}

    @abstractmethod
    def create(self, api: Any) -> str | Made:
        """Make it, and return its id. Sent once: the lifecycle deals with a lost answer."""

    @classmethod
    @abstractmethod
    def read(cls, api: Any, resource_id: str) -> Mapping[str, Any] | None:
        """Return it as the vendor spells it, or `None` only if it is certainly gone."""

    @abstractmethod
    def update(self, api: Any, resource_id: str, changed: Set[str]) -> None:
        """Bring about `changed`, the names of the fields that differ."""

    @classmethod
    @abstractmethod
    def delete(cls, api: Any, resource_id: str) -> None:
        """Remove it. Raises `NotFound` if it is gone already."""

    @classmethod
    @abstractmethod
    def list_all(
        cls, api: Any, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the id and wire form of all there are; `""` is the id of what shows none.

        `where` holds values of the fields that `listing` names.
        """

    @classmethod
    def listed_with(cls, api: Any, resource_id: str) -> Mapping[str, str] | None:
        """Return what `list_all` is to be asked by to show this one in full, besides others.

        `None` means that a list is no better than a look at each.
        """
        return None

    def list_like(self, api: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the id and wire form of whatever may be the same thing as this one."""
        names = (*self.listing.under, *self.listing.by)
        where = {name: getattr(self, name) for name in names if getattr(self, name)}
        yield from self.list_all(api, where)

    @classmethod
    def update_effect(cls, old: Mapping[str, Any], changed: Set[str], *, on_air: bool) -> Effect:
        """Return what a change in place does to what is on air, besides `running` and the window.

        `old` is the known state, by field name. Cite the vendor's page, or say that it is silent.
        """
        return NO_EFFECT

    def pushes(self) -> Push | None:
        """Return what it pushes to, if it does: two that push to one stream fight over it."""
        air = self.airtime
        if air is None or not air.address or getattr(self, "running", None) is False:
            return None
        named = "/".join(str(getattr(self, name)) for name in air.target)
        stream = stream_of(getattr(self, air.address) or f"rtmp://{named}")
        return Push(stream, Span(getattr(self, air.start), getattr(self, air.end)))

    def only_one(self) -> str:
        """Return what the vendor has only once of its kind, such as `domain/app/stream`, if so."""
        return ""

    @classmethod
    def full_id(cls, api: Any, given: str) -> str:
        """Return an id that a user gave as the state keeps it. It may be written."""
        return given

    # What follows from the fields.

    @classmethod
    @cache
    def properties(cls) -> Mapping[str, Property]:
        """Return every field by its name, inputs and outputs, its own before the shared ones."""
        fields = properties_of(cls)
        return dict(sorted(fields.items(), key=lambda field: field[0] in Resource.model_fields))

    @classmethod
    def inputs(cls) -> Iterator[Property]:
        """Yield the fields that a user sets."""
        return (field for field in cls.properties().values() if field.is_input)

    @classmethod
    def label(cls) -> str:
        """Return how messages name this kind: `huaweicloud.PullTask`."""
        return cls.token.split(":", 1)[1].replace(":", ".")

    @classmethod
    def name_of(cls, values: Mapping[str, Any]) -> str:
        """Return what names the thing with these values for a reader, or an empty text.

        The values are in Pulumi's spelling.
        """
        for names in cls.identity.named_by:
            parts = [values.get(cls.properties()[name].camel) for name in names]
            if all(parts):
                return "/".join(map(str, parts))
        return ""

    @classmethod
    def mutable(cls) -> Set[str]:
        """Return the inputs that the vendor can change in place."""
        return {field.name for field in cls.inputs() if not field.has(Trait.IMMUTABLE)}

    @classmethod
    def by_field(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the known inputs of `values`, which are in Pulumi's spelling, by field name."""
        return {
            field.name: values[field.camel]
            for field in cls.inputs()
            if field.camel in values and values[field.camel] is not UNKNOWN
        }

    @classmethod
    def ended_at(cls, values: Mapping[str, Any], now: datetime) -> str:
        """Return when the thing with these values ended, or an empty text while it has not.

        The values are in Pulumi's spelling.
        """
        if cls.airtime is None:
            return ""
        end = values.get(cls.properties()[cls.airtime.end].camel)
        try:
            return str(end) if end and datetime.fromisoformat(end) <= now else ""
        except (TypeError, ValueError):
            return ""

    @classmethod
    def from_inputs(cls, inputs: Mapping[str, Any]) -> Self:
        """Return an instance of checked inputs, normal values by field name."""
        return cls.model_validate({k: v for k, v in inputs.items() if not is_unset(v)})

    def to_inputs(self) -> dict[str, Any]:
        """Return the normal form of the inputs that are set, by field name."""
        values = {field: getattr(self, field.name) for field in self.inputs()}
        return {
            field.name: field.normal(value)
            for field, value in values.items()
            if not is_unset(value)
        }

    def to_wire(
        self, only: Set[str] | None = None, changed: Set[str] = frozenset()
    ) -> dict[str, Any]:
        """Return the inputs in the vendor's spelling.

        Without `only`, every input that a creation takes and that is set. With it, exactly those
        fields: one that is unset is sent as what the vendor documents for it, or, if it is in
        `changed`, as the empty text that clears it.
        """
        values = self.to_inputs()
        wire: dict[str, Any] = {}
        for field in self.inputs():
            left_out = field.has(Trait.UPDATE_ONLY) if only is None else field.name not in only
            if left_out or field.has(Trait.LOCAL):
                continue
            if field.name in values:
                wire[field.wire_name] = field.to_wire(values[field.name])
            elif only is not None and field.unset_means is not None:
                wire[field.wire_name] = field.to_wire(field.unset_means)
            elif field.name in changed and not field.has(Trait.OMITTED_TO_CLEAR):
                wire[field.wire_name] = ""
        return wire

    @classmethod
    def from_wire(
        cls, answer: Mapping[str, Any], fields: Iterable[Property] | None = None
    ) -> dict[str, Any]:
        """Return the normal values by field name of what the vendor answered and we know.

        With `fields`, of these only.
        """
        return {
            field.name: field.from_wire(answer[field.wire_name])
            for field in fields or cls.properties().values()
            if field.wire_name in answer
        }
