"""Answers: what comes from outside, made safe before anything looks at it.

`exchange` limits the size and duration of an answer, and this module its depth. What it says may
still be anything: see `unreadable` and `required_text`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pulumi_livepull.core.property import MAX_DIGITS
from pulumi_livepull.errors import TransportError, quoted

if TYPE_CHECKING:
    import httpx

MAX_DEPTH = 20
"""How deep a JSON answer may nest. A vendor's has six levels; Pulumi's own messages end at 30."""

MAX_PAGES = 1000
"""The longest list that is read: some hundred thousand tasks."""

MAY_HAVE_TAKEN_EFFECT = "The request may have taken effect: run it again."
"""How to go on when no usable answer came."""


def find_object(response: httpx.Response) -> dict[str, Any] | None:
    """Return the JSON object that an answer is, or `None` if it is none.

    In it are only values that Pulumi can keep: a number that no program holds stays the text that
    it was, what JSON does not know is none, and of half a character a question mark is left.
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
    # Only an escape can spell half a character: most answers have none, and lists are long.
    whole: dict[str, Any] = _with_whole_characters(found) if "\\u" in text else found
    return whole


def unreadable(response: httpx.Response) -> TransportError:
    """Return the error for an answer that is not what the vendor's pages describe."""
    return TransportError(
        f"unreadable answer (HTTP {response.status_code}) from {response.url.host}"
        + _body_text(response),
        MAY_HAVE_TAKEN_EFFECT,
        sent=True,
    )


def _body_text(response: httpx.Response) -> str:
    """Return what an answer says, unless it is a page for people."""
    page = "html" in response.headers.get("Content-Type", "")
    # Whatever character set it names: some would run code of Python's that unpacks.
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
    """Raise `ValueError` for an object or list that has more levels than `depth` below it."""
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
    """Return what an answer must tell, such as the id of what was made.

    Raises `TransportError` where it does not, because then the answer is as good as lost.
    """
    if isinstance(answer, Mapping) and (text := text_in(answer, name)):
        return text
    raise TransportError(f"the answer has no {name}", MAY_HAVE_TAKEN_EFFECT, sent=True)


def text_in(answer: Mapping[str, Any], name: str) -> str:
    """Return what an answer tells under a name, such as an id; empty if it tells nothing."""
    value = answer.get(name)
    return str(value) if value and isinstance(value, str | int) else ""


def list_in(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list in an answer.

    Raises `TransportError` where there is another thing or none: then it proves nothing.
    """
    listed = answer.get(name)
    if isinstance(listed, list) and all(isinstance(item, dict) for item in listed):
        return listed
    raise incomplete(name)


def list_or_null_in(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the same where a vendor spells an empty list as null, too."""
    return [] if name in answer and answer[name] is None else list_in(answer, name)


def page_numbers() -> Iterator[int]:
    """Yield the numbers of a list's pages, from 1 on; raises `TransportError` if it has no end."""
    yield from range(1, MAX_PAGES + 1)
    raise TransportError(
        f"the list does not end after {MAX_PAGES} pages", "Check the endpoint.", sent=True
    )


def incomplete(name: str) -> TransportError:
    """Return the error for an answer that lacks what it must hold: it proves nothing."""
    return TransportError(f"the answer has no {name}", "Run it again.", sent=True)


@contextmanager
def read_only() -> Iterator[None]:
    """Let a lost answer say that nothing can have been made or changed: it was only a look."""
    try:
        yield
    except TransportError as error:
        error.sent = False
        error.hint = error.hint.replace(MAY_HAVE_TAKEN_EFFECT, "Run it again.")
        raise


def is_digits(text: str) -> bool:
    """Return whether a text is a whole number in plain digits, and not of any length."""
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
