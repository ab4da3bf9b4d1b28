"""The vendors' documented rates: calls of an operation per second."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

from pulumi_livepull.emulator.call import Operation

SECOND = timedelta(seconds=1)


class Rates:
    """Counts the calls of the last second, on the emulator's clock."""

    def __init__(self) -> None:
        self._admitted: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def admit(self, operation: Operation, now: datetime) -> bool:
        """Whether the vendor allows another call now. If so, it is counted."""
        if operation.per_second is None:
            return True
        admitted = self._admitted[operation.name]
        # After the clock was moved back, ignore times in the future.
        while admitted and not now - SECOND < admitted[0] <= now:
            admitted.popleft()
        if len(admitted) >= operation.per_second:
            return False
        admitted.append(now)
        return True

    def clear(self) -> None:
        """Forget all calls."""
        self._admitted.clear()
