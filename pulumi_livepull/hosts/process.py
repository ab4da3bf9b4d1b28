"""The process of the plugin: its port on standard output, its threads, its end."""

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
"""Operations at one time. They wait for answers nearly all the time, so it is more than processors;
threads are only made when they are needed."""

MESSAGE_BYTES = 400 * 1024 * 1024
"""The largest message, as in Pulumi's own SDKs: a stack's values may be large."""

GRACE_SECONDS = 40
"""How long operations may take to come to a safe end once nobody waits for them."""

BROKEN = b"\0"
"""What is told of a broken connection to the engine; no signal has this number."""


def serve(engine_address: str, schema: Callable[[], str]) -> None:
    """Serve one engine until it ends or this process is told to.

    Without an address it serves each engine that attaches, one after the other: the process is not
    an engine's then, but that of a person with a debugger.
    """
    cancel = threading.Event()
    events, teller = socket.socketpair()
    teller.setblocking(False)
    engine = Engine(on_break=lambda: teller.send(BROKEN))
    _log_to(engine)
    _tell_signals(teller)
    threads = ThreadPoolExecutor(WORKERS)
    server = _server(threads, Plugin(engine, schema, cancel))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    engine.attach(engine_address)
    _announce(port)
    while events.recv(1) == BROKEN and (not engine_address or engine.is_there()):
        pass
    cancel.set()
    _finish(server, threads)


def _tell_signals(teller: socket.socket) -> None:
    """Send the number of each signal to end.

    The engine interrupts its plugins when it is done with them, each in a process group of its own,
    and kills what is still there 5 seconds later. Source: `ExecPlugin` in Pulumi's sdk/go. Python
    runs a handler only once its main thread is awake, and a signal that comes while that falls
    asleep does not wake it: the socket does.
    """
    signal.set_wakeup_fd(teller.fileno())
    for each in (signal.SIGTERM, signal.SIGINT):
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
    """Write the port, and let all that is printed from then on go to standard error."""
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _finish(server: grpc.Server, threads: ThreadPoolExecutor) -> None:
    """Let operations come to an end, for a while, and end the process."""
    end = time.monotonic() + GRACE_SECONDS
    server.stop(GRACE_SECONDS).wait()
    # For the server, a request whose connection broke is over, though its thread still works.
    rest = threading.Thread(target=threads.shutdown, daemon=True)
    rest.start()
    rest.join(max(0, end - time.monotonic()))
    sys.stderr.flush()
    os._exit(0)
