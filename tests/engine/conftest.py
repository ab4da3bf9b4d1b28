"""A stack of the real engine on an emulator of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running
from tests.engine.sdks import EXAMPLES, PROGRAMS, compiled
from tests.engine.stacks import PROJECT, REGION, Stack, find_engine, in_plugin


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Stack:
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
def nodejs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SDK for Node.js, compiled."""
    return compiled("nodejs", tmp_path_factory.mktemp("nodejs") / "sdk")


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all programs in Go, built at once: without a Go at hand a build takes long."""
    programs = (EXAMPLES / "go", PROGRAMS / "accounts")
    return compiled("go", tmp_path_factory.mktemp("go") / "sdk", *programs) / "bin"


@pytest.fixture
def hosted(stack: Stack, url: str) -> Stack:
    """A new stack whose resources live in the plugin, with keys of every vendor."""
    in_plugin(stack, url)
    return stack
