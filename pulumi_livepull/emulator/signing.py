"""What the vendors' signature schemes have in common."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from flask import Request

# Assumption A077 for Huawei and Volcengine: Alibaba's 15 minutes. They require a correct clock, but
# do not say how exact it must be.
MAX_SKEW = timedelta(minutes=15)


def canonical_request(
    request: Request, signed_headers: str, body_hash: str, *, path: str | None = None
) -> str:
    """Method, path, sorted query, signed headers and the hash of the body, one per line."""
    pairs = sorted(request.args.items(multi=True))
    query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)
    headers = "".join(
        f"{name}:{request.headers.get(name, '').strip()}\n" for name in signed_headers.split(";")
    )
    path = path or quote(request.path, safe="/~")
    return "\n".join([request.method, path, query, headers, signed_headers, body_hash])


def sha256(data: bytes) -> str:
    """The SHA-256 hash, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hmac_sha256(key: bytes, message: str) -> bytes:
    """The HMAC-SHA256."""
    return hmac.new(key, message.encode(), hashlib.sha256).digest()


def same(expected: bytes, signature: str) -> bool:
    """Whether two signatures are equal, compared in constant time."""
    return hmac.compare_digest(expected.hex(), signature)


def find_date(text: str, date_format: str) -> datetime | None:
    """Parse a UTC time in this format."""
    try:
        return datetime.strptime(text, date_format).replace(tzinfo=UTC)
    except ValueError:
        return None


def near(date: datetime, moments: Iterable[datetime]) -> bool:
    """Whether a time is close enough to one of these times."""
    return any(abs(date - moment) <= MAX_SKEW for moment in moments)
