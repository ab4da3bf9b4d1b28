"""A stack moves between the hosts through the engine, and no task is touched."""

import re
import shlex
import subprocess

from pulumi_livepull.emulator import Emulator
from tests.engine.record import RECORDED
from tests.engine.stacks import ROOT, Json, Stack, callbacks, tasks, writes

PAGE = ROOT / "docs/hosts.md"

PROGRAM = """
class Channel(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("demo:index:Channel", name)
        self.task = huaweicloud.PullTask(
            "player",
            source_type="PullVodPushLive",
            source_urls=["https://vod.example.org/1.mp4?token=HUSH"],
            destination_url=pulumi.Output.secret("rtmp://push.example.com/live/HUSH"),
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.register_outputs({"task": self.task})

channel = Channel("channel")
pulumi.ComponentResource("demo:index:Below", "below", {}, pulumi.ResourceOptions(channel.task))
huaweicloud.RecordCallback(
    "recordings",
    publish_domain="push.example.com",
    app=channel.task.status.apply(lambda _: "live"),
    notify_callback_url="https://hooks.example.org/recordings",
    key="HUSH" * 8,
    sign_type="MD5",
    opts=pulumi.ResourceOptions(replace_with=[channel.task]),
)
pulumi.export("urn", channel.task.urn)
pulumi.export("task", channel.task.id)
pulumi.export("address", channel.task.destination_url)
"""
OURS = ("player", "recordings")
LISTED = "  huaweicloud.PullTask player\n  huaweicloud.RecordCallback recordings\n"
TYPES = {"dynamic": "pulumi-python:dynamic/livepull/", "plugin": "livepull:"}


def run(stack: Stack, *words: str, fails: bool = False) -> str:
    """Run a command in the stack's folder, and return what it tells."""
    ran = subprocess.run(
        words,
        cwd=stack.folder,
        env=stack.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert bool(ran.returncode) is fails, ran.stdout + ran.stderr
    return ran.stderr if fails else ran.stdout


def migrate(stack: Stack, *words: str, fails: bool = False) -> str:
    """Run `livepull migrate`, which is installed beside this Python."""
    return run(stack, "livepull", "migrate", "--stack", "dev", *words, fails=fails)


def nothing_changes(stack: Stack, host: str) -> None:
    """The program of the stack has our resources in this host, and nothing to do there."""
    preview = stack.preview("--diff", "--expect-no-changes")
    assert {preview.plan[name] for name in OURS} == {"same"}
    assert "--outputs:--" not in preview.text
    assert all(stack.resources[name]["type"].startswith(TYPES[host]) for name in OURS)


def noted(stack: Stack) -> list[Json]:
    """What the engine holds of our resources, in whichever host they are."""
    found = (stack.resources[name] for name in OURS)
    return [
        {part: each.get(part) for part in ("id", "protect", "additionalSecretOutputs", "created")}
        | {"inputs": sorted(each["inputs"]), "outputs": sorted(each["outputs"])}
        for each in found
    ]


def take_down(stack: Stack, emulator: Emulator) -> None:
    stack.command("state", "unprotect", "--all", "--yes", "--stack", "dev")
    stack.destroy()
    assert stack.resources == {}
    assert tasks(emulator) == callbacks(emulator) == []


def test_a_stack_moves_to_the_plugin_and_back_as_the_page_says(
    stack: Stack, emulator: Emulator
) -> None:
    """With a parent component, a child component, dependencies, secrets and protection, which all
    stay.
    """
    stack.program(PROGRAM)
    stack.up()
    made, before = writes(emulator), noted(stack)
    ways = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    for way, host in zip(ways, ("plugin", "dynamic", "plugin"), strict=True):
        for line in way.splitlines():
            run(stack, *shlex.split(line))
        assert "HUSH" not in stack.checkpoint
        nothing_changes(stack, host)
    migrate(stack, "--to", "dynamic")
    assert noted(stack) == before
    assert {"same"} == {stack.up("--refresh").plan[name] for name in OURS}
    assert writes(emulator) == made
    take_down(stack, emulator)


def test_a_stack_of_the_plugin_moves_to_the_dynamic_host(stack: Stack, emulator: Emulator) -> None:
    """The state then looks as if the dynamic host had created it, and the plugin can be
    uninstalled.
    """
    stack.configure("host", "plugin")
    stack.program(PROGRAM)
    stack.up()
    made = writes(emulator)
    assert migrate(stack, "--to", "dynamic").startswith(f"To the dynamic host:\n{LISTED}")
    nothing_changes(stack, "dynamic")
    assert {"same"} == {stack.up("--refresh").plan[name] for name in OURS}
    assert writes(emulator) == made
    assert not [name for name in stack.resources if name.startswith("default_")]
    take_down(stack, emulator)


def test_the_plugin_takes_over_without_the_command_what_the_dynamic_host_made(
    stack: Stack, emulator: Emulator
) -> None:
    """Even for an explicit provider, which must be removed before moving back."""
    task = """
    huaweicloud.PullTask(
        "player",
        source_type="PullVodPushLive",
        source_urls=["https://vod.example.org/1.mp4"],
        domain="push.example.com",
        app_name="live",
        stream_name="loop",
        opts=pulumi.ResourceOptions({}),
    )
    """
    own = """
    from pulumi_livepull import Provider

    config = pulumi.Config("livepull")
    own = Provider(
        "own",
        huaweicloud_region=config.require("huaweicloudRegion"),
        huaweicloud_access_key=config.require("huaweicloudAccessKey"),
        huaweicloud_secret_key=config.require_secret("huaweicloudSecretKey"),
        huaweicloud_endpoint=config.require("huaweicloudEndpoint"),
    )
    """
    stack.program(task.format(""))
    stack.up()
    made = writes(emulator)
    stack.program(own, task.format("provider=own"))
    assert stack.up().plan["player"] == "same"
    assert "::own::" in stack.resources["player"]["provider"]
    message = migrate(stack, "--to", "dynamic", "--dry-run")
    assert "These stay in the plugin, because they have an explicit provider:" in message

    stack.configure("host", "plugin")
    stack.program(task.format(""))
    assert stack.up().plan["player"] == "same"
    migrate(stack, "--to", "dynamic")
    assert stack.preview("--expect-no-changes").plan["player"] == "same"
    assert writes(emulator) == made


def test_a_stack_that_pulumi_does_not_take_back_stays_as_it_was(stack: Stack) -> None:
    """Here its passphrase is not set: Pulumi's own message says what to do."""
    stack.command("stack", "import", "--stack", "dev", "--file", str(RECORDED / "0.1.0/state.json"))
    there = {path: path.read_bytes() for path in stack.folder.rglob("*.json")}
    del stack.env["PULUMI_CONFIG_PASSPHRASE"]
    said = migrate(stack, "--to", "plugin", fails=True)
    assert said.startswith("`pulumi stack import` failed\nerror: ")
    assert "PULUMI_CONFIG_PASSPHRASE" in said
    assert "Traceback" not in said
    assert {path: path.read_bytes() for path in stack.folder.rglob("*.json")} == there
