"""Recording callbacks of Alibaba Cloud behave as the vendor's pages say: one per domain."""

from typing import Any

import pytest

KEY = "0123456789abcdef"
SMALL = {"DomainName": "push.example.com", "NotifyUrl": "https://hook.example.com/"}
FULL = {
    **SMALL,
    "OnDemandUrl": "http://hook.example.com/demand",
    "NeedStatusNotify": "true",
    "NotifyReqAuth": "True",
    "NotifyAuthKey": KEY,
}
WHICH = {"DomainName": "push.example.com"}


def describe(ali) -> dict[str, Any]:
    reply = ali("DescribeLiveRecordNotifyConfig", **WHICH)
    assert reply.status_code == 200, reply.text
    return reply.json()["LiveRecordNotifyConfig"]


def code(reply) -> tuple[int, str]:
    return reply.status_code, reply.json()["Code"]


def test_a_new_callback_has_the_vendors_defaults(ali) -> None:
    """Add returns only a request id."""
    assert set(ali("AddLiveRecordNotifyConfig", **SMALL).json()) == {"RequestId"}
    assert describe(ali) == {
        **SMALL,
        "OnDemandUrl": "",
        "NeedStatusNotify": False,
        "NotifyReqAuth": False,
        "NotifyAuthKey": "",
    }


def test_a_callback_reads_as_it_was_created(ali) -> None:
    """Booleans in either case are returned as booleans; the key can be read."""
    ali("AddLiveRecordNotifyConfig", **FULL)
    assert describe(ali) == {**FULL, "NeedStatusNotify": True, "NotifyReqAuth": True}


def test_a_domain_has_one_callback(ali) -> None:
    """A second one is 400 ConfigAlreadyExists."""
    ali("AddLiveRecordNotifyConfig", **SMALL)
    assert code(ali("AddLiveRecordNotifyConfig", **FULL)) == (400, "ConfigAlreadyExists")
    ali("AddLiveRecordNotifyConfig", **{**FULL, "DomainName": "other.example.com"})
    assert describe(ali)["OnDemandUrl"] == ""


def test_an_update_replaces_all_of_it(ali) -> None:
    """A field that is left out returns to its default."""
    ali("AddLiveRecordNotifyConfig", **FULL)
    assert ali("UpdateLiveRecordNotifyConfig", **SMALL).status_code == 200
    assert describe(ali)["NotifyAuthKey"] == ""
    cleared = {**FULL, "OnDemandUrl": "", "NotifyReqAuth": "false", "NotifyAuthKey": ""}
    assert ali("UpdateLiveRecordNotifyConfig", **cleared).status_code == 200
    assert describe(ali)["NeedStatusNotify"] is True


def test_a_security_token_may_be_a_parameter(ali) -> None:
    """The vendor's own SDK has it as a field of these calls."""
    assert ali("AddLiveRecordNotifyConfig", **SMALL, SecurityToken="x").status_code == 200
    assert "SecurityToken" not in describe(ali)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"NotifyUrl": "hook.example.com"}, "InvalidNotifyUrl.Malformed"),
        ({"NotifyUrl": ""}, "InvalidParameter"),
        ({"OnDemandUrl": "hook.example.com"}, "InvalidParameter"),
        ({"NeedStatusNotify": "yes"}, "InvalidParameter"),
        ({"NeedStatusNotify": "1"}, "InvalidParameter"),
        ({"NotifyAuthKey": "short"}, "InvalidParameter"),
        ({"NotifyAuthKey": "-" * 16}, "InvalidParameter"),
        ({"NotifyAuthKey": ""}, "InvalidParameter"),
        ({"SecurityTokens": "x"}, "InvalidParameter"),
    ],
)
@pytest.mark.parametrize("action", ["Add", "Update"])
def test_a_wrong_parameter_is_refused(ali, action: str, change, expected: str) -> None:
    """So is a missing key if authentication is on."""
    if action == "Update":
        ali("AddLiveRecordNotifyConfig", **SMALL)
    reply = ali(f"{action}LiveRecordNotifyConfig", **{**FULL, **change})
    assert code(reply) == (400, expected)


@pytest.mark.parametrize("action", ["Describe", "Update", "Delete"])
def test_a_missing_callback_is_not_found(ali, action: str) -> None:
    """404 InvalidConfig.NotFound."""
    given = SMALL if action == "Update" else WHICH
    missing = (404, "InvalidConfig.NotFound")
    assert code(ali(f"{action}LiveRecordNotifyConfig", **given)) == missing
    ali("AddLiveRecordNotifyConfig", **SMALL)
    assert ali("DeleteLiveRecordNotifyConfig", **WHICH).status_code == 200
    assert code(ali(f"{action}LiveRecordNotifyConfig", **given)) == missing


def test_an_unknown_domain_is_refused_once_domains_are_seeded(ali, emulator) -> None:
    """404 InvalidDomain.NotFound; before seeding, every domain exists."""
    emulator.seed({"alicloud": {"domains": ["other.example.com"]}})
    assert code(ali("AddLiveRecordNotifyConfig", **SMALL)) == (404, "InvalidDomain.NotFound")


def test_a_new_callback_can_be_delayed(ali, emulator) -> None:
    """An add counts as a create, whatever its name."""
    emulator.arm("delay", "AddLiveRecordNotifyConfig")
    ali("AddLiveRecordNotifyConfig", **SMALL)
    assert ali("DescribeLiveRecordNotifyConfig", **WHICH).status_code == 404
    assert describe(ali)["NotifyUrl"] == SMALL["NotifyUrl"]
