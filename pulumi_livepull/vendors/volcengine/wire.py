"""How Volcengine Live spells odd values, and names."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AliasGenerator, ConfigDict
from pydantic.alias_generators import to_pascal

from pulumi_livepull.core.traits import Wire
from pulumi_livepull.core.types import Instant, Url


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _moment(given: object) -> str | None:
    """Return a time, of which lists give Unix seconds, in digits too, or RFC 3339."""
    text = str(given)
    if not text.lstrip("-").isdigit():
        return text
    return datetime.fromtimestamp(int(text), UTC).isoformat() if int(text) else None


NAMES = ConfigDict(alias_generator=AliasGenerator(serialization_alias=to_pascal))
"""Names on the wire are in PascalCase."""

UnixSeconds = Annotated[Instant, Wire(_seconds, _moment)]
"""A moment in Unix seconds; 0 stands for none."""


def _details(urls: list[str]) -> list[dict[str, str]]:
    return [{"CallbackType": "HTTP", "URL": url} for url in urls]


def _urls(details: list[dict[str, str]]) -> list[str]:
    return [detail["URL"] for detail in details]


CallbackUrls = Annotated[list[Url], Wire(_details, _urls)]
"""Addresses that travel as objects with a type, which is `HTTP` for https too."""


def _respelled(value: Any, first: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_respelled(item, first) for item in value]
    if isinstance(value, dict):
        return {first(key[:1]) + key[1:]: _respelled(item, first) for key, item in value.items()}
    return value


def _upper(value: Any) -> Any:
    return _respelled(value, str.upper)


def _lower(value: Any) -> Any:
    return _respelled(value, str.lower)


T = TypeVar("T")

Objects = Annotated[T, Wire(_upper, _lower)]
"""Objects whose names are in PascalCase on the wire, too."""

STATUS = {"停用": "stopped", "未开始": "not started", "生效中": "active", "已结束": "ended"}
"""What a list says of a task. Source: ListPullToPushTask."""
