"""What the media may not do: hang, fetch what a stranger names, or leave anything behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from pulumi_livepull.__main__ import main
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.media import folders, processes
from pulumi_livepull.emulator.media.addresses import Addresses, read_sources
from pulumi_livepull.emulator.media.media import Media, Settings
from tests.emulator.media.conftest import ADDRESS

PROJECT = "0123456789abcdef0123456789abcdef"


class Files(SimpleHTTPRequestHandler):
    """Serves a folder; two paths lead elsewhere, and one says nothing."""

    hang: threading.Event

    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://192.0.2.1/film.mp4")
            self.end_headers()
        elif self.path == "/hang.mp4":
            self.hang.wait(30)
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine, and yield its address."""
    Files.hang = threading.Event()
    handler = partial(Files, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Files.hang.set()
        server.shutdown()
        thread.join()


def seed(emulator: Emulator, **streams: str) -> None:
    """Let a task of Huawei push each file to the stream of this name."""
    tasks = [
        {
            "source_type": "PullVodPushLive",
            "source_urls": [source],
            "destination_url": f"rtmp://push.example.com/live/{name}",
        }
        for name, source in streams.items()
    ]
    emulator.seed({"huaweicloud": {"tasks": {PROJECT: tasks}}})


def find_state(media: Media, stream: str) -> Any:
    """Return what is shown of a stream."""
    return next((each for each in media.show() if each["stream"] == stream), {"state": ""})


def test_broken_and_hostile_sources_fail_alone(
    emulator: Emulator, media: Media, film: Path, tmp_path: Path
) -> None:
    """Truncated, empty, not media, hanging, without video, and pointing elsewhere."""
    whole = film.read_bytes()
    (tmp_path / "good.mp4").write_bytes(whole)
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.mp4").write_bytes(b"")
    (tmp_path / "noise.mp4").write_bytes(os.urandom(100_000))
    # A playlist that would read a file of this machine, and one on a server elsewhere.
    (tmp_path / "file.m3u8").write_text(f"#EXTM3U\n#EXTINF:5,\nfile://{film}\n#EXT-X-ENDLIST\n")
    far = "#EXTM3U\n#EXTINF:5,\nhttp://192.0.2.1/one.ts\n#EXT-X-ENDLIST\n"
    (tmp_path / "far.m3u8").write_text(far)
    bad = ("cut.mp4", "empty.mp4", "noise.mp4", "hang.mp4", "file.m3u8", "far.m3u8", "away")
    with serving(tmp_path) as url:
        streams = {name.replace(".", "-"): f"{url}/{name}" for name in ("good.mp4", *bad)}
        seed(emulator, **streams)
        for name in bad:
            stream = name.replace(".", "-")
            media.wait_until(lambda stream=stream: find_state(media, stream)["state"] == "retrying")
            assert find_state(media, stream)["reason"]
        good = ("push.example.com", "live", "good-mp4")
        assert media.wait_until(lambda: media.colour(*good)) == "blue"


def test_nothing_elsewhere_is_pulled_unless_it_is_allowed() -> None:
    """By host name, so the name is not even resolved."""
    given = {"real.example.com/a.mp4": "/tmp/a.mp4", "real.example.com/b": "http://own.test/b"}
    addresses = Addresses(given, {"cdn.test"})
    kinds = {
        "https://vod.example.com/a.mp4": "picture",
        "rtmp://live.customer.example/app/one": "picture",
        "a-media-id-of-a-vendor": "picture",
        "https://real.example.com/a.mp4?token=1": "open",
        "rtmp://127.0.0.1/live/one": "open",
        "http://localhost:8000/a.flv": "open",
        "https://cdn.test/a.mp4": "open",
        "https://real.example.com/b": "open",
        "http://own.test/next.ts": "open",
        "https://example.com.elsewhere.test/a.mp4": "refused",
        "http://192.0.2.1/a.mp4": "refused",
        "http://2130706433/a.mp4": "refused",
        "file:///etc/passwd": "refused",
        "srt://127.0.0.1:9000": "refused",
        "http://[": "refused",
        "concat:/etc/passwd": "refused",
    }
    assert {address: addresses.find(address).kind for address in kinds} == kinds


def test_only_so_many_relays_run() -> None:
    """The others wait for one to end, and say so."""
    emulator = Emulator()
    with Media(emulator, Settings(most_relays=1)).running() as media:
        seed(emulator, one="https://vod.example.com/red.mp4", two="https://vod.example.com/blue")
        media.wait_until(lambda: media.colour(*ADDRESS))
        shown = find_state(media, "two")
        assert (shown["state"], shown["reason"]) == (
            "waiting",
            "the emulator runs at most 1 relays",
        )
        emulator.reset()
        media.wait_until(lambda: not media.show())


def test_a_file_takes_the_place_of_an_address(film: Path) -> None:
    """Whatever the address's query."""
    emulator = Emulator()
    sources = read_sources([f"vod.example.com/intro.mp4={film}"])
    with Media(emulator, Settings(sources=sources)).running() as media:
        seed(emulator, one="https://vod.example.com/intro.mp4?signature=1")
        assert media.wait_until(lambda: media.colour(*ADDRESS)) == "blue"
    for wrong in ("vod.example.com=x", f"host/a={film}.gone", "host/a=ftp://host/a"):
        with pytest.raises(ValueError, match=r"is not HOST/PATH|no file|is none of"):
            read_sources([wrong])


@pytest.mark.parametrize("forks", [True, False])
def test_nothing_is_left_when_the_media_end(monkeypatch: pytest.MonkeyPatch, forks: bool) -> None:
    """No thread, no process and no open port, for both ways to start processes."""
    monkeypatch.setattr(processes, "FORKS", forks)
    emulator = Emulator()
    others = find_processes(os.getpid())
    before = set(threading.enumerate())
    with Media(emulator).running() as media:
        seed(emulator, one="https://vod.example.com/red.mp4", two="https://vod.example.com/404.mp4")
        media.wait_until(lambda: media.colour(*ADDRESS))
        started = find_processes(os.getpid()) - others
        port = media.port
        assert started
    assert not started & find_processes()
    assert set(threading.enumerate()) <= before
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")


def test_relays_end_with_an_emulator_that_is_killed() -> None:
    """They notice that their connection to it is closed."""
    code = "\n".join(
        [
            "import os",
            "from pulumi_livepull.emulator import Emulator",
            "from pulumi_livepull.emulator.media.media import Media",
            "from tests.emulator.media import test_bounds",
            "emulator = Emulator()",
            "with Media(emulator).running() as media:",
            "    test_bounds.seed(emulator, one='https://vod.example.com/red.mp4')",
            "    media.wait_until(lambda: media.colour('push.example.com', 'live', 'one'))",
            "    print(*test_bounds.find_processes(os.getpid()), flush=True)",
            "    input()",
        ]
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as emulator:
        assert emulator.stdout
        started = {int(each) for each in emulator.stdout.readline().split()}
        assert len(started) >= 2
        emulator.kill()
    end = time.monotonic() + 10
    while started & find_processes():
        assert time.monotonic() < end


def test_what_a_killed_emulator_wrote_goes_at_the_next_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The files of a running emulator stay."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    left = tmp_path / f"livepull-{ended.pid}-abc"
    (left / "1").mkdir(parents=True)
    own = folders.make_folder()
    with Media(Emulator()).running():
        assert not left.exists()
        assert own.exists()


def test_the_command_ends_when_it_is_signalled(tmp_path: Path) -> None:
    """With SIGTERM as with SIGINT, no process and no file is left."""
    command = [sys.executable, "-m", "pulumi_livepull", "emulator", "--relay"]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    for number in (signal.SIGTERM, signal.SIGINT):
        with subprocess.Popen(
            [*command, "--port", "0", "--relay-port", "0"],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as emulator:
            assert emulator.stdout
            assert emulator.stdout.readline().startswith("push to rtmp://127.0.0.1:")
            url = emulator.stdout.readline().strip()
            rule = {"vendor": "huaweicloud", "domain": "push.example.com"}
            task = {
                "source_type": "PullVodPushLive",
                "source_urls": ["https://vod.example.com/red-1s.mp4"],
                "destination_url": "rtmp://push.example.com/live/one",
            }
            document = {"media": {"recordings": [rule]}}
            document |= {"huaweicloud": {"tasks": {PROJECT: [task]}}}
            httpx.post(f"{url}/_emulator/seed", json=document).raise_for_status()
            while httpx.get(f"{url}/play/push.example.com/live/one.jpg").status_code == 404:
                pass
            assert list(tmp_path.iterdir())
            started = find_processes(emulator.pid)
            emulator.send_signal(number)
            assert emulator.wait(20) == 0
        assert started
        assert not started & find_processes()
        assert list(tmp_path.iterdir()) == []


def test_without_the_option_nothing_is_loaded_or_relayed() -> None:
    """The emulator behaves as before, and does not need PyAV."""
    code = "\n".join(
        [
            "import sys, threading",
            "sys.modules['av'] = None",
            "from pulumi_livepull.emulator import Emulator, server",
            "assert not [name for name in sys.modules if '.emulator.media' in name]",
            "with server.running(Emulator()):",
            "    threads = [each.name for each in threading.enumerate()]",
            "assert not [each for each in threads if 'media' in each], threads",
        ]
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_command_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before it serves anything."""
    assert main(["emulator", "--source", "a/b=c"]) == 1
    assert capsys.readouterr().err == "--source and --pull-from need --relay\n"
    assert main(["emulator", "--relay", "--source", "a"]) == 1
    assert capsys.readouterr().err == "'a' is not HOST/PATH=FILE or HOST/PATH=ADDRESS\n"
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["emulator", "--relay"]) == 1
    assert "pip install 'pulumi-livepull[emulator,relay]'" in capsys.readouterr().err


def test_relaying_on_windows_is_refused_with_where_it_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its processes take over pipes, which Windows does not pass on."""
    monkeypatch.setattr(sys, "platform", "win32")
    assert main(["emulator", "--port", "0", "--relay"]) == 1
    assert capsys.readouterr().err.startswith("--relay does not run on Windows\nRun it in WSL")


def find_processes(parent: int | None = None) -> set[int]:
    """Return the processes that relay, of any parent or below this one, and have not ended."""
    listed = subprocess.run(
        ["ps", "-ww", "-A", "-o", "pid=,ppid=,stat=,args="],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()]
    relay = [row for row in rows if "media.worker" in row[-1] and row[2][0] != "Z"]
    if parent is None:
        return {int(row[0]) for row in relay}
    below = {parent}
    for _ in ("those that this one started", "those that they did"):
        below |= {int(row[0]) for row in relay if int(row[1]) in below}
    return below - {parent}
