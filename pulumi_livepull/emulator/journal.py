"""The last requests and answers. Secrets are hidden before they are added."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Request

HIDDEN = "[hidden]"


Show = Callable[[str], str]
"""Returns the part of a value that the journal and the page may show."""


@dataclass(frozen=True)
class Entry:
    """One request and its answer."""

    time: str
    vendor: str
    operation: str | None
    method: str
    path: str
    status: int
    error_code: str | None
    request_id: str
    fault: str | None
    query: Mapping[str, Any]
    body: Mapping[str, Any]


class Journal:
    """The last 1000 entries, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=1000)

    def add(self, entry: Entry) -> None:
        """Add an entry, and drop the oldest if there are too many."""
        self._entries.append(entry)

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)


def redact(fields: Mapping[str, Any], visible: Mapping[str, Show]) -> dict[str, Any]:
    """Show the visible fields in their own ways, and hide all other non-empty values."""
    return {
        name: _redact_value(value, visible.get(name), visible) for name, value in fields.items()
    }


def redact_all(state: Any, visible: Mapping[str, Show]) -> Any:
    """Redact everything in the lists of a vendor's state."""
    if isinstance(state, dict):
        return {name: redact_all(part, visible) for name, part in state.items()}
    if isinstance(state, list):
        return [redact(part, visible) if isinstance(part, dict) else part for part in state]
    return state


def redact_body(request: Request, visible: Mapping[str, Show]) -> dict[str, Any]:
    """The fields of a JSON body or a form without secrets; nothing for other bodies."""
    try:
        body = request.form.to_dict() or json.loads(request.get_data())
    except ValueError:
        return {}
    return redact(body, visible) if isinstance(body, dict) else {}


def without_query(text: str) -> str:
    """A URL without query, fragment and user info; any other text unchanged."""
    if "@" in text:
        scheme = re.match("[a-zA-Z][a-zA-Z0-9+.-]*://", text)
        return f"{scheme[0]}{HIDDEN}" if scheme else HIDDEN
    for mark in "?#":
        head, found, _ = text.partition(mark)
        text = f"{head}{found}{HIDDEN}" if found else text
    return text


def each_without_query(text: str) -> str:
    """A URL, or a JSON list of URLs, without queries, fragments and user info."""
    if not text.startswith("["):
        return without_query(text)
    try:
        return json.dumps([without_query(str(item)) for item in json.loads(text)])
    except ValueError:
        return HIDDEN


def host_only(url: str) -> str:
    """A URL's scheme and host: the path of a push address is often its stream key."""
    try:
        parts = urlsplit(without_query(url))
    except ValueError:
        return HIDDEN
    return f"{parts.scheme}://{parts.netloc}/{HIDDEN}" if parts.netloc else HIDDEN


def _redact_value(value: Any, show: Show | None, visible: Mapping[str, Show]) -> Any:
    if value is None or value in ("", []):
        return value
    if show is None:
        return HIDDEN
    if isinstance(value, dict):
        return redact(value, visible)
    if isinstance(value, list):
        return [_redact_value(item, show, visible) for item in value]
    return show(value) if isinstance(value, str) else value
