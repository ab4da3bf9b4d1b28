"""The table of emulated operations. The others are listed in not_emulated.txt."""

from pulumi_livepull.emulator.volcengine import callback, domain, group, pull_to_push, relay_source
from pulumi_livepull.emulator.volcengine.call import Operation

PAGES = "www.volcengine.com/docs/6469 "
CONTINUE, RESTART = "ContinuePullToPushTask", "RestartPullToPushTask"
_HANDLERS = {
    "CreateRelaySourceV4": relay_source.create,
    "UpdateRelaySourceV4": relay_source.update,
    "DeleteRelaySourceV4": relay_source.delete,
    "ListRelaySourceV4": relay_source.list_,
    "CreatePullToPushTask": pull_to_push.create,
    "UpdatePullToPushTask": pull_to_push.update,
    "StopPullToPushTask": pull_to_push.stop,
    CONTINUE: pull_to_push.start_again,
    "RelaunchPullToPushTask": pull_to_push.start_again,
    RESTART: pull_to_push.start_again,
    "DeletePullToPushTask": pull_to_push.delete,
    "ListPullToPushTask": pull_to_push.list_,
    "ListPullToPushTaskV2": pull_to_push.list_v2,
    "CreatePullToPushGroup": group.create,
    "UpdatePullToPushGroup": group.update,
    "ListPullToPushGroup": group.list_,
    "DeletePullToPushGroup": group.delete,
    "UpdateCallback": callback.update,
    "DescribeCallback": callback.describe,
    "DeleteCallback": callback.delete,
    "ListDomainDetail": domain.list_,
}
# Calls per second; all others have ten.
_RATES = {"ListPullToPushTask": 15, "ListPullToPushTaskV2": 15}
OPERATIONS = {
    name: Operation(
        name=name,
        method="GET" if name == "ListPullToPushTask" else "POST",
        handler=handler,
        page=PAGES + name,
        # This is the only way to create a callback.
        makes=name.startswith("Create") or name == "UpdateCallback",
        per_second=_RATES.get(name, 10),
    )
    for name, handler in _HANDLERS.items()
}
