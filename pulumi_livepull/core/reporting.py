"""What a recording callback reports, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pulumi_livepull.core.naming import camel


@dataclass(frozen=True)
class Reporting:
    """The names of the fields that say what a recording callback reports, and where.

    Each of `addresses` holds one address or a list. `events` is the field that lists the reported
    events, if there is one.
    """

    addresses: tuple[str, ...]
    events: str = ""

    def places(self, values: Mapping[str, Any]) -> list[str]:
        """Return the addresses without user info and query, so that they can be shown.

        `values` is in Pulumi's spelling.
        """
        given = [values.get(camel(name)) for name in self.addresses]
        flat = [item for each in given for item in (each if isinstance(each, list) else [each])]
        return [_without_secrets(url) for url in flat if isinstance(url, str) and url]

    def reported(self, values: Mapping[str, Any]) -> list[str]:
        """Return the events in `values`, if there are any."""
        given = values.get(camel(self.events)) if self.events else None
        listed = given if isinstance(given, list) else [given]
        return [event for event in listed if isinstance(event, str)]


def _without_secrets(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme and host else "a secret address"
