"""A run that is cut short at a random point loses nothing and doubles nothing, in either host.

`LIVEPULL_CRASHES` is the number of crashes for each host, and `LIVEPULL_CRASH_SEED` chooses them.
"""

import os
import random
import re
import signal
from concurrent.futures import ThreadPoolExecutor

from pulumi_livepull.emulator import Emulator
from tests.engine.crashes import Crash, apart
from tests.engine.stacks import Json, Run, Stack, callbacks, days_from_now, spelled, tasks
from tests.engine.taps import Tap

CRASHES = int(os.environ.get("LIVEPULL_CRASHES", "3"))
SEED = int(os.environ.get("LIVEPULL_CRASH_SEED", "1"))
HOSTS = ("dynamic", "plugin")
RUNNING, EXITED = 1, -1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
CALLS = {"up": 24, "destroy": 10}
"""About how many calls an operation makes."""

TURNS = ("CreatePullTask", "ModifyPullTask", "StopLivePullToPush", "UpdateLivePullToPush")
"""Calls that leave a thing half done: this part of the crashes falls on them."""
HALFWAY = 1 / 3

TIMES = f'start_time="{spelled(days_from_now(-1))}", end_time="{spelled(days_from_now(2))}"'
PROGRAM = f"""
from pulumi_livepull import alicloud, volcengine

VERSION = {{version}}
ADOPT = {{adopt}}

def relay(name, **inputs):
    alicloud.LivePullToPush(
        name,
        source_type="live",
        source_protocol="rtmp",
        source_urls=[f"rtmp://play.example.org/live/{{{{VERSION}}}}"],
        dst_url="rtmp://push.example.com/live/" + name,
        adopt=ADOPT.get(name),
        {TIMES},
        **inputs,
    )

relay("interrupted")
relay("on-air", running=True)
huaweicloud.PullTask(
    "paused",
    source_type="PullVodPushLive",
    source_urls=[f"https://vod.example.org/{{{{VERSION}}}}.mp4"],
    domain="push.example.com",
    app_name="live",
    stream_name="paused",
    running=False,
    adopt=ADOPT.get("paused"),
)
huaweicloud.PullTask(
    "replaced",
    source_type="PullLivePushLive",
    source_urls=[f"https://play.example.org/{{{{VERSION}}}}.flv"],
    domain="push.example.com",
    app_name="live",
    stream_name="replaced",
    adopt=ADOPT.get("replaced"),
)
huaweicloud.RecordCallback(
    "callback",
    publish_domain="push.example.com",
    app="live",
    notify_callback_url=f"https://hooks.example.org/{{{{VERSION}}}}",
    adopt=ADOPT.get("callback"),
)
volcengine.PullToPushTask(
    "stopped",
    type=0,
    src_addr=f"rtmp://play.example.org/live/{{{{VERSION}}}}",
    domain="push.example.com",
    app="live",
    stream="stopped",
    running=False,
    adopt=ADOPT.get("stopped"),
    {TIMES},
)
"""
NAMES = {"interrupted", "on-air", "paused", "replaced", "callback", "stopped"}
LEFT = re.compile(
    r'failed: "(.+)" already does the same|The task "(.+)" pushes there|`adopt` to "(.+)"'
)


def relays(emulator: Emulator) -> list[Json]:
    """The tasks at Alibaba Cloud. It shows those that were deleted for a while, as exited."""
    found = emulator.alicloud.snapshot()["tasks"].get("cn-shanghai", [])
    return [task for task in found if task["TaskStatus"] != EXITED]


def held(emulator: Emulator) -> list[str]:
    """The ids of all that the emulator holds."""
    return sorted(
        [str(task["task_id"]) for task in tasks(emulator)]
        + [str(callback["id"]) for callback in callbacks(emulator)]
        + [str(task["TaskId"]) for task in relays(emulator)]
        + [task_id for task_id, _ in emulator.volcengine.state.tasks.items()]
    )


