"""Check: one thing that was looked at, how it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pulumi_livepull.errors import LivePullError, redact

State = Literal["ok", "note", "warning", "failed", "skipped"]
"""How a thing is. `note` is good to know; with a `warning` the account can be used all the same."""

Kind = Literal[
    "",
    "clock",
    "missing",
    "no_permission",
    "not_opened",
    "not_signed_in",
    "settings",
    "throttled",
    "unreachable",
    "untrusted",
    "wrong_region",
    "other",
]
"""What is wrong, for programs; empty if nothing is."""


@dataclass(frozen=True)
class Check:
    """One row: where it belongs, what was looked at, what was found and what to do about it."""

    section: str
    name: str
    state: State
    what: str
    remedy: str = ""
    kind: Kind = ""


def line(text: str) -> str:
    """Return a text on one line, without secrets."""
    return " ".join(redact(text).split())


def of_error(
    section: str, name: str, error: LivePullError, kind: Kind, state: State = "failed"
) -> Check:
    """Return the row of what failed, as its message has it."""
    return Check(section, name, state, line(error.what), line(error.hint), kind)
