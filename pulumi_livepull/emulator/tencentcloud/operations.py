"""The table of emulated operations; those that are not are named in not_emulated.txt."""

from pulumi_livepull.emulator.tencentcloud import (
    callback_rule,
    callback_template,
    domain,
    pull_stream_task,
)
from pulumi_livepull.emulator.tencentcloud.call import Operation

PAGES = "cloud.tencent.com/document/api/267 "

# How many calls a second the pages allow; 200 of those about callbacks. Assumption A083: the status
# of a task has the rate of the tasks.
_TASKS = {
    "CreateLivePullStreamTask": (pull_stream_task.create, 50),
    "ModifyLivePullStreamTask": (pull_stream_task.modify, 20),
    "DeleteLivePullStreamTask": (pull_stream_task.delete, 50),
    "RestartLivePullStreamTask": (pull_stream_task.restart, 20),
    "DescribeLivePullStreamTasks": (pull_stream_task.list_, 30),
    "DescribeLivePullStreamTaskStatus": (pull_stream_task.describe_status, 30),
}
_CALLBACKS = {
    "CreateLiveCallbackTemplate": callback_template.create,
    "ModifyLiveCallbackTemplate": callback_template.modify,
    "DescribeLiveCallbackTemplate": callback_template.describe,
    "DescribeLiveCallbackTemplates": callback_template.list_,
    "DeleteLiveCallbackTemplate": callback_template.delete,
    "CreateLiveCallbackRule": callback_rule.create,
    "DescribeLiveCallbackRules": callback_rule.list_,
    "DeleteLiveCallbackRule": callback_rule.delete,
}
OPERATIONS = {
    name: Operation(
        name=name,
        handler=handler,
        page=PAGES + name,
        makes=name.startswith("Create"),
        per_second=rate,
        regional=name in _TASKS,
    )
    for name, (handler, rate) in {
        **_TASKS,
        # Assumption A084: the rate of the callbacks.
        "DescribeLiveDomains": (domain.list_, 200),
        **{name: (handler, 200) for name, handler in _CALLBACKS.items()},
    }.items()
}
