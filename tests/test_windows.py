"""Windows from recurrences and calendars, and round the clock: true across daylight saving."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi import RunError

from pulumi_livepull.core.function import SHARED_FUNCTIONS, no_vendor
from pulumi_livepull.core.schedule import schedules
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.windows import Window, continuous, from_calendar, recurring

BERLIN = ZoneInfo("Europe/Berlin")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def spans(windows: list[Window]) -> list[tuple[str, str]]:
    """The start and end of each."""
    return [(each["start_time"], each["end_time"]) for each in windows]


def names(windows: list[Window]) -> list[str]:
    """The name of each."""
    return [each["name"] for each in windows]


def daily(now: str, start: str = "2030-03-01T20:00", **more: Any) -> list[Window]:
    """Two hours each evening in Berlin."""
    first = datetime.fromisoformat(start)
    return recurring(
        **{"rule": "FREQ=DAILY", "duration": 2 * HOUR, "time_zone": "Europe/Berlin"} | more,
        start=first,
        now=at(now),
        horizon=3 * DAY,
        keep=DAY,
    )


# Recurrences.


def test_an_evening_stays_an_evening_across_daylight_saving() -> None:
    """Berlin's clocks go forward in the night to 31 March 2030, and back in the night to 27
    October.
    """
    assert spans(daily("2030-03-30T12:00"))[1:4] == [
        ("2030-03-30T20:00:00+01:00", "2030-03-30T22:00:00+01:00"),
        ("2030-03-31T20:00:00+02:00", "2030-03-31T22:00:00+02:00"),
        ("2030-04-01T20:00:00+02:00", "2030-04-01T22:00:00+02:00"),
    ]
    assert spans(daily("2030-10-26T12:00"))[1:3] == [
        ("2030-10-26T20:00:00+02:00", "2030-10-26T22:00:00+02:00"),
        ("2030-10-27T20:00:00+01:00", "2030-10-27T22:00:00+01:00"),
    ]


def test_a_window_in_the_hour_that_is_skipped_begins_after_it() -> None:
    """2:30 does not exist on 31 March; by the clock before the change, it is 3:30."""
    found = daily("2030-03-30T12:00", start="2030-03-01T02:30")
    assert ("2030-03-31T03:30:00+02:00", "2030-03-31T05:30:00+02:00") in spans(found)
    assert "20300331T0130Z" in names(found)


def test_a_window_in_the_hour_that_comes_twice_is_in_the_first() -> None:
    """2:30 occurs twice on 27 October; two hours later it is 3:30."""
    found = daily("2030-10-26T12:00", start="2030-03-01T02:30")
    assert ("2030-10-27T02:30:00+02:00", "2030-10-27T03:30:00+01:00") in spans(found)
    assert len(set(names(found))) == len(found)


def test_a_window_lasts_as_long_as_it_should_over_the_change() -> None:
    """Eight hours in the night of the change end at seven, not at six."""
    found = daily("2030-03-30T12:00", start="2030-03-01T22:00", duration=8 * HOUR)
    assert ("2030-03-30T22:00:00+01:00", "2030-03-31T07:00:00+02:00") in spans(found)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY", [29, 30, 31, 1]),
        ("RRULE:FREQ=WEEKLY;BYDAY=SA,SU", [30, 31]),
        ("FREQ=DAILY;UNTIL=20300331T180000Z", [29, 30, 31]),
        ("FREQ=DAILY;INTERVAL=2", [29, 31]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", [31]),
        ("FREQ=DAILY;COUNT=30", [29, 30]),
    ],
)
def test_a_rule_is_what_rfc_5545_says(rule: str, days: list[int]) -> None:
    """Some of the RFC's examples, up to the horizon and while a window is kept."""
    found = daily("2030-03-30T12:00", rule=rule)
    assert [int(each["start_time"][8:10]) for each in found] == days


