"""Stories of a week, one a relay resource: data only.

Each row is one visit: `pulumi up --refresh` at that moment, first its preview. Times are Beijing's,
as such programs give them, from Tuesday evening on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.cases import Case, alicloud, huaweicloud, tencentcloud, volcengine

DAYS = ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon")


def at(moment: str) -> str:
    """Return `Wed 19:00` of this week as a program gives it."""
    day, hour = moment.split()
    return f"2030-01-{DAYS.index(day) + 1:02}T{hour}:00+08:00"


def window(start: str, end: str) -> dict[str, str]:
    """Return the times of a task."""
    return {"startTime": at(start), "endTime": at(end)}


@dataclass(frozen=True)
class Visit:
    """What a refresh shows at a moment, what the preview then plans, and what `up` brings about.

    `shows` is the status, `there` where a resource has none, or `gone`. `plans` is `nothing`,
    `create`, `update`, or `replace` or `refuse` with the names of the inputs. `sends` are the
    operations of `up` that change something, and `then` is the status after it, if it differs.
    Before the visit, somebody else may have `deleted` or `stopped` the task, or the vendor `tidied`
    it away, and the user may have edited the program: `None` takes an input out. What is refused is
    taken back.
    """

    moment: str
    shows: str
    plans: str = "nothing"
    sends: str = ""
    then: str = ""
    edit: Mapping[str, Any] = field(default_factory=dict)
    somebody: str = ""


Story = tuple[Case, Mapping[str, Any], tuple[Visit, ...]]

HUAWEI_LIVE: Story = (
    huaweicloud.LIVE_TASK,
    window("Wed 19:00", "Wed 22:00"),
    (
        Visit("Tue 20:00", "gone", "create", "CreatePullTask", "waiting"),
        Visit("Wed 18:59", "waiting"),
        Visit("Wed 19:00", "running"),
        Visit(
            "Wed 21:00",
            "running",
            "replace endTime",
            "DeletePullTask CreatePullTask",
            edit={"endTime": at("Wed 23:00")},
        ),
        Visit("Wed 22:30", "running"),
        Visit("Wed 23:00", "finished"),
        Visit("Thu 10:00", "finished", "refuse endTime", edit={"appName": "other"}),
        Visit("Fri 10:00", "expired", somebody="tidied"),
        Visit("Fri 11:00", "expired", "refuse endTime", edit={"appName": "other"}),
        Visit(
            "Fri 12:00",
            "expired",
            "replace endTime startTime",
            "DeletePullTask CreatePullTask",
            "waiting",
            edit=window("Sat 19:00", "Sat 22:00"),
        ),
        Visit("Sat 20:00", "gone", "create", "CreatePullTask", "running", somebody="deleted"),
        Visit("Mon 10:00", "finished"),
    ),
)
HUAWEI_FILES: Story = (
    huaweicloud.FILE_TASK,
    window("Tue 21:00", "Mon 21:00"),
    (
        Visit("Tue 20:00", "gone", "create", "CreatePullTask", "waiting"),
        Visit("Tue 21:00", "running"),
        Visit("Wed 09:00", "running", "update", "ModifyPullTask", edit={"vodLoopTime": 9}),
        Visit("Wed 12:00", "running", "update", "ModifyPullTask", "pause", {"running": False}),
        Visit("Thu 12:00", "pause"),
        Visit("Thu 13:00", "pause", "update", "ModifyPullTask", "running", {"running": True}),
        Visit("Fri 02:00", "pause", "update", "ModifyPullTask", "running", somebody="stopped"),
        Visit("Fri 09:00", "running", edit={"running": None}),
        Visit("Fri 10:00", "pause", somebody="stopped"),
        Visit("Fri 11:00", "pause", "update", "ModifyPullTask", "running", {"running": True}),
        Visit(
            "Sat 09:00", "running", "update", "ModifyPullTask", edit={"endTime": at("Sun 21:00")}
        ),
        Visit("Sun 21:00", "finished"),
        Visit("Mon 09:00", "expired", somebody="tidied"),
        Visit(
            "Mon 10:00",
            "expired",
            "replace endTime startTime",
            "DeletePullTask CreatePullTask ModifyPullTask",
            "waiting",
            edit=window("Mon 11:00", "Mon 23:00"),
        ),
        Visit("Mon 11:00", "running"),
    ),
)
STOP, CHANGE, RESTART = (f"{verb}LivePullToPush" for verb in ("Stop", "Update", "Restart"))
ALICLOUD_LIVE: Story = (
    alicloud.LIVE_TASK,
    window("Wed 19:00", "Wed 22:00"),
    (
        Visit("Tue 20:00", "gone", "create", "CreateLivePullToPush", "idle"),
        Visit("Wed 10:00", "idle", "update", CHANGE, edit=window("Wed 18:00", "Wed 22:00")),
        Visit("Wed 17:59", "idle"),
        Visit("Wed 18:00", "running"),
        Visit("Wed 18:30", "running", "update", CHANGE, edit={"callbackUrl": None}),
        Visit(
            "Wed 21:00",
            "running",
            "update",
            f"{STOP} {CHANGE} {RESTART}",
            edit={"endTime": at("Wed 23:00")},
        ),
        Visit("Wed 22:30", "running"),
        Visit("Wed 23:00", "exited"),
        Visit("Wed 23:11", "expired"),
        Visit("Thu 10:00", "expired", "refuse endTime", edit={"taskName": "other"}),
        Visit(
            "Fri 12:00",
            "expired",
            "replace endTime startTime",
            "DeleteLivePullToPush CreateLivePullToPush",
            "idle",
            edit=window("Sat 19:00", "Sat 22:00"),
        ),
        Visit("Sat 20:00", "gone", "create", "CreateLivePullToPush", "running", somebody="deleted"),
        Visit("Sat 22:01", "exited"),
        Visit(
            "Sat 22:05",
            "exited",
            "replace endTime startTime",
            "DeleteLivePullToPush CreateLivePullToPush",
            "idle",
            edit=window("Sun 19:00", "Sun 22:00"),
        ),
        Visit("Mon 10:00", "expired"),
    ),
)
ALICLOUD_FILES: Story = (
    alicloud.FILE_TASK,
    window("Tue 21:00", "Mon 21:00") | {"running": False},
    (
        Visit("Tue 20:00", "gone", "create", f"CreateLivePullToPush {STOP}", "idle"),
        Visit("Tue 20:30", "idle"),
        Visit("Tue 21:00", "running", "update", STOP, "stopped"),
        Visit("Wed 09:00", "stopped", "update", CHANGE, edit={"fileIndex": 0}),
        Visit("Wed 12:00", "stopped", "update", RESTART, "running", {"running": True}),
        Visit("Thu 02:00", "stopped", "update", RESTART, "running", somebody="stopped"),
        Visit("Thu 09:00", "running", edit={"running": None}),
        Visit("Thu 10:00", "stopped", somebody="stopped"),
        Visit("Thu 11:00", "stopped", "update", RESTART, "running", {"running": True}),
        Visit("Fri 09:00", "running", "update", CHANGE, edit={"repeatNumber": -1}),
        Visit(
            "Sat 09:00",
            "running",
            "update",
            f"{STOP} {CHANGE} {RESTART}",
            edit={"endTime": at("Sun 21:00")},
        ),
        Visit("Sun 21:05", "exited"),
        Visit("Mon 09:00", "expired"),
        Visit(
            "Mon 10:00",
            "expired",
            "replace endTime startTime",
            "DeleteLivePullToPush CreateLivePullToPush",
            "idle",
            edit=window("Mon 11:00", "Mon 23:00"),
        ),
        Visit("Mon 11:00", "running"),
    ),
)
RELAY_SOURCE: Story = (
    volcengine.RELAY_SOURCE,
    window("Wed 19:00", "Wed 22:00"),
    (
        Visit("Tue 20:00", "gone", "create", "CreateRelaySourceV4", "there"),
        Visit("Wed 19:30", "there"),
        Visit(
            "Wed 21:00",
            "there",
            "update",
            "UpdateRelaySourceV4",
            edit={"endTime": at("Wed 23:00"), "srcAddrS": ["rtmp://src.example.org/live/s2"]},
        ),
        Visit("Wed 23:00", "there"),
        Visit("Thu 10:00", "there", "refuse endTime", edit={"stream": "other"}),
        Visit("Fri 10:00", "there", somebody="tidied"),
        Visit(
            "Fri 12:00",
            "there",
            "replace endTime startTime",
            "DeleteRelaySourceV4 CreateRelaySourceV4",
            edit=window("Sat 19:00", "Sat 22:00"),
        ),
        Visit("Sat 20:00", "gone", "create", "CreateRelaySourceV4", "there", somebody="deleted"),
        Visit(
            "Sat 21:00",
            "there",
            "update",
            "UpdateRelaySourceV4",
            edit={"startTime": None, "endTime": None},
        ),
        Visit("Mon 10:00", "there"),
        Visit("Mon 11:00", "gone", "create", "CreateRelaySourceV4", "there", somebody="deleted"),
    ),
)
HOLD, GO_ON, ALTER = (f"{verb}PullToPushTask" for verb in ("Stop", "Continue", "Update"))
VOLCENGINE_LIVE: Story = (
    volcengine.LIVE_TASK,
    window("Wed 19:00", "Wed 22:00"),
    (
        Visit("Tue 20:00", "gone", "create", "CreatePullToPushTask", "not started"),
        Visit("Tue 21:00", "not started", "update", HOLD, "stopped", {"running": False}),
        Visit("Wed 18:59", "stopped", "update", GO_ON, "not started", {"running": True}),
        Visit("Wed 19:00", "active"),
        Visit("Wed 21:00", "active", "update", ALTER, edit={"endTime": at("Wed 23:00")}),
        Visit("Wed 22:30", "active"),
        Visit("Wed 23:00", "ended"),
        Visit("Thu 10:00", "ended", "refuse endTime", edit={"title": "other"}),
        Visit("Fri 10:00", "expired", somebody="tidied"),
        Visit(
            "Fri 12:00",
            "expired",
            "replace endTime startTime",
            "DeletePullToPushTask CreatePullToPushTask",
            "not started",
            edit=window("Sat 19:00", "Sat 22:00"),
        ),
        Visit("Sat 20:00", "gone", "create", "CreatePullToPushTask", "active", somebody="deleted"),
        Visit("Mon 10:00", "ended"),
    ),
)
VOLCENGINE_FILES: Story = (
    volcengine.FILE_TASK,
    window("Tue 21:00", "Mon 21:00"),
    (
        Visit("Tue 20:00", "gone", "create", "CreatePullToPushTask", "not started"),
        Visit("Tue 21:00", "active"),
        Visit("Wed 09:00", "active", "update", ALTER, edit={"playTimes": 9}),
        Visit("Wed 12:00", "active", "update", HOLD, "stopped", {"running": False}),
        Visit("Thu 12:00", "stopped", "update", ALTER, edit={"preDownload": None}),
        Visit("Thu 13:00", "stopped", "update", GO_ON, "active", {"running": True}),
        Visit("Fri 02:00", "stopped", "update", GO_ON, "active", somebody="stopped"),
        Visit("Fri 09:00", "active", edit={"running": None}),
        Visit("Fri 10:00", "stopped", somebody="stopped"),
        Visit("Sat 09:00", "stopped", "update", ALTER, edit={"endTime": at("Sun 21:00")}),
        Visit("Sun 21:00", "ended"),
        Visit("Mon 09:00", "expired", somebody="tidied"),
        Visit(
            "Mon 10:00",
            "expired",
            "replace endTime startTime",
            "DeletePullToPushTask CreatePullToPushTask",
            "not started",
            edit=window("Mon 11:00", "Mon 23:00"),
        ),
        Visit("Mon 11:00", "active"),
    ),
)
MAKE, MODIFY, REMOVE = (f"{verb}LivePullStreamTask" for verb in ("Create", "Modify", "Delete"))
TENCENT_LIVE: Story = (
    tencentcloud.LIVE_TASK,
    window("Wed 19:00", "Wed 22:00"),
    (
        # The filler file is taken in a change only.
        Visit("Tue 20:00", "gone", "create", f"{MAKE} {MODIFY}", "enable"),
        Visit("Tue 21:00", "enable", "update", MODIFY, "pause", {"running": False}),
        Visit("Wed 18:59", "pause", "update", MODIFY, "enable", {"running": True}),
        Visit("Wed 19:00", "enable"),
        Visit("Wed 21:00", "enable", "update", MODIFY, edit={"endTime": at("Wed 23:00")}),
        Visit("Wed 22:30", "enable"),
        Visit("Wed 23:00", "enable"),
        Visit("Thu 10:00", "enable", "refuse endTime", edit={"comment": "other"}),
        Visit("Fri 10:00", "expired", somebody="tidied"),
        Visit(
            "Fri 12:00",
            "expired",
            "replace endTime startTime",
            f"{REMOVE} {MAKE} {MODIFY}",
            "enable",
            edit=window("Sat 19:00", "Sat 22:00"),
        ),
        Visit("Sat 20:00", "gone", "create", f"{MAKE} {MODIFY}", "enable", somebody="deleted"),
        Visit("Mon 10:00", "enable"),
    ),
)
TENCENT_FILES: Story = (
    tencentcloud.FILE_TASK,
    window("Tue 21:00", "Mon 21:00"),
    (
        Visit("Tue 20:00", "gone", "create", MAKE, "enable"),
        Visit("Wed 09:00", "enable", "update", MODIFY, edit={"vodLoopTimes": 0}),
        Visit("Wed 12:00", "enable", "update", MODIFY, "pause", {"running": False}),
        Visit("Thu 12:00", "pause", "update", MODIFY, edit={"vodLocalMode": None}),
        Visit("Thu 13:00", "pause", "update", MODIFY, "enable", {"running": True}),
        Visit("Fri 02:00", "pause", "update", MODIFY, "enable", somebody="stopped"),
        Visit("Fri 09:00", "enable", edit={"running": None}),
        Visit(
            "Fri 09:30",
            "enable",
            "update",
            "RestartLivePullStreamTask",
            edit={"restartTrigger": "Friday"},
        ),
        Visit("Fri 10:00", "pause", somebody="stopped"),
        Visit("Sat 09:00", "pause", "update", MODIFY, edit={"endTime": at("Sun 21:00")}),
        Visit("Mon 09:00", "expired", somebody="tidied"),
        Visit(
            "Mon 10:00",
            "expired",
            "replace endTime startTime",
            f"{REMOVE} {MAKE}",
            "enable",
            edit=window("Mon 11:00", "Mon 23:00"),
        ),
        Visit("Mon 11:00", "enable"),
    ),
)
STORIES = (
    HUAWEI_LIVE,
    HUAWEI_FILES,
    ALICLOUD_LIVE,
    ALICLOUD_FILES,
    RELAY_SOURCE,
    VOLCENGINE_LIVE,
    VOLCENGINE_FILES,
    TENCENT_LIVE,
    TENCENT_FILES,
)

EVENINGS = (
    (huaweicloud.LIVE_TASK, "streamName", "{}", "waiting running finished"),
    (alicloud.LIVE_TASK, "dstUrl", "rtmp://push.example.com/app/{}", "idle running expired"),
    (volcengine.RELAY_SOURCE, "stream", "{}", "there there there"),
    (
        volcengine.LIVE_TASK,
        "dstAddr",
        "rtmp://push.example.com/live/{}",
        "not started active ended",
    ),
    (tencentcloud.LIVE_TASK, "streamName", "{}", "enable enable enable"),
)
"""What tells the task of one evening from another's, and its status before, during and after."""
