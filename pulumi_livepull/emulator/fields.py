"""Strict parsing of calls: unknown fields, wrong types and values out of range are refused.

A reader takes a field's name and value, and returns the value or raises Invalid.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Request
from werkzeug.datastructures import MultiDict

from pulumi_livepull.emulator.refusal import Invalid, WrongType

Reader = Callable[[str, Any], Any]
Fields = Mapping[str, Reader]

MAX_INT = 2147483647
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def text(low: int, high: int) -> Reader:
    """A string of this many characters."""
    return _checked(
        str, lambda value: low <= len(value) <= high, f"a string of {low} to {high} characters"
    )


def one_of(*allowed: str) -> Reader:
    """One of these strings."""
    return _checked(str, lambda value: value in allowed, f"one of {', '.join(allowed)}")


def matching(pattern: str, words: str) -> Reader:
    """A string that matches this pattern, which the words describe."""
    return _checked(str, lambda value: bool(re.fullmatch(pattern, value)), words)


def whole(low: int, high: int) -> Reader:
    """An integer in this range."""
    return _checked(int, lambda value: low <= value <= high, f"an integer from {low} to {high}")


def number(low: float, high: float) -> Reader:
    """A number in this range."""
    in_range = _checked(
        float, lambda value: low <= value <= high, f"a number from {low:g} to {high:g}"
    )
    return lambda name, value: in_range(name, float(value) if type(value) is int else value)


def truth(name: str, value: Any) -> Any:
    """True or false."""
    return _checked(bool, lambda _: True, "true or false")(name, value)


def written(reader: Reader) -> Reader:
    """The same, as text in a query: an integer in digits, or the words true or false."""

    def read(name: str, value: str) -> Any:
        if re.fullmatch("-?[0-9]{1,10}", value):
            return reader(name, int(value))
        return reader(name, {"true": True, "false": False}.get(value.lower()))

    return read


def digits(low: int, high: int) -> Reader:
    """An integer in this range, written in a query."""
    return written(whole(low, high))


def json_text(reader: Reader) -> Reader:
    """The same, as JSON text in a query."""

    def read(name: str, value: str) -> Any:
        try:
            return reader(name, json.loads(value))
        except ValueError as wrong:
            raise (
                wrong if isinstance(wrong, Invalid) else WrongType(f"{name} must be JSON")
            ) from None

    return read


def list_of(item: Reader, low: int, high: int) -> Reader:
    """A list of this many items."""
    read_list = _checked(
        list, lambda value: low <= len(value) <= high, f"a list of {low} to {high} items"
    )

    def read(name: str, value: Any) -> list[Any]:
        items = read_list(name, value)
        return [item(f"{name}[{index}]", each) for index, each in enumerate(items)]

    return read


def map_of(fields: Fields, required: Iterable[str] = ()) -> Reader:
    """A map of these fields."""

    def read(name: str, value: Any) -> dict[str, Any]:
        given = _checked(dict, lambda _: True, "a map")(name, value)
        return read_fields(given, fields, required, within=f"{name}.")

    return read


def moment(name: str, value: Any) -> str:
    """A time in a fixed format. It stays text, because these texts sort like times."""
    try:
        if isinstance(value, str) and to_wire(from_wire(value)) == value:
            return value
    except ValueError:
        pass
    raise Invalid(f"{name} must be a time such as 2025-01-02T03:04:05Z")


def any_moment(name: str, value: Any) -> str:
    """A time in any RFC 3339 format, by default in UTC, converted to one format."""
    try:
        given = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return moment(name, value)
    return to_wire(given if given.tzinfo else given.replace(tzinfo=UTC))


def to_wire(time: datetime) -> str:
    """A time in the form of `moment`, in UTC, whole seconds."""
    return time.astimezone(UTC).strftime(TIME_FORMAT)


def from_wire(value: str) -> datetime:
    """Parse a time in the format of `moment`."""
    return datetime.strptime(value, TIME_FORMAT).replace(tzinfo=UTC)


def read_json(
    request: Request,
    fields: Fields,
    required: Iterable[str] = (),
    *,
    null_is_unset: bool = False,
) -> dict[str, Any]:
    """The fields of a JSON body, without nulls if null means unset."""
    try:
        body = json.loads(request.get_data())
    except ValueError:
        raise WrongType("the body is not JSON") from None
    if not isinstance(body, dict):
        raise WrongType("the body must be a JSON object")
    return read_fields(_without_nulls(body) if null_is_unset else body, fields, required)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def read_query(request: Request, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of a query, each at most once."""
    return read_parameters(request.args, fields, required)


def read_parameters(
    given: MultiDict[str, str], fields: Fields, required: Iterable[str] = ()
) -> dict[str, Any]:
    """The fields of a query or a form, each at most once."""
    for name, values in given.lists():
        if len(values) > 1:
            raise Invalid(f"{name} is given {len(values)} times")
    return read_fields(given, fields, required)


def read_fields(
    given: Mapping[str, Any], fields: Fields, required: Iterable[str] = (), *, within: str = ""
) -> dict[str, Any]:
    """Parse the given fields with their readers. `within` is a prefix for names in messages."""
    for name in given:
        if name not in fields:
            raise Invalid(f"unknown field {within}{name}")
    for name in required:
        if name not in given:
            raise Invalid(f"{within}{name} is required")
    return {name: fields[name](within + name, value) for name, value in given.items()}


def _checked(kind: type, fits: Callable[[Any], bool], words: str) -> Reader:
    def read(name: str, value: Any) -> Any:
        # A bool is an int in Python, but not for a vendor.
        if type(value) is not kind:
            raise WrongType(f"{name} must be {words}")
        if not fits(value):
            raise Invalid(f"{name} must be {words}")
        return value

    return read
