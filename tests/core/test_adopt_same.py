"""create with `livepull:adoptSame`: an existing resource with the same inputs is adopted."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import LivePullError
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from tests.conformance.cases import Case
from tests.conformance.every import CASES
from tests.core.samples import FILES, Inputs, checked, tasks
from tests.hosting import connect

UNIQUE = [case for case in CASES if case.resource.identity.duplicates_within is None]

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def make(case: Case, emulator: Emulator, given: Inputs, adopt: str = "true") -> lifecycle.Found:
    """Create what a run with the setting would."""
    given = {name: value for name, value in given.items() if value is not None}
    api = connect(emulator, case.resource, adoptSame=adopt)
    return lifecycle.create(case.resource, api, checked(case.resource, given))


@every_case
def test_what_a_killed_run_left_is_adopted(
    case: Case, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """As if that run had recorded it; a warning names it."""
    left = make(case, emulator, dict(case.full), "false")
    emulator.journal.clear()
    taken = make(case, emulator, dict(case.full))
    assert (taken.id, taken.inputs) == (left.id, left.inputs)
    api = connect(emulator, case.resource)
    assert case.count(api) == 1
    assert case.operations[3] not in {entry.operation for entry in emulator.journal}
    said = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert f"{case.resource.label()} {left.id} already existed and is adopted" in said


@every_case
def test_without_the_setting_it_is_refused(case: Case, emulator: Emulator) -> None:
    """It may belong to another stack."""
    make(case, emulator, dict(case.full))
    with pytest.raises(LivePullError, match="`adopt`"):
        make(case, emulator, dict(case.full), "false")
    assert case.count(connect(emulator, case.resource)) == 1


@every_case
def test_two_of_one_program_are_never_one(case: Case, emulator: Emulator) -> None:
    """A resource that this run created is already in the stack."""
    api = connect(emulator, case.resource, adoptSame="true")
    inputs = checked(case.resource, case.full)
    made = lifecycle.create(case.resource, api, inputs).id
    if case in UNIQUE:
        with pytest.raises(LivePullError, match="`adopt`"):
            lifecycle.create(case.resource, api, inputs)
    else:
        assert lifecycle.create(case.resource, api, inputs).id != made


@pytest.mark.parametrize(
    "case",
    # A rule of Tencent's has nothing that can be changed in place.
    [case for case in UNIQUE if set(case.changes) - case.replaces],
    ids=lambda case: case.name,
)
def test_what_holds_the_key_but_differs_is_refused(case: Case, emulator: Emulator) -> None:
    """Adopting it would overwrite somebody's settings."""
    differs = {
        name: value
        for name, value in case.changes.items()
        if name not in case.replaces and name != "running"
    }
    other = make(case, emulator, {**case.full, **differs})
    api = connect(emulator, case.resource)
    before = lifecycle.read(case.resource, api, other.id, other.inputs, other.state)
    with pytest.raises(LivePullError, match="`adopt`"):
        make(case, emulator, dict(case.full))
    assert before == lifecycle.read(case.resource, api, other.id, other.inputs, other.state)


@every_case
def test_what_a_killed_run_left_is_adopted_once(case: Case, emulator: Emulator) -> None:
    """Eight resources with the same inputs in one program do not share it."""
    left = make(case, emulator, dict(case.full), "false")
    api = connect(emulator, case.resource, adoptSame="true")
    inputs = checked(case.resource, case.full)

    def create(_: int) -> str:
        try:
            return lifecycle.create(case.resource, api, inputs).id
        except LivePullError:
            return ""

    with ThreadPoolExecutor(8) as pool:
        made = [each for each in pool.map(create, range(8)) if each]
    assert len(made) == len(set(made))
    assert left.id in made


def test_what_has_more_set_than_is_requested_is_refused(emulator: Emulator) -> None:
    """Updating it would remove somebody's settings."""
    case = next(case for case in CASES if case.resource is PullTask)
    make(case, emulator, FILES | {"vodLoopTime": 3, "vodStartVideoIndex": 1})
    with pytest.raises(LivePullError, match="already does the same"):
        make(case, emulator, FILES)
    assert [task["vod_loop_time"] for task in tasks(emulator)] == ["3"]


def test_what_was_killed_half_way_is_finished(emulator: Emulator) -> None:
    """It was created but not yet stopped, and `running` is one of the inputs."""
    case = next(case for case in CASES if case.resource is PullTask)
    make(case, emulator, FILES)
    taken = make(case, emulator, FILES | {"running": False})
    assert [task["status"] for task in tasks(emulator)] == ["pause"]
    assert taken.state["running"] is False
