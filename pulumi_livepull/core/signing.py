"""Signing: what the vendors' signatures have in common."""

import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime

import httpx

from pulumi_livepull.core.credentials import Credentials
from pulumi_livepull.core.query import encoded


class Signer(ABC):
    """Signs requests with one set of keys.

    1. `prepare` sets the headers that say when and by whom.
    2. The headers that `signs` names, the path, the query and the body's hash make the *canonical
       request*: the one spelling that both sides sign.
    3. Its hash goes into the *string to sign*, which `key` signs.
    4. `authorization` spells the header.

    A vendor writes what is abstract here; a method's default is what most vendors do. The query of
    a request has its canonical spelling already (see `canonical_query`): it is sent as it is
    signed, so that no gateway has to undo another one.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def sign(self, request: httpx.Request, now: datetime) -> None:
        """Sign `request` in place, as of `now`; one that is signed already is signed anew."""
        self.prepare(request, now)
        headers = self.signed_headers(request)
        to_sign = self.string_to_sign(digest(self.canonical_request(request, headers)), now)
        signature = hmac_sha256(self.key(now), to_sign).hex()
        request.headers["Authorization"] = self.authorization(";".join(headers), signature, now)

    @abstractmethod
    def prepare(self, request: httpx.Request, now: datetime) -> None:
        """Set the headers that the signature needs."""

    @abstractmethod
    def signs(self, name: str) -> bool:
        """Return whether the header with this lower-case name is signed."""

    @abstractmethod
    def string_to_sign(self, hashed: str, now: datetime) -> str:
        """Return what the key signs, with the hash of the canonical request."""

    def key(self, now: datetime) -> bytes:
        """Return the key that signs: the secret itself, unless one is derived from it."""
        return self._credentials.secret_access_key.encode()

    @abstractmethod
    def authorization(self, names: str, signature: str, now: datetime) -> str:
        """Return the `Authorization` header; `names` are those of the signed headers."""

    def signed_headers(self, request: httpx.Request) -> dict[str, str]:
        """Return the headers to sign by their lower-case names, in the order of these."""
        found = sorted((name.lower().decode(), value) for name, value in request.headers.raw)
        return {name: value.decode().strip() for name, value in found if self.signs(name)}

    def path(self, request: httpx.Request) -> str:
        """Return the path as it is signed."""
        return "/".join(encoded(part) for part in request.url.path.split("/"))

    def canonical_request(self, request: httpx.Request, headers: Mapping[str, str]) -> str:
        """Return method, path, query, headers, their names and the body's hash, a line each."""
        return "\n".join(
            [
                request.method,
                self.path(request),
                request.url.query.decode(),
                *(f"{name}:{value}" for name, value in headers.items()),
                "",
                ";".join(headers),
                digest(request.content),
            ]
        )


def basic_time(moment: datetime) -> str:
    """Return a time in UTC in the basic format of ISO 8601, such as `20300131T200000Z`."""
    return moment.strftime("%Y%m%dT%H%M%SZ")


def digest(content: bytes | str) -> str:
    """Return the SHA-256 of `content` in lower-case hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def hmac_sha256(key: bytes, text: str) -> bytes:
    """Return the HMAC-SHA256 of `text`."""
    return hmac.digest(key, text.encode(), "sha256")
