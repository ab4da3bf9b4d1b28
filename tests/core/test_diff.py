"""diff: what differs between inputs and the known state, and what that needs."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Diff
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from tests.conformance.cases import volcengine
from tests.core.samples import (
    CALLBACK,
    FILES,
    KEY,
    LIVE,
    Given,
    Inputs,
    checked,
    json_values,
    valid,
)
from tests.hosting import NOW

EVENTS = [
    *("ResetTaskConfig", "TaskAlarm", "TaskExit"),
    *("TaskStart", "VodSourceFileFinish", "VodSourceFileStart"),
]

STATE_NAMES = [prop.camel for prop in (*PullTask.inputs(), *RecordCallback.inputs())]

NOTHING = Diff(delete_before_replace=True)
"""No difference; a user may still ask for a replacement, which deletes first."""


def compare(
    old: Inputs, new: Inputs, resource: type[Resource] = PullTask, state: Inputs | None = None
) -> Diff:
    """Compare two inputs; the state is that of the old ones, and `state`."""
    before, after = checked(resource, old), checked(resource, new)
    return lifecycle.diff(resource, before, before | (state or {}), after, NOW)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("endTime", "2030-01-02T12:00:00Z", "2030-01-02T20:00:00+08:00"),
        ("callbackEvents", ["TaskExit", "TaskStart"], ["TaskStart", "TaskExit"]),
        ("vodLoopTime", None, -1),
        ("vodLoopTime", -1, None),
        ("vodRefreshType", "immediate_new_source", None),
        ("vodStartVideoIndex", None, 0),
        ("callbackEvents", None, EVENTS),
        ("callbackUrl", None, ""),
        ("adopt", "cn-north-4/one", None),
        ("adopt", None, "cn-north-4/one"),
    ],
)
def test_what_means_the_same_is_not_a_difference(name: str, old: Any, new: Any) -> None:
    """Equal times, equal sets, documented defaults, and inputs that only affect the create."""
    assert compare({**FILES, name: old}, {**FILES, name: new}) == NOTHING


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("region", "cn-north-4"),
        ("startTime", "2030-01-01T12:00:00Z"),
        ("endTime", "2030-01-05T12:00:00Z"),
        ("running", False),
        ("callbackEvents", ["TaskExit"]),
    ],
)
def test_what_the_vendor_chose_for_an_input_never_set_is_not_a_difference(
    name: str, chosen: Any
) -> None:
    """A server's default may be anything."""
    assert not compare(FILES, FILES, state={name: chosen}).changed


@pytest.mark.parametrize("name", ["startTime", "endTime", "running", "region"])
def test_an_input_that_the_vendor_chooses_can_be_taken_back(name: str) -> None:
    """If omitted, the vendor chooses, so the existing value is fine."""
    given = {"region": "cn-north-4", "running": False}.get(name, "2030-01-05T12:00:00Z")
    assert not compare({**FILES, name: given}, FILES).changed


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("vodLoopTime", 3),
        ("vodRefreshType", "continue_from_file_start"),
        ("vodStartVideoIndex", 1),
        ("vodStartVideoTime", 9),
        ("callbackEvents", ["TaskExit"]),
    ],
)
def test_clearing_an_input_with_a_documented_default_is_a_change(name: str, old: Any) -> None:
    """The default is known, so a removed field must return to it."""
    found = compare({**FILES, name: old}, FILES)
    assert (found.changed, found.replaces) == ({name}, set())


def test_clearing_an_input_that_already_has_its_default_is_not_a_difference() -> None:
    """Listing all events or none has the same effect."""
    assert compare({**FILES, "callbackEvents": EVENTS}, FILES) == NOTHING


