"""What Volcengine would overwrite without a word, refused instead."""

from collections.abc import Iterator

from pulumi_livepull.core.answers import read_only
from pulumi_livepull.errors import Duplicate


def refuse_if_taken(found: Iterator[object], key: str) -> None:
    """Raise `Duplicate` if something holds a key, where the vendor would overwrite it."""
    with read_only():
        holder = next(found, None)
    if holder is not None:
        raise Duplicate(
            f"{key} is there already",
            f'Set `adopt` to "{key}" to manage it here, or delete it first.',
            key,
        )
