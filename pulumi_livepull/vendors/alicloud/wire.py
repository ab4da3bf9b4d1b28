"""How Alibaba Cloud Live spells odd values, and names."""

import json
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints

from pulumi_livepull.core.traits import Wire
from pulumi_livepull.core.types import Text

T = TypeVar("T")


def _same(value: object) -> object:
    return value


def _flag(flag: bool) -> str:
    return str(flag).lower()


def _is_true(text: object) -> bool:
    return str(text).lower() in {"true", "yes"}


def _moment(seconds: object) -> str | None:
    if not seconds:
        return None
    return datetime.fromtimestamp(int(str(seconds)), UTC).isoformat()


def _joined(items: list[str]) -> str:
    return ";".join(items)


def _parts(text: object) -> list[str]:
    return [part for part in map(str.strip, str(text or "").split(";")) if part]


JsonText = Annotated[T, Wire(json.dumps, _same)]
"""A list that goes out as one text of JSON and comes back as a list."""

SemicolonList = Annotated[T, Wire(_joined, _parts)]
"""A list that travels as one text, with a semicolon between its items."""

Name = Annotated[Text, StringConstraints(pattern=r"^[^/\s]+$")]
"""A domain, app or stream, which are parts of ids, too. No page says which characters it may have.
"""

Flag = Annotated[bool, Wire(_flag, _is_true)]
"""A yes or no. The SDK's types say boolean, the page's examples `yes` and `no`."""

Positive = Annotated[int, Field(ge=1)]
"""A whole number from 1 up."""

UnixSeconds = Annotated[T, Wire(_same, _moment)]
"""A moment that comes back as Unix seconds."""
