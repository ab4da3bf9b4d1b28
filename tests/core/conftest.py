"""A connection to the emulator that tests can observe and interrupt, and a client without waits."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_livepull.core.client import Client
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors import VENDORS
from tests.hosting import KEYS

Go = Callable[[], httpx.Response]


class Line(httpx.BaseTransport):
    """Passes requests to the emulator and records them; `meddle` may replace the exchange."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = httpx.WSGITransport(app=emulator.app)
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []
        self.meddle: Callable[[httpx.Request, Go], httpx.Response] = lambda request, go: go()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.meddle(request, lambda: self._emulator.handle_request(request))

    def bodies(self, method: str) -> list[dict[str, Any]]:
        """Return the JSON bodies that were sent with a method, oldest first."""
        return [json.loads(sent.content) for sent in self.requests if sent.method == method]

    def change(self, method: str, into: Callable[[dict[str, Any]], Any]) -> None:
        """Rewrite every answer to a method."""

        def meddle(request: httpx.Request, go: Go) -> httpx.Response:
            response = go()
            if request.method != method or "projects" in request.url.path:
                return response
            response.read()
            return httpx.Response(response.status_code, json=into(response.json()))

        self.meddle = meddle


@pytest.fixture
def line(emulator: Emulator) -> Line:
    return Line(emulator)


@pytest.fixture
def api(emulator: Emulator, line: Line) -> Client:
    """Return a client whose pauses are kept in `line.pauses`, not waited: only they take time."""
    return VENDORS[0].client(
        KEYS,
        {},
        transport=line,
        clock=emulator.clock.now,
        pause=line.pauses.append,
        monotonic=lambda: sum(line.pauses),
    )
