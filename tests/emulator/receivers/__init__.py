"""Who is told of recordings: each vendor's way to configure it and to be believed, in a file."""

from datetime import datetime
from importlib import import_module
from typing import Any

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.testing import Receiver

KEY = "0123456789abcdef0123456789abcdef"
DOMAIN, PROJECT = "push.example.com", "0123456789abcdef0123456789abcdef"


def of(vendor: str) -> Any:
    """Return the file of a vendor."""
    return import_module(f"tests.emulator.receivers.{vendor}")


def configure(emulator: Emulator, vendor: str, url: str, **change: Any) -> None:
    """Seed one callback configuration with a key."""
    emulator.seed({vendor: of(vendor).seed(url, change)})


def verify(receiver: Receiver, vendor: str, now: datetime, key: str = KEY, **more: Any) -> Any:
    """Check the last message as a user's receiver does."""
    return of(vendor).verify(receiver.received[-1], key, now, **more)
