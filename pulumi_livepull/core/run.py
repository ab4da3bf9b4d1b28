"""Run: what one run of a program remembers of the calls it made, for one vendor and its keys."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from pulumi_livepull.core.sharing import SharedReads

Seen = TypeVar("Seen")


class Run:
    """Shared by all operations of a run; safe to use from many threads.

    `touched` holds the ids of what was created, deleted or adopted, `attempted` what stands for the
    inputs of each create, and `shared` the lists that many reads share. `adopts_same` tells whether
    a create is to adopt what exists already with the same inputs.
    """

    def __init__(self, monotonic: Callable[[], float], *, adopts_same: bool = False) -> None:
        self.touched: set[str] = set()
        self.attempted: set[object] = set()
        self.shared = SharedReads(monotonic)
        self.adopts_same = adopts_same
        self._seen: dict[object, Any] = {}
        self._looking = threading.Lock()

    def once(self, key: object, look: Callable[[], Seen]) -> Seen:
        """Return what `look` returned when it was first asked for under this key."""
        with self._looking:
            if key not in self._seen:
                self._seen[key] = look()
            seen: Seen = self._seen[key]
            return seen
