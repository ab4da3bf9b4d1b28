"""Why a callback cannot be trusted.

CallbackError
├── BadSignature   it is unsigned, signed with another key, or was modified
├── Expired        it was signed too long ago or too far ahead, so it may be a replay
└── Malformed      it is not a message from this vendor

A message has one line that says what is wrong, and one that says what to do next. It quotes nothing
from the callback, which anyone may have sent, and shows neither the key nor the right signature.
"""

from pulumi_livepull.errors import LivePullError


class CallbackError(LivePullError):
    """A callback that cannot be trusted."""

    def __init__(self, vendor: str, what: str, hint: str) -> None:
        super().__init__(f"{vendor} callback: {what}", hint)


class BadSignature(CallbackError):
    """It is unsigned, signed with another key, or was modified."""


class Expired(CallbackError):
    """It was signed too long ago or too far ahead, so it may be a replay."""


class Malformed(CallbackError):
    """It is not a message from this vendor."""
