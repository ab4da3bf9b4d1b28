"""Function: Pulumi functions, which create nothing, derived from resources and calculations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.calculation import Calculation
from pulumi_livepull.core.naming import path_text, respell
from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import Part
from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.core.window_functions import Continuous, FromCalendar, Recurring
from pulumi_livepull.errors import ConfigError

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

Connect = Callable[[], "Client"]
"""Returns the client of the function's vendor, when it is first needed."""


def no_vendor() -> Client:
    """Stand in for the client of a function that belongs to no vendor. It is never called."""
    raise LookupError("a function of no vendor calls none")


MarkSecret = Callable[[Any], Any]
"""Marks a value as secret in the form that a host needs."""


class Function(ABC):
    """A Pulumi function: its token, inputs, outputs, and how to answer it.

    `item` describes an item of the output `items`, if it has one.
    """

    item: type[Part] | None = None

    def __init__(
        self,
        token: str,
        description: str,
        inputs: Sequence[Property],
        outputs: Sequence[Property],
    ) -> None:
        self.token = token
        self.description = description
        self.inputs = inputs
        self.outputs = outputs

    @property
    def name(self) -> str:
        """Last part of the token, such as `getPullTask`."""
        return self.token.rpartition(":")[2]

    @property
    def title(self) -> str:
        """The name with a capital, as for a type: `GetPullTask`."""
        return self.name[0].upper() + self.name[1:]

    @property
    def label(self) -> str:
        """Its name in messages, such as `huaweicloud.getPullTask`."""
        return self.token.split(":", 1)[1].replace(":", ".")

    def answer(self, given: Mapping[str, Any], connect: Connect) -> dict[str, Any]:
        """Return the outputs for these inputs. Both are plain values in Pulumi's spelling.

        Raises a `ConfigError` that names every missing or wrong input.
        """
        given = {name: value for name, value in given.items() if value is not None}
        if wrong := list(self._wrong(given)):
            known = ", ".join(prop.camel for prop in self.inputs)
            raise ConfigError(f"{self.label}: {'; '.join(wrong)}", f"Its inputs are {known}.")
        return self._answer(given, connect)

    def _wrong(self, given: Mapping[str, Any]) -> Iterator[str]:
        known = {prop.camel: prop for prop in self.inputs}
        yield from (f"{name} is not an input" for name in given if name not in known)
        for name, prop in known.items():
            if name in given:
                for path, reason in prop.problems(given[name]):
                    yield f"{path_text(path)} {reason}"
            elif prop.required:
                yield f"{name} is required"

    @abstractmethod
    def _answer(self, given: Mapping[str, Any], connect: Connect) -> dict[str, Any]:
        """Return the outputs. Each input has been checked."""

    @abstractmethod
    def mark_secrets(self, answer: Mapping[str, Any], mark: MarkSecret) -> dict[str, Any]:
        """Return an answer in which every secret value is marked with `mark`."""


class GetFunction(Function):
    """Looks up one existing resource by its id."""

    def __init__(self, resource: type[Resource]) -> None:
        self._resource = resource
        name = resource.__name__
        super().__init__(
            _token(resource, f"get{name}"),
            f"Look up one existing `{name}` by its id. Nothing is changed.",
            [_property("id", str, f"Its id: {resource.identity.id_form}.")],
            item_properties(resource),
        )

    def _answer(self, given: Mapping[str, Any], connect: Connect) -> dict[str, Any]:
        found = lifecycle.get(self._resource, connect(), given["id"])
        return {"id": found.id, **found.state}

    def mark_secrets(self, answer: Mapping[str, Any], mark: MarkSecret) -> dict[str, Any]:
        """See `Function`."""
        return _mark_secrets(self._resource, answer, mark)


