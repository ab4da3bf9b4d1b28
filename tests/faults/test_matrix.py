"""Nothing doubles and nothing is lost, whatever goes wrong on the way to a vendor."""

import re
from pathlib import Path

import pytest

from pulumi_livepull.core.lifecycle import secrets_of
from tests.faults.line import FAULTS
from tests.faults.matrix import OPERATIONS, Outcome
from tests.faults.page import FIRST, LABELS, column, head, outcomes_of, read_tables

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("label", LABELS)
def test_vendor_and_state_agree_after_at_most_one_more_run(label: str, operation: str) -> None:
    """With any fault at any request, passing or lasting: nothing exists twice, nothing is lost.

    Nobody has to name what is there, unless the look for it fails, too, and there is no place for
    it in the state. Each message helps, and the page tells users what came of it: after a change,
    run `.venv/bin/python -m tests.faults`, and read that.
    """
    found = outcomes_of(label, operation)
    assert [each for each in found if each.word == "WRONG"] == []
    for case in {each.cell.case.name for each in found}:
        words = {each.word for each in found if each.cell.case.name == case}
        assert words >= {"succeeds", "fails"}
    named = [each.cell for each in found if each.word == "adopt"]
    dated = [cell for cell in named if cell.case.resource.identity.created and not cell.dynamic]
    assert dated == [cell for cell in named if not cell.lasting] == []
    for each in found:
        for output in filter(None, [each.message, *each.rounds]):
            assert _is_helpful(each, output), f"{each.cell}\n{output}"
    _, *cells = column(found, operation)
    assert read_tables(PAGE.read_text(encoding="utf-8"))[label][operation] == cells


def _is_helpful(outcome: Outcome, message: str) -> bool:
    """One line says what failed and where, one says what to do, and neither shows a secret."""
    resource, values = outcome.cell.case.resource, outcome.cell.case.full
    return re.fullmatch(
        rf"{resource.label()} [^\n]*(failed|was created, but): .+\n.+\.", message
    ) is not None and not any(secret in message for secret in secrets_of(resource, values))


def test_the_page_is_fresh() -> None:
    """The text before its tables, and which tables it has; the other test looks at their cells."""
    page = PAGE.read_text(encoding="utf-8")
    assert page.startswith("\n".join(head()))
    tables = read_tables(page)
    assert tuple(tables) == LABELS
    for table in tables.values():
        assert tuple(table) == (FIRST, *OPERATIONS)
        assert table[FIRST] == ["---", *(fault.name for fault in FAULTS)]
