"""The way to a vendor, tried on this machine: a server with TLS, a proxy before it, and neither."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pulumi_livepull.doctor.network import look_up, shake_hands

ENDS = datetime(2126, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate of nobody for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(ENDS)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, form, plain))
    return path


@contextmanager
def serving(certificate: Path, *, with_tls: bool) -> Iterator[tuple[int, list[bytes]]]:
    """Serve on loopback and yield the port and what a client said in the clear.

    Without TLS it is a proxy: it takes a CONNECT, and then speaks TLS itself.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    said: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    if not with_tls:
                        said.append(connection.recv(4096))
                        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                    with context.wrap_socket(connection, server_side=True) as line:
                        line.recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1], said
        finally:
            thread.join(10)


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Trust the certificate, as a company does its own authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


def test_a_server_tells_its_version_and_the_end_of_its_certificate(trusted: Path) -> None:
    """The authorities are those that the client trusts: SSL_CERT_FILE counts."""
    with serving(trusted, with_tls=True) as (port, _):
        version, ends = shake_hands("localhost", port, "")
    assert version.startswith("TLSv1.")
    assert ends == ENDS


def test_a_proxy_is_asked_for_the_host_with_its_own_login(trusted: Path) -> None:
    """As the client does."""
    with serving(trusted, with_tls=False) as (port, said):
        shake_hands("localhost", 443, f"http://user:pass%40@127.0.0.1:{port}")
    first, *headers = said[0].decode().split("\r\n")
    assert first.startswith("CONNECT localhost:443 HTTP/1.")
    assert "Proxy-Authorization: Basic dXNlcjpwYXNzQA==" in headers


def test_a_certificate_of_nobody_is_not_trusted(certificate: Path) -> None:
    """What answers may be anybody."""
    with (
        serving(certificate, with_tls=True) as (port, _),
        pytest.raises(ssl.SSLCertVerificationError, match="self-signed"),
    ):
        shake_hands("localhost", port, "")


def test_a_host_of_this_machine_has_an_address() -> None:
    """Whatever the name servers say."""
    assert look_up("localhost", 443) >= 1
