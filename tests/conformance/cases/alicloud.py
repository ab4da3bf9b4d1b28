"""The resources of Alibaba Cloud ApsaraVideo Live.

Bodies: the parameters of CreateLivePullToPush, AddLivePullStreamInfoConfig and
AddLiveRecordNotifyConfig as the official SDK sends them.
"""

from pulumi_livepull.core.client import Client
from pulumi_livepull.vendors.alicloud.client import AlicloudLive
from pulumi_livepull.vendors.alicloud.live_pull_stream_info_config import (
    LivePullStreamInfoConfig,
)
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.alicloud.record_notify_config import RecordNotifyConfig
from tests.conformance.cases import Case, Facts

REGION = "cn-shanghai"
TASK_OPERATIONS = (
    "CreateLivePullToPush",
    "DescribeLivePullToPush",
    "UpdateLivePullToPush",
    "DeleteLivePullToPush",
)


def _tasks(api: Client) -> int:
    assert isinstance(api, AlicloudLive)
    return len([task for task in api.tasks(REGION) if task.get("TaskStatus") != -1])


def _configs(api: Client) -> int:
    return int(RecordNotifyConfig.read(api, "live.example.com") is not None)


LIVE = {
    "sourceType": "live",
    "sourceProtocol": "rtmp",
    "sourceUrls": ["rtmp://pull.example.org/app/s1"],
    "dstUrl": "rtmp://push.example.com/app/s1",
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}
LIVE_FULL = LIVE | {
    "region": REGION,
    "taskName": "channel",
    "callbackUrl": "https://hooks.example.org/tasks",
    "retryInterval": 90,
    "retryCount": 5,
}
LIVE_CHANGES = {
    "region": "cn-beijing",
    "taskName": "other",
    "sourceProtocol": "srt",
    "sourceUrls": ["rtmp://pull.example.org/app/s2"],
    "dstUrl": "rtmp://push.example.com/app/s2",
    "startTime": "2030-01-01T14:00:00Z",
    "endTime": "2030-01-03T12:00:00Z",
    "callbackUrl": "https://hooks.example.org/other",
    "retryInterval": 120,
    "retryCount": 7,
}
FILES = {
    "sourceType": "url",
    "sourceUrls": ["https://files.example.org/1.mp4", "https://files.example.org/2.mp4"],
    "dstUrl": "rtmp://push.example.com/app/files?auth_key=1893585600-0-0-x",
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}
FILES_FULL = FILES | {
    "repeatNumber": 2,
    "fileIndex": 1,
    "offset": 30,
    "callbackUrl": "https://hooks.example.org/tasks",
    "reqAuth": "on",
    "authKey": "secret-auth-key",
    "notifyItemSwitch": "all",
}
FILES_CHANGES = {
    "sourceUrls": ["https://files.example.org/2.mp4", "https://files.example.org/1.mp4"],
    "dstUrl": "rtmp://push.example.com/app/other",
    "startTime": "2030-01-01T14:00:00Z",
    "endTime": "2030-01-03T12:00:00Z",
    "repeatNumber": -1,
    "fileIndex": 0,
    "offset": 60,
    "callbackUrl": "https://hooks.example.org/other",
    "reqAuth": "off",
    "authKey": "another-auth-key",
    "notifyItemSwitch": "none",
}
LIVE_REPLACES = frozenset(
    {"region", "taskName", "sourceProtocol", "dstUrl", "retryInterval", "retryCount"}
)