class ListFunction(Function):
    """Lists all existing resources that match."""

    def __init__(self, resource: type[Resource]) -> None:
        self._resource = resource
        self.item = item_of(resource)
        name, plural = resource.__name__, _plural(resource.__name__)
        super().__init__(
            _token(resource, f"list{plural}"),
            f"List every existing `{name}`, or those whose outputs equal the given values.",
            [
                _plain(prop, required=prop.name in resource.listing.under)
                for prop in lifecycle.listed_outputs(resource).values()
            ],
            [_property("items", list[self.item], "The matching ones, each with its id.")],  # type: ignore[name-defined]
        )

    def _answer(self, given: Mapping[str, Any], connect: Connect) -> dict[str, Any]:
        found = lifecycle.find_all(self._resource, connect(), given)
        return {"items": [{"id": each.id, **each.state} for each in found]}

    def mark_secrets(self, answer: Mapping[str, Any], mark: MarkSecret) -> dict[str, Any]:
        """See `Function`."""
        return {"items": [_mark_secrets(self._resource, item, mark) for item in answer["items"]]}


class Calculate(Function):
    """Returns the result of a calculation."""

    def __init__(self, calculation: type[Calculation]) -> None:
        self._calculation = calculation
        properties = calculation.properties()
        super().__init__(
            calculation.token,
            calculation.__doc__ or "",
            list(calculation.inputs()),
            [_plain(prop, required=True) for prop in properties.values() if not prop.is_input],
        )

    def _answer(self, given: Mapping[str, Any], connect: Connect) -> dict[str, Any]:
        made = self._calculation.model_validate(
            {prop.name: given[prop.camel] for prop in self.inputs if prop.camel in given}
        )
        properties = self._calculation.properties()
        if failures := list(made.rules()):
            problems = "; ".join(
                f"{bad.property} {respell(bad.reason, properties)}" for bad in failures
            )
            raise ConfigError(f"{self.label}: {problems}", "Correct that in the program.")
        try:
            outputs = made.call()
        except ConfigError as error:
            what, hint = (respell(text, properties) for text in (error.what, error.hint))
            raise ConfigError(f"{self.label}: {what}", hint) from None
        return {properties[name].camel: value for name, value in outputs.items()}

    def mark_secrets(self, answer: Mapping[str, Any], mark: MarkSecret) -> dict[str, Any]:
        """See `Function`."""
        secret = {prop.camel for prop in self.outputs if prop.has(Trait.SECRET)}
        return {name: mark(value) if name in secret else value for name, value in answer.items()}


def functions_of(vendor: Vendor) -> Iterator[Function]:
    """Yield every function of a vendor."""
    for resource in vendor.resources:
        yield GetFunction(resource)
        yield ListFunction(resource)
    yield from map(Calculate, vendor.calculations)


def item_properties(resource: type[Resource]) -> list[Property]:
    """Return the properties of an item in a list of this resource."""
    id_ = _property("id", str, "Its id, as for an import.")
    return [id_, *lifecycle.listed_outputs(resource).values()]


@cache
def item_of(resource: type[Resource]) -> type[Part]:
    """Return the class that describes an item in a list of this resource."""
    fields: dict[str, Any] = {
        prop.name: (prop.info.annotation, prop.info) for prop in item_properties(resource)
    }
    made: type[Part] = create_model(
        f"{resource.__name__}Item",
        __base__=Part,
        __doc__=f"One existing `{resource.__name__}`.",
        **fields,
    )
    return made


def _mark_secrets(
    resource: type[Resource], values: Mapping[str, Any], mark: MarkSecret
) -> dict[str, Any]:
    return {
        name: mark(value) if lifecycle.secrets_of(resource, {name: value}) else value
        for name, value in values.items()
    }


def _token(resource: type[Resource], name: str) -> str:
    return f"{resource.token.rpartition(':')[0]}:{name}"


def _plural(name: str) -> str:
    return f"{name}es" if name.endswith("sh") else f"{name}s"


def _property(name: str, annotation: Any, description: str) -> Property:
    about = Annotated[annotation, Field(description=description)]
    return Property(name, FieldInfo.from_annotation(about))


def _plain(prop: Property, *, required: bool) -> Property:
    """Return an output as an input or output of a function, where it may be required or
    optional."""
    info = copy(prop.info)
    info.metadata = [mark for mark in info.metadata if mark is not Trait.READ_ONLY]
    info.default = PydanticUndefined if required else None
    return Property(prop.name, info, prop.owner)


SHARED_FUNCTIONS = {each.token: Calculate(each) for each in (Recurring, FromCalendar, Continuous)}
"""The functions that belong to no vendor, by token."""
