"""A week of Huawei Cloud Live."""

from tests.conformance.cases.huaweicloud import FILE_TASK, LIVE_TASK
from tests.conformance.stories import Evening, Story, Visit, at, window

LIVE: Story = (
    LIVE_TASK,
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
FILES: Story = (
    FILE_TASK,
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
STORIES = (LIVE, FILES)
EVENINGS: tuple[Evening, ...] = ((LIVE_TASK, "streamName", "{}", "waiting running finished"),)
