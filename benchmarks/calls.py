"""One call through our client and through the vendor's SDK, with nothing below either."""

import io
import json
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import httpx
import requests
from huaweicloudsdkcore.auth.credentials import BasicCredentials  # type: ignore[import-untyped]
from huaweicloudsdklive import v1 as live  # type: ignore[import-untyped]
from huaweicloudsdklive.v1.region.live_region import LiveRegion  # type: ignore[import-untyped]

from pulumi_livepull.vendors.huaweicloud import VENDOR
from pulumi_livepull.vendors.huaweicloud.client import HuaweiLive
from pulumi_livepull.vendors.huaweicloud.pull_task import TASK

REGION, PROJECT, TASK_ID = "cn-north-4", "0123456789abcdef0123456789abcdef", "7864b3dc"
BODY = {
    "source_type": "PullLivePushLive",
    "source_urls": ["https://play.example.org/live/channel.flv"],
    "domain": "push.example.com",
    "app_name": "live",
    "stream_name": "channel",
    "end_time": "2030-01-02T12:00:00Z",
    "callback_events": ["TaskExit", "TaskStart"],
    "callback_url": "https://hooks.example.org/tasks",
}
REPLY = json.dumps(
    {"task_id": TASK_ID, "total": 1, "task_infos": [{**BODY, "task_id": TASK_ID}]}
).encode()


@dataclass(frozen=True)
class Cost:
    """Seconds per call, the best of all rounds."""

    name: str
    ours: float
    theirs: float


def measure(calls: int, rounds: int) -> list[Cost]:
    """Time both in turn, round by round."""
    api, sdk = _ours(), _theirs()
    made = live.CreatePullTaskRequest(live.LivePullStreamTask(**BODY))
    asked = live.ListPullTasksRequest(task_id=TASK_ID, offset=0, limit=100)
    query = {"task_id": TASK_ID, "offset": 0, "limit": 100}
    pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "create": (
            lambda: api.call("POST", TASK, region=REGION, json=BODY),
            lambda: sdk.create_pull_task(made),
        ),
        "read": (
            lambda: api.call("GET", TASK, region=REGION, params=query),
            lambda: sdk.list_pull_tasks(asked),
        ),
    }
    with patch.object(requests.adapters.HTTPAdapter, "send", _answer), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The SDK's own.
        return [
            Cost(name, *(min(times) for times in zip(*_rounds(pair, calls, rounds), strict=True)))
            for name, pair in pairs.items()
        ]


def _rounds(
    pair: tuple[Callable[[], Any], ...], calls: int, rounds: int
) -> list[tuple[float, ...]]:
    return [tuple(_seconds(call, calls) for call in pair) for _ in range(rounds)]


def _seconds(call: Callable[[], Any], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - started) / times


def _ours() -> HuaweiLive:
    config = {
        "livepull:huaweicloudAccessKey": "key",
        "livepull:huaweicloudSecretKey": "secret",
        "livepull:huaweicloudRegion": REGION,
        "livepull:huaweicloudProjectId": PROJECT,
        "livepull:requestsPerSecond": "1e9",
    }
    headers = {"Content-Type": "application/json"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, content=REPLY))
    api = VENDOR.client(config, {}, transport=transport)
    assert isinstance(api, HuaweiLive)
    return api


def _theirs() -> live.LiveClient:
    credentials = BasicCredentials("key", "secret", PROJECT)
    builder = live.LiveClient.new_builder().with_credentials(credentials)
    return builder.with_region(LiveRegion.value_of(REGION)).build()


def _answer(_: object, request: requests.PreparedRequest, **options: object) -> requests.Response:
    response = requests.Response()
    response.request, response.status_code = request, 200
    response.headers["Content-Type"] = "application/json"
    response.raw = io.BytesIO(REPLY)
    return response