def test_exceptions_and_additions_are_local_times_too() -> None:
    """A holiday without a programme, and a repeat at noon."""
    found = daily(
        "2030-03-30T12:00",
        without=[datetime(2030, 3, 31, 20)],
        also=[datetime(2030, 4, 1, 10, tzinfo=UTC)],
    )
    assert names(found) == ["20300329T1900Z", "20300330T1900Z", "20300401T1000Z", "20300401T1800Z"]


def test_names_and_times_stay_the_same_as_time_goes_by() -> None:
    """A window is created once, and the next run does not change it."""
    seen: dict[str, Window] = {}
    for hours in range(0, 24 * 20, 7):
        now = at("2030-03-20T00:00") + hours * HOUR
        for window in daily(now.replace(tzinfo=None).isoformat()):
            assert seen.setdefault(window["name"], window) == window
    assert len(seen) == 24


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: daily("2030-03-30T12:00", rule="EVERY DAY"), '"EVERY DAY" is not a recurrence'),
        (lambda: daily("2030-03-30T12:00", rule="FREQ=NEVER"), '"FREQ=NEVER" is not a recurrence'),
        (lambda: daily("2030-03-30T12:00", rule=""), '"" is not a recurrence'),
        (lambda: daily("2030-03-30T12:00", time_zone="Berlin"), 'there is no time zone "Berlin"'),
        (lambda: daily("2030-03-30T12:00", time_zone=None), "`start` has no time zone"),
        (lambda: daily("2030-03-30T12:00", duration=0 * HOUR), "`duration` must be greater"),
        (lambda: continuous(datetime(2030, 1, 1)), "`start` has no time zone"),
        (lambda: continuous(at("2030-01-01"), length=8 * DAY), "`length` must be longer than"),
        (lambda: continuous(at("2030-01-01"), length=DAY, seam=DAY), "`length` must be longer"),
        (lambda: from_calendar("hello"), "this is not a calendar\nGive"),
        (lambda: from_calendar(Path("none.ics")), "cannot read the calendar none.ics: "),
    ],
)
def test_what_cannot_be_is_said(make: Callable[[], object], message: str) -> None:
    """As a program error, which Pulumi shows without a traceback."""
    with pytest.raises(RunError) as failure:
        make()
    assert str(failure.value).startswith(message)


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The base package does not install the calendar library."""
    monkeypatch.setitem(sys.modules, "recurring_ical_events", None)
    with pytest.raises(RunError, match=r"pip install 'pulumi-livepull\[calendar\]'"):
        from_calendar("BEGIN:VCALENDAR\nEND:VCALENDAR\n")


# Calendars.

MATCHES = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Matches//EN
{events}
END:VCALENDAR
"""
WEEKLY = """\
BEGIN:VEVENT
UID:match@example.org
DTSTART;TZID=Europe/Berlin:20300316T200000
DTEND;TZID=Europe/Berlin:20300316T220000
RRULE:FREQ=WEEKLY;COUNT=5
EXDATE;TZID=Europe/Berlin:20300323T200000
SUMMARY:Match
END:VEVENT"""
MOVED = """\
BEGIN:VEVENT
UID:match@example.org
RECURRENCE-ID;TZID=Europe/Berlin:20300330T200000
DTSTART;TZID=Europe/Berlin:20300331T{hour}0000
DTEND;TZID=Europe/Berlin:20300331T{hour}4500
SUMMARY:Match, moved
END:VEVENT"""
CANCELLED = """\
BEGIN:VEVENT
UID:match@example.org
RECURRENCE-ID;TZID=Europe/Berlin:20300406T200000
DTSTART;TZID=Europe/Berlin:20300406T200000
DTEND;TZID=Europe/Berlin:20300406T220000
STATUS:CANCELLED
SUMMARY:Match
END:VEVENT"""


def calendar(*events: str, **more: Any) -> list[Window]:
    """The windows of a calendar in the four weeks from 15 March 2030."""
    text = MATCHES.format(events="\n".join(events)).replace("\n", "\r\n")
    return from_calendar(text, now=at("2030-03-15"), horizon=28 * DAY, **more)


