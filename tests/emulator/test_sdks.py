"""The vendors' own SDKs live a task's whole life against the served emulator, unmodified.

These are the rows of "Which SDKs work" in docs/emulator.md.
"""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from alibabacloud_live20161101 import models as alicloud
from alibabacloud_live20161101.client import Client as AlicloudLive
from alibabacloud_tea_openapi.utils_models import Config
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdklive import v1 as huaweicloud
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.live.v20180801 import models as tencent
from tencentcloud.live.v20180801.live_client import LiveClient
from volcengine.live.v20230101.live_service import LiveService

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running
from tests.hosting import KEYS
from tools.engine.go import Go

KEY, SECRET = KEYS["livepull:huaweicloudAccessKey"], KEYS["livepull:huaweicloudSecretKey"]
PROJECT = "0123456789abcdef0123456789abcdef"
ALIVE = ["CreateLivePullToPush", "DescribeLivePullToPush", "UpdateLivePullToPush"]


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with running(emulator) as url:
        yield url


def _days_from_now(days: int) -> datetime:
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)


def _spelled(days: int) -> str:
    return _days_from_now(days).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="session")
def in_go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program in Go, built with the SDKs that its `go.mod` names."""
    folder = Path(__file__).with_name("go")
    program = tmp_path_factory.mktemp("go") / "sdks"
    go = Go.find([folder], program.parent)
    subprocess.run(
        [go.program, "build", "-o", program, "."], cwd=folder, env=dict(go.env), check=True
    )
    return program


@pytest.mark.parametrize(
    ("vendor", "operations"),
    [
        ("huaweicloud", ["CreatePullTask", "ListPullTasks", "DeletePullTask"]),
        (
            "alicloud",
            ["CreateLivePullToPush", "DescribeLivePullToPush", "DeleteLivePullToPush"],
        ),
        (
            "volcengine",
            ["CreatePullToPushTask", "ListPullToPushTaskV2", "DeletePullToPushTask"],
        ),
        (
            "tencentcloud",
            [
                "CreateLivePullStreamTask",
                "DescribeLivePullStreamTasks",
                "DeleteLivePullStreamTask",
            ],
        ),
    ],
)
def test_each_vendor_for_go(
    emulator: Emulator, url: str, in_go: Path, vendor: str, operations: list[str]
) -> None:
    """Huawei's signs no host; Alibaba's uses the older signature."""
    ran = subprocess.run([in_go, vendor, url], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert _done(emulator) == operations


def _done(emulator: Emulator) -> list[str | None]:
    assert {entry.status for entry in emulator.journal} == {200}
    return [entry.operation for entry in emulator.journal]


def test_huawei_for_python(emulator: Emulator, url: str) -> None:
    """huaweicloudsdklive."""
    builder = huaweicloud.LiveClient.new_builder()
    client = (
        builder.with_credentials(BasicCredentials(KEY, SECRET, PROJECT)).with_endpoint(url).build()
    )
    body = huaweicloud.LivePullStreamTask(
        region="cn-north-4",
        source_type="PullLivePushLive",
        source_urls=["rtmp://play.example.com/live/one"],
        destination_url="rtmp://push.example.com/live/one",
        end_time=_days_from_now(1),
    )
    made = client.create_pull_task(huaweicloud.CreatePullTaskRequest(body=body))
    found = client.list_pull_tasks(huaweicloud.ListPullTasksRequest(task_id=made.task_id))
    assert [task.task_id for task in found.task_infos] == [made.task_id]
    client.delete_pull_task(huaweicloud.DeletePullTaskRequest(task_id=made.task_id))
    assert _done(emulator) == ["CreatePullTask", "ListPullTasks", "DeletePullTask"]


def _alicloud(url: str) -> AlicloudLive:
    endpoint = urlsplit(url).netloc
    config = Config(access_key_id=KEY, access_key_secret=SECRET, endpoint=endpoint, protocol="http")
    return AlicloudLive(config)


def _task() -> alicloud.CreateLivePullToPushRequest:
    return alicloud.CreateLivePullToPushRequest(
        region="cn-shanghai",
        source_type="live",
        source_protocol="rtmp",
        source_urls=["rtmp://play.example.com/live/one"],
        dst_url="rtmp://push.example.com/live/one",
        start_time=_spelled(1),
        end_time=_spelled(2),
    )


def test_alibaba_for_python(emulator: Emulator, url: str) -> None:
    """alibabacloud_live20161101, with synchronous calls."""
    client = _alicloud(url)
    made = client.create_live_pull_to_push(_task()).body.task_id
    which = {"region": "cn-shanghai", "task_id": made}
    found = client.describe_live_pull_to_push(alicloud.DescribeLivePullToPushRequest(**which))
    assert found.body.task_info.task_id == made
    client.update_live_pull_to_push(
        alicloud.UpdateLivePullToPushRequest(**which, end_time=_spelled(3))
    )
    client.delete_live_pull_to_push(alicloud.DeleteLivePullToPushRequest(**which))
    assert _done(emulator) == [*ALIVE, "DeleteLivePullToPush"]


def test_alibaba_for_python_with_scheduled_pulls(emulator: Emulator, url: str) -> None:
    """The same SDK creates, updates and deletes a domain's pull, and reads it after each step."""
    client = _alicloud(url)
    which = {"domain_name": "live.example.com", "app_name": "live", "stream_name": "one"}
    pull = {
        **which,
        "source_url": "rtmp://play.example.com/live/one;https://play.example.com/live/one.flv",
        "start_time": _spelled(-1),
        "end_time": _spelled(1),
    }

    def found() -> list[tuple[str, str]]:
        asked = alicloud.DescribeLivePullStreamConfigRequest(domain_name="live.example.com")
        reply = client.describe_live_pull_stream_config(asked).body.live_app_record_list
        return [(each.end_time, each.source_using) for each in reply.live_app_record]

    client.add_live_pull_stream_info_config(alicloud.AddLivePullStreamInfoConfigRequest(**pull))
    assert found() == [(pull["end_time"], "rtmp://play.example.com/live/one")]
    longer = {**pull, "end_time": _spelled(2)}
    client.update_live_pull_stream_info_config(
        alicloud.UpdateLivePullStreamInfoConfigRequest(**longer)
    )
    assert found() == [(longer["end_time"], "rtmp://play.example.com/live/one")]
    client.delete_live_pull_stream_info_config(
        alicloud.DeleteLivePullStreamInfoConfigRequest(**which)
    )
    assert found() == []
    look = "DescribeLivePullStreamConfig"
    assert _done(emulator) == [
        *("AddLivePullStreamInfoConfig", look, "UpdateLivePullStreamInfoConfig", look),
        *("DeleteLivePullStreamInfoConfig", look),
    ]


