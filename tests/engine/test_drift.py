"""The cloud changes behind the stack's back; refresh shows it and `up` repairs it."""

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import Stack, by_id, change_task, remove_task, tasks, writes

PLAYERS = """
for name in ("day", "dusk", "night"):
    huaweicloud.PullTask(
        name,
        source_type="PullVodPushLive",
        source_urls=[f"https://vod.example.org/{name}.mp4"],
        domain="push.example.com",
        app_name="live",
        stream_name=name,
        vod_loop_time=2,
    )
"""


def test_drift_and_deletion_show_after_a_refresh_and_up_repairs_both(
    stack: Stack, emulator: Emulator
) -> None:
    """A preview names the one property that changed; a deleted resource is created again, once."""
    stack.program(PLAYERS)
    stack.up()
    kept = {name: by_id(stack, name) for name in ("day", "dusk", "night")}
    change_task(emulator, kept["night"], vod_loop_time="9")
    remove_task(emulator, kept["dusk"])

    assert stack.refresh().plan == {"day": "same", "dusk": "delete", "night": "update"}
    assert set(stack.resources) == {"day", "night"}
    seen = stack.preview()
    assert seen.plan == {"day": "same", "dusk": "create", "night": "update"}
    assert seen.changed("night") == {"vodLoopTime": (9, 2)}

    emulator.journal.clear()
    stack.up()
    assert sorted(writes(emulator)) == ["CreatePullTask", "ModifyPullTask"]
    held = {task["stream_name"]: task for task in tasks(emulator)}
    assert len(held) == len(tasks(emulator)) == 3
    assert {task["vod_loop_time"] for task in held.values()} == {"2"}
    assert held["dusk"]["task_id"] == by_id(stack, "dusk") != kept["dusk"]
    assert held["night"]["task_id"] == kept["night"]
    assert stack.up("--refresh").plan == dict.fromkeys(kept, "same")


def test_a_stack_that_says_so_looks_first_in_every_run(stack: Stack, emulator: Emulator) -> None:
    """Changes by others then show in the preview, and `up` alone repairs them."""
    stack.configure("host", "plugin")
    stack.program(PLAYERS)
    stack.up()
    night = by_id(stack, "night")
    change_task(emulator, night, vod_loop_time="9")
    assert set(stack.preview().plan.values()) == {"same"}

    stack.configure("refreshBeforeUpdate", "true")
    stack.refresh()  # From now on the state says which to look at.
    stack.up()
    change_task(emulator, night, vod_loop_time="7")
    assert stack.preview().plan == {"day": "same", "dusk": "same", "night": "update"}
    stack.up()
    assert {task["vod_loop_time"] for task in tasks(emulator)} == {"2"}