def single(*lines: str) -> str:
    """One event of these lines."""
    return "\n".join(("BEGIN:VEVENT", "UID:gala", "SUMMARY:Gala", *lines, "END:VEVENT"))


def test_a_calendar_is_read_with_its_exceptions() -> None:
    """One match is excluded, one moved, one cancelled; and the clocks go forward."""
    found = calendar(WEEKLY, MOVED.format(hour="15"), CANCELLED)
    assert {each["name"]: each["start_time"] for each in found} == {
        "match@example.org-20300316T1900Z": "2030-03-16T20:00:00+01:00",
        "match@example.org-20300330T1900Z": "2030-03-31T15:00:00+02:00",
    }


def test_an_event_that_moves_keeps_its_name() -> None:
    """Its task then moves instead of being created twice, in a series and as a single event."""
    before, after = (calendar(WEEKLY, MOVED.format(hour=hour)) for hour in ("15", "17"))
    assert names(before) == names(after)
    assert spans(before) != spans(after)
    alone = (single(f"DTSTART:20300320T{hour}0000Z", "DURATION:PT1H") for hour in (10, 12))
    assert [names(calendar(event)) for event in alone] == [["gala"], ["gala"]]


HOUR_LONG = ("DTSTART:20300320T100000Z", "DURATION:PT1H")

