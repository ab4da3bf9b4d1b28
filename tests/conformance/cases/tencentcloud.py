"""The resources of Tencent Cloud CSS.

Bodies: models.CreateLivePullStreamTaskRequest, models.CreateLiveCallbackTemplateRequest and
models.CreateLiveCallbackRuleRequest of the official SDK, whose models are its reference.
"""

from pulumi_livepull.core.client import Client
from pulumi_livepull.vendors.tencentcloud.callback_rule import CallbackRule
from pulumi_livepull.vendors.tencentcloud.callback_template import CallbackTemplate
from pulumi_livepull.vendors.tencentcloud.client import TencentLive
from pulumi_livepull.vendors.tencentcloud.pull_stream_task import PullStreamTask
from tests.conformance.cases import Case, Facts

REGION = "ap-guangzhou"
KEY = "examplekeyexamplekey"
TASK_OPERATIONS = (
    "CreateLivePullStreamTask",
    "DescribeLivePullStreamTasks",
    "ModifyLivePullStreamTask",
    "DeleteLivePullStreamTask",
)


def _tasks(api: Client) -> int:
    assert isinstance(api, TencentLive)
    return len(list(api.tasks(REGION)))


def _templates(api: Client) -> int:
    assert isinstance(api, TencentLive)
    return len(api.call("DescribeLiveCallbackTemplates", {})["Templates"])


def _rules(api: Client) -> int:
    assert isinstance(api, TencentLive)
    return len(api.call("DescribeLiveCallbackRules", {})["Rules"])


LIVE = {
    "sourceType": "PullLivePushLive",
    "sourceUrls": ["rtmp://play.example.org/live/1"],
    "domainName": "push.example.com",
    "appName": "live",
    "streamName": "1",
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}
LIVE_FULL = LIVE | {
    "region": REGION,
    "pushArgs": "bak=1&test=2",
    "backupToUrl": "rtmp://backup.example.com/live/1?txSecret=s",
    "backupSourceType": "PullLivePushLive",
    "backupSourceUrl": "rtmp://backup.example.org/live/1",
    "backupVodUrl": "https://files.example.org/filler.mp4",
    "watermarkList": [{"pictureUrl": "https://files.example.org/logo.png", "xPosition": 5}],
    "recordTemplateId": "1234",
    "transcodeTemplateName": "hd",
    "callbackEvents": ["TaskStart", "TaskExit"],
    "callbackUrl": "https://hooks.example.org/tasks",
    "comment": "evening news",
    "running": True,
}
LIVE_CHANGES = {
    "region": "ap-singapore",
    "sourceUrls": ["rtmp://play.example.org/live/2"],
    "domainName": "other.example.com",
    "appName": "other",
    "streamName": "2",
    "pushArgs": "bak=2",
    "backupToUrl": "rtmp://backup.example.com/live/2?txSecret=s",
    "startTime": "2030-01-01T14:00:00Z",
    "endTime": "2030-01-03T12:00:00Z",
    "backupSourceType": "PullVodPushLive",
    "backupSourceUrl": "https://files.example.org/backup.mp4",
    "backupVodUrl": "https://files.example.org/other.mp4",
    "watermarkList": [{"pictureUrl": "https://files.example.org/other.png", "location": 2}],
    "recordTemplateId": "5678",
    "transcodeTemplateName": "sd",
    "callbackEvents": ["TaskAlarm"],
    "callbackUrl": "https://hooks.example.org/other",
    "comment": "morning news",
    "running": False,
}
FILES = LIVE | {
    "sourceType": "PullVodPushLive",
    "sourceUrls": ["https://files.example.org/2.mp4", "https://files.example.org/1.mp4"],
}
FILES_FULL = FILES | {
    "vodLoopTimes": 3,
    "vodRefreshType": "ContinueBreakPoint",
    "fileIndex": 2,
    "offsetTime": 30,
    "vodLocalMode": 1,
    "restartTrigger": "first",
}

