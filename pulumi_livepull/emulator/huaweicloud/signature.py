"""Check the SDK-HMAC-SHA256 signature, like the vendor's gateway.

Source: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import quote

from flask import Request

from pulumi_livepull.emulator.huaweicloud.refusal import unsigned
from pulumi_livepull.emulator.signing import (
    canonical_request,
    find_date,
    hmac_sha256,
    near,
    same,
    sha256,
)

SCHEME = "SDK-HMAC-SHA256"
UNSIGNED_BODY = "UNSIGNED-PAYLOAD"
# The page also signs the host. The vendor's Go SDK, and with it the Terraform provider, does not.
MUST_SIGN = "x-sdk-date"

_AUTHORIZATION = re.compile(rf"{SCHEME} Access=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]+)")


def check_signature(
    request: Request, secrets: Mapping[str, str], moments: Iterable[datetime]
) -> None:
    """Raise a Refusal unless a known key signed this request at about one of these times."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if not found:
        raise unsigned(f"a signature of scheme {SCHEME} is missing or malformed")
    access_key_id, signed_headers, signature = found.groups()
    if MUST_SIGN not in signed_headers.split(";"):
        raise unsigned(f"the header {MUST_SIGN} must be signed")
    _check_date(request, moments)
    secret = secrets.get(access_key_id)
    if secret is None:
        raise unsigned("the access key does not exist")
    if not same(_sign(request, signed_headers, secret), signature):
        raise unsigned("verify aksk signature fail")


def _check_date(request: Request, moments: Iterable[datetime]) -> None:
    date = find_date(request.headers.get("X-Sdk-Date", ""), "%Y%m%dT%H%M%SZ")
    if date is None:
        raise unsigned("X-Sdk-Date must look like 20250102T030405Z")
    if not near(date, moments):
        raise unsigned("X-Sdk-Date is more than 15 minutes off")


def _sign(request: Request, signed_headers: str, secret: str) -> bytes:
    # The canonical path ends with a slash even if the path itself does not.
    path = quote(request.path, safe="/~").rstrip("/") + "/"
    # The vendor's signer does not sign a body that is not JSON, and says so in a header.
    unsigned_body = request.headers.get("X-Sdk-Content-Sha256") == UNSIGNED_BODY
    body_hash = UNSIGNED_BODY if unsigned_body else sha256(request.get_data())
    canonical = canonical_request(request, signed_headers, body_hash, path=path)
    to_sign = f"{SCHEME}\n{request.headers['X-Sdk-Date']}\n{sha256(canonical.encode())}"
    return hmac_sha256(secret.encode(), to_sign)
