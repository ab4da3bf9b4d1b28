"""docs/faults.md: what the matrix found, in a table for each resource."""

import re
from collections.abc import Iterable, Iterator

from pulumi_livepull.core.resource import Resource
from tests.conformance import every
from tests.faults.line import FAULTS, Fault
from tests.faults.matrix import CASES, OPERATIONS, WORDS, Cell, Outcome, outcomes, play

INTRODUCTION = """\
# Faults and their outcomes

`python -m tests.faults` generates this page, and a test fails if it is out of date.

Each operation of each resource was run against the emulator with each of these faults, injected \
at each of the operation's requests: once for a single request, and once from that request until \
the end of the operation.
Then the fault was removed, and the same operation was run again.
In every case the vendor and the state agreed afterwards: nothing existed twice, nothing was lost, \
and every task that had been on air was on air again.

Each cell shows the worst result for a passing and for a lasting fault:

| Word | Meaning |
| --- | --- |
| succeeds | The operation succeeds: it retried, or looked up what it had done. |
| fails | The operation fails with a message and leaves the state unchanged. The next run does the \
work. |
| partial | The operation fails with a message after part of the work was done. The state keeps \
that part, and the next run does the rest. |
| adopt | Both the answer to a create and the lookup after it were lost. The next run creates \
nothing: it names the existing task, and adopts it when you set `adopt` to its id. [The \
plugin](hosts.md) adopts Huawei Cloud's tasks by itself, because their creation times show that \
this create made them. |

If a create fails after the vendor has created the resource, both hosts keep it in the state. \
The dynamic host then shows a warning instead of an error.
"""

FIRST = "Fault, passing / lasting"
"""The name of the first column."""

SAMPLE = "huaweicloud.PullTask, live"
"""The case whose messages are shown."""


LABELS = tuple(dict.fromkeys(case.resource.label() for case in CASES))
"""The resources that have a table."""


def text() -> str:
    """Return the whole page."""
    tables = {
        label: [column(outcomes_of(label, operation), operation) for operation in OPERATIONS]
        for label in LABELS
    }
    return "\n".join([*head(), *(line for each in tables.items() for line in _table(*each))])


def head() -> Iterator[str]:
    """Yield what stands before the tables."""
    yield INTRODUCTION
    yield from _editions()
    yield from _messages()


def outcomes_of(label: str, operation: str) -> list[Outcome]:
    """Return what came of every fault of an operation, in each case of a resource."""
    cases = [case for case in CASES if case.resource.label() == label]
    return [each for case in cases for each in outcomes(case, operation)]


def column(found: Iterable[Outcome], operation: str) -> list[str]:
    """Return a column of a table: its name, a rule, and the words for each fault."""
    own = list(found)
    return [operation, "---", *(_words(own, fault) for fault in FAULTS)]


def read_tables(page: str) -> dict[str, dict[str, list[str]]]:
    """Return the columns of each table of a page, by resource and name."""
    tables = {}
    for part in page.split("\n## ")[2:]:
        label, _, table = part.partition("\n\n")
        rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line]
        tables[label] = {name: list(cells) for name, *cells in zip(*rows, strict=True)}
    return tables


def _editions() -> Iterator[str]:
    """Yield a sentence on each resource that has no table, because another's is its own."""
    rest = {case.resource for case in every.CASES} - {case.resource for case in CASES}
    for kind in sorted(rest, key=lambda kind: kind.label()):
        other = next(base for base in kind.__bases__ if issubclass(base, Resource))
        yield f"- {kind.label()} does what {other.label()} does: see there."
    yield ""


def _table(label: str, columns: Iterable[list[str]]) -> Iterator[str]:
    yield f"## {label}\n"
    faults = [FIRST, "---", *(fault.name for fault in FAULTS)]
    yield from (_row(*cells) for cells in zip(faults, *columns, strict=True))
    yield ""


def _words(found: Iterable[Outcome], fault: Fault) -> str:
    own = [each for each in found if each.cell.fault == fault]
    passing = [each.word for each in own if not each.cell.lasting]
    lasting = [each.word for each in own if each.cell.lasting]
    return " / ".join(max(words, key=WORDS.index) for words in (passing, lasting) if words)


def _messages() -> Iterator[str]:
    """Yield the message of a create for each lasting fault."""
    case = next(case for case in CASES if case.name == SAMPLE)
    yield "## Messages\n"
    yield (
        f"These are the messages for a {case.resource.label()} if the fault lasts from the create "
        "request on:\n"
    )
    yield _row("Fault", "Message")
    yield _row("---", "---")
    made_by = 2  # After the project and a duplicate were looked for.
    for fault in FAULTS:
        message = play(Cell(case, "create", fault, 0 if fault.skew else made_by)).message
        message = re.sub(r"(?<=request id )[0-9a-f-]+", "…", message).replace("\n", "<br>")
        yield _row(fault.name, message or "none: it succeeds")
    yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
