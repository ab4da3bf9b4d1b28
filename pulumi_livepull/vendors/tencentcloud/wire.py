"""How Tencent Cloud CSS spells odd values, and names."""

from datetime import datetime, timedelta, timezone
from typing import Annotated

from pulumi_livepull.core.traits import Wire
from pulumi_livepull.core.types import Instant

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
