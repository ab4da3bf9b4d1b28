"""How Huawei Cloud Live spells odd values."""

from typing import Annotated

from pulumi_livepull.core.traits import Wire

IntegerText = Annotated[int, Wire(str, int)]
"""A whole number that travels as text, as `vod_loop_time` does."""

RunWish = Annotated[
    bool,
    Wire(lambda running: "enable" if running else "pause", lambda status: _runs(str(status))),
]
"""Whether a task should run.

Assumption: a paused task shows `pause`, or a word with it, and one that runs `running`, as no page
lists the values of a reply. Any other tells nothing.
"""


def _runs(status: str) -> bool | None:
    if "pause" in status.lower():
        return False
    return True if status.lower() in {"running", "enable"} else None
