"""The resources of Volcengine Live.

Bodies: the examples of CreateRelaySourceV4, UpdateCallback and CreatePullToPushGroup.
"""

import re

from pulumi_livepull.core.client import Client
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.client import VolcengineLive
from pulumi_livepull.vendors.volcengine.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.conformance.cases import Case, Facts

KEY = "examplekeyexamplekey"


def _sources(api: Client) -> int:
    assert isinstance(api, VolcengineLive)
    return len(list(api.pages("ListRelaySourceV4", {"Domain": "pull.example.com"})))


def _callbacks(api: Client) -> int:
    assert isinstance(api, VolcengineLive)
    found = api.call("DescribeCallback", {"Vhost": "space"})
    return len(found.get("CallbackList") or [])


SOURCE = {
    "domain": "pull.example.com",
    "app": "live",
    "stream": "s1",
    "srcAddrS": ["rtmp://src.example.org/live/s1"],
}
SOURCE_FULL = SOURCE | {
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}

RELAY_SOURCE = Case(
    name="volcengine.RelaySource",
    resource=RelaySource,
    smallest=SOURCE,
    full=SOURCE_FULL,
    changes={
        "domain": "other.example.com",
        "app": "other",
        "stream": "s2",
        "srcAddrS": ["rtmp://src.example.org/live/s2", "rtmp://src.example.org/live/s1"],
        "startTime": "2030-01-01T14:00:00Z",
        "endTime": "2030-01-03T12:00:00Z",
    },
    replaces=frozenset({"domain", "app", "stream"}),
    drift={"srcAddrS": ["rtmp://src.example.org/live/stranger"]},
    same=(
        (
            {"startTime": "2030-01-01T13:00:00Z", "endTime": "2030-01-02T12:00:00Z"},
            {"endTime": "2030-01-02T20:00:00+08:00"},
        ),
    ),
    bad=(
        ({"app": ""}, "app"),
        ({"srcAddrS": []}, "srcAddrS"),
        ({"srcAddrS": [f"rtmp://src.example.org/{n}" for n in range(11)]}, "srcAddrS"),
        ({"srcAddrS": ["src.example.org/live"]}, "srcAddrS[0]"),
        ({"startTime": "2030-01-01T13:00:00Z"}, "endTime"),
        ({"endTime": "2030-01-02T12:00:00Z"}, "startTime"),
        ({"startTime": "2030-01-01T13:00:00Z", "endTime": "2030-01-09T13:00:00Z"}, "endTime"),
        ({"taskId": "1"}, "taskId"),
    ),
    page_inputs=SOURCE_FULL,
    page_body={
        "Domain": "pull.example.com",
        "App": "live",
        "Stream": "s1",
        "SrcAddrS": ["rtmp://src.example.org/live/s1"],
        "StartTime": 1893502800,
        "EndTime": 1893585600,
    },
    operations=(
        "CreateRelaySourceV4",
        "ListRelaySourceV4",
        "UpdateRelaySourceV4",
        "DeleteRelaySourceV4",
    ),
    count=_sources,
    expires=True,
)

CALLBACK_SMALLEST = {
    "messageType": "record",
    "vhost": "space",
    "app": "live",
    "callbackUrls": ["https://hooks.example.org/recordings"],
}
CALLBACK_FULL = CALLBACK_SMALLEST | {
    "authEnable": True,
    "authKeyPrimary": KEY,
    "transcodeCallback": 1,
}

CALLBACK = Case(
    name="volcengine.Callback",
    resource=Callback,
    smallest=CALLBACK_SMALLEST,
    full=CALLBACK_FULL,
    changes={
        "messageType": "push",
        "vhost": "other",
        "app": "other",
        "callbackUrls": ["https://hooks.example.org/other"],
        "authKeyPrimary": KEY[::-1],
        "transcodeCallback": 0,
    },
    replaces=frozenset({"messageType", "vhost", "app"}),
    clear=frozenset({"transcodeCallback"}),
    drift={"callbackUrls": ["https://hooks.example.org/stranger"], "transcodeCallback": 0},
    same=(({"transcodeCallback": 0}, {"authEnable": False}),),
    bad=(
        ({"vhost": None, "app": None}, "vhost"),
        ({"vhost": None, "domain": "push.example.com"}, "app"),
        ({"callbackUrls": []}, "callbackUrls"),
        ({"callbackUrls": ["ftp://hooks.example.org"]}, "callbackUrls[0]"),
        ({"authEnable": True}, "authKeyPrimary"),
        ({"transcodeCallback": 2}, "transcodeCallback"),
    ),
    page_inputs=CALLBACK_FULL,
    page_body={
        "MessageType": "record",
        "Vhost": "space",
        "App": "live",
        "CallbackDetailList": [
            {"CallbackType": "HTTP", "URL": "https://hooks.example.org/recordings"}
        ],
        "AuthEnable": True,
        "AuthKeyPrimary": KEY,
        "TranscodeCallback": 1,
    },
    operations=("UpdateCallback", "DescribeCallback", "UpdateCallback", "DeleteCallback"),
    count=_callbacks,
    fixed=frozenset({"authEnable"}),
    elsewhere=frozenset({"domain"}),
)

