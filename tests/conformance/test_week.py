"""A simulated week of relay tasks on the emulator's clock, with the data in `stories`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors import VENDORS
from tests.conformance.cases import Case
from tests.conformance.every import EVENINGS, STORIES
from tests.conformance.stories import DAYS, Evening, Story, Visit, at, window
from tests.hosting import Host, State, connect

READS = ("List", "Describe", "Show", "Keystone")


class Stack:
    """A program with one task, and what its last run left in the state."""

    def __init__(self, host: Host, emulator: Emulator, case: Case) -> None:
        self.host, self.emulator, self.kind = host, emulator, case.resource
        self.program: State = {}
        self.forget()

    def forget(self) -> None:
        """Have nothing."""
        self.id, self.state, self.inputs = "", State(), State()

    @property
    def status(self) -> str:
        """What the state says of the task."""
        return str(self.state.get("status", "there")) if self.id else "gone"

    def refresh(self) -> None:
        """Take over what the vendor has."""
        if self.id:
            found = self.host.read(self.kind, self.id, self.state)
            self.forget() if found is None else self._keep(self.id, *found)

    def preview(self) -> tuple[str, State]:
        """Return what `up` would do, in words, and the checked program."""
        inputs, failures = self.host.check(self.kind, self.inputs, self.program)
        if failures:
            return f"refuse {' '.join(sorted(failures))}", inputs
        if not self.id:
            return "create", inputs
        changes, replaces, delete_first = self.host.diff(self.kind, self.id, self.state, inputs)
        if not replaces:
            return "update" if changes else "nothing", inputs
        assert delete_first, "two tasks would fight over one stream"
        return f"replace {' '.join(sorted(replaces))}", inputs

    def up(self) -> None:
        """Do what the preview says."""
        plan, inputs = self.preview()
        if plan.startswith("replace"):
            self.host.delete(self.kind, self.id, self.state)
        if plan == "update":
            self._keep(self.id, self.host.update(self.kind, self.id, self.state, inputs), inputs)
        elif plan != "nothing":
            self._keep(*self.host.create(self.kind, inputs), inputs)

    def sent(self, since: int) -> str:
        """Return the operations that changed something since so many entries of the journal."""
        names = [str(entry.operation) for entry in self.emulator.journal][since:]
        return " ".join(name for name in names if not name.startswith(READS))

    def _keep(self, id_: str, state: State, inputs: State) -> None:
        self.id, self.state, self.inputs = id_, state, inputs


def _edited(program: Mapping[str, Any], edit: Mapping[str, Any]) -> State:
    return {name: value for name, value in {**program, **edit}.items() if value is not None}


def _meddle(stack: Stack, what: str) -> None:
    """Make the change that somebody else or the vendor makes in this step."""
    kind, api, state = stack.kind, connect(stack.emulator, stack.kind), dict(stack.state)
    if what in {"deleted", "tidied"}:
        lifecycle.delete(kind, api, stack.id, state)
    elif what == "stopped":
        running = {**stack.inputs, "running": True}
        lifecycle.update(kind, api, stack.id, running, state, {**running, "running": False})


def _visit(stack: Stack, visit: Visit) -> None:
    stack.emulator.clock.set(datetime.fromisoformat(at(visit.moment)))
    _meddle(stack, visit.somebody)
    before, stack.program = stack.program, _edited(stack.program, visit.edit)
    journal = len(stack.emulator.journal)
    if stack.id:
        assert stack.preview()[0] == (visit.plans if visit.edit else "nothing"), "not refreshed"
    stack.refresh()
    assert stack.status == visit.shows
    assert stack.preview()[0] == visit.plans
    assert stack.sent(since=journal) == "", "a preview changes nothing"
    if visit.plans.startswith("refuse"):
        stack.program = before
        return
    stack.up()
    assert stack.sent(since=journal) == visit.sends
    assert stack.status == (visit.then or visit.shows)
    inputs = stack.inputs
    for _ in ("right after", "after another refresh"):
        assert stack.preview()[0] == "nothing"
        stack.refresh()
        assert stack.status == (visit.then or visit.shows)
        assert stack.inputs == inputs


def test_every_relay_has_a_story_and_an_evening() -> None:
    """A new one is not forgotten."""
    timed = {kind for vendor in VENDORS for kind in vendor.resources if kind.airtime}
    assert {case.resource for case, *_ in STORIES} == timed
    assert {case.resource for case, *_ in EVENINGS} == timed


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story[0].name)
def test_a_week_shows_what_a_user_expects_at_every_visit(
    host: Host, emulator: Emulator, story: Story
) -> None:
    """No noise, the right status, what ended is kept, a new end is a new task, no duplicate."""
    case, times, visits = story
    stack = Stack(host, emulator, case)
    stack.program = _edited(case.full, {"running": None, **times})
    api = connect(emulator, case.resource)
    for visit in visits:
        _visit(stack, visit)
        assert case.count(api) <= 1
    host.delete(case.resource, stack.id, stack.state)
    assert case.count(api) == 0


@pytest.mark.parametrize("evening", EVENINGS, ids=lambda evening: evening[0].name)
def test_a_task_an_evening_runs_by_itself_all_week(
    host: Host, emulator: Emulator, evening: Evening
) -> None:
    """Created once, on Tuesday, for every evening from nine to eleven. Nothing else is needed."""
    case, name, form, words = evening
    before, during, after = words.rsplit(maxsplit=2)
    week = {day: Stack(host, emulator, case) for day in DAYS}
    for day, stack in week.items():
        own = {name: form.format(day), **window(f"{day} 21:00", f"{day} 23:00")}
        stack.program = {**case.smallest, **own}
        stack.up()
    made = len(emulator.journal)
    for moment in (at(f"{day} {hour}") for day in DAYS for hour in ("21:00", "23:30")):
        emulator.clock.set(datetime.fromisoformat(moment))
        for day, stack in week.items():
            stack.refresh()
            began, over = at(f"{day} 21:00") <= moment, at(f"{day} 23:00") <= moment
            assert stack.status == (after if over else during if began else before)
            assert stack.preview()[0] == "nothing"
    assert stack.sent(since=made) == ""
    assert stack.sent(since=0).split() == [case.operations[0]] * len(DAYS)
