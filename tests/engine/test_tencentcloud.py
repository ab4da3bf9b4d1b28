"""Tencent Cloud's resources through the engine, in both hosts."""

from pathlib import Path

import pytest

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import Stack, days_from_now, held, in_plugin, spelled

PROGRAM = """
from pulumi_livepull import tencentcloud

times = {{"start_time": "{start}", "end_time": "{end}"}}
source = {{"source_type": "PullLivePushLive", "source_urls": ["rtmp://play.example.org/live/1"]}}
place = {{"domain_name": "push.example.com", "app_name": "live"}}
tencentcloud.PullStreamTask("own", **source, **place, stream_name="{stream}", **times)
for name in ("one", "two"):
    tencentcloud.PullStreamTask(
        name, **source, to_url=f"rtmp://{{name}}.example.com/live/key", comment="{comment}", **times
    )
template = tencentcloud.CallbackTemplate(
    "template", template_name="recordings", record_notify_url="https://hooks.example.org/{comment}"
)
tencentcloud.CallbackRule("rule", **place, template_id=template.template_id)
"""
ALL = ("own", "one", "two", "template", "rule")
START = spelled(days_from_now(-1))
ENDS = {days: spelled(days_from_now(days)) for days in (2, 3)}


def _program(stack: Stack, stream: str = "1", comment: str = "first", days: int = 2) -> None:
    source = PROGRAM.format(stream=stream, comment=comment, start=START, end=ENDS[days])
    Path(stack.folder / "__main__.py").write_text(source, encoding="utf-8")


@pytest.mark.parametrize("host", ["dynamic", "plugin"])
def test_every_resource_is_made_changed_replaced_and_deleted(
    stack: Stack, url: str, emulator: Emulator, host: str
) -> None:
    """Two relays of one source to two addresses are no duplicates of one another."""
    in_plugin(stack, url)
    stack.configure("host", host)
    _program(stack)
    assert stack.up().plan == dict.fromkeys(ALL, "create")
    assert held(emulator) == len(ALL)
    assert set(stack.up("--refresh").plan.values()) == {"same"}

    _program(stack, comment="second")
    assert stack.up().plan == {
        **dict.fromkeys(("one", "two", "template"), "update"),
        **dict.fromkeys(("own", "rule"), "same"),
    }
    _program(stack, comment="second", days=3)
    longer = stack.up()
    assert longer.plan["own"] == "update"
    assert longer.said("warning") == []

    _program(stack, comment="second", days=3, stream="2")
    assert stack.up().plan["own"] == "replace"
    assert set(stack.up("--refresh").plan.values()) == {"same"}
    stack.destroy()
    assert held(emulator) == 0
