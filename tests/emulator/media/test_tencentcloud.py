"""Relay tasks of Tencent Cloud, as they are on air."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from typing import Any

import pytest

from pulumi_livepull import callbacks
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.media.media import Media
from tests.emulator.media.conftest import ADDRESS, Receiver
from tests.emulator.test_tencent import WHO, Caller

LIVE, VOD, PICTURE = "PullLivePushLive", "PullVodPushLive", "PullPicPushLive"
RED, GREEN = "https://live.example.com/red.flv", "https://live.example.com/green.flv"
SECOND = ("backup.example.com", "live", "one")


@pytest.fixture
def call(emulator: Emulator) -> Any:
    """Return a caller of the emulator that runs."""
    return Caller(emulator)


def create(call: Caller, *sources: str, **fields: Any) -> str:
    """Create a task that is active for an hour, and pushes to `ADDRESS` unless `ToUrl` is given."""
    place = ("", "", "") if "ToUrl" in fields else ADDRESS
    body = {
        "SourceType": LIVE,
        "SourceUrls": list(sources),
        "StartTime": "2030-01-02T03:00:00Z",
        "EndTime": "2030-01-02T04:00:00Z",
        **dict(zip(("DomainName", "AppName", "StreamName"), place, strict=True)),
        **WHO,
        **fields,
    }
    return str(call("CreateLivePullStreamTask", **body)["TaskId"])


def modify(call: Caller, task_id: str, **fields: Any) -> None:
    """Change a task."""
    assert call("ModifyLivePullStreamTask", TaskId=task_id, **WHO, **fields) == {}


def doing(call: Caller, task_id: str) -> dict[str, Any]:
    """Return what the vendor says a task is doing."""
    found = call("DescribeLivePullStreamTaskStatus", TaskId=task_id)["TaskStatusInfo"]
    assert isinstance(found, dict)
    return found


def file(name: str) -> str:
    """Return the address of a file with a test picture."""
    return f"https://vod.example.com/{name}.mp4"


def events(receiver: Receiver) -> list[str]:
    """Return the events that the receiver was told, in order."""
    return [body["callback_event"] for body in receiver.bodies]


def told(receiver: Receiver, event: str) -> list[dict[str, Any]]:
    """Return what the callbacks of an event told."""
    bodies = [json.dumps(body).encode() for body in receiver.bodies]
    parsed = [callbacks.tencentcloud.parse_pull(body) for body in bodies]
    return [each.msg for each in parsed if each.callback_event == event]


def test_a_task_is_on_air_from_its_start_to_its_end(
    emulator: Emulator, media: Media, call: Caller, receiver: Receiver
) -> None:
    """By the emulator's clock, and its status is that of its push."""
    window = {"StartTime": "2030-01-02T03:30:00Z", "EndTime": "2030-01-02T04:00:00Z"}
    task_id = create(call, RED, **window, CallbackUrl=receiver.url)
    assert (doing(call, task_id)["RunStatus"], media.show()) == ("inactive", [])
    emulator.clock.advance(timedelta(minutes=30))
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == "red"
    media.wait_until(lambda: doing(call, task_id)["FileUrl"] == RED)
    assert doing(call, task_id)["RunStatus"] == "active"
    emulator.clock.advance(timedelta(minutes=30))
    media.wait_until(lambda: not media.show())
    assert doing(call, task_id)["RunStatus"] == "inactive"
    media.wait_until(lambda: len(receiver.bodies) == 2)
    assert events(receiver) == ["TaskStart", "TaskExit"]
    (exit_,) = told(receiver, "TaskExit")
    assert (exit_["code"], exit_["message"]) == (0, "")


def test_files_play_in_order_and_are_repeated_as_often_as_asked(
    media: Media, call: Caller, receiver: Receiver, recorded: Callable[[], list[str]]
) -> None:
    """A file that is missing is an alarm, and the next one plays; one repetition is two rounds."""
    files = [file(name) for name in ("red-0.6s", "404", "blue-0.6s")]
    task_id = create(
        call, *files, SourceType=VOD, VodLoopTimes="1", CallbackUrl=receiver.url, PushArgs="a=1"
    )
    assert recorded() == ["red", "blue", "red", "blue"]
    one_round = [
        *("VodSourceFileStart", "VodSourceFileFinish"),
        *("TaskAlarm", "VodSourceFileStart", "VodSourceFileFinish"),
    ]
    expected = ["TaskStart", *one_round, *one_round, "TaskExit"]
    media.wait_until(lambda: len(receiver.bodies) == len(expected))
    assert events(receiver) == expected
    assert [each["index"] for each in told(receiver, "VodSourceFileStart")] == [0, 2, 0, 2]
    alarm = told(receiver, "TaskAlarm")[0]
    assert alarm == {"type": "PullFileFailed", "url": files[1], "message": "HTTP 404"}
    assert receiver.bodies[0]["to_url"] == "rtmp://" + "/".join(ADDRESS) + "?a=1"
    ended = doing(call, task_id)
    assert (ended["RunStatus"], ended["LoopedTimes"], ended["FileDuration"]) == ("inactive", 2, 1)


