"""Windows of a schedule: from a recurrence, from a calendar, or without a break.

Each function returns what a schedule takes as `windows`, with names that stay the same from one
`pulumi up` to the next. A run makes the windows that begin within the horizon, so run it more often
than that. A window that has passed is left out, and its task leaves the stack. With `keep` it stays
for a while: its task must be in the stack by then, because no vendor makes a task for the past.

Recurrences and calendars follow RFC 5545. They need the extra `calendar`:
`pip install 'pulumi-livepull[calendar]'`.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from pulumi import RunError

from pulumi_livepull.core import windows
from pulumi_livepull.core.windows import HORIZON, KEEP, LONGEST, Window
from pulumi_livepull.errors import ConfigError

__all__ = ["HORIZON", "KEEP", "LONGEST", "Window", "continuous", "from_calendar", "recurring"]

P = ParamSpec("P")
R = TypeVar("R")


def _in_program(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function raise what Pulumi prints without a traceback: `pulumi.RunError`."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except ConfigError as error:
            raise RunError(str(error)) from None

    return called


recurring = _in_program(windows.recurring)
from_calendar = _in_program(windows.from_calendar)
continuous = _in_program(windows.continuous)