VTIMEZONE = """\
BEGIN:VTIMEZONE
TZID:Stadium
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
TZNAME:STD
END:STANDARD
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("lines", "more", "start"),
    [
        (["DTSTART:20300320T100000Z", "DTEND:20300320T110000Z"], {}, "2030-03-20T10:00:00+00:00"),
        (
            ["DTSTART:20300320T100000", "DURATION:PT1H"],
            {"time_zone": "Asia/Shanghai"},
            "2030-03-20T10:00:00+08:00",
        ),
        (
            ["DTSTART;TZID=Asia/Shanghai:20300320T100000", "DURATION:PT1H"],
            {"time_zone": "Europe/Berlin"},
            "2030-03-20T10:00:00+08:00",
        ),
        (
            ["DTSTART;TZID=W. Europe Standard Time:20300320T100000", "DURATION:PT1H"],
            {},
            "2030-03-20T10:00:00+01:00",
        ),
    ],
)
def test_a_time_is_of_its_own_zone(lines: list[str], more: Any, start: str) -> None:
    """The given zone is for times without one. Some calendars use Windows names for zones."""
    (found,) = calendar(single(*lines), **more)
    assert found["start_time"] == start


def test_a_zone_that_the_calendar_defines_is_taken_from_there() -> None:
    """Its name may be anything."""
    event = single("DTSTART;TZID=Stadium:20300320T100000", "DURATION:PT1H")
    (found,) = calendar(VTIMEZONE, event)
    assert found["start_time"] == "2030-03-20T10:00:00+03:00"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["DTSTART;VALUE=DATE:20300320"], 'the event "Gala" of 2030-03-20 lasts all day'),
        (["DTSTART:20300320T100000", "DURATION:PT1H"], "has no zone\nGive `time_zone`"),
        (["DTSTART:20300320T100000Z", "DTSTART:20300321T100000Z"], "has more than one DTSTART"),
        (["DTSTART:20300320T100000Z", "DTEND:20300320T110000"], "has no zone"),
        (["DTSTART:2030-03-20", "DURATION:PT1H"], "cannot be read"),
        (["DURATION:PT1H"], "has no DTSTART"),
        (["DTSTART;VALUE=DATE:20300320", "DTEND:20300320T110000Z"], "lasts all day"),
        ([*HOUR_LONG, "RRULE:FREQ=SECONDLY"], "too often"),
        (["DTSTART:20300320T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;INTERVAL=0"], "too often"),
        (
            ["DTSTART:20300320T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;BYDAY=XX"],
            "cannot be read",
        ),
        (
            ["DTSTART;TZID=Nowhere:20300320T100000", "DURATION:PT1H"],
            "has the time zone Nowhere, which the calendar does not define",
        ),
        (["DTSTART:20300320T100000Z"], "does not end after it begins"),
        (["DTSTART:20300320T100000Z", "DTEND:20300320T090000Z"], "does not end after it begins"),
        (["DTSTART:20300320T100000Z", "DURATION:PT0S"], "does not end after it begins"),
    ],
)
def test_an_event_that_is_not_a_window_is_refused_by_name(lines: list[str], message: str) -> None:
    """Otherwise it would become a relay at a wrong time, or none."""
    with pytest.raises(RunError) as failure:
        calendar(single(*lines))
    assert message in str(failure.value)


def test_a_file_is_read_as_a_text_is(tmp_path: Path) -> None:
    """Given its path."""
    file = tmp_path / "matches.ics"
    file.write_text(MATCHES.format(events=WEEKLY), encoding="utf-8")
    now, horizon = at("2030-03-15"), 28 * DAY
    assert from_calendar(file, now=now, horizon=horizon) == calendar(WEEKLY)


# Round the clock.


@given(
    days=st.integers(1, 7),
    seam=st.integers(0, 30),
    hours=st.integers(0, 24 * 400),
    zone=st.sampled_from([None, "Europe/Berlin", "America/New_York", "Asia/Shanghai"]),
)
def test_windows_follow_one_another_with_the_seam_between(
    days: int, seam: int, hours: int, zone: str | None
) -> None:
    """At any moment of a year, with both clock changes."""
    if days == 7 and zone:
        return  # It would be refused.
    now = at("2030-01-01T00:00") + hours * HOUR
    pause = timedelta(minutes=seam)
    found = continuous(
        at("2030-01-01T03:00"), length=days * DAY, seam=pause, time_zone=zone, now=now
    )
    times = [tuple(map(datetime.fromisoformat, span)) for span in spans(found)]
    for (_, end), (start, _) in pairwise(times):
        assert start - end == pause
    assert all(end - start <= timedelta(days=7) for start, end in times)
    assert times[-1][1] >= now + timedelta(days=14) - pause
    assert times[0][0] <= max(now + pause, at("2030-01-01T03:00"))
    assert times[0][1] > now


def test_seams_stay_at_their_local_time() -> None:
    """At four in the morning, before and after the clock change."""
    found = continuous(
        datetime(2030, 3, 26, 4),
        length=2 * DAY,
        time_zone="Europe/Berlin",
        now=at("2030-03-27"),
        keep=DAY,
    )
    assert spans(found)[1:4] == [
        ("2030-03-28T04:00:00+01:00", "2030-03-30T04:00:00+01:00"),
        ("2030-03-30T04:00:00+01:00", "2030-04-01T04:00:00+02:00"),
        ("2030-04-01T04:00:00+02:00", "2030-04-03T04:00:00+02:00"),
    ]


@pytest.mark.parametrize("make", ["recurring", "calendar", "continuous"])
def test_a_schedule_takes_them(make: str) -> None:
    """Unchanged, with their keys in Python's spelling."""
    windows = {
        "recurring": lambda: daily("2030-03-30T12:00"),
        "calendar": lambda: calendar(WEEKLY),
        "continuous": lambda: continuous(at("2030-01-01"), now=at("2030-03-30")),
    }[make]()
    (schedule,) = schedules([PullTask])
    given = {
        "sourceType": "PullLivePushLive",
        "sourceUrls": ["rtmp://play.example.com/live/one"],
        "destinationUrl": "rtmp://push.example.com/live/one",
        "windows": [
            {"name": w["name"], "startTime": w["start_time"], "endTime": w["end_time"]}
            for w in windows
        ],
    }
    assert schedule.failures(given, at("2030-03-01")) == []


