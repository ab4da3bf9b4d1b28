"""Windows of a schedule: from a recurrence, from a calendar, or back to back.

Each function returns the `windows` of a schedule, with names that stay the same from one `pulumi
up` to the next. It returns the windows that begin within the horizon, so run `pulumi up` more often
than that. A window that has passed is left out, and its task leaves the stack. With `keep` it stays
for a while; its task must already be in the stack, because no vendor creates a task in the past.

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
    """Let a function raise `pulumi.RunError`, which Pulumi prints without a traceback."""

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
