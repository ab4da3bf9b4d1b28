"""The current time, which a test may replace, and time zones."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pulumi_livepull.errors import ConfigError

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


def time_zone(name: str) -> ZoneInfo:
    """Return a time zone by its name. Raises `ConfigError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f'there is no time zone "{name}"', "Name one as in Europe/Berlin, Asia/Shanghai or UTC."
        ) from None
