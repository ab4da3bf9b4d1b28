"""Relay sources of Volcengine behave as the vendor's pages say, and are as strict."""

from typing import Any

import pytest

from pulumi_livepull.emulator.volcengine import relay_source

KEY = {"Domain": "pull.example.com", "App": "live", "Stream": "s1"}
SOURCE = {**KEY, "SrcAddrS": ["rtmp://src.example.com/live/s1", "http://10.0.0.1:8080/s1.flv"]}
NOW = 1735787045
WINDOW = {"StartTime": NOW, "EndTime": NOW + 7 * 24 * 3600}


def sources(volc, **asked: Any) -> list[dict[str, Any]]:
    reply = volc("ListRelaySourceV4", {"Domain": KEY["Domain"], **asked})
    assert reply.status_code == 200, reply.text
    return reply.json()["Result"]["List"]


def code(reply) -> tuple[int, str]:
    return reply.status_code, reply.json()["ResponseMetadata"]["Error"]["Code"]


def test_a_new_source_reads_as_it_was_created(volc) -> None:
    """Times are Unix seconds; only the creation returns the task id, as digits."""
    reply = volc("CreateRelaySourceV4", {**SOURCE, **WINDOW})
    assert reply.json()["Result"]["TaskId"].isdigit()
    assert sources(volc) == [{**SOURCE, **WINDOW}]


def test_an_answer_says_what_was_asked(volc) -> None:
    """In its envelope; an action without a result has none."""
    reply = volc("CreateRelaySourceV4", SOURCE).json()
    assert reply["ResponseMetadata"].pop("RequestId")
    assert reply["ResponseMetadata"] == {
        "Action": "CreateRelaySourceV4",
        "Version": "2023-01-01",
        "Service": "live",
        "Region": "cn-north-1",
    }
    assert set(volc("DeleteRelaySourceV4", KEY).json()) == {"ResponseMetadata"}


def test_a_source_without_times_is_permanent(volc) -> None:
    """Both times read as 0; an update without times makes a source permanent."""
    volc("CreateRelaySourceV4", {**SOURCE, **WINDOW})
    assert volc("UpdateRelaySourceV4", SOURCE).status_code == 200
    assert sources(volc) == [{**SOURCE, "StartTime": 0, "EndTime": 0}]


@pytest.mark.parametrize("name", WINDOW)
def test_one_time_alone_is_refused(volc, name: str) -> None:
    """There must be both or neither."""
    reply = volc("CreateRelaySourceV4", {**SOURCE, name: WINDOW[name]})
    assert code(reply) == (400, "InvalidParam")
    assert "together" in reply.text


@pytest.mark.parametrize("overwrites", [True, False])
def test_what_a_second_create_does_is_one_constant(volc, monkeypatch, overwrites: bool) -> None:
    """The pages do not say whether it overwrites or is refused."""
    volc("CreateRelaySourceV4", SOURCE)
    monkeypatch.setattr(relay_source, "CREATE_OVERWRITES", overwrites)
    reply = volc("CreateRelaySourceV4", {**SOURCE, "SrcAddrS": ["rtmp://b/c"]})
    assert reply.status_code == (200 if overwrites else 400)
    (source,) = sources(volc)
    assert source["SrcAddrS"] == (["rtmp://b/c"] if overwrites else SOURCE["SrcAddrS"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Colour": "red"}, "InvalidParam"),
        ({"Domain": ""}, "InvalidParam"),
        ({"App": "a/b"}, "InvalidParam"),
        ({"App": "a" * 31}, "InvalidParam"),
        ({"Stream": "s" * 101}, "InvalidParam"),
        ({"SrcAddrS": []}, "InvalidParam"),
        ({"SrcAddrS": ["rtmp://a"] * 11}, "InvalidParam"),
        ({"SrcAddrS": "rtmp://a"}, "InvalidParam.BindError"),
        ({"StartTime": str(NOW)}, "InvalidParam.BindError"),
        ({"StartTime": True}, "InvalidParam.BindError"),
        ({"StartTime": NOW}, "InvalidParam"),
        ({"EndTime": NOW}, "InvalidParam"),
        ({"StartTime": NOW, "EndTime": NOW}, "InvalidParam"),
        ({**WINDOW, "EndTime": WINDOW["EndTime"] + 1}, "InvalidParam"),
        ({"EndTime": 2**31}, "InvalidParam"),
    ],
)
@pytest.mark.parametrize("action", ["CreateRelaySourceV4", "UpdateRelaySourceV4"])
def test_a_wrong_field_is_refused(volc, action: str, change, expected: str) -> None:
    """The codes for a wrong type and a wrong value differ; nothing is created or changed."""
    assert code(volc(action, {**SOURCE, **change})) == (400, expected)
    assert sources(volc) == []


