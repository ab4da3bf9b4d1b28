"""Exchange: one request and its answer, within a time limit that the server cannot stretch.

A server or proxy may send one byte of a header each second, or `100 Continue` for ever. A DNS
lookup and each step of the TLS handshake have no overall limit, either. httpx limits how long a
single read may take, but not all of them together. So a thread does the exchange, and the caller
stops waiting for it when the time is up.
"""

import ssl
import time
from collections.abc import Callable
from concurrent import futures
from contextlib import closing
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx

from pulumi_livepull.core.answers import MAY_HAVE_TAKEN_EFFECT, NOT_THE_VENDOR
from pulumi_livepull.errors import ApiError, TransportError, quoted

GRACE_SECONDS = 0.5
"""How long to wait beyond httpx's own limits, whose errors say better what took so long."""

CANCEL_GRACE_SECONDS = 5.0
"""How long a cancelled operation still waits for an answer: it may name what was just created."""

_LOOK_SECONDS = 0.1

MAX_KEEPALIVE_CONNECTIONS = 20
"""How many idle connections are kept open for later calls."""

MAX_BYTES = 32 * 1024 * 1024
"""The longest answer that is read. A page of a list takes a few hundred kilobytes."""

ACCEPTED_ENCODING = "gzip"
"""The only content encoding that is accepted. With others, or nested ones, a small answer could
expand enormously in one step."""

_ENCODING_HEADERS = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class _Threads:
    """A pool of threads, because starting a thread takes a fifth of the time of a call.

    They are daemons, so that one that hangs does not keep the program from exiting.
    """

    def __init__(self) -> None:
        self._idle: list[SimpleQueue[Callable[[], None]]] = []

    def do(self, job: Callable[[], None]) -> None:
        """Run a job, which must not raise, in a thread. Raises `RuntimeError` if no thread can
        start."""
        try:
            jobs = self._idle.pop()
        except IndexError:
            jobs = SimpleQueue()
            Thread(target=self._work, args=(jobs,), daemon=True).start()
        jobs.put(job)

    def _work(self, jobs: SimpleQueue[Callable[[], None]]) -> None:
        while True:
            jobs.get()()
            self._idle.append(jobs)


_threads = _Threads()


class _SendState:
    """Whether a request was sent. Once it is given up, it is never sent."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_sent = False
        self._is_given_up = False

    def follow(self, event: str, info: dict[str, Any]) -> None:
        """Receive httpcore's trace events, which come before each step."""
        if not event.endswith("send_request_headers.started") or _is_for_proxy(info):
            return
        with self._lock:
            if self._is_given_up:
                raise httpx.ConnectTimeout("given up")
            self._is_sent = True

    def give_up(self, why: str) -> httpx.TimeoutException:
        """Stop the request, and return the error that says whether it may have arrived."""
        with self._lock:
            self._is_given_up = True
            return httpx.ReadTimeout(why) if self._is_sent else httpx.ConnectTimeout(why)


def _is_for_proxy(info: dict[str, Any]) -> bool:
    return bool(info["request"].method == b"CONNECT")


class Transport(httpx.BaseTransport):
    """Send https requests through the proxy that the environment names, if there is one.

    Requests that are not encrypted never go through a proxy.
    """

    def __init__(self) -> None:
        # A request that was given up may hold its connection for ever.
        limits = httpx.Limits(
            max_connections=None, max_keepalive_connections=MAX_KEEPALIVE_CONNECTIONS
        )
        self._direct = httpx.HTTPTransport(limits=limits)
        address = _named_proxy()
        self._proxied = httpx.HTTPTransport(limits=limits, proxy=address) if address else None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and return its answer once the headers are there."""
        is_direct = not goes_by_proxy(request.url.scheme, request.url.host)
        transport = self._direct if is_direct else self._proxied or self._direct
        return transport.handle_request(request)


def proxy_for(scheme: str, host: str) -> str:
    """Return the address of the proxy that a request to a host goes through; empty for none."""
    return _named_proxy() if goes_by_proxy(scheme, host) else ""


def goes_by_proxy(scheme: str, host: str) -> bool:
    """Return whether a request to a host goes through a proxy if the environment names one."""
    return scheme == "https" and not proxy_bypass(host)


def _named_proxy() -> str:
    named = getproxies()
    proxy = named.get("https") or named.get("all") or ""
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"


def trust() -> ssl.SSLContext:
    """Return the TLS settings: the authorities that httpx trusts, or those of SSL_CERT_FILE."""
    return httpx.create_ssl_context()


def exchange(
    transport: httpx.BaseTransport,
    request: httpx.Request,
    seconds: float,
    cancel: Event,
    monotonic: Callable[[], float] = time.monotonic,
) -> httpx.Response:
    """Send a request and return the whole response, within `seconds`.

    Raises what httpx and `read` raise. When the time is up, it raises `httpx.ConnectTimeout` if the
    request was not sent and never will be, or else `httpx.ReadTimeout`.
    """
    until = monotonic() + seconds
    state = _SendState()
    # A new dict: an attempt that was given up must not use this attempt's state.
    request.extensions = {**request.extensions, "trace": state.follow}
    answer: futures.Future[httpx.Response] = futures.Future()

    def fetch() -> None:
        try:
            response = transport.handle_request(request)
            response.request = request
            answer.set_result(read(response, lambda: monotonic() > until))
        except BaseException as error:
            answer.set_exception(error)

    try:
        _threads.do(partial(copy_context().run, fetch))
    except RuntimeError:
        # Python 3.12.0 and 3.12.1 start no thread once the main thread has ended, and a machine may
        # run out of threads. Then only httpx's own limits apply.
        fetch()
    end = until + GRACE_SECONDS
    while True:
        try:
            return answer.result(_LOOK_SECONDS)
        except TimeoutError:
            if answer.done():
                raise
        now = monotonic()
        if cancel.is_set():
            end = min(end, now + CANCEL_GRACE_SECONDS)
        if now > end:
            why = "cancelled" if cancel.is_set() else f"not done after {seconds:g} s"
            raise state.give_up(why)


def read(response: httpx.Response, is_late: Callable[[], bool]) -> httpx.Response:
    """Return a response with its content, whose size and duration are limited.

    Redirects are not followed: they would send a signed request to another address.
    """
    host = response.request.url.host
    with closing(response):
        if response.has_redirect_location:
            raise ApiError(
                "redirect",
                f"{host} points to another address, which is not followed",
                status=response.status_code,
                hint=NOT_THE_VENDOR,
            )
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packing not in {"identity", ACCEPTED_ENCODING}:
            raise _bad_answer(host, f"has an unexpected content encoding: {quoted(packing)}")
        content = bytearray()
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > MAX_BYTES:
                raise _bad_answer(host, f"has more than {MAX_BYTES} bytes")
            if is_late():
                raise _bad_answer(host, "does not end")
    kept = [pair for pair in response.headers.raw if pair[0].lower() not in _ENCODING_HEADERS]
    return httpx.Response(
        response.status_code, headers=kept, content=bytes(content), request=response.request
    )


def _bad_answer(host: str, how: str) -> TransportError:
    return TransportError(
        f"the answer of {host} {how}",
        f"{MAY_HAVE_TAKEN_EFFECT} Check the endpoint: no vendor answers like that.",
        sent=True,
    )
