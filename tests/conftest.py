"""The emulator, its clock, a client on it, and the hosts, for every test."""

from collections.abc import Iterator

import pytest

from pulumi_livepull.core.client import Client
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from tests.hosting import HOSTS, NOW, Host, connect


@pytest.fixture
def emulator() -> Emulator:
    """Return a fresh emulator at `NOW`."""
    return Emulator(clock=Clock(frozen_at=NOW))


@pytest.fixture
def api(emulator: Emulator) -> Client:
    """Return a client of the emulator that never waits."""
    return connect(emulator)


@pytest.fixture(params=HOSTS)
def host(
    request: pytest.FixtureRequest, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Host]:
    """Return each way to run the lifecycle, on the emulator."""
    with HOSTS[request.param](emulator, monkeypatch) as made:
        yield made
