"""How Alibaba Cloud Live spells odd values, and names."""

import json
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import Field

from pulumi_livepull.core.traits import Wire

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


JsonText = Annotated[T, Wire(json.dumps, _same)]
"""A list that goes out as one text of JSON and comes back as a list."""

Flag = Annotated[bool, Wire(_flag, _is_true)]
"""A yes or no. The SDK's types say boolean, the page's examples `yes` and `no`."""

Positive = Annotated[int, Field(ge=1)]
"""A whole number from 1 up."""

UnixSeconds = Annotated[T, Wire(_same, _moment)]
"""A moment that comes back as Unix seconds."""
