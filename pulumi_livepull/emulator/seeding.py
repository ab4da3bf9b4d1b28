"""Parse the document of `Emulator.seed`: what all vendors have in common."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_livepull.emulator.fields import Fields, read_fields
from pulumi_livepull.emulator.state import Thing


def read_document(document: Any, shape: Mapping[str, type]) -> dict[str, Any]:
    """The given parts, each with the right type. Raises ValueError for any other part."""
    if not isinstance(document, Mapping):
        raise ValueError(f"a seed is a map of {', '.join(shape)}")
    given = {name: value for name, value in document.items() if value is not None}
    for name, value in given.items():
        if not isinstance(value, shape.get(name, ())):
            known = ", ".join(f"{name} ({kind.__name__})" for name, kind in shape.items())
            raise ValueError(f"cannot seed {name!r}; known: {known}")
    return given


def read_things(things: Any, fields: Fields) -> list[Thing]:
    """A list of maps. Empty fields count as unset."""
    if not isinstance(things, list) or not all(isinstance(each, dict) for each in things):
        raise ValueError("tasks, callbacks and the like come as a list of maps")
    for thing in things:
        read_fields({name: value for name, value in thing.items() if value not in ("", [])}, fields)
    return things


def read_places(by_place: Mapping[str, Any], fields: Fields) -> Iterator[tuple[str, Thing]]:
    """All items of a map from a place, such as a project, to a list."""
    for place, things in by_place.items():
        for thing in read_things(things, fields):
            yield place, thing
