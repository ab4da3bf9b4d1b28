"""What an address names: a stream, whatever else stands in it."""

import ipaddress
import re
import socket
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

DEFAULT_PORTS = {"rtmp": 1935, "rtmps": 443, "http": 80, "https": 443, "rtsp": 554}

IDENTITY = frozenset({"streamid", "streamname", "vhost"})
"""Arguments that say which stream an address means; any other signs it or steers the push.

Sources: SRT's access control (`streamid`), SRS (`vhost`), nginx-rtmp-module (`streamname`).
"""

_STANDARD = "#!::"
"""How a `streamid` begins that holds keys and values, of which `h` and `r` name host and resource.

Source: https://github.com/Haivision/srt/blob/master/docs/features/access-control.md
"""

_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE)


def stream_of(url: str) -> str:
    """Return what tells the stream of an address from any other, for comparison only.

    Neither scheme, default port, letter case of the host, percent-encoding nor a signature counts.
    """
    # Not the parser's query: a `streamid` may hold the mark of a fragment.
    address, _, query = url.partition("?")
    parts = urlsplit(address)
    port = parts.port if parts.port != DEFAULT_PORTS.get(parts.scheme.lower()) else None
    where = f"{(parts.hostname or '').rstrip('.')}{f':{port}' if port else ''}"
    steps = "/".join(step for step in unquote(parts.path).split("/") if step)
    return " ".join([f"{where}/{steps}", *sorted(_identity(query))])


def names_no_stream(url: str) -> bool:
    """Return whether a push address has an app at most, and nothing else that names a stream."""
    address, _, query = url.partition("?")
    steps = [step for step in urlsplit(address).path.split("/") if step]
    return len(steps) < 2 and not list(_identity(query))


def names_nothing(url: str) -> bool:
    """Return whether an address to pull from is a host and nothing else.

    With a port it may be all there is: Volcengine takes `host:port`, and SRT needs no more.
    """
    address, _, query = url.partition("?")
    parts = urlsplit(address)
    return not parts.path.strip("/") and not parts.port and not query


def has_empty_step(url: str) -> bool:
    """Return whether two slashes follow one another in the path."""
    return "//" in urlsplit(url.partition("?")[0]).path


def is_private_host(host: str) -> bool:
    """Return whether a host is an address or a name that no cloud can reach.

    A number counts in every form that a resolver takes: `0x7f000001`, `2130706433`, `127.1`.
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
