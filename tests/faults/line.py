"""A line to the emulator on which something can go wrong, and what can: data and a transport."""

import json
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
from flask import Request
from werkzeug.test import EnvironBuilder

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.refusal import Refusal
from pulumi_livepull.emulator.vendor import Vendor
from pulumi_livepull.hosts import registry
from tests.conformance.every import FACTS
from tests.hosting import KEYS

Go = Callable[[], httpx.Response]
"""Let the vendor do the work, and return its answer."""


@dataclass(frozen=True)
class Fault:
    """One way to go wrong: what comes instead of an answer, given the vendor.

    `skew` is how far the clock of this machine is behind the vendor's, and `dated` whether answers
    tell the vendor's time.
    """

    name: str
    answer: Callable[[Vendor, Go], httpx.Response] = lambda vendor, go: go()
    skew: timedelta = timedelta()
    dated: bool = True


def breaks(error: type[httpx.RequestError], words: str, *, done: bool) -> Any:
    """Return a fault without a response, after the request took effect or before."""

    def answer(vendor: Vendor, go: Go) -> httpx.Response:
        if done:
            go()
        raise error(words)

    return answer


def refuses(status: int, why: str, **headers: str) -> Any:
    """Return a refusal in the vendor's envelope, busy or broken; the work is not done."""

    def answer(vendor: Vendor, go: Go) -> httpx.Response:
        call = vendor.make_call(Request(EnvironBuilder().get_environ()), vendor.clock.now())
        busy, broken = call.refusals["throttled"]().code, FACTS[vendor.name].broken
        code = busy if why == "busy" else broken
        reply = call.answer_refusal(Refusal(status, code, "something is wrong"))
        return httpx.Response(status, content=reply.data, headers={**reply.headers, **headers})

    return answer


def page(status: int, *, done: bool) -> Any:
    """Return a proxy's HTML page, after the request took effect or before."""

    def answer(vendor: Vendor, go: Go) -> httpx.Response:
        if done:
            go()
        return httpx.Response(status, html=f"<html><body><h1>{status}</h1></body></html>")

    return answer


def rewritten(into: Callable[[Any], Any]) -> Any:
    """Return the vendor's answer, changed."""

    def answer(vendor: Vendor, go: Go) -> httpx.Response:
        response = go()
        if not response.content:
            return response
        return httpx.Response(response.status_code, json=into(response.json()))

    return answer


def _cut_short(vendor: Vendor, go: Go) -> httpx.Response:
    go()
    return httpx.Response(200, content=b'{"RequestId": "', headers={"Content-Type": "text/json"})


def _emptied(reply: Any) -> Any:
    """Keep only what every response has."""
    kept = {name: reply[name] for name in ("RequestId", "ResponseMetadata") if name in reply}
    return kept | ({"Response": _emptied(reply["Response"])} if "Response" in reply else {})


def _hollow(reply: Any) -> Any:
    """Keep the structure of a response, but empty the items in it."""
    if isinstance(reply, list):
        return [{} if isinstance(item, dict) else item for item in reply]
    return {k: _hollow(v) for k, v in reply.items()} if isinstance(reply, dict) else reply


def _enriched(value: Any) -> Any:
    """Add an unknown field to every object of a response."""
    if isinstance(value, dict):
        return {name: _enriched(item) for name, item in value.items()} | {"BrandNew": {"a": [1]}}
    return [_enriched(item) for item in value] if isinstance(value, list) else value


