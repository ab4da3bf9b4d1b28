"""Recording callbacks: verify and parse them in your own receiver.

Each vendor's module has `verify`, which raises a `CallbackError` for a message that cannot be
trusted, and `parse`, which reads a message without checking its sender. Both return the vendor's
`RecordingEvent`. Nothing here uses the network, stores a key or needs more than the standard
library.
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
