"""Functions for the windows of a schedule, which the plugin offers to every language.

Python has `pulumi_livepull.windows`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from annotated_types import Len

from pulumi_livepull.core.calculation import Calculation
from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.resource import Failure
from pulumi_livepull.core.schedule import Window
from pulumi_livepull.core.traits import ReadOnly
from pulumi_livepull.core.types import Duration, Instant, LocalTime, Text
from pulumi_livepull.core.windows import continuous, from_calendar, recurring


class Windows(Calculation):
    """What all functions that return windows share."""

    time_zone: Annotated[Text, Len(1)] | None = None
    """Name of a time zone, such as `Europe/Berlin`. Times without an offset are local times there,
    and windows follow its daylight saving time."""

    horizon: Duration | None = None
    """How far ahead windows are created. If unset, `P14D`, two weeks. Run `pulumi up` more often
    than that."""

    keep: Duration | None = None
    """How long a window that has passed stays in the result, such as `P7D`, and with it its task in
    the stack. If unset, it is omitted at once. No vendor creates a task in the past, so set it only
    after the schedule has been running for that long."""

    now: Instant | None = None
    """The time to use as now, RFC 3339. If unset, the current time."""

    windows: ReadOnly[list[Window] | None] = None
    """The windows, for the `windows` of a schedule."""

    make: ClassVar[Callable[..., Sequence[Mapping[str, Any]]]]

    def call(self) -> Mapping[str, Any]:
        """See `Calculation`."""
        given = {name: value for name, value in self if value is not None}
        made = type(self).make(**given)
        return {"windows": [{camel(key): value for key, value in each.items()} for each in made]}


class Recurring(Windows, token="livepull:windows:recurring"):
    """Return the windows of a recurrence, for the `windows` of a schedule.

    Every window begins at the same local time: 20:00 stays 20:00 when daylight saving time begins
    or ends. A time in the hour that is skipped in spring is moved forward by the change, and a time
    in the hour that is repeated in autumn is the first of the two.

    Source: RFC 5545, sections 3.3.10 and 3.8.5.
    """

    make = staticmethod(recurring)

    rule: Annotated[Text, Len(1)]
    """Recurrence rule of RFC 5545, such as `FREQ=WEEKLY;BYDAY=SA,SU`."""

    start: LocalTime
    """When the first window begins, such as `2030-01-05T20:00`."""

    duration: Duration
    """How long each window lasts, such as `PT1H30M`, even across a change of the clocks."""

    without: list[LocalTime] | None = None
    """Start times of windows to leave out."""

    also: list[LocalTime] | None = None
    """Start times of additional windows."""


class FromCalendar(Windows, token="livepull:windows:fromCalendar"):
    """Return the windows of a calendar, for the `windows` of a schedule.

    Recurring events, exceptions, and moved or cancelled events are supported. A window is named
    after the UID of its event, so moving an event moves its task.

    Source: RFC 5545.
    """

    make = staticmethod(from_calendar)

    calendar: Text
    """Text of an `.ics` file."""

    def rules(self) -> Iterator[Failure]:
        """Yield a failure if the text is not a calendar, for example the name of a file."""
        if "BEGIN:VCALENDAR" not in self.calendar.upper():
            yield Failure(("calendar",), "must be the text of an .ics file: read the file first")


class Continuous(Windows, token="livepull:windows:continuous"):
    """Return windows that follow one another without a break, for a channel round the clock.

    With a time zone, the windows change at the same local time throughout the year.
    """

    make = staticmethod(continuous)

    start: LocalTime
    """When the first window begins, such as `2030-01-05T04:00`. Never change it: all other windows
    are calculated from it."""

    length: Duration | None = None
    """How long each window lasts, from `PT1H` to `P7D`, or to `P6DT23H` with a time zone. If unset,
    `P6D`."""

    seam: Duration | None = None
    """Break between two windows, in which nothing is on air, such as `PT5S`. If unset, there is
    none."""
