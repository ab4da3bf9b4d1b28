"""What docs/scale.md says of `PULUMI_SKIP_CHECKPOINTS`: what a kill loses, and how to mend it."""

import signal

from tests.engine.crashes import Crash, apart
from tests.engine.stacks import Stack, callbacks, tasks

MANY = 12
PROGRAM = f"""
for number in range({MANY}):
    huaweicloud.PullTask(
        f"relay-{{number}}",
        source_type="PullVodPushLive",
        source_urls=["https://vod.example.org/1.mp4"],
        domain="push.example.com",
        app_name="live",
        stream_name=f"stream-{{number}}",
    )
    huaweicloud.RecordCallback(
        f"recordings-{{number}}",
        publish_domain="push.example.com",
        app=f"app-{{number}}",
        notify_callback_url="https://hooks.example.org/recordings",
    )
"""


def test_what_a_kill_loses_without_checkpoints_is_adopted_by_adopt_same(blank: Stack) -> None:
    """The state has none of the resources created so far; the next run creates only the rest."""
    with apart(blank, "skipped") as (stack, emulator, tap):
        stack.env["PULUMI_SKIP_CHECKPOINTS"] = "true"
        stack.program(PROGRAM)
        Crash("up", "engine", signal.SIGKILL, MANY).happen(stack, tap)
        lost = len(tasks(emulator)) + len(callbacks(emulator))
        assert lost > 0
        assert not stack.resources

        stack.command("cancel", "--yes", "--stack", "dev")
        refused = stack.up(fails=True)
        assert "adopt" in refused.text

        stack.configure("adoptSame", "true")
        stack.up()
        assert len(stack.resources) == 2 * MANY
        assert len(tasks(emulator)) == len(callbacks(emulator)) == MANY
        stack.configure("adoptSame", None)
        assert set(stack.preview().plan.values()) == {"same"}
