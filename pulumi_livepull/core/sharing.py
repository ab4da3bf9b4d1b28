"""Lists of what an account holds, each for many who want to know: SharedReads and Coalescer.

And KeyedLocks, for those that must not do a thing at the same time.
"""

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pulumi_livepull.errors import LivePullError

Answer = Mapping[str, Any]
Fetched = TypeVar("Fetched")

READS_BEFORE_LIST = 4
"""How many things are read one by one before a list is worth its pages."""

FRESH_SECONDS = 30.0
"""How long a list counts once it is there: its pages may take as long to come."""


@dataclass
class _CachedList:
    """What is known of one list: how many asked, and what it held when it was asked for."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    since: tuple[float, int] = (-math.inf, 0)
    """When the answers were there, and how many changes came before they were asked for."""


class SharedReads:
    """Lists of each kind of thing; safe to use from many threads.

    An answer is handed out once: who asks again wants to know what is so now. A change of our own
    makes a list worthless, also one that is on its way. What a list lacks proves nothing.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lists: dict[object, _CachedList] = {}
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
            cached = self._lists.setdefault((kind, frozenset(where.items())), _CachedList())
        with cached.lock:
            cached.asked += 1
            if cached.asked <= READS_BEFORE_LIST:
                return None
            if not self._is_fresh(cached, kind):
                changes = self._changes[kind]
                cached.answers = _fetched(fetch)
                cached.since = self._monotonic(), changes
            return cached.answers.pop(resource_id, None) if self._is_fresh(cached, kind) else None

    @contextmanager
    def invalidating(self, kind: str) -> Iterator[None]:
        """Let no list that was asked for before the end of this say what things are like."""
        self._invalidate(kind)
        try:
            yield
        finally:
            self._invalidate(kind)

    def _invalidate(self, kind: str) -> None:
        with self._lock:
            self._changes[kind] += 1

    def _is_fresh(self, cached: _CachedList, kind: str) -> bool:
        came_at, changes = cached.since
        return changes == self._changes[kind] and self._monotonic() - came_at < FRESH_SECONDS


def _fetched(fetch: Callable[[], Iterable[tuple[str, Answer]]]) -> dict[str, Answer]:
    """Return what a list holds; one that cannot be had holds nothing, and is no failure."""
    try:
        return dict(fetch())
    except LivePullError:
        return {}


class KeyedLocks:
    """One lock for each key; safe to use from many threads."""

    def __init__(self) -> None:
        self._locks: defaultdict[object, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def of(self, key: object) -> threading.Lock:
        """Return the lock that all who name this key share."""
        with self._lock:
            return self._locks[key]


class _Pending:
    """A question that is still to be asked, and its answer; `None` if it cannot be had."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.answer: Any = None


class Coalescer:
    """Lets all who want to know the same ask once; safe to use from many threads.

    Unlike `SharedReads` it keeps nothing: who asks gets what was so after asking. While a question
    is on its way, or waits for its turn, those who come gather for the next one.
    """

    def __init__(self) -> None:
        self._gathering: dict[object, _Pending] = {}
        self._key_locks = KeyedLocks()
        self._lock = threading.Lock()

    def ask(self, key: object, fetch: Callable[[], Fetched], patience: float) -> Fetched:
        """Return what `fetch` returns, asked by one for all who want what `key` names.

        Who waits for longer than `patience`, in seconds, or for one who fails, asks alone.
        """
        with self._lock:
            joined = self._gathering.get(key)
            mine = self._gathering.setdefault(key, _Pending())
        if joined:
            joined.over.wait(None if math.isinf(patience) else max(0.0, patience))
            return fetch() if joined.answer is None else joined.answer
        try:
            with self._key_locks.of(key):
                with self._lock:
                    del self._gathering[key]
                mine.answer = answer = fetch()
                return answer
        finally:
            mine.over.set()