def known(stack: Stack) -> list[str]:
    """The vendors' ids of all that the state holds."""
    return sorted(str(each["id"]).rpartition("/")[2] for each in stack.resources.values())


def recover(stack: Stack, verb: str, version: int) -> Run:
    """Do what our messages and Pulumi's say: cancel, refresh, again, and adopt what was left.

    All of it at once, or one by one.
    """
    stack.command("cancel", "--yes", "--stack", "dev")
    refreshed = stack.refresh()
    if verb == "destroy":
        stack.destroy()
        return refreshed
    if version % 2:
        stack.configure("adoptSame", "true")
        stack.up()
        stack.configure("adoptSame", None)
    else:
        adopt_by_name(stack, version)
    return refreshed


def adopt_by_name(stack: Stack, version: int) -> None:
    """Run `up` again, and adopt by its id every task that the message names."""
    adopt: dict[str, str] = {}
    while (again := stack.up("--continue-on-error", fails=None)).code:
        left = {
            name: next(filter(None, found.groups()))
            for name, message in again.said_of("error")
            if (found := LEFT.search(message))
        }
        assert left.keys() - adopt.keys(), again.text
        adopt |= left
        stack.program(PROGRAM.format(version=version, adopt=adopt))
    if adopt:
        stack.program(PROGRAM.format(version=version, adopt={}))
        stack.up()


def agree(stack: Stack, emulator: Emulator, names: set[str], refreshed: Run) -> None:
    """See that the state is what the vendors hold, one for one, and as the program wants it."""
    assert set(stack.resources) == names
    assert known(stack) == held(emulator)
    if not names:
        return
    assert set(stack.preview("--refresh", "--expect-no-changes").plan.values()) == {"same"}
    on_air = {
        str(task["DstUrl"]).rpartition("/")[2]: task["TaskStatus"] == RUNNING
        for task in relays(emulator)
    }
    assert on_air["on-air"]
    assert on_air["interrupted"] or "is stopped. Set `running`" in refreshed.text


def choose(chance: random.Random, *, up: bool) -> Crash:
    """Draw a crash that can happen to a stack that is up, or not."""
    verb = chance.choice(["up", "up", "destroy"]) if up else "up"
    call: int | str = chance.randint(1, CALLS[verb])
    if verb == "up" and chance.random() < HALFWAY:
        call = chance.choice(TURNS)
    return Crash(verb, chance.choice(["engine", "provider"]), chance.choice(SIGNALS), call)


def crash_often(stack: Stack, emulator: Emulator, tap: Tap, host: str) -> int:
    """Walk from crash to crash, each from what the last one left, and count those that struck."""
    chance = random.Random(f"{SEED} {host}")
    crash, strikes = choose(chance, up=False), 0
    for version in range(1, CRASHES + 1):
        stack.program(PROGRAM.format(version=version, adopt={}))
        text, struck = crash.happen(stack, tap)
        strikes += struck
        print(f"{host} host, {version}: {crash}{'' if struck else ', which was over'}")  # noqa: T201
        try:
            refreshed = recover(stack, crash.verb, version)
            agree(stack, emulator, NAMES if crash.verb == "up" else set(), refreshed)
        except AssertionError as error:
            error.add_note(f"Seed {SEED}, {host} host, {version}: {crash}\n{text}")
            raise
        crash = choose(chance, up=crash.verb == "up")
    return strikes


def test_nothing_is_lost_or_doubled_by_a_crash(blank: Stack) -> None:
    """Of the engine or the provider, in any operation, by SIGTERM or SIGKILL."""
    print(f"LIVEPULL_CRASH_SEED={SEED} LIVEPULL_CRASHES={CRASHES}")  # noqa: T201

    def live(host: str) -> int:
        with apart(blank, f"crashes-{host}", host) as (stack, emulator, tap):
            return crash_often(stack, emulator, tap, host)

    with ThreadPoolExecutor(2) as pool:
        assert min(pool.map(live, HOSTS)) > 0, "nothing was struck"
