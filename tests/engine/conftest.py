"""A stack of the real engine on an emulator of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running
from tests.engine.sdks import EXAMPLES, PROGRAMS, compiled, once
from tests.engine.stacks import PACKAGE, PROJECT, REGION, WARM, Stack, find_engine, in_plugin


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the Python of all stacks start quickly."""
    address = str(tmp_path_factory.mktemp("warm") / "socket")
    command = [sys.executable, str(WARM / "server.py"), address]
    environment = os.environ | {"PYTHONPATH": PACKAGE}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        os.environ["WARM_SOCKET"] = address
        yield
        del os.environ["WARM_SOCKET"]
        server.terminate()


@pytest.fixture(scope="session")
def blank(warm: None, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A stack that has settings and nothing else."""
    stack = Stack(tmp_path_factory.mktemp("blank") / "stack", find_engine())
    stack.init()
    return stack


@pytest.fixture
def emulator() -> Emulator:
    emulator = Emulator()
    emulator.seed({"huaweicloud": {"projects": {REGION: PROJECT}}})
    return emulator


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with running(emulator) as url:
        yield url


@pytest.fixture
def stack(blank: Stack, url: str, tmp_path: Path) -> Stack:
    """A new stack that finds the emulator."""
    stack = blank.copy(tmp_path / "stack")
    stack.configure("huaweicloudEndpoint", url)
    return stack


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that every worker of this run has, for what only one of them is to make."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def nodejs(shared: Path) -> Path:
    """The SDK for Node.js, compiled."""
    return once(shared / "nodejs", lambda folder: compiled("nodejs", folder))


@pytest.fixture(scope="session")
def go(shared: Path) -> Path:
    """The folder of all programs in Go, built at once: without a Go at hand a build takes long."""
    programs = (EXAMPLES / "go", PROGRAMS / "accounts", PROGRAMS / "examples")
    return once(shared / "go", lambda folder: compiled("go", folder, *programs)) / "bin"


@pytest.fixture
def hosted(stack: Stack, url: str) -> Stack:
    """A new stack whose resources live in the plugin, with keys of every vendor."""
    in_plugin(stack, url)
    return stack
