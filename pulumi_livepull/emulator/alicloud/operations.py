"""The table of emulated operations; those that are not are named in not_emulated.txt."""

from pulumi_livepull.emulator.alicloud import domain, pull_stream, pull_to_push, record_notify
from pulumi_livepull.emulator.call import Operation

PAGES = "help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-"
_TABLE = {
    "CreateLivePullToPush": (pull_to_push.create, 10),
    "UpdateLivePullToPush": (pull_to_push.update, 10),
    "DeleteLivePullToPush": (pull_to_push.delete, 10),
    "StopLivePullToPush": (pull_to_push.stop, 10),
    "RestartLivePullToPush": (pull_to_push.restart, 10),
    "DescribeLivePullToPush": (pull_to_push.describe, 10),
    "DescribeLivePullToPushList": (pull_to_push.list_, 10),
    # Assumption A015: the rate, which could not be read.
    "DescribeLiveUserDomains": (domain.list_, 10),
    "AddLivePullStreamInfoConfig": (pull_stream.add, 15),
    # The page has 1000 calls a minute.
    "UpdateLivePullStreamInfoConfig": (pull_stream.update, 16),
    "DescribeLivePullStreamConfig": (pull_stream.describe, 50),
    "DeleteLivePullStreamInfoConfig": (pull_stream.delete, 30),
    "AddLiveRecordNotifyConfig": (record_notify.add, 30),
    "UpdateLiveRecordNotifyConfig": (record_notify.update, 30),
    "DescribeLiveRecordNotifyConfig": (record_notify.describe, 50),
    "DeleteLiveRecordNotifyConfig": (record_notify.delete, 30),
}
OPERATIONS = {
    name: Operation(
        name=name,
        handler=handler,
        page=PAGES + name.lower(),
        makes=name.startswith(("Create", "Add")),
        per_second=per_second,
    )
    for name, (handler, per_second) in _TABLE.items()
}
