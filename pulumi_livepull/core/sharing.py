"""Let many operations share one list of an account: SharedReads and Coalescer.

KeyedLocks keeps operations from doing something at the same time.
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
"""How many single reads are sent before a list is worth its pages."""

FRESH_SECONDS = 30.0
"""How long a list is used after it has arrived. Its pages may take as long to arrive."""


@dataclass
class _CachedList:
    """One list: how many reads asked for it, and its items."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    since: tuple[float, int] = (-math.inf, 0)
    """When the items arrived, and how many changes there had been when they were requested."""


class SharedReads:
    """Lists of each kind of resource. Safe to use from many threads.

    Each item is returned once, because a second read needs its current state. Our own changes
    invalidate a list, even while it is being fetched. A resource that is missing from a list may
    still exist.
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
        """Return a resource's item from a list, or `None` if it must be read on its own.

        `fetch` returns the list of this kind for the filter `where`.
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
        """Invalidate all lists of a kind that were requested before the end of the block."""
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
    """Return the items of a list. If it cannot be fetched, return none: that is not an error."""
    try:
        return dict(fetch())
    except LivePullError:
        return {}


class KeyedLocks:
    """One lock for each key. Safe to use from many threads."""

    def __init__(self) -> None:
        self._locks: defaultdict[object, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def of(self, key: object) -> threading.Lock:
        """Return the lock for this key."""
        with self._lock:
            return self._locks[key]


class _Pending:
    """A fetch that has not started yet, and its result; `None` if it fails."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.answer: Any = None


class Coalescer:
    """Lets operations that want the same share one fetch. Safe to use from many threads.

    Unlike `SharedReads` it caches nothing: the result is never older than the request for it.
    Operations that arrive while a fetch is running share the next one.
    """

    def __init__(self) -> None:
        self._gathering: dict[object, _Pending] = {}
        self._key_locks = KeyedLocks()
        self._lock = threading.Lock()

    def ask(self, key: object, fetch: Callable[[], Fetched], patience: float) -> Fetched:
        """Return what `fetch` returns, called by one operation for all that want `key`.

        An operation calls `fetch` itself if it has waited for `patience` seconds or if the shared
        fetch fails.
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
