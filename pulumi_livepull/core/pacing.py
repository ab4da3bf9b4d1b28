"""Pacer: limits the request rate of each operation."""

import threading
from collections.abc import Callable

SLOWEST = 16.0
"""How many times slower than the configured rate an operation may become."""


class Pacer:
    """Spread the requests of each operation evenly, so that the vendor does not throttle them.

    An operation that is throttled anyway continues at half the rate and recovers gradually.
    """

    def __init__(self, per_second: float, monotonic: Callable[[], float]) -> None:
        self._gap = 1 / per_second
        self._monotonic = monotonic
        self._next: dict[str, float] = {}
        self._slower: dict[str, float] = {}
        self._lock = threading.Lock()

    def delay(self, operation: str) -> float:
        """Reserve the next slot for `operation` and return the seconds until it begins."""
        with self._lock:
            now = self._monotonic()
            place = max(now, self._next.get(operation, now))
            self._next[operation] = place + self._gap * self._slower.get(operation, 1.0)
            return place - now

    def slow_down(self, operation: str, seconds: float) -> None:
        """Pause for some seconds, then continue at half the rate."""
        with self._lock:
            slower = self._slower.get(operation, 1.0) * 2
            self._slower[operation] = min(slower, SLOWEST)
            place = self._monotonic() + seconds
            self._next[operation] = max(place, self._next.get(operation, place))

    def speed_up(self, operation: str) -> None:
        """Speed up a little, at most to the configured rate."""
        with self._lock:
            self._slower[operation] = max(1.0, self._slower.get(operation, 1.0) * 0.95)
