"""Check of the SDK-HMAC-SHA256 signature, as the vendor's gateway does it.

Source: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from flask import Request

from pulumi_livepull.emulator.huaweicloud.refusal import unsigned

SCHEME = "SDK-HMAC-SHA256"
UNSIGNED_BODY = "UNSIGNED-PAYLOAD"
MUST_SIGN = {"host", "x-sdk-date"}
# Assumption: 15 minutes; the vendor tells callers to keep their clocks right, not how right.
MAX_SKEW = timedelta(minutes=15)

_AUTHORIZATION = re.compile(rf"{SCHEME} Access=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]+)")


def check_signature(
    request: Request, secrets: Mapping[str, str], moments: Iterable[datetime]
) -> None:
    """Raise a Refusal unless a known key signed this request near one of the moments."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if not found:
        raise unsigned(f"a signature of scheme {SCHEME} is missing or malformed")
    access_key_id, signed_headers, signature = found.groups()
    if not MUST_SIGN.issubset(signed_headers.split(";")):
        raise unsigned("the headers host and x-sdk-date must be signed")
    _check_date(request, moments)
    secret = secrets.get(access_key_id)
    if secret is None:
        raise unsigned("the access key does not exist")
    expected = _sign(request, signed_headers, secret)
    if not hmac.compare_digest(expected, signature):
        raise unsigned("verify aksk signature fail")


def _check_date(request: Request, moments: Iterable[datetime]) -> None:
    try:
        date = datetime.strptime(request.headers.get("X-Sdk-Date", ""), "%Y%m%dT%H%M%SZ")
    except ValueError:
        raise unsigned("X-Sdk-Date must look like 20250102T030405Z") from None
    if all(abs(date.replace(tzinfo=UTC) - moment) > MAX_SKEW for moment in moments):
        raise unsigned("X-Sdk-Date is more than 15 minutes off")


def _sign(request: Request, signed_headers: str, secret: str) -> str:
    canonical = _hash(_canonical_request(request, signed_headers).encode())
    to_sign = f"{SCHEME}\n{request.headers['X-Sdk-Date']}\n{canonical}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def _canonical_request(request: Request, signed_headers: str) -> str:
    # The canonical path ends with a slash even where the path itself does not.
    path = quote(request.path, safe="/~").rstrip("/") + "/"
    pairs = sorted(request.args.items(multi=True))
    query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)
    headers = "".join(
        f"{name}:{request.headers.get(name, '').strip()}\n" for name in signed_headers.split(";")
    )
    # The vendor's signer leaves a body that is not JSON unsigned, and says so in a header.
    unsigned_body = request.headers.get("X-Sdk-Content-Sha256") == UNSIGNED_BODY
    body_hash = UNSIGNED_BODY if unsigned_body else _hash(request.get_data())
    return "\n".join([request.method, path, query, headers, signed_headers, body_hash])


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