@pytest.mark.parametrize("resource", [PullTask, RecordCallback])
def test_an_immutable_input_replaces_when_it_is_changed(resource: type[Resource]) -> None:
    """The preview shows that the update will replace it."""
    old = checked(resource, FILES if resource is PullTask else CALLBACK)
    for prop in resource.inputs():
        if not prop.has(Trait.IMMUTABLE):
            continue
        news = {**old, prop.camel: UNKNOWN}
        found = lifecycle.diff(resource, old, old, news, NOW)
        assert (found.changed, found.replaces) == ({prop.camel}, {prop.camel})
        assert found.delete_before_replace
        assert ("goes off air" in found.note) is (resource is PullTask)


@pytest.mark.parametrize("unknown", [UNKNOWN, ["https://files.example.com/a.mp4", UNKNOWN]])
def test_an_unknown_input_is_a_change(unknown: Any) -> None:
    """It may turn out to be the same, but a preview cannot know that."""
    before = checked(PullTask, FILES)
    found = lifecycle.diff(PullTask, before, before, {**before, "sourceUrls": unknown}, NOW)
    assert (found.changed, found.replaces) == ({"sourceUrls"}, set())


def test_a_live_task_is_replaced_for_any_change() -> None:
    """The vendor accepts a change of a live task and ignores it."""
    found = compare(LIVE, {**LIVE, "sourceUrls": ["rtmp://play.example.com/live/two"]})
    assert found.replaces == found.changed == {"sourceUrls"}


def test_clearing_an_immutable_input_replaces() -> None:
    """It is a change like any other."""
    found = compare({**FILES, "callbackUrl": "https://h.example.com/"}, FILES)
    assert found.replaces == {"callbackUrl"}


def test_the_key_is_replaced_only_when_it_is_taken_away() -> None:
    """A new key is updated in place, but a cleared key could not be verified."""
    with_key = CALLBACK | {"key": KEY, "signType": "MD5"}
    other = with_key | {"key": KEY[::-1]}
    without = CALLBACK | {"signType": "MD5"}
    assert compare(with_key, other, RecordCallback).replaces == set()
    assert compare(with_key, other, RecordCallback).changed == {"key"}
    assert compare(without, with_key, RecordCallback).replaces == set()
    assert compare(with_key, without, RecordCallback).replaces == {"key"}


def test_what_ended_is_replaced_for_any_change_and_a_note_says_so() -> None:
    """A reviewer must see that the edit creates a new task."""
    ended = {**checked(PullTask, FILES), "endTime": "2030-01-01T11:00:00Z"}
    later = {**ended, "endTime": "2030-01-02T12:00:00Z", "vodLoopTime": 2}
    found = lifecycle.diff(PullTask, ended, ended, later, NOW)
    assert found.replaces == found.changed == {"endTime", "vodLoopTime"}
    assert found.note == (
        "huaweicloud.PullTask push.example.com/live ended at 2030-01-01T11:00:00Z: "
        "this change deletes it and creates a new one"
    )
    assert lifecycle.diff(PullTask, ended, ended, ended, NOW) == NOTHING


@pytest.mark.parametrize("end", [5, "soon", "2030-01-01T11:00:00", None])
def test_an_end_that_cannot_be_read_has_not_come(end: Any) -> None:
    """A state may contain any value that the vendor returned."""
    state = {**checked(PullTask, FILES), "endTime": end}
    found = lifecycle.diff(PullTask, {}, state, {**FILES, "vodLoopTime": 2}, NOW)
    assert (found.changed, found.note) == ({"vodLoopTime"}, "")


@pytest.mark.parametrize(
    ("resource", "given"), [(PullTask, FILES), (RecordCallback, CALLBACK)], ids=["task", "callback"]
)
def test_naming_the_region_where_it_lives_already_is_not_a_difference(
    resource: type[Resource], given: Inputs, api: Client
) -> None:
    """Setting the configured region explicitly changes nothing."""
    inputs = checked(resource, given)
    made = lifecycle.create(resource, api, inputs)
    named = {**inputs, "region": "cn-north-4"}
    assert lifecycle.diff(resource, inputs, made.state, named, NOW) == NOTHING


