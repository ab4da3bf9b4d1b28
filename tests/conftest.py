"""The emulator, its clock, a client on it, and the hosts, for every test."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from pulumi_livepull.core.client import Client
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from tests.hosting import HOSTS, NOW, Host, connect

# A busy machine may be slow: that is no failure of the code under test.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("unhurried", unhurried)
settings.load_profile("unhurried")

# A shell that starts the tests in the background lets them ignore SIGINT, and so would every
# program that they start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


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
