"""Real processes of the plugin, and the part of the engine that they call."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent import futures
from pathlib import Path
from typing import Any, Self

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, plugin_pb2, provider_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineServicer, add_EngineServicer_to_server
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from pulumi_livepull.hosts.values import to_struct

PATIENCE = 30
"""Seconds to wait for what comes at once on an idle machine."""

SERVE = [sys.executable, "-P", "-m", "pulumi_livepull", "plugin", "serve"]
"""What the installed plugin runs."""


class Engine(EngineServicer):
    """The part of the engine that a plugin calls."""

    def __init__(self) -> None:
        self.logged: list[str] = []
        self._server = grpc.server(futures.ThreadPoolExecutor(2))
        add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def Log(self, request: engine_pb2.LogRequest, context: Any) -> Empty:  # noqa: N802
        self.logged.append(request.message)
        return Empty()

    def end(self) -> None:
        self._server.stop(None).wait()


class Process:
    """A running plugin, and a connection to it."""

    def __init__(self, command: Sequence[str | Path], **environment: str) -> None:
        self.running = subprocess.Popen(
            command,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        assert self.running.stdout
        self.port = int(self.running.stdout.readline())
        self.channel = self.connect()
        self.asked = ResourceProviderStub(self.channel)

    def connect(self) -> grpc.Channel:
        return grpc.insecure_channel(f"127.0.0.1:{self.port}", [("grpc.enable_http_proxy", 0)])

    def version(self) -> str:
        """What it says of itself: the quickest answer it has."""
        info: plugin_pb2.PluginInfo = self.asked.GetPluginInfo(Empty(), timeout=PATIENCE)
        return info.version

    def warn(self) -> None:
        """Let it log something: there is no such setting."""
        urn = "urn:pulumi:dev::stack::pulumi:providers:livepull::default"
        news = to_struct({"nonsense": "1"})
        self.asked.CheckConfig(provider_pb2.CheckRequest(urn=urn, news=news), timeout=PATIENCE)

    def attach(self, address: str) -> None:
        """Do what the engine does with a plugin that it did not start."""
        handshake = provider_pb2.ProviderHandshakeRequest(engine_address=address)
        self.asked.Handshake(handshake, timeout=PATIENCE)
        self.asked.Attach(plugin_pb2.PluginAttach(address=address), timeout=PATIENCE)

    def when_it_ends(self) -> threading.Event:
        """What is set as soon as it takes no more requests."""
        ready, ending = threading.Event(), threading.Event()

        def watch(state: grpc.ChannelConnectivity) -> None:
            if state is grpc.ChannelConnectivity.READY:
                ready.set()
            elif ready.is_set():
                ending.set()

        self._watched = self.connect()
        self._watched.subscribe(watch, try_to_connect=True)
        assert ready.wait(PATIENCE)
        return ending

    def end(self) -> tuple[int, str, str]:
        """Wait for its end and return its exit code and what else it printed."""
        printed = self.running.communicate(timeout=PATIENCE)
        return self.running.returncode, *printed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.channel.close()
        self.running.kill()
        self.running.communicate()