# Where it differs.

TASK: Inputs = FILES | {"vodLoopTime": 3, "callbackEvents": ["TaskAlarm", "TaskExit"]}
ONE, TWO = FILES["sourceUrls"]
THREE = "https://files.example.com/c.mp4"


@pytest.mark.parametrize(
    ("edit", "details"),
    [
        ({"vodLoopTime": 4}, {"vodLoopTime": "update"}),
        ({"vodLoopTime": None}, {"vodLoopTime": "delete"}),
        ({"vodStartVideoTime": 9}, {"vodStartVideoTime": "add"}),
        ({"vodLoopTime": UNKNOWN}, {"vodLoopTime": "update"}),
        ({"pushArgs": UNKNOWN}, {"pushArgs": "add"}),
        ({"sourceUrls": [ONE, THREE]}, {"sourceUrls[1]": "update"}),
        ({"sourceUrls": [TWO, ONE]}, {"sourceUrls[0]": "update", "sourceUrls[1]": "update"}),
        ({"sourceUrls": [ONE, TWO, THREE]}, {"sourceUrls[2]": "add"}),
        ({"sourceUrls": [ONE]}, {"sourceUrls[1]": "delete"}),
        ({"sourceUrls": [ONE, UNKNOWN]}, {"sourceUrls[1]": "update"}),
        ({"sourceUrls": [ONE, TWO, UNKNOWN]}, {"sourceUrls[2]": "add"}),
        ({"sourceUrls": UNKNOWN}, {"sourceUrls": "update"}),
        ({"callbackEvents": ["TaskExit"]}, {"callbackEvents[0]": "delete"}),
        (
            {"callbackEvents": ["TaskStart", "TaskExit", "TaskAlarm"]},
            {"callbackEvents[2]": "add"},
        ),
        ({"callbackEvents": ["TaskStart", "TaskAlarm"]}, {"callbackEvents[1]": "update"}),
        (
            {"callbackEvents": ["ResetTaskConfig", "TaskAlarm"]},
            {"callbackEvents[0]": "add", "callbackEvents[1]": "delete"},
        ),
        ({"callbackEvents": None}, {"callbackEvents": "delete"}),
        ({"callbackEvents": ["TaskAlarm", UNKNOWN]}, {"callbackEvents[1]": "update"}),
        (
            {"callbackEvents": [UNKNOWN, "TaskAlarm"]},
            {"callbackEvents[0]": "add", "callbackEvents[1]": "delete"},
        ),
        ({"callbackUrl": "https://h.example.com/"}, {"callbackUrl": "add"}),
        (
            {"vodLoopTime": 4, "vodStartVideoTime": 9},
            {"vodLoopTime": "update", "vodStartVideoTime": "add"},
        ),
    ],
)
def test_each_path_that_differs_is_reported_with_what_happens_to_it(
    edit: Inputs, details: dict[str, str]
) -> None:
    """A reviewer sees which one of thirty addresses changed; the order of a set is ignored."""
    before, after = checked(PullTask, TASK), checked(PullTask, TASK | edit)
    found = lifecycle.diff(PullTask, before, before, after, NOW)
    assert found.details == details


WATERMARK = volcengine.WATERMARK
FILE = {"srcAddr": "https://files.example.org/1.mp4", "startOffset": 1.5}


