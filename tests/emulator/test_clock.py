"""The emulator's clock runs, is frozen or is set."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pulumi_livepull.emulator.clock import Clock

THEN = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_new_clock_shows_real_time() -> None:
    """With a time zone, in UTC, and without an offset."""
    clock = Clock()
    assert datetime.now(UTC) - clock.now() < timedelta(seconds=5)
    assert (clock.now().tzinfo, clock.moved) == (UTC, False)


def test_a_clock_that_was_set_runs_on_from_there() -> None:
    """Only its offset changes."""
    clock = Clock()
    clock.set(THEN)
    assert timedelta() <= clock.now() - THEN < timedelta(seconds=5)
    assert clock.moved


def test_a_frozen_clock_moves_only_when_it_is_set() -> None:
    """Set and advance keep it frozen; a reset returns to the first moment."""
    clock = Clock(frozen_at=THEN.astimezone(timezone(timedelta(hours=8))))
    assert clock.now() == THEN
    clock.advance(timedelta(days=-1))
    assert clock.now() == THEN - timedelta(days=1)
    clock.reset()
    assert clock.now() == THEN


def test_a_running_clock_can_be_frozen() -> None:
    """It then always returns the same moment."""
    clock = Clock()
    clock.freeze()
    assert clock.now() == clock.now()


def test_a_time_without_zone_is_refused() -> None:
    """It would mean a different moment on another machine."""
    with pytest.raises(ValueError, match="no time zone"):
        Clock().set(THEN.replace(tzinfo=None))
