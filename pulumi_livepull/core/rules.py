"""Rules that resources of several vendors share. Each yields what it finds wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pulumi_livepull.core.address import has_empty_step, names_no_stream, names_nothing
from pulumi_livepull.core.property import Path
from pulumi_livepull.core.resource import Caution, Failure, Finding
from pulumi_livepull.core.types import is_private, split_url

LONGEST = timedelta(days=7)
"""The longest time for which Huawei, Alibaba and Volcengine run a task."""

UNREACHABLE = "is a private address, which the cloud cannot reach"

EXPIRES = "is signed only until"
"""How the warning about a signature that expires too early begins."""


def window(
    start: datetime | None, end: datetime | None, now: datetime, *, strict: bool = True
) -> Iterator[Finding]:
    """Yield what is wrong with `start_time` and `end_time`.

    With `strict`, a window of more than seven days fails; otherwise it only causes a warning.
    """
    if end is None:
        return
    if start and end <= start:
        yield Failure(("end_time",), "must be later than `start_time`")
    elif end - (start or min(now, end)) > LONGEST:
        finding = Failure if strict else Caution
        yield finding(("end_time",), "must be at most 7 days after the start")


def address(path: Path, url: str, schemes: tuple[str, ...]) -> Iterator[Caution]:
    """Yield warnings about an address that the cloud pulls from."""
    yield from _spelling(path, url, schemes)
    if split_url(url) and names_nothing(url):
        yield Caution(path, "names a host only: the stream or file is missing")


def destination(path: Path, url: str, schemes: tuple[str, ...]) -> Iterator[Caution]:
    """Yield warnings about an address that the cloud pushes to."""
    yield from _spelling(path, url, schemes)
    if split_url(url) and names_no_stream(url):
        yield Caution(path, "names no stream: an address ends with app/stream")


def _spelling(path: Path, url: str, schemes: tuple[str, ...]) -> Iterator[Caution]:
    parts = split_url(url)
    if parts and parts.scheme not in schemes:
        yield Caution(path, f"has the scheme {parts.scheme}, not one of {', '.join(schemes)}")
    if parts and has_empty_step(url):
        yield Caution(path, "has two slashes in a row: for most servers that is another stream")
    yield from reachable(path, url)


def reachable(path: Path, url: str) -> Iterator[Caution]:
    """Yield a warning if no cloud can reach the address."""
    if is_private(url):
        yield Caution(path, UNREACHABLE)


def repeated(path: Path, urls: list[str]) -> Iterator[Caution]:
    """Yield a warning for every file that is already in the playlist."""
    for index, url in enumerate(urls):
        if url in urls[:index]:
            yield Caution((*path, index), "is in the list already, so it would play twice")


def plain_stream(path: Path, stream: str | None, place: str) -> Iterator[Caution]:
    """Yield a warning if a stream name has a query, which usually signs the push.

    `place` is the secret input for it.
    """
    if "?" in (stream or ""):
        yield Caution(path, f"has a query, and this input is not secret: use `{place}` for it")


def outlives_signature(path: Path, url: str | None, end: datetime | None) -> Iterator[Caution]:
    """Yield a warning if the signature in a push address expires before the task ends."""
    until = signed_until(url) if url else None
    if until and end and until < end:
        yield Caution(path, f"{EXPIRES} {until:%Y-%m-%dT%H:%M:%SZ}, before the task ends")


def signed_until(url: str) -> datetime | None:
    """Return the earliest time at which the signature in an address expires, or `None` if it has
    none.

    Alibaba and Huawei's method A put Unix seconds first in `auth_key`, Huawei's methods D and B
    hexadecimal seconds in `hwTime` and `txTime`, Tencent hexadecimal or decimal ones in `txTime`,
    Volcengine Unix seconds in `volcTime`. The domain settings of Alibaba and Huawei may extend it,
    which the address does not show. For the pages, see each vendor's `push_url.py`.
    """
    for name, value in _arguments(url):
        try:
            match name:
                case "auth_key":
                    return datetime.fromtimestamp(int(value.split("-")[0]), UTC)
                case "hwTime" | "txTime":
                    # Ten digits are decimal: in hexadecimal they would be centuries away.
                    base = 10 if len(value) == 10 and value.isdecimal() else 16
                    return datetime.fromtimestamp(int(value, base), UTC)
                case "volcTime":
                    return datetime.fromtimestamp(int(value), UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return None


def is_signed(url: str) -> bool:
    """Return whether an address has a part of a signature, however damaged."""
    names = {"auth_key", "hwSecret", "hwTime", "txSecret", "txTime", "volcSecret", "volcTime"}
    return any(name in names for name, _ in _arguments(url))


def _arguments(url: str) -> Iterator[tuple[str, str]]:
    for argument in url.partition("?")[2].split("&"):
        name, _, value = argument.partition("=")
        yield name, value
