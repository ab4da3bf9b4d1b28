"""Signing: what the vendors' request signatures have in common."""

import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import copy
from datetime import datetime

import httpx

from pulumi_livepull.core.credentials import Credentials, Renewal
from pulumi_livepull.core.query import encoded


class Signer(ABC):
    """Signs requests with one set of keys.

    1. `prepare` sets the headers that state the time and the access key.
    2. The headers that `signs` selects, the path, the query and the body's hash form the *canonical
       request*, the spelling that both sides sign.
    3. Its hash is part of the *string to sign*, which is signed with `key`.
    4. `authorization` formats the header.

    A vendor implements the abstract methods; the other methods do what most vendors do. The query
    of a request already has its canonical spelling (see `canonical_query`): it is sent exactly as
    it is signed, so that no gateway has to normalise it.
    """

    renewal: Renewal | None = None
    """Gives the keys, where they do not last."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def sign(self, request: httpx.Request, now: datetime) -> None:
        """Sign `request` in place, as of `now`. An existing signature is replaced.

        Keys that are about to expire are renewed first. Raises `ConfigError` if that fails.
        """
        if self.renewal:
            # Another thread may sign at this moment, with other keys.
            signer = copy(self)
            signer._credentials, signer.renewal = self.renewal.current(now), None
            signer.sign(request, now)
            return
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
        """Return the string to sign, which contains the hash of the canonical request."""

    def key(self, now: datetime) -> bytes:
        """Return the signing key: by default, the secret itself."""
        return self._credentials.secret_access_key.encode()

    @abstractmethod
    def authorization(self, names: str, signature: str, now: datetime) -> str:
        """Return the `Authorization` header. `names` lists the signed headers."""

    def signed_headers(self, request: httpx.Request) -> dict[str, str]:
        """Return the headers to sign by lower-case name, sorted by name."""
        found = sorted((name.lower().decode(), value) for name, value in request.headers.raw)
        return {name: value.decode().strip() for name, value in found if self.signs(name)}

    def path(self, request: httpx.Request) -> str:
        """Return the path as it is signed."""
        return "/".join(encoded(part) for part in request.url.path.split("/"))

    def canonical_request(self, request: httpx.Request, headers: Mapping[str, str]) -> str:
        """Return method, path, query, headers, their names and the body's hash, one per line."""
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
