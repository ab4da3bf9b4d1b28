"""Check of the TC3-HMAC-SHA256 signature, as the vendor's gateway does it.

Source: tencentcloud-sdk-python-common 3.1.195, `common/abstract_client.py`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from flask import Request

from pulumi_livepull.emulator.signing import canonical_request, hmac_sha256, same, sha256
from pulumi_livepull.emulator.tencentcloud.refusal import (
    malformed_signature,
    missing,
    no_such_key,
    wrong_signature,
    wrong_time,
)

SCHEME = "TC3-HMAC-SHA256"
SERVICE = "live"
NEEDED = ("content-type", "host")
MAX_SKEW = timedelta(minutes=5)
"""How far a caller's clock may be off. Source: the comment on `_expired_timeout` in the SDK's
`common/credential.py`, 300 seconds."""

_AUTHORIZATION = re.compile(
    rf"{SCHEME} Credential=([^\s/]+)/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{{64}})"
)


def check_signature(
    request: Request, secrets: Mapping[str, str], moments: Iterable[datetime]
) -> None:
    """Raise a Refusal unless a known key signed this request near one of the moments."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if not found:
        raise malformed_signature(f"Authorization must be {SCHEME} with its three parts")
    secret_id, scope, signed_headers, signature = found.groups()
    stamp = _read_stamp(request, moments)
    for name in NEEDED:
        if name not in signed_headers.split(";"):
            raise wrong_signature(f"{name} must be signed")
    if scope != f"{stamp:%Y-%m-%d}/{SERVICE}/tc3_request":
        raise wrong_signature(f"its scope must be that of {SERVICE} on the day of X-TC-Timestamp")
    secret = secrets.get(secret_id)
    if secret is None:
        raise no_such_key()
    canonical = canonical_request(request, signed_headers, sha256(request.get_data()))
    seconds = request.headers["X-TC-Timestamp"]
    to_sign = f"{SCHEME}\n{seconds}\n{scope}\n{sha256(canonical.encode())}"
    key = f"TC3{secret}".encode()
    for part in scope.split("/"):
        key = hmac_sha256(key, part)
    if not same(hmac_sha256(key, to_sign), signature):
        raise wrong_signature("it is not that of this request and key")


def _read_stamp(request: Request, moments: Iterable[datetime]) -> datetime:
    seconds = request.headers.get("X-TC-Timestamp", "")
    if not re.fullmatch("[0-9]{1,10}", seconds):
        raise missing("X-TC-Timestamp, in Unix seconds")
    stamp = datetime.fromtimestamp(int(seconds), UTC)
    if not any(abs(stamp - moment) <= MAX_SKEW for moment in moments):
        raise wrong_time()
    return stamp