LIVE_TASK = Case(
    name="tencentcloud.PullStreamTask, live",
    resource=PullStreamTask,
    smallest=LIVE,
    full=LIVE_FULL,
    changes=LIVE_CHANGES,
    replaces=frozenset(
        {
            *("region", "domainName", "appName", "streamName", "pushArgs", "recordTemplateId"),
            "transcodeTemplateName",
        }
    ),
    clear=frozenset(
        # Of a backup source, both fields go together.
        {"backupToUrl", "watermarkList", "callbackEvents", "callbackUrl", "comment"}
    ),
    clear_replaces=frozenset(
        {"pushArgs", "recordTemplateId", "transcodeTemplateName", "backupVodUrl"}
    ),
    drift={
        "sourceUrls": ["rtmp://play.example.org/live/stranger"],
        "comment": "somebody else's",
        "running": False,
    },
    same=(
        ({"endTime": "2030-01-02T12:00:00Z"}, {"endTime": "2030-01-02T20:00:00+08:00"}),
        (
            {"callbackEvents": ["TaskStart", "TaskExit"]},
            {"callbackEvents": ["TaskExit", "TaskStart", "TaskExit"]},
        ),
        ({}, {"pushArgs": "", "watermarkList": [], "operator": "me", "specifyTaskId": "mine"}),
    ),
    bad=(
        ({"sourceType": "PullMoonPushLive"}, "sourceType"),
        ({"sourceUrls": []}, "sourceUrls"),
        ({"sourceUrls": ["rtmp://a.example.org/1", "rtmp://a.example.org/2"]}, "sourceUrls"),
        ({"sourceUrls": ["rtmp://10.0.0.1/live/1"]}, "sourceUrls[0]"),
        ({"backupSourceUrl": "rtmp://play.example.org/live/2"}, "backupSourceType"),
        ({"backupSourceType": "PullVodPushLive"}, "backupSourceUrl"),
        (
            {"backupSourceType": "PullVodPushLive", "backupSourceUrl": "http://localhost/1.mp4"},
            "backupSourceUrl",
        ),
        ({"domainName": None}, "domainName"),
        ({"appName": None}, "appName"),
        ({"endTime": "2030-01-01T12:59:59Z"}, "endTime"),
        ({"startTime": "2030-01-02T12:00:00Z"}, "endTime"),
        ({"callbackEvents": []}, "callbackEvents"),
        ({"comment": "é" * 257}, "comment"),
        ({"watermarkList": [{"pictureUrl": "logo.png"}]}, "watermarkList[0].pictureUrl"),
        ({"watermarkList": [{"pictureUrl": "https://a.example.org/1.png"}] * 5}, "watermarkList"),
        ({"vodLoopTimes": -2}, "vodLoopTimes"),
        ({"status": "enable"}, "status"),
        ({"sourceURLs": ["rtmp://a.example.org/1"]}, "sourceURLs"),
    ),
    page_inputs=LIVE_FULL,
    page_body={
        "SourceType": "PullLivePushLive",
        "SourceUrls": ["rtmp://play.example.org/live/1"],
        "DomainName": "push.example.com",
        "AppName": "live",
        "StreamName": "1",
        "StartTime": "2030-01-01T13:00:00Z",
        "EndTime": "2030-01-02T12:00:00Z",
        "PushArgs": "bak=1&test=2",
        "BackupToUrl": "rtmp://backup.example.com/live/1?txSecret=s",
        "BackupSourceType": "PullLivePushLive",
        "BackupSourceUrl": "rtmp://backup.example.org/live/1",
        "WatermarkList": [{"PictureUrl": "https://files.example.org/logo.png", "XPosition": 5}],
        "RecordTemplateId": "1234",
        "TranscodeTemplateName": "hd",
        "CallbackEvents": ["TaskExit", "TaskStart"],
        "CallbackUrl": "https://hooks.example.org/tasks",
        "Comment": "evening news",
    },
    operations=TASK_OPERATIONS,
    count=_tasks,
    fixed=frozenset({"sourceType"}),
    expires=True,
    fault_edit=("endTime", "running"),
    elsewhere=frozenset({"specifyTaskId", "extraCmd", "operator", "toUrl"}),
)

