"""Schedule: all failures of the windows and of the shared inputs are reported at once."""

from typing import Any

import pytest

from pulumi_livepull.core.schedule import Schedule, schedules
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud import PullTask
from tests.hosting import NOW

SHOWS = Schedule(PullTask)
SHARED: dict[str, Any] = {
    "sourceType": "PullLivePushLive",
    "sourceUrls": ["rtmp://play.example.com/live/one"],
    "destinationUrl": "rtmp://push.example.com/live/stream-key",
}


def window(name: Any, start: Any, end: Any) -> dict[str, Any]:
    """Return a window between two days of January 2030."""
    times = [day if day is UNKNOWN else f"2030-01-{day:02}T20:00:00Z" for day in (start, end)]
    return dict(zip(("name", "startTime", "endTime"), (name, *times), strict=True))


def failures_of(*windows: Any, **shared: Any) -> list[str]:
    """Return all failures of a schedule with these windows."""
    given = {**SHARED, **shared, "windows": list(windows)}
    return [f"{bad.property} {bad.reason}" for bad in SHOWS.failures(given, NOW)]


def test_there_is_one_for_each_task_with_a_time_of_which_the_vendor_takes_several() -> None:
    """Not for a relay source, which is its stream, nor for Alibaba: one task to a destination."""
    found = {v.name: [each.token for each in schedules(v.resources)] for v in VENDORS}
    assert found["huaweicloud"] == ["livepull:huaweicloud:PullTaskSchedule"]
    assert found["volcengine"] == ["livepull:volcengine:PullToPushTaskSchedule"]
    assert found["alicloud"] == []


def test_it_takes_what_its_task_takes_but_times_and_adoption() -> None:
    """Each window has its times, and one thing cannot be adopted by many tasks."""
    names = [prop.name for prop in SHOWS.inputs()]
    assert names[0] == "windows"
    assert set(names[1:]) == {p.name for p in PullTask.inputs()} - {
        "adopt",
        "start_time",
        "end_time",
    }


def test_it_is_described_by_its_task() -> None:
    """In name, in words, and by the page on which every word of the task stands."""
    assert SHOWS.label == "huaweicloud.PullTaskSchedule"
    first, *_, last = SHOWS.description.split("\n\n")
    assert first.startswith("One `huaweicloud.PullTask` for each of several windows")
    assert last.startswith("Source: https://")
    assert last in (PullTask.__doc__ or "")


def test_good_windows_cause_no_message() -> None:
    """In any order, one right after the other, with any offset, and spelled in either case."""
    snake = {
        "name": "second",
        "start_time": "2030-01-04T04:00:00+08:00",
        "end_time": "2030-01-04T20:00:00Z",
    }
    assert failures_of(window("third", 5, 6), snake, window("first", 2, 3)) == []


def test_a_window_that_has_passed_is_left_to_its_task() -> None:
    """It knows whether it was made in time."""
    past = window("past", 2, 3) | {
        "startTime": "2029-01-01T00:00:00Z",
        "endTime": "2029-01-02T00:00:00Z",
    }
    assert failures_of(past, window("next", 2, 3)) == []


@pytest.mark.parametrize(
    ("windows", "failures"),
    [
        (["friday"], ["windows[0] must be an object"]),
        ([window("", 2, 3)], ["windows[0].name must not be empty"]),
        (
            [window("a", 2, 3) | {"endTime": "soon"}],
            ["windows[0].endTime must be a time such as 2030-01-31T20:00:00Z"],
        ),
        ([{"name": "a"}], ["windows[0].startTime is required", "windows[0].endTime is required"]),
        ([window("a", 2, 3) | {"kind": "x"}], ["windows[0].kind is not an input"]),
        ([window("a", 3, 2)], ["windows[0].endTime must be later than `startTime`"]),
        ([window("a", 2, 10)], ["windows[0].endTime must be at most 7 days after the start"]),
        (
            [window("a", 2, 3), window("b", 4, 5), window("a", 6, 7)],
            ['windows[2].name "a" is used twice: choose another'],
        ),
        (
            [window("a", 2, 5), window("c", 6, 7), window("b", 3, 4)],
            [
                'windows[2].startTime overlaps the window "a": two tasks would push to one stream '
                "at a time"
            ],
        ),
    ],
)
def test_a_wrong_window_is_reported_by_its_path(windows: list[Any], failures: list[str]) -> None:
    """Before any task is made, in the words in which a single task is refused."""
    assert failures_of(*windows) == failures


def test_what_the_windows_share_is_reported_once() -> None:
    """However many tasks would refuse it, and beside what is wrong with the windows."""
    windows = [window("a", 2, 3), window("b", 4, 5), window("b", 6, 7)]
    assert failures_of(*windows, running=True, sourceUrls=["nowhere"]) == [
        "sourceUrls[0] must be a full address such as rtmp://host/app/stream",
        'windows[2].name "b" is used twice: choose another',
    ]
    assert failures_of(sourceUrls=["nowhere"]) == [
        "sourceUrls[0] must be a full address such as rtmp://host/app/stream",
    ]


@pytest.mark.parametrize("name", ["startTime", "adopt", "sourceUrl"])
def test_what_is_not_an_input_of_a_schedule_is_refused(name: str) -> None:
    """Also if it is one of its tasks."""
    failures = failures_of(window("a", 2, 3), **{name: "2030-01-02T20:00:00Z"})
    assert failures == [f"{name} is not an input of huaweicloud.PullTaskSchedule"]


def test_windows_cannot_be_left_out() -> None:
    """There may be none, but to forget them is a mistake."""
    assert SHOWS.failures({**SHARED, "windows": []}, NOW) == []
    assert [bad.property for bad in SHOWS.failures(SHARED, NOW)] == ["windows"]


def test_what_is_not_known_yet_is_forgiven() -> None:
    """All else is checked already in the preview."""
    assert failures_of(window(UNKNOWN, 2, 3), window(UNKNOWN, 4, 5)) == []
    assert failures_of(window("a", UNKNOWN, 3), window("b", 2, UNKNOWN)) == []
    assert failures_of(UNKNOWN, destinationUrl=UNKNOWN) == []
    assert SHOWS.failures({**SHARED, "windows": UNKNOWN}, NOW) == []
    assert failures_of(window("a", UNKNOWN, 3), window("a", 2, UNKNOWN)) == [
        'windows[1].name "a" is used twice: choose another'
    ]
    unknown = {**SHARED, "windows": UNKNOWN, "sourceUrls": ["nowhere"]}
    assert [bad.property for bad in SHOWS.failures(unknown, NOW)] == ["sourceUrls[0]"]
