"""What a preview says of what is on air, through the real engine and in both hosts."""

import pytest

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import Run, Stack, callbacks, days_from_now, in_plugin, spelled, writes

PROGRAM = """
from pulumi_livepull import alicloud, volcengine

times = {{"start_time": "{start}", "end_time": "{end}"}}
huaweicloud.PullTask(
    "replaced",
    source_type="PullLivePushLive",
    source_urls=["{source}"],
    domain="push.example.com",
    app_name="live",
    stream_name="replaced",
    **times,
)
alicloud.LivePullToPush(
    "interrupted",
    source_type="live",
    source_protocol="rtmp",
    source_urls=["{source}"],
    dst_url="rtmp://push.example.com/live/main?auth_key={key}",
    **times,
)
alicloud.LivePullToPush(
    "rekeyed",
    source_type="live",
    source_protocol="rtmp",
    source_urls=["rtmp://play.example.org/live/other"],
    dst_url="rtmp://other.example.com/live/main?auth_key={key}",
    start_time="{start}",
    end_time="{end}",
)
volcengine.PullToPushTask(
    "stopped",
    type=0,
    src_addr="rtmp://play.example.org/live/1",
    domain="push.example.com",
    app="live",
    stream="stopped",
    {running}
    **times,
)
"""
FIRST = {
    "start": spelled(days_from_now(-1)),
    "end": spelled(days_from_now(2)),
    "source": "rtmp://play.example.org/live/1",
    "key": "hush-hush-1",
    "running": "running=False,",
}
CALLBACK = """
huaweicloud.RecordCallback(
    "callback",
    publish_domain="push.example.com",
    app="live",
    notify_callback_url="{url}",
    adopt={adopt!r},
)
"""


@pytest.fixture(params=["dynamic", "plugin"])
def anywhere(request: pytest.FixtureRequest, stack: Stack, url: str) -> Stack:
    """A stack in each host, with keys of every vendor."""
    in_plugin(stack, url)
    stack.configure("host", str(request.param))
    return stack


def _said(run: Run, about: str) -> list[str]:
    """Return the messages. Pulumi passes on a dynamic provider's warnings as its output."""
    messages = [*run.said("warning"), *run.said("info#err")]
    return [line for line in messages if about in line]


def test_a_preview_says_which_relay_goes_off_air_restarts_or_stays_stopped(
    anywhere: Stack, emulator: Emulator
) -> None:
    """Once, with its stream and the reason, and never with the key in an address."""
    anywhere.program(PROGRAM.format(**FIRST))
    anywhere.up()
    changes = {"source": "rtmp://play.example.org/live/2", "key": "hush-hush-2", "running": ""}
    anywhere.program(PROGRAM.format(**FIRST | changes))
    before = writes(emulator)
    preview = anywhere.preview()
    assert writes(emulator) == before
    assert preview.plan == {
        "replaced": "replace",
        "interrupted": "replace",
        "rekeyed": "replace",
        "stopped": "same",
    }
    (replaced,) = _said(preview, "push.example.com/live/replaced")
    assert "goes off air while it is replaced, because " in replaced
    (rekeyed,) = _said(preview, "other.example.com/live (")
    assert rekeyed.endswith("(secret) changed")
    (stopped,) = _said(preview, "push.example.com/live/stopped")
    assert "stays stopped" in stopped
    assert "hush" not in preview.text

    anywhere.program(PROGRAM.format(**FIRST | {"source": changes["source"]}))
    assert len(_said(anywhere.preview(), "is interrupted: stopped, changed and restarted")) == 1
    applied = anywhere.up()
    assert applied.plan["interrupted"] == "update"
    assert len(_said(applied, "interrupted")) == 1


def test_a_preview_of_adopt_says_what_it_changes_and_refuses_a_wrong_id(
    anywhere: Stack, emulator: Emulator
) -> None:
    """The word "create" must not hide that a callback in production is rewritten."""
    anywhere.program(CALLBACK.format(url="https://hooks.example.org/1", adopt=None))
    anywhere.up()
    made = anywhere.resources["callback"]["id"]
    anywhere.command("state", "delete", anywhere.resources["callback"]["urn"], "--stack", "dev")
    there = callbacks(emulator)

    anywhere.program(CALLBACK.format(url="https://hooks.example.org/2", adopt=made))
    preview = anywhere.preview()
    assert preview.plan == {"callback": "create"}
    (message,) = _said(preview, "takes over")
    assert f"takes over {made} and changes `notifyCallbackUrl` from " in message
    assert callbacks(emulator) == there

    anywhere.program(CALLBACK.format(url="https://hooks.example.org/2", adopt="nope/nope/nope"))
    refused = anywhere.preview(fails=True)
    assert "Write the id as region/id, such as cn-north-4/7864b3dc." in refused.text
