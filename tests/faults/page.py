"""docs/faults.md: what the matrix found, in a table for each resource."""

import re
from collections.abc import Iterable, Iterator

from tests.faults.line import FAULTS, Fault
from tests.faults.matrix import CASES, OPERATIONS, WORDS, Cell, Outcome, outcomes, play

INTRODUCTION = """\
# When something goes wrong on the way

A generated page: `python -m tests.faults` writes it, and a test fails when it is stale.

Each operation of each resource was run against the emulator with each fault at each of its \
requests, once passing and once lasting to the end of the operation.
Then all went well, and the same was run once more.
In every case the vendor and the state agreed afterwards: nothing existed twice, nothing was lost.
A task that was on air was on air again.

A cell holds the worst that a user sees of a passing and of a lasting fault:

| Word | Meaning |
| --- | --- |
| fine | It succeeds all the same: it was tried again, or looked for. |
| told | It fails with a message, and the state is as it was. The next run brings it about. |
| kept | It fails with a message after a part came about, which is kept in the state. \
The next run does the rest. |
| adopt | Neither the answer of a creation nor the look that follows it was to be had. \
The next run makes no second one, names the one that is there, and takes it over once `adopt` is \
set to its id. In [the plugin](hosts.md), it takes over Huawei's by itself: their time of creation \
tells that they are the ones. |

A fault of a creation after the thing was made is kept in both hosts; \
the dynamic host then warns instead of failing.
"""

SAMPLE = "huaweicloud.PullTask, live"
"""The case whose messages are shown."""


def text() -> str:
    """Return the whole page."""
    found = [each for case in CASES for name in OPERATIONS for each in outcomes(case.name, name)]
    names = dict.fromkeys(each.cell.case.resource.label() for each in found)
    tables = (_table(name, found) for name in names)
    return "\n".join([INTRODUCTION, *_said(), *(line for table in tables for line in table)])


def _table(label: str, found: Iterable[Outcome]) -> Iterator[str]:
    own = [each for each in found if each.cell.case.resource.label() == label]
    yield f"## {label}\n"
    yield _row("Fault, passing / lasting", *OPERATIONS)
    yield _row(*["---"] * (1 + len(OPERATIONS)))
    for fault in FAULTS:
        yield _row(fault.name, *(_words(own, fault, operation) for operation in OPERATIONS))
    yield ""


def _words(found: Iterable[Outcome], fault: Fault, operation: str) -> str:
    own = [e for e in found if (e.cell.fault, e.cell.operation) == (fault, operation)]
    passing = [each.word for each in own if not each.cell.lasting]
    lasting = [each.word for each in own if each.cell.lasting]
    return " / ".join(max(words, key=WORDS.index) for words in (passing, lasting) if words)


def _said() -> Iterator[str]:
    """Yield what a lasting fault makes a creation say."""
    case = next(case for case in CASES if case.name == SAMPLE)
    yield "## What is said\n"
    yield f"When the fault lasts from the request on that makes a {case.resource.label()}:\n"
    yield _row("Fault", "Message")
    yield _row("---", "---")
    made_by = 2  # After the project and a duplicate were looked for.
    for fault in FAULTS:
        told = play(Cell(case, "create", fault, 0 if fault.skew else made_by)).told
        told = re.sub(r"(?<=request id )[0-9a-f-]+", "…", told).replace("\n", "<br>")
        yield _row(fault.name, told or "nothing: it succeeds")
    yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
