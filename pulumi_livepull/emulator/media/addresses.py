"""Decide what to pull for the address of a source: a test picture, a local source, or nothing.

The emulator must not fetch arbitrary addresses that a program names.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

RESERVED = ("example", "example.com", "example.org", "example.net")
"""Reserved names (RFC 2606)."""

SCHEMES = ("rtmp", "rtmps", "http", "https")
"""The vendors' schemes that PyAV's wheel supports. It has no SRT."""


@dataclass(frozen=True)
class Origin:
    """What to open for an address, or why it cannot be opened."""

    kind: Literal["picture", "open", "refused"]
    address: str
    """The address in the task."""

    opens: str = ""
    """What to open instead."""

    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, for a relay in another process."""
        return {"kind": self.kind, "address": self.address, "opens": self.opens, "why": self.why}


@dataclass(frozen=True)
class Addresses:
    """Decides what to open for an address."""

    sources: Mapping[str, str] = field(default_factory=dict)
    """Files or addresses that replace `HOST/PATH`."""

    pull_from: Collection[str] = ()
    """Remote hosts from which relays may pull."""

    def find(self, address: str) -> Origin:
        """Return what to open for this address."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError as wrong:
            return Origin("refused", address, why=str(wrong))
        if given := self.sources.get(f"{host}{parts.path}"):
            return Origin("open", address, given)
        # Anything that is not a URL is a vendor's id of a file.
        if not parts.scheme or is_reserved(host):
            return Origin("picture", address)
        if parts.scheme not in SCHEMES:
            why = f"the emulator pulls {', '.join(SCHEMES)}, and not {parts.scheme}"
            return Origin("refused", address, why=why)
        if self.may_open(host):
            return Origin("open", address, address)
        why = f"the emulator does not pull from {host} without --pull-from {host}"
        return Origin("refused", address, why=why)

    def may_open(self, host: str) -> bool:
        """Return whether relays may fetch from this host."""
        given = (urlsplit(each).hostname for each in self.sources.values() if "://" in each)
        return is_loopback(host) or host in self.pull_from or host in given


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_reserved(host: str) -> bool:
    """Return whether a host is a reserved name."""
    return any(host == name or host.endswith(f".{name}") for name in RESERVED)


def read_sources(pairs: Collection[str]) -> dict[str, str]:
    """Parse `HOST/PATH=file-or-url` texts. Raises ValueError for another form or a missing file."""
    sources = {}
    for pair in pairs:
        name, equals, given = pair.partition("=")
        host, slash, _ = name.partition("/")
        if not (host and slash and equals and given):
            raise ValueError(f"{pair!r} is not HOST/PATH=FILE or HOST/PATH=ADDRESS")
        if "://" not in given:
            path = Path(given).expanduser().absolute()
            if not path.is_file():
                raise ValueError(f"there is no file {path}")
            given = str(path)
        elif urlsplit(given).scheme not in SCHEMES:
            raise ValueError(f"{given!r} is none of {', '.join(SCHEMES)}")
        sources[name] = given
    return sources
