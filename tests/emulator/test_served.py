"""Over HTTP: the vendor's own SDK runs unmodified, and a lost reply is a broken connection."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdklive import v1 as live
from requests.exceptions import ChunkedEncodingError

from pulumi_livepull.__main__ import main
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running, serve

# The SDK asks for the time in a way that newer Pythons warn of, and misses dateutil aloud.
pytestmark = [
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unable to convert string to date:ImportWarning"),
]


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with running(emulator) as url:
        yield url


@pytest.fixture
def sdk(url: str) -> live.LiveClient:
    credentials = BasicCredentials("livepull-emulator", "livepull-emulator-secret")
    credentials = credentials.with_iam_endpoint(url)
    region = Region("cn-north-4", url)
    return live.LiveClient.new_builder().with_credentials(credentials).with_region(region).build()


def new_task(**changed: object) -> live.CreatePullTaskRequest:
    task = {
        "source_type": "PullVodPushLive",
        "source_urls": ["https://vod.example.com/1.mp4"],
        "destination_url": "rtmp://push.example.com/live/s1",
    }
    return live.CreatePullTaskRequest(body=live.LivePullStreamTask(**{**task, **changed}))


def test_the_vendors_sdk_leads_a_task_through_its_life(sdk: live.LiveClient) -> None:
    """Create, list, modify, delete; the project id comes from the emulated IAM."""
    task_id = sdk.create_pull_task(new_task()).task_id
    (task,) = sdk.list_pull_tasks(live.ListPullTasksRequest(task_id=task_id, limit=10)).task_infos
    assert (task.task_id, task.status) == (task_id, "running")
    change = live.ModifyLivePullStreamTask(task_id=task_id, status="pause", vod_loop_time="2")
    sdk.modify_pull_task(live.ModifyPullTaskRequest(body=change))
    (task,) = sdk.list_pull_tasks(live.ListPullTasksRequest(region="cn-north-4")).task_infos
    assert (task.status, task.vod_loop_time) == ("pause", "2")
    deleted = sdk.delete_pull_task(live.DeletePullTaskRequest(task_id=task_id))
    assert deleted.task_id == task_id
    assert sdk.list_pull_tasks(live.ListPullTasksRequest()).total == 0


def test_the_vendors_sdk_leads_a_callback_through_its_life(sdk: live.LiveClient) -> None:
    """Create, show, list, update, delete."""
    body = live.RecordCallbackConfigRequest(publish_domain="push.example.com", app="*")
    made = sdk.create_record_callback_config(live.CreateRecordCallbackConfigRequest(body=body))
    shown = sdk.show_record_callback_config(live.ShowRecordCallbackConfigRequest(id=made.id))
    assert shown.sign_type == "HMACSHA256"
    listed = sdk.list_record_callback_configs(live.ListRecordCallbackConfigsRequest(app="*"))
    assert [each.id for each in listed.callback_config] == [made.id]
    body.sign_type = "MD5"
    update = live.UpdateRecordCallbackConfigRequest(id=made.id, body=body)
    assert sdk.update_record_callback_config(update).sign_type == "MD5"
    sdk.delete_record_callback_config(live.DeleteRecordCallbackConfigRequest(id=made.id))
    with pytest.raises(ClientRequestException) as gone:
        sdk.show_record_callback_config(live.ShowRecordCallbackConfigRequest(id=made.id))
    assert gone.value.status_code == 404


def test_the_vendors_sdk_reads_the_emulators_errors(sdk: live.LiveClient) -> None:
    """Code, message and request id are where the SDK expects them."""
    with pytest.raises(ClientRequestException) as refused:
        sdk.create_pull_task(new_task(source_type="PullNothing"))
    assert refused.value.error_code == "LIVE.100011001"
    assert "source_type" in refused.value.error_msg
    assert refused.value.request_id


def test_a_lost_reply_is_a_broken_connection(emulator: Emulator, sdk: live.LiveClient) -> None:
    """The task exists anyway."""
    sdk.list_pull_tasks(live.ListPullTasksRequest())
    emulator.arm("lose_reply", "CreatePullTask")
    with pytest.raises(ChunkedEncodingError, match="Connection broken"):
        sdk.create_pull_task(new_task())
    assert sdk.list_pull_tasks(live.ListPullTasksRequest()).total == 1


def test_many_callers_at_once_lose_nothing(emulator: Emulator, sdk: live.LiveClient) -> None:
    """The emulator is thread-safe."""
    sdk.list_pull_tasks(live.ListPullTasksRequest())

    def create_some() -> None:
        for _ in range(5):
            sdk.create_pull_task(new_task())

    threads = [threading.Thread(target=create_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sdk.list_pull_tasks(live.ListPullTasksRequest(limit=100)).total == 20


def test_a_stopped_server_leaves_no_thread_and_no_open_port(emulator: Emulator) -> None:
    """Even with a client that still holds its connection."""
    before = set(threading.enumerate())
    with httpx.Client() as client:
        with running(emulator) as url:
            assert client.get(f"{url}/_emulator/health").json()["ok"] is True
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/_emulator/health")
    assert set(threading.enumerate()) <= before


def test_serve_announces_its_url_and_ends_quietly_when_interrupted(emulator: Emulator) -> None:
    """As with Ctrl-C; once the URL is printed, it works."""
    heard = []

    def interrupt(url: str) -> None:
        heard.append(httpx.get(f"{url}/_emulator/health").status_code)
        raise KeyboardInterrupt

    serve(emulator, port=0, announce=interrupt)
    assert heard == [200]


def test_replies_are_dated_by_the_emulators_clock(emulator: Emulator) -> None:
    """Over HTTP, too: clients use that date."""
    emulator.clock.set(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC))
    emulator.clock.freeze()
    with running(emulator) as url:
        reply = httpx.post(f"{url}/?Action=ListRelaySourceV4")
    assert reply.headers.get_list("Date") == ["Tue, 06 May 2031 07:08:09 GMT"]


def test_a_host_that_is_not_this_machine_is_reported_as_such(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Another port would not help; an invalid port has a different message."""
    for host in ("203.0.113.9", "no.such.name.invalid"):
        assert main(["emulator", "--host", host]) == 1
        messages = capsys.readouterr().err.splitlines()
        assert messages[-1] == "Give an address of this machine as --host, such as 127.0.0.1."
