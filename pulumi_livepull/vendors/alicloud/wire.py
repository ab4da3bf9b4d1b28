"""Types for unusual values and names of Alibaba Cloud Live."""

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
"""A list that is sent as JSON text and returned as a list."""

SemicolonList = Annotated[T, Wire(_joined, _parts)]
"""A list that is sent and returned as one text, separated by semicolons."""

Name = Annotated[Text, StringConstraints(pattern=r"^[^/\s]+$")]
"""A domain, app or stream, which are also parts of ids. No page lists the allowed characters.
"""

Flag = Annotated[bool, Wire(_flag, _is_true)]
"""A boolean. The SDK's types say boolean, the page's examples `yes` and `no`."""

Positive = Annotated[int, Field(ge=1)]
"""A positive integer."""

UnixSeconds = Annotated[T, Wire(_same, _moment)]
"""A time that is returned as Unix seconds."""
