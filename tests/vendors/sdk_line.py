"""What the tests of the vendors' SDKs share: a line to an emulator, and what goes over it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
import requests

from pulumi_livepull.emulator import Emulator


@dataclass(frozen=True)
class SentRequest:
    """A request as it goes over the wire."""

    method: str
    host: str
    target: str
    headers: Mapping[str, str]
    content: bytes


S = TypeVar("S", bound=SentRequest)


class SdkLine(httpx.BaseTransport, Generic[S]):
    """A line to an emulator, for the SDK and for our client, that keeps what goes over it."""

    def __init__(self, emulator: Emulator, kind: type[S]) -> None:
        self.emulator = emulator
        self.sent: list[S] = []
        self._kind = kind
        self._wsgi = httpx.WSGITransport(app=emulator.app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Take a request of ours; httpx writes `raw_path` into its first line."""
        self._keep(request, request.url.raw_path.decode())
        return self._wsgi.handle_request(request)

    def send(self, prepared: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Take a request of the SDK, in the place of `HTTPAdapter.send`."""
        assert prepared.method
        assert prepared.url
        headers = {name: str(value) for name, value in prepared.headers.items()}
        body = prepared.body or b""
        content = body if isinstance(body, bytes) else body.encode()
        request = httpx.Request(prepared.method, prepared.url, headers=headers, content=content)
        self._keep(request, prepared.path_url)
        reply = self._wsgi.handle_request(request)
        response = requests.Response()
        response.request, response.status_code = prepared, reply.status_code
        response.headers.update(reply.headers)
        response.raw = io.BytesIO(reply.read())
        return response

    def _keep(self, request: httpx.Request, target: str) -> None:
        made = self._kind(
            request.method, request.url.host, target, request.headers, request.content
        )
        self.sent.append(made)
