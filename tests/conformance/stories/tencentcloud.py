"""A week of Tencent Cloud CSS."""

from tests.conformance.cases.tencentcloud import FILE_TASK, LIVE_TASK
from tests.conformance.stories import Evening, Story, Visit, at, window

MAKE, MODIFY, REMOVE = (f"{verb}LivePullStreamTask" for verb in ("Create", "Modify", "Delete"))
LIVE: Story = (
    LIVE_TASK,
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
FILES: Story = (
    FILE_TASK,
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
STORIES = (LIVE, FILES)
EVENINGS: tuple[Evening, ...] = ((LIVE_TASK, "streamName", "{}", "enable enable enable"),)
