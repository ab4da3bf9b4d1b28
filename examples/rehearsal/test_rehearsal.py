"""Rehearse the event before it happens: the start, a lost source, the end and the recording."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from pulumi import automation

from pulumi_livepull import callbacks
from pulumi_livepull.testing import Rehearsal

STREAM = "push.example.com/live/event"
VENUE = "https://venue.example.org/live/green.flv"
KEY = "0123456789abcdef0123456789abcdef"
KICK_OFF = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
FINAL_WHISTLE = KICK_OFF + timedelta(hours=2)


def deploy(rehearsal: Rehearsal, folder: Path) -> None:
    """Deploy the program of this folder to the emulator, as `pulumi up` does."""
    shutil.copytree(Path(__file__).parent, folder / "stack")
    settings = {
        "startTime": KICK_OFF.isoformat(),
        "endTime": FINAL_WHISTLE.isoformat(),
        "callback": rehearsal.receiver.url,
        "callbackKey": KEY,
        "domain": "push.example.com",
        "livepull:huaweicloudEndpoint": rehearsal.url,
        "livepull:huaweicloudRegion": "cn-north-4",
        "livepull:huaweicloudAccessKey": "livepull-emulator",
        "livepull:huaweicloudSecretKey": "livepull-emulator-secret",
    }
    environment = {
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
    }
    stack = automation.create_stack(
        "rehearsal",
        work_dir=str(folder / "stack"),
        opts=automation.LocalWorkspaceOptions(env_vars=environment),
    )
    secret = ("Key", "SecretKey", "AccessKey")
    stack.set_all_config(
        {
            name: automation.ConfigValue(value, secret=name.endswith(secret))
            for name, value in settings.items()
        }
    )
    stack.up()


def test_the_event(rehearsal: Rehearsal, tmp_path: Path) -> None:
    """Green is the venue, and orange the backup line."""
    rule = {"vendor": "huaweicloud", "domain": "push.example.com", "format": "mp4"}
    rehearsal.emulator.seed({"media": {"recordings": [rule]}})
    deploy(rehearsal, tmp_path)
    assert rehearsal.colour(STREAM) is None

    rehearsal.clock.set(KICK_OFF)
    rehearsal.wait_until(lambda: rehearsal.colour(STREAM) == "green")

    rehearsal.emulator.arm("fail_source", source=VENUE)
    rehearsal.wait_until(lambda: rehearsal.colour(STREAM) == "orange")
    rehearsal.emulator.arm("mend_source", source=VENUE)
    rehearsal.wait_until(lambda: rehearsal.colour(STREAM) == "green")

    rehearsal.clock.set(FINAL_WHISTLE)
    rehearsal.wait_until(lambda: rehearsal.colour(STREAM) is None)

    rehearsal.wait_until(lambda: rehearsal.receiver.received)
    (message,) = rehearsal.receiver.received
    now = rehearsal.clock.now()
    recording = callbacks.huaweicloud.verify(message.data, KEY, now=now)
    assert recording.stream == "event"
    assert httpx.get(message.body["download_url"]).is_success
