"""Signs requests for Huawei Cloud with an access key: SDK-HMAC-SHA256.

Source: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
"""

import hashlib
import hmac
from collections.abc import Generator
from urllib.parse import quote

import httpx

from pulumi_livepull.core.client import Clock, utc_now
from pulumi_livepull.core.credentials import Credentials

ALGORITHM = "SDK-HMAC-SHA256"


class HuaweiSigner(httpx.Auth):
    """Adds the date, the token of temporary keys and the `Authorization` header.

    The host, the content type and every `X-` header are signed. The query is sent exactly as it is
    signed.
    """

    requires_request_body = True

    def __init__(self, credentials: Credentials, clock: Clock = utc_now) -> None:
        self._credentials = credentials
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign `request` anew, with the time now."""
        request.headers["X-Sdk-Date"] = self._clock().strftime("%Y%m%dT%H%M%SZ")
        if self._credentials.security_token:
            request.headers["X-Security-Token"] = self._credentials.security_token
        request.url = request.url.copy_with(query=canonical_query(request.url).encode() or None)
        names = signed_headers(request)
        signature = hmac.new(
            self._credentials.secret_access_key.encode(),
            string_to_sign(request, names).encode(),
            hashlib.sha256,
        ).hexdigest()
        request.headers["Authorization"] = (
            f"{ALGORITHM} Access={self._credentials.access_key_id}, "
            f"SignedHeaders={';'.join(names)}, Signature={signature}"
        )
        yield request


def signed_headers(request: httpx.Request) -> list[str]:
    """Return the names of the headers to sign, sorted."""
    return sorted(
        name
        for name in request.headers
        if name in {"host", "content-type"} or name.startswith("x-")
    )


def string_to_sign(request: httpx.Request, names: list[str]) -> str:
    """Return the algorithm, the date and the hash of the canonical request, a line each."""
    digest = hashlib.sha256(canonical_request(request, names).encode()).hexdigest()
    return f"{ALGORITHM}\n{request.headers['X-Sdk-Date']}\n{digest}"


def canonical_request(request: httpx.Request, names: list[str]) -> str:
    """Return the one spelling of a request that both sides sign."""
    return "\n".join(
        [
            request.method,
            _canonical_path(request.url),
            canonical_query(request.url),
            *(f"{name}:{request.headers[name].strip()}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(request.content).hexdigest(),
        ]
    )


def canonical_query(url: httpx.URL) -> str:
    """Return the query sorted by name, then value, both encoded as RFC 3986 says."""
    return "&".join(f"{_quote(k)}={_quote(v)}" for k, v in sorted(url.params.multi_items()))


def _canonical_path(url: httpx.URL) -> str:
    # It always ends in a slash, even where the path that is sent does not.
    path = "/".join(_quote(part) for part in url.path.split("/"))
    return path if path.endswith("/") else f"{path}/"


def _quote(text: str) -> str:
    return quote(text, safe="~")
