"""What is on air is recorded by rule, reported as the vendor does, and can be fetched."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_livepull import callbacks
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.media.media import Media
from pulumi_livepull.testing import Receiver
from tests.emulator.media.conftest import ADDRESS, NOW, ffmpeg
from tests.emulator.media.test_bounds import serving
from tests.emulator.receivers import KEY, configure

TASK = {
    "source_type": "PullVodPushLive",
    "destination_url": "rtmp://" + "/".join(ADDRESS),
    "vod_loop_time": "1",
}


def record(
    emulator: Emulator, receiver: Receiver, vendor: str, seconds_on_air: int, **rule: Any
) -> None:
    """Let green be on air for some seconds, which is recorded."""
    configure(emulator, vendor, receiver.url)
    rule = {"vendor": vendor, "domain": ADDRESS[0], **rule}
    task = {**TASK, "source_urls": [f"https://vod.example.com/green-{seconds_on_air}s.mp4"]}
    emulator.seed({"media": {"recordings": [rule]}, "huaweicloud": {"tasks": {"p": [task]}}})


def is_green(address: str, tmp_path: Path) -> bool:
    """Return whether a file plays and is green, by a program that is not ours."""
    out = tmp_path / "frame.ppm"
    assert ffmpeg("-i", address, "-frames:v", "1", "-pix_fmt", "rgb24", str(out)) == ""
    red, green, blue = out.read_bytes()[-3:]
    return green > 2 * red and green > 2 * blue


@pytest.mark.parametrize("form", ["mp4", "hls"])
def test_huawei_reports_a_recording_that_plays(
    emulator: Emulator, media: Media, receiver: Receiver, tmp_path: Path, form: str
) -> None:
    """The callback is signed, and its name, size, duration and times are right."""
    record(emulator, receiver, "huaweicloud", 1, format=form)
    media.wait_until(lambda: receiver.bodies)
    (body,) = receiver.bodies
    event = callbacks.huaweicloud.verify(json.dumps(body), KEY, now=NOW)
    assert (event.app, event.stream) == ADDRESS[1:]
    assert body["record_duration"] == 1
    assert (body["width"], body["height"]) == (320, 180)
    assert body["start_time"] == "2030-01-02T03:04:05Z"
    assert body["record_format"] == form.upper()
    url = body["download_url"]
    assert url.endswith(body["obs_object"])
    fetched = httpx.get(url)
    if form == "mp4":
        assert len(fetched.content) == body["file_size"]
        part = httpx.get(url, headers={"Range": "bytes=4-7"})
        assert (part.status_code, part.content) == (206, b"ftyp")
    assert is_green(url, tmp_path)


def test_alibaba_reports_each_file_and_its_states(
    emulator: Emulator, media: Media, receiver: Receiver, tmp_path: Path
) -> None:
    """A file ends at the first key frame after its time."""
    record(emulator, receiver, "alicloud", 2, format="flv", seconds=1)
    configured = {"DomainName": ADDRESS[0], "NotifyUrl": receiver.url, "NeedStatusNotify": True}
    emulator.seed({"alicloud": {"callbacks": [configured]}})
    media.wait_until(lambda: len(receiver.bodies) == 4)
    assert [body.get("event", "file") for body in receiver.bodies] == [
        *("record_started", "file", "file", "record_paused")
    ]
    first, second = receiver.bodies[1:3]
    assert [round(each["duration"]) for each in (first, second)] == [1, 1]
    assert first["start_time"] == int(NOW.timestamp())
    for each in (first, second):
        url = f"http://127.0.0.1:{media.port}/recordings/{ADDRESS[0]}/{each['uri']}"
        assert is_green(url, tmp_path)


def test_tencent_reports_a_recording_and_its_states(
    emulator: Emulator, media: Media, receiver: Receiver, tmp_path: Path
) -> None:
    """Event 332 as it begins and is over, and event 100 for the file, all signed."""
    record(emulator, receiver, "tencentcloud", 1, format="hls")
    media.wait_until(lambda: len(receiver.bodies) == 3)
    for body in receiver.bodies:
        event = callbacks.tencentcloud.verify(json.dumps(body).encode(), KEY, now=NOW)
        assert (event.domain, event.app, event.stream) == ADDRESS
    begun, file, over = receiver.bodies
    assert begun["record_event"] == "record_start_succeeded"
    assert over["record_event"] == "record_ended"
    assert (file["event_type"], file["file_format"], file["duration"]) == (100, "hls", 1)
    assert file["start_time"] == int(NOW.timestamp())
    assert is_green(file["video_url"], tmp_path)


def test_a_recording_goes_on_through_a_change_of_source(
    emulator: Emulator, media: Media, recorded: Callable[[], list[str]]
) -> None:
    """The switch to the backup and back stays in one file."""
    main, backup = (f"https://live.example.com/{each}" for each in ("red", "cyan"))
    live = {"source_type": "PullLivePushLive", "source_urls": [main], "vod_loop_time": "-1"}
    end = {"end_time": "2030-01-02T04:00:00Z"}
    task = {**TASK, **live, **end, "backup_source_urls": [backup]}
    emulator.seed({"huaweicloud": {"tasks": {"p": [task]}}})
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    emulator.arm("fail_source", source=main)
    media.wait_until(lambda: media.colour(*ADDRESS) == "cyan")
    emulator.arm("mend_source", source=main)
    media.wait_until(lambda: media.colour(*ADDRESS) == "red")
    emulator.clock.advance(timedelta(hours=1))
    assert recorded() == ["red", "cyan", "red"]


def test_a_rule_that_cannot_be_read_is_refused(emulator: Emulator, media: Media) -> None:
    """The message lists the fields of a rule; rules need the media option."""
    for rule in (
        {"vendor": "huaweicloud"},
        {"vendor": "huaweicloud", "domain": "d", "format": "avi"},
        {"vendor": "nobody", "domain": "d"},
        {"vendor": "huaweicloud", "domain": "d", "seconds": 0},
        {"vendor": "huaweicloud", "domain": 1},
    ):
        with pytest.raises(ValueError, match=r"a rule has|format is|no vendor"):
            emulator.seed({"media": {"recordings": [rule]}})
    with pytest.raises(ValueError, match="--relay"):
        Emulator().seed({"media": {}})
    assert httpx.get(f"http://127.0.0.1:{media.port}/recordings/nothing.mp4").status_code == 404


def test_files_that_are_encoded_differently_are_recorded_each(
    emulator: Emulator, media: Media, receiver: Receiver, film: Path, tmp_path: Path
) -> None:
    """No format holds two codecs in one stream; sound in Opus is recorded too."""
    names = ("film.mp4", "other.webm")
    (tmp_path / names[0]).write_bytes(film.read_bytes())
    codecs = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")
    assert ffmpeg("-i", str(film), *codecs, "-g", "10", "-t", "2", str(tmp_path / names[1])) == ""
    with serving(tmp_path) as url:
        configure(emulator, "huaweicloud", receiver.url)
        task = {**TASK, "source_urls": [f"{url}/{name}" for name in names]}
        rule = {"vendor": "huaweicloud", "domain": ADDRESS[0]}
        emulator.seed({"media": {"recordings": [rule]}, "huaweicloud": {"tasks": {"p": [task]}}})
        media.wait_until(lambda: len(receiver.bodies) == len(names))
    assert [body["record_duration"] for body in receiver.bodies] == [6, 2]
    for body in receiver.bodies:
        assert ffmpeg("-i", body["download_url"], "-f", "null", "-") == ""
