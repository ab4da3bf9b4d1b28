"""Check the ACS3-HMAC-SHA256 signature, like the vendor's gateway.

Source: https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import Request

from pulumi_livepull.emulator.alicloud.refusal import (
    expired,
    incomplete_signature,
    no_such_key,
    nonce_used,
    wrong_signature,
)
from pulumi_livepull.emulator.signing import (
    canonical_request,
    find_date,
    hmac_sha256,
    near,
    same,
    sha256,
)

SCHEME = "ACS3-HMAC-SHA256"
NEEDED = (
    *("host", "x-acs-action", "x-acs-content-sha256", "x-acs-date"),
    *("x-acs-signature-nonce", "x-acs-version"),
)

_AUTHORIZATION = re.compile(rf"{SCHEME} Credential=(\S+),SignedHeaders=(\S+),Signature=([0-9a-f]+)")


def check_signature(
    request: Request, secrets: Mapping[str, str], moments: Iterable[datetime], nonces: set[str]
) -> None:
    """Raise a Refusal unless a known key signed this request, once and at about one of these
    times."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if not found:
        raise incomplete_signature(f"Authorization must be {SCHEME} with its three parts")
    access_key_id, signed_headers, signature = found.groups()
    _check_headers(request, signed_headers.split(";"))
    _check_date(request, moments)
    secret = secrets.get(access_key_id)
    if secret is None:
        raise no_such_key()
    canonical = canonical_request(request, signed_headers, request.headers["x-acs-content-sha256"])
    to_sign = f"{SCHEME}\n{sha256(canonical.encode())}"
    if not same(hmac_sha256(secret.encode(), to_sign), signature):
        raise wrong_signature("it is not that of this request and key")
    nonce = request.headers["x-acs-signature-nonce"]
    if nonce in nonces:
        raise nonce_used()
    nonces.add(nonce)


def _check_headers(request: Request, signed: list[str]) -> None:
    for name in NEEDED:
        if not request.headers.get(name):
            raise incomplete_signature(f"{name} is missing")
    for name in map(str.lower, request.headers.keys()):
        # The page includes content-type, but the asynchronous calls of the vendor's Python SDK send
        # it unsigned.
        counts = name == "host" or name.startswith("x-acs-")
        if counts and name not in signed:
            raise incomplete_signature(f"{name} must be signed")
    if request.headers["x-acs-content-sha256"] != sha256(request.get_data()):
        raise wrong_signature("x-acs-content-sha256 is not the hash of the body")


def _check_date(request: Request, moments: Iterable[datetime]) -> None:
    date = find_date(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ")
    if date is None:
        raise incomplete_signature("x-acs-date must look like 2025-01-02T03:04:05Z")
    if not near(date, moments):
        raise expired()
