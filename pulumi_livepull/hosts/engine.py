"""The engine, as a plugin sees it: where its log goes, and whether it is still there."""

import logging
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

import grpc
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineStub

PROBE_SECONDS = 5
"""How long to try to reach an engine that does not answer."""

OPTIONS = [("grpc.enable_http_proxy", 0)]
"""The engine is on this machine: a proxy for the vendors must not be asked for it."""

_TOLD = {grpc.ChannelConnectivity.READY: True, grpc.ChannelConnectivity.TRANSIENT_FAILURE: False}
"""What tells whether the engine is there: a connection, or a failure to make one."""

_urn: ContextVar[str] = ContextVar("urn", default="")

_SEVERITIES = {
    logging.DEBUG: engine_pb2.DEBUG,
    logging.INFO: engine_pb2.INFO,
    logging.WARNING: engine_pb2.WARNING,
    logging.ERROR: engine_pb2.ERROR,
    logging.CRITICAL: engine_pb2.ERROR,
}


@contextmanager
def working_for(urn: str) -> Iterator[None]:
    """Let what is logged meanwhile be about the resource with this URN."""
    token = _urn.set(urn)
    try:
        yield
    finally:
        _urn.reset(token)


class Engine(logging.Handler):
    """Sends log records to the engine, once it is attached.

    `on_break` is called from another thread whenever the connection breaks or cannot be made.
    """

    def __init__(self, on_break: Callable[[], object]) -> None:
        super().__init__()
        self._on_break = on_break
        self.address = ""
        self._channel: grpc.Channel | None = None
        self._stood = False

    def attach(self, address: str) -> None:
        """Work for the engine at an address from now on; an empty one means nothing."""
        if address in {"", self.address}:
            return
        before, self._channel = self._channel, grpc.insecure_channel(address, OPTIONS)
        self.address = address
        self._stood = False
        self._stub = EngineStub(self._channel)
        self._channel.subscribe(self._watch, try_to_connect=True)
        if before:
            # Closing it would fail the thread that still watches it for some tenths of a second.
            before.unsubscribe(self._watch)

    def _watch(self, state: grpc.ChannelConnectivity) -> None:
        if state is grpc.ChannelConnectivity.READY:
            self._stood = True
        elif self._stood or state is grpc.ChannelConnectivity.TRANSIENT_FAILURE:
            self._on_break()

    def is_there(self) -> bool:
        """Return whether the engine can be reached; it blocks for some seconds if nothing tells."""
        if self._channel is None:
            return True
        states: queue.SimpleQueue[grpc.ChannelConnectivity] = queue.SimpleQueue()
        self._channel.subscribe(states.put, try_to_connect=True)
        try:
            while (state := states.get(timeout=PROBE_SECONDS)) not in _TOLD:
                pass
        except queue.Empty:
            return False
        return _TOLD[state]

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record, about the resource that this thread works for."""
        if self._channel is None:
            return
        request = engine_pb2.LogRequest(
            severity=_SEVERITIES.get(record.levelno, engine_pb2.INFO),
            message=record.getMessage(),
            urn=_urn.get(),
        )
        # An engine that is gone needs to be told nothing.
        with suppress(grpc.RpcError):
            self._stub.Log(request, timeout=PROBE_SECONDS)
