"""Types for unusual values and names of Volcengine Live."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints
from pydantic.alias_generators import to_pascal
from pydantic_core import PydanticCustomError

from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.traits import Wire
from pulumi_livepull.core.types import Instant, Part, Text, Url


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


def objects(part: type[Part]) -> Wire:
    """Return the wire form of objects: names in PascalCase, and unknown names are ignored.

    An optional number that is returned as 0 counts as unset, and so does an object without its
    first field.
    """
    required = [name for name, info in part.model_fields.items() if info.is_required()]

    def out(value: Any) -> Any:
        if isinstance(value, list):
            return [out(item) for item in value]
        return {key[:1].upper() + key[1:]: item for key, item in value.items()}

    def back(value: Any) -> Any:
        if isinstance(value, list):
            return [item for item in map(back, value) if item is not None]
        if not value.get(to_pascal(required[0])):
            return None
        known = {name: value.get(to_pascal(name)) for name in part.model_fields}
        # Use the names of the normal form, which remain if a rule refuses one of the values.
        return {camel(name): item for name, item in known.items() if item or name in required}

    return Wire(out, back)


STATUS = {"停用": "stopped", "未开始": "not started", "生效中": "active", "已结束": "ended"}
"""Statuses of a task in a list. Source: ListPullToPushTask."""
