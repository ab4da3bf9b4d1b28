"""Parse messages: strict for signed fields, lenient for all others.

A field that a vendor adds, omits or changes to another type must not break a receiver: a value that
cannot be parsed becomes `None`, and remains available in the event's `raw`.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from pulumi_livepull.callbacks.errors import Malformed

Fields = Mapping[str, Any]


def read_object(vendor: str, body: bytes) -> dict[str, Any]:
    """Parse the body as a JSON object."""
    try:
        found = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise _malformed(vendor, "the body is not JSON") from None
    if not isinstance(found, dict):
        raise _malformed(vendor, "the body is not a JSON object")
    return found


def need_text(vendor: str, fields: Fields, name: str) -> str:
    """Return the text in a required field."""
    found = get_text(vendor, fields, name)
    if not found:
        raise _malformed(vendor, f"`{name}` is missing")
    return found


def get_text(vendor: str, fields: Fields, name: str) -> str:
    """Return the text in a field, or an empty text if it is missing."""
    found = fields.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise _malformed(vendor, f"`{name}` is not a text")
    return found


def find_text(fields: Fields, name: str) -> str | None:
    """Return the text in a field."""
    found = fields.get(name)
    return found if isinstance(found, str) and found else None


def find_number(fields: Fields, name: str) -> float | None:
    """Return the finite number in a field, given as a number or a text."""
    found = fields.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def find_whole(fields: Fields, name: str) -> int | None:
    """Return the integer in a field, given as a number or a text."""
    written = find_digits(fields, name)
    return int(written) if written else None


def find_digits(fields: Fields, name: str) -> str | None:
    """Return a non-negative integer in decimal digits, exactly as it was signed."""
    found = fields.get(name)
    written = str(found) if type(found) is int and abs(found) < 10**18 else found
    return written if isinstance(written, str) and re.fullmatch("[0-9]{1,18}", written) else None


def find_time(fields: Fields, name: str) -> datetime | None:
    """Return the time in a field: Unix seconds, or a text such as 2025-01-02T03:04:05Z."""
    try:
        if (seconds := find_number(fields, name)) is not None:
            return datetime.fromtimestamp(seconds, UTC)
        found = datetime.fromisoformat(find_text(fields, name) or "")
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else None


def _refuse(constant: str) -> NoReturn:
    # Python accepts NaN and Infinity, which are not JSON.
    raise ValueError(constant)


def _malformed(vendor: str, what: str) -> Malformed:
    return Malformed(vendor, what, "Check that only this vendor knows the callback address.")
