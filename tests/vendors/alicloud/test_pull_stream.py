"""Scheduled pulls: what a stream already has stays as it is, and only a list calls one gone."""

from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.core.resource import Failure
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ApiError, Conflict, LivePullError, TransportError
from pulumi_livepull.vendors.alicloud import VENDOR
from pulumi_livepull.vendors.alicloud.live_pull_stream_info_config import (
    LivePullStreamInfoConfig,
)
from tests.hosting import KEYS, NOW, connect

Inputs = dict[str, Any]

ADD, LIST = "AddLivePullStreamInfoConfig", "DescribeLivePullStreamConfig"
UPDATE, DELETE = "UpdateLivePullStreamInfoConfig", "DeleteLivePullStreamInfoConfig"
ID = "live.example.com/live/one"
PULL = {
    "domainName": "live.example.com",
    "appName": "live",
    "streamName": "one",
    "sourceUrls": ["rtmp://src.example.org/live/one"],
    "startTime": "2030-01-01T11:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}
OTHER = {"sourceUrls": ["rtmp://other.example.org/live/one", "rtmp://src.example.org/live/one"]}
SHOWN = {
    "DomainName": "live.example.com",
    "AppName": "live",
    "StreamName": "one",
    "SourceUrl": "rtmp://src.example.org/live/one",
    "StartTime": "2030-01-01T11:00:00Z",
    "EndTime": "2030-01-02T12:00:00Z",
}


@pytest.fixture
def api(emulator: Emulator) -> Client:
    """Return a client of the emulator that tries each call once."""
    return connect(emulator, LivePullStreamInfoConfig, maxRetries="0")


def checked(inputs: Inputs) -> Inputs:
    """Return sound inputs in normal form."""
    found = lifecycle.check(LivePullStreamInfoConfig, {}, inputs, NOW)
    assert found.failures == []
    return found.inputs


def make(api: Client, **inputs: Any) -> Found:
    """Make a pull."""
    return lifecycle.create(LivePullStreamInfoConfig, api, checked(PULL | inputs))


def change(api: Client, pull: Found, **changes: Any) -> Found:
    """Update it."""
    news = checked({**pull.inputs, **changes})
    state = lifecycle.update(LivePullStreamInfoConfig, api, pull.id, pull.inputs, pull.state, news)
    return Found(pull.id, news, state)


def held(emulator: Emulator) -> list[dict[str, Any]]:
    """Return what the vendor holds."""
    return list(emulator.alicloud.state.pulls)


def done(emulator: Emulator) -> list[str | None]:
    """Return the operations so far, looks left out."""
    return [entry.operation for entry in emulator.journal if entry.operation != LIST]


def answering(**answers: tuple[int, Inputs]) -> tuple[Client, list[str]]:
    """Return a client that gets these answers, status and body, by operation; and its calls."""
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.headers["x-acs-action"])
        status, body = answers[calls[-1]]
        return httpx.Response(status, json={"RequestId": "1", **body})

    transport = httpx.MockTransport(answer)
    once = KEYS | {"livepull:maxRetries": "0"}
    api = VENDOR.client(once, {}, transport=transport, clock=lambda: NOW, pause=lambda _: None)
    return api, calls


def listing(*pulls: Inputs | None) -> tuple[int, Inputs]:
    """Return an answer that lists these."""
    return 200, {"LiveAppRecordList": {"LiveAppRecord": list(pulls)}}


# A stream that has one.


@pytest.mark.parametrize("inputs", [{}, OTHER], ids=["same", "other"])
def test_a_taken_stream_is_refused_and_named(
    emulator: Emulator, api: Client, inputs: Inputs
) -> None:
    """The vendor refuses the second pull, and the message says how to adopt the first."""
    make(api)
    before = held(emulator)
    with pytest.raises(Conflict) as failure:
        make(api, **inputs)
    assert failure.value.code == "ConfigAlreadyExists"
    assert failure.value.hint == (
        f'{ID} is there already: set `adopt` to "{ID}" to manage it here, or delete it first.'
    )
    assert held(emulator) == before