@pytest.mark.parametrize(("late", "colour"), [(False, "green"), (True, "red")])
def test_a_task_begins_at_its_index_for_a_day_after_its_creation(
    emulator: Emulator, media: Media, call: Caller, *, late: bool, colour: str
) -> None:
    """The index counts from 1. The offset is in seconds, and for the first round only."""
    wait = timedelta(hours=25 if late else 1)
    start = emulator.clock.now() + wait
    window = {
        "StartTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "EndTime": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
    }
    files = [file("red-9s"), file("green-9s")]
    task_id = create(call, *files, SourceType=VOD, FileIndex=2, OffsetTime=5, **window)
    emulator.clock.advance(wait)
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == colour
    media.wait_until(lambda: doing(call, task_id)["FileDuration"] == 9)
    found = doing(call, task_id)
    assert found["OffsetTime"] in ((0, 1) if late else (5, 6))
    assert found["NextFileUrl"] == (files[1] if late else files[0])
    call.region = "ap-guangzhou"
    (shown,) = call("DescribeLivePullStreamTasks", TaskId=task_id)["TaskInfos"]
    assert shown["RecentPullInfo"]["FileUrl"] == (files[0] if late else files[1])


def test_the_backup_takes_over_and_gives_back(
    emulator: Emulator, media: Media, call: Caller, receiver: Receiver
) -> None:
    """On the same push, with an alarm and no exit."""
    backup = {"BackupSourceType": LIVE, "BackupSourceUrl": GREEN}
    task_id = create(call, RED, **backup, CallbackUrl=receiver.url)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    (before,) = media.show()
    emulator.arm("fail_source", source=RED)
    media.wait_until(lambda: media.colour(*ADDRESS) == "green")
    media.wait_until(lambda: doing(call, task_id)["FileUrl"] == GREEN)
    emulator.arm("mend_source", source=RED)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    (after,) = media.show()
    assert after["publisher"] == before["publisher"]
    media.wait_until(lambda: len(receiver.bodies) == 2)
    assert events(receiver) == ["TaskStart", "TaskAlarm"]


@pytest.mark.parametrize(
    "backup",
    [
        {"BackupSourceType": VOD, "BackupSourceUrl": "https://vod.example.com/cyan-2s.mp4"},
        {"BackupVodUrl": "https://vod.example.com/cyan-2s.mp4"},
    ],
)
def test_a_backup_file_plays_to_its_end_before_the_source_is_back(
    emulator: Emulator,
    media: Media,
    call: Caller,
    frames: Callable[[], list[str]],
    backup: dict[str, str],
) -> None:
    """Whether it is the backup or the file that fills a gap. A test picture has 5 a second."""
    task_id = create(call, RED)
    modify(call, task_id, **backup)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    emulator.arm("fail_source", source=RED)
    media.wait_until(lambda: media.colour(*ADDRESS) == "cyan")
    emulator.arm("mend_source", source=RED)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    call("DeleteLivePullStreamTask", TaskId=task_id, **WHO)
    seen = frames()
    assert [colour for colour, _ in groupby(seen)] == ["red", "cyan", "red"]
    assert seen.count("cyan") >= 9


@pytest.mark.parametrize(
    ("how", "colours"),
    [
        ("ImmediateNewSource", ["cyan", "green"]),
        ("ContinueBreakPoint", ["red", "cyan", "green"]),
    ],
)
def test_new_files_begin_as_they_are_asked_to(
    media: Media,
    call: Caller,
    receiver: Receiver,
    recorded: Callable[[], list[str]],
    how: str,
    colours: list[str],
) -> None:
    """At once, or after what plays has ended; what had not been played is not played any more."""
    task_id = create(
        call,
        *(file("red-3s"), file("blue-3s")),
        SourceType=VOD,
        VodRefreshType=how,
        CallbackUrl=receiver.url,
    )
    media.wait_until(lambda: doing(call, task_id)["OffsetTime"] == 1)
    modify(call, task_id, SourceUrls=[file("cyan-0.6s"), file("green-0.6s")], VodLoopTimes=0)
    seen = recorded()
    assert seen == (colours if colours[0] == "red" else ["red", *colours])
    media.wait_until(lambda: "TaskExit" in events(receiver))
    finished = [each["url"] for each in told(receiver, "VodSourceFileFinish")]
    assert (file("red-3s") in finished) is (how == "ContinueBreakPoint")
    assert file("blue-3s") not in finished
    assert "ResetTaskConfig" in events(receiver)


