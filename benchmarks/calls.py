"""One call through our client and through each vendor's SDK, without any network."""

import io
import json
import os
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import httpx
import requests
from alibabacloud_live20161101 import models as alicloud  # type: ignore[import-untyped]
from alibabacloud_live20161101.client import Client as AlicloudSdk  # type: ignore[import-untyped]
from alibabacloud_tea_openapi.utils_models import Config  # type: ignore[import-untyped]
from huaweicloudsdkcore.auth.credentials import BasicCredentials  # type: ignore[import-untyped]
from huaweicloudsdklive import v1 as huaweicloud  # type: ignore[import-untyped]
from huaweicloudsdklive.v1.region.live_region import LiveRegion  # type: ignore[import-untyped]
from volcengine.live.v20230101.live_service import LiveService  # type: ignore[import-untyped]

from benchmarks.figure import Figure, of_medians
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud.pull_task import TASK

PROJECT, TASK_ID = "0123456789abcdef0123456789abcdef", "7864b3dc"
SOURCE = "https://play.example.org/live/channel.flv"
HUAWEICLOUD = {
    "source_type": "PullLivePushLive",
    "source_urls": [SOURCE],
    "domain": "push.example.com",
    "app_name": "live",
    "stream_name": "channel",
    "end_time": "2030-01-02T12:00:00Z",
    "callback_events": ["TaskExit", "TaskStart"],
    "callback_url": "https://hooks.example.org/tasks",
}
ALICLOUD = {
    "SourceType": "live",
    "SourceUrls": [SOURCE],
    "DstUrl": "rtmp://push.example.com/live/channel",
    "StartTime": "2030-01-01T12:00:00Z",
    "EndTime": "2030-01-02T12:00:00Z",
    "CallbackUrl": "https://hooks.example.org/tasks",
}
VOLCENGINE = {
    "Domain": "pull.example.com",
    "App": "live",
    "Stream": "channel",
    "SrcAddrS": [SOURCE],
    "StartTime": 1893499200,
    "EndTime": 1893585600,
}
REPLIES: Mapping[str, Any] = {
    "huaweicloud": {
        "task_id": TASK_ID,
        "total": 1,
        "task_infos": [{**HUAWEICLOUD, "task_id": TASK_ID}],
    },
    "alicloud": {
        "RequestId": "F0F49342-7DBB-19FB-A9DE-B7D8AC0A2C5E",
        "TaskId": TASK_ID,
        "TaskInfo": {**ALICLOUD, "TaskId": TASK_ID},
    },
    "volcengine": {
        "ResponseMetadata": {"RequestId": "20300101120000010203040506070809"},
        "Result": {"List": [VOLCENGINE], "Pagination": {"PageTotal": 1}},
    },
}
"""The same for both operations: whoever asks takes out what it wants."""

Call = Callable[[], Any]


AT_MOST = {"huaweicloud": 1.1, "alicloud": 2.2, "volcengine": 1.1}
"""The limits of the ratios to the vendors' official SDKs."""


def measure(calls: int, rounds: int) -> Iterator[Figure]:
    """Time ours and the SDK's in turn, round by round: milliseconds of processor time per call."""
    for name, pairs in (
        ("huaweicloud", _huaweicloud()),
        ("alicloud", _alicloud()),
        ("volcengine", _volcengine()),
    ):
        reply = json.dumps(REPLIES[name]).encode()
        for operation, (ours, theirs) in pairs.items():
            with _answered_with(reply):
                times = [(_seconds(ours, calls), _seconds(theirs, calls)) for _ in range(rounds)]
            what = f"{name} {operation}, to the official SDK's"
            yield of_medians(what, times, "ms", AT_MOST[name])


def _seconds(call: Call, times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - started) / times * 1e3


@contextmanager
def _answered_with(reply: bytes) -> Iterator[None]:
    """Let the SDKs' connections answer at once."""

    def send(_: object, request: requests.PreparedRequest, **__: object) -> requests.Response:
        response = requests.Response()
        response.request, response.status_code = request, 200
        response.headers["Content-Type"] = "application/json"
        response.raw = io.BytesIO(reply)
        return response

    with patch.object(requests.adapters.HTTPAdapter, "send", send), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The SDKs' own.
        yield


def _client(name: str, settings: Mapping[str, str]) -> Any:
    """Return our client, over a transport that answers at once."""
    (vendor,) = (vendor for vendor in VENDORS if vendor.name == name)
    reply = json.dumps(REPLIES[name]).encode()
    headers = {"Content-Type": "application/json"}
    named = {
        f"livepull:{name}{key}": value
        for key, value in {"AccessKey": "key", "SecretKey": "secret", **settings}.items()
    }
    return vendor.client(
        {**named, "livepull:requestsPerSecond": "1e9"},
        {},
        transport=httpx.MockTransport(
            lambda _: httpx.Response(200, headers=headers, content=reply)
        ),
    )


def _huaweicloud() -> dict[str, tuple[Call, Call]]:
    region = "cn-north-4"
    api = _client("huaweicloud", {"Region": region, "ProjectId": PROJECT})
    credentials = BasicCredentials("key", "secret", PROJECT)
    builder = huaweicloud.LiveClient.new_builder().with_credentials(credentials)
    sdk = builder.with_region(LiveRegion.value_of(region)).build()
    made = huaweicloud.CreatePullTaskRequest(huaweicloud.LivePullStreamTask(**HUAWEICLOUD))
    asked = huaweicloud.ListPullTasksRequest(task_id=TASK_ID, offset=0, limit=100)
    query = {"task_id": TASK_ID, "offset": 0, "limit": 100}
    return {
        "create": (
            lambda: api.call("POST", TASK, region=region, json=HUAWEICLOUD),
            lambda: sdk.create_pull_task(made),
        ),
        "read": (
            lambda: api.call("GET", TASK, region=region, params=query),
            lambda: sdk.list_pull_tasks(asked),
        ),
    }


def _alicloud() -> dict[str, tuple[Call, Call]]:
    region = "cn-shanghai"
    api = _client("alicloud", {"Region": region})
    sdk = AlicloudSdk(Config(access_key_id="key", access_key_secret="secret", region_id=region))
    given = {**ALICLOUD, "SourceUrls": json.dumps(ALICLOUD["SourceUrls"])}
    made = alicloud.CreateLivePullToPushRequest().from_map({**ALICLOUD, "Region": region})
    asked = alicloud.DescribeLivePullToPushRequest(region=region, task_id=TASK_ID)
    return {
        "create": (
            lambda: api.call("CreateLivePullToPush", given, region=region),
            lambda: sdk.create_live_pull_to_push(made),
        ),
        "read": (
            lambda: api.call("DescribeLivePullToPush", {"TaskId": TASK_ID}, region=region),
            lambda: sdk.describe_live_pull_to_push(asked),
        ),
    }


def _volcengine() -> dict[str, tuple[Call, Call]]:
    api = _client("volcengine", {})
    # The SDK looks into the home folder for keys where these are not set.
    with patch.dict(os.environ, {"VOLC_ACCESSKEY": "key", "VOLC_SECRETKEY": "secret"}):
        sdk = LiveService()
    query = {"Domain": "pull.example.com", "Page": 1, "Size": 100}
    return {
        "create": (
            lambda: api.call("CreateRelaySourceV4", VOLCENGINE),
            lambda: sdk.create_relay_source_v4(VOLCENGINE),
        ),
        "read": (
            lambda: api.call("ListRelaySourceV4", query),
            lambda: sdk.list_relay_source_v4(query),
        ),
    }
