"""Windows of a schedule: from a recurrence, from a calendar, or without a break.

Each function returns what a schedule takes as `windows`, with names that stay the same from one
`pulumi up` to the next. A run makes the windows that begin within the horizon, so run it more often
than that. A window that has passed is left out, and its task leaves the stack. With `keep` it stays
for a while: it must be in the stack already then, because no vendor makes a task for the past.

Recurrences and calendars follow RFC 5545. They need the extra `calendar`:
`pip install 'pulumi-livepull[calendar]'`.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pulumi import RunError

if TYPE_CHECKING:
    from icalendar import Calendar

HORIZON = timedelta(days=14)
"""How far ahead windows are made."""

KEEP = timedelta()
"""How long a window that has passed stays, and its task in the stack."""

LONGEST = timedelta(days=7)
"""The longest window that Huawei, Alibaba and Volcengine take."""


class Window(TypedDict):
    """One window of a schedule; times are RFC 3339 with an offset."""

    name: str
    start_time: str
    end_time: str


def recurring(
    rule: str,
    start: datetime,
    duration: timedelta,
    *,
    time_zone: str | None = None,
    without: Iterable[datetime] = (),
    also: Iterable[datetime] = (),
    horizon: timedelta = HORIZON,
    keep: timedelta = KEEP,
    now: datetime | None = None,
) -> list[Window]:
    """Return the windows of a recurrence, such as `FREQ=WEEKLY;BYDAY=SA,SU`.

    `start` is the first one. It is a local time of `time_zone`, or has a time zone of its own, and
    every window begins at that local time: 20:00 stays 20:00 across daylight saving. A time in the
    hour that is skipped in spring counts as if the clock had not been changed (2:30 becomes 3:30),
    and one in the hour that comes twice in autumn is the first of the two. Each window lasts
    `duration`, whatever the clocks show at its end. `without` leaves out windows that begin at
    these times, and `also` adds some.

    Source: RFC 5545, sections 3.3.10 and 3.8.5. Raises `pulumi.RunError`.
    """
    calendars, _ = _libraries()
    zone = _zone(time_zone) if time_zone else start.tzinfo
    if zone is None:
        raise RunError("`start` has no time zone\nGive `time_zone`, such as Europe/Berlin.")
    if duration <= timedelta():
        raise RunError("`duration` must be longer than nothing")
    event = calendars.Event()
    event.add("uid", "recurring")
    event.add("dtstart", _local(start, zone))
    event.add("duration", duration)
    event.add("rrule", _rule(calendars, rule))
    for name, moments in (("exdate", without), ("rdate", also)):
        if listed := [_local(moment, zone) for moment in moments]:
            event.add(name, listed)
    calendar = calendars.Calendar()
    calendar.add_component(event)
    found = _events(calendar, None, horizon, keep, now or datetime.now(UTC))
    return [
        _window(_stamp(first), begin, (begin.astimezone(UTC) + duration).astimezone(begin.tzinfo))
        for _, first, begin, _ in found
    ]


def from_calendar(
    calendar: str | Path,
    *,
    time_zone: str | None = None,
    horizon: timedelta = HORIZON,
    keep: timedelta = KEEP,
    now: datetime | None = None,
) -> list[Window]:
    """Return the windows of a calendar: the text of an `.ics` file, or its path.

    Recurring events, exceptions, moved and cancelled ones are what the calendar says they are, and
    a window ends when the clocks show the end of its event. A
    window's name is the event's UID, with the time that it was planned for if it recurs: an event
    that is moved is a task that is moved, and not another one. Times without a zone are those of
    `time_zone`. An event of a whole day has no time to begin at, and is refused.

    Source: RFC 5545. Raises `pulumi.RunError`.
    """
    calendars, _ = _libraries()
    try:
        text = calendar.read_text("utf-8") if isinstance(calendar, Path) else calendar
        read = calendars.Calendar.from_ical(text)
    except (OSError, UnicodeError) as error:
        raise RunError(f"cannot read the calendar {calendar}: {error}") from None
    except ValueError as error:
        raise RunError(f"this is not a calendar: {error}\nGive the text of an .ics file.") from None
    for event in read.walk("VEVENT"):
        _refuse_unsound(event)
    zone = _zone(time_zone) if time_zone else None
    recurs = {
        str(event.get("UID"))
        for event in read.walk("VEVENT")
        if {"RRULE", "RDATE", "RECURRENCE-ID"} & event.keys()
    }
    return [
        _window(f"{uid}-{_stamp(first)}" if uid in recurs else uid, begin, end)
        for uid, first, begin, end in _events(read, zone, horizon, keep, now or datetime.now(UTC))
    ]


def continuous(
    start: datetime,
    *,
    length: timedelta = timedelta(days=6),
    seam: timedelta = timedelta(),
    time_zone: str | None = None,
    horizon: timedelta = HORIZON,
    keep: timedelta = KEEP,
    now: datetime | None = None,
) -> list[Window]:
    """Return windows that follow one another without a break, for a channel round the clock.

    The first begins at `start`, and never changes: all others are counted from it. Each lasts for
    `length`, at most 7 days, less the `seam`: for so long nothing is on air between two windows. In
    a `time_zone` the seams stay at the same local time across daylight saving, so that a window
    may be an hour longer or shorter.

    Raises `pulumi.RunError`.
    """
    now = now or datetime.now(UTC)
    zone = _zone(time_zone) if time_zone else None
    if zone is None and start.tzinfo is None:
        raise RunError("`start` has no time zone\nGive `time_zone`, such as Europe/Berlin.")
    if not timedelta() <= seam < length <= LONGEST:
        raise RunError("`length` must be longer than `seam` and at most 7 days")
    base = _local(start, zone).replace(tzinfo=None) if zone else start

    def begin(number: int) -> datetime:
        moment = base + number * length
        return moment.replace(tzinfo=zone) if zone else moment

    number = max(0, (now - keep - begin(0)) // length - 1)
    windows = []
    while (first := begin(number)) < now + horizon:
        number += 1
        # In UTC: two times of one zone are compared as the clock shows them.
        end = begin(number).astimezone(UTC) - seam
        if end > now - keep:
            windows.append(_window(_stamp(first), first, end.astimezone(first.tzinfo)))
    return windows


def _events(
    calendar: "Calendar",
    zone: ZoneInfo | None,
    horizon: timedelta,
    keep: timedelta,
    now: datetime,
) -> Iterator[tuple[str, datetime, datetime, datetime]]:
    """Yield each event that is not cancelled: its UID, its planned start, its start and its end."""
    _, occurrences = _libraries()
    since, until = now - keep, now + horizon
    try:
        found = occurrences.of(calendar).between(since, until)
    except ValueError as error:
        raise RunError(f"the calendar cannot be read: {error}") from None
    for event in sorted(found, key=lambda event: str(event["DTSTART"].dt)):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        begin = _time(event, "DTSTART", zone)
        end = _time(event, "DTEND", zone)
        if begin < until and end > since:
            planned = event.get("RECURRENCE-ID")
            first = _aware(planned.dt, zone) if planned else begin
            yield str(event.get("UID", "")), first or begin, begin, end


def _time(event: Any, name: str, zone: ZoneInfo | None) -> datetime:
    value = event[name].dt if name in event else event["DTSTART"].dt
    if not isinstance(value, datetime):
        raise RunError(
            f"{_title(event)} is of a whole day: a relay needs a time to begin at\n"
            "Give it a start and an end, or take it out of this calendar."
        )
    aware = _aware(value, zone)
    if aware is None:
        raise RunError(f"{_title(event)} has no zone\nGive `time_zone`, such as Europe/Berlin.")
    return aware


def _rule(calendars: Any, rule: str) -> Any:
    try:
        read = calendars.vRecur.from_ical(rule.removeprefix("RRULE:"))
        if "FREQ" in read:
            return read
        reason = "it has no FREQ"
    except ValueError as error:
        reason = str(error)
    raise RunError(
        f'"{rule}" is not a recurrence rule: {reason}\nWrite it as FREQ=WEEKLY;BYDAY=SA,SU.'
    )


def _refuse_unsound(event: Any) -> None:
    """Refuse an event whose times a library would guess at."""
    times = [event[name] for name in ("DTSTART", "DTEND") if name in event]
    for time in times:
        zone = time.params.get("TZID")
        if zone and isinstance(time.dt, datetime) and time.dt.tzinfo is None:
            raise RunError(
                f"{_title(event)} has the time zone {zone}, which the calendar does not define\n"
                "Add its VTIMEZONE, or name one as in Europe/Berlin."
            )
    begin, end = times[0].dt, times[-1].dt
    if not isinstance(begin, datetime):
        return  # It is only refused once it is near.
    length = event["DURATION"].dt if "DURATION" in event else end - begin
    if length <= timedelta():
        raise RunError(f"{_title(event)} does not end after it begins\nGive it an end.")


def _aware(value: date, zone: ZoneInfo | None) -> datetime | None:
    """Return a time with its zone, or with this one if it has none."""
    if not isinstance(value, datetime):
        return None
    if value.tzinfo is not None:
        return value
    return value.replace(tzinfo=zone) if zone else None


def _title(event: Any) -> str:
    summary = event.get("SUMMARY")
    begin = event["DTSTART"].dt
    return f'the event "{summary or event.get("UID", "")}" of {begin.isoformat()}'


def _local(moment: datetime, zone: Any) -> datetime:
    """Return a time as the clocks of a zone show it."""
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M}"


def _window(name: str, begin: datetime, end: datetime) -> Window:
    return {"name": name, "start_time": _exact(begin), "end_time": _exact(end)}


def _exact(moment: datetime) -> str:
    """Return a time that exists: one in a skipped hour is moved behind it."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo).isoformat()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RunError(
            f'there is no time zone "{name}"\nName one as in Europe/Berlin, Asia/Shanghai or UTC.'
        ) from None


def _libraries() -> tuple[Any, Any]:
    """Return the libraries that read calendars. An extra brings them."""
    try:
        import icalendar  # noqa: PLC0415
        import recurring_ical_events  # type: ignore[import-untyped]  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise RunError(
            f"calendars need {missing.name}\nRun: pip install 'pulumi-livepull[calendar]'"
        ) from None
    return icalendar, recurring_ical_events
