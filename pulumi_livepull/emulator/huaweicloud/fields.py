"""Strict reading of bodies and queries: a field is known, of its type and in its range, or refused.

A reader takes a field's name and value, and returns the value or raises a Refusal.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Request

from pulumi_livepull.emulator.huaweicloud.refusal import invalid, wrong_media_type

Reader = Callable[[str, Any], Any]
Fields = Mapping[str, Reader]

MAX_INT = 2147483647
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def text(low: int, high: int) -> Reader:
    """A string of this many characters."""

    def read(name: str, value: Any) -> str:
        if not isinstance(value, str) or not low <= len(value) <= high:
            raise invalid(f"{name} must be a string of {low} to {high} characters")
        return value

    return read


def one_of(*allowed: str) -> Reader:
    """One of these strings."""

    def read(name: str, value: Any) -> Any:
        if value not in allowed:
            raise invalid(f"{name} must be one of {', '.join(allowed)}")
        return value

    return read


def matching(pattern: str, words: str) -> Reader:
    """A string of this form, which the words describe."""

    def read(name: str, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise invalid(f"{name} must be {words}")
        return value

    return read


def whole(low: int, high: int) -> Reader:
    """An integer in this range."""

    def read(name: str, value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise invalid(f"{name} must be an integer from {low} to {high}")
        return value

    return read


def digits(low: int, high: int) -> Reader:
    """An integer in this range, written in a query."""
    in_range = whole(low, high)

    def read(name: str, value: Any) -> Any:
        return in_range(name, int(value) if re.fullmatch("[0-9]{1,10}", value) else None)

    return read


def list_of(item: Reader, low: int, high: int) -> Reader:
    """A list of this many items."""

    def read(name: str, value: Any) -> list[Any]:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise invalid(f"{name} must be a list of {low} to {high} items")
        return [item(f"{name}[{index}]", each) for index, each in enumerate(value)]

    return read


def moment(name: str, value: Any) -> str:
    """A time in the vendor's one form. It stays text: the order of such texts is that of times."""
    try:
        if isinstance(value, str) and to_wire(from_wire(value)) == value:
            return value
    except ValueError:
        pass
    raise invalid(f"{name} must be a time such as 2025-01-02T03:04:05Z")


def to_wire(time: datetime) -> str:
    """A time in the vendor's form, in UTC, whole seconds."""
    return time.astimezone(UTC).strftime(TIME_FORMAT)


def from_wire(value: str) -> datetime:
    """The time that the vendor's form stands for."""
    return datetime.strptime(value, TIME_FORMAT).replace(tzinfo=UTC)


def read_body(request: Request, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of a JSON body."""
    if request.mimetype != "application/json":
        raise wrong_media_type()
    try:
        body = json.loads(request.get_data())
    except ValueError:
        raise invalid("the body is not JSON") from None
    if not isinstance(body, dict):
        raise invalid("the body must be a JSON object")
    return read_fields(body, fields, required)


def read_query(request: Request, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of a query, each given once."""
    for name, values in request.args.lists():
        if len(values) > 1:
            raise invalid(f"{name} is given {len(values)} times")
    return read_fields(request.args, fields, required)


def read_fields(
    given: Mapping[str, Any], fields: Fields, required: Iterable[str] = ()
) -> dict[str, Any]:
    """The given fields, each read by its reader."""
    for name in given:
        if name not in fields:
            raise invalid(f"unknown field {name}")
    for name in required:
        if name not in given:
            raise invalid(f"{name} is required")
    return {name: fields[name](name, value) for name, value in given.items()}
