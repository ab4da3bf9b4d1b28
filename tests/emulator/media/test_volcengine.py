"""Pull-to-push tasks and relay sources of Volcengine, as they are on air."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.media.media import Media
from tests.emulator.conftest import VolcCaller
from tests.emulator.media.conftest import ADDRESS, NOW

START = int(NOW.timestamp())
TARGET = dict(zip(("Domain", "App", "Stream"), ADDRESS, strict=True))


@pytest.fixture
def volc(emulator: Emulator) -> Any:
    """Return a caller of the emulator that runs."""
    return VolcCaller(emulator)


def create(volc: VolcCaller, **fields: Any) -> str:
    """Create a task that is active for an hour."""
    body = {"StartTime": START, "EndTime": START + 3600, **TARGET, **fields}
    return str(volc("CreatePullToPushTask", body).json()["Result"]["TaskId"])


def address(name: str) -> str:
    """Return the address of a file with a test picture."""
    return f"https://vod.example.com/{name}.mp4"


def test_parts_of_files_play_as_often_as_they_should(
    media: Media, volc: VolcCaller, recorded: Callable[[], list[str]]
) -> None:
    """Each file plays only between its two offsets; then the stream goes off air."""
    parts = [
        {"SrcAddr": address("red-9s"), "StartOffset": 8.4},
        {"SrcAddr": address("green-9s"), "StartOffset": 2, "EndOffset": 2.6},
    ]
    create(volc, Type=1, VodSrcAddrs=parts, CycleMode=2)
    assert recorded() == ["red", "green", "red", "green"]
    media.wait_until(lambda: media.show()[0]["state"] == "ended")
    assert media.take_picture(*ADDRESS) is None


@pytest.mark.parametrize(("strategy", "colour"), [(0, "red"), (1, "blue")])
def test_a_stopped_task_goes_on_as_its_strategy_says(
    emulator: Emulator, media: Media, volc: VolcCaller, strategy: int, colour: str
) -> None:
    """Where it was stopped, or further on by the time that has passed."""
    files = [{"SrcAddr": address(each)} for each in ("red-9s", "green-9s", "blue-9s")]
    task_id = create(volc, Type=1, VodSrcAddrs=files, CycleMode=-1, ContinueStrategy=strategy)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    volc("StopPullToPushTask", {"TaskId": task_id})
    media.wait_until(lambda: not media.show())
    emulator.clock.advance(timedelta(seconds=22))
    volc("ContinuePullToPushTask", {"TaskId": task_id})
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == colour


def test_a_relay_source_is_on_air_in_its_window(
    emulator: Emulator, media: Media, volc: VolcCaller
) -> None:
    """Its second address takes over if the first fails."""
    red, green = "https://live.example.com/red", "https://live.example.com/green"
    window = {"StartTime": START + 60, "EndTime": START + 120}
    volc("CreateRelaySourceV4", {**TARGET, "SrcAddrS": [red, green], **window})
    emulator.clock.advance(timedelta(seconds=60))
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == "red"
    emulator.arm("fail_source", source=red)
    media.wait_until(lambda: media.colour(*ADDRESS) == "green")
    emulator.clock.advance(timedelta(seconds=60))
    media.wait_until(lambda: not media.show())