@pytest.mark.parametrize(
    ("how", "colour"), [("ImmediateNewSource", "red"), ("ContinueBreakPoint", "green")]
)
def test_a_restart_and_a_pause_go_on_as_the_refresh_type_says(
    media: Media, call: Caller, how: str, colour: str
) -> None:
    """From the start, or from where it was; each on a push of its own."""
    files = [file("red-0.6s"), file("green-9s")]
    task_id = create(call, *files, SourceType=VOD, VodRefreshType=how)
    media.wait_until(lambda: media.colour(*ADDRESS) == "green")
    (before,) = media.show()
    assert call("RestartLivePullStreamTask", TaskId=task_id, **WHO) == {}

    def is_new() -> bool:
        shown = media.show()
        return bool(shown) and shown[0].get("publisher") not in ("", None, before["publisher"])

    media.wait_until(is_new)
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == colour
    media.wait_until(lambda: media.colour(*ADDRESS) == "green")
    modify(call, task_id, Status="pause")
    media.wait_until(lambda: not media.show())
    modify(call, task_id, Status="enable")
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == colour


def test_a_task_jumps_to_the_file_that_it_is_told(media: Media, call: Caller) -> None:
    """On the same push, and even to where it began."""
    files = [file("red-9s"), file("green-9s")]
    task_id = create(call, *files, SourceType=VOD)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    (before,) = media.show()
    for index, colour in ((2, "green"), (1, "red")):
        modify(call, task_id, FileIndex=index, OffsetTime=3)
        media.wait_until(lambda colour=colour: media.colour(*ADDRESS) == colour)
    media.wait_until(lambda: doing(call, task_id)["OffsetTime"] == 3)
    modify(call, task_id, FileIndex=1, OffsetTime=0)
    media.wait_until(lambda: doing(call, task_id)["OffsetTime"] == 0)
    (after,) = media.show()
    assert after["publisher"] == before["publisher"]


def test_a_task_pushes_to_two_addresses_until_one_is_taken_away(
    media: Media, call: Caller, receiver: Receiver
) -> None:
    """A new full address breaks the push off and goes on there."""
    second, third = ("rtmp://" + "/".join((*SECOND[:2], name)) for name in ("one", "two"))
    target = "rtmp://" + "/".join(ADDRESS)
    task_id = create(call, RED, ToUrl=target, BackupToUrl=second, CallbackUrl=receiver.url)
    for place in (ADDRESS, SECOND):
        media.wait_until(lambda place=place: media.colour(*place) == "red")
    modify(call, task_id, BackupToUrl="", ToUrl=third)
    media.wait_until(lambda: media.colour(*SECOND[:2], "two") == "red")
    media.wait_until(lambda: len(media.show()) == 1)
    media.wait_until(lambda: len(receiver.bodies) == 3)
    assert events(receiver) == ["TaskStart", "TaskExit", "TaskStart"]
    assert [body["to_url"] for body in receiver.bodies[1:]] == [third, third]
    assert receiver.bodies[2]["stream_id"] == "two"


def test_two_tasks_fight_for_one_stream(
    emulator: Emulator, media: Media, call: Caller, receiver: Receiver
) -> None:
    """The second is refused by the ingest: it exits, and tries again until the first has gone."""
    first = create(call, RED)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    create(call, GREEN, CallbackUrl=receiver.url)
    media.wait_until(lambda: len(receiver.bodies) == 2)
    assert events(receiver) == ["TaskAlarm", "TaskExit"]
    (alarm,), (exit_,) = told(receiver, "TaskAlarm"), told(receiver, "TaskExit")
    assert alarm["type"] == "PushStreamFailed"
    assert exit_["code"] == -1
    assert "is being published already" in exit_["message"]
    assert media.colour(*ADDRESS) == "red"
    call("DeleteLivePullStreamTask", TaskId=first, **WHO)
    media.wait_until(lambda: media.colour(*ADDRESS) is None)
    emulator.clock.advance(timedelta(seconds=10))
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == "green"


def test_only_the_chosen_events_are_told_and_the_last_after_a_deletion(
    media: Media, call: Caller, receiver: Receiver
) -> None:
    """A picture is a source like a live one."""
    chosen = {"CallbackUrl": receiver.url, "CallbackEvents": ["TaskExit"]}
    task_id = create(call, "https://img.example.com/blue.png", SourceType=PICTURE, **chosen)
    media.wait_until(lambda: media.colour(*ADDRESS) == "blue")
    call("DeleteLivePullStreamTask", TaskId=task_id, **WHO)
    media.wait_until(lambda: receiver.bodies)
    assert events(receiver) == ["TaskExit"]
    assert receiver.bodies[0]["task_id"] == task_id
