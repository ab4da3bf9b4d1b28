"""No server, proxy or resolver can keep an operation waiting longer than its limits say."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest

from pulumi_livepull.core import exchange as exchanges
from pulumi_livepull.core.limits import Limits
from pulumi_livepull.errors import TransportError
from tests.core.test_client import Counting, Plain

SECONDS = 1.0
"""What one request may take here."""

Serve = Callable[[socket.socket], None]


@contextmanager
def serving(serve: Serve) -> Iterator[int]:
    """Run a server that treats each connection so, and yield its port."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while not over.is_set():
                    connection, _ = listener.accept()
                    threading.Thread(target=handle, args=(connection,), daemon=True).start()

        def handle(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                serve(connection)

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        over.set()
        listener.shutdown(socket.SHUT_RDWR)


def trickle(start: bytes, again: bytes) -> Serve:
    """Read a request, answer with `start`, and then with `again` several times a second."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(start)
        while True:
            connection.sendall(again)
            time.sleep(SECONDS / 10)

    return serve


def client(**limits: float) -> Plain:
    """Return a client whose requests may take `SECONDS`, and that tries once."""
    return Plain(Counting(), Limits(**{"timeout_seconds": SECONDS, "max_retries": 0, **limits}))


def send(api: Plain, url: str) -> None:
    """Send a call that may not be repeated."""
    api.send("POST", url, operation="POST thing", repeatable=False, json={})


ENDLESS = {
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "headers": (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
    "many headers": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103 Early Hints": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
    "chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n", b" "),
    "chunk size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
        b"X: y\r\n",
    ),
    "silence": (b"", b""),
}


@pytest.mark.parametrize("phase", ENDLESS)
def test_an_answer_that_never_ends_is_waited_for_as_long_as_the_limit_says(phase: str) -> None:
    """In any phase. The request may have taken effect."""
    with serving(trickle(*ENDLESS[phase])) as port:
        started = time.monotonic()
        with pytest.raises(TransportError) as failure:
            send(client(), f"http://127.0.0.1:{port}/")
    assert time.monotonic() - started < 4 * SECONDS
    assert failure.value.sent


def test_retries_end_with_the_time_for_the_call() -> None:
    """All attempts together."""
    api = client(max_retries=50, max_retry_seconds=2.5)
    with serving(trickle(*ENDLESS["headers"])) as port:
        started = time.monotonic()
        with pytest.raises(TransportError, match=r"no answer from 127\.0\.0\.1:\d+: not done"):
            api.send("GET", f"http://127.0.0.1:{port}/", operation="GET thing", repeatable=True)
    assert time.monotonic() - started < 6


def test_an_encrypted_connection_that_never_stands_is_given_up() -> None:
    """Nothing was sent, so the call may be repeated."""
    # The header of a TLS record that would hold 16 KiB of a handshake.
    with serving(trickle(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\x00")) as port:
        started = time.monotonic()
        with pytest.raises(TransportError, match="cannot reach") as failure:
            send(client(), f"https://127.0.0.1:{port}/")
    assert time.monotonic() - started < 4 * SECONDS
    assert not failure.value.sent


@pytest.mark.parametrize("no_proxy", ["127.0.0.1", "*", "localhost,127.0.0.1"])
def test_a_host_that_the_environment_exempts_passes_no_proxy(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    """The server receives a TLS handshake, not a CONNECT request."""
    began: list[bytes] = []
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    with (
        serving(lambda connection: began.append(connection.recv(1))) as port,
        pytest.raises(TransportError, match=f"cannot reach 127.0.0.1:{port}"),
    ):
        send(client(), f"https://127.0.0.1:{port}/")
    assert began == [b"\x16"]


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:{port}", "127.0.0.1:{port}"])
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_call_goes_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str
) -> None:
    """With a scheme or without one."""
    began: list[bytes] = []
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving(lambda connection: began.append(connection.recv(65536))) as port:
        monkeypatch.setenv(variable, proxy.format(port=port))
        with pytest.raises(TransportError):
            send(client(), "https://live.example.com/")
    assert [first.partition(b" HTTP")[0] for first in began] == [b"CONNECT live.example.com:443"]


def test_a_proxy_that_never_connects_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the CONNECT request was sent, not the request itself."""
    with serving(trickle(*ENDLESS["headers"])) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        api = client()
        started = time.monotonic()
        with pytest.raises(TransportError, match="cannot reach") as failure:
            send(api, "https://live.example.com/")
    assert time.monotonic() - started < 4 * SECONDS
    assert not failure.value.sent


def test_a_name_that_is_never_resolved_is_given_up_and_nothing_is_sent_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A late request would create something that nobody expects any more."""
    resolve, came = threading.Event(), threading.Event()
    requests: list[bytes] = []
    known = socket.getaddrinfo

    def look_up(host: str, *rest: object, **more: object) -> object:
        resolve.wait()
        return known("127.0.0.1", *rest, **more)  # type: ignore[arg-type]

    def serve(connection: socket.socket) -> None:
        requests.append(connection.recv(65536))
        came.set()

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with serving(serve) as port:
        with pytest.raises(TransportError, match="cannot reach") as failure:
            send(client(), f"http://live.example.com:{port}/")
        assert not failure.value.sent
        resolve.set()
        assert came.wait(10)
    assert requests == [b""]


def test_a_cancelled_operation_waits_for_an_answer_only_shortly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answer may name what was created, but the wait is limited."""
    monkeypatch.setattr(exchanges, "CANCEL_GRACE_SECONDS", 0.3)
    cancel = threading.Event()
    api = Plain(Counting(), Limits(timeout_seconds=30), cancel=cancel)
    asked = threading.Event()

    def serve(connection: socket.socket) -> None:
        asked.set()
        trickle(*ENDLESS["headers"])(connection)

    def interrupt() -> None:
        asked.wait()
        cancel.set()

    threading.Thread(target=interrupt).start()
    with serving(serve) as port:
        started = time.monotonic()
        with pytest.raises(TransportError, match="cancelled"):
            send(api, f"http://127.0.0.1:{port}/")
    assert time.monotonic() - started < 10


def test_what_was_given_up_keeps_no_connection_from_others() -> None:
    """However many attempts were given up."""

    def serve(connection: socket.socket) -> None:
        if b"/never" in connection.recv(65536):
            while True:
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                time.sleep(SECONDS / 10)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    api = client(timeout_seconds=SECONDS, requests_per_second=1000)
    with serving(serve) as port:

        def fail() -> None:
            with suppress(TransportError):
                send(api, f"http://127.0.0.1:{port}/never")

        waiting = [threading.Thread(target=fail) for _ in range(110)]
        for thread in waiting:
            thread.start()
        for thread in waiting:
            thread.join()
        send(api, f"http://127.0.0.1:{port}/")


def test_without_another_thread_the_exchange_is_done_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python 3.12.1 starts no thread after the main thread has ended, when a lost relay may still
    be looked for."""

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    line = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
    request = httpx.Request("GET", "http://live.example.com/")
    monkeypatch.setattr(exchanges, "_threads", exchanges._Threads())
    monkeypatch.setattr(threading.Thread, "start", refuse)
    answer = exchanges.exchange(line, request, SECONDS, threading.Event())
    assert answer.json() == {}


def test_an_error_of_the_transport_is_passed_on() -> None:
    """As if it had been raised here."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("it broke")

    line = httpx.MockTransport(fail)
    request = httpx.Request("GET", "http://live.example.com/")
    with pytest.raises(httpx.ReadError, match="it broke"):
        exchanges.exchange(line, request, SECONDS, threading.Event())


def test_one_call_after_another_starts_few_threads() -> None:
    """Starting a thread takes a fifth of a call."""
    names = set()

    def answer(_: httpx.Request) -> httpx.Response:
        names.add(threading.current_thread().name)
        return httpx.Response(200, json={})

    line = httpx.MockTransport(answer)
    for _ in range(50):
        request = httpx.Request("GET", "http://live.example.com/")
        exchanges.exchange(line, request, SECONDS, threading.Event())
    assert len(names) < 5
