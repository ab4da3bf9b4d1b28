"""Every resource, operation and fault, passing and lasting: what a user sees, and what is left."""

import math
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Unanswered, Unfinished
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.errors import LivePullError
from tests.conformance.cases import Case
from tests.conformance.every import OWN_CASES as CASES
from tests.faults.line import FAULTS, Fault, Line
from tests.faults.stack import Stack
from tests.hosting import NOW

OPERATIONS = ("create", "read", "update", "delete", "list")
ON_AIR = NOW + timedelta(hours=1, minutes=30)
"""When the tasks of all cases run."""


@dataclass(frozen=True)
class World:
    """An account with a stack on it, before the operation."""

    emulator: Emulator
    line: Line
    stack: Stack
    case: Case

    api: Client
    """Sees what is there when nothing goes wrong."""
    status: str = ""
    """What the task is, such as on air, after the operation without a fault."""

    def count(self) -> int:
        """Return how many things of the kind the vendor has."""
        return self.case.count(self.api)

    def act(self, operation: str) -> Any:
        """Do what is put to the test."""
        if operation == "list":
            return self._listed()
        if operation == "read":
            return self.stack.refresh()
        return self.stack.destroy() if operation == "delete" else self.stack.up()

    def _listed(self) -> list[str]:
        kind, inputs = self.case.resource, self.stack.state
        where = {
            prop.camel: inputs[prop.camel]
            for prop in kind.inputs()
            if prop.name in {*kind.listing.under, "vhost"}
        }
        api = self.line.connect(kind)
        return sorted(found.id for found in lifecycle.find_all(kind, api, where))

    def agree(self) -> str:
        """Return in what the vendor and the state disagree, or an empty text."""
        self.line.set(None)
        if self.stack.unanswered:
            return "it is not known whether it is there"
        count, expected = self.count(), int(bool(self.stack.id))
        if count != expected:
            return f"{expected} in the state, {count} at the vendor's"
        return self.compare() if expected else ""

    def compare(self) -> str:
        """Return in what the thing at the vendor's differs from the state and the program."""
        stack = self.stack
        held = lifecycle.read(stack.kind, self.api, stack.id, stack.inputs, stack.state)
        if held is None:
            return f"{stack.id} is gone"
        if self.status and (status := held.state.get("status")) != self.status:
            return f"it is {status} and not {self.status}"
        there = replace(stack, state=held.state).preview()
        if there is None or there.changed:
            return f"the vendor holds another {_names(there)}"
        if (plan := stack.preview()) is None or plan.changed or stack.unfinished:
            return f"the state holds another {_names(plan)}"
        return ""


def _names(plan: lifecycle.Diff | None) -> str:
    return ", ".join(sorted(plan.changed)) if plan else "id"


@cache
def _prepared(name: str, operation: str) -> tuple[World, dict[str, Any], Stack]:
    case = next(case for case in CASES if case.name == name)
    emulator = Emulator(clock=Clock(frozen_at=NOW))
    line = Line(emulator)
    stack = Stack(case.resource, line, dict(case.full))
    if operation != "create":
        stack.up()
        emulator.clock.set(ON_AIR)
        stack.up(refresh=True)
    if operation == "update":
        stack.program |= edit_of(case)
    states = {name: deepcopy(vendor.state) for name, vendor in emulator.vendors.items()}
    made = World(emulator, line, stack, case, line.connect(case.resource))
    again = replace(made, stack=replace(stack))
    again.act(operation)
    return replace(made, status=again.stack.state.get("status", "")), states, replace(stack)


def edit_of(case: Case) -> dict[str, Any]:
    """Return what an update changes."""
    in_place = sorted(set(case.changes) - case.replaces - {"startTime"})
    # What replaces is another update, of what has nothing that changes in place.
    others = ["endTime"] if case.expires else sorted(case.replaces)
    names = case.fault_edit or (in_place or others)[-1:]
    return {name: case.changes[name] for name in names}


def world(case: Case, operation: str) -> World:
    """Return an account in which everything is ready for the operation; one at a time of each."""
    made, vendors, stack = _prepared(case.name, operation)
    for name, state in vendors.items():
        made.emulator.vendors[name].state = deepcopy(state)
    made.line.set(None)
    return replace(made, stack=replace(stack, program=dict(stack.program)))


