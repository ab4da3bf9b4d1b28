"""Parse vendors' answers safely: they are untrusted data.

`exchange` limits the size and duration of an answer, and this module its depth. Its content may
still be anything, so read it with `required_text`, `text_in` and `list_in`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_livepull.core.property import MAX_DIGITS
from pulumi_livepull.errors import TransportError, quoted

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

MAX_DEPTH = 20
"""How deeply a JSON answer may be nested. Vendors use six levels; Pulumi's messages allow 30."""

MAX_PAGES = 1000
"""How many pages of a list are read at most: about a hundred thousand tasks."""

MAY_HAVE_TAKEN_EFFECT = "The request may have taken effect: run it again."
"""Hint for a request that got no usable answer."""

NOT_THE_VENDOR = "Check the endpoint, and that no proxy or login portal is in between."
"""Hint for an answer that another server gave."""


def find_object(response: httpx.Response) -> dict[str, Any] | None:
    """Return the JSON object in an answer, or `None` if the body is anything else.

    It contains only values that Pulumi can store: a number that is too large becomes a string,
    `NaN` and `Infinity` become `None`, and an unpaired surrogate becomes a question mark.
    """
    try:
        text = response.content.decode("utf-8-sig", errors="replace")
        found = json.loads(
            text, parse_constant=_parse_constant, parse_int=_parse_int, parse_float=_parse_float
        )
        if not isinstance(found, dict):
            return None
        _check_depth(found, MAX_DEPTH - 1)
    except (ValueError, RecursionError):
        return None
    # Only a `\u` escape can produce a surrogate. Most answers have none, so skip the walk.
    whole: dict[str, Any] = _with_whole_characters(found) if "\\u" in text else found
    return whole


def unreadable(response: httpx.Response) -> TransportError:
    """Return the error for an answer that is not what the vendor's pages describe."""
    return TransportError(
        f"unreadable answer (HTTP {response.status_code}) from {response.url.host}"
        + _body_text(response),
        NOT_THE_VENDOR if response.is_client_error else MAY_HAVE_TAKEN_EFFECT,
        sent=True,
    )


def _body_text(response: httpx.Response) -> str:
    """Return the body of an answer for a message, or nothing if it is an HTML page."""
    page = "html" in response.headers.get("Content-Type", "")
    # Ignore the charset that the answer names: Python has codecs that decompress.
    text = response.content.decode(errors="replace")
    return "" if page or not text else f": {quoted(text)}"


def _parse_constant(_: str) -> None:
    return None


def _parse_int(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _parse_float(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _check_depth(value: Any, depth: int) -> None:
    """Raise `ValueError` if an object or list nests more than `depth` levels below itself."""
    if depth < 0:
        raise ValueError("too deep")
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            _check_depth(item, depth - 1)


def _with_whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, list):
        return [_with_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {
            _with_whole_characters(name): _with_whole_characters(item)
            for name, item in value.items()
        }
    return value


def required_text(answer: Mapping[str, Any], name: str) -> str:
    """Return a text that an answer must contain, such as the id of a new task.

    Raises `TransportError` if it is missing: such an answer is treated like a lost one.
    """
    if isinstance(answer, Mapping) and (text := text_in(answer, name)):
        return text
    raise TransportError(f"the answer has no {name}", MAY_HAVE_TAKEN_EFFECT, sent=True)


def text_in(answer: Mapping[str, Any], name: str) -> str:
    """Return the text or number under `name` as text, or an empty text if there is none."""
    value = answer.get(name)
    return str(value) if value and isinstance(value, str | int) else ""


def list_in(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list of objects from an answer.

    Raises `TransportError` if it is missing or has another type: then nothing can be concluded from
    it.
    """
    listed = answer.get(name)
    if isinstance(listed, list) and all(isinstance(item, dict) for item in listed):
        return listed
    raise incomplete(name)


def list_or_null_in(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Like `list_in`, for vendors that may also send null for an empty list."""
    return [] if name in answer and answer[name] is None else list_in(answer, name)


def page_numbers() -> Iterator[int]:
    """Yield page numbers from 1. Raises `TransportError` after `MAX_PAGES`."""
    yield from range(1, MAX_PAGES + 1)
    raise TransportError(
        f"the list does not end after {MAX_PAGES} pages", "Check the endpoint.", sent=True
    )


def counted_pages(page: Callable[[int], tuple[list[T], object]]) -> Iterator[T]:
    """Yield every item of a list. `page` returns the items of a page and the number of all items.

    Without that number, the list ends with the first empty page.
    """
    seen = 0
    for number in page_numbers():
        found, total = page(number)
        yield from found
        seen += len(found)
        if not found or (isinstance(total, int) and seen >= total):
            return


def incomplete(name: str) -> TransportError:
    """Return the error for an answer that lacks a required field."""
    return TransportError(f"the answer has no {name}", "Run it again.", sent=True)


@contextmanager
def read_only() -> Iterator[None]:
    """Mark a lost answer as harmless: the requests in this block only read."""
    try:
        yield
    except TransportError as error:
        error.sent = False
        error.hint = error.hint.replace(MAY_HAVE_TAKEN_EFFECT, "Run it again.")
        raise


def is_digits(text: str) -> bool:
    """Return whether a text is a whole number in ASCII digits that is not too large."""
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