def test_alibaba_for_python_in_asynchronous_calls(emulator: Emulator, url: str) -> None:
    """The same SDK's `_async` calls sign other headers."""

    async def live() -> None:
        client = _alicloud(url)
        made = (await client.create_live_pull_to_push_async(_task())).body.task_id
        which: dict[str, Any] = {"region": "cn-shanghai", "task_id": made}
        await client.describe_live_pull_to_push_async(
            alicloud.DescribeLivePullToPushRequest(**which)
        )
        await client.update_live_pull_to_push_async(
            alicloud.UpdateLivePullToPushRequest(**which, end_time=_spelled(3))
        )
        await client.delete_live_pull_to_push_async(alicloud.DeleteLivePullToPushRequest(**which))

    asyncio.run(live())
    assert _done(emulator) == [*ALIVE, "DeleteLivePullToPush"]


@pytest.mark.parametrize("way", ["query", "form"])
def test_alibaba_for_python_older(emulator: Emulator, url: str, way: str) -> None:
    """aliyun-python-sdk-core, which uses the older signature (V1), as aliyun CLI does."""
    client = AcsClient(KEY, SECRET, "cn-shanghai")

    def call(action: str, **given: str) -> dict[str, Any]:
        request = CommonRequest(
            domain=urlsplit(url).netloc, version="2016-11-01", action_name=action
        )
        request.set_method("GET" if way == "query" else "POST")
        request.set_protocol_type("http")
        for name, value in given.items():
            (request.add_query_param if way == "query" else request.add_body_params)(name, value)
        return dict(json.loads(client.do_action_with_exception(request)))

    made = call(
        "CreateLivePullToPush",
        Region="cn-shanghai",
        SourceType="live",
        SourceProtocol="rtmp",
        SourceUrls='["rtmp://play.example.com/live/one"]',
        DstUrl="rtmp://push.example.com/live/one",
        StartTime=_spelled(1),
        EndTime=_spelled(2),
    )
    which = {"Region": "cn-shanghai", "TaskId": made["TaskId"]}
    assert call("DescribeLivePullToPush", **which)["TaskInfo"]["TaskId"] == made["TaskId"]
    call("UpdateLivePullToPush", **which, EndTime=_spelled(3))
    call("DeleteLivePullToPush", **which)
    assert _done(emulator) == [*ALIVE, "DeleteLivePullToPush"]


