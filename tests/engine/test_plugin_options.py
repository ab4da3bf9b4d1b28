"""Pulumi's own options do with our resources in the plugin what Pulumi's pages say."""

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import Stack, by_id, remove_task, tasks, writes

URN = "urn:pulumi:dev::relay::livepull:huaweicloud:PullTask::"
PLAYERS = """
def player(name, rounds=2, source="1", stream=None, **options):
    huaweicloud.PullTask(
        name,
        source_type="PullVodPushLive",
        source_urls=[f"https://vod.example.org/{{source}}.mp4"],
        domain="push.example.com",
        app_name="live",
        stream_name=stream or name,
        vod_loop_time=rounds,
        opts=pulumi.ResourceOptions(**options),
    )

player("protected", protect=True)
player("ignoring", ignore_changes=["sourceUrls"], source="{source}")
player("replacing", replace_on_changes=["vodLoopTime"], rounds={rounds})
player("lost")
player("asked")
"""
BEFORE = """
player("retained", retain_on_delete=True)
player("before", stream="renamed")
"""
AFTER = """
player("after", stream="renamed", aliases=[pulumi.Alias(name="before")])
"""


def test_each_option_of_pulumi_does_what_it_says(hosted: Stack, emulator: Emulator) -> None:
    """A task is always deleted before its replacement is created, whatever the reason."""
    hosted.program(PLAYERS.format(source=1, rounds=2), BEFORE)
    hosted.up()
    ids = {name: by_id(hosted, name) for name in hosted.resources}
    remove_task(emulator, ids["lost"])
    assert hosted.refresh().plan["lost"] == "delete"
    assert set(hosted.resources) == set(ids) - {"lost"}

    hosted.program(PLAYERS.format(source=2, rounds=3), AFTER)
    emulator.journal.clear()
    changed = hosted.up("--replace", f"{URN}asked")
    assert changed.plan == {
        "protected": "same",
        "ignoring": "same",
        "replacing": "replace",
        "lost": "create",
        "asked": "replace",
        "retained": "delete",
        "after": "same",
    }
    assert changed.details("replacing") == {"vodLoopTime": "update-replace"}
    calls = writes(emulator)
    assert sorted(calls) == ["CreatePullTask"] * 3 + ["DeletePullTask"] * 2
    there = {task["stream_name"]: task["task_id"] for task in tasks(emulator)}
    assert there.keys() == {*ids, "renamed"} - {"before"}
    for name in ("replacing", "asked", "lost"):
        assert by_id(hosted, name) == there[name] != ids[name]
    assert by_id(hosted, "after") == ids["before"]

    hosted.destroy("--exclude-protected")
    assert {task["stream_name"] for task in tasks(emulator)} == {"protected", "retained"}
    assert set(hosted.resources) == {"protected"}
