"""Resource: the base class of every resource, and the contract that it fulfils."""

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
    """What is wrong, and where, such as `("source_urls", 3)`. Names in back quotes are field
    names."""

    path: Path
    reason: str

    @property
    def property(self) -> str:
        """The path in Pulumi's spelling: `sourceUrls[3]`."""
        return path_text(self.path)


@dataclass(frozen=True)
class Failure(Finding):
    """An input that cannot work. The operation stops before anything is sent."""


@dataclass(frozen=True)
class Unshown(Failure):
    """An input that is missing, or that the vendor has and does not show.

    If the old inputs lacked it as well, they came from an import: then it is a caution only.
    """


@dataclass(frozen=True)
class Caution(Finding):
    """An input that is legal but probably wrong, or that the vendor does not document."""


@dataclass(frozen=True)
class Ignored(Caution):
    """An input that the vendor ignores beside the others: it is taken as not given.

    A vendor that does not show it would else make it a difference in every preview.
    """


class Push(NamedTuple):
    """The stream that a relay pushes to, and when."""

    stream: str
    span: Span

    def fights(self, other: Push) -> bool:
        """Return whether both push to the same stream at the same time."""
        return self.stream == other.stream and self.span.overlaps(other.span)


class Made(NamedTuple):
    """The result of a create whose answer contains something that the vendor never returns
    again."""

    id: str
    shown_once: Mapping[str, Any]
    """In the vendor's spelling."""


@dataclass(frozen=True)
class Identity:
    """What identifies a resource among others of its kind. Names are those of fields.

    `id_form` describes an id for messages. `named_by` lists groups of outputs that name a resource
    for a reader; the first complete group is used, and none of them may be secret. `created` is the
    output with its creation time, and `account` the output with the vendor's account it is in.

    If the vendor would create a second one just like the first, `duplicates_within` is the input
    that says where to look for the first.
    """

    id_form: str
    named_by: tuple[tuple[str, ...], ...] = ()
    created: str | None = None
    account: str | None = None
    duplicates_within: str | None = None


@dataclass(frozen=True)
class Listing:
    """How the vendor lists resources of this kind.

    `under` are the inputs that the list must be filtered by, and `by` those that it may be filtered
    by. `built_in` are the ids of those that the vendor creates by itself. If the list is `partial`,
    it shows fewer outputs than a read.
    """

    under: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    built_in: tuple[str, ...] = ()
    partial: bool = False


