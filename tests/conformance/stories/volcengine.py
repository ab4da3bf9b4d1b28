"""A week of Volcengine Live."""

from tests.conformance.cases.volcengine import FILE_TASK, LIVE_TASK, RELAY_SOURCE
from tests.conformance.stories import Evening, Story, Visit, at, window

SOURCE: Story = (
    RELAY_SOURCE,
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
LIVE: Story = (
    LIVE_TASK,
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
FILES: Story = (
    FILE_TASK,
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
STORIES = (SOURCE, LIVE, FILES)
EVENINGS: tuple[Evening, ...] = (
    (RELAY_SOURCE, "stream", "{}", "there there there"),
    (LIVE_TASK, "dstAddr", "rtmp://push.example.com/live/{}", "not started active ended"),
)