# What a broadcaster with real calendars found.


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Shanghai", "Pacific/Auckland"])
@pytest.mark.parametrize("hour", range(0, 48, 5))
def test_a_time_without_a_zone_is_there_until_its_end(zone: str, hour: int) -> None:
    """However far the zone is from UTC."""
    event = single("DTSTART:20300320T100000", "DURATION:PT1H")
    start = datetime(2030, 3, 20, 10, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    now = at("2030-03-19T12:00") + hour * HOUR
    text = MATCHES.format(events=event)
    found = from_calendar(text, time_zone=zone, now=now, horizon=2 * DAY)
    assert bool(found) is (start + HOUR > now and start < now + 2 * DAY)


def test_no_calendar_takes_the_zones_of_another() -> None:
    """Exchange names all its own zones `Customized Time Zone`."""
    event = single("DTSTART;TZID=Stadium:20300320T100000", "DURATION:PT1H")
    other = VTIMEZONE.replace("+0300", "-0500")
    starts = [calendar(zone, event)[0]["start_time"][-6:] for zone in (VTIMEZONE, other)]
    assert starts == ["+03:00", "-05:00"]
    with pytest.raises(RunError, match="which the calendar does not define"):
        calendar(event)


def test_a_series_that_is_changed_from_some_day_on_is_refused() -> None:
    """It would be unclear which task belongs to which day."""
    changed = MOVED.format(hour="15").replace(
        "RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;"
    )
    with pytest.raises(RunError, match="changes all later events of its series"):
        calendar(WEEKLY, changed)


@pytest.mark.parametrize("zone", ["UTC", "TZID"])
def test_a_moved_event_has_its_name_however_its_day_is_written(zone: str) -> None:
    """Google writes it in UTC, others in the zone of the series."""
    moved = MOVED.format(hour="15")
    if zone == "UTC":
        moved = moved.replace(";TZID=Europe/Berlin:20300330T200000", ":20300330T190000Z", 1)
    assert "match@example.org-20300330T1900Z" in names(calendar(WEEKLY, moved))


NIGHTLY = """\
BEGIN:VEVENT
UID:night
DTSTART;TZID=Europe/Berlin:20300316T{start}00
DTEND;TZID=Europe/Berlin:20300316T{end}00
RRULE:FREQ=DAILY
END:VEVENT"""


@pytest.mark.parametrize(
    ("start", "end", "nights"), [("0200", "0300", 27), ("0230", "0315", 27), ("0130", "0230", 28)]
)
def test_a_nightly_event_keeps_its_length_in_the_night_of_the_change(
    start: str, end: str, nights: int
) -> None:
    """By local time its end may equal its start, or be before it."""
    found = calendar(NIGHTLY.format(start=start, end=end))
    assert len(found) == nights
    for begin, last in spans(found):
        length = datetime.fromisoformat(last) - datetime.fromisoformat(begin)
        assert timedelta(minutes=30) <= length <= HOUR


def test_two_hours_that_fall_together_are_one_window() -> None:
    """Two o'clock and three o'clock are the same moment on 31 March."""
    found = daily("2030-03-30T12:00", rule="FREQ=DAILY;BYHOUR=2,3", start="2030-03-01T02:00")
    assert len(names(found)) == len(set(names(found)))
    starts = [each["start_time"] for each in found]
    assert starts.count("2030-03-31T03:00:00+02:00") == 1


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([single("DTSTART:20300320T100000Z", "DURATION:PT1H").replace("UID:gala\n", "")], "no UID"),
        (
            [single(f"DTSTART:203003{day}T100000Z", "DURATION:PT1H") for day in (20, 21)],
            "the same UID",
        ),
    ],
)
def test_an_event_without_a_uid_of_its_own_is_refused(events: list[str], message: str) -> None:
    """It would get another event's name, or none."""
    with pytest.raises(RunError, match=message):
        calendar(*events)