@dataclass(frozen=True)
class Cell:
    """One operation of one resource with one fault, from the request `first` on."""

    case: Case
    operation: str
    fault: Fault
    first: int = 0
    lasting: bool = True
    dynamic: bool = False

    def __str__(self) -> str:
        when = "from" if self.lasting else "at"
        host = ", dynamic" if self.dynamic else ""
        where = f"{self.case.name}: {self.operation}"
        return f"{where}, {self.fault.name} {when} request {self.first}{host}"


@dataclass
class Outcome:
    """What came of a cell."""

    cell: Cell
    message: str = ""
    unfinished: bool = False
    unanswered: bool = False
    rounds: list[str] = field(default_factory=list)
    """The messages of the following runs, until everything agreed; an empty text is a success."""
    wrong: str = ""

    @property
    def adopted(self) -> bool:
        """Whether the next run named the existing resource, and adopted it on request."""
        return len(self.rounds) == 2 and "`adopt`" in self.rounds[0] and not self.rounds[1]

    @property
    def word(self) -> str:
        """What came of it, in one word of `WORDS`."""
        if self.wrong or not (self.adopted or self.rounds in ([], [""])):
            return "WRONG"
        if self.adopted:
            return "adopt"
        if not self.message:
            return "succeeds"
        return "partial" if self.unfinished else "fails"


WORDS = ("succeeds", "fails", "partial", "adopt", "WRONG")
"""From good to bad."""


def cells(case: Case, operation: str) -> Iterator[Cell]:
    """Yield every fault at each request of an operation: passing, and lasting from there on."""
    prepared = world(case, operation)
    prepared.act(operation)
    names = prepared.line.names
    # Of looks that follow one another, the first stands for all.
    places = [n for n, name in enumerate(names) if n == 0 or name != names[n - 1]]
    for fault in FAULTS:
        if fault.skew:
            yield Cell(case, operation, fault)
            continue
        for first in places:
            yield Cell(case, operation, fault, first)
            yield Cell(case, operation, fault, first, lasting=False)


def outcomes(case: Case, operation: str) -> list[Outcome]:
    """Return what came of every fault of an operation.

    The hosts differ only in what they keep of what is unfinished or unanswered: there both run.
    """
    found = [play(cell) for cell in cells(case, operation)]
    differ = [each.cell for each in found if each.unfinished or each.unanswered]
    return found + [play(replace(cell, dynamic=True)) for cell in differ]


def play(cell: Cell) -> Outcome:
    """Let the fault happen, then heal, and bring everything in line."""
    prepared = world(cell.case, cell.operation)
    outcome = Outcome(cell)
    before = prepared.stack.id
    prepared.stack.dynamic = cell.dynamic
    prepared.line.set(cell.fault, cell.first, math.inf if cell.lasting else 1)
    try:
        prepared.act(cell.operation)
    except LivePullError as error:
        outcome.message, outcome.unfinished = str(error), isinstance(error, Unfinished)
        outcome.unanswered = isinstance(error, Unanswered)
    prepared.line.set(None)
    changes = cell.operation not in ("read", "list")
    lost = not changes and prepared.stack.id != before
    _heal(prepared, outcome)
    if lost or (not changes and prepared.stack.id != before):
        outcome.wrong = "it was lost"
    return outcome


def _heal(prepared: World, outcome: Outcome) -> None:
    """Run it again, as the message says, until the vendor and the state agree."""
    again = "delete" if outcome.cell.operation == "delete" else "create"
    for _ in range(3):
        if prepared.count() > 1:
            outcome.wrong = "it exists twice"
        disagree = prepared.agree()
        if not disagree and not (again == "delete" and prepared.stack.id):
            return
        try:
            prepared.act(again)
            outcome.rounds.append("")
        except LivePullError as error:
            outcome.rounds.append(str(error))
            if "`adopt`" in str(error):
                prepared.stack.program["adopt"] = re.findall(r'"([^" ]+)"', str(error))[-1]
    outcome.wrong = outcome.wrong or prepared.agree()
