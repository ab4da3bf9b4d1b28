"""Secrets with a mark in them, all that a test can see, and what of it shows a mark.

A mark has letters that no spelling changes, among characters that each spelling changes.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from pulumi_livepull.core.lifecycle.redaction import secrets_of, texts
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait

CORE = "HUSH"
"""What a leak is known by."""

MARKS = (CORE, f"""a{CORE}&"<'>%2Bé+/={CORE}𝄞b""")
"""A plain mark, and one that JSON, HTML and URLs spell differently."""

_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_SIGNATURE = "4dabf18193072939515e22adb298388d"


def marked(resource: type[Resource], inputs: Mapping[str, Any], mark: str) -> dict[str, Any]:
    """Return inputs with the mark in every secret, and in every address where a key may be."""
    return {name: _marked(resource, name, value, mark) for name, value in inputs.items()}


def _marked(resource: type[Resource], name: str, value: Any, mark: str) -> Any:
    prop = next(prop for prop in resource.inputs() if prop.camel == name)
    if prop.has(Trait.SECRET):
        return _in_address(value, mark) if "://" in value else value + _plain(mark)
    return _in_addresses(value, mark) if prop.carries_key else value


def _plain(mark: str) -> str:
    """Return what a key may have of a mark: some vendors take letters and digits only."""
    return "".join(each for each in mark if each.isascii() and each.isalnum())


def _in_addresses(value: Any, mark: str) -> Any:
    if isinstance(value, list):
        return [_in_addresses(item, mark) for item in value]
    if isinstance(value, dict):
        return {name: _in_addresses(item, mark) for name, item in value.items()}
    return _with_key(value, mark) if "://" in str(value) else value


def _with_key(url: str, mark: str) -> str:
    joint = "&" if "?" in url else "?"
    return f"{url}{joint}token={mark}&sign=x{mark}"


def _in_address(url: str, mark: str) -> str:
    path, _, query = _with_key(url, mark).partition("?")
    return f"{path}-{mark.replace('?', '').replace('/', '')}?{query}"


def given_secrets(resource: type[Resource], inputs: Mapping[str, Any]) -> list[str]:
    """Return the secrets among inputs, which are all that have a mark."""
    secrets = secrets_of(resource, inputs)
    assert sorted(secrets) == sorted(text for text in texts(dict(inputs)) if CORE in text)
    return secrets


class Watch(logging.Handler):
    """Keeps all that is logged, raised and handed to Pulumi unprotected."""

    def __init__(self) -> None:
        super().__init__(0)
        self.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what a record says, its arguments and its traceback."""
        self.seen.append(self.format(record))

    def see(self, *things: object) -> None:
        """Keep what is no secret of things that are shown or handed over."""
        self.seen += [str(list(unprotected(thing))) for thing in things]

    def leaks(self, *marks: str) -> list[str]:
        """Return what shows a mark."""
        return [text for text in self.seen if any(mark in text for mark in (CORE, *marks))]


def unprotected(value: Any) -> Iterator[str]:
    """Yield every text in a value, except in those marked as secret for Pulumi."""
    if isinstance(value, Message):
        value = MessageToDict(value)
    if isinstance(value, Mapping):
        if value.get(_SIGNATURE) != _SECRET:
            for name, item in value.items():
                yield str(name)
                yield from unprotected(item)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for item in value:
            yield from unprotected(item)
    else:
        yield str(value)


@contextmanager
def everything_logged(handler: logging.Handler) -> Iterator[None]:
    """Let the handler have what any logger says at any level."""
    named = [each for each in logging.root.manager.loggerDict.values() if hasattr(each, "level")]
    loggers = [logging.root, *named]
    levels = [logger.level for logger in loggers]
    undo: list[Callable[[], None]] = []
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(1)
        undo.append(lambda logger=logger, level=level: logger.setLevel(level))  # type: ignore[misc]
        if logger is logging.root or not logger.propagate:
            logger.addHandler(handler)
            undo.append(lambda logger=logger: logger.removeHandler(handler))  # type: ignore[misc]
    try:
        yield
    finally:
        for step in undo:
            step()
