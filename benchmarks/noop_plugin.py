"""The floor of the plugin: a gRPC provider in Python that does nothing, with the same server.

Run as a module, it is what the engine starts for the package `noop`.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderServicer,
    add_ResourceProviderServicer_to_server,
)

from benchmarks.task import ID, OUTPUTS

SCHEMA = '{"name": "noop", "version": "1.0.0"}'


class Noop(ResourceProviderServicer):
    """Makes nothing: what goes in comes out, and so do outputs."""

    def GetSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.GetSchemaResponse(schema=SCHEMA)

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo(version="1.0.0")

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.CheckResponse(inputs=request.news)

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        request.properties.update({name: v for name, v in OUTPUTS.items() if v is not None})
        return provider_pb2.CreateResponse(id=ID, properties=request.properties)

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.ReadResponse(
            id=request.id, properties=request.properties, inputs=request.inputs
        )

    def Delete(self, request: Any, context: Any) -> Empty:  # noqa: N802
        return Empty()

    def Cancel(self, request: Any, context: Any) -> Empty:  # noqa: N802
        return Empty()


def main() -> None:
    """Serve the engine until it ends this process."""
    server = grpc.server(ThreadPoolExecutor(128))
    add_ResourceProviderServicer_to_server(Noop(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    Event().wait()


if __name__ == "__main__":
    main()
