"""A program that gives keys works in every host, and is started once for each run."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pulumi.runtime.proto import provider_pb2

from pulumi_livepull.core import command
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import dynamic, registry, values
from pulumi_livepull.vendors.volcengine import RelaySource
from tests.hosting import NOW, Context, plugin_host
from tests.hosts.calls import reach
from tests.hosts.conftest import configure
from tests.printer import Printer, config

INPUTS = {
    "domain": "pull.example.com",
    "app": "live",
    "stream": "one",
    "srcAddrS": ["rtmp://src.example.org/live/one"],
}
ID = "pull.example.com/live/one"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the process know neither programs nor clients of another test."""
    command.program_of.cache_clear()
    dynamic._clients.cache_clear()
    monkeypatch.setattr(dynamic, "utc_now", lambda: NOW)
    yield
    command.program_of.cache_clear()
    dynamic._clients.cache_clear()


@pytest.fixture
def printer(tmp_path: Path, emulator: Emulator) -> Printer:
    """Return a program with keys for an hour."""
    made = Printer(tmp_path)
    made.gives(emulator, "volcengine", timedelta(hours=1))
    return made


def test_the_dynamic_host_takes_keys_of_a_program_and_renews_them(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, printer: Printer
) -> None:
    """The process that runs the provider asks it."""
    reach(emulator, monkeypatch, [])
    provider = configure(dynamic.Provider(RelaySource.token), config("volcengine", printer.line))
    made = provider.create(dict(INPUTS))
    assert made.id == ID
    printer.gives(emulator, "volcengine", timedelta(hours=1))
    emulator.clock.advance(timedelta(minutes=59))
    assert provider.read(ID, dict(made.outs or {})).id == ID
    assert printer.starts == 2


def test_the_plugin_takes_keys_of_a_program_and_renews_them(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, printer: Printer
) -> None:
    """CheckConfig asks it already, and it is not asked again for that."""
    get = registry.Clients.get
    host = plugin_host(emulator, monkeypatch)
    monkeypatch.setattr(registry.Clients, "get", get)
    reach(emulator, monkeypatch, [])
    given = {
        key.removeprefix("livepull:"): value
        for key, value in config("volcengine", printer.line).items()
    }
    news = values.to_struct(given)
    checked = host.servicer.CheckConfig(provider_pb2.CheckRequest(news=news), Context())
    assert list(checked.failures) == []
    host.servicer.Configure(provider_pb2.ConfigureRequest(args=news), Context())
    made, state = host.create(RelaySource, dict(INPUTS))
    assert made == ID
    printer.gives(emulator, "volcengine", timedelta(hours=1))
    emulator.clock.advance(timedelta(minutes=59))
    assert host.read(RelaySource, ID, state)
    assert printer.starts == 2