@pytest.mark.parametrize("missing", SOURCE)
def test_a_required_field_is_requested(volc, missing: str) -> None:
    """By an update, too."""
    body = {name: value for name, value in SOURCE.items() if name != missing}
    for action in ("CreateRelaySourceV4", "UpdateRelaySourceV4"):
        reply = volc(action, body)
        assert code(reply) == (400, "InvalidParam")
        assert f"{missing} is required" in reply.text


def test_a_missing_source_is_not_found(volc) -> None:
    """404, for an update and for a second delete."""
    missing = (404, "ResourceNotFound")
    assert code(volc("UpdateRelaySourceV4", SOURCE)) == missing
    volc("CreateRelaySourceV4", SOURCE)
    assert volc("DeleteRelaySourceV4", KEY).status_code == 200
    assert code(volc("DeleteRelaySourceV4", KEY)) == missing
    assert code(volc("DeleteRelaySourceV4", SOURCE)) == (400, "InvalidParam")


def test_the_list_is_of_one_domain_and_pages_by_twenty(volc) -> None:
    """The domain is required; pages count from 1."""
    for number in range(21):
        volc("CreateRelaySourceV4", {**SOURCE, "Stream": f"s{number}"})
    volc("CreateRelaySourceV4", {**SOURCE, "Domain": "other.example.com"})
    assert [source["Stream"] for source in sources(volc)] == [f"s{n}" for n in range(20, 0, -1)]
    second = volc("ListRelaySourceV4", {"Domain": KEY["Domain"], "Page": 2}).json()["Result"]
    assert [source["Stream"] for source in second["List"]] == ["s0"]
    pages = {"PageCur": 2, "PageSize": 20, "PageTotal": 2, "TotalCount": 21}
    assert second["Pagination"] == pages
    for wrong in ({"Size": 501}, {"Page": 0}, {"App": "live"}):
        assert volc("ListRelaySourceV4", {"Domain": "d", **wrong}).status_code == 400
    assert code(volc("ListRelaySourceV4", {})) == (400, "InvalidParam")


def test_an_unknown_domain_is_refused_once_domains_are_seeded(volc, emulator) -> None:
    """404 ResourceNotFound; before seeding, every domain exists."""
    volc("CreateRelaySourceV4", SOURCE)
    emulator.seed({"volcengine": {"domains": ["other.example.com"]}})
    for action, body in (
        ("CreateRelaySourceV4", SOURCE),
        ("UpdateRelaySourceV4", SOURCE),
        ("ListRelaySourceV4", {"Domain": KEY["Domain"]}),
        ("DeleteRelaySourceV4", KEY),
    ):
        assert code(volc(action, body)) == (404, "ResourceNotFound"), action
    elsewhere = {**SOURCE, "Domain": "other.example.com"}
    assert volc("CreateRelaySourceV4", elsewhere).status_code == 200


def test_an_operation_that_is_not_emulated_says_so(volc) -> None:
    """501 if the vendor has it; otherwise the vendor's own error with its number."""
    assert code(volc("CreateDomain", {})) == (501, "EMULATOR.NotEmulated")
    unknown = volc("CreateMoon", {})
    assert code(unknown) == (404, "InvalidActionOrVersion")
    assert unknown.json()["ResponseMetadata"]["Error"]["CodeN"] == 100008
    assert code(volc("ListRelaySourceV4")) == (404, "InvalidActionOrVersion")
    volc.version = "2020-08-01"
    assert code(volc("ListRelaySourceV4", {})) == (404, "InvalidActionOrVersion")


def test_a_body_that_is_not_a_json_object_is_refused(volc) -> None:
    """So are other JSON types, other content types and fields in the query."""
    bind_error = (400, "InvalidParam.BindError")
    assert code(volc("ListRelaySourceV4", [])) == bind_error
    assert code(volc("ListRelaySourceV4", {}, Domain="d")) == (400, "InvalidParam")
    volc.content_type = "text/plain"
    assert code(volc("ListRelaySourceV4", {"Domain": "d"})) == bind_error
