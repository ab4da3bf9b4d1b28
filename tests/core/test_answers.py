"""Answers are untrusted data: their size, depth and duration are limited."""

import gzip
import json
import logging
import math
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.core import client as client_module
from pulumi_livepull.core.answers import (
    MAX_DEPTH,
    MAX_PAGES,
    find_object,
    list_in,
    list_or_null_in,
    page_numbers,
    required_text,
    unreadable,
)
from pulumi_livepull.core.client import Client, Limits, utc_now
from pulumi_livepull.core.exchange import read
from pulumi_livepull.core.property import MAX_DIGITS
from pulumi_livepull.errors import LivePullError, TransportError
from tests.marks import CORE, Watch, everything_logged

REQUEST = httpx.Request("GET", "https://live.example.com/")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


class Open(Client):
    """A vendor whose answers say all."""

    vendor = "open"

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        reply = find_object(response)
        if reply is None:
            raise unreadable(response)
        return reply


class Key:
    """Signs with a secret that a log of headers would show."""

    def sign(self, request: httpx.Request, now: datetime) -> None:
        request.headers["Authorization"] = f"Bearer {CORE}"


def answer(content: bytes, **headers: str) -> httpx.Response:
    return httpx.Response(200, content=content, headers=headers, request=REQUEST)


# What is read of it.


@pytest.mark.parametrize("packing", ["deflate", "br", "zstd", "gzip, gzip", "x" * 9000])
def test_an_answer_is_packed_as_was_asked_or_not_at_all(packing: str) -> None:
    """With nested encodings, a few bytes could expand to gigabytes in one step."""
    packed = httpx.Response(200, stream=httpx.ByteStream(b""), request=REQUEST)
    packed.headers["Content-Encoding"] = packing
    with pytest.raises(TransportError, match="unexpected content encoding") as failure:
        read(packed, lambda: False)
    assert failure.value.sent
    assert len(str(failure.value)) < 1000


def test_only_gzip_is_requested() -> None:
    """Although httpx supports others."""
    asked: list[str] = []

    def see(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["Accept-Encoding"])
        return httpx.Response(200, json={})

    made = Open(Key(), Limits(), transport=httpx.MockTransport(see))
    made.send("GET", "https://h/", operation="x", repeatable=True)
    assert asked == ["gzip"]


def test_an_answer_that_never_ends_is_given_up() -> None:
    """A server that sends a byte now and then never triggers the other timeouts."""

    looks = iter([False] * 5 + [True])
    endless = httpx.Response(200, content=iter([b"x"] * 10), request=REQUEST)
    with pytest.raises(TransportError, match=r"the answer of .* does not end"):
        read(endless, lambda: next(looks))


def test_an_answer_has_as_long_as_a_request_may_take() -> None:
    """The time counts from sending, however often data arrives."""
    now = [0.0]

    def drip() -> Iterator[bytes]:
        for _ in range(10):
            now[0] += 10
            yield b"x"

    made = Open(
        Key(),
        Limits(max_retries=0, timeout_seconds=25),
        transport=httpx.MockTransport(lambda _: httpx.Response(200, content=drip())),
        monotonic=lambda: now[0],
        pause=lambda seconds: None,
    )
    with pytest.raises(TransportError, match="does not end"):
        made.send("GET", "https://h/", operation="x", repeatable=True)
    assert now == [30.0]


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def test_an_answer_nests_only_so_deep() -> None:
    """Later stages, such as Pulumi's messages, have lower limits than Python."""
    assert find_object(answer(nested(MAX_DEPTH))) is not None
    for depth in (MAX_DEPTH + 1, 1000, 100_000):
        assert find_object(answer(nested(depth))) is None


@pytest.mark.parametrize("text", ["[]", "1", '"x"', "null", "", "{", "\x00", "{]", "NaN", '{"a":}'])
def test_an_answer_that_is_not_an_object_is_none(text: str) -> None:
    """It is ignored without an exception."""
    assert find_object(answer(text.encode())) is None


@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_what_is_read_can_be_kept(value: dict[str, Any]) -> None:
    """Pulumi's messages cannot contain infinity, unpaired surrogates or very large numbers."""
    found = find_object(answer(json.dumps(value).encode()))
    assert found is not None
    for each in leaves(found):
        match each:
            case str():
                each.encode()
            case bool() | None:
                pass
            case int():
                assert abs(each) < 10**MAX_DIGITS
            case float():
                assert math.isfinite(each)


