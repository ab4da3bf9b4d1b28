"""Stories of a week, at least one a relay resource: data only. Each vendor has a file.

Each row is one visit: `pulumi up --refresh` at that moment, first its preview. Times are Beijing's,
as such programs give them, from Tuesday evening on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.cases import Case

DAYS = ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon")


def at(moment: str) -> str:
    """Return `Wed 19:00` of this week as a program gives it."""
    day, hour = moment.split()
    return f"2030-01-{DAYS.index(day) + 1:02}T{hour}:00+08:00"


def window(start: str, end: str) -> dict[str, str]:
    """Return the times of a task."""
    return {"startTime": at(start), "endTime": at(end)}


@dataclass(frozen=True)
class Visit:
    """What a refresh shows at a moment, what the preview then plans, and what `up` brings about.

    `shows` is the status, `there` where a resource has none, or `gone`. `plans` is `nothing`,
    `create`, `update`, or `replace` or `refuse` with the names of the inputs. `sends` are the
    operations of `up` that change something, and `then` is the status after it, if it differs.
    Before the visit, somebody else may have `deleted` or `stopped` the task, or the vendor `tidied`
    it away, and the user may have edited the program: `None` takes an input out. What is refused is
    taken back.
    """

    moment: str
    shows: str
    plans: str = "nothing"
    sends: str = ""
    then: str = ""
    edit: Mapping[str, Any] = field(default_factory=dict)
    somebody: str = ""


Story = tuple[Case, Mapping[str, Any], tuple[Visit, ...]]

Evening = tuple[Case, str, str, str]
"""A case, the input that tells the task of one evening from another's with the form of its value,
and its status before, during and after."""
