"""Types for unusual values of Huawei Cloud Live."""

from typing import Annotated

from pulumi_livepull.core.traits import Wire

IntegerText = Annotated[int, Wire(str, int)]
"""An integer that is sent and returned as text, such as `vod_loop_time`."""

RunWish = Annotated[
    bool,
    Wire(lambda running: "enable" if running else "pause", lambda status: _runs(str(status))),
]
"""Whether a task should run.

Assumption A140: the status of a paused task contains `pause`, and that of a running one is
`running`, because no page lists the values. Other statuses leave it unknown.
"""


def _runs(status: str) -> bool | None:
    if "pause" in status.lower():
        return False
    return True if status.lower() in {"running", "enable"} else None
