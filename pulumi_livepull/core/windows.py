"""Windows of a schedule: from a recurrence, from a calendar, or back to back.

`pulumi_livepull.windows` offers these functions to Python programs, and `window_functions` to all
other languages.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, TypedDict

from pulumi_livepull.core import clock
from pulumi_livepull.errors import ConfigError

HORIZON = timedelta(days=14)
"""How far ahead windows are created, by default."""

KEEP = timedelta()
"""How long a window that has passed stays in the result, by default."""

LONGEST = timedelta(days=7)
"""The longest window that Huawei, Alibaba and Volcengine accept."""

SHORTEST = timedelta(hours=1)
"""The shortest window of a channel round the clock."""

CHANGE = timedelta(hours=1)
"""How much longer the day is on which the clocks go back."""

DAY = timedelta(days=1)

ONCE = ("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "STATUS", "SUMMARY")
"""Properties that an event may have only once."""

TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE")


NO_ZONE = "Give `time_zone`, such as Europe/Berlin."
"""Hint for a time without a zone."""


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

    `start` is the start of the first window. It is a local time in `time_zone`, or has its own time
    zone. Every window begins at that local time: 20:00 stays 20:00 when daylight saving time begins
    or ends. A time in the hour that is skipped in spring is moved forward by the change (2:30
    becomes 3:30), and a time in the hour that is repeated in autumn is the first of the two. Each
    window lasts `duration`, even across a change of the clocks. `without` leaves out the windows
    that begin at these times, and `also` adds windows that do.

    Source: RFC 5545, sections 3.3.10 and 3.8.5. Raises `ConfigError`.
    """
    calendars, _ = _libraries()
    zone = clock.time_zone(time_zone) if time_zone else getattr(start, "tzinfo", None)
    given = [start, *without, *also]
    if not all(isinstance(moment, datetime) for moment in given):
        raise ConfigError("`start`, `without` and `also` must be `datetime` values")
    if zone is None:
        raise ConfigError("`start` has no time zone", NO_ZONE)
    if duration <= timedelta():
        raise ConfigError("`duration` must be greater than zero")
    event = calendars.Event()
    event.add("uid", "recurring")
    event.add("summary", rule)
    event.add("dtstart", _local(start, zone))
    event.add("duration", duration)
    event.add("rrule", _rule(calendars, rule))
    for name, moments in (("exdate", without), ("rdate", also)):
        if listed := [_local(moment, zone) for moment in moments]:
            event.add(name, listed)
    with _as_config_error(f'the rule "{rule}"'):
        found = list(_occurrences([event], None, *_time_range(now, horizon, keep)))
    return [
        _window(_stamp(planned), begin, (begin.astimezone(UTC) + duration).astimezone(begin.tzinfo))
        for _, planned, begin, _ in found
    ]


