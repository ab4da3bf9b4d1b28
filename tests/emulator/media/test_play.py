"""What is on air can be seen: on the page, as pictures, and in a player."""

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_livepull.emulator import Emulator, server
from pulumi_livepull.emulator.media.media import Media
from tests.emulator.media.conftest import ADDRESS, ffmpeg
from tools import browser
from tools.browser import Look

PATH = "/play/" + "/".join(ADDRESS)


@pytest.fixture
def http(emulator: Emulator, media: Media) -> Iterator[httpx.Client]:
    """Return a client of the emulator, which relays."""
    with server.running(emulator) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield client


def test_the_page_has_a_picture_of_what_is_on_air(
    http: httpx.Client, media: Media, push: Any
) -> None:
    """With the publisher and a link to a player; if nothing is on air, it says so."""
    assert "Nothing is on air" in http.get("/").text
    assert http.get(f"{PATH}.jpg").status_code == 404
    push(*ADDRESS)
    media.wait_until(lambda: media.colour(*ADDRESS))
    page = http.get("/").text
    (shown,) = http.get("/_emulator/streams").json()
    assert "Lavf" in shown["publisher"]
    assert shown["publisher"] in html.unescape(page)
    assert f'<a href="{PATH}">' in page
    assert f'src="{PATH}.jpg"' in page
    picture = http.get(f"{PATH}.jpg")
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert f'base = "{PATH}"' in http.get(PATH).text


PLAYS = """
  (async () => {
    const video = document.querySelector("video");
    while (video.currentTime < 1) await new Promise((done) => setTimeout(done, 100));
    return video.videoWidth;
  })()
"""


def test_the_player_plays_in_a_browser(http: httpx.Client, media: Media, push: Any) -> None:
    """By a script of our own, as Chromium alone plays no HLS; within a phone's width."""
    push(*ADDRESS)
    media.wait_until(lambda: media.colour(*ADDRESS))
    answers = {"plays": PLAYS, "width": "document.documentElement.scrollWidth"}
    (found,) = browser.look(str(http.base_url.join(PATH)), Look(width=390, answers=answers))
    assert (found["plays"], found["width"]) == (320, 390)


def test_a_stream_that_is_not_on_air_says_why(
    http: httpx.Client, emulator: Emulator, media: Media
) -> None:
    """In the place of its picture."""
    task = {
        "source_type": "PullVodPushLive",
        "source_urls": ["https://vod.example.com/404.mp4"],
        "destination_url": f"rtmp://{'/'.join(ADDRESS)}",
    }
    emulator.seed({"huaweicloud": {"tasks": {"0123456789abcdef0123456789abcdef": [task]}}})
    media.wait_until(lambda: [each for each in media.show() if each["reason"]])
    assert '<div class="screen">HTTP 404</div>' in http.get("/").text


def test_a_player_gets_hls(http: httpx.Client, media: Media, push: Any, tmp_path: Path) -> None:
    """In segments that independent software can play; HTTP-FLV comes from the ingest."""
    push(*ADDRESS)
    media.wait_until(lambda: media.colour(*ADDRESS))
    playlist = http.get(f"{PATH}.m3u8")
    assert playlist.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert '#EXT-X-MAP:URI="one.hls/init.mp4"' in playlist.text
    out = tmp_path / "frame.ppm"
    address = str(http.base_url.join(f"{PATH}.m3u8"))
    assert ffmpeg("-i", address, "-frames:v", "1", "-pix_fmt", "rgb24", str(out)) == ""
    red, green, blue = out.read_bytes()[-3:]
    assert blue > max(red, green)
    flv = http.get(f"{PATH}.flv").headers["Location"]
    assert flv == f"http://127.0.0.1:{media.port}{PATH}.flv"


def test_requests_from_other_sites_see_nothing(http: httpx.Client, media: Media, push: Any) -> None:
    """A page of another site cannot read streams, and no segment name leaves its folder."""
    push(*ADDRESS)
    media.wait_until(lambda: media.colour(*ADDRESS))
    refused = http.get(f"{PATH}.jpg", headers={"Host": "rebound.example.com"})
    assert refused.status_code == 403
    assert http.get(f"{PATH}.hls/nothing.m4s").status_code == 404
    assert media.find_part(*ADDRESS, "../../../../etc/passwd") is None
