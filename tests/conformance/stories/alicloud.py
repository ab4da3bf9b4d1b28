"""A week of Alibaba Cloud ApsaraVideo Live."""

from tests.conformance.cases.alicloud import FILE_TASK, LIVE_TASK, SCHEDULED_PULL
from tests.conformance.stories import Evening, Story, Visit, at, window

STOP, CHANGE, RESTART = (f"{verb}LivePullToPush" for verb in ("Stop", "Update", "Restart"))
LIVE: Story = (
    LIVE_TASK,
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
FILES: Story = (
    FILE_TASK,
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
ADD, ALTER, REMOVE = (f"{verb}LivePullStreamInfoConfig" for verb in ("Add", "Update", "Delete"))
PULL: Story = (
    SCHEDULED_PULL,
    window("Wed 19:00", "Wed 22:00"),
    (
        Visit("Tue 20:00", "gone", "create", ADD, "there"),
        Visit("Wed 19:30", "there"),
        Visit(
            "Wed 21:00",
            "there",
            "update",
            ALTER,
            edit={"endTime": at("Wed 23:00"), "sourceUrls": ["rtmp://src.example.org/live/s2"]},
        ),
        Visit("Wed 23:00", "there"),
        Visit("Thu 10:00", "there", "refuse endTime", edit={"streamName": "other"}),
        Visit("Fri 10:00", "there", somebody="tidied"),
        Visit(
            "Fri 12:00",
            "there",
            "replace endTime startTime",
            f"{REMOVE} {ADD}",
            edit=window("Sat 19:00", "Sat 22:00"),
        ),
        Visit("Sat 20:00", "gone", "create", ADD, "there", somebody="deleted"),
        Visit("Mon 10:00", "there"),
    ),
)
STORIES = (LIVE, FILES, PULL)
EVENINGS: tuple[Evening, ...] = (
    (LIVE_TASK, "dstUrl", "rtmp://push.example.com/app/{}", "idle running expired"),
    (SCHEDULED_PULL, "streamName", "{}", "there there there"),
)
