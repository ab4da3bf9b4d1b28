"""Callbacks of Volcengine behave as the vendor's pages say, traps included."""

from datetime import timedelta
from typing import Any

import pytest

from pulumi_livepull.emulator.volcengine import callback

DETAILS = [{"CallbackType": "HTTP", "URL": "https://hook.example.com/"}]
SMALL = {"Vhost": "push.example.com", "MessageType": "record", "CallbackDetailList": DETAILS}
FULL = {
    **SMALL,
    "App": "live",
    "AuthEnable": True,
    "AuthKeyPrimary": "examplekey",
    "TranscodeCallback": 1,
}
WHICH = {"Vhost": "push.example.com"}


def callbacks(volc, **asked: Any) -> list[dict[str, Any]]:
    reply = volc("DescribeCallback", asked or WHICH)
    assert reply.status_code == 200, reply.text
    return reply.json()["Result"]["CallbackList"]


def code(reply) -> tuple[int, str]:
    return reply.status_code, reply.json()["ResponseMetadata"]["Error"]["Code"]


def test_an_update_makes_a_callback(volc) -> None:
    """There is no create; the creation time is returned in two time zones."""
    assert "Result" not in volc("UpdateCallback", SMALL).json()
    assert callbacks(volc) == [
        {
            **SMALL,
            "App": "",
            "AuthEnable": False,
            "AuthKeyPrimary": "",
            "TranscodeCallback": 0,
            "CreateTime": "2025-01-02T11:04:05+08:00",
            "CreateTimeUTC": "2025-01-02T03:04:05Z",
        }
    ]


def test_an_update_overwrites_all_of_a_callback(volc, emulator) -> None:
    """Silently; only the creation time stays."""
    volc("UpdateCallback", FULL)
    assert FULL.items() <= callbacks(volc)[0].items()
    emulator.clock.advance(timedelta(hours=1))
    volc("UpdateCallback", {**SMALL, "App": "live"})
    (callback,) = callbacks(volc)
    assert (callback["AuthEnable"], callback["AuthKeyPrimary"]) == (False, "")
    assert callback["CreateTimeUTC"] == "2025-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Colour": "red"}, "InvalidParam"),
        ({"MessageType": "recording"}, "InvalidParam"),
        ({"Domain": "push.example.com"}, "InvalidParam"),
        ({"CallbackDetailList": []}, "InvalidParam"),
        ({"CallbackDetailList": [{"CallbackType": "HTTP"}]}, "InvalidParam"),
        ({"CallbackDetailList": [{**DETAILS[0], "CallbackType": "HTTPS"}]}, "InvalidParam"),
        ({"CallbackDetailList": [{**DETAILS[0], "URL": "h.example.com"}]}, "InvalidParam"),
        ({"CallbackDetailList": [{**DETAILS[0], "URL": "http://" + "x" * 94}]}, "InvalidParam"),
        ({"AuthEnable": 1}, "InvalidParam.BindError"),
        ({"AuthKeyPrimary": ""}, "InvalidParam"),
        ({"TranscodeCallback": True}, "InvalidParam.BindError"),
        ({"App": "a/b"}, "InvalidParam"),
    ],
)
def test_a_wrong_field_is_refused(volc, change, expected: str) -> None:
    """So is a missing key if authentication is on."""
    assert code(volc("UpdateCallback", {**FULL, **change})) == (400, expected)
    assert callbacks(volc) == []


def test_a_callback_is_of_a_space_or_of_a_domain(volc) -> None:
    """Exactly one of them, in every call; only a space has apps."""
    neither = {name: value for name, value in SMALL.items() if name != "Vhost"}
    domain = {**neither, "Domain": "push.example.com"}
    for action, body in (
        ("UpdateCallback", neither),
        ("DescribeCallback", {}),
        ("DeleteCallback", {}),
    ):
        assert code(volc(action, body)) == (400, "InvalidParam")
    assert code(volc("UpdateCallback", {**domain, "App": "live"})) == (400, "InvalidParam")
    assert volc("UpdateCallback", domain).status_code == 200
    assert callbacks(volc) == []
    (callback,) = callbacks(volc, Domain="push.example.com")
    assert callback["Vhost"] == ""
    assert "Domain" not in callback


