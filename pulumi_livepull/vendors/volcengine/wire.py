"""Types for unusual values and names of Volcengine Live."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from pulumi_livepull.core.traits import Wire
from pulumi_livepull.core.types import Instant, Text, Url


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _moment(given: object) -> str | None:
    """Parse a time from a list: Unix seconds as a number or text, or RFC 3339."""
    text = str(given)
    if not text.lstrip("-").isdigit():
        return text
    return datetime.fromtimestamp(int(text), UTC).isoformat() if int(text) else None


Name = Annotated[Text, StringConstraints(min_length=1, pattern=r"^[A-Za-z0-9_.-]+$")]
"""A domain, app, stream or space, which are also parts of ids."""


def _letters_and_digits(text: str) -> str:
    if not text.isalnum():
        raise PydanticCustomError("label", "may hold Chinese characters, letters and digits only")
    return text


Label = Annotated[Text, StringConstraints(min_length=1), AfterValidator(_letters_and_digits)]
"""A title, or the name of a group. Letters of any script are accepted, because no page says which
count as Chinese."""

UnixSeconds = Annotated[Instant, Wire(_seconds, _moment)]
"""A time in Unix seconds; 0 means none."""


def _details(urls: list[str]) -> list[dict[str, str]]:
    return [{"CallbackType": "HTTP", "URL": url} for url in urls]


def _urls(details: list[dict[str, str]]) -> list[str]:
    return [detail["URL"] for detail in details if detail.get("URL")]


CallbackUrls = Annotated[list[Url], Wire(_details, _urls)]
"""Addresses that are sent as objects with a type, which is `HTTP` also for https."""


STATUS = {"停用": "stopped", "未开始": "not started", "生效中": "active", "已结束": "ended"}
"""Statuses of a task in a list. Source: ListPullToPushTask."""