TASK_OPERATIONS = (
    "CreatePullToPushTask",
    "ListPullToPushTaskV2",
    "UpdatePullToPushTask",
    "DeletePullToPushTask",
)


def _tasks(api: Client) -> int:
    assert isinstance(api, VolcengineLive)
    return len(list(api.pages("ListPullToPushTaskV2", {"GroupNames": ["default"]})))


WATERMARK = {
    "picture": "data:image/png;base64,AAAA",
    "ratio": 0.5,
    "relativePosX": 0.5,
    "relativePosY": 0.5,
}
LIVE = {
    "type": 0,
    "srcAddr": "rtmp://src.example.org/live/s1",
    "dstAddr": "rtmp://push.example.com/live/s1",
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}
LIVE_FULL = LIVE | {
    "callbackUrl": "https://hooks.example.org/tasks",
    "title": "channel",
    "groupName": "default",
    "watermark": WATERMARK,
}
LIVE_TASK = Case(
    name="volcengine.PullToPushTask, live",
    resource=PullToPushTask,
    smallest=LIVE,
    full=LIVE_FULL,
    changes={
        "srcAddr": "rtmp://src.example.org/live/s2",
        "dstAddr": "rtmp://push.example.com/live/s2",
        "startTime": "2030-01-01T14:00:00Z",
        "endTime": "2030-01-03T12:00:00Z",
        "callbackUrl": "https://hooks.example.org/other",
        "title": "other",
        "groupName": "sports",
        "watermark": WATERMARK | {"relativePosX": 0.25},
    },
    replaces=frozenset({"groupName"}),
    clear=frozenset({"callbackUrl", "title"}),
    clear_replaces=frozenset({"watermark"}),
    drift={"title": "stranger", "srcAddr": "rtmp://src.example.org/live/stranger"},
    same=(
        (
            {"watermark": WATERMARK},
            {"watermark": {re.sub("[A-Z]", r"_\g<0>", k).lower(): v for k, v in WATERMARK.items()}},
        ),
        ({"endTime": "2030-01-02T12:00:00Z"}, {"endTime": "2030-01-02T20:00:00+08:00"}),
    ),
    bad=(
        ({"type": 2}, "type"),
        ({"srcAddr": None}, "srcAddr"),
        ({"dstAddr": None}, "dstAddr"),
        ({"dstAddr": "push.example.com"}, "dstAddr"),
        ({"endTime": "2030-01-09T13:00:00Z"}, "endTime"),
        ({"vodSrcAddrs": [{"srcAddr": "https://files.example.org/1.mp4"}]}, "vodSrcAddrs"),
        ({"watermark": {k: WATERMARK[k] for k in list(WATERMARK)[1:]}}, "watermark.picture"),
        ({"watermark": WATERMARK | {"size": 1}}, "watermark.size"),
        ({"watermark": WATERMARK | {"relativePosX": 1}}, "watermark.relativePosX"),
        ({"title": "a channel"}, "title"),
        ({"groupName": "default/sports"}, "groupName"),
        ({"status": "active"}, "status"),
    ),
    page_inputs=LIVE,
    page_body={
        "Type": 0,
        "SrcAddr": "rtmp://src.example.org/live/s1",
        "DstAddr": "rtmp://push.example.com/live/s1",
        "StartTime": 1893502800,
        "EndTime": 1893585600,
    },
    operations=TASK_OPERATIONS,
    count=_tasks,
    fixed=frozenset({"type"}),
    expires=True,
)

