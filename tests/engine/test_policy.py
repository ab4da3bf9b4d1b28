"""The policy pack of the examples, on what the real engine plans in both hosts."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.review.wording import Times
from tests.engine.sdks import EXAMPLES
from tests.engine.stacks import Run, Stack, days_from_now, in_plugin, spelled, tasks

MARK = "hushmark0123456789"
LAUNCHER = """#!/bin/sh
exec python3 -u -m pulumi.policy "$@"
"""
DAY = days_from_now(2).strftime("%Y-%m-%d")
TOMORROW = days_from_now(1)
BERLIN = ZoneInfo("Europe/Berlin")
END = datetime.fromisoformat(f"{DAY}T20:00:00Z")

PROGRAM = f"""
from pulumi_livepull import alicloud

source = "rtmp://play.example.org/{MARK}?k={MARK}"
live = {{"source_type": "PullLivePushLive", "source_urls": [source]}}
name = pulumi.Output.secret("{MARK}")
show = {{"domain": "push.example.com", "app_name": "live", "stream_name": name}}
day = {{"start_time": "{DAY}T08:00:00Z", "end_time": "{DAY}T12:00:00Z"}}
morning = huaweicloud.PullTask("morning", **live, **show, **day)
"""
EVENING = f"""
evening = {{"start_time": "{DAY}T12:05:00Z", "end_time": "{DAY}T20:00:00Z"}}
huaweicloud.PullTask("evening", **live, **show, **evening)
"""
SIGNED = f"""
signed = huaweicloud.PullTask(
    "signed",
    **live,
    destination_url="rtmp://other.example.com/live/{MARK}?txTime={int(TOMORROW.timestamp()):X}",
    end_time="{DAY}T12:00:00Z",
)
"""
RIVAL = f"""
alicloud.LivePullToPush(
    "rival",
    source_type="live",
    source_protocol="rtmp",
    source_urls=["rtmp://play.example.org/live/1"],
    dst_url="rtmp://other.example.com/live/{MARK}?auth_key={MARK}",
    opts=pulumi.ResourceOptions(depends_on=signed),
    **day,
)
"""
TWIN = """
first = pulumi.ResourceOptions(depends_on=morning)
huaweicloud.PullTask("twin", **live, **show, **day, opts=first)
"""
FOUND = {
    (
        "livepull-fight",
        "rival: pushes to the same stream at the same time as huaweicloud.PullTask "
        '"signed": they will interrupt one another. '
        "Give one of them another stream or another time",
    ),
    (
        "livepull-expiry",
        f"signed: destinationUrl is signed only until {spelled(TOMORROW)}, before the task ends",
    ),
    ("livepull-gap", 'evening: leaves a gap of 5 min between "morning" and "evening"'),
    (
        "livepull-protect",
        f"evening: ends {Times(BERLIN, TOMORROW).moment(END)}, within 19:00-23:00 Europe/Berlin",
    ),
}


@pytest.fixture
def pack(stack: Stack, tmp_path: Path) -> tuple[str, ...]:
    """The options for the pack of the examples.

    Pulumi's own host of Python runs `python -u -m pulumi.policy`. That of an engine that is built
    from Go modules is too old to: it leaves that to a launcher, for a runtime that it is not.
    """
    folder = shutil.copytree(EXAMPLES / "policy-pack", tmp_path / "pack")
    about = folder / "PulumiPolicy.yaml"
    about.write_text(about.read_text().replace("runtime: python\n", "runtime: launched\n"))
    launcher = folder / "pulumi-analyzer-policy-launched"
    launcher.write_text(LAUNCHER)
    launcher.chmod(0o755)
    plugins = {"analyzers": [{"name": "policy-launched", "path": str(folder)}]}
    with (stack.folder / "Pulumi.yaml").open("a") as project:
        project.write(f"plugins: {json.dumps(plugins)}\n")
    return "--policy-pack", str(folder), "--policy-pack-config", str(folder / "config.json")


@pytest.fixture(params=["dynamic", "plugin"])
def either(request: pytest.FixtureRequest, stack: Stack, url: str) -> Stack:
    """A new stack in each host."""
    in_plugin(stack, url)
    stack.configure("host", str(request.param))
    return stack


def _violations(run: Run) -> set[tuple[str, str]]:
    """Which policies were violated, and what each said below its own description."""
    found = (event["policyEvent"] for event in run.events if "policyEvent" in event)
    return {(each["policyName"], each["message"].partition("\n")[2].strip()) for each in found}


def test_a_pack_reports_what_it_sees_in_a_preview_and_shows_no_secret(
    either: Stack, pack: tuple[str, ...]
) -> None:
    """It compares streams even if their names and addresses are secret."""
    config = Path(pack[-1])
    config.write_text(config.read_text().replace("mandatory", "advisory"))
    either.program(PROGRAM, EVENING, SIGNED, RIVAL)
    run = either.preview(*pack)
    assert _violations(run) == FOUND
    assert MARK not in run.text


def test_a_fight_stops_an_update_before_the_second_relay_is_made(
    either: Stack, pack: tuple[str, ...], emulator: Emulator
) -> None:
    """Even without a preview: a resource policy runs before each creation."""
    either.program(PROGRAM, TWIN)
    ran = either.start("up", *pack)
    text, _ = ran.communicate(timeout=120)
    assert ran.returncode != 0
    assert "[mandatory]  livepull-fight" in text
    assert MARK not in text
    assert [*either.resources] == ["morning"]
    assert len(tasks(emulator)) == 1
