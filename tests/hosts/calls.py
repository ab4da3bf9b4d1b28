"""The plugin at the other end of a real connection, asked as the engine asks it."""

import logging
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import engine_pb2, plugin_pb2, provider_pb2, status_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineServicer, add_EngineServicer_to_server
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderStub,
    add_ResourceProviderServicer_to_server,
)

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.vendor import NAMESPACE, Vendor
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import plugin, values
from pulumi_livepull.hosts.engine import Engine
from pulumi_livepull.hosts.registry import LOG
from tests.hosting import KEYS

CONFIG = {key.removeprefix(NAMESPACE): value for key, value in KEYS.items()}
"""A provider's configuration for the emulator."""

State = dict[str, Any]


class Listener(EngineServicer):
    """An engine that records the log messages it receives."""

    def __init__(self, port: int = 0) -> None:
        self.logged: list[Any] = []
        self._server = grpc.server(ThreadPoolExecutor(8))
        add_EngineServicer_to_server(self, self._server)  # type: ignore[no-untyped-call]  # Pulumi's
        self.port = self._server.add_insecure_port(f"127.0.0.1:{port}")
        self.address = f"127.0.0.1:{self.port}"
        self._server.start()

    def Log(self, request: Any, context: Any) -> Empty:  # noqa: N802  Pulumi's name for it
        self.logged.append(request)
        return Empty()

    def warnings(self, urn: str | None = None) -> list[str]:
        """Return the logged warnings, of one resource if it is given."""
        return [
            each.message
            for each in self.logged
            if each.severity == engine_pb2.WARNING and urn in {None, each.urn}
        ]

    def end(self) -> None:
        """Go away."""
        self._server.stop(None).wait()


class Refused(Exception):
    """An error status instead of a response, with the details that the engine keeps."""

    def __init__(self, error: grpc.RpcError) -> None:
        super().__init__(error.details())
        self.code: grpc.StatusCode = error.code()
        self.left: Any = None
        for name, value in error.trailing_metadata():
            if name == "grpc-status-details-bin":
                whole = status_pb2.Status.FromString(value)
                assert (whole.code, whole.message) == (self.code.value[0], error.details())
                self.left = provider_pb2.ErrorResourceInitFailed()
                assert whole.details[0].Unpack(self.left)


def urn_of(token: str, name: str = "one") -> str:
    """Return the URN of a resource."""
    return f"urn:pulumi:dev::relay::{token}::{name}"


@dataclass
class Caller:
    """The engine's end of the connection; `servicer` is the plugin's."""

    stub: ResourceProviderStub
    servicer: plugin.Plugin
    cancel: threading.Event
    waited: list[float] = field(default_factory=list)

    def ask(self, method: str, **fields: Any) -> Any:
        """Return the answer of a method; mappings among the fields are values of the engine.

        Raises `Refused` for a status.
        """
        requests = {
            "Configure": provider_pb2.ConfigureRequest,
            "Handshake": provider_pb2.ProviderHandshakeRequest,
            "Attach": plugin_pb2.PluginAttach,
            "GetPluginInfo": Empty,
            "Cancel": Empty,
            "CheckConfig": provider_pb2.CheckRequest,
            "DiffConfig": provider_pb2.DiffRequest,
        }
        request = requests.get(method) or getattr(provider_pb2, f"{method}Request")
        sent = {
            name: values.to_struct(value) if isinstance(value, Mapping) else value
            for name, value in fields.items()
        }
        try:
            return getattr(self.stub, method)(request(**sent), timeout=60)
        except grpc.RpcError as error:
            raise Refused(error) from None

    def of(self, kind: Any, method: str, id_: str = "", name: str = "one", **fields: Any) -> Any:
        """Call a method for a resource of a type."""
        about = {
            "urn": urn_of(kind.token, name),
            "type": kind.token,
            **({"id": id_} if id_ else {}),
        }
        return self.ask(method, **{**about, **fields})


@contextmanager
def called(schema: str = "{}") -> Iterator[Caller]:
    """Serve a plugin with as many threads as its process has, and yield a connection to it."""
    cancel = threading.Event()
    engine = Engine(on_break=lambda: None)
    servicer = plugin.Plugin(engine, lambda: schema, cancel)
    threads = ThreadPoolExecutor(128)
    server = grpc.server(threads)
    add_ResourceProviderServicer_to_server(servicer, server)  # type: ignore[no-untyped-call]  # Pulumi's
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    log = LOG.level, LOG.propagate
    LOG.addHandler(engine)
    LOG.setLevel(logging.WARNING)
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield Caller(ResourceProviderStub(channel), servicer, cancel)  # type: ignore[no-untyped-call]  # Pulumi's
    finally:
        LOG.removeHandler(engine)
        LOG.level, LOG.propagate = log
        cancel.set()
        server.stop(None).wait()
        threads.shutdown()


def reach(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, waited: list[float]) -> None:
    """Send all clients to the emulator only, with its clock and without waiting."""
    make = Vendor.client

    def client(self: Vendor, config: Mapping[str, str], **options: Any) -> Client:
        return make(
            self,
            config,
            {},
            transport=httpx.WSGITransport(app=emulator.app),
            clock=emulator.clock.now,
            pause=waited.append,
            monotonic=lambda: sum(waited),
            **options,
        )

    monkeypatch.setattr(Vendor, "client", client)
    monkeypatch.setattr(plugin, "utc_now", emulator.clock.now)


def opened(struct: Struct) -> State:
    """Return the values of a message."""
    return values.from_struct(struct)[0]


def secrets(struct: Struct) -> set[str]:
    """Return the names of the values that are marked as secret."""
    return values.from_struct(struct)[1]
