"""Refuse to create what would silently overwrite an existing resource at Volcengine."""

from collections.abc import Iterator

from pulumi_livepull.core.answers import read_only
from pulumi_livepull.errors import Duplicate


def refuse_if_taken(found: Iterator[object], key: str) -> None:
    """Raise `Duplicate` if a key is in use, because the vendor would overwrite that resource."""
    with read_only():
        holder = next(found, None)
    if holder is not None:
        raise Duplicate(
            f"{key} is there already",
            f'Set `adopt` to "{key}" to manage it here, or delete it first.',
            key,
        )
