"""Over HTTP: Alibaba Cloud's own SDK runs unmodified."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from alibabacloud_live20161101 import models
from alibabacloud_live20161101.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException, ThrottlingException
from alibabacloud_tea_openapi.models import Config

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running

# The SDK asks for the time in a way that newer Pythons warn of.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")

REGION = "cn-shanghai"
TASK = {
    "region": REGION,
    "start_time": "2025-01-02T03:04:05Z",
    "end_time": "2099-01-03T03:04:05Z",
    "source_type": "url",
    "source_urls": ["https://v.example.com/1.mp4?a=b c+d*~/é"],
    "dst_url": "rtmp://push.example.com/live/s1?auth_key=1-0-0-x",
}


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with running(emulator) as url:
        yield url


def connect(url: str, **more: str) -> Client:
    key = {"access_key_id": "livepull-emulator", "access_key_secret": "livepull-emulator-secret"}
    return Client(Config(endpoint=urlsplit(url).netloc, protocol="http", **key, **more))


@pytest.fixture
def sdk(url: str) -> Client:
    return connect(url)


def test_the_vendors_sdk_leads_a_task_through_its_life(sdk: Client) -> None:
    """Create, describe, list, stop, update, restart, delete."""
    made = sdk.create_live_pull_to_push(models.CreateLivePullToPushRequest(**TASK)).body
    which = {"region": REGION, "task_id": made.task_id}
    task = sdk.describe_live_pull_to_push(models.DescribeLivePullToPushRequest(**which)).body
    assert (task.task_status, task.task_info.source_urls) == (1, TASK["source_urls"])
    query = models.DescribeLivePullToPushListRequest(region=REGION, dst_url="push.example")
    (listed,) = sdk.describe_live_pull_to_push_list(query).body.task_list
    assert listed.task_info.dst_url == TASK["dst_url"]
    stopped = sdk.stop_live_pull_to_push(models.StopLivePullToPushRequest(**which)).body
    assert stopped.task_id == made.task_id
    change = models.UpdateLivePullToPushRequest(
        **which, callback_url="https://h/", file_index=2, source_urls=["https://v/1", "https://v/2"]
    )
    assert sdk.update_live_pull_to_push(change).body.ret_code == 0
    sdk.restart_live_pull_to_push(models.RestartLivePullToPushRequest(**which))
    task = sdk.describe_live_pull_to_push(models.DescribeLivePullToPushRequest(**which)).body
    assert (task.task_status, task.current_file_index) == (1, 2)
    assert task.task_info.callback_url == "https://h/"
    sdk.delete_live_pull_to_push(models.DeleteLivePullToPushRequest(**which))
    with pytest.raises(ClientException) as gone:
        sdk.delete_live_pull_to_push(models.DeleteLivePullToPushRequest(**which))
    assert gone.value.code == "CodeTaskNotExist"


def test_the_vendors_sdk_leads_a_callback_through_its_life(sdk: Client) -> None:
    """Add, describe, update, delete; the SDK writes booleans with a capital letter."""
    callback = {
        "domain_name": "push.example.com",
        "notify_url": "https://h/",
        "notify_req_auth": True,
    }
    key = "0123456789abcdef"
    request = models.AddLiveRecordNotifyConfigRequest(**callback, notify_auth_key=key)
    sdk.add_live_record_notify_config(request)
    which = models.DescribeLiveRecordNotifyConfigRequest(domain_name="push.example.com")
    shown = sdk.describe_live_record_notify_config(which).body.live_record_notify_config
    assert (shown.notify_req_auth, shown.notify_auth_key) == (True, key)
    change = models.UpdateLiveRecordNotifyConfigRequest(**{**callback, "notify_req_auth": False})
    sdk.update_live_record_notify_config(change)
    shown = sdk.describe_live_record_notify_config(which).body.live_record_notify_config
    assert shown.notify_req_auth is False
    gone = models.DeleteLiveRecordNotifyConfigRequest(domain_name="push.example.com")
    sdk.delete_live_record_notify_config(gone)
    with pytest.raises(ClientException) as missing:
        sdk.describe_live_record_notify_config(which)
    assert (missing.value.code, missing.value.status_code) == ("InvalidConfig.NotFound", 404)


def test_the_vendors_sdk_signs_with_a_temporary_key(url: str) -> None:
    """Id and token are sent in headers, which are signed."""
    sdk = connect(url, security_token="TOKEN")
    request = models.DescribeLivePullToPushListRequest(region=REGION)
    assert sdk.describe_live_pull_to_push_list(request).body.total == 0


def test_the_vendors_sdk_knows_a_throttled_call_by_its_header(
    emulator: Emulator, sdk: Client
) -> None:
    """In milliseconds; the status is 400."""
    emulator.arm("throttle", retry_after=2)
    with pytest.raises(ThrottlingException) as throttled:
        sdk.describe_live_pull_to_push_list(models.DescribeLivePullToPushListRequest(region=REGION))
    assert throttled.value.code == "Throttling.User"
    assert (throttled.value.status_code, throttled.value.retry_after) == (400, 2000)
