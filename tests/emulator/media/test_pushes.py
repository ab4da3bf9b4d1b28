"""Where tasks push to: signed addresses, and servers that are not ours."""

import socket
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.media.media import Media
from pulumi_livepull.hosts.registry import find_function
from tests.emulator.media.conftest import ADDRESS, FFMPEG, NOW, ffmpeg

SOON = ("-analyzeduration", "500000")
KEY = "GCTbw44s6MPLh4GqgDpnfuFHgy25Enly"
TARGET = "rtmp://" + "/".join(ADDRESS)
TASK = {
    "task_id": "one",
    "source_type": "PullLivePushLive",
    "source_urls": ["https://live.example.com/red"],
}


def sign(vendor: str, **more: Any) -> str:
    """Sign the address for an hour, as the provider does."""
    expires = (NOW + timedelta(hours=1)).isoformat()
    asked = {"pushUrl": TARGET, "key": KEY, "expires": expires, **more}
    function = find_function(f"livepull:{vendor}:signPushUrl")[1]
    return str(function.answer(asked, lambda: pytest.fail("nothing is sent"))["url"])


def push(emulator: Emulator, target: str) -> None:
    """Let the one task push to this address."""
    task = {**TASK, "destination_url": target}
    emulator.seed({"huaweicloud": {"tasks": {"p": [task]}}})


def find_reason(media: Media) -> str:
    """Return why the one relay failed last."""
    return "".join(each["reason"] for each in media.show())


@pytest.mark.parametrize(
    ("vendor", "more"),
    [
        ("huaweicloud", {}),
        ("huaweicloud", {"authType": "b_md5"}),
        ("huaweicloud", {"authType": "a_md5", "timeout": 60}),
        ("alicloud", {}),
        ("volcengine", {}),
        ("tencentcloud", {}),
    ],
)
def test_a_push_to_a_domain_with_a_key_must_be_signed_and_in_time(
    emulator: Emulator, media: Media, vendor: str, more: dict[str, Any]
) -> None:
    """Signing and verification share no code, and agree for each scheme."""
    key = {"vendor": vendor, "domain": ADDRESS[0], "key": KEY}
    key |= {"valid_seconds": more.get("timeout", 0)}
    emulator.seed({"media": {"push_keys": [key]}})
    signed = sign(vendor, **more)
    for target, why in ((TARGET, "is not signed"), (f"{signed}0", "is wrong")):
        push(emulator, target)
        media.wait_until(lambda why=why: why in find_reason(media))
    push(emulator, signed)
    assert media.wait_until(lambda: media.colour(*ADDRESS)) == "red"
    emulator.clock.advance(timedelta(hours=2))
    push(emulator, f"{signed}&again=1")
    media.wait_until(lambda: "has expired" in find_reason(media))


def test_a_destination_on_this_machine_is_pushed_to(
    emulator: Emulator, media: Media, tmp_path: Path
) -> None:
    """Here ffmpeg listens, with an RTMP implementation that is not ours."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    target = f"rtmp://127.0.0.1:{port}/live/channel"
    out = tmp_path / "pushed.flv"
    command = [FFMPEG, "-nostdin", "-v", "error", "-listen", "1", *SOON, "-i", target]
    with subprocess.Popen([*command, "-t", "1", "-c", "copy", str(out)]) as server:
        push(emulator, target)

        def ended() -> bool:
            # If the server was not yet there, the task tries again.
            emulator.clock.advance(timedelta(seconds=10))
            return server.poll() is not None

        media.wait_until(ended)
    frame = tmp_path / "frame.ppm"
    assert ffmpeg("-i", str(out), "-frames:v", "1", "-pix_fmt", "rgb24", str(frame)) == ""
    red, green, blue = frame.read_bytes()[-3:]
    assert red > 2 * max(green, blue)


def test_a_push_that_cannot_work_says_so(emulator: Emulator, media: Media) -> None:
    """Nothing listens there, or the address is not RTMP; the message does not blame the source."""
    for target, why in (
        ("rtmp://127.0.0.1:9/live/one", "cannot connect"),
        ("srt://push.example.com:9000", "the emulator pushes to rtmp://"),
        ("rtmp://push.example.com/one", "the emulator pushes to rtmp://"),
    ):
        push(emulator, target)
        media.wait_until(lambda why=why: why in find_reason(media))
