"""How Tencent Cloud CSS spells odd values, and names."""

from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

from pydantic.alias_generators import to_pascal

from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.traits import Wire
from pulumi_livepull.core.types import Instant, Part

BEIJING = timezone(timedelta(hours=8))

RunWish = Annotated[
    bool,
    Wire(
        lambda running: "enable" if running else "pause",
        {"enable": True, "pause": False}.get,
    ),
]
"""Whether a task should run. Source: models.ModifyLivePullStreamTaskRequest, `Status`."""


def _same(value: object) -> object:
    return value


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).isoformat()


BeijingTime = Annotated[Instant, Wire(_same, _moment)]
"""A moment that is shown in Beijing's time, UTC+8. Source: models.CallBackRuleInfo."""


def objects(part: type[Part]) -> Wire:
    """Return how a list of objects travels: with names in PascalCase.

    What comes back may have more names than we know, and null or zero for what is not set.
    """

    def out(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{key[:1].upper() + key[1:]: item for key, item in one.items()} for one in values]

    def back(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
        wire = {to_pascal(name): camel(name) for name in part.model_fields}
        return [{name: one[key] for key, name in wire.items() if one.get(key)} for one in values]

    return Wire(out, back)
