"""Recording callbacks of BytePlus: like Volcengine's, except for the signature."""

from datetime import datetime

from pulumi_livepull.emulator.delivery import md5, unix_seconds
from pulumi_livepull.emulator.volcengine.recording import sender


def _sign(key: str, now: datetime) -> tuple[str, int]:
    """docs-callback-description: the time of sending, followed by the key."""
    stamp = unix_seconds(now)
    return md5(f"{stamp}{key}"), stamp


# The page has four seconds between attempts. Assumption A048: the number of attempts.
SENDER = sender("byteplus", _sign, pause_seconds=4)