@pytest.mark.parametrize(
    "event",
    [
        single("DTSTART:20100101T100000Z"),
        single("DTSTART;VALUE=DATE:20100101"),
        single("DTSTART;TZID=Nowhere:20100101T100000"),
        single("DTSTART:99991231T230000Z", "DURATION:PT2H"),
        single("DTSTART:20300320T100000Z", "STATUS:CANCELLED"),
        "BEGIN:VEVENT\nUID:x\nRECURRENCE-ID:20300320T100000Z\nSTATUS:CANCELLED\nEND:VEVENT",
        "BEGIN:VTODO\nUID:todo\nEND:VTODO",
    ],
)
def test_what_is_far_away_or_cancelled_stops_nothing(event: str) -> None:
    """A calendar may hold years of such events."""
    assert len(calendar(WEEKLY, event)) == 3


def test_the_last_day_of_a_rule_belongs_to_it() -> None:
    """Some calendars give it as a date."""
    found = daily("2030-03-30T12:00", rule="FREQ=DAILY;UNTIL=20300331")
    assert names(found)[-1] == "20300331T1800Z"


def test_a_text_may_hold_several_calendars_and_a_byte_order_mark() -> None:
    """As Outlook writes it."""
    one = MATCHES.format(events=WEEKLY)
    other = MATCHES.format(events=single("DTSTART:20300320T100000Z", "DURATION:PT1H"))
    found = from_calendar("\ufeff" + one + other, now=at("2030-03-15"), horizon=28 * DAY)
    assert {name.partition("-")[0] for name in names(found)} == {"match@example.org", "gala"}


@pytest.mark.parametrize("minutes", [60, 90, 600])
@pytest.mark.parametrize("zone", [None, "Europe/Berlin", "Australia/Lord_Howe"])
@pytest.mark.parametrize("day", ["2030-01-10", "2030-03-30", "2030-10-26", "2030-04-06"])
def test_something_is_on_air_at_any_time(minutes: int, zone: str | None, day: str) -> None:
    """Starting the summer before, and in the nights of the clock changes."""
    start = datetime(2029, 7, 1, 4, tzinfo=None if zone else UTC)
    length = timedelta(minutes=minutes)
    for hour in range(48):
        now = at(day) + hour * HOUR + timedelta(minutes=10)
        found = continuous(start, length=length, time_zone=zone, now=now, horizon=DAY)
        times = [tuple(map(datetime.fromisoformat, span)) for span in spans(found)]
        assert times[0][0] <= now < times[0][1]
        assert all(end == start for (_, end), (start, _) in pairwise(times))


@pytest.mark.parametrize(
    "make",
    [
        lambda: continuous(at("2030-01-01"), length=timedelta(minutes=5)),
        lambda: continuous(datetime(2030, 1, 1), length=7 * DAY, time_zone="Europe/Berlin"),
        lambda: continuous(at("2030-01-01"), now=datetime(2030, 1, 1)),
        lambda: continuous(at("2030-01-01"), horizon=timedelta.max),
        lambda: daily("2030-03-30T12:00", rule="FREQ=SECONDLY"),
        lambda: daily("2030-03-30T12:00", rule=None),
        lambda: daily("2030-03-30T12:00", without=[datetime(2030, 3, 31).date()]),
        lambda: from_calendar("matches.ics"),
    ],
)
def test_what_cannot_work_fails_at_once_and_in_words(make: Callable[[], object]) -> None:
    """Instead of in the night in which it would matter."""
    with pytest.raises(RunError):
        make()


# In every language.


def asked(name: str, **given: Any) -> list[dict[str, str]]:
    """What a function of the plugin returns."""
    function = SHARED_FUNCTIONS[f"livepull:windows:{name}"]
    windows: list[dict[str, str]] = function.answer(given, no_vendor)["windows"]
    return windows


def camel_case(windows: list[Window]) -> list[dict[str, str]]:
    """The windows as other languages spell them."""
    return [
        {"name": each["name"], "startTime": each["start_time"], "endTime": each["end_time"]}
        for each in windows
    ]


