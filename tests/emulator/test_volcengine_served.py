"""Over HTTP: Volcengine's own SDK runs unmodified."""

import json
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from volcengine.live.v20230101.live_service import LiveService

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running

KEY = {"Domain": "pull.example.com", "App": "live", "Stream": "s1"}


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def sdk(emulator: Emulator) -> Iterator[LiveService]:
    with running(emulator) as url:
        host = urlsplit(url).netloc
        sdk = LiveService(host, "livepull-emulator", "livepull-emulator-secret")
        sdk.set_scheme("http")
        # What it knows of the service is shared by all that a process makes.
        sdk.set_session_token("")
        with sdk.session:
            yield sdk
        sdk.set_scheme("https")


def test_the_vendors_sdk_leads_a_relay_source_through_its_life(sdk: LiveService) -> None:
    """Create, list, update, delete."""
    made = sdk.create_relay_source_v4({**KEY, "SrcAddrS": ["rtmp://src/live/s1?a=b c+d*~é"]})
    assert made["Result"]["TaskId"].isdigit()
    times = {"StartTime": 1683518058, "EndTime": 1683777258}
    sdk.update_relay_source_v4({**KEY, "SrcAddrS": ["rtmp://src/live/s2"], **times})
    result = sdk.list_relay_source_v4({"Domain": KEY["Domain"], "Page": 1, "Size": 500})["Result"]
    assert result["List"] == [{**KEY, "SrcAddrS": ["rtmp://src/live/s2"], **times}]
    assert "Error" not in sdk.delete_relay_source_v4(KEY)["ResponseMetadata"]
    with pytest.raises(Exception, match="ResourceNotFound"):
        sdk.delete_relay_source_v4(KEY)


def test_the_vendors_sdk_leads_a_task_through_its_life(sdk: LiveService) -> None:
    """Create, list in both ways, stop, continue, relaunch, update, delete; in a group."""
    now = int(time.time())
    sdk.create_pull_to_push_group({"Name": "g", "ProjectName": "p"})
    task = {"StartTime": now - 60, "EndTime": now + 3600, "Type": 0, "SrcAddr": "rtmp://a/b"}
    task |= {"DstAddr": "rtmp://c/d"}
    made = sdk.create_pull_to_push_task({**task, "GroupName": "g", "Title": "直播"})
    which = {"TaskId": made["Result"]["TaskId"], "GroupName": "g"}
    for again in (sdk.continue_pull_to_push_task, sdk.relaunch_pull_to_push_task):
        sdk.stop_pull_to_push_task(which)
        (listed,) = sdk.list_pull_to_push_task({"Page": 1, "Title": "直"})["Result"]["List"]
        assert listed["Status"] == "停用"
        again(which)
    sdk.update_pull_to_push_task({**which, **task, "Title": "b"})
    (listed,) = sdk.list_pull_to_push_task_v2({"GroupNames": ["g"]})["Result"]["List"]
    assert (listed["Title"], listed["Status"]) == ("b", "生效中")
    with pytest.raises(Exception, match="still has tasks"):
        sdk.delete_pull_to_push_group({"Name": "g"})
    sdk.delete_pull_to_push_task(which)
    sdk.delete_pull_to_push_group({"Name": "g"})


def test_the_vendors_sdk_leads_a_group_through_its_life(sdk: LiveService) -> None:
    """Create, list, update, delete; a deleted one is listed as such."""
    page = {"PageNum": 1, "PageSize": 10}
    tag = {"Key": "k", "Value": "v", "Category": "Custom"}
    sdk.create_pull_to_push_group({"Name": "群组1", "ProjectName": "p", "Tags": [tag]})
    with pytest.raises(Exception, match="there is a group"):
        sdk.create_pull_to_push_group({"Name": "群组1", "ProjectName": "other"})
    sdk.update_pull_to_push_group({"Name": "群组1", "Tags": [{**tag, "Value": "w"}]})
    result = sdk.list_pull_to_push_group(page)["Result"]
    group = {"Name": "群组1", "ProjectName": "p", "Tags": [{**tag, "Value": "w"}]}
    assert result == {"List": [{**group, "Status": 0}], "Total": 1}
    sdk.delete_pull_to_push_group({"Name": "群组1"})
    assert sdk.list_pull_to_push_group(page)["Result"]["Total"] == 0
    result = sdk.list_pull_to_push_group({**page, "StatusList": [1]})["Result"]
    assert result == {"List": [{**group, "Status": 1}], "Total": 1}


def test_the_vendors_sdk_leads_a_callback_through_its_life(sdk: LiveService) -> None:
    """Update, describe, delete."""
    which = {"Vhost": "push.example.com", "App": "live", "MessageType": "record"}
    details = [{"CallbackType": "HTTP", "URL": "https://hook.example.com/"}]
    sdk.update_callback({**which, "CallbackDetailList": details})
    (callback,) = sdk.describe_callback(which)["Result"]["CallbackList"]
    assert {**which, "CallbackDetailList": details}.items() <= callback.items()
    sdk.delete_callback(which)
    assert sdk.describe_callback(which)["Result"]["CallbackList"] == []


def test_the_vendors_sdk_signs_with_a_temporary_key(sdk: LiveService) -> None:
    """The token is sent in a header, which is signed."""
    sdk.set_session_token("TOKEN")
    assert sdk.list_pull_to_push_task({})["Result"]["List"] == []


def test_the_vendors_sdk_does_not_see_an_error_in_a_200(
    emulator: Emulator, sdk: LiveService
) -> None:
    """It returns the error like a result, so clients must check; it raises other errors as text."""
    emulator.arm("error_in_200")
    reply = sdk.describe_callback({"Vhost": "v"})
    assert reply["ResponseMetadata"]["Error"]["Code"] == "CommonErr"
    emulator.arm("throttle")
    with pytest.raises(Exception, match="FlowLimitExceeded") as throttled:
        sdk.describe_callback({"Vhost": "v"})
    assert json.loads(throttled.value.args[0])["ResponseMetadata"]["Error"]["CodeN"] == 100018
