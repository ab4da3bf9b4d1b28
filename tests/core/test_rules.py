"""Rules that several vendors share."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.core import rules
from pulumi_livepull.core.resource import Caution, Failure
from tests.hosting import NOW


def at(day: int, hour: int = 12, second: int = 0) -> datetime:
    """Return a moment of January 2030; `NOW` is the first at noon."""
    return datetime(2030, 1, day, hour, 0, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (None, None, ""),
        (at(2), None, ""),
        (None, at(2), ""),
        (at(2), at(3), ""),
        (at(3), at(2), "must be later than `start_time`"),
        (at(2), at(2), "must be later than `start_time`"),
        (at(2), at(9), ""),
        (at(2), at(9, second=1), "must be at most 7 days after the start"),
        (None, at(8), ""),
        (None, at(8, second=1), "must be at most 7 days after the start"),
        (None, datetime(2029, 1, 1, tzinfo=UTC), ""),
    ],
)
def test_a_window_ends_after_its_start_and_within_seven_days(
    start: datetime | None, end: datetime | None, reason: str
) -> None:
    """Without a start it starts now; that an end has passed is not this rule's to tell."""
    found = list(rules.window(start, end, NOW))
    assert found == ([Failure(("end_time",), reason)] if reason else [])


def test_a_window_that_a_vendor_may_allow_is_only_doubtful() -> None:
    """But an end before its start never works."""
    (long,) = rules.window(at(2), at(20), NOW, strict=False)
    (backwards,) = rules.window(at(3), at(2), NOW, strict=False)
    assert isinstance(long, Caution)
    assert isinstance(backwards, Failure)


@pytest.mark.parametrize(
    ("url", "until"),
    [
        ("rtmp://h/a/s?auth_key=1893585600-0-0-abcdef", at(2)),
        ("rtmp://h/a/s?hwSecret=ab&hwTime=70DDD2C0", at(2)),
        ("rtmp://h/a/s?hwTime=70ddd2c0&hwSecret=ab", at(2)),
        ("rtmp://h/a/s?txSecret=ab&txTime=70DDD2C0", at(2)),
        ("rtmp://h/a/s?txSecret=ab&txTime=1893585600", at(2)),
        ("rtmp://h/a/s?volcTime=1893585600&volcSecret=ab", at(2)),
        ("?volcTime=1893585600", at(2)),
        ("rtmp://h/a/s?auth_key=soon", None),
        ("rtmp://h/a/s?auth_key=99999999999999999", None),
        ("rtmp://h/a/s?hwTime=", None),
        ("rtmp://h/a/s?other=1893585600", None),
        ("rtmp://h/a/s", None),
        ("", None),
    ],
)
def test_the_end_of_a_signature_is_read_in_every_vendors_way(
    url: str, until: datetime | None
) -> None:
    """What tells no time is no fault: the signature may be of another kind."""
    assert rules.signed_until(url) == until


def test_a_signature_that_ends_before_the_task_is_doubtful() -> None:
    """The push would be refused from then on."""
    url = "rtmp://h/a/s?volcTime=1893585600"
    (found,) = rules.outlives_signature(("destination_url",), url, at(3))
    assert found.reason == "is signed only until 2030-01-02T12:00:00Z, before the task ends"
    assert list(rules.outlives_signature(("x",), url, at(2))) == []
    assert list(rules.outlives_signature(("x",), url, None)) == []
    assert list(rules.outlives_signature(("x",), None, at(3))) == []


@given(st.text(), st.sampled_from(["auth_key", "hwTime", "txTime", "volcTime"]))
def test_no_address_breaks_the_reading_of_its_signature(text: str, name: str) -> None:
    """Bad inputs are never exceptions."""
    rules.signed_until(text)
    rules.signed_until(f"rtmp://h/?{name}={text}")
    assert list(rules.address(("x",), text, ("rtmp",))) == list(
        rules.address(("x",), text, ("rtmp",))
    )


def test_an_odd_scheme_and_a_private_host_are_both_reported() -> None:
    """Neither hides the other."""
    found = [each.reason for each in rules.address(("x",), "ftp://10.0.0.1/x", ("rtmp", "srt"))]
    assert found == [
        "has the scheme ftp, not one of rtmp, srt",
        "is a private address, which the cloud cannot reach",
    ]


def test_every_repetition_of_a_file_is_reported_where_it_is() -> None:
    """The first is none."""
    found = [each.path for each in rules.repeated(("u",), ["a", "b", "a", "a"])]
    assert found == [("u", 2), ("u", 3)]
