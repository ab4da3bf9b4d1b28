"""Policies, as Pulumi asks them: what they report, and what they keep to themselves."""

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi_policy import (
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import PolicyCustomTimeouts
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from pulumi_livepull import policy
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.hosts.dynamic import dynamic_type
from pulumi_livepull.review.gate import CONDITIONS
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from tests.conformance.every import CASES
from tests.hosting import NOW
from tests.marks import CORE, MARKS, marked
from tests.review.plans import HUAWEI, LATER, OPEN, OVER, VOLCENGINE, Json

OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
AFTER = {"startTime": "2030-01-01T21:05:00Z", "endTime": "2030-01-01T22:00:00Z"}
NEVER = "9999-12-31T23:59:59Z"
ADDRESS = "rtmp://push.example.com/live/main"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "utc_now", lambda: NOW)


def asked(
    *relays: tuple[str, type[Resource], Mapping[str, Any]],
    dynamic: bool = False,
    config: Mapping[str, Any] | None = None,
) -> dict[str, list[str]]:
    """What each policy reports of a stack with these resources: inputs by name."""
    found: dict[str, list[str]] = {}
    facts = []
    for name, kind, inputs in relays:
        type_ = dynamic_type(kind.token) if dynamic else kind.token
        urn = f"urn:pulumi:live::tv::{type_}::{name}"
        facts.append((type_, unknown_checking_proxy(dict(inputs)), urn, name, OPTIONS, None))
    for each in policy.policies():
        reported = found.setdefault(each.name.removeprefix("livepull-"), [])

        def report(text: str, urn: str | None, reported: list[str] = reported) -> None:
            reported.append(f"{(urn or '').rpartition('::')[2]}|{text}")

        if isinstance(each, ResourceValidationPolicy):
            for fact in facts:
                each.validate(ResourceValidationArgs(*fact), report)
        elif isinstance(each, StackValidationPolicy):
            resources = [PolicyResource(*fact, None, [], {}) for fact in facts]
            each.validate(StackValidationArgs(resources, config), report)
    return {name: texts for name, texts in found.items() if texts}


def test_there_is_a_policy_for_each_warning_that_the_gate_refuses() -> None:
    """The gate's rules about effects need the previous state, which policies do not get."""
    named = {each.name for each in policy.policies()}
    judged = {name for name, (_, warnings, _, _) in CONDITIONS.items() if warnings}
    assert named == {f"livepull-{name}" for name in judged | {"protect"}}


@pytest.mark.parametrize("dynamic", [False, True])
def test_a_fight_is_the_later_relays(dynamic: bool) -> None:
    """In both hosts, across vendors, and whether fields or a secret address name the stream."""
    relays = [
        ("first", PullTask, HUAWEI | OPEN),
        ("second", PullToPushTask, {"type": 0, "srcAddr": ADDRESS, "dstAddr": ADDRESS} | OPEN),
        ("else", PullToPushTask, VOLCENGINE | LATER),
    ]
    found = asked(*relays, dynamic=dynamic)
    assert [*found] == ["fight"]
    (fight,) = found["fight"]
    assert fight.startswith("second|second: pushes to the same stream at the same time as")
    assert 'huaweicloud.PullTask "first"' in fight


@pytest.mark.parametrize(
    "windows",
    [(OVER, OVER), (OPEN, LATER), (OPEN, LATER | {"startTime": UNKNOWN_STRING_VALUE})],
    ids=["over", "later", "from a time that is not known yet"],
)
def test_relays_fight_only_if_that_is_certain(windows: tuple[Json, Json]) -> None:
    """A preview must not refuse because of an unknown value."""
    first, second = windows
    assert asked(("one", PullTask, HUAWEI | first), ("two", PullTask, HUAWEI | second)) == {}


def test_a_stopped_relay_does_not_fight() -> None:
    """Its vendor pushes nothing."""
    stopped = VOLCENGINE | OPEN | {"running": False}
    assert asked(("first", PullTask, HUAWEI | OPEN), ("idle", PullToPushTask, stopped)) == {}


def test_a_gap_is_the_later_relays_whatever_the_order() -> None:
    """The engine passes the resources of a stack in any order."""
    relays = [("early", PullTask, HUAWEI | LATER), ("late", PullTask, HUAWEI | AFTER)]
    expected = {"gap": ['late|late: leaves a gap of 5 min between "early" and "late"']}
    assert asked(*relays) == asked(*reversed(relays)) == expected


def test_a_signature_that_expires_is_refused() -> None:
    """With the input and the time, as in the provider's warning."""
    signed = HUAWEI | OPEN | {"pushArgs": "txTime=70DBF440"}
    (said,) = asked(("signed", PullTask, signed))["expiry"]
    assert said.startswith("signed|signed: pushArgs is signed only until 2030-01-01T01:58:24Z")


def test_protected_hours_are_those_in_which_a_window_ends() -> None:
    """A window that starts interrupts nothing, nor does one that never ends."""
    relays = [
        ("ends", PullTask, HUAWEI | OPEN),
        ("starts", PullTask, HUAWEI | LATER | {"streamName": "other"}),
        ("stays", PullToPushTask, VOLCENGINE | {"stream": "always"}),
        (
            "ever",
            PullToPushTask,
            VOLCENGINE | {"stream": "ever", "endTime": "9999-12-31T23:59:59Z"},
        ),
    ]
    hours = ["16:00-17:00 Europe/Berlin", "19:00-20:30", "07:00-08:00 Asia/Shanghai"]
    assert asked(*relays, config={"protect": hours}) == {
        "protect": ["ends|ends: ends Tue 1 Jan 16:00, within 16:00-17:00 Europe/Berlin"]
    }
    assert asked(*relays) == {}


def test_protected_hours_that_cannot_be_read_are_a_violation() -> None:
    """A mistake must not disable a policy."""
    (said,) = asked(config={"protect": ["prime time"]})["protect"]
    assert said.startswith('|protect: "prime time" is not a time of day\n')


def test_what_is_not_a_relay_is_left_alone() -> None:
    """Such as callbacks, and resources of other packages."""

    class Bucket(PullTask, token="aws:s3/bucket:Bucket"):
        """Of another package."""

    others = [(case.name, case.resource, case.full) for case in CASES if not case.resource.airtime]
    twice = [(f"{name}{at}", kind, inputs) for name, kind, inputs in others for at in (1, 2)]
    bucket = HUAWEI | OPEN
    assert asked(*twice, ("one", Bucket, bucket), ("two", Bucket, bucket)) == {}


@pytest.mark.parametrize("mark", MARKS)
def test_no_report_shows_a_secret(mark: str) -> None:
    """A policy cannot tell which inputs are secret, so it shows no values."""
    relays = [
        (f"{at}-{which}", case.resource, marked(case.resource, case.full, mark))
        for at, case in enumerate(CASES)
        for which in ("first", "second")
    ]
    named = HUAWEI | {name: f"{HUAWEI[name]}{mark}" for name in ("appName", "streamName")}
    signed = {"pushArgs": f"txTime=70DBF440&txSecret={mark}"}
    relays += [("early", PullTask, named | LATER), ("late", PullTask, named | signed | AFTER)]
    found = asked(*relays, config={"protect": ["00:00-24:00"]})
    assert {*found} == {"fight", "gap", "expiry", "protect"}
    assert CORE not in str(found)
