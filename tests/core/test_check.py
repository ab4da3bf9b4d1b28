"""check: all failures at once, each with its path, and one normal form for equal inputs."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from pulumi_livepull.vendors.volcengine.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from tests.conformance.cases import Case
from tests.conformance.every import CASES
from tests.core.samples import CALLBACK, FILES, LIVE, Given, Inputs, checked, junk, valid
from tests.hosting import NOW


def failures(resource: type[Resource], inputs: Inputs, olds: Inputs | None = None) -> Inputs:
    """Return reason by property."""
    found = lifecycle.check(resource, olds or {}, inputs, NOW)
    return {bad.property: bad.reason for bad in found.failures}


@pytest.mark.parametrize(
    ("name", "value", "normal"),
    [
        ("endTime", "2030-01-02T20:00:00+08:00", "2030-01-02T12:00:00Z"),
        ("endTime", "2030-01-02T07:00:00-05:00", "2030-01-02T12:00:00Z"),
        ("endTime", "2030-01-02T12:00:00.999Z", "2030-01-02T12:00:00Z"),
        ("endTime", "2030-01-02 12:00:00Z", "2030-01-02T12:00:00Z"),
        ("callbackEvents", ["TaskStart", "TaskExit"], ["TaskExit", "TaskStart"]),
        ("callbackEvents", ["TaskStart", "TaskStart"], ["TaskStart"]),
        ("sourceUrls", ["rtmp://b/2", "rtmp://a/1"], ["rtmp://b/2", "rtmp://a/1"]),
        ("sourceUrls", [" rtmp://b/2 ", "rtmp://a/1"], ["rtmp://b/2", "rtmp://a/1"]),
        ("region", " cn-north-4 ", "cn-north-4"),
        ("vodLoopTime", "3", 3),
        ("vodLoopTime", 3.0, 3),
        ("running", "false", False),
        ("callbackUrl", "hooks.example.com", "hooks.example.com"),
    ],
)
def test_an_input_gets_its_normal_form(name: str, value: Any, normal: Any) -> None:
    """Offsets become UTC, fractions of seconds go, sets are sorted, lists keep their order."""
    assert checked(PullTask, {**FILES, name: value})[name] == normal


@pytest.mark.parametrize("nothing", [None, "", []])
@pytest.mark.parametrize("name", ["region", "callbackUrl", "backupSourceUrls", "endTime"])
def test_an_optional_input_that_says_nothing_is_left_out(name: str, nothing: Any) -> None:
    """For every vendor, an empty text or list counts as unset, so programs may pass empty
    values."""
    if nothing == [] and name != "backupSourceUrls":
        return
    assert checked(PullTask, {**LIVE, name: nothing}) == LIVE


@pytest.mark.parametrize("blank", [" ", "\t\n"])
@pytest.mark.parametrize("name", ["region", "domain", "pushArgs"])
def test_an_optional_text_of_white_space_is_left_out(name: str, blank: str) -> None:
    """Leading and trailing white space is removed, which leaves nothing."""
    assert checked(PullTask, {**LIVE, name: blank}) == LIVE


@pytest.mark.parametrize(
    ("resource", "change", "expected"),
    [
        (PullTask, {"sourceType": None}, {"sourceType": "must be one of"}),
        (PullTask, {"sourceType": "Live"}, {"sourceType": "must be one of 'PullLivePushLive' or"}),
        (PullTask, {"sourceUrls": []}, {"sourceUrls": "needs at least 1"}),
        (PullTask, {"sourceUrls": "rtmp://h/x"}, {"sourceUrls": "must be a list"}),
        (PullTask, {"sourceUrls": {"a": "rtmp://h/x"}}, {"sourceUrls": "must be a list"}),
        (
            PullTask,
            {"sourceUrls": ["rtmp://h/0", "h", "rtmp://h/2", 3]},
            {"sourceUrls[1]": "must be a full address such as", "sourceUrls[3]": "must be a text"},
        ),
        (PullTask, {"sourceUrls": ["http://[::1"]}, {"sourceUrls[0]": "must be a full address"}),
        (PullTask, {"sourceUrls": ["rtmp://h:x/1"]}, {"sourceUrls[0]": "must be a full address"}),
        (PullTask, {"sourceUrls": ["rtmp://h/a b"]}, {"sourceUrls[0]": "contains a space"}),
        (PullTask, {"endTime": "tomorrow"}, {"endTime": "must be a time such as 2030-01-31T"}),
        (PullTask, {"endTime": "2030-01-02T12:00:00"}, {"endTime": "needs a UTC offset: end it"}),
        (PullTask, {"endTime": 1893499200}, {"endTime": "must be a time such as 2030-01-31T"}),
        (PullTask, {"vodLoopTime": 1.5}, {"vodLoopTime": "must be a whole number"}),
        (PullTask, {"vodLoopTime": "often"}, {"vodLoopTime": "must be a whole number"}),
        (PullTask, {"vodLoopTime": []}, {"vodLoopTime": "must be a whole number"}),
        (PullTask, {"vodStartVideoIndex": -1}, {"vodStartVideoIndex": "must be at least 0"}),
        (PullTask, {"running": "maybe"}, {"running": "must be true or false"}),
        (PullTask, {"running": [True]}, {"running": "must be true or false"}),
        (PullTask, {"callbackEvents": "TaskExit"}, {"callbackEvents": "must be a list"}),
        (PullTask, {"callbackEvents": [{}]}, {"callbackEvents[0]": "must be a text"}),
        (PullTask, {"callbackEvents": []}, {"callbackEvents": "needs at least 1"}),
        (RecordCallback, {"publishDomain": ""}, {"publishDomain": "must not be empty"}),
        (RecordCallback, {"publishDomain": " "}, {"publishDomain": "must not be empty"}),
        (RecordCallback, {"key": 5}, {"key": "must be a text"}),
        (RecordCallback, {"signType": "SHA1"}, {"signType": "must be one of 'HMACSHA256' or"}),
    ],
)
def test_a_value_that_cannot_be_is_a_failure_at_its_path(
    resource: type[Resource], change: Inputs, expected: Inputs
) -> None:
    """The path is that of the value itself, inside a list too, and the reason is in our words."""
    found = failures(resource, (FILES if resource is PullTask else CALLBACK) | change)
    assert found.keys() == expected.keys()
    for name, words in expected.items():
        assert found[name].startswith(words)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_time_that_no_clock_can_show_in_utc_is_a_failure(moment: str) -> None:
    """Bad inputs are never exceptions."""
    assert failures(PullTask, {**FILES, "endTime": moment}).keys() == {"endTime"}


def test_everything_wrong_is_reported_at_once() -> None:
    """So that users can fix all failures at once."""
    found = failures(
        PullTask,
        {
            "sourceUrls": ["h"],
            "sourceUrl": "rtmp://h/x",
            "endTime": "soon",
            "status": "running",
            "running": "maybe",
        },
    )
    assert set(found) == {
        "sourceUrls[0]",
        "sourceUrl",
        "endTime",
        "status",
        "running",
        "sourceType",
    }
    assert found["sourceType"] == "is required"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "sourceUrl",
            "is not an input of huaweicloud.PullTask: did you mean `sourceUrls`",
        ),
        (
            "source_urls",
            "is not an input of huaweicloud.PullTask: did you mean `sourceUrls`",
        ),
        ("zzz", "is not an input of huaweicloud.PullTask"),
        ("taskId", "is an output: remove it from the inputs"),
    ],
)
def test_a_name_that_is_not_an_input_is_reported_with_what_was_meant(
    name: str, reason: str
) -> None:
    """If a misspelled name were ignored, the setting would silently have no effect."""
    assert failures(PullTask, {**LIVE, name: "x"}) == {name: reason}


def test_a_reason_spells_names_as_the_user_does() -> None:
    """Rules say `destination_url`; a Pulumi user reads `destinationUrl`."""
    found = failures(PullTask, {**LIVE, "domain": "push.example.com"})
    assert found == {"domain": "cannot be set together with `destinationUrl`: choose one"}


@pytest.mark.parametrize(
    "unknown", [{"sourceUrls": UNKNOWN}, {"sourceUrls": ["rtmp://h/x", UNKNOWN]}]
)
def test_an_unknown_value_fails_nothing_and_stays_unknown(unknown: Inputs) -> None:
    """Rules across fields wait until the value is known."""
    given = {**LIVE, "destinationUrl": UNKNOWN, **unknown}
    found = lifecycle.check(PullTask, {}, given, NOW)
    assert found.failures == []
    assert found.inputs == given


def test_known_values_beside_an_unknown_one_are_checked() -> None:
    """Known failures are reported in the preview, not during the deployment."""
    found = failures(
        PullTask,
        {"sourceType": UNKNOWN, "sourceUrls": [UNKNOWN, "h"], "endTime": "soon", "zzz": UNKNOWN},
    )
    assert set(found) == {"sourceUrls[1]", "endTime", "zzz"}


def test_an_unknown_part_of_a_value_that_is_not_a_list_is_forgiven() -> None:
    """A map may turn out to be anything once it is known."""
    assert failures(PullTask, {**LIVE, "region": {"a": [UNKNOWN]}}) == {}


def test_a_value_that_the_vendor_does_not_document_is_only_doubtful() -> None:
    """The vendor may add events, so it decides."""
    found = lifecycle.check(PullTask, {}, {**FILES, "callbackEvents": ["TaskNap"]}, NOW)
    assert found.failures == []
    assert [(each.property, each.reason[:17]) for each in found.cautions] == [
        ("callbackEvents", 'has "TaskNap", wh')
    ]


def test_an_end_that_has_passed_is_refused_for_what_is_new_or_edited() -> None:
    """An ended task may stay in a program unchanged, but cannot be edited."""
    ended = {**LIVE, "endTime": "2030-01-01T11:59:59Z"}
    assert failures(PullTask, ended) == {"endTime": "has passed: give a time in the future"}
    assert failures(PullTask, ended, olds=ended) == {}
    edited = failures(PullTask, ended, olds={**ended, "region": "cn-north-1"})
    assert edited["endTime"].startswith("has passed: a task that has ended cannot be changed.")


def test_the_message_for_an_end_in_the_past_says_how_to_end_the_task() -> None:
    """The task has not ended yet, so the message must not say that it has."""
    runs, past = {**LIVE, "endTime": "2030-01-02T00:00:00Z"}, {"endTime": "2030-01-01T11:00:00Z"}
    assert failures(PullTask, LIVE | past, olds=runs) == {
        "endTime": "has passed: give a time in the future. To end it now, remove it from the "
        "program"
    }


def test_what_is_wrong_in_thousands_of_places_is_reported_in_a_few_lines() -> None:
    """The message shows the first places and how many more there are, also for repeated
    addresses."""
    wrong = {**FILES, "sourceUrls": ["nowhere"] * 5000}
    found = lifecycle.check(PullTask, {}, wrong, NOW)
    assert [each.property for each in found.failures] == [
        *(f"sourceUrls[{index}]" for index in range(5)),
        "sourceUrls",
    ]
    assert found.failures[-1].reason == "has 4995 more such places"
    twice = {**FILES, "sourceUrls": ["https://vod.example.com/1.mp4"] * 31}
    found = lifecycle.check(PullTask, {}, twice, NOW)
    assert len(found.failures) == 1
    assert len(found.cautions) <= 6


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["https://vod.example.com/1.mp4"], {"vodSrcAddrs[0]": "must be an object"}),
        (
            [{"srcAdr": "https://vod.example.com/1.mp4"}],
            {
                "vodSrcAddrs[0].srcAddr": "is required",
                "vodSrcAddrs[0].srcAdr": "is not an input: did you mean `srcAddr`",
            },
        ),
        (
            [{"srcAddr": "https://vod.example.com/1.mp4", "startOfset": 3}],
            {"vodSrcAddrs[0].startOfset": "is not an input: did you mean `startOffset`"},
        ),
    ],
)
def test_what_is_wrong_inside_an_object_is_reported_in_our_words(
    files: list[Any], expected: Inputs
) -> None:
    """Not with pydantic's messages; a misspelled name comes with a suggestion."""
    inputs = {"startTime": "2030-01-02T00:00:00Z", "endTime": "2030-01-03T00:00:00Z"}
    inputs |= {"type": 1, "domain": "push.example.com", "app": "live", "stream": "s"}
    assert failures(PullToPushTask, inputs | {"vodSrcAddrs": files}) == expected