LIVE_TASK = Case(
    name="alicloud.LivePullToPush, live",
    resource=LivePullToPush,
    smallest=LIVE,
    full=LIVE_FULL,
    changes=LIVE_CHANGES,
    replaces=LIVE_REPLACES,
    clear=frozenset({"callbackUrl"}),
    clear_replaces=frozenset({"retryInterval", "retryCount", "taskName"}),
    drift={"callbackUrl": "https://hooks.example.org/stranger"},
    same=(
        ({"endTime": "2030-01-02T12:00:00Z"}, {"endTime": "2030-01-02T20:00:00+08:00"}),
        ({"retryInterval": 60}, {"retryCount": 3}),
        ({}, {"taskName": "", "callbackUrl": ""}),
    ),
    bad=(
        ({"sourceType": "moon"}, "sourceType"),
        ({"sourceProtocol": None}, "sourceProtocol"),
        ({"sourceUrls": []}, "sourceUrls"),
        ({"sourceUrls": ["rtmp://a.example.org/1", "rtmp://a.example.org/2"]}, "sourceUrls"),
        ({"sourceUrls": ["pull.example.org/app"]}, "sourceUrls[0]"),
        ({"dstUrl": "push.example.com/app"}, "dstUrl"),
        ({"dstUrl": None}, "dstUrl"),
        ({"endTime": "2030-01-01T13:00:00Z"}, "endTime"),
        ({"startTime": "2030-01-01T13:00:00"}, "startTime"),
        ({"retryInterval": 59}, "retryInterval"),
        ({"taskId": "1"}, "taskId"),
    ),
    page_inputs=LIVE,
    page_body={
        "SourceType": "live",
        "SourceProtocol": "rtmp",
        "SourceUrls": '["rtmp://pull.example.org/app/s1"]',
        "DstUrl": "rtmp://push.example.com/app/s1",
        "StartTime": "2030-01-01T13:00:00Z",
        "EndTime": "2030-01-02T12:00:00Z",
    },
    operations=TASK_OPERATIONS,
    count=_tasks,
    fixed=frozenset({"sourceType"}),
    expires=True,
    elsewhere=frozenset({"running"}),
)

FILE_TASK = Case(
    name="alicloud.LivePullToPush, files",
    resource=LivePullToPush,
    smallest=FILES,
    full=FILES_FULL,
    changes=FILES_CHANGES,
    replaces=frozenset({"dstUrl"}),
    clear=frozenset(
        {"repeatNumber", "fileIndex", "callbackUrl", "reqAuth", "authKey", "notifyItemSwitch"}
    ),
    clear_replaces=frozenset({"offset"}),
    drift={"repeatNumber": 7, "fileIndex": 0},
    same=(({"repeatNumber": 0}, {"fileIndex": 0}),),
    bad=(
        ({"sourceUrls": [f"https://files.example.org/{n}.mp4" for n in range(31)]}, "sourceUrls"),
        ({"repeatNumber": -2}, "repeatNumber"),
        ({"offset": 0}, "offset"),
        ({"fileIndex": "first"}, "fileIndex"),
    ),
    page_inputs=FILES_FULL,
    page_body={
        "SourceType": "url",
        "SourceUrls": '["https://files.example.org/1.mp4", "https://files.example.org/2.mp4"]',
        "DstUrl": "rtmp://push.example.com/app/files?auth_key=1893585600-0-0-x",
        "StartTime": "2030-01-01T13:00:00Z",
        "EndTime": "2030-01-02T12:00:00Z",
        "RepeatNumber": 2,
        "FileIndex": 1,
        "Offset": 30,
        "CallbackUrl": "https://hooks.example.org/tasks",
        "ReqAuth": "on",
        "AuthKey": "secret-auth-key",
        "NotifyItemSwitch": "all",
    },
    operations=TASK_OPERATIONS,
    count=_tasks,
    fixed=frozenset({"sourceType"}),
    expires=True,
)


def _pulls(api: Client) -> int:
    found = LivePullStreamInfoConfig.list_all(api, {"domain_name": "live.example.com"})
    return len(list(found))


PULL = {
    "domainName": "live.example.com",
    "appName": "live",
    "streamName": "s1",
    "sourceUrls": ["rtmp://src.example.org/live/s1", "https://src.example.org/live/s1.flv"],
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}

