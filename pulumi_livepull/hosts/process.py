"""The process of the plugin: its port on standard output, its threads, its end."""

import os
import queue
import signal
import sys
import threading
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
"""How long operations may take to come to a safe end once the engine is gone."""


def serve(engine_address: str, schema: Callable[[], str]) -> None:
    """Serve one engine until it ends or this process is told to."""
    cancel = threading.Event()
    events: queue.SimpleQueue[str] = queue.SimpleQueue()
    engine = Engine(on_break=lambda: events.put("broken"))
    LOG.addHandler(engine)
    LOG.setLevel(log_level())
    LOG.propagate = False
    # The engine ends a plugin with an interrupt. One from a terminal reaches the engine alone: it
    # gives plugins a process group of their own.
    for told_to_end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told_to_end, lambda *_: events.put("told"))
    options = [
        ("grpc.max_receive_message_length", MESSAGE_BYTES),
        ("grpc.max_send_message_length", MESSAGE_BYTES),
        ("grpc.so_reuseport", 0),
    ]
    server = grpc.server(ThreadPoolExecutor(WORKERS), options=options)
    add_ResourceProviderServicer_to_server(Plugin(engine, schema, cancel), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    engine.attach(engine_address)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while events.get() == "broken" and engine.is_there():
        pass
    cancel.set()
    server.stop(GRACE_SECONDS).wait()
    sys.stderr.flush()
    os._exit(0)