def test_what_nobody_can_keep_is_read_as_its_text_or_as_none() -> None:
    """Such values are JSON, or what Python takes for it."""
    digits = "1" * (MAX_DIGITS + 1)
    text = f'{{"a": "\\ud800", "\\udfff": [NaN, -Infinity], "b": 1e999, "c": {digits}}}'
    kept = {"a": "?", "?": [None, None], "b": "1e999", "c": digits}
    assert find_object(answer(text.encode())) == kept


def leaves(value: Any) -> Iterator[Any]:
    """Yield names and values, however nested."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_answered_is_an_object_or_none(content: bytes) -> None:
    """And an answer that is not an object can be reported in a printable message."""
    response = answer(content)
    found = find_object(response)
    assert found is None or isinstance(found, dict)
    assert str(unreadable(response)).encode()


@given(json_values, st.sampled_from([required_text, list_in, list_or_null_in]))
def test_what_an_answer_lacks_is_reported_by_an_error_of_ours(
    value: Any, look: Callable[[Mapping[str, Any], str], object]
) -> None:
    """Never by a Python exception."""
    for holder in ({"name": value}, {}):
        try:
            found = look(holder, "name")
        except TransportError:
            continue
        assert isinstance(found, str | list)


def test_a_list_of_pages_has_an_end() -> None:
    """A vendor that always announces another page does not cause an endless loop."""
    pages = page_numbers()
    assert [next(pages) for _ in range(MAX_PAGES)][-1] == MAX_PAGES
    with pytest.raises(TransportError, match="does not end"):
        next(pages)


@given(st.text(), st.text(), st.binary(max_size=50))
def test_no_header_and_no_body_breaks_a_client(date: str, wait: str, content: bytes) -> None:
    """A hostile answer is one error of ours."""

    def hostile(request: httpx.Request) -> httpx.Response:
        headers = [(b"Date", date.encode(errors="replace")), (b"Retry-After", wait.encode("utf-8"))]
        return httpx.Response(200, headers=headers, content=content)

    made = Open(
        Key(),
        Limits(max_retries=0),
        transport=httpx.MockTransport(hostile),
        clock=utc_now,
        pause=lambda seconds: None,
    )
    with suppress(LivePullError):
        made.send("GET", "https://h/", operation="x", repeatable=True)
    assert abs(
        made.on_vendor_clock(made.now()) - made.now()
    ) <= client_module.MAX_CLOCK_OFFSET + timedelta(minutes=1)


# The line.


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve a JSON object on loopback, encrypted with a context if there is one; yield the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = gzip.compress(b'{"fine": true}')
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("X-Quoted", self.path)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """Return a server's context with a certificate for a name, signed by nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(utc_now() - timedelta(days=1))
        .not_valid_after(utc_now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file, secret = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(certificate.public_bytes(pem))
    plain, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(pem, plain, none))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file


def ask(url: str) -> Mapping[str, Any]:
    made = Open(Key(), Limits(max_retries=0), pause=lambda seconds: None, secrets=[CORE])
    return made.send("GET", url, operation="x", repeatable=True)


def test_a_service_without_a_good_certificate_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of nobody known, or of another name; and nothing was sent, so it says how to go on."""
    monkeypatch.setenv("NO_PROXY", "*")
    context, file = certified(tmp_path, "localhost")
    with serving(context) as port:
        with pytest.raises(TransportError, match="CERTIFICATE_VERIFY_FAILED") as failure:
            ask(f"https://localhost:{port}/")
        assert not failure.value.sent
        assert "SSL_CERT_FILE" in failure.value.hint
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert ask(f"https://localhost:{port}/") == {"fine": True}
        with pytest.raises(TransportError, match="CERTIFICATE_VERIFY_FAILED"):
            ask(f"https://127.0.0.1:{port}/")


def test_what_is_not_encrypted_passes_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes to this machine, or to where the user said, and to nobody else."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with serving() as port:
        assert ask(f"http://127.0.0.1:{port}/") == {"fine": True}


def test_no_log_of_http_shows_what_is_sent() -> None:
    """httpx and httpcore log whole addresses and headers, if a program turns their logs on."""
    watch = Watch()
    with serving() as port, everything_logged(watch):
        ask(f"http://127.0.0.1:{port}/?token={CORE}")
        logging.getLogger("httpcore.http11").debug("of another one's call")
    assert watch.leaks() == []
    assert any("of another one's call" in text for text in watch.seen)
