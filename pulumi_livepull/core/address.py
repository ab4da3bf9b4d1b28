"""Which stream an address names, and what else can be told from an address."""

import ipaddress
import re
import socket
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

DEFAULT_PORTS = {"rtmp": 1935, "rtmps": 443, "http": 80, "https": 443, "rtsp": 554}

IDENTITY = frozenset({"streamid", "streamname", "vhost"})
"""Query arguments that identify the stream. All others are a signature or options of the push.

Sources: SRT's access control (`streamid`), SRS (`vhost`), nginx-rtmp-module (`streamname`).
"""

_STANDARD = "#!::"
"""Prefix of a `streamid` that holds key-value pairs. Its keys `h` and `r` name host and resource.

Source: https://github.com/Haivision/srt/blob/master/docs/features/access-control.md
"""

_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE)


def stream_of(url: str) -> str:
    """Return a key that identifies the stream of an address. Use it only for comparison.

    Addresses that differ only in scheme, default port, case of the host, percent-encoding or
    signature have the same key.
    """
    # `urlsplit` would end the query at a `#`, which a `streamid` may contain.
    address, _, query = url.partition("?")
    parts = urlsplit(address)
    port = parts.port if parts.port != DEFAULT_PORTS.get(parts.scheme.lower()) else None
    where = f"{(parts.hostname or '').rstrip('.')}{f':{port}' if port else ''}"
    steps = "/".join(step for step in unquote(parts.path).split("/") if step)
    return " ".join([f"{where}/{steps}", *sorted(_identity(query))])


def names_no_stream(url: str) -> bool:
    """Return whether a push address lacks a stream: it has at most an app, and no argument that
    names one."""
    address, _, query = url.partition("?")
    steps = [step for step in urlsplit(address).path.split("/") if step]
    return len(steps) < 2 and not list(_identity(query))


def names_nothing(url: str) -> bool:
    """Return whether a source address is only a host.

    A host with a port can be complete: Volcengine accepts `host:port`, and so does SRT.
    """
    address, _, query = url.partition("?")
    parts = urlsplit(address)
    return not parts.path.strip("/") and not parts.port and not query


def has_empty_step(url: str) -> bool:
    """Return whether the path contains two slashes in a row."""
    return "//" in urlsplit(url.partition("?")[0]).path


def is_private_host(host: str) -> bool:
    """Return whether a host is a private address or name, which no cloud can reach.

    It recognises every notation of an IPv4 address that resolvers accept: `0x7f000001`,
    `2130706433`, `127.1`.
    """
    host = host.rstrip(".").lower()
    if _NUMERIC.fullmatch(host):
        try:
            host = socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(_LOCAL_SUFFIXES)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return not (mapped or address).is_global


def _identity(query: str) -> Iterator[str]:
    for argument in query.split("&"):
        name, _, value = argument.partition("=")
        if name.lower() in IDENTITY and value:
            yield f"{name.lower()}={_without_signature(unquote(value))}"


def _without_signature(value: str) -> str:
    if not value.startswith(_STANDARD):
        return value
    pairs = value.removeprefix(_STANDARD).split(",")
    return ",".join(sorted(pair for pair in pairs if pair.partition("=")[0] in {"h", "r"}))
