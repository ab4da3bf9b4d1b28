"""Pacer: how fast the requests of one operation follow one another."""

import threading
from collections.abc import Callable

SLOWEST = 16.0
"""How many times slower than its set pace an operation may become."""


class Pacer:
    """Spreads the requests of each operation evenly, so that a vendor need not throttle them.

    One that is throttled all the same goes at half the pace, and little by little at the old one.
    """

    def __init__(self, per_second: float, monotonic: Callable[[], float]) -> None:
        self._gap = 1 / per_second
        self._monotonic = monotonic
        self._next: dict[str, float] = {}
        self._slower: dict[str, float] = {}
        self._lock = threading.Lock()

    def delay(self, operation: str) -> float:
        """Take the next place in line for `operation` and return the seconds until it comes."""
        with self._lock:
            now = self._monotonic()
            place = max(now, self._next.get(operation, now))
            self._next[operation] = place + self._gap * self._slower.get(operation, 1.0)
            return place - now

    def slow_down(self, operation: str, seconds: float) -> None:
        """Let nobody go for some seconds, and then at half the pace."""
        with self._lock:
            slower = self._slower.get(operation, 1.0) * 2
            self._slower[operation] = min(slower, SLOWEST)
            place = self._monotonic() + seconds
            self._next[operation] = max(place, self._next.get(operation, place))

    def speed_up(self, operation: str) -> None:
        """Go a little faster, up to the pace that was set."""
        with self._lock:
            self._slower[operation] = max(1.0, self._slower.get(operation, 1.0) * 0.95)
