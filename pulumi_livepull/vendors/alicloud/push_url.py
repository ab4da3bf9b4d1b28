"""alicloud.signPushUrl: a push address for Alibaba Cloud ApsaraVideo Live that expires."""

import hashlib
from typing import Annotated

from pydantic import Field

from pulumi_livepull.core.push_url import PushUrl, Rand


class SignPushUrl(PushUrl, token="livepull:alicloud:signPushUrl"):
    """Sign a push address with a key of its ingest domain, type A. Nothing is sent to the vendor.

    The result does not change from one run to the next.

    Source: https://www.alibabacloud.com/help/en/live/user-guide/url-signing
    """

    validity_period: Annotated[int, Field(ge=1)] | None = None
    """Seconds that the domain's settings add to the signed time. If unset, they are not considered,
    and the address stays valid for that much longer than `expires`."""

    rand: Rand | None = None
    """A random text without a hyphen, such as a UUID. If unset, `0`."""

    @property
    def seconds(self) -> int:
        """The signed time, to which the domain adds its validity period."""
        return super().seconds - (self.validity_period or 0)

    def signature(self) -> str:
        """Source: the page's "Structure of an access token". `uid` is unused and 0."""
        signed = f"{self.seconds}-{self.rand or 0}-0"
        text = f"{self.path}-{signed}-{self.key}"
        digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return f"auth_key={signed}-{digest}"
