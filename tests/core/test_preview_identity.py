"""preview: an update keeps identifying outputs, so dependent resources show no change."""

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.emulator import Emulator
from tests.conformance.cases import Case
from tests.conformance.every import CASES
from tests.core.samples import checked
from tests.hosting import connect

IDENTITY = {"taskId", "projectId", "createTime"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_identifies_a_thing_stays_known_when_it_changes(
    emulator: Emulator, case: Case
) -> None:
    """Otherwise, a callback whose app is a task's id would seem to be replaced with every edit."""
    inputs = checked(case.resource, case.full)
    made = lifecycle.create(case.resource, connect(emulator, case.resource), inputs)
    outputs = IDENTITY & {prop.camel for prop in case.resource.properties().values()}
    unborn = lifecycle.preview(case.resource, {}, {}, inputs)
    planned = lifecycle.preview(case.resource, made.inputs, made.state, inputs)
    assert {name: unborn[name] for name in outputs} == dict.fromkeys(outputs, UNKNOWN)
    assert {name: planned[name] for name in outputs} == {name: made.state[name] for name in outputs}
