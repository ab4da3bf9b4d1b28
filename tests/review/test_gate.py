"""What a pipeline must not do."""

from datetime import UTC as DATETIME_UTC
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pulumi_livepull.errors import ConfigError
from pulumi_livepull.review.gate import CONDITIONS, conditions, period, refusals
from pulumi_livepull.review.review import WARNINGS
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from tests.hosting import NOW
from tests.review.plans import ALICLOUD, HUAWEI, LATER, OPEN, Json, reviewed, step

OFF = step("delete", "dark", old=HUAWEI | OPEN)
OTHER = {"sourceUrls": ["rtmp://play.example.com/live/two"]}
RESTART = step("update", "b", LivePullToPush, ALICLOUD | OPEN, ALICLOUD | OPEN | OTHER)
CANCEL = step("delete", "gone", old=HUAWEI | LATER)
PLANNED = step("create", "new", new=HUAWEI | LATER)


UTC = ZoneInfo("UTC")


def said(text: str) -> list[Json]:
    """A warning about the new relay."""
    return [{"urn": PLANNED["urn"], "severity": "warning", "message": f"warning: new: {text}"}]


@pytest.mark.parametrize(
    ("name", "step", "diagnostics"),
    [
        ("off-air", OFF, []),
        ("restart", RESTART, []),
        ("cancel", CANCEL, []),
        ("fight", PLANNED, said("pushes to the same stream at the same time as x")),
        ("expiry", PLANNED, said("pushArgs is signed only until 2030-01-01T13:00:00Z, before it")),
    ],
)
def test_each_condition_refuses_what_it_names_and_nothing_else(
    name: str, step: Json, diagnostics: Any
) -> None:
    """The message has the number of violations and the option."""
    review = reviewed(step, diagnostics=diagnostics)
    (reason,) = refusals(review, list(CONDITIONS), [])
    assert reason.startswith("1 ")
    assert reason.endswith(f"(--fail-on {name})")
    assert list(refusals(review, sorted(CONDITIONS.keys() - {name}), [])) == []


def test_conditions_are_named_with_commas() -> None:
    """Blanks are ignored, and a wrong name is refused with the list of conditions."""
    assert conditions([" off-air, gap,", "off-air", "fight"]) == ["off-air", "gap", "fight"]
    assert conditions([]) == []
    with pytest.raises(ConfigError, match=r"does not know \"offair\"\nIt takes off-air, restart"):
        conditions(["offair"])
    # A gate refuses every warning that is more than a doubt, but for an address out of reach: that
    # the cloud may reach all the same.
    assert {kind for _, kinds, _, _ in CONDITIONS.values() for kind in kinds} == {*WARNINGS} - {
        "unreachable",
        "other",
    }


@pytest.mark.parametrize(
    ("text", "hour", "holds"),
    [
        ("12:00-13:00", 12, True),
        ("12:00-13:00 UTC", 13, False),
        ("13:00-14:00 Europe/Berlin", 12, True),
        ("12:00-13:00 Europe/Berlin", 12, False),
        ("22:00-02:00 UTC", 23, True),
        ("22:00-02:00 UTC", 1, True),
        ("22:00-02:00 UTC", 2, False),
        ("00:00-24:00 UTC", 23, True),
    ],
)
def test_a_period_holds_each_day(text: str, hour: int, holds: bool) -> None:
    """In its own time zone, and past midnight."""
    assert period(text, UTC).holds(datetime(2030, 1, 1, hour, tzinfo=DATETIME_UTC)) is holds


def test_no_period_holds_the_end_of_all_times() -> None:
    """A relay that ends then never ends, and most time zones cannot represent that time."""
    ever = datetime.max.replace(tzinfo=DATETIME_UTC)
    assert not period("00:00-24:00 Asia/Shanghai", UTC).holds(ever)


def test_a_period_follows_daylight_saving() -> None:
    """Seven in the evening in Berlin is 18:00 UTC in winter and 17:00 in summer."""
    evening = period("19:00-20:00", ZoneInfo("Europe/Berlin"))
    assert evening.holds(datetime(2030, 1, 1, 18, tzinfo=DATETIME_UTC))
    assert evening.holds(datetime(2030, 7, 1, 17, tzinfo=DATETIME_UTC))
    assert not evening.holds(datetime(2030, 7, 1, 18, tzinfo=DATETIME_UTC))


@pytest.mark.parametrize(
    "text",
    [
        *("", "19-23", "25:00-26:00", "19:00-23:00 Moon/Base", "19:00"),
        *("19:00-19:00", "1:00-1:99", "23:00-24:01"),
    ],
)
def test_what_is_not_a_period_is_refused(text: str) -> None:
    """The message shows a valid one."""
    with pytest.raises(ConfigError, match="Europe/Berlin"):
        period(text, UTC)


@pytest.mark.parametrize(
    ("step", "refused"), [(OFF, True), (RESTART, True), (CANCEL, False), (PLANNED, False)]
)
def test_nothing_is_interrupted_within_a_protected_period(step: Json, refused: bool) -> None:
    """Relays that are only planned may change."""
    review = reviewed(step)
    inside, outside = period("11:00-13:00 UTC", UTC), period("13:00-14:00", UTC)
    found = list(refusals(review, [], [inside, outside]))
    assert bool(found) is refused
    assert found in ([], ["1 channel is interrupted within 11:00-13:00 UTC (--protect)"])
    assert review.at == NOW
