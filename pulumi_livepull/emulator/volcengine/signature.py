"""Check the HMAC-SHA256 signature, like the vendor's gateway.

Source: https://www.volcengine.com/docs/6369/67269
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import Request
from werkzeug.datastructures import Headers

from pulumi_livepull.emulator.signing import (
    canonical_request,
    find_date,
    hmac_sha256,
    near,
    same,
    sha256,
)
from pulumi_livepull.emulator.volcengine.refusal import (
    incomplete,
    malformed_signature,
    no_such_key,
    wrong_signature,
    wrong_time,
)

SCHEME = "HMAC-SHA256"
SERVICE = "live"
NEEDED = ("host", "x-date", "x-content-sha256")
SIGNED_WHEN_SENT = (*NEEDED, "content-type", "x-security-token")

_AUTHORIZATION = re.compile(
    rf"{SCHEME} Credential=([^\s/]+)/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]+)"
)


def check_signature(
    request: Request, secrets: Mapping[str, str], moments: Iterable[datetime], region: str
) -> None:
    """Raise a Refusal unless a known key signed this request at about one of these times."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if not found:
        raise malformed_signature(f"Authorization must be {SCHEME} with its three parts")
    access_key_id, scope, signed_headers, signature = found.groups()
    _check_headers(request.headers, sha256(request.get_data()), signed_headers.split(";"))
    date = request.headers["X-Date"]
    _check_date(date, moments)
    if scope != f"{date[:8]}/{region}/{SERVICE}/request":
        raise wrong_signature(f"its scope must be that of {SERVICE} in {region} on the X-Date")
    secret = secrets.get(access_key_id)
    if secret is None:
        raise no_such_key()
    canonical = canonical_request(request, signed_headers, request.headers["X-Content-Sha256"])
    to_sign = f"{SCHEME}\n{date}\n{scope}\n{sha256(canonical.encode())}"
    key = secret.encode()
    for part in scope.split("/"):
        key = hmac_sha256(key, part)
    if not same(hmac_sha256(key, to_sign), signature):
        raise wrong_signature("it is not that of this request and key")


def _check_headers(headers: Headers, body_hash: str, signed: list[str]) -> None:
    for name in NEEDED:
        if not headers.get(name):
            raise incomplete(f"the header {name}")
    for name in SIGNED_WHEN_SENT:
        if headers.get(name) and name not in signed:
            raise wrong_signature(f"{name} must be signed")
    if headers["X-Content-Sha256"] != body_hash:
        raise wrong_signature("X-Content-Sha256 is not the hash of the body")


def _check_date(date: str, moments: Iterable[datetime]) -> None:
    moment = find_date(date, "%Y%m%dT%H%M%SZ")
    if moment is None:
        raise wrong_time("it must look like 20250102T030405Z")
    if not near(moment, moments):
        raise wrong_time("it is over 15 minutes off")
