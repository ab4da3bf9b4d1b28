"""No secret shows anywhere: not in state, output, logs, errors, or the emulator's own records."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import (
    PROJECT,
    REGION,
    SECRET_KEY,
    Run,
    Stack,
    by_id,
    callbacks,
    change_task,
    tasks,
)

PULUMIS_OWN = re.compile(
    r'\{"time":"[^"]+","level":"INFO","msg":"(Un)?[Mm]arshaling property for RPC.*"v":9\}$'
)

MARK = "HUSH"
"""Part of every secret in this module's programs."""

PROGRAM = """
huaweicloud.PullTask(
    "player",
    source_type="PullVodPushLive",
    source_urls=[
        "https://vod.example.org/1.mp4?token=HUSH-query-{version}",
        "ftp://someone:HUSH-password@vod.example.org/2.mp4",
    ],
    destination_url="{destination}",
    push_args="sign=HUSH-arguments",
    callback_url="hooks.example.org/?token=HUSH-hook",
    callback_events=["TaskExit"],
)
huaweicloud.RecordCallback(
    "recordings",
    publish_domain="push.example.com",
    app="live",
    notify_callback_url="https://hooks.example.org/?token=HUSH-address-{version}",
    sign_type="MD5",
    key="{key}",
)
"""
DESTINATION = "rtmp://push.example.com/live/HUSH-path?sign=HUSH-sign"
KEY = "HUSH" + "0" * 32
CALLBACK_PROPERTIES = {"notifyCallbackUrl", "key"}
TASK_PROPERTIES = {"sourceUrls", "destinationUrl", "pushArgs", "callbackUrl"}


def program(version: int, destination: str = DESTINATION, key: str = KEY) -> str:
    return PROGRAM.format(version=version, destination=destination, key=key)


def shown(text: str) -> list[str]:
    """The lines that show a secret."""
    return [line for line in text.splitlines() if MARK in line or SECRET_KEY in line]


def check(run: Run) -> Run:
    """Pulumi's own log of level 9 shows every value, secrets too, as its guide warns of."""
    assert [line for line in shown(run.text) if not PULUMIS_OWN.match(line)] == []
    assert shown(str(run.events)) == []
    return run


def test_no_secret_shows_while_a_stack_lives(stack: Stack, emulator: Emulator) -> None:
    """Neither in logs, in diffs, in the stored state nor on the emulator's page."""
    stack.env["LIVEPULL_LOG"] = "debug"
    stack.program(program(1))
    made = check(stack.up("--logtostderr", "-v=9"))
    assert made.plan == {"player": "create", "recordings": "create"}
    assert made.said("warning"), "what is doubtful is pointed out, and its value not shown"
    (task,), (callback,) = tasks(emulator), callbacks(emulator)
    assert task["destination_url"] == DESTINATION
    assert callback["key"] == KEY

    stack.program(program(2, DESTINATION + "2", KEY + "2"))
    assert check(stack.up("--diff")).plan == {"player": "replace", "recordings": "update"}
    check(stack.refresh("--diff"))
    assert check(stack.preview("--diff")).plan == {"player": "same", "recordings": "same"}

    assert shown(stack.checkpoint) == []
    assert shown(stack.command("stack", "export", "--stack", "dev")) == []
    for name, properties in [("player", TASK_PROPERTIES), ("recordings", CALLBACK_PROPERTIES)]:
        for side in ("inputs", "outputs"):
            values = stack.resources[name][side]
            hidden = {prop for prop, value in values.items() if "ciphertext" in str(value)}
            assert hidden == properties, (name, side)
    assert shown(str([asdict(entry) for entry in emulator.journal])) == []
    assert shown(str(emulator.state())) == []
    assert shown(emulator.app.test_client().get("/").text) == []


def test_no_secret_shows_when_an_operation_fails(stack: Stack, emulator: Emulator) -> None:
    """Neither when we nor when the vendor refuses an input, with every log turned on."""
    stack.env["LIVEPULL_LOG"] = "debug"
    other = stack.copy(stack.folder.with_name("other"))
    other.program(program(1, destination="HUSH is not an address"))
    stack.program(program(1, key="HUSH"))
    emulator.arm("deny", "CreatePullTask")
    with ThreadPoolExecutor(2) as pool:
        refused = pool.submit(other.preview, "--diff", fails=True)
        failed = pool.submit(stack.up, "--logtostderr", "-v=9", fails=True)
    assert "destinationUrl must be a full address" in check(refused.result()).text
    assert "PullTask create failed: APIG.0306" in check(failed.result()).text
    assert "RecordCallback create failed: LIVE.100011001" in failed.result().text
    assert shown(stack.checkpoint) == []


def test_no_secret_shows_of_what_the_stack_only_reads(stack: Stack, emulator: Emulator) -> None:
    """A `get`, and a refresh after someone else set a key, hide it as `up` does."""
    task = {
        "task_id": "7864b3dc",
        "source_type": "PullVodPushLive",
        "source_urls": ["https://vod.example.org/1.mp4?token=HUSH"],
        "destination_url": DESTINATION,
        "push_args": "sign=HUSH",
        "callback_url": "https://hooks.example.org/?token=HUSH",
    }
    emulator.seed({"huaweicloud": {"tasks": {PROJECT: [task]}}})
    stack.program(
        f"""
        huaweicloud.PullTask.get("found", "{REGION}/7864b3dc")
        huaweicloud.PullTask(
            "player",
            source_type="PullVodPushLive",
            source_urls=["https://vod.example.org/2.mp4"],
            destination_url="rtmp://push.example.com/live/player",
        )
        """
    )
    check(stack.up("--diff"))
    assert shown(stack.checkpoint) == []

    change_task(emulator, by_id(stack, "player"), source_urls=task["source_urls"])
    assert check(stack.refresh("--diff")).plan["player"] == "update"
    assert shown(stack.checkpoint) == []