@given(valid)
def test_good_inputs_have_no_failure_and_one_normal_form(sample: Given) -> None:
    """check(check(x)) = check(x)."""
    resource, inputs = sample
    once = lifecycle.check(resource, {}, inputs, NOW)
    assert once.failures == []
    assert lifecycle.check(resource, {}, once.inputs, NOW) == once


@given(junk)
def test_junk_never_raises_and_has_one_normal_form(sample: Given) -> None:
    """Bad inputs cause failures, never exceptions, and their normal form is stable."""
    resource, inputs = sample
    once = lifecycle.check(resource, {}, inputs, NOW)
    again = lifecycle.check(resource, {}, once.inputs, NOW)
    assert repr(again.inputs) == repr(once.inputs)
    assert all(finding.reason for finding in (*once.failures, *once.cautions))


@given(valid, st.data())
def test_neither_order_nor_repetition_nor_offset_is_seen(
    sample: Given, data: st.DataObject
) -> None:
    """Inputs that mean the same are the same once checked."""
    resource, inputs = sample
    other = dict(inputs)
    for name in {"callbackEvents", "notifyEventSubscription"} & other.keys():
        repeated = st.permutations(inputs[name] * 2)
        other[name] = data.draw(repeated)
    for name in {"startTime", "endTime"} & other.keys():
        moment = datetime.fromisoformat(inputs[name])
        other[name] = moment.astimezone(data.draw(st.timezones())).isoformat()
    assert checked(resource, other) == checked(resource, inputs)


