"""Random lives: a user, somebody else, time and faults, in any order, for every resource."""

import re
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pulumi_livepull.core.lifecycle.create import NEXT_RUN_LOOKS
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.errors import LivePullError
from tests.conformance.cases import Case
from tests.faults.line import FAULTS, Fault, Line
from tests.faults.matrix import CASES, World
from tests.faults.stack import BadProgram, Stack
from tests.hosting import NOW

LAST = NOW + timedelta(hours=20)
"""No task ends before; tests/conformance/test_week.py plays what comes of the end."""

ELSEWHERE = {"region", "vhost", "domain", "domainName", "groupName", "startTime"}
"""Inputs that are left alone: they lead to where `Case.count` does not look, or to the past."""

DONE = [fault for fault in FAULTS if fault.name.endswith("work done")]

troubles = st.one_of(
    *(
        st.tuples(st.sampled_from(some), st.integers(0, 3), st.sampled_from([1, 99]))
        for some in (FAULTS, DONE, DONE)
    ),
    st.none(),
)
"""Which fault, from which request on, how often: most often those that only hide what was done."""


class Life(RuleBasedStateMachine):
    """One resource in one stack on one account.

    The model is small: there is one thing or none. `lost` says that a create was reported as
    uncertain, so that there may be one that the state does not know.
    """

    case: ClassVar[Case]

    def __init__(self) -> None:
        super().__init__()
        emulator = Emulator(clock=Clock(frozen_at=NOW))
        line = Line(emulator)
        self.stack = Stack(self.case.resource, line, dict(self.case.full))
        api = line.connect(self.case.resource)
        self.world = World(emulator, line, self.stack, self.case, api)
        self.lost = False

    @initialize(trouble=troubles)
    def begin(self, trouble: Any) -> None:
        """Let the user deploy it for the first time."""
        self._run(trouble, self.stack.up)

    @precondition(lambda self: not self.lost)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """Let the user change an input."""
        name = data.draw(st.sampled_from(sorted(set(self.case.changes) - ELSEWHERE)))
        values = [self.case.full.get(name), self.case.changes[name]]
        before = dict(self.stack.program)
        self.stack.program[name] = data.draw(st.sampled_from(values))
        try:
            self.stack.preview()
        except BadProgram:
            self.stack.program = before

    @rule(trouble=troubles, refresh=st.booleans(), dynamic=st.booleans())
    def up(self, trouble: Any, refresh: bool, dynamic: bool) -> None:
        """Let the user run `up`, in either host."""
        self.stack.dynamic = dynamic
        self._run(trouble, lambda: self.stack.up(refresh=refresh))

    @rule(trouble=troubles)
    def refresh(self, trouble: Any) -> None:
        """Let the user run a refresh."""
        self._run(trouble, self.stack.refresh)

    @rule(trouble=troubles)
    def destroy(self, trouble: Any) -> None:
        """Let the user destroy it."""
        self._run(trouble, self.stack.destroy)

    @precondition(lambda self: self.stack.id and self.case.drift)
    @rule(data=st.data())
    def somebody_changes(self, data: st.DataObject) -> None:
        """Let somebody change it in the console."""
        name = data.draw(st.sampled_from(sorted(self.case.drift)))
        colleague = self._colleague()
        colleague.program = {**colleague.inputs, name: self.case.drift[name]}
        self._run(None, colleague.up)

    @precondition(lambda self: self.stack.id)
    @rule()
    def somebody_deletes(self) -> None:
        """Let somebody delete it in the console."""
        self._run(None, self._colleague().destroy)

    @rule(hours=st.sampled_from([1, 4]))
    def time_passes(self, hours: int) -> None:
        """Let tasks go on air."""
        clock = self.world.emulator.clock
        clock.set(min(clock.now() + timedelta(hours=hours), LAST))

    @invariant()
    def nothing_exists_twice(self) -> None:
        """Not even without anybody knowing."""
        count = self.world.count()
        assert count <= 1
        assert self.stack.id or self.lost or not count

    def teardown(self) -> None:
        """Let all go well: two runs are enough, one of them to name what is there already."""
        for _ in range(3 if self.lost else 1):
            self._run(None, lambda: self.stack.up(refresh=True))
        assert self.world.agree() == ""

    def _colleague(self) -> Stack:
        return replace(
            self.stack,
            line=Line(self.world.emulator),
            program=dict(self.stack.inputs),
            inputs=deepcopy(self.stack.inputs),
            state=deepcopy(self.stack.state),
        )

    def _run(self, trouble: tuple[Fault, int, int] | None, act: Any) -> None:
        self.world.line.set(*(trouble or (None,)))
        known = bool(self.stack.id)
        try:
            act()
            self.lost = self.lost and not (known or self.stack.id)
            self.stack.program.pop("adopt", None)
        except LivePullError as error:
            output = str(error)
            assert "\n" in output
            self.lost = self.lost or (NEXT_RUN_LOOKS in output and not self.stack.id)
            if "`adopt`" in output:
                self.stack.program["adopt"] = re.findall(r'"([^" ]+)"', output)[-1]
        finally:
            self.world.line.set(None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_whatever_happens_there_is_one_thing_or_none_and_two_runs_mend_it(case: Case) -> None:
    """Nothing is duplicated or lost, and in the end program, state and vendor agree."""
    machine = type("Life", (Life,), {"case": case})
    chosen = settings(
        max_examples=12,
        stateful_step_count=7,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    machine.TestCase.settings = chosen
    machine.TestCase("runTest").runTest()
