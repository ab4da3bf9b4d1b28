"""The vendors' documented rates: how many calls of an operation they take in a second."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

from pulumi_livepull.emulator.call import Operation

SECOND = timedelta(seconds=1)


class Rates:
    """Counts the calls of the last second, by the emulator's clock."""

    def __init__(self) -> None:
        self._admitted: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def admit(self, operation: Operation, now: datetime) -> bool:
        """Whether the vendor takes one more call now; if so, it counts."""
        if operation.per_second is None:
            return True
        admitted = self._admitted[operation.name]
        # A clock that was moved back leaves times in the future, which count for nothing.
        while admitted and not now - SECOND < admitted[0] <= now:
            admitted.popleft()
        if len(admitted) >= operation.per_second:
            return False
        admitted.append(now)
        return True

    def clear(self) -> None:
        """Forget all calls."""
        self._admitted.clear()
