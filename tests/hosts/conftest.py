"""Providers on the emulator; and what a provider changes in its process is put back."""

import logging
import sys
from collections.abc import Callable, Iterator

import pytest
from pulumi import dynamic as pulumi_dynamic

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import dynamic, registry
from tests.hosting import KEYS

NewProvider = Callable[[type[Resource]], dynamic.Provider]


@pytest.fixture(autouse=True)
def untouched_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give every test a process in which no provider has run."""
    monkeypatch.setattr(sys, "tracebacklimit", 1000, raising=False)
    log = logging.getLogger("pulumi_livepull")
    before = log.level, log.propagate, list(log.handlers)
    dynamic._log_to_engine.cache_clear()
    log.propagate, log.handlers = True, []
    log.setLevel(logging.NOTSET)
    yield
    level, log.propagate, log.handlers = before
    log.setLevel(level)
    dynamic._log_to_engine.cache_clear()


def configure(provider: dynamic.Provider, config: dict[str, str]) -> dynamic.Provider:
    """Pass a provider its stack's config, as Pulumi does first."""
    request = pulumi_dynamic.ConfigureRequest(pulumi_dynamic.Config(config, "project"))
    provider.configure(request)
    return provider


@pytest.fixture
def provider(emulator: Emulator, api: Client, monkeypatch: pytest.MonkeyPatch) -> NewProvider:
    """Return a function that creates a configured provider on the emulator."""
    monkeypatch.setattr(registry.Clients, "get", lambda self, vendor, config: api)
    monkeypatch.setattr(dynamic, "utc_now", emulator.clock.now)
    return lambda resource: configure(dynamic.Provider(resource.token), KEYS)
