"""Every resource of Alibaba and Volcengine lives through the real engine."""

import json
from pathlib import Path

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors import VENDORS
from tests.engine.stacks import Stack, days_from_now, spelled

PROGRAM = """
from pulumi_livepull import alicloud, volcengine

times = {{"start_time": "{start}", "end_time": "{end}"}}
live = alicloud.LivePullToPush(
    "live",
    source_type="live",
    source_protocol="rtmp",
    source_urls=["{live_source}"],
    dst_url="rtmp://push.example.com/live/{live_stream}",
    callback_url="{hook}",
    **times,
)
alicloud.RecordNotifyConfig("notify", domain_name="push.example.com", notify_url="{hook}")
volcengine.PullToPushTask(
    "files",
    type=1,
    vod_src_addrs=[{{"src_addr": "https://files.example.org/1.mp4", "end_offset": {offset}}}],
    cycle_mode=-1,
    domain="push.example.com",
    app="live",
    stream="files",
    **times,
)
volcengine.RelaySource(
    "source",
    domain="pull.example.com",
    app="live",
    stream=live.id.apply(lambda given: given.rpartition("/")[2]),
    src_addr_s=["{live_source}"],
)
volcengine.Callback(
    "callback", message_type="record", vhost="space", app="live", callback_urls=["{hook}"]
)
"""
FIRST = {
    "start": spelled(days_from_now(-1)),
    "end": spelled(days_from_now(2)),
    "live_source": "rtmp://play.example.org/live/1",
    "live_stream": "channel",
    "hook": "https://hooks.example.org/1",
    "offset": "30",
}
ALL = {"live", "notify", "files", "source", "callback"}


@pytest.fixture
def clouds(stack: Stack, url: str) -> Stack:
    """A stack with the keys of both vendors."""
    for vendor in VENDORS[1:]:
        stack.configure(f"{vendor.name}Endpoint", url)
        stack.configure(f"{vendor.name}AccessKey", "livepull-emulator")
        stack.configure(f"{vendor.name}SecretKey", "livepull-emulator-secret")
    stack.configure("alicloudRegion", "cn-shanghai")
    return stack


def _program(stack: Stack, **changes: str) -> None:
    (stack.folder / Path("__main__.py")).write_text(PROGRAM.format(**FIRST | changes))


def test_every_resource_is_made_changed_replaced_and_deleted(
    clouds: Stack, emulator: Emulator
) -> None:
    """A change updates or replaces as the preview said, and nothing differs after it."""
    _program(clouds)
    preview = clouds.preview()
    assert preview.plan == dict.fromkeys(ALL, "create")
    clouds.up()
    assert clouds.up("--refresh").plan == dict.fromkeys(ALL, "same")

    changes = {"hook": "https://hooks.example.org/2", "offset": "60"}
    _program(clouds, **changes)
    planned = clouds.preview().plan
    assert planned == {
        **dict.fromkeys(("live", "notify", "files", "callback"), "update"),
        "source": "same",
    }
    assert clouds.up().plan == planned

    _program(clouds, **changes, live_source="rtmp://play.example.org/live/2")
    assert clouds.up().plan == {
        **dict.fromkeys(("live", "source"), "update"),
        **dict.fromkeys(("notify", "files", "callback"), "same"),
    }
    calls = [entry.operation for entry in emulator.journal if entry.method == "POST"]
    interrupted = ["StopLivePullToPush", "UpdateLivePullToPush", "RestartLivePullToPush"]
    assert [call for call in calls if call in interrupted][-3:] == interrupted

    _program(clouds, **changes, live_stream="other")
    replaced = clouds.up()
    assert (replaced.plan["live"], replaced.plan["source"]) == ("replace", "replace")
    assert clouds.up().plan == dict.fromkeys(ALL, "same")
    clouds.destroy()
    assert clouds.resources == {}


def test_what_is_there_already_is_not_overwritten_but_can_be_adopted(
    clouds: Stack, emulator: Emulator
) -> None:
    """The refusal names the id to adopt."""
    _program(clouds)
    clouds.up()
    there = {name: resource["id"] for name, resource in clouds.resources.items()}
    clouds.command("stack", "import", "--stack", "dev", "--file", str(_emptied(clouds)))
    refused = clouds.up("--continue-on-error", fails=True)
    message = "\n".join(refused.said("error"))
    for name in ("live", "notify", "callback"):
        assert f'"{there[name]}"' in message, name
    assert "Traceback" not in refused.text


def _emptied(stack: Stack) -> Path:
    """Return an export of the stack as if it had lost all that it held."""
    exported = json.loads(stack.command("stack", "export", "--stack", "dev"))
    exported["deployment"]["resources"] = []
    file = stack.folder / "emptied.json"
    file.write_text(json.dumps(exported))
    return file
