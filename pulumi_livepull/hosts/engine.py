"""The plugin's connection to the engine: sends the log, and notices when the engine is gone."""

import logging
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

import grpc
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineStub

PROBE_SECONDS = 5
"""How long to wait for an engine that does not answer."""

OPTIONS = [("grpc.enable_http_proxy", 0)]
"""The engine is on this machine, so never use a proxy that is meant for the vendors."""

_REACHABLE = {
    grpc.ChannelConnectivity.READY: True,
    grpc.ChannelConnectivity.TRANSIENT_FAILURE: False,
}
"""The states that say whether the engine can be reached."""

_urn: ContextVar[str] = ContextVar("urn", default="")

_SEVERITIES = {
    logging.DEBUG: engine_pb2.DEBUG,
    logging.INFO: engine_pb2.INFO,
    logging.WARNING: engine_pb2.WARNING,
    logging.ERROR: engine_pb2.ERROR,
    logging.CRITICAL: engine_pb2.ERROR,
}


@contextmanager
def logging_for(urn: str) -> Iterator[None]:
    """Attach log messages in this block to the resource with this URN."""
    token = _urn.set(urn)
    try:
        yield
    finally:
        _urn.reset(token)


class Engine(logging.Handler):
    """Sends log records to the engine, once it is attached.

    `on_break` is called from another thread when the connection breaks or cannot be established.
    """

    def __init__(self, on_break: Callable[[], object]) -> None:
        super().__init__()
        self._on_break = on_break
        self.address = ""
        self._channel: grpc.Channel | None = None
        self._was_connected = False

    def attach(self, address: str) -> None:
        """Connect to the engine at an address. An empty address is ignored."""
        if address in {"", self.address}:
            return
        before, self._channel = self._channel, grpc.insecure_channel(address, OPTIONS)
        self.address = address
        self._was_connected = False
        self._stub = EngineStub(self._channel)
        self._channel.subscribe(self._watch, try_to_connect=True)
        if before:
            # Do not close it: the thread that watches it for a moment longer would fail.
            before.unsubscribe(self._watch)

    def _watch(self, state: grpc.ChannelConnectivity) -> None:
        if state is grpc.ChannelConnectivity.READY:
            self._was_connected = True
        elif self._was_connected or state is grpc.ChannelConnectivity.TRANSIENT_FAILURE:
            self._on_break()

    def is_reachable(self) -> bool:
        """Return whether the engine can be reached. It waits up to `PROBE_SECONDS` if that is
        unclear."""
        if self._channel is None:
            return True
        states: queue.SimpleQueue[grpc.ChannelConnectivity] = queue.SimpleQueue()
        self._channel.subscribe(states.put, try_to_connect=True)
        try:
            while (state := states.get(timeout=PROBE_SECONDS)) not in _REACHABLE:
                pass
        except queue.Empty:
            return False
        return _REACHABLE[state]

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record, attached to the resource that this thread is working on."""
        if self._channel is None:
            return
        request = engine_pb2.LogRequest(
            severity=_SEVERITIES.get(record.levelno, engine_pb2.INFO),
            message=record.getMessage(),
            urn=_urn.get(),
        )
        # Ignore an engine that is gone.
        with suppress(grpc.RpcError):
            self._stub.Log(request, timeout=PROBE_SECONDS)