@pytest.mark.parametrize("part", ["domainName", "appName", "streamName"])
def test_a_stream_is_taken_only_as_a_whole(emulator: Emulator, api: Client, part: str) -> None:
    """A similar key is no obstacle, and its pull does not change."""
    make(api)
    made = make(api, **{part: "other.example.com"})
    names = ("domainName", "appName", "streamName")
    assert made.id == "/".join(str((PULL | {part: "other.example.com"})[name]) for name in names)
    assert len(held(emulator)) == 2


def test_the_hint_works(emulator: Emulator, api: Client) -> None:
    """The id in the hint can be adopted, which updates the pull and creates nothing."""
    make(api)
    adopted = make(api, adopt=ID, **OTHER)
    assert adopted.id == ID
    assert [pull["SourceUrl"] for pull in held(emulator)] == [";".join(OTHER["sourceUrls"])]
    assert done(emulator) == [ADD, UPDATE]


@pytest.mark.parametrize("fault", ["lose_reply", "fail_after", "garble"])
def test_a_creation_whose_answer_was_lost_is_found(
    emulator: Emulator, api: Client, fault: str
) -> None:
    """It is found by its stream, and nothing is sent twice."""
    emulator.arm(fault, ADD)
    assert make(api).id == ID
    assert done(emulator) == [ADD]


# What is read.


def test_the_source_in_use_is_an_output(api: Client) -> None:
    """It is secret, because a source may carry a key, and it is not an input."""
    made = make(api, **OTHER)
    assert made.state["sourceUsing"] == OTHER["sourceUrls"][0]
    assert LivePullStreamInfoConfig.properties()["source_using"].may_be_secret
    found = lifecycle.read(LivePullStreamInfoConfig, api, ID, {}, {})
    assert found is not None
    assert found.inputs == PULL | OTHER


@pytest.mark.parametrize("text", ["rtmp://a/1;rtmp://b/1;", " rtmp://a/1 ; rtmp://b/1"])
def test_a_last_semicolon_or_a_space_is_not_a_source(text: str) -> None:
    """The vendor's string is parsed leniently."""
    api, _ = answering(**{LIST: listing({**SHOWN, "SourceUrl": text})})
    found = lifecycle.read(LivePullStreamInfoConfig, api, ID, PULL, PULL)
    assert found is not None
    assert found.state["sourceUrls"] == ["rtmp://a/1", "rtmp://b/1"]


@pytest.mark.parametrize(
    "answer", [{}, {"LiveAppRecordList": None}, {"LiveAppRecordList": {}}, {"LiveAppRecordList": 1}]
)
def test_an_answer_without_a_list_calls_nothing_gone(answer: Inputs) -> None:
    """Otherwise a stack would drop a pull that still runs."""
    api, _ = answering(**{LIST: (200, answer)})
    with pytest.raises(TransportError):
        lifecycle.read(LivePullStreamInfoConfig, api, ID, PULL, PULL)


@pytest.mark.parametrize(
    "pulls", [(), ({**SHOWN, "StreamName": "two"},), ({**SHOWN, "AppName": "other"},)]
)
def test_a_pull_that_no_list_has_is_gone(pulls: tuple[Inputs, ...]) -> None:
    """The list is the only way to look a pull up."""
    api, _ = answering(**{LIST: listing(*pulls)})
    assert lifecycle.read(LivePullStreamInfoConfig, api, ID, PULL, PULL) is None


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "InvalidDomain.NotFound"), (403, "IllegalOperation"), (401, "Forbidden")],
)
def test_a_domain_that_is_not_ours_calls_nothing_gone(status: int, code: str) -> None:
    """The keys may belong to another account."""
    api, _ = answering(**{LIST: (status, {"Code": code, "Message": "words"})})
    with pytest.raises(LivePullError):
        lifecycle.read(LivePullStreamInfoConfig, api, ID, PULL, PULL)


# Changes.