class Resource(BaseModel, ABC):
    """A kind of resource at one vendor. Its subclass describes it completely.

    1. Its fields are the inputs and outputs, with their traits, types and docstrings.
    2. `rules` yields failures that concern several fields. It runs when every input is known.
    3. `create`, `read`, `update`, `delete` and `list_all` call the vendor, and must be implemented.
       They know nothing about Pulumi: `lifecycle` decides what the answers mean.
    4. A relay declares its `airtime`, and implements `update_effect` if an update interrupts it. A
       recording callback declares its `reporting`.
    5. `frozen_if` declares when a change requires a replacement for reasons that no trait
       expresses.

    An instance holds inputs in their Python types. A vendor's answer stays a mapping in the
    vendor's spelling, because its types cannot be trusted.

    The class argument `token` is stored in users' state and must never change. `identity`,
    `listing` and `example` come first in the class body.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Omit from `repr` everything that is or may be secret."""
        secret = {name for name, prop in self.properties().items() if prop.may_be_secret}
        return (pair for pair in super().__repr_args__() if pair[0] not in secret)

    token: ClassVar[str]

    identity: ClassVar[Identity]

    listing: ClassVar[Listing] = Listing()

    example: ClassVar[Mapping[str, Any]]
    """Inputs by field name, for a minimal example."""

    delete_before_replace: ClassVar[bool] = True
    """Whether a replacement deletes the old one first, because two would fight over a stream or a
    key."""

    airtime: ClassVar[Airtime | None] = None
    """When and where a relay is on air, or `None` if it is not a relay. The vendor ends the relay
    by itself at the end of that time."""

    reporting: ClassVar[Reporting | None] = None
    """What a recording callback reports, and where, or `None` if it is not a callback."""

    frozen_if: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    """Values of inputs with which the vendor accepts no change at all, so that any change
    replaces."""

    adopt: Local[str | None] = None
    """Id of an existing resource to adopt, instead of creating a new one.

    The resource is updated to match the other inputs, unless that requires a replacement.
    Afterwards, `adopt` has no effect and may be removed.
    """

    def __init_subclass__(cls, token: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.token = token

    # What a subclass implements.

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the combination of inputs."""
        yield from ()

    @classmethod
    def replaces(cls, old: Mapping[str, Any], changed: Set[str]) -> Set[str]:
        """Return those of `changed` that require a replacement.

        `old` is the known state: normal values by field name.
        """
        if cls.frozen_if and all(old.get(name) == value for name, value in cls.frozen_if.items()):
            return changed
        return {name for name in changed if cls.properties()[name].has(Trait.IMMUTABLE)}

    @abstractmethod
    def create(self, api: Any) -> str | Made:
        """Create it and return its id. The request is sent once: the lifecycle handles a lost
        answer."""

    @classmethod
    @abstractmethod
    def read(cls, api: Any, resource_id: str) -> Mapping[str, Any] | None:
        """Return it in the vendor's spelling, or `None` only if it is certainly gone."""

    @abstractmethod
    def update(self, api: Any, resource_id: str, changed: Set[str]) -> None:
        """Update the fields in `changed`, the names of those that differ."""

    @classmethod
    @abstractmethod
    def delete(cls, api: Any, resource_id: str) -> None:
        """Delete it. Raises `NotFound` if it is already gone."""

    @classmethod
    @abstractmethod
    def list_all(
        cls, api: Any, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the id and wire form of each existing one. An item without an id yields `""`.

        `where` filters by fields that `listing` names.
        """

    @classmethod
    def listed_with(cls, api: Any, resource_id: str) -> Mapping[str, str] | None:
        """Return the filter for `list_all` with which a list shows this one completely, among
        others.

        `None` means that a list has no advantage over single reads.
        """
        return None

    def list_like(self, api: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the id and wire form of every resource that may be the same as this one."""
        names = (*self.listing.under, *self.listing.by)
        where = {name: getattr(self, name) for name in names if getattr(self, name)}
        yield from self.list_all(api, where)

    @classmethod
    def update_effect(cls, old: Mapping[str, Any], changed: Set[str], *, on_air: bool) -> Effect:
        """Return what an update in place does on air, apart from `running` and the window.

        `old` is the known state, by field name. Cite the vendor's page, or state that it does not
        say.
        """
        return NO_EFFECT

    def pushes(self) -> Push | None:
        """Return the stream that it pushes to, if any. Two that push to the same stream interrupt
        each other."""
        air = self.airtime
        if air is None or not air.address or getattr(self, "running", None) is False:
            return None
        address, named = getattr(self, air.address), [getattr(self, name) for name in air.target]
        if not address and not all(named):
            return None  # An import does not know it if the vendor does not show it.
        stream = stream_of(address or f"rtmp://{'/'.join(map(str, named))}")
        return Push(stream, Span(getattr(self, air.start), getattr(self, air.end)))

    def only_one(self) -> str:
        """Return the place, such as `domain/app/stream`, where the vendor allows only one of its
        kind."""
        return ""

    @classmethod
    def full_id(cls, api: Any, given: str) -> str:
        """Return an id that a user gave, in the form that the state keeps."""
        return given

    # What follows from the fields.

    @classmethod
    @cache
    def properties(cls) -> Mapping[str, Property]:
        """Return all inputs and outputs by name, its own before the inherited ones."""
        fields = properties_of(cls)
        return dict(sorted(fields.items(), key=lambda field: field[0] in Resource.model_fields))

    @classmethod
    def inputs(cls) -> Iterator[Property]:
        """Yield the fields that a user sets."""
        return (field for field in cls.properties().values() if field.is_input)

    @classmethod
    def label(cls) -> str:
        """Return the name of this kind for messages, such as `huaweicloud.PullTask`."""
        return cls.token.split(":", 1)[1].replace(":", ".")

    @classmethod
    def name_of(cls, values: Mapping[str, Any]) -> str:
        """Return the name of the resource with these values for a reader, or an empty text.

        `values` is in Pulumi's spelling.
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
        """Return the known inputs in `values`, which is in Pulumi's spelling, by field name."""
        return {
            field.name: values[field.camel]
            for field in cls.inputs()
            if field.camel in values and values[field.camel] is not UNKNOWN
        }

    @classmethod
    def ended_at(cls, values: Mapping[str, Any], now: datetime) -> str:
        """Return when the resource with these values ended, or an empty text if it has not.

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
        """Return an instance from checked inputs: normal values by field name."""
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

        Without `only`, it returns every input that is set and that a create accepts. With it,
        exactly those fields: an unset one is sent as the value that the vendor documents for it,
        or, if it is in `changed`, as the empty text that clears it.
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
        """Return the normal values, by field name, of the known fields in a vendor's answer.

        With `fields`, only of these.
        """
        return {
            field.name: field.from_wire(answer[field.wire_name])
            for field in fields or cls.properties().values()
            if field.wire_name in answer
        }
