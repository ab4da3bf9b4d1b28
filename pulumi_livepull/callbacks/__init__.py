"""Recording callbacks: tell who sent one, and read it, in a receiver of your own.

Each vendor's module has `verify`, which raises a `CallbackError` for what is not to be believed,
and `parse`, which reads a message whoever sent it; both return the vendor's `RecordingEvent`.
Nothing here reaches a network, keeps a key or needs more than the standard library.
"""

from pulumi_livepull.callbacks import alicloud, huaweicloud, tencentcloud, volcengine
from pulumi_livepull.callbacks.errors import BadSignature, CallbackError, Expired, Malformed

__all__ = [
    "BadSignature",
    "CallbackError",
    "Expired",
    "Malformed",
    "alicloud",
    "huaweicloud",
    "tencentcloud",
    "volcengine",
]
