"""Limits: how hard a client tries, and how fast."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How hard a client tries, and how fast."""

    max_retries: float = 5
    """How many times a failed call is retried."""

    max_retry_seconds: float = 120.0
    """How long one call may take, including retries and waits."""

    timeout_seconds: float = 30.0
    """How long one request may take."""

    wait_seconds: float = 120.0
    """How long to wait for a vendor to finish what it was asked to do, such as stopping a task."""

    requests_per_second: float = 8.0
    """How many requests of one operation may start per second."""
