"""Why a callback is not to be believed.

CallbackError
├── BadSignature   it is unsigned, signed with another key, or was changed on its way
├── Expired        it was signed too long ago or too far ahead, so it may be a replay
└── Malformed      it is no message of this vendor's

A message is one line of what is wrong, then one line of how to go on. It quotes nothing of the
callback, which anyone may have sent, and shows neither the key nor the right signature.
"""

from pulumi_livepull.errors import LivePullError


class CallbackError(LivePullError):
    """A callback that is not to be believed."""

    def __init__(self, vendor: str, what: str, hint: str) -> None:
        super().__init__(f"{vendor} callback: {what}", hint)


class BadSignature(CallbackError):
    """It is unsigned, signed with another key, or was changed on its way."""


class Expired(CallbackError):
    """It was signed too long ago or too far ahead, so it may be a replay."""


class Malformed(CallbackError):
    """It is no message of this vendor's."""
