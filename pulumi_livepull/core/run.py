"""Run: what one run of a program remembers about its calls, for one vendor and set of keys."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from pulumi_livepull.core.sharing import SharedReads

Result = TypeVar("Result")


class Run:
    """Shared by all operations of a run. Safe to use from many threads.

    `touched` holds the ids of what was created, deleted or adopted, `attempted` a key for the
    inputs of each create, and `shared` the lists that many reads share. `adopts_same` says whether
    a create adopts an existing resource with the same inputs.
    """

    def __init__(self, monotonic: Callable[[], float], *, adopts_same: bool = False) -> None:
        self.touched: set[str] = set()
        self.attempted: set[object] = set()
        self.shared = SharedReads(monotonic)
        self.adopts_same = adopts_same
        self._results: dict[object, Any] = {}
        self._fetching = threading.Lock()

    def once(self, key: object, fetch: Callable[[], Result]) -> Result:
        """Return the result of the first `fetch` for this key in this run."""
        with self._fetching:
            if key not in self._results:
                self._results[key] = fetch()
            result: Result = self._results[key]
            return result