FILES = {
    "type": 1,
    "vodSrcAddrs": [{"srcAddr": "https://files.example.org/1.mp4"}],
    "cycleMode": -1,
    "domain": "push.example.com",
    "app": "live",
    "stream": "files",
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}
FILES_FULL = FILES | {
    "vodSrcAddrs": [
        {"srcAddr": "https://files.example.org/1.mp4?key=1", "startOffset": 1.5, "endOffset": 9},
        {"srcAddr": "https://files.example.org/2.mp4"},
    ],
    "cycleMode": 0,
    "playTimes": 3,
    "preDownload": 0,
    "continueStrategy": 1,
    "running": True,
}
FILE_TASK = Case(
    name="volcengine.PullToPushTask, files",
    resource=PullToPushTask,
    smallest=FILES,
    full=FILES_FULL,
    changes={
        "vodSrcAddrs": [{"srcAddr": "https://files.example.org/3.mp4"}],
        "domain": "other.example.com",
        "app": "other",
        "stream": "other",
        "startTime": "2030-01-01T14:00:00Z",
        "endTime": "2030-01-03T12:00:00Z",
        "cycleMode": -1,
        "playTimes": 5,
        "preDownload": 1,
        "continueStrategy": 0,
        "running": False,
    },
    replaces=frozenset(),
    clear=frozenset({"playTimes", "preDownload", "continueStrategy"}),
    drift={"playTimes": 7},
    same=(({"playTimes": 0}, {"preDownload": 1}),),
    bad=(
        ({"vodSrcAddrs": []}, "vodSrcAddrs"),
        ({"vodSrcAddrs": [{"srcAddr": "files.example.org"}]}, "vodSrcAddrs[0].srcAddr"),
        ({"vodSrcAddrs": [{"startOffset": 1}]}, "vodSrcAddrs[0].srcAddr"),
        ({"vodSrcAddrs": None}, "vodSrcAddrs"),
        ({"srcAddr": "rtmp://src.example.org/live/s1"}, "srcAddr"),
        ({"stream": None}, "dstAddr"),
        ({"cycleMode": -2}, "cycleMode"),
    ),
    page_inputs=FILES_FULL,
    page_body={
        "Type": 1,
        "VodSrcAddrs": [
            {
                "SrcAddr": "https://files.example.org/1.mp4?key=1",
                "StartOffset": 1.5,
                "EndOffset": 9.0,
            },
            {"SrcAddr": "https://files.example.org/2.mp4"},
        ],
        "Domain": "push.example.com",
        "App": "live",
        "Stream": "files",
        "StartTime": 1893502800,
        "EndTime": 1893585600,
        "CycleMode": 0,
        "PlayTimes": 3,
        "PreDownload": 0,
        "ContinueStrategy": 1,
    },
    operations=TASK_OPERATIONS,
    count=_tasks,
    fixed=frozenset({"type"}),
    expires=True,
    fault_edit=("endTime", "running"),
)


def _groups(api: Client) -> int:
    assert isinstance(api, VolcengineLive)
    return len(list(api.pages("ListPullToPushGroup", {}, ("PageNum", "PageSize"))))


GROUP_SMALLEST = {"name": "RelayGroup001", "projectName": "default"}
GROUP_FULL = GROUP_SMALLEST | {"tags": [{"key": "key001", "value": "Valauedes"}]}
GROUP = Case(
    name="volcengine.PullToPushGroup",
    resource=PullToPushGroup,
    smallest=GROUP_SMALLEST,
    full=GROUP_FULL,
    changes={
        "name": "RelayGroup002",
        "projectName": "other",
        "tags": [{"key": "key001", "value": "other"}, {"key": "key002", "value": ""}],
    },
    replaces=frozenset({"name", "projectName"}),
    clear=frozenset({"tags"}),
    drift={"tags": [{"key": "stranger", "value": "other"}]},
    same=(
        (
            {"tags": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]},
            {"tags": [{"key": "b", "value": "2"}, {"key": "a", "value": "1"}]},
        ),
        ({}, {"tags": []}),
    ),
    bad=(
        ({"name": ""}, "name"),
        ({"name": "relay group"}, "name"),
        ({"name": "relay/group"}, "name"),
        ({"tags": [{"key": "key001"}]}, "tags[0].value"),
        ({"tags": [{"key": "key001", "value": "", "category": "System"}]}, "tags[0].category"),
        ({"status": 0}, "status"),
    ),
    page_inputs=GROUP_FULL,
    page_body={
        "Name": "RelayGroup001",
        "ProjectName": "default",
        "Tags": [{"Key": "key001", "Value": "Valauedes", "Category": "Custom"}],
    },
    operations=(
        "CreatePullToPushGroup",
        "ListPullToPushGroup",
        "UpdatePullToPushGroup",
        "DeletePullToPushGroup",
    ),
    count=_groups,
)

CASES = (RELAY_SOURCE, LIVE_TASK, FILE_TASK, CALLBACK, GROUP)

_ANSWER = {"List": [{}] * 100, "Total": 10**9}
FACTS = Facts(
    hosts=(".volcengineapi.com",),
    broken="CommonErr",
    pages=lambda api: api.pages("ListPullToPushTaskV2", {}),
    page={"ResponseMetadata": {}, "Result": _ANSWER},
)