def test_volcengine_for_python(emulator: Emulator, url: str) -> None:
    """volcengine."""
    service = LiveService()
    service.set_ak(KEY)
    service.set_sk(SECRET)
    service.set_scheme("http")
    service.set_host(urlsplit(url).netloc)
    made = service.create_pull_to_push_task(
        {
            "Type": 0,
            "StartTime": int(_days_from_now(1).timestamp()),
            "EndTime": int(_days_from_now(2).timestamp()),
            "SrcAddr": "rtmp://play.example.com/live/one",
            "DstAddr": "rtmp://push.example.com/live/one",
        }
    )
    task = made["Result"]["TaskId"]
    found = service.list_pull_to_push_task_v2({"Page": 1, "Size": 10})
    assert [each["TaskId"] for each in found["Result"]["List"]] == [task]
    service.delete_pull_to_push_task({"TaskId": task})
    assert _done(emulator) == [
        "CreatePullToPushTask",
        "ListPullToPushTaskV2",
        "DeletePullToPushTask",
    ]


def test_tencent_for_python(emulator: Emulator, url: str) -> None:
    """tencentcloud-sdk-python-live: a task, and a template that is bound by a rule."""
    http = HttpProfile(protocol="http", endpoint=urlsplit(url).netloc)
    client = LiveClient(Credential(KEY, SECRET), "ap-guangzhou", ClientProfile(httpProfile=http))

    def asked(kind: str, **given: Any) -> Any:
        request = getattr(tencent, f"{kind}Request")()
        request.from_json_string(json.dumps(given))
        return getattr(client, kind)(request)

    made = asked(
        "CreateLivePullStreamTask",
        SourceType="PullVodPushLive",
        SourceUrls=["https://files.example.com/one.mp4", "https://files.example.com/two.mp4"],
        DomainName="push.example.com",
        AppName="live",
        StreamName="one",
        StartTime=_spelled(-1),
        EndTime=_spelled(2),
        Operator="me",
        VodLoopTimes="0",
        SpecifyTaskId="mine",
        WatermarkList=[{"PictureUrl": "https://files.example.com/logo.png", "Location": 1}],
    )
    which = {"TaskId": made.TaskId, "Operator": "me"}
    found = asked("DescribeLivePullStreamTasks", SpecifyTaskId="mine")
    assert [(each.TaskId, each.VodLoopTimes) for each in found.TaskInfos] == [(made.TaskId, 0)]
    asked("ModifyLivePullStreamTask", **which, VodLoopTimes=3, WatermarkList=[])
    found = asked("DescribeLivePullStreamTasks", TaskId=made.TaskId)
    assert (found.TaskInfos[0].VodLoopTimes, found.TaskInfos[0].WatermarkList) == (3, [])
    assert found.TaskInfos[0].RecentPullInfo.FileUrl == "https://files.example.com/one.mp4"
    status = asked("DescribeLivePullStreamTaskStatus", TaskId=made.TaskId)
    assert status.TaskStatusInfo.RunStatus == "active"
    asked("RestartLivePullStreamTask", **which)
    asked("DeleteLivePullStreamTask", **which)
    hook = "https://hooks.example.com/"
    made = asked("CreateLiveCallbackTemplate", TemplateName="t", RecordNotifyUrl=hook)
    template = {"TemplateId": made.TemplateId}
    asked("ModifyLiveCallbackTemplate", **template, CallbackKey="key")
    assert asked("DescribeLiveCallbackTemplate", **template).Template.CallbackKey == "key"
    asked("CreateLiveCallbackRule", DomainName="push.example.com", AppName="live", **template)
    (rule,) = asked("DescribeLiveCallbackRules").Rules
    assert rule.TemplateId == made.TemplateId
    asked("DeleteLiveCallbackRule", DomainName="push.example.com", AppName="live")
    asked("DeleteLiveCallbackTemplate", **template)
    assert asked("DescribeLiveCallbackTemplates").Templates == []
    assert asked("DescribeLiveDomains").DomainList == []
    assert set(_done(emulator)) == set(emulator.tencentcloud.operations)
    with pytest.raises(TencentCloudSDKException) as refused:
        asked("DeleteLivePullStreamTask", **which)
    assert refused.value.code == "InvalidParameter.TaskNotExist"
