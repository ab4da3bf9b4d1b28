"""`livepull review` of what the real engine plans, in both hosts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.review.document import Document
from tests.engine.stacks import Stack, days_from_now, in_plugin, spelled, writes

MARK = "hushmark0123456789"

PROGRAM = """
from pulumi_livepull import alicloud, volcengine

times = {{"start_time": "{start}", "end_time": "{end}"}}


def live(name, source="rtmp://play.example.org/live/1", **more):
    huaweicloud.PullTask(
        name,
        source_type="PullLivePushLive",
        source_urls=[source],
        domain="push.example.com",
        app_name="live",
        **{{"stream_name": name, **times, **more}},
    )


live("replaced", "{source}", push_args="sign={mark}{key}")
live("kept")
alicloud.LivePullToPush(
    "interrupted",
    source_type="live",
    source_protocol="rtmp",
    source_urls=["{source}?token={mark}"],
    dst_url="rtmp://push.example.com/live/main?auth_key={mark}",
    **times,
)
alicloud.LivePullToPush(
    "rekeyed",
    source_type="live",
    source_protocol="rtmp",
    source_urls=["rtmp://play.example.org/live/other"],
    dst_url="rtmp://other.example.com/live/main?auth_key={mark}{key}",
    **times,
)
volcengine.PullToPushTask(
    "stopped",
    type=0,
    src_addr="rtmp://play.example.org/live/1",
    dst_addr="rtmp://third.example.com/live/{mark}?sign={mark}",
    {running}
    **times,
)
huaweicloud.RecordCallback(
    "callback",
    publish_domain="push.example.com",
    app="live",
    notify_callback_url="{url}",
    key="{mark}{mark}{key}",
)
huaweicloud.PullTaskSchedule(
    "nightly",
    source_type="PullLivePushLive",
    source_urls=["rtmp://play.example.org/live/2"],
    destination_url="rtmp://push.example.com/night/{mark}",
    windows=[
        {{"name": name, "start_time": f"{{day}}T20:00:00Z", "end_time": f"{{day}}T22:00:00Z"}}
        for name, day in {nights}
    ],
)
{more}
"""
NIGHTS = [
    (name, days_from_now(ahead).strftime("%Y-%m-%d"))
    for name, ahead in (("one", 3), ("two", 4), ("three", 5))
]
BEFORE = {
    "start": spelled(days_from_now(-1)),
    "end": spelled(days_from_now(2)),
    "source": "rtmp://play.example.org/live/1",
    "key": "a",
    "running": "",
    "url": "https://hooks.example.org/1",
    "mark": MARK,
    "nights": NIGHTS,
    "more": 'live("removed")',
}
AFTER = BEFORE | {
    "source": "rtmp://play.example.org/live/2",
    "key": "b",
    "running": "running=False,",
    "url": "https://hooks.example.org/2",
    "nights": [NIGHTS[0], NIGHTS[2]],
    "more": 'live("added", "rtmp://10.0.0.1/live/1")\nlive("twin", stream_name="kept")',
}
EFFECTS = {
    "replaced": "goes off air",
    "rekeyed": "goes off air",
    "removed": "goes off air",
    "stopped": "stops",
    "interrupted": "restarts",
    "nightly-two": "is cancelled",
    "added": "starts",
    "twin": "starts",
}
STREAMS = {
    "replaced": "push.example.com/live/replaced",
    "rekeyed": "other.example.com/live",
    "removed": "push.example.com/live/removed",
    "stopped": "third.example.com/live",
    "interrupted": "push.example.com/live",
    "nightly-two": "",
    "added": "push.example.com/live/added",
    "twin": "push.example.com/live/kept",
}


@pytest.fixture(params=["dynamic", "plugin"])
def planned(request: pytest.FixtureRequest, stack: Stack, url: str) -> Stack:
    """A stack in each host that is up, and a program that changes all of it."""
    in_plugin(stack, url)
    stack.configure("host", str(request.param))
    stack.program(PROGRAM.format(**BEFORE))
    stack.up()
    stack.program(PROGRAM.format(**AFTER))
    return stack


def test_a_review_says_what_each_change_does_on_air_and_shows_no_secret(
    planned: Stack, emulator: Emulator
) -> None:
    """From a file, with the gate; it changes nothing."""
    before = writes(emulator)
    file = planned.folder / "plan.json"
    file.write_text(planned.command("preview", "--json", "--show-sames", "--stack", "dev"))
    out = [f"--out=review.{ending}" for ending in ("md", "html", "txt")]
    ran = planned.try_livepull(
        "review", "plan.json", "--format=json", *out, "--fail-on=off-air,fight"
    )
    assert writes(emulator) == before
    assert ran.returncode == 2, ran.stderr
    assert ran.stderr.splitlines() == [
        "refused: 4 channels go off air (--fail-on off-air)",
        "refused: 1 fight over a stream (--fail-on fight)",
    ]
    found = Document.model_validate_json(ran.stdout)
    changes = {change.name: change for change in found.changes}
    assert {name: change.effect for name, change in changes.items()} == EFFECTS
    assert _known(changes) == {name: stream for name, stream in STREAMS.items() if stream}
    assert changes["rekeyed"].because == ["`dstUrl` (secret)"]
    assert set(changes["replaced"].because) == {"`sourceUrls`", "`pushArgs` (secret)"}
    assert [warning.kind for warning in changes["added"].warnings] == ["unreachable"]
    assert [warning.kind for warning in changes["twin"].warnings] == ["fight"]
    (callback,) = found.callbacks
    assert (callback.before, callback.after) == (
        ["https://hooks.example.org/1"],
        ["https://hooks.example.org/2"],
    )
    assert "`key` (secret)" in callback.because
    assert found.unchanged == 3
    assert found.unseen == 0
    written = [ran.stdout, ran.stderr]
    written += [
        (planned.folder / f"review.{ending}").read_text() for ending in ("md", "html", "txt")
    ]
    assert not [text for text in written if MARK in text]


def _known(changes: Mapping[str, Any]) -> dict[str, str]:
    """The streams that the plan tells; of a schedule's, only the provider knows."""
    return {name: change.stream for name, change in changes.items() if STREAMS[name]}


def test_a_review_previews_a_stack_and_says_why_that_failed(stack: Stack, tmp_path: Path) -> None:
    """Given the stack's name, in the project's folder."""
    stack.program('huaweicloud.RecordCallback("callback", publish_domain="", app="live", ')
    ran = stack.try_livepull("review", "--stack", "dev")
    assert ran.returncode == 1
    assert ran.stdout.startswith("The preview failed, so this review is not complete.\nerror: ")
    stack.program("")
    ran = stack.try_livepull("review", "--stack", "dev", "--format", "json")
    assert (ran.returncode, json.loads(ran.stdout)["sentence"]) == (0, "Nothing changes on air.")
    ran = stack.try_livepull("review", "--stack", "nope")
    assert ran.returncode == 1
    assert "nope" in ran.stderr + ran.stdout
