"""The emulator's clock, which a test can move so that a task begins and expires at once."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset, or one frozen moment; always aware and in UTC."""

    def __init__(self, *, frozen_at: datetime | None = None) -> None:
        self._frozen_at: datetime | None
        self._frozen_at_first = _to_utc(frozen_at) if frozen_at else None
        self.reset()

    @property
    def frozen(self) -> bool:
        """Whether the clock is frozen."""
        return self._frozen_at is not None

    @property
    def moved(self) -> bool:
        """Whether it differs from real time."""
        return self.frozen or bool(self._offset)

    def now(self) -> datetime:
        """The emulator's current time."""
        return self._frozen_at or datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Set the time. A running clock continues from there, a frozen one stays frozen."""
        moment = _to_utc(moment)
        if self.frozen:
            self._frozen_at = moment
        else:
            self._offset = moment - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move by this much. A negative amount moves back."""
        self.set(self.now() + by)

    def freeze(self) -> None:
        """Freeze the clock at the current time."""
        self._frozen_at = self.now()

    def reset(self) -> None:
        """Return to the initial state."""
        self._offset = timedelta()
        self._frozen_at = self._frozen_at_first


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; add one, such as Z")
    return moment.astimezone(UTC)
