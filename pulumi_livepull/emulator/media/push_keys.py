"""Signed push addresses: pushes to a domain with a seeded key need a valid signature.

Sources: iLive-live/live_01_0049 (Huawei's methods A, B and D), user-guide/url-signing (Alibaba's
type A), docs/6469/107759 (Volcengine's type B), document/product/267/31560 (Tencent, by MD5).
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from pulumi_livepull.emulator.delivery import md5
from pulumi_livepull.emulator.media.streams import Name

PATTERN = {"vendor": str, "domain": str, "key": str, "valid_seconds": int}


@dataclass(frozen=True)
class PushKey:
    """A key of a domain."""

    vendor: str
    domain: str
    key: str
    valid_seconds: int = 0
    """The time that the domain's settings add to the signed time."""


def read_push_key(given: Mapping[str, Any]) -> PushKey:
    """Parse a seeded key. Raises ValueError."""
    wrong = [name for name, value in given.items() if not isinstance(value, PATTERN.get(name, ()))]
    if wrong or not given.keys() >= {"vendor", "domain", "key"}:
        raise ValueError("a push key has vendor, domain and key, and may have valid_seconds")
    if given["vendor"] not in SCHEMES:
        raise ValueError(f"no scheme of {given['vendor']!r}; known: {', '.join(SCHEMES)}")
    return PushKey(**given)


def refusal(keys: Iterable[PushKey], name: Name, query: str, now: datetime) -> str | None:
    """Return why a push with this query is refused, or None if one of the domain's keys signed
    it."""
    why = [_refusal(key, name, query, now) for key in keys if key.domain == name.domain]
    return None if None in why else next(iter(why), None)


def _refusal(key: PushKey, name: Name, query: str, now: datetime) -> str | None:
    given = {part: values[0] for part, values in parse_qs(query).items()}
    try:
        seconds, expected, signature = SCHEMES[key.vendor](key.key, name, given)
    except (KeyError, ValueError):
        return "the push address is not signed"
    if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        return "the signature of the push address is wrong"
    if now.timestamp() > seconds + key.valid_seconds:
        return "the signature of the push address has expired"
    return None


Scheme = Callable[[str, Name, Mapping[str, str]], tuple[int, str, str]]
"""Returns the signed time, the expected signature and the given signature."""


def _auth_key(key: str, name: Name, given: Mapping[str, str]) -> tuple[int, str, str]:
    seconds, rand, uid, signature = given["auth_key"].split("-")
    text = f"/{name.app}/{name.stream}-{seconds}-{rand}-{uid}-{key}"
    return int(seconds), md5(text), signature


def _tencent(key: str, name: Name, given: Mapping[str, str]) -> tuple[int, str, str]:
    time = given["txTime"]
    # Ten digits are decimal: in hexadecimal these would be of another age.
    base = 10 if len(time) == 10 and time.isdecimal() else 16
    return int(time, base), md5(key + name.stream + time), given["txSecret"]


def _huawei(key: str, name: Name, given: Mapping[str, str]) -> tuple[int, str, str]:
    if "auth_key" in given:
        return _auth_key(key, name, given)
    if "txSecret" in given:
        return _tencent(key, name, given)
    time = given["hwTime"]
    signed = hmac.new(key.encode(), f"{name.stream}{time}".encode(), hashlib.sha256)
    return int(time, 16), signed.hexdigest(), given["hwSecret"]


def _volcengine(key: str, name: Name, given: Mapping[str, str]) -> tuple[int, str, str]:
    time = given["volcTime"]
    return int(time), md5(f"/{name.app}/{name.stream}{key}{time}"), given["volcSecret"]


SCHEMES: dict[str, Scheme] = {
    "huaweicloud": _huawei,
    "alicloud": _auth_key,
    "volcengine": _volcengine,
    "tencentcloud": _tencent,
}
