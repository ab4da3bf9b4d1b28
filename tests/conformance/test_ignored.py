"""Inputs that a vendor ignores beside the others."""

from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Ignored, Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors import byteplus, volcengine
from pulumi_livepull.vendors.tencentcloud.pull_stream_task import PullStreamTask
from tests.conformance.cases import tencentcloud as tencent_cases
from tests.conformance.cases import volcengine as volcengine_cases
from tests.hosting import NOW, connect

TASKS = [
    resource
    for vendor in (volcengine.VENDOR, byteplus.VENDOR)
    for resource in vendor.resources
    if resource.__name__ == "PullToPushTask"
]
PICTURE = tencent_cases.LIVE | {
    "sourceType": "PullPicPushLive",
    "sourceUrls": ["https://files.example.org/1.png"],
}
IGNORED = [
    *(
        (PullStreamTask, given, extra)
        for given in (tencent_cases.LIVE, PICTURE)
        for extra in (
            {"vodLoopTimes": 0},
            {"vodLoopTimes": 3, "vodLocalMode": 1},
            {"vodRefreshType": "ContinueBreakPoint"},
            {"fileIndex": 1, "offsetTime": 30},
        )
    ),
    *(
        (task, volcengine_cases.LIVE, extra)
        for task in TASKS
        for extra in (
            {"cycleMode": 2},
            {"playTimes": 3, "preDownload": 0, "continueStrategy": 1},
            {"domain": "push.example.com", "app": "live", "stream": "1"},
        )
    ),
]


@pytest.mark.parametrize(("resource", "given", "extra"), IGNORED)
def test_what_the_vendor_ignores_is_told_and_is_no_difference(
    emulator: Emulator, resource: type[Resource], given: dict[str, Any], extra: dict[str, Any]
) -> None:
    """The vendor may show nothing of it, or its own default: neither is drift."""
    api = connect(emulator, resource)
    checked = lifecycle.check(resource, {}, given | extra, NOW)
    told = {each.property for each in checked.cautions if isinstance(each, Ignored)}
    assert told == extra.keys()
    made = lifecycle.create(resource, api, checked.inputs)
    found = lifecycle.refresh(resource, api, made.id, made.inputs, made.state)
    assert found is not None
    for state in (made.state, found.state):
        assert not lifecycle.diff(resource, made.inputs, state, checked.inputs, NOW).changed


@pytest.mark.parametrize("given", [tencent_cases.LIVE, PICTURE])
def test_an_import_writes_nothing_that_the_vendor_ignores(
    emulator: Emulator, given: dict[str, Any]
) -> None:
    """A preview of what was imported would warn of it."""
    api = connect(emulator, PullStreamTask)
    inputs = lifecycle.check(PullStreamTask, {}, given, NOW).inputs
    made = lifecycle.create(PullStreamTask, api, inputs)
    imported = lifecycle.get(PullStreamTask, api, made.id).inputs
    assert lifecycle.check(PullStreamTask, {}, imported, NOW).cautions == []
