"""Nothing doubles and nothing is lost, whatever goes wrong on the way to a vendor."""

import re
from pathlib import Path

import pytest

from pulumi_livepull.core.lifecycle import secrets_of
from tests.faults.matrix import CASES, OPERATIONS, Outcome, outcomes
from tests.faults.page import text

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"

every_operation = pytest.mark.parametrize("operation", OPERATIONS)
every_case = pytest.mark.parametrize("name", [case.name for case in CASES])


@every_operation
@every_case
def test_vendor_and_state_agree_after_at_most_one_more_run(name: str, operation: str) -> None:
    """With any fault at any request, passing or lasting: nothing exists twice, nothing is lost.

    Nobody has to name what is there, unless the look for it fails, too, and there is no place for
    it in the state.
    """
    found = outcomes(name, operation)
    assert [each for each in found if each.word == "WRONG"] == []
    assert {each.word for each in found} >= {"succeeds", "fails"}
    named = [each.cell for each in found if each.word == "adopt"]
    dated = [cell for cell in named if cell.case.resource.identity.created and not cell.dynamic]
    assert dated == [cell for cell in named if not cell.lasting] == []


@every_operation
@every_case
def test_every_message_helps(name: str, operation: str) -> None:
    """One line says what failed and where, one says what to do, and neither shows a secret."""
    for each in outcomes(name, operation):
        for output in filter(None, [each.message, *each.rounds]):
            assert _is_helpful(each, output), f"{each.cell}\n{output}"


def _is_helpful(outcome: Outcome, message: str) -> bool:
    resource, values = outcome.cell.case.resource, outcome.cell.case.full
    return re.fullmatch(
        rf"{resource.label()} [^\n]*(failed|was created, but): .+\n.+\.", message
    ) is not None and not any(secret in message for secret in secrets_of(resource, values))


def test_the_page_is_fresh() -> None:
    """After a change, run `.venv/bin/python -m tests.faults`, and read what it tells users."""
    assert PAGE.read_text(encoding="utf-8") == text()
