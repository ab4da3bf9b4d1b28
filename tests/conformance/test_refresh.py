"""A refresh of many resources reads lists, with the same result as single reads."""

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.sharing import READS_BEFORE_LIST
from pulumi_livepull.emulator import Emulator
from tests.conformance.cases import Case
from tests.conformance.test_life import every_case
from tests.hosting import NOW, connect


@every_case
def test_what_a_list_says_of_a_thing_is_what_a_look_says(emulator: Emulator, case: Case) -> None:
    """The first few are read one by one; later ones come from a list, with the same result."""
    api = connect(emulator, case.resource)
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    made = lifecycle.create(case.resource, api, inputs)
    wanted = lifecycle.read(case.resource, api, made.id, made.inputs, made.state)
    for _ in range(READS_BEFORE_LIST + 1):
        found = lifecycle.refresh(case.resource, api, made.id, made.inputs, made.state)
        assert found == wanted


@every_case
def test_what_is_gone_is_gone_in_a_refresh_of_many(emulator: Emulator, case: Case) -> None:
    """A resource that is missing from a list is read on its own."""
    api = connect(emulator, case.resource)
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    made = lifecycle.create(case.resource, api, inputs)
    for _ in range(READS_BEFORE_LIST):
        assert lifecycle.refresh(case.resource, api, made.id, made.inputs, made.state)
    lifecycle.delete(case.resource, api, made.id, made.state)
    assert lifecycle.refresh(case.resource, api, made.id, made.inputs, made.state) is None
