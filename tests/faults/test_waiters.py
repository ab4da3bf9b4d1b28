"""What is asked of a vendor is waited for: until it is there, as long as it makes sense."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from pulumi_livepull.core.lifecycle import Unfinished
from pulumi_livepull.core.limits import Limits
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import LivePullError
from tests.faults.line import Fault, Go, Line
from tests.faults.matrix import CASES, ON_AIR
from tests.faults.stack import Stack


@dataclass(frozen=True)
class Waiter:
    """A task that can be stopped and resumed, and the vendor's names for its states."""

    case: str
    key: str
    on: Any
    off: Any
    ended: Any
    commands: tuple[str, ...]

    def word(self, running: bool) -> Any:
        """Return the vendor's status for a running or a stopped task."""
        return self.on if running else self.off


WAITERS = (
    Waiter("huaweicloud.PullTask, files", "status", "running", "pause", "finished", ("PUT",)),
    Waiter(
        "alicloud.LivePullToPush, live",
        *("TaskStatus", 1, 3, -1),
        ("StopLivePullToPush", "RestartLivePullToPush"),
    ),
    Waiter(
        "volcengine.PullToPushTask, files",
        *("Status", "生效中", "停用", "已结束"),
        ("StopPullToPushTask", "ContinuePullToPushTask"),
    ),
)
every_waiter = pytest.mark.parametrize("waiter", WAITERS, ids=lambda waiter: waiter.case)
both_ways = pytest.mark.parametrize("wish", [False, True], ids=["stop", "go on"])


class Scene:
    """A task that does the opposite of the user's new wish, and shows what a script says."""

    def __init__(self, waiter: Waiter, wish: bool, emulator: Emulator) -> None:
        self.waiter, self.wish = waiter, wish
        case = next(case for case in CASES if case.name == waiter.case)
        self.line = Line(emulator)
        self.stack = Stack(case.resource, self.line, {**case.full, "running": True})
        self.stack.up()
        emulator.clock.set(ON_AIR)
        self.stack.program["running"] = not wish
        self.stack.up(refresh=True)
        self.stack.program["running"] = wish

    def up(self, *shown: bool | str, cancel_at: int = 0) -> list[float]:
        """Run `up` while the looks after the command show this; return the waits."""
        self.looks = 0
        self.shown = shown
        self.cancel_at = cancel_at
        self.line.set(Fault("script", self._answer))
        try:
            self.stack.up()
        finally:
            self.line.set(None)
            self.line.cancel.clear()
        return [seconds for seconds in self.line.waited if seconds >= 1]  # Shorter ones pace.

    def _answer(self, vendor: str, go: Go) -> httpx.Response:
        response = go()
        commanded = any(name.startswith(self.waiter.commands) for name in self.line.names)
        if not commanded or not response.content or self.line.names[-1].startswith("PUT"):
            return response
        word = self.shown[min(self.looks, len(self.shown) - 1)]
        status = self.waiter.ended if word == "ended" else self.waiter.word(bool(word))
        reply = response.json()
        messages = list(_items(reply, self.waiter.key))
        self.looks += bool(messages)
        for item in messages:
            item.update({self.waiter.key: status})
            item.update({"TaskExitReason": "OverEndTime"} if word == "ended" else {})
        if self.looks and self.looks == self.cancel_at:
            self.line.cancel.set()
        return httpx.Response(response.status_code, json=reply)


def _items(value: Any, key: str) -> Iterator[dict[str, Any]]:
    """Yield every mapping in an answer that has the key."""
    if isinstance(value, dict):
        if key in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _items(each, key)


@pytest.fixture
def scene(emulator: Emulator, waiter: Waiter, wish: bool) -> Scene:
    """Return each task with each wish."""
    return Scene(waiter, wish, emulator)


@every_waiter
@both_ways
def test_what_is_pending_is_waited_for(scene: Scene, wish: bool) -> None:
    """At growing intervals, and no longer than necessary."""
    pending = not wish
    assert scene.up(pending, pending, pending, wish) == pytest.approx([1, 2, 3], abs=0.2)
    assert scene.stack.state["running"] is wish
    assert _settled(scene)


@every_waiter
@both_ways
def test_what_is_there_at_once_is_not_waited_for(scene: Scene, wish: bool) -> None:
    """It is read once."""
    assert scene.up(wish) == []
    assert scene.stack.state["running"] is wish


@every_waiter
@both_ways
def test_what_is_undone_after_the_wait_is_seen_and_asked_for_again(
    scene: Scene, wish: bool
) -> None:
    """The state holds what the last read returned, never what was requested."""
    scene.up(wish, not wish)
    assert scene.stack.state["running"] is not wish
    plan = scene.stack.preview()
    assert plan is not None
    assert plan.changed == {"running"}
    scene.stack.up()
    assert _settled(scene)


@every_waiter
@both_ways
def test_a_task_that_ends_meanwhile_ends_the_wait(scene: Scene, wish: bool) -> None:
    """It can no longer be paused or resumed, so waiting is pointless."""
    pending = not wish
    scene.up(pending, "ended")
    assert scene.looks <= 4
    assert scene.stack.state["status"] in {"finished", "exited", "ended"}


@every_waiter
@both_ways
def test_a_wait_without_end_is_reported_and_kept(scene: Scene, wish: bool) -> None:
    """The message says what it waited for, and the next run waits again."""
    with pytest.raises(Unfinished) as failure:
        scene.up(not wish)
    assert sum(scene.line.waited) == pytest.approx(Limits().wait_seconds, abs=5)
    assert f"waited {Limits().wait_seconds:g} s for {scene.stack.id} to " in str(failure.value)
    assert "livepull:waitSeconds" in failure.value.hint
    assert scene.stack.unfinished
    scene.stack.up()
    assert _settled(scene)


@every_waiter
@both_ways
def test_a_cancelled_wait_ends_at_once(scene: Scene, wish: bool) -> None:
    """One more read shows what to keep; nothing is changed, and the next run continues."""
    pending = not wish
    with pytest.raises(LivePullError, match="cancelled"):
        scene.up(pending, pending, pending, cancel_at=2)
    assert scene.looks <= 3
    scene.stack.up(refresh=True)
    assert _settled(scene)


def _settled(scene: Scene) -> bool:
    """Return whether the vendor, the state and the program say the same."""
    scene.stack.refresh()
    plan = scene.stack.preview()
    return plan is not None and not plan.changed and scene.stack.state["running"] is scene.wish
