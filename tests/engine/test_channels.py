"""The example for tens of thousands of channels: stacks side by side, their state in a bucket."""

import json
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import httpx
import pytest
from moto.server import ThreadedMotoServer

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors.huaweicloud.client import REGIONS
from tests.engine.sdks import EXAMPLES
from tests.engine.stacks import PROJECT, ROOT, SECRET_KEY, Stack, held, writes

STACKS = {"north-news": 2, "north-sports": 2, "east": 1}
MOVED = "north-sports,cn-north-4,c"
CREATE = ("POST", "/pull/stream/task")


@dataclass(frozen=True)
class Channels:
    """The example, run as its README says."""

    stack: Stack
    bucket: str

    @property
    def folder(self) -> Path:
        return self.stack.folder

    def run(self, *arguments: str, fails: bool = False) -> str:
        """Do something with the stacks, and return all that was printed."""
        ran = subprocess.run(
            [sys.executable, "stacks.py", *arguments],
            cwd=self.folder,
            env=self.stack.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert bool(ran.returncode) is fails, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def edit(self, change: Callable[[list[str]], list[str]]) -> None:
        """Change the lines of the list."""
        file = self.folder / "channels.csv"
        lines = change(file.read_text(encoding="utf-8").splitlines(keepends=True))
        file.write_text("".join(lines), encoding="utf-8")

    def lock(self, name: str) -> None:
        """Leave a lock on a stack, as a run does whose machine went away."""
        left = {"pid": 7, "username": "operator", "hostname": "elsewhere"}
        content = json.dumps(left | {"timestamp": "2030-01-01T00:00:00Z"})
        lock = f"{self.bucket}/.pulumi/locks/organization/channels/{name}/left.json"
        httpx.put(lock, content=content, trust_env=False).raise_for_status()


@pytest.fixture
def bucket() -> Iterator[str]:
    """The address of an empty bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # The server's buckets outlive it, as long as this process does.
    httpx.post(f"http://{host}:{port}/moto-api/reset", trust_env=False).raise_for_status()
    httpx.put(f"http://{host}:{port}/state", trust_env=False).raise_for_status()
    yield f"http://{host}:{port}/state"
    server.stop()


@pytest.fixture
def channels(stack: Stack, emulator: Emulator, url: str, bucket: str) -> Channels:
    """The example on the emulator and the bucket; whatever else it asks is refused."""
    emulator.seed({"huaweicloud": {"projects": {"cn-east-3": "f" * 32}}})
    for file in stack.folder.glob("Pulumi.*"):
        file.unlink()
    shutil.copytree(EXAMPLES / "channels", stack.folder, dirs_exist_ok=True)
    project = stack.folder / "Pulumi.yaml"
    settings = project.read_text(encoding="utf-8").replace("http://127.0.0.1:4510", url)
    project.write_text(settings, encoding="utf-8")
    endpoint = bucket.removeprefix("http://").removesuffix("/state")
    options = f"endpoint={endpoint}&disableSSL=true&s3ForcePathStyle=true&region=us-east-1"
    stack.env |= {
        "PULUMI_BACKEND_URL": f"s3://state?{options}",
        "AWS_ACCESS_KEY_ID": "livepull-tests",
        "AWS_SECRET_ACCESS_KEY": "livepull-tests",
        "HUAWEICLOUD_SDK_AK": "livepull-emulator",
        "HUAWEICLOUD_SDK_SK": SECRET_KEY,
        **dict.fromkeys(["HTTP_PROXY", "HTTPS_PROXY"], "http://127.0.0.1:9"),
    }
    return Channels(stack, bucket)


def before_each_creation(emulator: Emulator, wait: Callable[[], object]) -> None:
    """Let every creation of a task wait before it is answered."""
    answer = emulator.app.wsgi_app

    def waiting(environ: dict[str, Any], respond: Any) -> Any:
        if environ["REQUEST_METHOD"] == CREATE[0] and environ["PATH_INFO"].endswith(CREATE[1]):
            wait()
        return answer(environ, respond)

    emulator.app.wsgi_app = waiting


def test_stacks_come_up_side_by_side_and_go_away(channels: Channels, emulator: Emulator) -> None:
    """All resources of all stacks are created at the same time; a second run has nothing to do."""
    before_each_creation(emulator, Barrier(sum(STACKS.values()), timeout=60).wait)
    made = channels.run("up")
    for name, count in STACKS.items():
        assert f"Updating ({name})" in made
        assert f"+ {count + 1} created" in made
    assert held(emulator) == 5
    assert len(emulator.huaweicloud.snapshot()["tasks"][PROJECT]) == 4
    emulator.journal.clear()
    again = channels.run("up")
    assert again.count("unchanged") == len(STACKS)
    assert writes(emulator) == []
    assert channels.run("destroy").count(" deleted\n") == len(STACKS)
    assert held(emulator) == 0


def test_a_stack_takes_its_share_of_the_pace(channels: Channels) -> None:
    """Stacks that run at the same time share an account, but do not know of each other."""
    channels.run("preview", "east")
    settings = (channels.folder / "Pulumi.east.yaml").read_text(encoding="utf-8")
    assert 'livepull:requestsPerSecond: "12"' in settings


def test_a_channel_that_leaves_the_list_is_one_task_less(
    channels: Channels, emulator: Emulator
) -> None:
    """Even if it is the last one of a stack, which the list then no longer names."""
    channels.run("up")
    emulator.journal.clear()
    channels.edit(lambda lines: [line for line in lines if "tennis" not in line])
    channels.run("up")
    assert writes(emulator) == ["DeletePullTask"]
    channels.edit(lambda lines: [line for line in lines if "harbour" not in line])
    channels.run("up")
    assert writes(emulator) == ["DeletePullTask"] * 2
    assert held(emulator) == 3


def test_a_channel_moves_to_another_stack_on_air(channels: Channels, emulator: Emulator) -> None:
    """Its task stays if the state is moved first; otherwise the new stack refuses to create a
    second one.
    """
    channels.run("up")
    emulator.journal.clear()
    channels.edit(lambda lines: [line.replace("north-news,cn-north-4,c", MOVED) for line in lines])
    output = channels.run("up", "north-sports", fails=True)
    assert "already does the same" in output
    assert writes(emulator) == []
    urn = "urn:pulumi:north-news::channels::livepull:huaweicloud:PullTask::capital"
    move = ("state", "move", "--yes", "--source", "north-news", "--dest", "north-sports", urn)
    channels.stack.command(*move)
    assert channels.run("up").count("unchanged") == len(STACKS)
    assert writes(emulator) == []


def test_a_second_run_of_a_stack_gets_a_message_that_names_the_first(
    channels: Channels, emulator: Emulator
) -> None:
    """The second changes nothing, and the first completes."""
    under_way, go_on = Event(), Event()
    before_each_creation(emulator, lambda: (under_way.set(), go_on.wait(60)))
    with ThreadPoolExecutor() as threads:
        first = threads.submit(channels.run, "up", "east")
        assert under_way.wait(60)
        second = channels.run("up", "east", fails=True)
        go_on.set()
        assert "+ 2 created" in first.result()
    assert "the stack is currently locked by 1 lock(s)" in second
    assert second.endswith("Failed: east\nRun: stacks.py up east\n")
    assert writes(emulator).count("CreatePullTask") == 1


def test_a_lock_that_was_left_behind_stops_one_stack_until_it_is_cancelled(
    channels: Channels, emulator: Emulator
) -> None:
    """The other stacks come up, and the message names the one that failed."""
    channels.run("preview", "east")
    channels.lock("east")
    output = channels.run("up", fails=True)
    assert "created by operator@elsewhere (pid 7) at 2030-01-01T00:00:00Z" in output
    assert output.endswith("Failed: east\nRun: stacks.py up east\n")
    assert held(emulator) == 4
    channels.stack.command("cancel", "--yes", "--stack", "east")
    channels.run("up", "east")
    assert held(emulator) == 5


def test_a_list_that_is_wrong_changes_nothing(channels: Channels, emulator: Emulator) -> None:
    """A channel in two stacks would be two tasks that push to one stream."""
    assert "no such stack: west" in channels.run("up", "west", fails=True)
    channels.edit(lambda lines: [*lines, lines[1].replace("north-news", "east")])
    output = channels.run("up", fails=True)
    assert output == "channels.csv has these twice: capital\nLeave one of each.\n"
    assert list(emulator.journal) == []


def test_a_backend_that_is_not_there_is_reported(channels: Channels, emulator: Emulator) -> None:
    """In the engine's words, without a traceback."""
    channels.stack.env["PULUMI_BACKEND_URL"] = f"file://{channels.folder / 'nowhere'}"
    output = channels.run("up", fails=True)
    assert output.startswith("The stacks that exist could not be listed: is the backend there?\n")
    assert "nowhere" in output
    assert "Traceback" not in output
    assert list(emulator.journal) == []


def test_every_region_of_the_example_has_live() -> None:
    """Readers copy the example."""
    rows = (ROOT / "examples/channels/channels.csv").read_text(encoding="utf-8").splitlines()
    assert {row.split(",")[1] for row in rows[1:]} <= set(REGIONS)
    page = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\b(?:cn|ap)-[a-z]+-\d\b", page)) <= set(REGIONS)