FILE_TASK = Case(
    name="tencentcloud.PullStreamTask, files",
    resource=PullStreamTask,
    smallest=FILES,
    full=FILES_FULL,
    changes={
        "sourceUrls": ["https://files.example.org/1.mp4", "https://files.example.org/2.mp4"],
        "domainName": "other.example.com",
        "appName": "other",
        "streamName": "2",
        "startTime": "2030-01-01T14:00:00Z",
        "endTime": "2030-01-03T12:00:00Z",
        "vodLoopTimes": 0,
        "vodRefreshType": "ImmediateNewSource",
        "fileIndex": 1,
        "offsetTime": 0,
        "vodLocalMode": 0,
        "restartTrigger": "second",
    },
    replaces=frozenset({"domainName", "appName", "streamName"}),
    clear=frozenset({"vodLoopTimes", "vodLocalMode"}),
    drift={
        "vodLoopTimes": 7,
        "sourceUrls": ["https://files.example.org/8.mp4", "https://files.example.org/9.mp4"],
    },
    same=(
        ({"vodLoopTimes": -1}, {}),
        ({"vodLocalMode": 0}, {"vodLoopTimes": "-1"}),
        ({"vodLoopTimes": 0}, {"vodLoopTimes": "0"}),
    ),
    bad=(
        ({"sourceUrls": [f"https://files.example.org/{n}.mp4" for n in range(31)]}, "sourceUrls"),
        ({"fileIndex": 0}, "fileIndex"),
        ({"fileIndex": 3}, "fileIndex"),
        ({"offsetTime": -1}, "offsetTime"),
        ({"vodLocalMode": 2}, "vodLocalMode"),
        ({"vodLoopTimes": 1.5}, "vodLoopTimes"),
        ({"vodRefreshType": "Later"}, "vodRefreshType"),
    ),
    page_inputs={name: value for name, value in FILES_FULL.items() if name != "restartTrigger"},
    page_body={
        "SourceType": "PullVodPushLive",
        "SourceUrls": ["https://files.example.org/2.mp4", "https://files.example.org/1.mp4"],
        "DomainName": "push.example.com",
        "AppName": "live",
        "StreamName": "1",
        "StartTime": "2030-01-01T13:00:00Z",
        "EndTime": "2030-01-02T12:00:00Z",
        # The creation sends a text: see tests/vendors/tencentcloud/test_pull_stream_task.py.
        "VodLoopTimes": 3,
        "VodRefreshType": "ContinueBreakPoint",
        "FileIndex": 2,
        "OffsetTime": 30,
        "VodLocalMode": 1,
    },
    operations=TASK_OPERATIONS,
    count=_tasks,
    fixed=frozenset({"sourceType"}),
    expires=True,
)

TEMPLATE_SMALLEST = {
    "templateName": "recordings",
    "recordNotifyUrl": "https://hooks.example.org/recordings",
}
TEMPLATE_FULL = TEMPLATE_SMALLEST | {
    "description": "all-of-them",
    "streamBeginNotifyUrl": "https://hooks.example.org/begin",
    "streamEndNotifyUrl": "https://hooks.example.org/end",
    "recordStatusNotifyUrl": "https://hooks.example.org/status",
    "recordExceptionNotifyUrl": "https://hooks.example.org/exception",
    "recordExceptionLevels": ["error", "warning"],
    "snapshotNotifyUrl": "https://hooks.example.org/snapshot",
    "pornCensorshipNotifyUrl": "https://hooks.example.org/audit",
    "pushExceptionNotifyUrl": "https://hooks.example.org/push",
    "audioAuditNotifyUrl": "https://hooks.example.org/audio",
    "callbackKey": KEY,
}
TEMPLATE_CHANGES = {
    name: f"{value}-2" for name, value in TEMPLATE_FULL.items() if isinstance(value, str)
} | {"recordExceptionLevels": ["info"]}

