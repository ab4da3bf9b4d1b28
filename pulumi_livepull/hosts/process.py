"""The plugin's process: its port on standard output, its threads, its shutdown."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from pulumi_livepull.hosts.engine import Engine
from pulumi_livepull.hosts.plugin import Plugin
from pulumi_livepull.hosts.registry import LOG, log_level

WORKERS = 128
"""Concurrent operations. They spend most of their time waiting for answers, so there may be many
more than processors. Threads are started only when needed."""

MESSAGE_BYTES = 400 * 1024 * 1024
"""The largest message, as in Pulumi's own SDKs."""

GRACE_SECONDS = 40
"""How long running operations may take to finish safely at shutdown."""

ENDINGS = ("SIGTERM", "SIGINT", "SIGBREAK")
"""The signals to end. On Windows the engine sends the last, which no other system knows."""

BROKEN = b"\0"
"""Sent when the connection to the engine breaks. No signal has this number."""


def serve(engine_address: str, schema: Callable[[], str]) -> None:
    """Serve one engine until it is gone or this process is signalled to end.

    Without an address it serves each engine that attaches, one after another: then a person started
    the process, for example in a debugger.
    """
    cancel = threading.Event()
    events, sender = socket.socketpair()
    sender.setblocking(False)
    engine = Engine(on_break=lambda: sender.send(BROKEN))
    _log_to(engine)
    _forward_signals(sender)
    threads = ThreadPoolExecutor(WORKERS)
    server = _server(threads, Plugin(engine, schema, cancel))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    engine.attach(engine_address)
    _announce(port)
    while events.recv(1) == BROKEN and (not engine_address or engine.is_reachable()):
        pass
    cancel.set()
    _finish(server, threads)


def _forward_signals(sender: socket.socket) -> None:
    """Write the number of each termination signal to a socket.

    When the engine is done, it interrupts each plugin in its own process group, and kills it after
    5 seconds. Source: `ExecPlugin` in Pulumi's sdk/go. Python runs a signal handler only when its
    main thread is awake, and a signal that arrives just before it sleeps does not wake it. The
    socket does.
    """
    signal.set_wakeup_fd(sender.fileno())
    for name in ENDINGS:
        if each := getattr(signal, name, None):
            signal.signal(each, lambda *_: None)


def _log_to(engine: Engine) -> None:
    LOG.addHandler(engine)
    LOG.setLevel(log_level())
    LOG.propagate = False


def _server(threads: ThreadPoolExecutor, plugin: Plugin) -> grpc.Server:
    options = [
        ("grpc.max_receive_message_length", MESSAGE_BYTES),
        ("grpc.max_send_message_length", MESSAGE_BYTES),
        ("grpc.so_reuseport", 0),
    ]
    server = grpc.server(threads, options=options)
    add_ResourceProviderServicer_to_server(plugin, server)
    return server


def _announce(port: int) -> None:
    """Print the port, then redirect standard output to standard error."""
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _finish(server: grpc.Server, threads: ThreadPoolExecutor) -> None:
    """Wait a while for running operations, then end the process."""
    end = time.monotonic() + GRACE_SECONDS
    server.stop(GRACE_SECONDS).wait()
    # The server considers a request over when its connection breaks, but its thread still runs.
    rest = threading.Thread(target=threads.shutdown, daemon=True)
    rest.start()
    rest.join(max(0, end - time.monotonic()))
    sys.stderr.flush()
    os._exit(0)