def test_describe_filters_by_app_and_type(volc) -> None:
    """Without them it returns all of the space, newest first; if nothing matches, an empty list."""
    for app in ("", "live"):
        for kind in ("record", "push"):
            volc("UpdateCallback", {**SMALL, "App": app, "MessageType": kind})
    assert len(callbacks(volc)) == 4
    found = callbacks(volc, **WHICH, MessageType="record")
    assert [callback["App"] for callback in found] == ["live", ""]
    assert len(callbacks(volc, **WHICH, App="live", MessageType="push")) == 1
    assert callbacks(volc, Vhost="other.example.com") == []


def test_a_delete_without_app_removes_all_of_the_space(volc) -> None:
    """As documented; another space keeps its callbacks."""
    for body in (SMALL, FULL, {**FULL, "MessageType": "push"}, {**SMALL, "Vhost": "other"}):
        volc("UpdateCallback", body)
    assert volc("DeleteCallback", WHICH).status_code == 200
    assert callbacks(volc) == []
    assert len(callbacks(volc, Vhost="other")) == 1


def test_a_delete_without_app_but_with_type_spares_the_other_types(volc) -> None:
    """All apps lose their callbacks of this type."""
    for body in (SMALL, FULL, {**FULL, "MessageType": "push"}):
        volc("UpdateCallback", body)
    volc("DeleteCallback", {**WHICH, "MessageType": "record"})
    assert [callback["MessageType"] for callback in callbacks(volc)] == ["push"]


@pytest.mark.parametrize(
    ("reach", "left"),
    [
        ("scope", [("live", "push"), ("live", "record")]),
        ("apps", [("live", "push")]),
        ("space", []),
    ],
)
def test_what_a_delete_without_app_reaches_is_one_constant(
    volc, monkeypatch, reach: str, left: list[tuple[str, str]]
) -> None:
    """The current page and the previous one disagree."""
    monkeypatch.setattr(callback, "DELETE_REACHES", reach)
    for body in (SMALL, FULL, {**FULL, "MessageType": "push"}):
        volc("UpdateCallback", body)
    assert volc("DeleteCallback", {**WHICH, "MessageType": "record"}).status_code == 200
    assert [(each["App"], each["MessageType"]) for each in callbacks(volc)] == left


def test_a_delete_with_app_and_type_removes_one(volc) -> None:
    """A second one finds nothing: 404 ResourceNotFound."""
    for body in (SMALL, FULL, {**FULL, "MessageType": "push"}):
        volc("UpdateCallback", body)
    which = {**WHICH, "App": "live", "MessageType": "record"}
    assert volc("DeleteCallback", which).status_code == 200
    assert [each["App"] for each in callbacks(volc, **WHICH, MessageType="record")] == [""]
    assert code(volc("DeleteCallback", which)) == (404, "ResourceNotFound")


def test_a_new_callback_can_be_delayed(volc, emulator) -> None:
    """An update that creates it counts as a create."""
    emulator.arm("delay", "UpdateCallback")
    volc("UpdateCallback", SMALL)
    assert [len(callbacks(volc)) for _ in range(2)] == [0, 1]


def test_an_unknown_domain_is_refused_once_domains_are_seeded(volc, emulator) -> None:
    """404 ResourceNotFound; spaces are not looked up."""
    emulator.seed({"volcengine": {"domains": ["push.example.com"]}})
    body = {name: value for name, value in SMALL.items() if name != "Vhost"}
    unknown = {**body, "Domain": "unknown.example.com"}
    assert code(volc("UpdateCallback", unknown)) == (404, "ResourceNotFound")
    assert volc("UpdateCallback", {**body, "Domain": "push.example.com"}).status_code == 200
