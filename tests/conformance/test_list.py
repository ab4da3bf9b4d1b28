"""A list shows the same as an import of each resource."""

from dataclasses import replace
from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ConfigError
from tests.conformance.cases import Case
from tests.conformance.test_life import every_case
from tests.hosting import NOW, connect


def _asked(case: Case, made: Found) -> dict[str, Any]:
    """Return what the vendor's list must be asked by, and what it may be."""
    names = {*case.resource.listing.under, *case.resource.listing.by}
    camel = {case.resource.properties()[name].camel for name in names}
    return {name: value for name, value in made.state.items() if name in camel}


@every_case
def test_a_list_shows_what_an_import_would_bring(emulator: Emulator, case: Case) -> None:
    """Each with its id, the inputs that a user would write, and the same state as a look at it, or,
    where the list is partial, a part of that state.
    """
    api = connect(emulator, case.resource)
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    made = lifecycle.create(case.resource, api, inputs)
    listed = list(lifecycle.find_all(case.resource, api, _asked(case, made)))
    looked_at = lifecycle.get(case.resource, api, made.id)
    if case.resource.listing.partial:
        assert listed[0].state.items() < looked_at.state.items()
        looked_at = replace(looked_at, state=listed[0].state)
    assert listed == [looked_at]
    assert (
        lifecycle.diff(
            case.resource, listed[0].inputs, listed[0].state, listed[0].inputs, NOW
        ).changed
        == frozenset()
    )


@every_case
def test_a_list_leaves_out_what_differs_from_what_is_requested(
    emulator: Emulator, case: Case
) -> None:
    """Even if the vendor has no such filter."""
    api = connect(emulator, case.resource)
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    made = lifecycle.create(case.resource, api, inputs)
    asked = _asked(case, made)
    for name, value in case.changes.items():
        if value is None or name in asked or name not in lifecycle.listed_outputs(case.resource):
            continue
        assert list(lifecycle.find_all(case.resource, api, {**asked, name: value})) == []


@every_case
def test_what_cannot_be_asked_for_is_reported(emulator: Emulator, case: Case) -> None:
    """It fails before anything is sent."""
    api = connect(emulator, case.resource)
    with pytest.raises(ConfigError, match="cannot be filtered by nonsense: it is not an output"):
        list(lifecycle.find_all(case.resource, api, {"nonsense": 1}))
    for prop in case.resource.inputs():
        if prop.is_output and prop.camel not in lifecycle.listed_outputs(case.resource):
            with pytest.raises(ConfigError, match="it is not returned by the vendor"):
                list(lifecycle.find_all(case.resource, api, {prop.camel: 1}))
    if case.resource.listing.under:
        with pytest.raises(ConfigError, match="the vendor lists them only by"):
            list(lifecycle.find_all(case.resource, api, {}))
    assert list(emulator.journal) == []
