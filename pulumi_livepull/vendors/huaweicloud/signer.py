"""Signs requests for Huawei Cloud with an access key: SDK-HMAC-SHA256.

Source: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
"""

from datetime import datetime

import httpx

from pulumi_livepull.core.signing import Signer, basic_time

ALGORITHM = "SDK-HMAC-SHA256"


class HuaweiSigner(Signer):
    """Signs the host, the content type and every `X-` header."""

    def prepare(self, request: httpx.Request, now: datetime) -> None:
        """Set the date, and the token of temporary keys."""
        request.headers["X-Sdk-Date"] = basic_time(now)
        if self._credentials.security_token:
            request.headers["X-Security-Token"] = self._credentials.security_token

    def signs(self, name: str) -> bool:
        """See `Signer`."""
        return name in {"host", "content-type"} or name.startswith("x-")

    def path(self, request: httpx.Request) -> str:
        """Return the path with a trailing slash, even if the sent path has none."""
        return super().path(request).rstrip("/") + "/"

    def string_to_sign(self, hashed: str, now: datetime) -> str:
        """See `Signer`."""
        return f"{ALGORITHM}\n{basic_time(now)}\n{hashed}"

    def authorization(self, names: str, signature: str, now: datetime) -> str:
        """See `Signer`."""
        return (
            f"{ALGORITHM} Access={self._credentials.access_key_id}, "
            f"SignedHeaders={names}, Signature={signature}"
        )
