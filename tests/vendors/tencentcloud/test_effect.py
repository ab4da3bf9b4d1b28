"""What a change of a relay at Tencent Cloud does to what is on air."""

from datetime import datetime
from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.vendors.tencentcloud.pull_stream_task import PullStreamTask
from tests.conformance.cases.tencentcloud import FILES, LIVE
from tests.core.samples import checked
from tests.hosting import NOW

ON_AIR = datetime.fromisoformat("2030-01-01T13:30:00Z")
ADDRESS = "rtmp://push.example.org/live/1"
TO_URL = {"domainName": "", "appName": "", "streamName": "", "toUrl": ADDRESS}


@pytest.mark.parametrize(
    ("base", "change", "kind", "how"),
    [
        (LIVE, {"comment": "new"}, "nothing", ""),
        (LIVE, {"callbackUrl": "https://hooks.example.org/"}, "nothing", ""),
        (
            LIVE,
            {"watermarkList": [{"pictureUrl": "https://a.example.org/1.png"}]},
            "nothing",
            "",
        ),
        (LIVE, {"endTime": "2030-01-03T12:00:00Z"}, "moves", "another window"),
        (LIVE, {"endTime": "2030-01-01T13:20:00Z"}, "goes off air", "its window is over"),
        (LIVE, {"sourceUrls": ["rtmp://play.example.org/live/2"]}, "restarts", "may be"),
        (LIVE, {"backupToUrl": ADDRESS}, "restarts", "may be"),
        (LIVE | TO_URL, {"toUrl": f"{ADDRESS}2"}, "restarts", "breaks off and pushes to the new"),
        (FILES, {"sourceUrls": ["https://files.example.org/9.mp4"]}, "restarts", "new files"),
        (FILES, {"vodLoopTimes": 2}, "restarts", "may be"),
        (LIVE, {"restartTrigger": "now"}, "restarts", "is interrupted: restarted"),
        (LIVE, {"running": False}, "stops", "goes off air"),
        (LIVE, {"pushArgs": "bak=2"}, "goes off air", "while it is replaced"),
        (LIVE, {"startTime": "2030-01-01T14:00:00Z"}, "goes off air", "until its new window"),
    ],
)
def test_a_change_of_a_running_relay_says_what_happens_on_air(
    base: dict[str, Any], change: dict[str, Any], kind: str, how: str
) -> None:
    """Where the vendor does not say, an interruption is not ruled out."""
    state = checked(PullStreamTask, base)
    news = checked(PullStreamTask, {**base, **change})
    found = lifecycle.diff(PullStreamTask, state, state, news, ON_AIR).effect
    assert found.kind == kind
    assert how in found.how


def test_before_its_time_nothing_is_interrupted() -> None:
    """Whatever changes."""
    state = checked(PullStreamTask, LIVE)
    for change in ({"sourceUrls": ["rtmp://play.example.org/live/2"]}, {"restartTrigger": "now"}):
        news = checked(PullStreamTask, LIVE | change)
        assert lifecycle.diff(PullStreamTask, state, state, news, NOW).effect.kind == "nothing"
