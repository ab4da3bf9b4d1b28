"""The resources of Huawei Cloud Live.

Bodies: the examples of api-live/CreatePullTask and api-live/CreateRecordCallbackConfig.
"""

from typing import Any

from pulumi_livepull.core.client import Client
from pulumi_livepull.vendors.huaweicloud.client import HuaweiLive
from pulumi_livepull.vendors.huaweicloud.pull_task import TASK, PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import CALLBACKS, RecordCallback
from tests.conformance.cases import Case, Facts

REGION = "cn-north-4"
KEY = "0123456789abcdef0123456789abcdef"


def _count(path: str, items: str) -> Any:
    def count(api: Client) -> int:
        assert isinstance(api, HuaweiLive)
        return len(list(api.pages(path, items, region=REGION, params={})))

    return count


TASK_OPERATIONS = ("CreatePullTask", "ListPullTasks", "ModifyPullTask", "DeletePullTask")
LIVE = {
    "sourceType": "PullLivePushLive",
    "sourceUrls": ["rtmp://play.example.org/live/1"],
    "domain": "push.example.com",
    "appName": "live",
    "streamName": "1",
    "endTime": "2030-01-02T12:00:00Z",
}
LIVE_FULL = LIVE | {
    "region": REGION,
    "pushArgs": "sign=1",
    "startTime": "2030-01-01T13:00:00Z",
    "backupSourceType": "PullLivePushLive",
    "backupSourceUrls": ["rtmp://backup.example.org/live/1"],
    "callbackEvents": ["TaskStart", "TaskExit"],
    "callbackUrl": "https://hooks.example.org/tasks",
}
LIVE_CHANGES = {
    "region": "cn-east-3",
    "sourceUrls": ["rtmp://play.example.org/live/2"],
    "domain": "other.example.com",
    "appName": "other",
    "streamName": "2",
    "pushArgs": "sign=2",
    "startTime": "2030-01-01T14:00:00Z",
    "endTime": "2030-01-03T12:00:00Z",
    "backupSourceUrls": ["rtmp://backup.example.org/live/2"],
    "callbackEvents": ["TaskAlarm"],
    "callbackUrl": "https://hooks.example.org/other",
}
FILES = {
    "sourceType": "PullVodPushLive",
    "sourceUrls": ["https://files.example.org/1.mp4", "https://files.example.org/2.mp4"],
    "destinationUrl": "rtmp://push.example.com/live/files",
    "endTime": "2030-01-02T12:00:00Z",
}
FILES_FULL = FILES | {
    "startTime": "2030-01-01T13:00:00Z",
    "vodLoopTime": 3,
    "vodRefreshType": "continue_from_file_start",
    "vodStartVideoIndex": 1,
    "vodStartVideoTime": 30,
    "callbackEvents": ["VodSourceFileStart"],
    "callbackUrl": "https://hooks.example.org/tasks",
    "running": True,
}
FILES_CHANGES = {
    "sourceUrls": ["https://files.example.org/2.mp4", "https://files.example.org/1.mp4"],
    "destinationUrl": "rtmp://push.example.com/live/other",
    "startTime": "2030-01-01T14:00:00Z",
    "endTime": "2030-01-03T12:00:00Z",
    "vodLoopTime": 5,
    "vodRefreshType": "continue_from_break_point",
    "vodStartVideoIndex": 0,
    "vodStartVideoTime": 60,
    "callbackEvents": ["VodSourceFileFinish"],
    "callbackUrl": "https://hooks.example.org/other",
    "running": False,
}

