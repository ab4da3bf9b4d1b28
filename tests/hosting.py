"""Three ways to run the lifecycle that the conformance suite treats alike.

A host takes and returns plain values in Pulumi's spelling, with `UNKNOWN` for what a preview cannot
know, whatever it does inside.
"""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

import dill
import httpx
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi import dynamic as pulumi_dynamic
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import dynamic, plugin, registry, values
from pulumi_livepull.hosts.engine import Engine
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud import PullTask
from tests.conformance.every import FACTS

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
"""What every clock in a test shows."""

KEYS = {
    **{f"livepull:{name}Region": facts.region for name, facts in FACTS.items() if facts.region},
    **{f"livepull:{vendor.name}AccessKey": "livepull-emulator" for vendor in VENDORS},
    **{f"livepull:{vendor.name}SecretKey": "livepull-emulator-secret" for vendor in VENDORS},
}

State = dict[str, Any]


def connect(emulator: Emulator, kind: type[Resource] = PullTask, /, **config: str) -> Client:
    """Return a client of the emulator for a kind of resource, on its clock, that never waits."""
    vendor, _ = registry.find_resource(kind.token)
    waited: list[float] = []
    return vendor.client(
        KEYS | {f"livepull:{key}": value for key, value in config.items()},
        {},
        transport=httpx.WSGITransport(app=emulator.app),
        clock=emulator.clock.now,
        pause=waited.append,
        monotonic=lambda: sum(waited),
    )


class Host(Protocol):
    """Runs one operation on one kind of resource."""

    def check(
        self, kind: type[Resource], olds: State, news: Mapping[str, Any]
    ) -> tuple[State, dict[str, str]]:
        """Return the inputs in normal form, and each failing path with its reason."""

    def diff(
        self, kind: type[Resource], id_: str, old: State, news: State
    ) -> tuple[bool, set[str], bool]:
        """Return whether anything changes, what replaces, and whether deletion comes first."""

    def create(self, kind: type[Resource], inputs: State) -> tuple[str, State]:
        """Return the id and the state."""

    def read(self, kind: type[Resource], id_: str, state: State) -> tuple[State, State] | None:
        """Return the state and the inputs, or `None` if it is gone."""

    def update(self, kind: type[Resource], id_: str, old: State, news: State) -> State:
        """Return the new state."""

    def delete(self, kind: type[Resource], id_: str, state: State) -> None:
        """Remove it."""


class DynamicHost:
    """Pulumi's dynamic provider, pickled and unpickled as Pulumi does."""

    def _provider(self, kind: type[Resource]) -> dynamic.Provider:
        provider: dynamic.Provider = dill.loads(dill.dumps(dynamic.Provider(kind.token)))
        config = pulumi_dynamic.Config(dict(KEYS), "project")
        provider.configure(pulumi_dynamic.ConfigureRequest(config))
        return provider

    def check(
        self, kind: type[Resource], olds: State, news: Mapping[str, Any]
    ) -> tuple[State, dict[str, str]]:
        """See `Host`. A failure of a secret names its property in the reason only."""
        result = self._provider(kind).check(olds, values.to_pulumi(news))
        named = [failure for failure in result.failures if failure.property]
        hidden = [
            failure.reason.split(" ", 1) for failure in result.failures if not failure.property
        ]
        failures = {failure.property: failure.reason for failure in named} | dict(hidden)
        return values.from_pulumi(result.inputs), failures

    def diff(
        self, kind: type[Resource], id_: str, old: State, news: State
    ) -> tuple[bool, set[str], bool]:
        """See `Host`."""
        result = self._provider(kind).diff(id_, old, values.to_pulumi(news))
        return (
            bool(result.changes),
            set(result.replaces or ()),
            bool(result.delete_before_replace),
        )

    def create(self, kind: type[Resource], inputs: State) -> tuple[str, State]:
        """See `Host`."""
        result = self._provider(kind).create(dict(inputs))
        return result.id, _opened(result.outs)

    def read(self, kind: type[Resource], id_: str, state: State) -> tuple[State, State] | None:
        """See `Host`."""
        result = self._provider(kind).read(id_, dict(state))
        if not result.id:
            return None
        outs = result.outs or {}
        # As the engine does, which keeps the inputs that it has.
        kept = {name: outs[name] for name in outs["__inputs"].split()}
        return _opened(outs), _opened(kept if result.inputs is None else result.inputs)

    def update(self, kind: type[Resource], id_: str, old: State, news: State) -> State:
        """See `Host`."""
        return _opened(self._provider(kind).update(id_, old, news).outs)

    def delete(self, kind: type[Resource], id_: str, state: State) -> None:
        """See `Host`."""
        self._provider(kind).delete(id_, state)


def _opened(values: Mapping[str, Any] | None) -> State:
    """Return values as the engine hands them back: it keeps what is secret to itself."""
    return {name: rpc.unwrap_rpc_secret(value) for name, value in (values or {}).items()}


