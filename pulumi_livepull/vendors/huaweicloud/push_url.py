"""huaweicloud.signPushUrl: a push address for Huawei Cloud Live that expires."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from pulumi_livepull.core.push_url import PushUrl, Rand
from pulumi_livepull.core.resource import Failure
from pulumi_livepull.core.traits import UnsetMeans


class SignPushUrl(PushUrl, token="livepull:huaweicloud:signPushUrl"):
    """Sign a push address with the key of its ingest domain. Nothing is sent to the vendor.

    The result does not change from one run to the next. The vendor's method C (`c_aes`) is not
    supported: it needs a new random number each time, and the vendor advises against it.

    Source: https://support.huaweicloud.com/intl/en-us/iLive-live/live_01_0049.html
    """

    auth_type: Annotated[
        Literal["d_sha256", "b_md5", "a_md5"] | None,
        UnsetMeans("d_sha256"),
    ] = None
    """Signing method of the domain: `d_sha256` is method D, which the vendor recommends, `b_md5`
    method B and `a_md5` method A. If unset, `d_sha256`."""

    timeout: Annotated[int, Field(ge=60)] | None = None
    """Seconds that the domain's settings add to the signed time: 60 to 2592000. If unset, they are
    not considered, and the address stays valid for that much longer than `expires`. Method A needs
    it."""

    rand: Rand | None = None
    """A random text without a hyphen, for method A. If unset, `0`."""

    def rules(self) -> Iterator[Failure]:
        """Yield what is wrong with the address, the time or the method."""
        yield from super().rules()
        if self.auth_type == "a_md5" and self.timeout is None:
            # The page: the signed time is when the validity begins; pushes outside of it are
            # refused.
            yield Failure(("timeout",), "is required for method A, which signs the beginning")

    @property
    def seconds(self) -> int:
        """The signed time, to which the domain adds its timeout.

        Assumption A139 for method B: the page contradicts itself on whether the timeout applies.
        """
        return super().seconds - (self.timeout or 0)

    def signature(self) -> str:
        """Source: the page's methods A, B and D; `auth_type` as in api-live/ShowDomainKeyChain."""
        time = f"{self.seconds:x}"
        match self.auth_type:
            case "a_md5":
                signed = f"{self.seconds}-{self.rand or 0}-0"
                digest = _md5(f"{self.path}-{signed}-{self.key}")
                return f"auth_key={signed}-{digest}"
            case "b_md5":
                return f"txSecret={_md5(self.key + self.stream + time)}&txTime={time}"
        text = f"{self.stream}{time}".encode()
        secret = hmac.new(self.key.encode(), text, hashlib.sha256).hexdigest()
        return f"hwSecret={secret}&hwTime={time}"


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