LIVE_TASK = Case(
    name="huaweicloud.PullTask, live",
    resource=PullTask,
    smallest=LIVE,
    full=LIVE_FULL,
    changes=LIVE_CHANGES,
    replaces=frozenset(LIVE_CHANGES),
    same=(
        ({"endTime": "2030-01-02T12:00:00Z"}, {"endTime": "2030-01-02T20:00:00+08:00"}),
        ({"endTime": "2030-01-02T12:00:00Z"}, {"endTime": "2030-01-02T12:00:00.9Z"}),
        (
            {"callbackEvents": ["TaskStart", "TaskExit"]},
            {"callbackEvents": ["TaskExit", "TaskStart", "TaskExit"]},
        ),
        ({}, {"pushArgs": "", "backupSourceUrls": []}),
    ),
    bad=(
        ({"sourceType": "PullMoonPushLive"}, "sourceType"),
        ({"sourceUrls": []}, "sourceUrls"),
        ({"sourceUrls": ["rtmp://a.example.org/1", "rtmp://a.example.org/2"]}, "sourceUrls"),
        ({"sourceUrls": ["play.example.org/live"]}, "sourceUrls[0]"),
        ({"domain": None}, "domain"),
        ({"destinationUrl": "rtmp://push.example.com/live/1"}, "domain"),
        ({"endTime": "2030-01-09T12:00:01Z"}, "endTime"),
        ({"endTime": "2030-01-02T12:00:00"}, "endTime"),
        ({"endTime": "2029-01-02T12:00:00Z"}, "endTime"),
        ({"startTime": "2030-01-03T12:00:00Z"}, "endTime"),
        ({"callbackEvents": []}, "callbackEvents"),
        ({"running": False}, "running"),
        ({"status": "running"}, "status"),
        ({"sourceURLs": ["rtmp://a.example.org/1"]}, "sourceURLs"),
    ),
    page_inputs={
        "region": REGION,
        "sourceType": "PullLivePushLive",
        "sourceUrls": ["rtmp://play.example.com/live/s1"],
        "destinationUrl": "rtmp://push.example.com/live/s1",
        "startTime": "2030-01-01T13:00:00Z",
        "endTime": "2030-01-01T14:00:00Z",
        "vodLoopTime": -1,
    },
    page_body={
        "region": REGION,
        "source_type": "PullLivePushLive",
        "source_urls": ["rtmp://play.example.com/live/s1"],
        "destination_url": "rtmp://push.example.com/live/s1",
        "start_time": "2030-01-01T13:00:00Z",
        "end_time": "2030-01-01T14:00:00Z",
        "vod_loop_time": "-1",
    },
    operations=TASK_OPERATIONS,
    count=_count(TASK, "task_infos"),
    fixed=frozenset({"sourceType", "backupSourceType"}),
    expires=True,
)

FILE_TASK = Case(
    name="huaweicloud.PullTask, files",
    resource=PullTask,
    smallest=FILES,
    full=FILES_FULL,
    changes=FILES_CHANGES,
    replaces=frozenset({"destinationUrl", "callbackUrl"}),
    clear=frozenset(
        {
            "vodLoopTime",
            "vodRefreshType",
            "vodStartVideoIndex",
            "vodStartVideoTime",
            "callbackEvents",
        }
    ),
    drift={
        "vodLoopTime": 7,
        "sourceUrls": ["https://files.example.org/8.mp4", "https://files.example.org/9.mp4"],
    },
    same=(({"vodLoopTime": -1}, {}), ({"vodStartVideoIndex": 0}, {"vodLoopTime": "-1"})),
    bad=(
        ({"sourceUrls": [f"https://files.example.org/{n}.mp4" for n in range(31)]}, "sourceUrls"),
        ({"vodLoopTime": 0}, "vodLoopTime"),
        ({"vodLoopTime": 1.5}, "vodLoopTime"),
        ({"vodStartVideoIndex": 2}, "vodStartVideoIndex"),
        ({"vodStartVideoIndex": -1}, "vodStartVideoIndex"),
        ({"appName": "live"}, "destinationUrl"),
        ({"destinationUrl": "push.example.com/live"}, "destinationUrl"),
    ),
    page_inputs=FILES_FULL,
    page_body={
        "source_type": "PullVodPushLive",
        "source_urls": ["https://files.example.org/1.mp4", "https://files.example.org/2.mp4"],
        "destination_url": "rtmp://push.example.com/live/files",
        "start_time": "2030-01-01T13:00:00Z",
        "end_time": "2030-01-02T12:00:00Z",
        "vod_loop_time": "3",
        "vod_refresh_type": "continue_from_file_start",
        "vod_start_video_index": 1,
        "vod_start_video_time": 30,
        "callback_events": ["VodSourceFileStart"],
        "callback_url": "https://hooks.example.org/tasks",
    },
    operations=TASK_OPERATIONS,
    count=_count(TASK, "task_infos"),
    fixed=frozenset({"sourceType", "backupSourceType"}),
    expires=True,
    fault_edit=("endTime", "running"),
)

