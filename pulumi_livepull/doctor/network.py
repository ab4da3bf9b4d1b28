"""The way to a vendor: name resolution, the proxy and TLS, each looked at by itself."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from urllib.parse import unquote, urlsplit

from pulumi_livepull.core.exchange import proxy_for, trust
from pulumi_livepull.doctor.check import Check, line

SECONDS = 10.0
"""How long a connection may take."""

SOON_DAYS = 7
"""A certificate that ends within so many days is worth a word."""

AUTHORITY = (
    "Check the endpoint, and that no proxy answers in its place. If an authority of your own "
    "signed it, set SSL_CERT_FILE to that authority's file."
)
NO_NAME = "Check the region, the endpoint and this machine's name servers."
NO_WAY = "Check the network, its firewall and the proxy."


@dataclass(frozen=True)
class Network:
    """How to find a host and shake hands with it; a test has its own."""

    look_up: Callable[[str, int], int]
    """Returns how many addresses a host has. Raises `OSError`."""

    shake_hands: Callable[[str, int, str], tuple[str, datetime]]
    """Returns the version of TLS and the end of the certificate, perhaps through a proxy.

    Raises `OSError` or `HTTPException`.
    """

    proxy: Callable[[str, str], str]
    """Returns the proxy for a scheme and host; empty for none."""


def look_up(host: str, port: int) -> int:
    """See `Network`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return len({address[0] for *_, address in found})


def shake_hands(host: str, port: int, proxy: str) -> tuple[str, datetime]:
    """See `Network`. The proxy is one of plain HTTP."""
    connection: HTTPConnection
    if proxy:
        by = urlsplit(proxy)
        connection = HTTPConnection(by.hostname or "", by.port or 80, timeout=SECONDS)
        connection.set_tunnel(host, port, headers=_login(by.username, by.password))
    else:
        connection = HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.connect()
        with trust().wrap_socket(connection.sock, server_hostname=host) as line_:
            certificate = line_.getpeercert() or {}
            ends = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
            return line_.version() or "", datetime.fromtimestamp(ends, UTC)
    finally:
        connection.close()


def _login(user: str | None, password: str | None) -> dict[str, str]:
    if not user:
        return {}
    text = f"{unquote(user)}:{unquote(password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(text.encode()).decode()}"}


NETWORK = Network(look_up, shake_hands, proxy_for)


def way(section: str, address: str, now: datetime, network: Network = NETWORK) -> Iterator[Check]:
    """Yield how the way to an address is: its name, the proxy and TLS."""
    url = urlsplit(address)
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    proxy = network.proxy(url.scheme, host)
    if proxy:
        yield Check(section, "proxy", "note", f"{host} is reached through {line(proxy)}")
    by = urlsplit(proxy)
    named = (by.hostname or "", by.port or 80) if proxy else (host, port)
    name = _name(section, named, network)
    yield name
    if url.scheme != "https":
        yield Check(section, "TLS", "note", f"{host} is called without encryption")
    elif name.state == "ok" and by.scheme in {"", "http"}:
        yield _tls(section, (host, port), proxy, now, network)
    else:
        why = "its name is not known" if name.state != "ok" else f"the proxy is one of {by.scheme}"
        yield Check(section, "TLS", "skipped", f"not tried, as {why}")


def _name(section: str, place: tuple[str, int], network: Network) -> Check:
    host, port = place
    try:
        count = network.look_up(host, port)
    except (OSError, UnicodeError) as error:
        reason = line(getattr(error, "strerror", None) or str(error))
        what = f"{host} has no address: {reason}"
        return Check(section, "name", "failed", what, NO_NAME, "unreachable")
    return Check(section, "name", "ok", f"{host} has {count} address{'es' if count > 1 else ''}")


def _tls(
    section: str, place: tuple[str, int], proxy: str, now: datetime, network: Network
) -> Check:
    host, port = place
    try:
        version, ends = network.shake_hands(host, port, proxy)
    except ssl.SSLCertVerificationError as error:
        what = f"the certificate of {host} is not trusted: {line(error.verify_message)}"
        return Check(section, "TLS", "failed", what, AUTHORITY, "untrusted")
    except (OSError, HTTPException) as error:
        reason = line(getattr(error, "strerror", None) or str(error) or type(error).__name__)
        what = f"no connection to {host}:{port}: {reason}"
        return Check(section, "TLS", "failed", what, NO_WAY, "unreachable")
    what = f"{version}, certificate good until {ends:%Y-%m-%d}"
    if (ends - now).days < SOON_DAYS:
        remedy = "If the vendor does not renew it in time, its support can tell."
        return Check(section, "TLS", "warning", what, remedy, "untrusted")
    return Check(section, "TLS", "ok", what)
