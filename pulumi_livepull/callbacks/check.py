"""Checks that every vendor's `verify` needs: the signature and its age."""

import hashlib
from datetime import UTC, datetime
from hmac import compare_digest

from pulumi_livepull.callbacks.errors import BadSignature, Expired


def check_signature(vendor: str, given: str | None, right: str, *, look_at: str) -> None:
    """Raise unless the signatures are equal. The comparison takes constant time.

    Assumption A003: the vendors use lower-case hexadecimal. Upper case is accepted, too.
    """
    if not given:
        raise BadSignature(
            vendor,
            "the callback is not signed",
            "Set a key in the vendor's callback configuration, or read it unchecked with `parse`.",
        )
    if not compare_digest(encode(given.lower()), encode(right)):
        raise BadSignature(
            vendor,
            "the signature does not match this key",
            f"Compare with the vendor's callback configuration: {look_at}.",
        )


def check_time(
    vendor: str,
    stamp: str,
    now: datetime | None,
    tolerance_seconds: float,
    *,
    valid_seconds: int = 0,
) -> None:
    """Raise unless the timestamp, in Unix seconds, is close enough to `now`, by default the current
    time.

    `valid_seconds` is how far ahead a timestamp may be, for vendors whose timestamp is, or may be,
    the time at which the message expires.
    """
    now = now or datetime.now(UTC)
    if now.tzinfo is None:
        raise ValueError("`now` needs a time zone, such as datetime.now(UTC)")
    age = now.timestamp() - int(stamp)
    if -valid_seconds - tolerance_seconds <= age <= tolerance_seconds:
        return
    where = f"{age:.0f} s ago" if age > 0 else f"{-age:.0f} s ahead"
    raise Expired(
        vendor,
        f"the callback is dated {where}, and {tolerance_seconds:.0f} s are allowed",
        "Check this machine's clock; if that is right, the callback is late or a replay.",
    )


def need_key(key: str) -> None:
    """Raise ValueError for an empty key, because anyone can sign with it."""
    if not key:
        raise ValueError("`key` is empty; to read a callback unchecked, call `parse`")


def md5(text: str) -> str:
    """Return the MD5 of a text in lower-case hexadecimal."""
    # The vendors require MD5.
    return hashlib.md5(encode(text), usedforsecurity=False).hexdigest()


def encode(text: str) -> bytes:
    """Encode a text as UTF-8, including unpaired surrogates, which JSON allows."""
    return text.encode("utf-8", "surrogatepass")