def test_every_language_has_the_same_recurrences() -> None:
    """With times and durations as strings."""
    assert asked(
        "recurring",
        rule="FREQ=DAILY",
        start="2030-03-01T20:00",
        duration="PT2H",
        timeZone="Europe/Berlin",
        without=["2030-03-31T20:00"],
        also=["2030-04-01T10:00:00Z"],
        horizon="P3D",
        keep="P1D",
        now="2030-03-30T12:00:00Z",
    ) == camel_case(
        daily(
            "2030-03-30T12:00",
            without=[datetime(2030, 3, 31, 20)],
            also=[datetime(2030, 4, 1, 10, tzinfo=UTC)],
        )
    )


def test_every_language_has_the_same_calendars() -> None:
    """The program reads the file, because the plugin may run in another folder."""
    text = (Path(__file__).parents[1] / "examples/schedules-yaml/matches.ics").read_text()
    now = at("2030-03-30T12:00")
    found = asked("fromCalendar", calendar=text, now=now.isoformat())
    assert found == camel_case(from_calendar(text, now=now))
    assert len(found) == 2


def test_every_language_has_the_same_windows_round_the_clock() -> None:
    """Without a length, each is six days long."""
    now = at("2030-03-30T12:00")
    found = asked(
        "continuous",
        start="2030-03-01T04:00",
        seam="PT5S",
        timeZone="Europe/Berlin",
        now=now.isoformat(),
    )
    start, seam = datetime(2030, 3, 1, 4), timedelta(seconds=5)
    assert found == camel_case(continuous(start, seam=seam, time_zone="Europe/Berlin", now=now))


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        (
            "recurring",
            {"rule": "daily", "start": "2030-03-01T20:00Z", "duration": "PT2H"},
            'windows.recurring: "daily" is not a recurrence rule',
        ),
        (
            "recurring",
            {"rule": "FREQ=DAILY", "start": "2030-03-01T20:00", "duration": "PT2H"},
            "windows.recurring: `start` has no time zone\nGive `timeZone`",
        ),
        (
            "recurring",
            {"rule": "FREQ=DAILY", "start": "tomorrow", "duration": "2h"},
            "windows.recurring: start must be a time such as 2030-01-31T20:00:00Z; "
            "duration must be a duration such as PT1H30M or P6D",
        ),
        (
            "recurring",
            {"rule": "FREQ=DAILY", "start": "2030-03-01T20:00Z", "duration": "P2X"},
            "duration must be a duration such as PT1H30M or P6D",
        ),
        (
            "recurring",
            {"rule": "", "start": "2030-03-01T20:00Z", "duration": "-PT2H"},
            "rule must not be empty; duration must be a duration such as PT1H30M or P6D",
        ),
        (
            "fromCalendar",
            {"calendar": "matches.ics"},
            "windows.fromCalendar: calendar must be the text of an .ics file: read the file first",
        ),
        ("fromCalendar", {}, "calendar is required"),
        (
            "continuous",
            {"start": "2030-03-01T04:00:00Z", "length": "P8D"},
            "`length` must be longer than `seam`, and from an hour to 7 days",
        ),
        (
            "continuous",
            {"start": "2030-03-01T04:00", "timeZone": "Berlin"},
            'windows.continuous: there is no time zone "Berlin"\nName one as in Europe/Berlin',
        ),
    ],
)
def test_every_language_gets_a_message_that_says_what_is_wrong(
    name: str, given: dict[str, Any], message: str
) -> None:
    """With the names in that language's spelling."""
    with pytest.raises(ConfigError) as raised:
        asked(name, **given)
    assert message in str(raised.value)


# One relay, one window at a time.


def test_a_relay_of_which_there_is_only_one_follows_a_recurrence() -> None:
    """Each run gives it the current window, or else the next one."""
    starts = []
    for now in ("2030-03-01T12:00", "2030-03-01T20:00", "2030-03-01T21:00", "2030-03-02T20:59"):
        start = datetime(2030, 3, 1, 20)
        first = recurring("FREQ=DAILY", start, HOUR * 2, time_zone="Europe/Berlin", now=at(now))[0]
        starts.append(first["start_time"][:10])
    assert starts == ["2030-03-01", "2030-03-01", "2030-03-02", "2030-03-02"]
