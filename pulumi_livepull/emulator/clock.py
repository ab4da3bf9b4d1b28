"""The emulator's own time, which a test can move, so that a task can begin and expire at once."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset, or one frozen moment; always aware and in UTC."""

    def __init__(self, *, frozen_at: datetime | None = None) -> None:
        self._frozen_at: datetime | None
        self._frozen_at_first = _to_utc(frozen_at) if frozen_at else None
        self.reset()

    @property
    def frozen(self) -> bool:
        """Whether time stands still until it is moved."""
        return self._frozen_at is not None

    @property
    def moved(self) -> bool:
        """Whether this is not real time."""
        return self.frozen or bool(self._offset)

    def now(self) -> datetime:
        """The emulator's present moment."""
        return self._frozen_at or datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Move to this moment; a running clock runs on from there, a frozen one stays frozen."""
        moment = _to_utc(moment)
        if self.frozen:
            self._frozen_at = moment
        else:
            self._offset = moment - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move by this much; a negative amount moves back."""
        self.set(self.now() + by)

    def freeze(self) -> None:
        """Let time stand still at the present moment."""
        self._frozen_at = self.now()

    def reset(self) -> None:
        """Return to how the clock was made."""
        self._offset = timedelta()
        self._frozen_at = self._frozen_at_first


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; add one, such as Z")
    return moment.astimezone(UTC)
