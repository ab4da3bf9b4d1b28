"""BytePlus has Volcengine's operations and accounts of its own: the emulator tells them apart."""

from copy import deepcopy
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from volcengine.live.v20230101.live_service import LiveService

from pulumi_livepull.core import lifecycle
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running
from pulumi_livepull.vendors.byteplus import VENDOR
from tests.conformance.cases.volcengine import GROUP
from tests.hosting import NOW, connect

KEY = {"Domain": "pull.example.com", "App": "live", "Stream": "s1"}
SOURCE = {**KEY, "SrcAddrS": ["rtmp://src.example.com/live/s1"]}


def code(reply) -> tuple[int, str]:
    return reply.status_code, reply.json()["ResponseMetadata"]["Error"]["Code"]


def test_each_has_its_own_account(byteplus, volc, emulator: Emulator) -> None:
    """Each vendor has its own resources, and a response names the region."""
    made = byteplus("CreateRelaySourceV4", SOURCE).json()
    assert made["ResponseMetadata"]["Region"] == "ap-singapore-1"
    assert volc("ListRelaySourceV4", {"Domain": KEY["Domain"]}).json()["Result"]["List"] == []
    assert len(list(emulator.byteplus.state.relay_sources)) == 1
    assert [entry.vendor for entry in emulator.journal] == ["byteplus", "volcengine"]


def test_what_is_on_air_is_its_own(byteplus, emulator: Emulator) -> None:
    """The media service relays its sources and reports back to this vendor."""
    byteplus("CreateRelaySourceV4", SOURCE)
    (relay,) = emulator.relays()
    assert (relay.vendor, relay.target) == ("byteplus", "rtmp://pull.example.com/live/s1")


def test_the_region_of_the_vendors_own_sdks_is_good_too(byteplus, emulator: Emulator) -> None:
    """At the vendor's host; at any other, that region belongs to Volcengine."""
    byteplus.region = "cn-north-1"
    assert byteplus("CreateRelaySourceV4", SOURCE).status_code == 200
    assert len(list(emulator.byteplus.state.relay_sources)) == 1
    byteplus.region = "ap-nowhere-1"
    assert code(byteplus("CreateRelaySourceV4", SOURCE)) == (401, "SignatureDoesNotMatch")


def test_a_group_cannot_change(byteplus) -> None:
    """Tags can be set at creation; no operation changes them."""
    group = {"Name": "sports", "ProjectName": "default", "Tags": [{"Key": "a", "Value": "b"}]}
    assert byteplus("CreatePullToPushGroup", group).status_code == 200
    listed = byteplus("ListPullToPushGroup", {"PageNum": 1, "PageSize": 10}).json()
    assert [each["Tags"][0]["Value"] for each in listed["Result"]["List"]] == ["b"]
    assert code(byteplus("UpdatePullToPushGroup", group)) == (404, "InvalidActionOrVersion")
    assert code(byteplus("CreateDomainV2", {})) == (501, "EMULATOR.NotEmulated")


@pytest.mark.parametrize(
    ("action", "rate"),
    [("ListRelaySourceV4", 10), ("ListPullToPushTaskV2", 15), ("DescribeCallback", 1)],
)
def test_each_operation_has_the_rate_of_its_page(byteplus, emulator, action: str, rate) -> None:
    """Tasks and callbacks allow one call a second."""
    emulator.rates = True
    seen = [byteplus(action, {"Colour": "red"}).status_code for _ in range(rate + 1)]
    assert seen == [400] * rate + [429]


@pytest.mark.parametrize("issued", [False, True], ids=["its own", "temporary"])
def test_a_key_of_its_own_tells_it_from_volcengine(emulator: Emulator, issued: bool) -> None:
    """Its generated SDKs sign for Volcengine's region, and an emulator's address tells nothing."""
    own = {"byteplusAccessKey": "livepull-emulator-byteplus"}
    if issued:
        keys = emulator.byteplus.issue(timedelta(hours=1))
        own = {
            "byteplusAccessKey": keys.access_key_id,
            "byteplusSecretKey": keys.secret_access_key,
            "byteplusSecurityToken": keys.security_token,
        }
    (group,) = (each for each in VENDOR.resources if each.__name__ == "PullToPushGroup")
    where = {"byteplusRegion": "cn-north-1", "byteplusEndpoint": "http://127.0.0.1:8080"}
    inputs = lifecycle.check(group, {}, GROUP.smallest, NOW).inputs
    lifecycle.create(group, connect(emulator, group, **own, **where), inputs)
    assert len(list(emulator.byteplus.state.groups)) == 1
    assert {entry.vendor for entry in emulator.journal} == {"byteplus"}


def test_an_sdk_that_signs_for_the_region_leads_a_task_through_its_life(
    emulator: Emulator,
) -> None:
    """Over HTTP, where the host name does not identify the vendor."""
    with running(emulator) as url:
        service = LiveService()
        # All of the SDK's services share it.
        service.service_info = deepcopy(service.service_info)
        service.set_ak("livepull-emulator")
        service.set_sk("livepull-emulator-secret")
        service.set_scheme("http")
        service.set_host(urlsplit(url).netloc)
        service.service_info.credentials.region = "ap-singapore-1"
        start = int(emulator.clock.now().timestamp())
        made = service.create_pull_to_push_task(
            {
                "Type": 0,
                "StartTime": start,
                "EndTime": start + 3600,
                "SrcAddr": "rtmp://play.example.com/live/one",
                "DstAddr": "rtmp://push.example.com/live/one",
            }
        )
        task = made["Result"]["TaskId"]
        service.stop_pull_to_push_task({"TaskId": task})
        found = service.list_pull_to_push_task_v2({"Page": 1, "Size": 10})["Result"]["List"]
        assert [(each["TaskId"], each["Status"]) for each in found] == [(task, "停用")]
        service.delete_pull_to_push_task({"TaskId": task})
    assert {entry.vendor for entry in emulator.journal} == {"byteplus"}
    assert emulator.state()["byteplus"]["tasks"] == []
