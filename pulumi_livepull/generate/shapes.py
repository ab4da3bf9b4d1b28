"""The shape of a property as other languages know it: a JSON type, its items, its closed values."""

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import AwareDatetime

from pulumi_livepull.core.property import Property, bare_type

_SIMPLE: dict[Any, str] = {
    bool: "boolean",
    int: "integer",
    str: "string",
    AwareDatetime: "string",
}


@dataclass(frozen=True)
class Shape:
    """`type` is that of JSON; `items` is the shape of an array's items."""

    type: str
    items: "Shape | None" = None
    values: tuple[str, ...] = ()

    @property
    def python(self) -> str:
        """The type of a value in Python source."""
        if self.items:
            return f"Sequence[{self.items.python}]"
        if self.values:
            return f"Literal[{', '.join(map(_quoted, self.values))}]"
        return {"boolean": "bool", "integer": "int", "string": "str"}[self.type]

    @property
    def python_input(self) -> str:
        """The type of an input in Python source: an output may stand anywhere in it."""
        inner = f"Sequence[{self.items.python_input}]" if self.items else self.python
        return f"pulumi.Input[{inner}]"

    @property
    def words(self) -> str:
        """The type for a reader."""
        if self.items:
            return f"list of {self.items.words}"
        return " or ".join(f"`{value}`" for value in self.values) or self.type


def shape(prop: Property) -> Shape:
    """Return the shape of a property."""
    return _of(prop.info.annotation)


def _of(annotation: Any) -> Shape:
    bare = bare_type(annotation)
    origin, arguments = get_origin(bare), get_args(bare)
    if origin in {list, frozenset}:
        return Shape("array", _of(arguments[0]))
    if origin is Literal:
        return Shape("string", values=arguments)
    return Shape(_SIMPLE[bare])


def _quoted(text: str) -> str:
    return f'"{text}"'
