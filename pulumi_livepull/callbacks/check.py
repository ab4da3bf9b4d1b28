"""What `verify` asks of every vendor's callback: the right signature, at about the right time."""

import hashlib
from datetime import UTC, datetime
from hmac import compare_digest

from pulumi_livepull.callbacks.errors import BadSignature, Expired


def check_signature(vendor: str, given: str | None, right: str, *, look_at: str) -> None:
    """Raise unless the signatures are the same, in a time that tells nothing of the right one.

    Assumption: the vendors write lower-case hexadecimal; upper case is taken too.
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
    """Raise unless the stamp, in Unix seconds, is near enough to `now`, which is otherwise now.

    `valid_seconds` is by how much the vendor may date a message ahead, where its stamp is, or may
    be, the time until which the message is valid.
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
    """Raise ValueError for no key at all: anyone can sign with that."""
    if not key:
        raise ValueError("`key` is empty; to read a callback unchecked, call `parse`")


def md5(text: str) -> str:
    """Return the MD5 of a text in lower-case hexadecimal."""
    # The vendors chose it.
    return hashlib.md5(encode(text), usedforsecurity=False).hexdigest()


def encode(text: str) -> bytes:
    """Return the text in UTF-8, also one that JSON allows and UTF-8 does not."""
    return text.encode("utf-8", "surrogatepass")
