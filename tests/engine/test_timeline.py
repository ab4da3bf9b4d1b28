"""`livepull timeline` of a real stack and of the emulated accounts, side by side."""

import json

import jsonschema
import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors import VENDORS
from tests.engine.stacks import PROJECT, ROOT, Stack, days_from_now, in_plugin, remove_task, spelled

MARK = "hushmark0123456789"
PROGRAM = """
from pulumi_livepull import alicloud, volcengine


def live(name, start, end):
    huaweicloud.PullTask(
        name,
        source_type="PullLivePushLive",
        source_urls=["rtmp://play.example.org/live/1?token={mark}"],
        domain="push.example.com",
        app_name="live",
        stream_name=name,
        start_time=start,
        end_time=end,
    )


live("now", "{yesterday}", "{tomorrow}")
live("later", "{tomorrow}", "{after}")
live("lost", "{yesterday}", "{tomorrow}")
alicloud.LivePullToPush(
    "secret",
    source_type="live",
    source_protocol="rtmp",
    source_urls=["rtmp://play.example.org/live/2"],
    dst_url="rtmp://push.example.com/other/{mark}?auth_key={mark}",
    start_time="{yesterday}",
    end_time="{tomorrow}",
)
volcengine.RelaySource(
    "unlistable",
    domain="pull.example.com",
    app="live",
    stream="unlistable",
    src_addr_s=["rtmp://play.example.org/live/4"],
)
volcengine.PullToPushTask(
    "halted",
    type=0,
    src_addr="rtmp://play.example.org/live/3",
    domain="third.example.com",
    app="live",
    stream="halted",
    running=False,
    start_time="{yesterday}",
    end_time="{tomorrow}",
)
"""
STRAY = {
    "task_id": "stray",
    "source_type": "PullLivePushLive",
    "source_urls": ["rtmp://play.example.org/live/9"],
    "domain": "push.example.com",
    "app_name": "live",
    "stream_name": "now",
    "start_time": spelled(days_from_now(-1)),
    "end_time": spelled(days_from_now(1)),
    "status": "running",
}


@pytest.fixture(params=["dynamic", "plugin"])
def there(request: pytest.FixtureRequest, stack: Stack, url: str) -> Stack:
    """A stack in each host, with relays of three clouds."""
    in_plugin(stack, url)
    stack.configure("host", str(request.param))
    times = {"yesterday": -1, "tomorrow": 1, "after": 2}
    moments = {name: spelled(days_from_now(days)) for name, days in times.items()}
    stack.program(PROGRAM.format(mark=MARK, **moments))
    stack.up()
    return stack


def test_stack_and_account_are_shown_side_by_side(there: Stack, emulator: Emulator) -> None:
    """Relays in no stack, relays missing from the account, and fights; never a key."""
    emulator.seed({"huaweicloud": {"tasks": {PROJECT: [STRAY]}}})
    remove_task(emulator, there.resources["lost"]["outputs"]["taskId"])

    both = there.try_livepull(
        "timeline", "--stack", "dev", "--account", "--out", "now.html", "--out", "now.json"
    )
    assert (both.returncode, both.stderr) == (0, "")
    lines = both.stdout.splitlines()
    assert lines[0].endswith(
        " UTC: 5 on air, 1 to come, 1 stopped, 1 in no stack and 1 not on the account."
    )
    rows = [line.split()[:3] for line in lines[2:9]]
    assert [row[0] for row in rows] == ["on", "on", "on", "on", "on", "to", "stopped"]
    assert rows[6][1] == "third.example.com/live/halted"
    assert "push.example.com/other" in both.stdout
    warnings = [line for line in lines if line.startswith("warning: ")]
    unlisted = {line.split(": ")[2] for line in warnings if "left out" in line}
    relays = [kind for vendor in VENDORS for kind in vendor.resources if kind.airtime]
    assert unlisted == {kind.label() for kind in relays if kind.listing.under}
    assert len(warnings) == 3 + len(unlisted)
    assert "push to push.example.com/live/now at the same time" in warnings[0]
    assert [line for line in warnings if "lost" in line and "not on the account" in line]
    assert [line for line in warnings if "/stray" in line and "not in the stack" in line]
    page = (there.folder / "now.html").read_text()
    assert MARK not in both.stdout + page
    assert page.count('class="lane"') == 5

    messages = json.loads((there.folder / "now.json").read_text())
    schema = json.loads((ROOT / "docs" / "timeline-schema.json").read_text())
    jsonschema.validate(messages, schema)
    assert [each["state"] for each in messages["relays"]] == ["on air"] * 5 + ["to come", "stopped"]
    found = {each["id"].rpartition("/")[2]: each for each in messages["relays"]}
    assert (found["stray"]["in_stack"], found["stray"]["on_account"]) == (False, True)
    assert found["stray"]["stream"] == "push.example.com/live/now"
    (lost,) = [each for each in messages["relays"] if each["name"].endswith("lost")]
    assert (lost["in_stack"], lost["on_account"]) == (True, False)
    assert MARK not in json.dumps(messages)

    stack = there.try_livepull("timeline", "--stack", "dev")
    assert stack.stdout.splitlines()[0].endswith(" UTC: 4 on air, 1 to come and 1 stopped.")
    assert "warning" not in stack.stdout
    account = there.try_livepull(
        "timeline", "--account", "--stack", "dev", "--vendor", "volcengine"
    )
    assert account.returncode == 0
    assert MARK not in stack.stdout + account.stdout


def test_a_timeline_of_nothing_says_so(stack: Stack) -> None:
    """And says what to pass."""
    stack.program("")
    stack.up()
    empty = stack.try_livepull("timeline", "--stack", "dev")
    assert empty.stdout.splitlines()[0].endswith(" UTC: There are no relays.")
    nothing = stack.try_livepull("timeline")
    assert (nothing.returncode, nothing.stderr) == (
        1,
        "there is nothing to show\nGive --stack, --account or both.\n",
    )
    assert stack.try_livepull("timeline", "--stack", "dev", "--out", "now.md").returncode == 1
    assert stack.try_livepull("timeline", "--stack", "dev", "--time-zone", "Moon").returncode == 1
