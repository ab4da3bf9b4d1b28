"""Many starts and stops of relays, with sources that are broken or hostile, leave nothing behind.

`make soak` runs more of them: LIVEPULL_RELAYS says how many.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import av
import httpx

from pulumi_livepull.emulator.media import flv
from tests.emulator.media.test_bounds import PROJECT, find_processes

RELAYS = int(os.environ.get("LIVEPULL_RELAYS", "30"))
KEPT = 2
"""The processes that stay: one that starts the others, and one that draws pictures."""

GROWTH_KIB = 8 * 1024
"""How much memory may grow from the first round, which loads what is needed, to the last."""

FEW = 5
"""How many threads and open files may come and go at any time; each round starts more relays."""

NEVER_READY = {"hang.mp4", "drip.flv", "endless.flv"}
"""These are ended while they open."""


class Files(SimpleHTTPRequestHandler):
    """Serves a folder; some paths say nothing, too little or too much."""

    over: threading.Event

    def do_GET(self) -> None:
        try:
            if self.path == "/hang.mp4":
                self.over.wait()
            elif self.path in ("/drip.flv", "/endless.flv"):
                self.send_response(200)
                self.end_headers()
                part, pause = (b"F", 0.1) if "drip" in self.path else (bytes(4096), 0.01)
                self.wfile.write(flv.header(sound=True, pictures=True))
                while not self.over.wait(pause):
                    self.wfile.write(part)
            else:
                super().do_GET()
        except OSError:
            # Whoever asked has gone.
            pass

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine, and yield its address."""
    Files.over = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder))) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Files.over.set()
        server.shutdown()
        thread.join()


def write_sources(folder: Path, film: Path) -> None:
    """Write a good film and broken ones."""
    whole = film.read_bytes()
    (folder / "good.mp4").write_bytes(whole)
    (folder / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "noise.mp4").write_bytes(os.urandom(100_000))
    with av.open(str(folder / "crowd.mkv"), "w") as crowd:
        streams: list[Any] = [crowd.add_stream("pcm_u8", rate=8000) for _ in range(1000)]
        for stream in streams:
            stream.layout = "mono"
        crowd.start_encoding()
    # Times that jump to and fro.
    with av.open(str(film)) as source, av.open(str(folder / "tags.flv"), "w") as out:
        stream = source.streams.video[0]
        copy = out.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                out.mux_one(packet)
    tags = list(flv.Tags().feed((folder / "tags.flv").read_bytes()))
    jumps = [
        flv.Tag(tag.kind, tag.stamp + (0, 4_000_000_000, 7_000_000)[at % 3], tag.body)
        for at, tag in enumerate(tags)
    ]
    data = flv.header(sound=False, pictures=True) + b"".join(tag.pack() for tag in jumps)
    (folder / "jumps.flv").write_bytes(data)


SOURCES = (
    "good.mp4",
    "cut.mp4",
    "empty.mp4",
    "noise.mp4",
    "crowd.mkv",
    "jumps.flv",
    "missing.mp4",
    *sorted(NEVER_READY),
)


def test_many_starts_and_stops_leave_nothing(film: Path, tmp_path: Path) -> None:
    """No process, no thread, no file, no open file and no memory, however often."""
    folder, own = tmp_path / "sources", tmp_path / "own"
    folder.mkdir()
    own.mkdir()
    write_sources(folder, film)
    command = [sys.executable, "-m", "pulumi_livepull", "emulator", "--relay"]
    environment = {**os.environ, "TMPDIR": str(own), "PYTHONUNBUFFERED": "1"}
    found: list[Size] = []
    with (
        serving(folder) as url,
        subprocess.Popen(
            [*command, "--port", "0", "--relay-port", "0"],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as emulator,
    ):
        try:
            assert emulator.stdout
            emulator.stdout.readline()
            with httpx.Client(base_url=emulator.stdout.readline().strip(), timeout=30) as http:
                for _ in range(0, max(RELAYS, 2 * len(SOURCES)), len(SOURCES)):
                    start_and_stop(http, url, emulator.pid)
                    found.append(measure(emulator.pid))
            started = find_processes(emulator.pid)
        finally:
            emulator.terminate()
            assert emulator.wait(20) == 0
    assert not started & find_processes()
    assert list(own.iterdir()) == []
    first, last = found[0], found[-1]
    assert last.threads <= first.threads + FEW, found
    assert last.files <= first.files + FEW, found
    assert last.kibibytes < first.kibibytes + GROWTH_KIB, found


def start_and_stop(http: httpx.Client, url: str, emulator: int) -> None:
    """Relay every source, look at what is on air, and stop all."""
    tasks = [
        {
            "source_type": "PullVodPushLive",
            "source_urls": [f"{url}/{name}"],
            "destination_url": f"rtmp://push.example.com/live/{name}",
        }
        for name in SOURCES
    ]
    rule = {"vendor": "huaweicloud", "domain": "push.example.com"}
    seed = {"huaweicloud": {"tasks": {PROJECT: tasks}}, "media": {"recordings": [rule]}}
    http.post("/_emulator/seed", json=seed).raise_for_status()

    def settled() -> bool:
        shown = http.get("/_emulator/streams").json()
        states = {each["stream"]: each["state"] for each in shown}
        return all(states.get(name) in DONE for name in set(SOURCES) - NEVER_READY)

    wait_until(settled)
    base = "/play/push.example.com/live/good.mp4"
    wait_until(lambda: http.get(f"{base}.jpg").status_code == 200)
    assert "#EXTM3U" in http.get(f"{base}.m3u8").text
    http.post("/_emulator/reset").raise_for_status()
    wait_until(lambda: not http.get("/_emulator/streams").json())
    wait_until(lambda: len(find_processes(emulator)) <= KEPT)


DONE = {"on air", "retrying", "ended", "failed"}


def wait_until(check: Any, seconds: float = 60) -> None:
    """Ask until it is so."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end


class Size(NamedTuple):
    """How much a process has of what can leak."""

    threads: int
    files: int
    kibibytes: int


def measure(number: int) -> Size:
    """Return how much a process has, on Linux."""
    folder = Path("/proc", str(number))
    lines = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    files = len(list((folder / "fd").iterdir()))
    return Size(int(lines["Threads"]), files, int(lines["VmRSS"].split()[0]))