SCHEDULED_PULL = Case(
    name="alicloud.LivePullStreamInfoConfig",
    resource=LivePullStreamInfoConfig,
    smallest=PULL | {"sourceUrls": ["rtmp://src.example.org/live/s1"]},
    full=PULL,
    changes={
        "domainName": "other.example.com",
        "appName": "other",
        "streamName": "s2",
        "sourceUrls": ["https://src.example.org/live/s1.flv", "rtmp://src.example.org/live/s1"],
        "startTime": "2030-01-01T14:00:00Z",
        "endTime": "2030-01-03T12:00:00Z",
    },
    replaces=frozenset({"domainName", "appName", "streamName"}),
    drift={"sourceUrls": ["rtmp://src.example.org/live/stranger"]},
    same=(({"endTime": "2030-01-02T12:00:00Z"}, {"endTime": "2030-01-02T20:00:00+08:00"}),),
    bad=(
        ({"appName": ""}, "appName"),
        ({"streamName": "a/b"}, "streamName"),
        ({"sourceUrls": []}, "sourceUrls"),
        ({"sourceUrls": ["src.example.org/live"]}, "sourceUrls[0]"),
        ({"sourceUrls": ["rtmp://src.example.org/live/s1;a=b"]}, "sourceUrls[0]"),
        ({"startTime": None}, "startTime"),
        ({"endTime": "2030-01-01T13:00:00Z"}, "endTime"),
        ({"endTime": "2030-01-09T13:00:00Z"}, "endTime"),
        ({"sourceUsing": "rtmp://src.example.org/live/s1"}, "sourceUsing"),
    ),
    page_inputs=PULL,
    page_body={
        "DomainName": "live.example.com",
        "AppName": "live",
        "StreamName": "s1",
        "SourceUrl": "rtmp://src.example.org/live/s1;https://src.example.org/live/s1.flv",
        "StartTime": "2030-01-01T13:00:00Z",
        "EndTime": "2030-01-02T12:00:00Z",
    },
    operations=(
        "AddLivePullStreamInfoConfig",
        "DescribeLivePullStreamConfig",
        "UpdateLivePullStreamInfoConfig",
        "DeleteLivePullStreamInfoConfig",
    ),
    count=_pulls,
    expires=True,
)

CONFIG = {"domainName": "live.example.com", "notifyUrl": "https://hooks.example.org/recordings"}
CONFIG_FULL = CONFIG | {
    "onDemandUrl": "https://hooks.example.org/on-demand",
    "needStatusNotify": True,
    "notifyReqAuth": True,
    "notifyAuthKey": "0123456789abcdef",
}

NOTIFY_CONFIG = Case(
    name="alicloud.RecordNotifyConfig",
    resource=RecordNotifyConfig,
    smallest=CONFIG,
    full=CONFIG_FULL,
    changes={
        "domainName": "other.example.com",
        "notifyUrl": "https://hooks.example.org/other",
        "onDemandUrl": "https://hooks.example.org/ask",
        "needStatusNotify": False,
        "notifyAuthKey": "fedcba9876543210",
    },
    replaces=frozenset({"domainName"}),
    clear=frozenset({"onDemandUrl", "needStatusNotify"}),
    drift={"notifyUrl": "https://hooks.example.org/stranger", "needStatusNotify": False},
    same=(({"needStatusNotify": False}, {"notifyReqAuth": False}), ({}, {"onDemandUrl": ""})),
    bad=(
        ({"domainName": ""}, "domainName"),
        ({"notifyUrl": "ftp://hooks.example.org"}, "notifyUrl"),
        ({"onDemandUrl": "hooks.example.org"}, "onDemandUrl"),
        ({"notifyReqAuth": True}, "notifyAuthKey"),
        ({"needStatusNotify": "perhaps"}, "needStatusNotify"),
    ),
    page_inputs=CONFIG_FULL,
    page_body={
        "DomainName": "live.example.com",
        "NotifyUrl": "https://hooks.example.org/recordings",
        "OnDemandUrl": "https://hooks.example.org/on-demand",
        "NeedStatusNotify": "true",
        "NotifyReqAuth": "true",
        "NotifyAuthKey": "0123456789abcdef",
    },
    operations=(
        "AddLiveRecordNotifyConfig",
        "DescribeLiveRecordNotifyConfig",
        "UpdateLiveRecordNotifyConfig",
        "DeleteLiveRecordNotifyConfig",
    ),
    count=_configs,
    fixed=frozenset({"notifyReqAuth"}),
)

CASES = (LIVE_TASK, FILE_TASK, SCHEDULED_PULL, NOTIFY_CONFIG)

FACTS = Facts(
    hosts=(".aliyuncs.com",),
    broken="ServiceUnavailable",
    pages=lambda api: api.tasks(REGION),
    page={"TaskList": [{}] * 100, "TotalPage": 10**9, "Total": 10**9},
    region=REGION,
)
