"""The exceptions of this package, and how secrets are kept out of their messages.

    LivePullError
    ├── ConfigError        a key or setting is missing or malformed; nothing was sent
    │   ├── NoKeys         no source has any; the vendor may not be in use
    │   └── Unlistable     the vendor's list requires a filter that was not given
    ├── StateError         a stack's state cannot be moved to another host; it stays as it is
    ├── ApiError           the vendor answered with an error: code, status, request_id, hint
    │   ├── NotFound       read and delete treat it as "gone"
    │   ├── Conflict       it already exists, or its state does not allow the operation
    │   ├── Denied         the account may not do this, for a reason that none of these is
    │   │   ├── NotSignedIn    the keys are unknown, wrong, expired or signed at the wrong time
    │   │   ├── NoPermission   the user of the keys lacks a permission
    │   │   └── NotOpened      the service is not activated for the account, or blocked
    │   ├── WrongRegion    the service, or this part of it, is not in the region
    │   ├── QuotaExceeded
    │   └── Throttled      raised only after the retries are used up
    ├── Refused            it would harm something that exists, so no request was sent
    │   └── Duplicate      the same already exists
    ├── TransportError     no usable answer; the request may have taken effect
    │   └── Unanswered     and nobody can tell whether it did
    ├── WaitError          the vendor did not finish in time what it was asked to do
    └── Unfinished         it was created or updated, but only in part

A message has one line that says what failed and where, and one that says what to do next. It shows
no secret: `hiding` declares secrets, and every message goes through `redact`.
"""

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache


class LivePullError(Exception):
    """What went wrong, and in `hint` what to do next.

    `where` says which operation failed; the lifecycle sets it. `holder` is the id of an existing
    resource that prevents a create.
    """

    holder = ""

    def __init__(self, what: str, hint: str = "") -> None:
        self.what = redact(what)
        self.hint = redact(hint)
        self.where = ""
        super().__init__(self.what)

    def __str__(self) -> str:
        first = f"{self.where}: {self.what}" if self.where else self.what
        return f"{first}\n{self.hint}" if self.hint else first


class ConfigError(LivePullError):
    """A key or setting is missing or malformed; nothing was sent."""


class NoKeys(ConfigError):
    """No source has keys of the vendor, which may not be in use."""


class Unlistable(ConfigError):
    """The vendor's list requires a filter that was not given: one of `by`, in our spelling."""

    def __init__(self, what: str, *by: str) -> None:
        super().__init__(what, f"Give {' or '.join(f'`{name}`' for name in by)}.")
        self.by = by


class StateError(LivePullError):
    """A stack's state cannot be moved to another host; it stays as it is."""


class ApiError(LivePullError):
    """The vendor answered with an error. The message quotes it without secrets."""

    def __init__(
        self, code: str, message: str, *, status: int, request_id: str = "", hint: str = ""
    ) -> None:
        self.code = code
        self.status = status
        self.request_id = quoted(request_id)
        trace = f"HTTP {status}" + (f", request id {self.request_id}" if request_id else "")
        super().__init__(f'{quoted(code)} "{quoted(message)}" ({trace})', hint)


class NotFound(ApiError):
    """The resource does not exist. Read and delete treat this as "gone"."""


class Conflict(ApiError):
    """It already exists, or its state does not allow the operation."""


class Denied(ApiError):
    """The vendor refused the signature, the permission or the account."""


class NotSignedIn(Denied):
    """The vendor does not know who asks: the keys are unknown, wrong or expired."""


class NoPermission(Denied):
    """The user of the keys lacks a permission that this needs."""


class NotOpened(Denied):
    """The service is not activated for the account, or the account is blocked from it."""


class WrongRegion(ApiError):
    """The service, or the part of it that was asked for, is not in the region."""


class QuotaExceeded(ApiError):
    """The account's quota is used up."""


class Throttled(ApiError):
    """The vendor asked for fewer requests. `retry_after` is in seconds, if the vendor gave it."""

    retry_after: float | None = None


class Refused(LivePullError):
    """It would harm something that exists, so no request was sent."""


class Duplicate(Refused):
    """The same already exists. `holder` is its id, as the state would keep it."""

    def __init__(self, what: str, hint: str, holder: str) -> None:
        super().__init__(what, hint)
        self.holder = holder


class TransportError(LivePullError):
    """No usable answer came.

    `sent` is false only if the request certainly created or changed nothing.
    """

    def __init__(self, what: str, hint: str = "", *, sent: bool) -> None:
        super().__init__(what, hint)
        self.sent = sent


class WaitError(LivePullError):
    """The vendor did not finish in time what it was asked to do."""


HIDDEN = "***"

LONGEST = 400
"""How many characters of a vendor's text are shown."""

MAX_QUOTED = 4000
"""The longest vendor's text that is shown at all. The beginning of a longer one could end within a
secret."""

_hidden: ContextVar[tuple[str, ...]] = ContextVar("hidden", default=())


@contextmanager
def hiding(secrets: Iterable[str]) -> Iterator[None]:
    """Hide these secrets in every error that is created in this block."""
    more = tuple(filter(None, secrets))
    if not more:
        yield
        return
    before = _hidden.set((*_hidden.get(), *more))
    try:
        yield
    finally:
        _hidden.reset(before)


def is_hiding() -> bool:
    """Return whether any secrets are being hidden."""
    return bool(_hidden.get())


_URL_USER = re.compile(r"(?P<start>://)[^\s/?#\"<>]*@")
_URL_QUERY = re.compile(r"(?P<path>://(?:(?!://)[^\s?\"<>])*)\?[^\s\"<>]*")
_SIGNED = re.compile(
    r"\b(?P<name>Access|Credential|Signature|X-Security-Token|X-Auth-Token|x-acs-security-token)"
    r"(?P<sep>[\"']?\s*[=:]\s*[\"']?)[^\s,;\"']+",
    re.IGNORECASE,
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` without `secrets`, URL queries, user info, signatures and tokens."""
    if hidden := frozenset({*_hidden.get(), *secrets} - {""}):
        text = _any_of(hidden).sub(HIDDEN, text)
    text = _URL_USER.sub(rf"\g<start>{HIDDEN}@", text)
    text = _URL_QUERY.sub(rf"\g<path>?{HIDDEN}", text)
    return _SIGNED.sub(rf"\g<name>\g<sep>{HIDDEN}", text)


def quoted(text: str) -> str:
    """Return a vendor's text for a message: redacted, on one line, and shortened."""
    if len(text) > MAX_QUOTED:
        return f"({len(text)} characters)"
    shown = "".join(each if each.isprintable() else " " for each in redact(text))
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"


@lru_cache(maxsize=32)
def _any_of(secrets: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern that matches the secrets, the longest first, so that no tail remains."""
    longest_first = sorted(secrets, key=len, reverse=True)
    return re.compile("|".join("".join(map(_spelled, secret)) for secret in longest_first))


def _spelled(character: str) -> str:
    """Return a pattern for a character, plain or encoded as in a URL, JSON or HTML."""
    plain = re.escape(character)
    if character.isascii() and character.isalnum():
        return plain
    units = character.encode("utf-16-be", "surrogatepass")
    ways = (
        rf"\\*{plain}",
        "".join(f"%(?:25)*{byte:02x}" for byte in character.encode("utf-8", "surrogatepass")),
        "".join(rf"\\+u{unit.hex()}" for unit in (units[:2], units[2:]) if unit),
        re.escape(html.escape(character)),
        f"&#(?:{ord(character)}|x{ord(character):x});",
        *([r"\+"] if character == " " else []),
    )
    return f"(?i:{'|'.join(ways)})"