CALLBACK_SMALLEST = {
    "publishDomain": "push.example.com",
    "app": "live",
    "notifyCallbackUrl": "https://hooks.example.org/recordings",
}
CALLBACK_FULL = CALLBACK_SMALLEST | {
    "region": REGION,
    "notifyEventSubscription": ["RECORD_NEW_FILE_START", "RECORD_OVER"],
    "signType": "MD5",
    "key": KEY,
}

CALLBACK = Case(
    name="huaweicloud.RecordCallback",
    resource=RecordCallback,
    smallest=CALLBACK_SMALLEST,
    full=CALLBACK_FULL,
    changes={
        "region": "cn-east-3",
        "publishDomain": "other.example.com",
        "app": "*",
        "notifyCallbackUrl": "https://hooks.example.org/other",
        "notifyEventSubscription": ["RECORD_FAILED"],
        "signType": "HMACSHA256",
        "key": KEY[::-1],
    },
    replaces=frozenset({"region", "publishDomain", "app"}),
    clear=frozenset({"notifyEventSubscription", "signType"}),
    clear_replaces=frozenset({"key"}),
    drift={"notifyCallbackUrl": "https://hooks.example.org/stranger", "signType": "HMACSHA256"},
    same=(
        (
            {"notifyEventSubscription": ["RECORD_OVER", "RECORD_FAILED"]},
            {"notifyEventSubscription": ["RECORD_FAILED", "RECORD_OVER"]},
        ),
        ({"notifyEventSubscription": ["RECORD_FILE_COMPLETE"]}, {}),
        ({"signType": "HMACSHA256", "key": KEY}, {"key": KEY}),
    ),
    bad=(
        ({"publishDomain": ""}, "publishDomain"),
        ({"app": None}, "app"),
        ({"notifyCallbackUrl": "ftp://hooks.example.org"}, "notifyCallbackUrl"),
        ({"notifyCallbackUrl": "hooks.example.org"}, "notifyCallbackUrl"),
        ({"notifyEventSubscription": []}, "notifyEventSubscription"),
        ({"signType": "SHA1"}, "signType"),
        ({"keyFingerprint": "1"}, "keyFingerprint"),
    ),
    page_inputs=CALLBACK_FULL | {"app": "*"},
    page_body={
        "publish_domain": "push.example.com",
        "app": "*",
        "notify_callback_url": "https://hooks.example.org/recordings",
        "notify_event_subscription": ["RECORD_NEW_FILE_START", "RECORD_OVER"],
        "sign_type": "MD5",
        "key": KEY,
    },
    operations=(
        "CreateRecordCallbackConfig",
        "ShowRecordCallbackConfig",
        "UpdateRecordCallbackConfig",
        "DeleteRecordCallbackConfig",
    ),
    count=_count(CALLBACKS, "callback_config"),
)

CASES = (LIVE_TASK, FILE_TASK, CALLBACK)

FACTS = Facts(
    hosts=(".myhuaweicloud.com",),
    broken="LIVE.103011021",
    pages=lambda api: api.pages("/v1/{project_id}/x", "things", region=REGION, params={}),
    page={"projects": [{"id": "0123"}], "things": [{}] * 100, "total": 10**9},
    region=REGION,
)