TEMPLATE = Case(
    name="tencentcloud.CallbackTemplate",
    resource=CallbackTemplate,
    smallest=TEMPLATE_SMALLEST,
    full=TEMPLATE_FULL,
    changes=TEMPLATE_CHANGES,
    replaces=frozenset(),
    clear=frozenset(
        set(TEMPLATE_FULL)
        - {"templateName", "recordStatusNotifyUrl", "recordExceptionLevels", "recordNotifyUrl"}
    ),
    clear_replaces=frozenset({"recordStatusNotifyUrl"}),
    drift={"recordNotifyUrl": "https://hooks.example.org/stranger", "callbackKey": KEY[::-1]},
    same=(
        (
            {
                "recordExceptionNotifyUrl": "https://hooks.example.org/exception",
                "recordExceptionLevels": ["error", "warning"],
            },
            {"recordExceptionLevels": ["warning", "error"]},
        ),
        ({}, {"description": ""}),
    ),
    bad=(
        ({"templateName": ""}, "templateName"),
        ({"templateName": "n" * 256}, "templateName"),
        ({"description": "é" * 513}, "description"),
        ({"recordNotifyUrl": None}, "recordNotifyUrl"),
        ({"recordNotifyUrl": "ftp://hooks.example.org"}, "recordNotifyUrl"),
        ({"recordExceptionLevels": []}, "recordExceptionLevels"),
        ({"templateId": 1}, "templateId"),
    ),
    page_inputs=TEMPLATE_FULL,
    page_body={
        "TemplateName": "recordings",
        "Description": "all-of-them",
        "StreamBeginNotifyUrl": "https://hooks.example.org/begin",
        "StreamEndNotifyUrl": "https://hooks.example.org/end",
        "RecordNotifyUrl": "https://hooks.example.org/recordings",
        "RecordStatusNotifyUrl": "https://hooks.example.org/status",
        "RecordExceptionNotifyUrl": "https://hooks.example.org/exception",
        "RecordExceptionLevels": ["error", "warning"],
        "SnapshotNotifyUrl": "https://hooks.example.org/snapshot",
        "PornCensorshipNotifyUrl": "https://hooks.example.org/audit",
        "PushExceptionNotifyUrl": "https://hooks.example.org/push",
        "AudioAuditNotifyUrl": "https://hooks.example.org/audio",
        "CallbackKey": KEY,
    },
    operations=(
        "CreateLiveCallbackTemplate",
        "DescribeLiveCallbackTemplate",
        "ModifyLiveCallbackTemplate",
        "DeleteLiveCallbackTemplate",
    ),
    count=_templates,
)

RULE_INPUTS = {"domainName": "push.example.com", "appName": "live", "templateId": 1000}

RULE = Case(
    name="tencentcloud.CallbackRule",
    resource=CallbackRule,
    smallest=RULE_INPUTS,
    full=RULE_INPUTS,
    changes={"domainName": "other.example.com", "appName": "other", "templateId": 1001},
    replaces=frozenset(RULE_INPUTS),
    same=(({}, {"templateId": "1000"}),),
    bad=(
        ({"domainName": ""}, "domainName"),
        ({"appName": None}, "appName"),
        ({"templateId": "recordings"}, "templateId"),
        ({"templateId": 0}, "templateId"),
        ({"createTime": "2030-01-01T12:00:00Z"}, "createTime"),
    ),
    page_inputs=RULE_INPUTS,
    page_body={"DomainName": "push.example.com", "AppName": "live", "TemplateId": 1000},
    operations=(
        "CreateLiveCallbackRule",
        "DescribeLiveCallbackRules",
        "CreateLiveCallbackRule",
        "DeleteLiveCallbackRule",
    ),
    count=_rules,
)

CASES = (LIVE_TASK, FILE_TASK, TEMPLATE, RULE)

_ANSWER = {"TaskInfos": [{}] * 100, "TotalPage": 10**9}
FACTS = Facts(
    hosts=(".tencentcloudapi.com",),
    broken="InternalError",
    pages=lambda api: api.tasks(REGION),
    page={"Response": _ANSWER},
    region=REGION,
)
