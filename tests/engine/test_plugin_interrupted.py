"""Ctrl-C, or a kill, in the middle of a create, update or delete; then the same once more."""

import re
import signal
from concurrent.futures import ThreadPoolExecutor

from pulumi_livepull.emulator import Emulator
from tests.engine.crashes import Crash, apart
from tests.engine.stacks import Stack, by_id, days_from_now, spelled, tasks
from tests.engine.taps import Tap

LONG = 100
"""Seconds that a vendor asks to wait: longer than a test has patience."""

TASK = """
huaweicloud.PullTask(
    "paused",
    source_type="PullVodPushLive",
    source_urls=["https://vod.example.org/1.mp4"],
    domain="push.example.com",
    app_name="live",
    stream_name="paused",
    running=False,
    adopt={adopt!r},
)
"""
RELAY = f"""
from pulumi_livepull import alicloud

alicloud.LivePullToPush(
    "relay",
    source_type="live",
    source_protocol="rtmp",
    source_urls=["rtmp://play.example.org/live/{{version}}"],
    dst_url="rtmp://push.example.com/live/relay",
    start_time="{spelled(days_from_now(-1))}",
    end_time="{spelled(days_from_now(2))}",
)
"""


def interrupt(stack: Stack, emulator: Emulator, tap: Tap, crash: Crash) -> str:
    """Let a call be put off for long, interrupt the engine meanwhile, and return what it says."""
    emulator.arm("throttle", str(crash.call), retry_after=LONG)
    tap.clear()
    text, struck = crash.happen(stack, tap)
    assert struck, text
    stack.command("cancel", "--yes", "--stack", "dev")
    return text


def create(stack: Stack, emulator: Emulator, tap: Tap, how: signal.Signals) -> None:
    """What was made is in the state, or else it is refused to make another, with its id."""
    stack.program(RELAY.format(version=1))
    stack.up()
    stack.program(RELAY.format(version=1), TASK.format(adopt=None))
    text = interrupt(stack, emulator, tap, Crash("up", "engine", how, "ModifyPullTask"))
    (task,) = tasks(emulator)
    if how is signal.SIGINT:
        assert "was created, but" in text
        assert by_id(stack, "paused") == task["task_id"]
        assert stack.resources["paused"]["outputs"]["running"] is True
    else:
        assert stack.resources.keys() == {"relay"}
        refused = stack.up(fails=True).text
        (left,) = set(re.findall('failed: "(.+)" already does the same', refused))
        stack.program(RELAY.format(version=1), TASK.format(adopt=left))
    tap.clear()
    stack.up()
    assert tap.calls == ["ModifyPullTask"]
    assert [each["task_id"] for each in tasks(emulator)] == [by_id(stack, "paused")]
    assert tasks(emulator)[0]["task_id"] == task["task_id"]


def update(stack: Stack, emulator: Emulator, tap: Tap, how: signal.Signals) -> None:
    """A task that was stopped for a change is not left off air: it goes on as it was."""
    stack.program(RELAY.format(version=2), TASK.format(adopt=None))
    interrupt(stack, emulator, tap, Crash("up", "engine", how, "UpdateLivePullToPush"))
    assert tap.calls == ["StopLivePullToPush", "UpdateLivePullToPush", "RestartLivePullToPush"]
    (relay,) = emulator.alicloud.state.regions["cn-shanghai"]
    assert relay["TaskStatus"] == 1
    assert stack.resources["relay"]["outputs"]["sourceUrls"] == ["rtmp://play.example.org/live/1"]
    tap.clear()
    stack.up()
    assert tap.calls == ["StopLivePullToPush", "UpdateLivePullToPush", "RestartLivePullToPush"]
    assert set(stack.preview("--refresh").plan.values()) == {"same"}


def delete(stack: Stack, emulator: Emulator, tap: Tap, how: signal.Signals) -> None:
    """What was not deleted is still in the state."""
    interrupt(stack, emulator, tap, Crash("destroy", "engine", how, "DeletePullTask"))
    assert [each["task_id"] for each in tasks(emulator)] == [by_id(stack, "paused")]
    stack.destroy()
    assert tasks(emulator) == []
    assert stack.resources == {}


def test_after_an_interruption_the_next_run_completes_what_was_begun(blank: Stack) -> None:
    """Ctrl-C ends every wait at once; if the engine is killed, the plugin notices by itself."""

    def live(how: signal.Signals) -> None:
        with apart(blank, how.name) as (stack, emulator, tap):
            for operation in (create, update, delete):
                operation(stack, emulator, tap, how)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(live, (signal.SIGINT, signal.SIGKILL)))
