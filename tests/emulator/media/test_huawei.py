"""Pull tasks of Huawei Cloud, as they are on air."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.media.media import Media
from pulumi_livepull.testing import Receiver
from tests.emulator.conftest import Caller
from tests.emulator.media.conftest import ADDRESS, NOW

LIVE, VOD = "PullLivePushLive", "PullVodPushLive"
RED, GREEN = "https://live.example.com/red.flv", "https://live.example.com/green.flv"


@pytest.fixture
def call(emulator: Emulator) -> Any:
    """Return a caller of the emulator that runs."""
    return Caller(emulator)


def create(call: Caller, **fields: Any) -> str:
    """Create a task that pushes to `ADDRESS`."""
    target = dict(zip(("domain", "app_name", "stream_name"), ADDRESS, strict=True))
    body = {"end_time": "2030-01-02T05:00:00Z", **target, **fields}
    return str(call("POST", "/pull/stream/task", body).json()["task_id"])


def status(call: Caller) -> str:
    """Return the status that the list shows of the one task."""
    (task,) = call("GET", "/pull/stream/task").json()["task_infos"]
    return str(task["status"])


def events(receiver: Receiver) -> list[str]:
    """Return the events in the receiver's callbacks, in order."""
    return [body["event_type"] for body in receiver.bodies]


def test_a_task_is_on_air_from_its_start_to_its_end(
    emulator: Emulator, media: Media, call: Caller, receiver: Receiver
) -> None:
    """By the emulator's clock, with the video of its source."""
    start = (NOW + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    create(call, source_type=LIVE, source_urls=[RED], start_time=start, callback_url=receiver.url)
    assert (status(call), media.show()) == ("waiting", [])
    emulator.clock.advance(timedelta(hours=1))
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == "red"
    assert status(call) == "running"
    emulator.clock.advance(timedelta(hours=1))
    media.wait_until(lambda: not media.show())
    assert media.take_picture(*ADDRESS) is None
    media.wait_until(lambda: len(receiver.bodies) == 2)
    assert events(receiver) == ["TaskStart", "TaskExit"]
    assert receiver.bodies[1]["message"] == "finished"


def test_files_play_in_order_and_for_the_rounds_that_were_requested(
    media: Media, call: Caller, receiver: Receiver, recorded: Callable[[], list[str]]
) -> None:
    """A missing file causes an alarm, and the next one plays; after the last round the task has
    finished.
    """
    files = [
        f"https://vod.example.com/{name}" for name in ("red-0.6s.mp4", "404.mp4", "blue-0.6s.mp4")
    ]
    create(call, source_type=VOD, source_urls=files, vod_loop_time="2", callback_url=receiver.url)
    media.wait_until(lambda: status(call) == "finished")
    assert recorded() == ["red", "blue", "red", "blue"]
    one_round = [
        *("VodSourceFileStart", "VodSourceFileFinish"),
        *("TaskAlarm", "VodSourceFileStart", "VodSourceFileFinish"),
    ]
    expected = ["TaskStart", *one_round, *one_round, "TaskExit"]
    media.wait_until(lambda: len(receiver.bodies) == len(expected))
    assert events(receiver) == expected
    assert [body["index"] for body in receiver.bodies if "index" in body][:4] == [0, 0, 2, 2]
    assert receiver.bodies[3]["message"] == "HTTP 404"


def test_the_backup_takes_over_and_gives_back(
    emulator: Emulator, media: Media, call: Caller, receiver: Receiver
) -> None:
    """Once the source has stalled for long enough or ended, without a new push."""
    create(
        call,
        source_type=LIVE,
        source_urls=[RED],
        backup_source_type=LIVE,
        backup_source_urls=["https://live.example.com/404", GREEN],
        callback_url=receiver.url,
        callback_events=["TaskStart", "TaskAlarm", "TaskExit"],
    )
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    (before,) = media.show()
    for fault in ("fail_source", "stall_source"):
        emulator.arm(fault, source=RED)
        media.wait_until(lambda: media.colour(*ADDRESS) == "green")
        emulator.arm("mend_source", source=RED)
        media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    (after,) = media.show()
    assert after["publisher"] == before["publisher"]
    media.wait_until(lambda: len(receiver.bodies) >= 3)
    assert events(receiver)[:3] == ["TaskStart", "TaskAlarm", "TaskAlarm"]


@pytest.mark.parametrize(
    ("how", "colours"),
    [
        ("immediate_new_source", ["cyan", "blue"]),
        ("continue_from_break_point", ["blue", "cyan"]),
    ],
)
def test_new_files_begin_as_they_are_asked_to(
    media: Media, call: Caller, receiver: Receiver, how: str, colours: list[str]
) -> None:
    """At once, or at the position of the current file; the push continues in both cases."""
    red, blue, cyan = (
        f"https://vod.example.com/{each}-1.6s.mp4" for each in ("red", "blue", "cyan")
    )
    task_id = create(call, source_type=VOD, source_urls=[blue, red], callback_url=receiver.url)
    media.wait_until(lambda: media.colour(*ADDRESS) == "blue")
    (before,) = media.show()
    change = {"task_id": task_id, "source_urls": [cyan, blue], "vod_refresh_type": how}
    assert call("PUT", "/pull/stream/task", change).status_code == 200
    for colour in colours:
        media.wait_until(lambda colour=colour: media.colour(*ADDRESS) == colour)
    (after,) = media.show()
    assert after["publisher"] == before["publisher"]
    assert "ResetTaskConfig" in events(receiver)


def test_a_pause_takes_a_task_off_air_and_it_goes_on_there(media: Media, call: Caller) -> None:
    """At the file and the second where it was paused."""
    files = [f"https://vod.example.com/{each}" for each in ("red-0.6s", "green-9s", "blue-9s")]
    task_id = create(call, source_type=VOD, source_urls=files)
    media.wait_until(lambda: media.colour(*ADDRESS) == "green")
    call("PUT", "/pull/stream/task", {"task_id": task_id, "status": "pause"})
    media.wait_until(lambda: not media.show())
    call("PUT", "/pull/stream/task", {"task_id": task_id, "status": "enable"})
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == "green"


def test_two_tasks_fight_for_one_stream(
    emulator: Emulator, media: Media, call: Caller, receiver: Receiver
) -> None:
    """The ingest refuses the second, which retries until the first has ended."""
    first = create(call, source_type=LIVE, source_urls=[RED])
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    create(call, source_type=LIVE, source_urls=[GREEN], callback_url=receiver.url)
    media.wait_until(lambda: receiver.bodies)
    assert events(receiver) == ["TaskAlarm"]
    assert "is being published already" in receiver.bodies[0]["message"]
    assert media.colour(*ADDRESS) == "red"
    assert call("DELETE", "/pull/stream/task", task_id=first).status_code == 200
    media.wait_until(lambda: media.colour(*ADDRESS) is None)
    emulator.clock.advance(timedelta(seconds=10))
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == "green"
