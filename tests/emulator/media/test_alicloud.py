"""Pull-to-push tasks of Alibaba Cloud, as they are on air."""

from datetime import timedelta
from typing import Any

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.media.media import Media
from pulumi_livepull.testing import Receiver
from tests.emulator.conftest import AliCaller
from tests.emulator.media.conftest import ADDRESS

RED = "https://live.example.com/red.flv"
TARGET = "rtmp://" + "/".join(ADDRESS)


@pytest.fixture
def ali(emulator: Emulator) -> Any:
    """Return a caller of the emulator that runs."""
    return AliCaller(emulator)


def create(ali: AliCaller, *files: str, **fields: Any) -> str:
    """Create a task that plays files, or one live source without any."""
    sources = str(list(files) or [RED]).replace("'", '"')
    kind = {"SourceType": "url"} if files else {"SourceType": "live", "SourceProtocol": "rtmp"}
    times = {"StartTime": "2030-01-02T03:00:00Z", "EndTime": "2030-01-02T05:00:00Z"}
    query = {"Region": "cn-shanghai", "SourceUrls": sources, "DstUrl": TARGET, **kind, **times}
    answer = ali("CreateLivePullToPush", **query, **fields)
    return str(answer.json()["TaskId"])


def describe(ali: AliCaller, task_id: str) -> Any:
    """Return what a description shows."""
    return ali("DescribeLivePullToPush", Region="cn-shanghai", TaskId=task_id).json()


def states(receiver: Receiver) -> list[Any]:
    """Return the states in the receiver's callbacks, in order, and last the reason of an exit."""
    return [body.get("TaskStatus", body.get("TaskExitReason")) for body in receiver.bodies]


def test_a_task_retries_as_often_as_it_may_and_stops(
    emulator: Emulator, media: Media, ali: AliCaller, receiver: Receiver
) -> None:
    """It waits between retries by the emulator's clock; a success resets the count."""
    task_id = create(ali, RetryInterval=60, RetryCount=2, CallbackUrl=receiver.url)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    assert describe(ali, task_id)["TaskStatus"] == 1
    emulator.arm("fail_source", source=RED)
    media.wait_until(lambda: describe(ali, task_id)["TaskStatus"] == 2)
    emulator.arm("mend_source", source=RED)
    emulator.clock.advance(timedelta(seconds=60))
    media.wait_until(lambda: describe(ali, task_id)["TaskStatus"] == 1)
    emulator.arm("fail_source", source=RED)
    for failures in (1, 2):
        media.wait_until(lambda failures=failures: media.show()[0]["failures"] == failures)
        emulator.clock.advance(timedelta(seconds=60))
    media.wait_until(lambda: describe(ali, task_id)["TaskStatus"] == 3)
    assert describe(ali, task_id)["TaskInvalidReason"] == "PullStreamFailed"
    media.wait_until(lambda: len(receiver.bodies) == 5)
    assert states(receiver) == [1, 2, 1, 2, 3]
    assert receiver.bodies[0]["Event"] == "LivePullToPushRunning"


def test_a_task_shows_which_file_plays_and_begins_at_its_start_position(
    media: Media, ali: AliCaller
) -> None:
    """A restart begins the list again with a new push; a stop takes it off air."""
    files = [f"https://vod.example.com/{each}-2s.mp4" for each in ("red", "green", "blue")]
    task_id = create(ali, *files, FileIndex=1, RepeatNumber=-1)
    which = {"Region": "cn-shanghai", "TaskId": task_id}
    media.wait_until(lambda: media.colour(*ADDRESS) == "green")
    assert describe(ali, task_id)["CurrentFileIndex"] == 1
    media.wait_until(lambda: describe(ali, task_id)["CurrentOffset"] == 1)
    media.wait_until(lambda: media.colour(*ADDRESS) == "blue")
    (before,) = media.show()
    ali("RestartLivePullToPush", **which)
    media.wait_until(lambda: media.colour(*ADDRESS) == "green")
    (after,) = media.show()
    assert after["publisher"] != before["publisher"]
    ali("StopLivePullToPush", **which)
    media.wait_until(lambda: not media.show())
    assert describe(ali, task_id)["TaskInvalidReason"] == "TriggerByUser"


def test_a_task_that_ends_or_is_deleted_exits_with_a_reason(
    emulator: Emulator, media: Media, ali: AliCaller, receiver: Receiver
) -> None:
    """It goes off air at once."""
    for reason in ("TriggerByUser", "OverEndTime"):
        receiver.received.clear()
        task_id = create(ali, CallbackUrl=receiver.url)
        media.wait_until(lambda: media.colour(*ADDRESS) == "red")
        if reason == "TriggerByUser":
            ali("DeleteLivePullToPush", Region="cn-shanghai", TaskId=task_id)
        else:
            emulator.clock.advance(timedelta(hours=2))
        media.wait_until(lambda: not media.show())
        assert media.take_picture(*ADDRESS) is None
        media.wait_until(lambda: len(receiver.bodies) == 2)
        assert states(receiver) == [1, reason]


def test_a_list_that_was_played_to_its_end_stops(media: Media, ali: AliCaller) -> None:
    """One repetition means two rounds."""
    task_id = create(ali, "https://vod.example.com/red-0.6s.mp4", RepeatNumber=1)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    media.wait_until(lambda: describe(ali, task_id)["TaskStatus"] == 3)
    assert describe(ali, task_id)["TaskInvalidReason"] == ""
