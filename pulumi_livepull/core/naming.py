"""Convert names between snake_case and camelCase, also inside text."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_QUOTED = re.compile(r"`([a-z0-9_]+)`")


def camel(name: str) -> str:
    """Return `source_urls` as `sourceUrls`."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def snake(name: str) -> str:
    """Return `sourceUrls` as `source_urls`."""
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


def pascal(name: str) -> str:
    """Return `source_urls` as `SourceUrls`."""
    return "".join(word.capitalize() for word in name.split("_"))


def path_text(path: Iterable[str | int]) -> str:
    """Return a property path in Pulumi's spelling: `("source_urls", 3)` is `sourceUrls[3]`."""
    head, *tail = path
    return camel(str(head)) + "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in tail
    )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a message that suggests a similar known name, or nothing."""
    close = get_close_matches(name, list(known), n=1)
    return f": did you mean `{close[0]}`" if close else ""


def respell(text: str, names: Iterable[str]) -> str:
    """Return `text` with those of its back-quoted words that are in `names` in camelCase."""
    known = frozenset(names)
    return _QUOTED.sub(
        lambda found: f"`{camel(found[1])}`" if found[1] in known else found[0], text
    )