def _in_texts(value: Any) -> Any:
    """Turn every number into a string."""
    if isinstance(value, dict):
        return {name: _in_texts(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_in_texts(item) for item in value]
    return str(value) if type(value) is int else value


def _twice(value: Any) -> Any:
    """Let every list have each item twice."""
    if isinstance(value, dict):
        return {name: _twice(item) for name, item in value.items()}
    if isinstance(value, list):
        return [item for item in value for _ in range(2 if isinstance(item, dict) else 1)]
    return value


def _nothing(vendor: Vendor, go: Go) -> httpx.Response:
    return httpx.Response(200, json={})


OFF = timedelta(minutes=20)
FAULTS = (
    Fault("connection refused", breaks(httpx.ConnectError, "refused", done=False)),
    Fault("connection reset, nothing done", breaks(httpx.ReadError, "reset", done=False)),
    Fault("answer lost, work done", breaks(httpx.RemoteProtocolError, "cut off", done=True)),
    Fault("timeout, work done", breaks(httpx.ReadTimeout, "timed out", done=True)),
    Fault("429", refuses(429, "busy")),
    Fault("429 with Retry-After", refuses(429, "busy", **{"Retry-After": "3"})),
    Fault("429 with HTML", page(429, done=False)),
    Fault("400 with a code of throttling", refuses(400, "busy")),
    Fault("500", refuses(500, "broken")),
    Fault("502 with HTML, work done", page(502, done=True)),
    Fault("503 with HTML", page(503, done=False)),
    Fault("broken JSON, work done", _cut_short),
    Fault("200 with an error inside", refuses(200, "broken")),
    Fault("fields missing", rewritten(_emptied)),
    Fault("fields missing in lists", rewritten(_hollow)),
    Fault("unknown fields", rewritten(_enriched)),
    Fault("numbers as texts", rewritten(_in_texts)),
    Fault("everything twice in lists", rewritten(_twice)),
    Fault("200 with an empty object, nothing done", _nothing),
    Fault("200 with a page of HTML, work done", page(200, done=True)),
    Fault("clock 20 minutes slow", skew=OFF),
    Fault("clock 20 minutes fast", skew=-OFF),
    Fault("clock 20 minutes slow, answers undated", skew=OFF, dated=False),
)


@dataclass
class Line(httpx.BaseTransport):
    """Carries requests to the emulator. `fault` spoils those from number `first` on, `times`."""

    emulator: Emulator
    fault: Fault | None = None
    first: int = 0
    times: float = math.inf
    names: list[str] = field(default_factory=list)
    """The operations of the vendor that were tried since the fault was set."""
    waited: list[float] = field(default_factory=list)
    """The seconds of each wait of the client that was connected last."""
    cancel: threading.Event = field(default_factory=threading.Event)

    def set(self, fault: Fault | None, first: int = 0, times: float = math.inf) -> None:
        """Let requests go wrong, counted from now on."""
        self.fault, self.first, self.times = fault, first, times
        self.names.clear()

    def connect(self, kind: type[Resource], **config: str) -> Client:
        """Return a client as a new process would create it; it never waits."""
        vendor, _ = registry.find_resource(kind.token)
        waited = self.waited = []
        return vendor.client(
            KEYS | {f"livepull:{key}": value for key, value in config.items()},
            {},
            transport=self,
            cancel=self.cancel,
            clock=lambda: self.emulator.clock.now() - self._skew,
            pause=waited.append,
            monotonic=lambda: sum(waited),
        )

    @property
    def _skew(self) -> timedelta:
        return self.fault.skew if self.fault else timedelta()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        number = len(self.names)
        self.names.append(self._name(request))
        spoiled = self.fault and self.first <= number < self.first + self.times
        answer = self.fault.answer if self.fault and spoiled else Fault("none").answer
        response = answer(self._vendor(request), lambda: self._reach(request))
        now = self.emulator.clock.now()
        response.headers["Date"] = format_datetime(now, usegmt=True)
        if self.fault and not self.fault.dated:
            del response.headers["Date"]
        return response

    def _reach(self, request: httpx.Request) -> httpx.Response:
        response = httpx.WSGITransport(app=self.emulator.app).handle_request(request)
        content = response.read()
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    def _vendor(self, request: httpx.Request) -> Vendor:
        headers = dict(request.headers.items())
        asked = Request(EnvironBuilder(str(request.url), headers=headers).get_environ())
        return self.emulator.pick_vendor(asked)

    def _name(self, request: httpx.Request) -> str:
        named = request.url.params.get("Action") or request.headers.get("x-acs-action")
        return named or f"{request.method} {json.dumps(request.url.path)}"
