"""The shape of a property for other languages: its JSON type, items and closed set of values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args, get_origin

from pydantic import AwareDatetime

from pulumi_livepull.core.property import Property, bare_type
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.schedule import schedules
from pulumi_livepull.core.types import Part

_SIMPLE: dict[Any, str] = {
    bool: "boolean",
    int: "integer",
    str: "string",
    float: "number",
    AwareDatetime: "string",
    datetime: "string",
    timedelta: "string",
}


_PYTHON = {"boolean": "bool", "integer": "int", "number": "float", "string": "str"}


@dataclass(frozen=True)
class Shape:
    """A JSON type. `items` is the shape of an array's items, and `part` the class of an object."""

    json_type: str
    items: "Shape | None" = None
    values: tuple[str, ...] = ()
    part: type[Part] | None = None
    is_time: bool = False

    @property
    def python(self) -> str:
        """The type of a value in Python source."""
        if self.items:
            return f"Sequence[{self.items.python}]"
        if self.values:
            return f"Literal[{', '.join(map(_quoted, self.values))}]"
        if self.part:
            return "Mapping[str, Any]"
        return _PYTHON[self.json_type]

    @property
    def python_input(self) -> str:
        """The type of an input in Python source. It accepts outputs at any level."""
        inner = self.part.__name__ if self.part else self.python
        if self.items:
            inner = f"Sequence[{self.items.python_input}]"
        if self.is_time:
            inner = "str | datetime"
        return f"pulumi.Input[{inner}]"

    @property
    def words(self) -> str:
        """The type in words."""
        if self.items:
            return f"list of {self.items.words}"
        if self.part:
            return ", ".join(f"`{name}`" for name in self.part.model_fields)
        return " or ".join(f"`{value}`" for value in self.values) or self.json_type

    @property
    def closed(self) -> tuple[str, ...]:
        """The closed set of values, or that of the items."""
        return self.items.closed if self.items else self.values

    @property
    def parts(self) -> Iterator[type[Part]]:
        """The classes of the objects inside."""
        if self.part:
            yield self.part
        if self.items:
            yield from self.items.parts


def shape(prop: Property) -> Shape:
    """Return the shape of a property."""
    return shape_of(prop.info.annotation)


def parts(resources: Iterable[type[Resource]]) -> list[type[Part]]:
    """Return the classes of all objects in inputs, each once."""
    resources = list(resources)
    inputs = [prop for resource in resources for prop in resource.inputs()]
    inputs += [prop for schedule in schedules(resources) for prop in schedule.inputs()]
    return list(dict.fromkeys(part for prop in inputs for part in shape(prop).parts))


def shape_of(annotation: Any) -> Shape:
    bare = bare_type(annotation)
    origin, arguments = get_origin(bare), get_args(bare)
    if origin in {list, frozenset}:
        return Shape("array", shape_of(arguments[0]))
    if origin is Literal:
        return Shape("string", values=arguments)
    if bare in _SIMPLE:
        return Shape(_SIMPLE[bare], is_time=bare is AwareDatetime)
    return Shape("object", part=bare)


def _quoted(text: str) -> str:
    return f'"{text}"'
