"""Run: what one run of a program remembers of the calls it made, for one vendor and its keys."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from pulumi_livepull.core.sharing import SharedReads

Result = TypeVar("Result")


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
        self._results: dict[object, Any] = {}
        self._fetching = threading.Lock()

    def once(self, key: object, fetch: Callable[[], Result]) -> Result:
        """Return what `fetch` returned when it was first asked for under this key."""
        with self._fetching:
            if key not in self._results:
                self._results[key] = fetch()
            result: Result = self._results[key]
            return result
