"""Signs requests for Alibaba Cloud: ACS3-HMAC-SHA256.

Source: https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
"""

import secrets
from datetime import datetime

import httpx

from pulumi_livepull.core.signing import Signer, digest

ALGORITHM = "ACS3-HMAC-SHA256"


class AlicloudSigner(Signer):
    """Signs the host, the content type and every `x-acs-` header, with a nonce for each attempt."""

    def prepare(self, request: httpx.Request, now: datetime) -> None:
        """Set the date, a new nonce, the body's hash and the token."""
        request.headers["x-acs-date"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        request.headers["x-acs-signature-nonce"] = self.nonce()
        request.headers["x-acs-content-sha256"] = digest(request.content)
        if self._credentials.security_token:
            request.headers["x-acs-accesskey-id"] = self._credentials.access_key_id
            request.headers["x-acs-security-token"] = self._credentials.security_token

    def nonce(self) -> str:
        """Return a text that no earlier request used."""
        return secrets.token_hex(16)

    def signs(self, name: str) -> bool:
        """See `Signer`."""
        return name in {"host", "content-type"} or name.startswith("x-acs-")

    def string_to_sign(self, hashed: str, now: datetime) -> str:
        """See `Signer`."""
        return f"{ALGORITHM}\n{hashed}"

    def authorization(self, names: str, signature: str, now: datetime) -> str:
        """See `Signer`. There are no spaces after the commas."""
        return (
            f"{ALGORITHM} Credential={self._credentials.access_key_id},"
            f"SignedHeaders={names},Signature={signature}"
        )
