"""preview: the deployment results in what the preview showed."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.core.property import has_unknown
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.conformance.cases import Case, volcengine
from tests.conformance.test_life import every_case
from tests.core.samples import CALLBACK, FILES, KEY, REGION, Given, Inputs, checked, valid
from tests.hosting import connect


def promise_is_kept(planned: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Compare a preview with the result: known values are right, and nothing else appears."""
    known = {name: value for name, value in planned.items() if not has_unknown(value)}
    assert known == {name: state.get(name) for name in known}
    assert state.keys() <= planned.keys()


def edits(case: Case) -> Iterator[Inputs]:
    """Yield edits of a program: minimal inputs, all inputs, and changes of single inputs."""
    yield from ({**case.smallest, name: value} for name, value in case.full.items())
    for name, value in {**case.full, **case.changes}.items():
        for left_out in ["", *case.full]:
            edited = {**case.full, name: value}
            yield {name: value for name, value in edited.items() if name != left_out}


def _mutable(resource: type[Resource]) -> set[str]:
    return {prop.camel for prop in resource.inputs() if prop.name in resource.mutable()}


def plan(resource: type[Resource], made: Found, news: Inputs) -> Inputs:
    """Return what an update is planned to yield."""
    return lifecycle.preview(resource, made.inputs, made.state, news)


@every_case
@pytest.mark.parametrize("which", ["smallest", "full"])
def test_a_creation_yields_what_its_preview_showed(
    case: Case, which: str, emulator: Emulator
) -> None:
    """For every resource, with minimal and with all inputs."""
    inputs = checked(case.resource, getattr(case, which))
    planned = lifecycle.preview(case.resource, {}, {}, inputs)
    made = lifecycle.create(case.resource, connect(emulator, case.resource), inputs)
    promise_is_kept(planned, made.state)
    assert inputs.items() <= planned.items()


@every_case
@pytest.mark.parametrize("which", ["smallest", "full"])
def test_an_update_yields_what_its_preview_showed(
    case: Case, which: str, emulator: Emulator
) -> None:
    """For every edit that needs no replacement, one after the other."""
    api, resource = connect(emulator, case.resource), case.resource
    made = lifecycle.create(resource, api, checked(resource, getattr(case, which)))
    for edited in edits(case):
        news = lifecycle.check(resource, made.inputs, edited, api.now())
        found = lifecycle.diff(resource, made.inputs, made.state, news.inputs, api.now())
        if news.failures or found.replaces or not found.changed:
            continue
        planned = plan(resource, made, news.inputs)
        state = lifecycle.update(resource, api, made.id, made.inputs, made.state, news.inputs)
        promise_is_kept(planned, state)
        made = Found(made.id, news.inputs, state)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=valid, two=valid)
def test_whatever_is_requested_the_preview_is_right(
    api: Client, emulator: Emulator, one: Given, two: Given
) -> None:
    """For random inputs, in a create and in an update."""
    resource = one[0]
    assume(resource is two[0])
    emulator.reset()
    inputs, news = checked(*one), checked(*two)
    made = lifecycle.create(resource, api, inputs)
    promise_is_kept(lifecycle.preview(resource, {}, {}, inputs), made.state)
    fixed = {name for name in (*inputs, *news) if name not in _mutable(resource)}
    news = {name: value for name, value in news.items() if name not in fixed}
    news |= {name: value for name, value in inputs.items() if name in fixed}
    assume(not lifecycle.diff(resource, inputs, made.state, news, api.now()).replaces)
    assume(not lifecycle.check(resource, inputs, news, api.now()).failures)
    planned = plan(resource, made, news)
    state = lifecycle.update(resource, api, made.id, inputs, made.state, news)
    promise_is_kept(planned, state)


# What is known, and what is not.

MADE = Found(
    f"{REGION}/1",
    FILES | {"callbackEvents": ["TaskExit"], "running": False},
    FILES
    | {
        "region": REGION,
        "vodLoopTime": -1,
        "callbackEvents": ["TaskExit"],
        "running": False,
        "taskId": "1",
        "projectId": "ours",
        "status": "pause",
        "createTime": "2030-01-01T12:00:00Z",
    },
)


def test_an_update_leaves_what_only_a_creation_decides() -> None:
    """So that dependent resources show no change. Only the status may differ."""
    planned = plan(PullTask, MADE, MADE.inputs | {"vodLoopTime": 2})
    lasting = ("region", "projectId", "createTime")
    assert {name: planned[name] for name in lasting} == {name: MADE.state[name] for name in lasting}
    assert planned["status"] is UNKNOWN


def test_what_the_vendor_returned_only_once_stays() -> None:
    """It is returned by the create and never again."""
    source = checked(RelaySource, volcengine.SOURCE)
    made = Found("pull.example.com/live/s1", source, source | {"taskId": "7"})
    assert plan(RelaySource, made, source)["taskId"] == "7"


def test_an_output_that_a_state_lacks_may_come() -> None:
    """A create that could not be read back leaves a state without it."""
    planned = plan(PullTask, Found(MADE.id, FILES, FILES), FILES)
    assert planned["projectId"] is UNKNOWN


def test_a_default_that_stays_is_known() -> None:
    """The vendor shows the default of an input that was never set."""
    assert plan(PullTask, MADE, MADE.inputs)["vodLoopTime"] == -1


@pytest.mark.parametrize("name", ["callbackEvents", "vodLoopTime"])
def test_an_input_that_is_cleared_is_not_shown_as_it_was(name: str) -> None:
    """The vendor may show any value afterwards."""
    value = {"callbackEvents": ["TaskExit"], "vodLoopTime": 3}[name]
    made = Found(MADE.id, FILES | {name: value}, MADE.state | {name: value})
    assert plan(PullTask, made, FILES)[name] is UNKNOWN


def test_running_that_was_removed_is_not_shown() -> None:
    """A state contains `running` only while the inputs do."""
    assert "running" not in plan(PullTask, MADE, FILES)
    assert "running" not in lifecycle.preview(PullTask, {}, {}, FILES)
    files = checked(PullToPushTask, volcengine.FILES)
    assert "dstAddr" not in lifecycle.preview(PullToPushTask, {}, {}, files)


def test_what_is_unknown_stays_unknown_and_the_rest_is_known() -> None:
    """Also inside a list."""
    urls = [FILES["sourceUrls"][0], UNKNOWN]
    planned = lifecycle.preview(PullTask, {}, {}, FILES | {"sourceUrls": urls, "endTime": UNKNOWN})
    assert (planned["sourceUrls"], planned["endTime"]) == (urls, UNKNOWN)
    assert planned["destinationUrl"] == FILES["destinationUrl"]


def test_neither_a_missing_key_nor_the_means_of_an_adoption_is_foreseen() -> None:
    """A state never contains them."""
    planned = lifecycle.preview(RecordCallback, {}, {}, CALLBACK | {"adopt": "cn-north-4/1"})
    assert {"key", "adopt"} & planned.keys() == set()
    assert lifecycle.preview(RecordCallback, {}, {}, CALLBACK | {"key": KEY})["key"] == KEY
