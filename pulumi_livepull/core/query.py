"""The one spelling of a query, in which it is sent and signed."""

from collections.abc import Iterable
from urllib.parse import quote


def canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a query sorted by name, then value, both encoded as RFC 3986 says."""
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(pairs))


def encoded(text: str) -> str:
    """Return a text in which only unreserved characters are as they were."""
    return quote(text, safe="~")
