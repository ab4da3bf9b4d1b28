"""Signs requests for Volcengine: HMAC-SHA256 with a key derived for a date, region and service.

Source: https://www.volcengine.com/docs/6369/67269
"""

from datetime import datetime
from functools import reduce

import httpx

from pulumi_livepull.core.signing import Signer, digest, sign

ALGORITHM = "HMAC-SHA256"
REGION, SERVICE = "cn-north-1", "live"


class VolcengineSigner(Signer):
    """Signs the host, the content type and every `X-` header."""

    def prepare(self, request: httpx.Request, now: datetime) -> None:
        """Set the date, the body's hash and the token of temporary keys."""
        request.headers["X-Date"] = now.strftime("%Y%m%dT%H%M%SZ")
        request.headers["X-Content-Sha256"] = digest(request.content)
        if self._credentials.security_token:
            request.headers["X-Security-Token"] = self._credentials.security_token

    def signs(self, name: str) -> bool:
        """See `Signer`."""
        return name in {"host", "content-type"} or name.startswith("x-")

    def string_to_sign(self, request: httpx.Request) -> str:
        """See `Signer`."""
        hashed = digest(self.canonical_request(request))
        return f"{ALGORITHM}\n{request.headers['X-Date']}\n{_scope(request)}\n{hashed}"

    def key(self, request: httpx.Request) -> bytes:
        """Derive the key. Unlike in its models elsewhere, the secret has no prefix."""
        return reduce(sign, _scope(request).split("/"), super().key(request))

    def authorization(self, request: httpx.Request, signature: str) -> str:
        """See `Signer`."""
        return (
            f"{ALGORITHM} Credential={self._credentials.access_key_id}/{_scope(request)}, "
            f"SignedHeaders={';'.join(self.names(request))}, Signature={signature}"
        )


def _scope(request: httpx.Request) -> str:
    return f"{request.headers['X-Date'][:8]}/{REGION}/{SERVICE}/request"
