"""The canonical spelling of a query, which is both sent and signed."""

from collections.abc import Iterable
from urllib.parse import quote


def canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a query sorted by name, then value, both percent-encoded according to RFC 3986."""
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in sorted(pairs))


def encoded(text: str) -> str:
    """Percent-encode all but the unreserved characters."""
    return quote(text, safe="~")
