"""SharedReads: one list of what an account holds, for the many reads of a refresh."""

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pulumi_livepull.errors import LivePullError

Answer = Mapping[str, Any]

ALONE = 4
"""How many things are read one by one before a list is worth its pages."""

FRESH_SECONDS = 30.0
"""How old a list may be. A refresh of thousands takes longer, and asks again."""


@dataclass
class _Shelf:
    """What is known of one list: how many asked, and what it held when it was asked for."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    since: tuple[float, int] = (-math.inf, 0)
    """When the answers were asked for, and after how many changes."""


class SharedReads:
    """Lists of each kind of thing; safe to use from many threads.

    An answer is handed out once: who asks again wants to know what is so now. A change of our own
    makes a list worthless, also one that is on its way. What a list lacks proves nothing.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._shelves: dict[object, _Shelf] = {}
        self._changes: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(
        self,
        kind: str,
        where: Mapping[str, str],
        resource_id: str,
        fetch: Callable[[], Iterable[tuple[str, Answer]]],
    ) -> Answer | None:
        """Return what a list holds of a thing, or `None` if the thing is to be looked at itself.

        `fetch` asks for the list of things of a kind that `where` stands for.
        """
        with self._lock:
            shelf = self._shelves.setdefault((kind, frozenset(where.items())), _Shelf())
        with shelf.lock:
            shelf.asked += 1
            if shelf.asked <= ALONE:
                return None
            if not self._is_fresh(shelf, kind):
                shelf.since = self._monotonic(), self._changes[kind]
                shelf.answers = _held(fetch)
            return shelf.answers.pop(resource_id, None) if self._is_fresh(shelf, kind) else None

    @contextmanager
    def changing(self, kind: str) -> Iterator[None]:
        """Let no list that was asked for before the end of this say what things are like."""
        self._forget(kind)
        try:
            yield
        finally:
            self._forget(kind)

    def _forget(self, kind: str) -> None:
        with self._lock:
            self._changes[kind] += 1

    def _is_fresh(self, shelf: _Shelf, kind: str) -> bool:
        asked_at, changes = shelf.since
        return changes == self._changes[kind] and self._monotonic() - asked_at < FRESH_SECONDS


def _held(fetch: Callable[[], Iterable[tuple[str, Answer]]]) -> dict[str, Answer]:
    """Return what a list holds; one that cannot be had holds nothing, and is no failure."""
    try:
        return dict(fetch())
    except LivePullError:
        return {}
