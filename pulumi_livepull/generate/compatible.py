"""Find breaking changes between an old and a new schema.json: programs, config and states."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Side:
    """The properties of inputs or of outputs. Those of a type are both."""

    properties: Spec
    required: Set[str]
    is_input: bool = True
    is_output: bool = True


def breaks(old: Spec, new: Spec) -> Iterator[str]:
    """Yield each breaking change, as `where: what`."""
    for kind in ("resources", "functions", "types"):
        for token in sorted(old.get(kind, {}).keys() - new.get(kind, {}).keys()):
            yield f"{token}: is gone"
    renewed = dict(_sides(new))
    for where, side in _sides(old):
        if where in renewed:
            yield from _side_breaks(where, side, renewed[where])
    named = _enums(new)
    for token, values in _enums(old).items():
        for name, value in sorted(values - named.get(token, values)):
            yield f"{token} {name}: the value {value} is gone"


def _sides(schema: Spec) -> Iterator[tuple[str, Side]]:
    yield "config", Side(schema.get("config", {}).get("variables", {}), frozenset())
    resources = {"provider": schema.get("provider", {}), **schema.get("resources", {})}
    for token, spec in resources.items():
        inputs = spec.get("inputProperties", {}), frozenset(spec.get("requiredInputs", ()))
        yield f"{token} input", Side(*inputs, is_output=False)
        yield f"{token} output", Side(*_object(spec), is_input=False)
    for token, spec in schema.get("functions", {}).items():
        yield f"{token} input", Side(*_object(spec.get("inputs", {})), is_output=False)
        yield f"{token} output", Side(*_object(spec.get("outputs", {})), is_input=False)
    for token, spec in schema.get("types", {}).items():
        yield token, Side(*_object(spec))


def _object(spec: Spec) -> tuple[Spec, Set[str]]:
    return spec.get("properties", {}), frozenset(spec.get("required", ()))


def _enums(schema: Spec) -> dict[str, Set[tuple[str, str]]]:
    """Return the names and values of each enum, because a program may contain either."""
    return {
        token: {(each.get("name", each["value"]), each["value"]) for each in spec["enum"]}
        for token, spec in schema.get("types", {}).items()
        if "enum" in spec
    }


def _side_breaks(where: str, old: Side, new: Side) -> Iterator[str]:
    for name, was in old.properties.items():
        if name not in new.properties:
            yield f"{where} {name}: is gone"
        else:
            for what in _property_breaks(was, new.properties[name], old.is_input):
                yield f"{where} {name}: {what}"
    if old.is_input:
        for name in sorted(new.required - old.required):
            yield f"{where} {name}: is required"
    if old.is_output:
        for name in sorted(old.required & new.properties.keys() - new.required):
            yield f"{where} {name}: may be missing"


def _property_breaks(old: Spec, new: Spec, is_input: bool) -> Iterator[str]:
    if _type(old) != _type(new):
        yield f"was {_type(old)} and is {_type(new)}"
    if is_input and _replaces(new) and not _replaces(old):
        yield "is immutable"
    if old.get("secret") and not new.get("secret"):
        yield "is no secret"


def _replaces(spec: Spec) -> bool:
    return bool(spec.get("willReplaceOnChanges") or spec.get("replaceOnChanges"))


def _type(spec: Spec) -> str:
    """Return a description of a type. Equal descriptions mean the same type."""
    inner = spec.get("items") or spec.get("additionalProperties")
    of = f" of {_type(inner)}" if inner else ""
    either = " or ".join(map(_type, spec.get("oneOf", ())))
    return either or f"{spec.get('$ref', spec.get('type'))}{of}"
