"""A channel round the clock, played through for five weeks on the emulator's clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from pulumi_livepull.windows import continuous
from tests.hosting import connect

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2030, 3, 10, 4)
"""A Sunday at four in the morning, three weeks before the clocks go forward."""

DAYS = 35
CHANNELS: dict[type[Resource], dict[str, Any]] = {
    PullTask: {
        "sourceType": "PullLivePushLive",
        "sourceUrls": ["rtmp://play.example.com/live/one"],
        "destinationUrl": "rtmp://push.example.com/live/one",
    },
    PullToPushTask: {
        "type": 0,
        "srcAddr": "rtmp://play.example.com/live/one",
        "dstAddr": "rtmp://push.example.com/live/one",
    },
}

Airing = tuple[datetime, datetime]


class Station:
    """A stack that is brought up once a day, and when its tasks were on air."""

    def __init__(self, kind: type[Resource], seam: timedelta) -> None:
        self.kind, self.seam = kind, seam
        self.emulator = Emulator(clock=Clock(frozen_at=FIRST.replace(tzinfo=BERLIN)))
        self.tasks: dict[str, Found] = {}
        self.airings: list[Airing] = []
        self.most = 0

    def up(self, now: datetime) -> None:
        """Run `pulumi up`: what is new is made, what has passed is deleted, the rest stays."""
        self.emulator.clock.set(now)
        api = connect(self.emulator, self.kind)
        windows = continuous(
            FIRST,
            length=timedelta(days=6),
            seam=self.seam,
            time_zone="Europe/Berlin",
            horizon=timedelta(days=8),
            now=now,
        )
        wanted = {window["name"]: window for window in windows}
        for name in [name for name in self.tasks if name not in wanted]:
            gone = self.tasks.pop(name)
            assert self.kind.ended_at(gone.state, now), "it was on air"
            lifecycle.delete(self.kind, api, gone.id, gone.state)
        for name, window in wanted.items():
            times = {"startTime": window["start_time"], "endTime": window["end_time"]}
            old = self.tasks.get(name)
            given = CHANNELS[self.kind] | times
            checked = lifecycle.check(self.kind, old.inputs if old else {}, given, now)
            assert checked.failures == []
            if old is None:
                self._make(name, checked.inputs, api)
            else:
                found = lifecycle.diff(self.kind, old.inputs, old.state, checked.inputs, now)
                assert not found.changed
        self.most = max(self.most, len(self.tasks))

    def _make(self, name: str, inputs: dict[str, Any], api: Any) -> None:
        made = self.tasks[name] = lifecycle.create(self.kind, api, inputs)
        start, end = (datetime.fromisoformat(made.state[each]) for each in ("startTime", "endTime"))
        self.airings.append((start, end))

    def gaps(self) -> Iterator[timedelta]:
        """Yield how long nothing was on air between two tasks."""
        yield from (start - end for (_, end), (start, _) in pairwise(sorted(self.airings)))


@pytest.mark.parametrize("seam", [timedelta(), timedelta(minutes=2)], ids=["no seam", "2 min"])
@pytest.mark.parametrize("kind", CHANNELS, ids=lambda kind: kind.label())
def test_a_channel_is_on_air_for_five_weeks_but_for_the_seams(
    kind: type[Resource], seam: timedelta
) -> None:
    """The change of the clocks is in it, no task is cut short, and the stack does not grow."""
    station = Station(kind, seam)
    begin = FIRST.replace(tzinfo=BERLIN).astimezone(UTC)
    for day in range(DAYS + 1):
        station.up(begin + timedelta(days=day, minutes=day))
    assert set(station.gaps()) == {seam}
    airings = sorted(station.airings)
    assert airings[0][0] == begin
    assert airings[-1][1] > begin + timedelta(days=DAYS)
    assert {start.astimezone(BERLIN).hour for start, _ in airings} == {4}
    assert station.most == 3