# Names that Pulumi may choose.


@pytest.mark.parametrize(
    ("olds", "given", "proposed", "exactly", "name"),
    [
        ({}, None, "sports-1a2b3c4", False, "sports1a2b3c4"),
        ({}, None, "a-very-long-name-of-sports-1a2b3c4", False, "averylongname1a2b3c4"),
        ({}, "", "sports-1a2b3c4", False, "sports1a2b3c4"),
        ({}, None, "sports-1a2b3c4", True, "sports-1a2b3c4"),
        ({"name": "old"}, None, "sports-1a2b3c4", False, "old"),
        ({"name": "old"}, None, "sports-1a2b3c4", True, "old"),
        ({"name": "old"}, "given", "sports-1a2b3c4", True, "given"),
    ],
)
def test_a_name_is_chosen_where_none_is_given(
    olds: Inputs, given: str | None, proposed: str, exactly: bool, name: str
) -> None:
    """It keeps its name; a proposed name is adapted, unless the user configured it."""
    news = {"projectName": "default", "name": given}
    named = lifecycle.with_names(PullToPushGroup, olds, news, proposed, exactly=exactly)
    assert named == {"projectName": "default", "name": name}


def test_what_has_no_name_gets_none() -> None:
    """A stream name is not the name of a task."""
    assert lifecycle.with_names(PullTask, {}, LIVE, "relay-1a2b3c4", exactly=False) == LIVE


@pytest.mark.parametrize("empty", ["", "  "])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_required_input_that_is_empty_is_missing(case: Case, empty: str) -> None:
    """For vendors and rules, an empty text counts as unset."""
    for prop in case.resource.inputs():
        if prop.required and isinstance(case.full.get(prop.camel), str):
            given = {**case.full, prop.camel: empty}
            messages = lifecycle.check(case.resource, {}, given, NOW).failures
            assert prop.camel in {failure.property for failure in messages}


@pytest.mark.parametrize("number", [10**18, "9" * 400])
def test_a_number_that_no_message_can_hold_is_refused(number: Any) -> None:
    """As a number or as a text."""
    found = lifecycle.check(PullTask, {}, {**FILES, "vodStartVideoTime": number}, NOW)
    assert [(bad.property, bad.reason) for bad in found.failures] == [
        ("vodStartVideoTime", "must have at most 18 digits")
    ]


def test_a_number_of_a_vendor_that_no_message_can_hold_stays_the_text_that_it_was() -> None:
    """A refresh must work on whatever the vendor answers."""
    digits = "9" * 400
    prop = PullTask.properties()["vod_start_video_time"]
    assert prop.from_wire(digits) == digits
