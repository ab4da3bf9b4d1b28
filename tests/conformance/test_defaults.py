"""Which inputs the cases have, and that writing an input's documented default changes nothing."""

from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource
from tests.conformance.cases import Case
from tests.conformance.every import CASES
from tests.hosting import NOW

DEFAULTS = [
    pytest.param(case, prop, id=f"{case.resource.label()}-{at}-{prop.name}")
    for at, case in enumerate(CASES)
    for prop in case.resource.inputs()
    if prop.unset_means is not None
]


@pytest.mark.parametrize("kind", dict.fromkeys(case.resource for case in CASES))
def test_every_input_is_in_a_case(kind: type[Resource]) -> None:
    """So that all of the shared tests try a new one. Add it to `full` and to `changes`."""
    own = {prop.camel for prop in kind.inputs() if prop.name not in Resource.model_fields}
    cases = [case for case in CASES if case.resource is kind]
    assert own == {name for case in cases for name in {*case.full, *case.elsewhere}}


@pytest.mark.parametrize("size", ["smallest", "full"])
@pytest.mark.parametrize(("case", "prop"), DEFAULTS)
def test_no_caution_is_silenced_by_writing_the_documented_default(
    case: Case, prop: Property, size: str
) -> None:
    """Omitting an input and setting its default mean the same, so both cause the same warnings."""
    given: dict[str, Any] = getattr(case, size)
    without = {name: value for name, value in given.items() if name != prop.camel}
    written = without | {prop.camel: prop.unset_means}
    unsaid = lifecycle.check(case.resource, {}, without, NOW).cautions
    assert set(unsaid) <= set(lifecycle.check(case.resource, {}, written, NOW).cautions)
