"""Signs requests for Tencent Cloud: TC3-HMAC-SHA256.

Source: tencentcloud-sdk-python-common 3.1.195, `common/abstract_client.py` and `common/sign.py`.
"""

from datetime import datetime
from functools import reduce

import httpx

from pulumi_livepull.core.signing import Signer, hmac_sha256

ALGORITHM = "TC3-HMAC-SHA256"
SERVICE = "live"


class TencentSigner(Signer):
    """Signs the content type and the host only; the `X-TC-` headers travel unsigned."""

    def prepare(self, request: httpx.Request, now: datetime) -> None:
        """Set the time and the token of temporary keys."""
        request.headers["X-TC-Timestamp"] = _seconds(now)
        if self._credentials.security_token:
            request.headers["X-TC-Token"] = self._credentials.security_token

    def signs(self, name: str) -> bool:
        """See `Signer`."""
        return name in {"content-type", "host"}

    def string_to_sign(self, hashed: str, now: datetime) -> str:
        """See `Signer`."""
        return f"{ALGORITHM}\n{_seconds(now)}\n{_scope(now)}\n{hashed}"

    def key(self, now: datetime) -> bytes:
        """Derive the key of this date and service."""
        return reduce(hmac_sha256, _scope(now).split("/"), b"TC3" + super().key(now))

    def authorization(self, names: str, signature: str, now: datetime) -> str:
        """See `Signer`."""
        return (
            f"{ALGORITHM} Credential={self._credentials.access_key_id}/{_scope(now)}, "
            f"SignedHeaders={names}, Signature={signature}"
        )


def _seconds(now: datetime) -> str:
    return str(int(now.timestamp()))


def _scope(now: datetime) -> str:
    return f"{now:%Y-%m-%d}/{SERVICE}/tc3_request"