class CoreHost:
    """The lifecycle itself, as a host that is told old inputs would call it."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def check(
        self, kind: type[Resource], olds: State, news: Mapping[str, Any]
    ) -> tuple[State, dict[str, str]]:
        """See `Host`."""
        checked = lifecycle.check(kind, olds, news, self._emulator.clock.now())
        return checked.inputs, {bad.property: bad.reason for bad in checked.failures}

    def diff(
        self, kind: type[Resource], id_: str, old: State, news: State
    ) -> tuple[bool, set[str], bool]:
        """See `Host`."""
        found = lifecycle.diff(kind, old.get("", {}), old, news, self._emulator.clock.now())
        return bool(found.changed), set(found.replaces), found.delete_before_replace

    def create(self, kind: type[Resource], inputs: State) -> tuple[str, State]:
        """See `Host`. The inputs travel in the state, under a name that no property has."""
        made = lifecycle.create(kind, connect(self._emulator, kind), inputs)
        return made.id, made.state | {"": made.inputs}

    def read(self, kind: type[Resource], id_: str, state: State) -> tuple[State, State] | None:
        """See `Host`."""
        found = lifecycle.read(kind, connect(self._emulator, kind), id_, state.get("", {}), state)
        return (found.state | {"": found.inputs}, found.inputs) if found else None

    def update(self, kind: type[Resource], id_: str, old: State, news: State) -> State:
        """See `Host`."""
        return lifecycle.update(
            kind, connect(self._emulator, kind), id_, old.get("", {}), old, news
        ) | {"": news}

    def delete(self, kind: type[Resource], id_: str, state: State) -> None:
        """See `Host`."""
        lifecycle.delete(kind, connect(self._emulator, kind), id_, state)


class Refused(Exception):
    """What the plugin answered instead of what was asked for: the status of gRPC."""

    def __init__(self, status: Any) -> None:
        super().__init__(status.details)
        self.status = status


class Context:
    """gRPC's side of a request, as far as the plugin uses it."""

    def abort_with_status(self, status: Any) -> None:
        """End the request."""
        raise Refused(status)


class PluginHost:
    """The plugin's servicer, asked as the engine asks it. It has secrets marked in all it says."""

    def __init__(self, servicer: plugin.Plugin) -> None:
        self.servicer = servicer

    def ask(self, method: str, kind: type[Resource], id_: str = "", **fields: Any) -> Any:
        """Return the answer of a method; mappings among the fields are values of the engine."""
        request = getattr(provider_pb2, f"{method}Request")(
            urn=f"urn:pulumi:dev::stack::{kind.token}::one",
            type=kind.token,
            **({"id": id_} if id_ else {}),
            **{
                name: values.to_struct({k: v for k, v in value.items() if k})
                if isinstance(value, Mapping)
                else value
                for name, value in fields.items()
            },
        )
        return getattr(self.servicer, method)(request, Context())

    def check(
        self, kind: type[Resource], olds: State, news: Mapping[str, Any]
    ) -> tuple[State, dict[str, str]]:
        """See `Host`. A failure of a secret names its property in the reason only.

        As in a stack that names nothing by itself: the other hosts cannot.
        """
        options = provider_pb2.CheckRequest.AutonamingOptions
        unnamed = options(mode=options.DISABLE)
        answer = self.ask("Check", kind, olds=olds, news=news, autonaming=unnamed)
        failures = {}
        for failure in answer.failures:
            hidden, _, reason = failure.reason.partition(" ")
            failures |= {failure.property: failure.reason} if failure.property else {hidden: reason}
        return _values(answer.inputs), failures

    def diff(
        self, kind: type[Resource], id_: str, old: State, news: State
    ) -> tuple[bool, set[str], bool]:
        """See `Host`. That the details agree with the whole is checked on the way."""
        answer = self.ask("Diff", kind, id_, olds=old, old_inputs=old.get("", {}), news=news)
        tops = {path.partition("[")[0].partition(".")[0] for path in answer.detailedDiff}
        assert tops == set(answer.diffs)
        assert set(answer.replaces) <= tops
        some = answer.changes == provider_pb2.DiffResponse.DIFF_SOME
        assert some is bool(tops)
        return some, set(answer.replaces), answer.deleteBeforeReplace

    def create(self, kind: type[Resource], inputs: State) -> tuple[str, State]:
        """See `Host`. The inputs travel in the state, under a name that no property has."""
        answer = self.ask("Create", kind, properties=inputs)
        return answer.id, _values(answer.properties) | {"": inputs}

    def read(self, kind: type[Resource], id_: str, state: State) -> tuple[State, State] | None:
        """See `Host`."""
        answer = self.ask("Read", kind, id_, properties=state, inputs=state.get("", {}))
        if not answer.id:
            return None
        inputs = _values(answer.inputs)
        return _values(answer.properties) | {"": inputs}, inputs

    def update(self, kind: type[Resource], id_: str, old: State, news: State) -> State:
        """See `Host`."""
        answer = self.ask("Update", kind, id_, olds=old, old_inputs=old.get("", {}), news=news)
        return _values(answer.properties) | {"": news}

    def delete(self, kind: type[Resource], id_: str, state: State) -> None:
        """See `Host`."""
        self.ask("Delete", kind, id_, properties=state, old_inputs=state.get("", {}))


def _values(struct: Struct) -> State:
    return values.from_struct(struct)[0]


def plugin_host(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> PluginHost:
    """Return the plugin, configured for the emulator and on its clock."""
    monkeypatch.setattr(
        registry.Clients, "get", lambda self, vendor, config: connect(emulator, vendor.resources[0])
    )
    monkeypatch.setattr(plugin, "utc_now", emulator.clock.now)
    engine = Engine(on_break=lambda: None)
    return PluginHost(plugin.Plugin(engine, lambda: "{}", threading.Event()))


@contextmanager
def _plugin(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    yield plugin_host(emulator, monkeypatch)


@contextmanager
def _dynamic(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setattr(
        registry.Clients, "get", lambda self, vendor, config: connect(emulator, vendor.resources[0])
    )
    monkeypatch.setattr(dynamic, "utc_now", emulator.clock.now)
    monkeypatch.setattr(sys, "tracebacklimit", 1000, raising=False)
    yield DynamicHost()


@contextmanager
def _core(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    yield CoreHost(emulator)


HOSTS: dict[str, Callable[[Emulator, pytest.MonkeyPatch], AbstractContextManager[Host]]] = {
    "core": _core,
    "dynamic": _dynamic,
    "plugin": _plugin,
}