@pytest.mark.parametrize("changes", [OTHER, {"endTime": "2030-01-03T12:00:00Z"}])
def test_an_update_sends_everything(emulator: Emulator, api: Client, changes: Inputs) -> None:
    """The vendor requires all fields each time."""
    made = make(api)
    change(api, made, **changes)
    sent = list(emulator.journal)[-2]
    assert sent.operation == UPDATE
    assert set(sent.query) == set(SHOWN)
    wanted = PULL | changes
    assert held(emulator) == [
        SHOWN | {"SourceUrl": ";".join(wanted["sourceUrls"]), "EndTime": wanted["endTime"]},
    ]


def test_a_pull_that_ended_makes_room_for_the_next(emulator: Emulator, api: Client) -> None:
    """A new window for an ended pull deletes it, then creates a new one."""
    made = make(api)
    emulator.clock.set(NOW.replace(day=3))
    longer = checked({**made.inputs, "endTime": "2030-01-05T12:00:00Z"})
    found = lifecycle.diff(
        LivePullStreamInfoConfig, made.inputs, made.state, longer, NOW.replace(day=3)
    )
    assert found.replaces == {"endTime"}
    assert LivePullStreamInfoConfig.delete_before_replace
    lifecycle.delete(LivePullStreamInfoConfig, api, made.id, made.state)
    again = {**longer, "startTime": "2030-01-03T13:00:00Z"}
    assert lifecycle.create(LivePullStreamInfoConfig, api, again).id == ID


@pytest.mark.parametrize(
    ("status", "code"), [(400, "InvalidParam"), (404, "InvalidConfig.NotFound"), (400, "X.Y")]
)
def test_a_deletion_of_none_is_done_whatever_its_code(status: int, code: str) -> None:
    """No page documents the code, so the list decides."""
    gone = {"Code": code, "Message": "words"}
    api, calls = answering(**{DELETE: (status, gone), LIST: listing()})
    lifecycle.delete(LivePullStreamInfoConfig, api, ID, PULL)
    assert calls[:1] == [DELETE]
    api, _ = answering(**{DELETE: (status, gone), LIST: listing(SHOWN)})
    with pytest.raises(ApiError, match="words"):
        lifecycle.delete(LivePullStreamInfoConfig, api, ID, PULL)


# Rules.


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"sourceUrls": ["rtmp://a.example.org/1;b"]}, "sourceUrls[0]", "contains a semicolon"),
        ({"sourceUrls": ["ftp://a.example.org/1"]}, "sourceUrls[0]", "has the scheme ftp"),
        ({"sourceUrls": ["rtmp://10.0.0.1/1"]}, "sourceUrls[0]", "is a private address"),
        ({"sourceUrls": ["rtmp://a.example.org"]}, "sourceUrls[0]", "names a host only"),
        ({"endTime": "2030-01-08T11:00:01Z"}, "endTime", "must be at most 7 days"),
        (
            {"startTime": "2030-01-03T12:00:00Z"},
            "endTime",
            "must be later than `startTime`",
        ),
    ],
)
def test_what_the_vendor_would_not_take_is_reported(change: Inputs, path: str, reason: str) -> None:
    """In the preview, with the path of the input."""
    found = lifecycle.check(LivePullStreamInfoConfig, {}, PULL | change, NOW)
    messages = [(each.property, each.reason) for each in (*found.failures, *found.cautions)]
    assert [(place, words[: len(reason)]) for place, words in messages] == [(path, reason)]
    assert all(isinstance(each, Failure) for each in found.failures)


@pytest.mark.parametrize(
    "change",
    [
        {"sourceUrls": ["https://a.example.org/1.flv", "srt://b.example.org:9000"]},
        {"sourceUrls": [f"rtmp://src{n}.example.org/live/one" for n in range(20)]},
        {"startTime": "2030-01-01T13:00:00Z", "endTime": "2030-01-08T13:00:00Z"},
    ],
)
def test_a_sound_pull_has_no_finding(change: Inputs) -> None:
    """Users ignore a warning that always appears."""
    found = lifecycle.check(LivePullStreamInfoConfig, {}, PULL | change, NOW)
    assert [*found.failures, *found.cautions] == []
