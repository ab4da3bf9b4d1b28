"""Signing: what the vendors' signatures have in common."""

import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Generator
from datetime import datetime, timedelta

import httpx

from pulumi_livepull.core.client import AHEAD
from pulumi_livepull.core.clock import Clock, utc_now
from pulumi_livepull.core.credentials import Credentials
from pulumi_livepull.core.query import canonical_query, encoded


class Signer(httpx.Auth, ABC):
    """Signs each attempt anew, with the time now: the vendor's, where the client knows it better.

    1. `prepare` sets the headers that say when and by whom.
    2. The headers that `signs` names, the path, the query and the body's hash make the *canonical
       request*: the one spelling that both sides sign.
    3. Its hash goes into the *string to sign*, which `key` signs.
    4. `authorization` spells the header.

    A vendor writes what is abstract here; a method's default is what most vendors do. The query is
    sent as it is signed, so that no gateway has to undo another spelling.
    """

    requires_request_body = True

    def __init__(self, credentials: Credentials, clock: Clock = utc_now) -> None:
        self._credentials = credentials
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign `request` in place and yield it."""
        self.prepare(request, self._clock() + request.extensions.get(AHEAD, timedelta()))
        query = canonical_query(request.url.params.multi_items()).encode()
        if query != request.url.query:
            request.url = request.url.copy_with(query=query or None)
        signature = sign(self.key(request), self.string_to_sign(request)).hex()
        request.headers["Authorization"] = self.authorization(request, signature)
        yield request

    @abstractmethod
    def prepare(self, request: httpx.Request, now: datetime) -> None:
        """Set the headers that the signature needs."""

    @abstractmethod
    def signs(self, name: str) -> bool:
        """Tell whether the header with this lower-case name is signed."""

    @abstractmethod
    def string_to_sign(self, request: httpx.Request) -> str:
        """Return what the key signs; it ends in the hash of the canonical request."""

    def key(self, request: httpx.Request) -> bytes:
        """Return the key that signs: the secret itself, unless one is derived from it."""
        return self._credentials.secret_access_key.encode()

    @abstractmethod
    def authorization(self, request: httpx.Request, signature: str) -> str:
        """Return the `Authorization` header."""

    def names(self, request: httpx.Request) -> list[str]:
        """Return the names of the headers to sign, sorted."""
        return sorted(name for name in request.headers if self.signs(name))

    def path(self, request: httpx.Request) -> str:
        """Return the path as it is signed."""
        return "/".join(encoded(part) for part in request.url.path.split("/"))

    def canonical_request(self, request: httpx.Request) -> str:
        """Return method, path, query, headers, their names and the body's hash, a line each."""
        names = self.names(request)
        return "\n".join(
            [
                request.method,
                self.path(request),
                request.url.query.decode(),
                *(f"{name}:{request.headers[name].strip()}" for name in names),
                "",
                ";".join(names),
                digest(request.content),
            ]
        )


def digest(content: bytes | str) -> str:
    """Return the SHA-256 of `content` in lower-case hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def sign(key: bytes, text: str) -> bytes:
    """Return the HMAC-SHA256 of `text`."""
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
