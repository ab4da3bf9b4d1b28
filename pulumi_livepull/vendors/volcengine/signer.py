"""Signs requests for Volcengine: HMAC-SHA256 with a key derived for a date, region and service.

Source: https://www.volcengine.com/docs/6369/67269
"""

from datetime import datetime
from functools import reduce

import httpx

from pulumi_livepull.core.signing import Signer, basic_time, digest, hmac_sha256

ALGORITHM = "HMAC-SHA256"
SERVICE = "live"


class VolcengineSigner(Signer):
    """Signs the host, the content type and every `X-` header."""

    region = "cn-north-1"

    def prepare(self, request: httpx.Request, now: datetime) -> None:
        """Set the date, the body's hash and the token of temporary keys."""
        request.headers["X-Date"] = basic_time(now)
        request.headers["X-Content-Sha256"] = digest(request.content)
        if self._credentials.security_token:
            request.headers["X-Security-Token"] = self._credentials.security_token

    def signs(self, name: str) -> bool:
        """See `Signer`."""
        return name in {"host", "content-type"} or name.startswith("x-")

    def string_to_sign(self, hashed: str, now: datetime) -> str:
        """See `Signer`."""
        return f"{ALGORITHM}\n{basic_time(now)}\n{self._scope(now)}\n{hashed}"

    def key(self, now: datetime) -> bytes:
        """Derive the key. Unlike in similar schemes of other vendors, the secret has no prefix."""
        return reduce(hmac_sha256, self._scope(now).split("/"), super().key(now))

    def authorization(self, names: str, signature: str, now: datetime) -> str:
        """See `Signer`."""
        return (
            f"{ALGORITHM} Credential={self._credentials.access_key_id}/{self._scope(now)}, "
            f"SignedHeaders={names}, Signature={signature}"
        )

    def _scope(self, now: datetime) -> str:
        return f"{now:%Y%m%d}/{self.region}/{SERVICE}/request"