@pytest.mark.parametrize(
    ("old", "new", "details"),
    [
        (
            {"watermark": WATERMARK},
            {"watermark": WATERMARK | {"relativePosX": 0.25, "ratio": 0.1}},
            {"watermark.relativePosX": "update", "watermark.ratio": "update"},
        ),
        (
            {"watermark": WATERMARK},
            {"watermark": WATERMARK | {"picture": UNKNOWN}},
            {"watermark.picture": "update"},
        ),
        ({"watermark": WATERMARK}, {}, {"watermark": "delete"}),
        ({}, {"watermark": WATERMARK}, {"watermark": "add"}),
        (
            {"vodSrcAddrs": [FILE]},
            {"vodSrcAddrs": [{"srcAddr": FILE["srcAddr"], "endOffset": 9}]},
            {"vodSrcAddrs[0].endOffset": "add", "vodSrcAddrs[0].startOffset": "delete"},
        ),
        ({"vodSrcAddrs": [FILE]}, {"vodSrcAddrs": [FILE, FILE]}, {"vodSrcAddrs[1]": "add"}),
    ],
)
def test_a_path_leads_into_objects(old: Inputs, new: Inputs, details: dict[str, str]) -> None:
    """With the user's spelling."""
    before, after = (
        checked(PullToPushTask, volcengine.FILES | old),
        checked(PullToPushTask, volcengine.FILES | new),
    )
    found = lifecycle.diff(PullToPushTask, before, before, after, NOW)
    assert found.details == details


@pytest.mark.parametrize(
    ("state", "details"),
    [
        ({"callbackEvents": 7}, {"callbackEvents": "update"}),
        ({"callbackEvents": "all"}, {"callbackEvents": "update"}),
        ({"sourceUrls": [ONE, TWO, None]}, {"sourceUrls": "update"}),
        ({"sourceUrls": {"a": ONE}}, {"sourceUrls": "update"}),
    ],
)
def test_a_state_that_makes_no_sense_differs_as_a_whole(
    state: Inputs, details: dict[str, str]
) -> None:
    """A vendor may answer anything, and a difference without a path would not be shown."""
    before = checked(PullTask, TASK)
    found = lifecycle.diff(PullTask, before, before | state, before, NOW)
    assert (found.details, found.changed) == (details, details.keys())


def tops(found: Diff) -> set[str]:
    """Return the inputs that the details are about."""
    return {path.partition("[")[0].partition(".")[0] for path in found.details}


@given(valid, valid, st.dictionaries(st.sampled_from(STATE_NAMES), json_values, max_size=4))
def test_there_are_details_of_all_that_changed_and_of_nothing_else(
    one: Given, two: Given, odd: Inputs
) -> None:
    """The engine treats the details as complete, whatever the state contains."""
    resource = one[0]
    assume(resource is two[0])
    old, new = checked(*one), checked(*two)
    for state in (old, old | odd):
        found = lifecycle.diff(resource, old, state, new, NOW)
        assert tops(found) == found.changed


@given(valid)
def test_what_was_requested_does_not_differ_from_itself(sample: Given) -> None:
    """diff(x, x) is empty."""
    resource, given_ = sample
    inputs = checked(resource, given_)
    assert lifecycle.diff(resource, inputs, inputs, inputs, NOW) == NOTHING


@given(valid, valid)
def test_what_replaces_has_changed(one: Given, two: Given) -> None:
    """replaces ⊆ changed, and both name inputs as a user spells them."""
    resource = one[0]
    assume(resource is two[0])
    old, new = checked(*one), checked(*two)
    found = lifecycle.diff(resource, old, old, new, NOW)
    assert found.replaces <= found.changed <= {prop.camel for prop in resource.inputs()}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sample=valid)
def test_what_was_created_does_not_differ_from_what_was_requested(
    api: Client, emulator: Emulator, sample: Given
) -> None:
    """Whatever the vendor adds, echoes or reorders, the next preview shows no change."""
    resource, given_ = sample
    if resource is PullTask:
        assume("domain" in given_ or "appName" not in given_)
    emulator.reset()
    inputs = checked(resource, given_)
    made = lifecycle.create(resource, api, inputs)
    assert lifecycle.diff(resource, made.inputs, made.state, inputs, NOW) == NOTHING
    found = lifecycle.read(resource, api, made.id, made.inputs, made.state)
    assert found is not None
    assert found.inputs == inputs