def from_calendar(
    calendar: str | Path,
    *,
    time_zone: str | None = None,
    horizon: timedelta = HORIZON,
    keep: timedelta = KEEP,
    now: datetime | None = None,
) -> list[Window]:
    """Return the windows of a calendar: the text of an `.ics` file, or its path as a `Path`.

    Recurring events, exceptions, and moved or cancelled events are supported. A window ends at the
    local end time of its event. Its name is the event's UID, followed by the originally planned
    time if the event recurs, so moving an event moves its task instead of creating another one.
    Times without a zone are in `time_zone`. An all-day event has no start time and is refused when
    it is near; so is an event whose times are ambiguous.

    Source: RFC 5545. Raises `ConfigError`.
    """
    calendars, _ = _libraries()
    zone = clock.time_zone(time_zone) if time_zone else None
    try:
        text = calendar.read_text("utf-8-sig") if isinstance(calendar, Path) else calendar
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"cannot read the calendar {calendar}: {error}") from None
    if "BEGIN:VCALENDAR" not in text.upper():
        raise ConfigError(
            "this is not a calendar", "Give the text of an .ics file, or its path as a `Path`."
        )
    since, until = _time_range(now, horizon, keep)
    # Reset the library: it remembers time zones that other calendars have defined.
    calendars.use_zoneinfo()
    with _as_config_error("the calendar"):
        read = calendars.Calendar.from_ical(text.lstrip("\ufeff"), multiple=True)
        events = [event for each in read for event in each.walk("VEVENT")]
        near = [event for event in _valid_events(events) if _is_near(event, since, until)]
        _refuse_duplicate_uids(near)
        recurs = {str(event["UID"]) for event in near if _recurs(event)}
        found = list(_occurrences(near, zone, since, until))
    return [
        _window(f"{uid}-{_stamp(planned)}" if uid in recurs else uid, begin, end)
        for uid, planned, begin, end in found
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

    The first window begins at `start`. Never change that: all other windows are calculated from it.
    Each lasts for `length`, from an hour to 7 days, minus the `seam`, a break during which nothing
    is on air. With a `time_zone`, the breaks stay at the same local time throughout the year, so a
    window may be an hour longer or shorter, and `length` may be at most 6 days and 23 hours.

    Raises `ConfigError`.
    """
    zone = clock.time_zone(time_zone) if time_zone else None
    if not isinstance(start, datetime) or (zone is None and start.tzinfo is None):
        raise ConfigError("`start` has no time zone", NO_ZONE)
    longest = LONGEST - CHANGE if zone else LONGEST
    if not timedelta() <= seam < length or not length >= SHORTEST or length - seam > longest:
        limit = "6 days and 23 hours in a time zone" if zone else "7 days"
        raise ConfigError(f"`length` must be longer than `seam`, and from an hour to {limit}")
    since, until = _time_range(now, horizon, keep)
    base = _local(start, zone).replace(tzinfo=None) if zone else start

    def begin(number: int) -> datetime:
        moment = base + number * length
        return moment.replace(tzinfo=zone) if zone else moment

    number = max(0, (since - DAY - begin(0)) // length - 1)
    windows = []
    while (first := begin(number)).astimezone(UTC) < until:
        number += 1
        # In UTC, because Python compares two times in the same zone by their clock time.
        end = begin(number).astimezone(UTC) - seam
        # In the night of a clock change, a window may have no time left.
        if end > since and end > first.astimezone(UTC):
            windows.append(_window(_stamp(first), first, end.astimezone(first.tzinfo)))
    return windows


def _time_range(
    now: datetime | None, horizon: timedelta, keep: timedelta
) -> tuple[datetime, datetime]:
    """Return the start and end of the period for which windows are wanted."""
    now = now or datetime.now(UTC)
    if now.tzinfo is None:
        raise ConfigError("`now` has no time zone")
    if not timedelta() <= keep <= timedelta(days=366) or not timedelta() < horizon <= timedelta(
        days=3660
    ):
        raise ConfigError("`horizon` must be greater than zero, and `keep` from zero to a year")
    return now - keep, now + horizon


@contextmanager
def _as_config_error(what: str) -> Iterator[None]:
    """Turn the exceptions of a library that cannot parse user input into a `ConfigError`."""
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:
        raise ConfigError(f"{what} cannot be read: {error or type(error).__name__}") from None


def _occurrences(
    events: list[Any], zone: tzinfo | None, since: datetime, until: datetime
) -> Iterator[tuple[str, datetime, datetime, datetime]]:
    """Yield each event that takes place: UID, originally planned start, start and end."""
    calendars, library = _libraries()
    calendar = calendars.Calendar()
    for event in events:
        _normalize_times(event, zone)
        calendar.add_component(event)
    found = library.of(calendar).between(since - DAY, until + DAY)
    taken: set[tuple[str, datetime]] = set()
    for event in sorted(found, key=lambda event: event["DTSTART"].dt.astimezone(UTC)):
        begin, end = event["DTSTART"].dt, event["DTEND"].dt
        exact = begin.astimezone(UTC)
        last = end.astimezone(UTC)
        if last <= exact:
            # Its start was moved out of the skipped hour, but its end was not.
            last = exact + (end.replace(tzinfo=None) - begin.replace(tzinfo=None))
        uid = str(event["UID"])
        is_cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
        if is_cancelled or exact >= until or last <= since or (uid, exact) in taken:
            continue
        taken.add((uid, exact))
        planned = event.get("RECURRENCE-ID")
        yield uid, planned.dt if planned else begin, begin, last.astimezone(begin.tzinfo)


def _valid_events(events: Iterable[Any]) -> Iterator[Any]:
    """Yield the events that may take place. Raises for an event that lacks a required property."""
    for event in events:
        for name in ONCE:
            if isinstance(event.get(name), list):
                raise ConfigError(f"{_title(event)} has more than one {name}")
        is_cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
        if is_cancelled and "DTSTART" not in event and "RECURRENCE-ID" in event:
            event.add("dtstart", event["RECURRENCE-ID"].dt)
        if "DTSTART" not in event and is_cancelled:
            continue
        for name in ("UID", "DTSTART"):
            if not str(event.get(name, "")).strip():
                raise ConfigError(f"{_title(event)} has no {name}")
        yield event


def _is_near(event: Any, since: datetime, until: datetime) -> bool:
    """Return whether an event may take place in that period. A recurring event always may."""
    begin = event["DTSTART"].dt
    if _recurs(event) or not isinstance(begin, date):
        return True
    if _day(begin) > _day(until + DAY):
        return False
    end = event["DTEND"].dt if "DTEND" in event else begin
    if "DURATION" in event and isinstance(event["DURATION"].dt, timedelta):
        end = begin + event["DURATION"].dt
    return _day(end) >= _day(since - DAY)


def _day(moment: date) -> date:
    return date(moment.year, moment.month, moment.day)


def _recurs(event: Any) -> bool:
    return bool({"RRULE", "RDATE", "RECURRENCE-ID"} & event.keys())


def _refuse_duplicate_uids(events: Iterable[Any]) -> None:
    """Refuse two events with the same UID: the library would ignore one of them."""
    own = [event for event in events if "RECURRENCE-ID" not in event]
    counts = Counter((str(event["UID"]), str(event.get("SEQUENCE", 0))) for event in own)
    for event in own:
        if counts[str(event["UID"]), str(event.get("SEQUENCE", 0))] > 1:
            raise ConfigError(f"{_title(event)} has the same UID as another event: {event['UID']}")


def _normalize_times(event: Any, zone: tzinfo | None) -> None:
    """Give every time of an event its zone, and refuse times that the library would guess."""
    if str(event.get("STATUS", "")).upper() != "CANCELLED":
        _refuse_whole_days(event)
    for name in TIMES:
        listed = event.get(name)
        for prop in listed if isinstance(listed, list) else [listed] if listed else []:
            if str(prop.params.get("RANGE", "")).upper() == "THISANDFUTURE":
                raise ConfigError(
                    f"{_title(event)} changes all later events of its series",
                    "End the series there, and begin a new one.",
                )
            for part in getattr(prop, "dts", [prop]):
                part.dt = _with_zone(event, prop, part.dt, zone)
    if rule := event.get("RRULE"):
        event["RRULE"] = _with_days(event, rule)
    begin = event["DTSTART"].dt
    if "DTEND" not in event and "DURATION" not in event:
        length = timedelta()
    else:
        length = event["DURATION"].dt if "DURATION" in event else event["DTEND"].dt - begin
    is_cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    if length <= timedelta() and not is_cancelled:
        raise ConfigError(f"{_title(event)} does not end after it begins", "Give it an end.")


def _refuse_whole_days(event: Any) -> None:
    for name in ("DTSTART", "DTEND"):
        if name in event and not isinstance(event[name].dt, datetime):
            raise ConfigError(
                f"{_title(event)} lasts all day: a relay needs a start time",
                "Give it a start and an end, or remove it from this calendar.",
            )


def _with_zone(event: Any, prop: Any, value: Any, zone: tzinfo | None) -> Any:
    """Return a time, or a period of two, with its own zone or else `zone`."""
    if isinstance(value, tuple):
        return tuple(_with_zone(event, prop, each, zone) for each in value)
    if not isinstance(value, datetime) or value.tzinfo is not None:
        return value
    if asked := prop.params.get("TZID"):
        raise ConfigError(
            f"{_title(event)} has the time zone {asked}, which the calendar does not define",
            "Add its VTIMEZONE, or name one as in Europe/Berlin.",
        )
    if zone is None:
        raise ConfigError(f"{_title(event)} has no zone", NO_ZONE)
    return value.replace(tzinfo=zone)


def _with_days(event: Any, rule: Any) -> Any:
    """Return a rule in which an `UNTIL` without a time includes that whole day."""
    _refuse_endless(_title(event), rule)
    zone = event["DTSTART"].dt.tzinfo
    rule["UNTIL"] = [
        datetime(each.year, each.month, each.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)
        if isinstance(each, date) and not isinstance(each, datetime)
        else each
        for each in rule.get("UNTIL", [])
    ]
    if not rule["UNTIL"]:
        del rule["UNTIL"]
    return rule


def _refuse_endless(what: str, rule: Any) -> None:
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    if frequency in {"SECONDLY", "MINUTELY"} or int(rule.get("INTERVAL", [1])[0]) < 1:
        raise ConfigError(f"{what} recurs too often", "Use FREQ=HOURLY or a longer interval.")


def _title(event: Any) -> str:
    """Return an event's name for messages."""
    summary = event.get("SUMMARY") or event.get("UID") or "without a name"
    begin = event.get("DTSTART")
    at = getattr(begin, "dt", None)
    name = summary[0] if isinstance(summary, list) else summary
    return f'the event "{name}"' + (f" of {at.isoformat()}" if isinstance(at, date) else "")


def _rule(calendars: Any, rule: str) -> Any:
    try:
        read = calendars.vRecur.from_ical(str(rule).removeprefix("RRULE:"))
        reason = "" if "FREQ" in read else "it has no FREQ"
    except ValueError as error:
        read, reason = {}, str(error)
    if reason:
        raise ConfigError(
            f'"{rule}" is not a recurrence rule: {reason}', "Write it as FREQ=WEEKLY;BYDAY=SA,SU."
        )
    return read


def _local(moment: datetime, zone: tzinfo) -> datetime:
    """Return a time in the local time of a zone."""
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _stamp(moment: datetime) -> str:
    """Return a time as part of a name. It does not depend on the zone."""
    exact = moment.astimezone(UTC)
    return f"{exact:%Y%m%dT%H%M%SZ}" if exact.second else f"{exact:%Y%m%dT%H%MZ}"


def _window(name: str, begin: datetime, end: datetime) -> Window:
    return {"name": name, "start_time": _exact(begin), "end_time": _exact(end)}


def _exact(moment: datetime) -> str:
    """Return a time that exists: one in a skipped hour is moved past it."""
    exact = moment.astimezone(UTC)
    local = exact.astimezone(moment.tzinfo)
    offset = local.utcoffset() or timedelta()
    return (exact if offset.seconds % 60 else local).isoformat()


def _libraries() -> tuple[Any, Any]:
    """Return the libraries that read calendars, which an extra installs."""
    try:
        import icalendar  # noqa: PLC0415
        import recurring_ical_events  # type: ignore[import-untyped]  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise ConfigError(
            f"calendars need {missing.name}", "Run: pip install 'pulumi-livepull[calendar]'"
        ) from None
    return icalendar, recurring_ical_events
