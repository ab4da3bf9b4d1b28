"""The exceptions of this package, how they read, and how secrets are kept out of them.

LivePullError
├── ConfigError        a key or setting is missing or malformed; nothing was sent
│   ├── NoKeys         no place has any: the vendor may not be in use
│   └── Unlistable     the vendor lists such things only by what was not given
├── StateError         a stack's state cannot be moved to another host; it stays as it is
├── ApiError           the vendor answered with an error: code, status, request_id, hint
│   ├── NotFound       read and delete take it as "gone"
│   ├── Conflict       it exists already, or is in a state that forbids this
│   ├── Denied         signature, permission, service not opened
│   ├── QuotaExceeded
│   └── Throttled      raised only after the retries are spent
├── Refused            it would harm what is there, so the vendor was not asked
│   └── Duplicate      the same exists already
├── TransportError     no usable answer; the request may have taken effect
│   └── Unanswered     nor could anybody tell whether it did
├── WaitError          what the vendor was asked to do did not come about in time
└── Unfinished         it was made or changed, but not all of what was asked for

A message is one line of what failed and where, then one line of how to go on. It shows no secret:
`hiding` says which there are, and all that an error says goes through `redact`.
"""

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache


class LivePullError(Exception):
    """What went wrong, and in `hint` how to go on.

    `where` says which operation failed; the lifecycle sets it once it is known. `holder` is the id
    of what is there already where something was to be made.
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
    """No place has keys of the vendor, which may not be in use."""


class Unlistable(ConfigError):
    """The vendor lists such things only by what was not given: one of `by`, in our spelling."""

    def __init__(self, what: str, *by: str) -> None:
        super().__init__(what, f"Give {' or '.join(f'`{name}`' for name in by)}.")
        self.by = by


class StateError(LivePullError):
    """A stack's state cannot be moved to another host; it stays as it is."""


class ApiError(LivePullError):
    """The vendor answered with an error, quoted as far as it may be shown."""

    def __init__(
        self, code: str, message: str, *, status: int, request_id: str = "", hint: str = ""
    ) -> None:
        self.code = code
        self.status = status
        self.request_id = quoted(request_id)
        trace = f"HTTP {status}" + (f", request id {self.request_id}" if request_id else "")
        super().__init__(f'{quoted(code)} "{quoted(message)}" ({trace})', hint)


class NotFound(ApiError):
    """The thing does not exist; reading and deleting take it as "gone"."""


class Conflict(ApiError):
    """It exists already, or is in a state that forbids this."""


class Denied(ApiError):
    """The signature, the permission or the account was refused."""


class QuotaExceeded(ApiError):
    """The account may not have more of these."""


class Throttled(ApiError):
    """The vendor asked for fewer requests; `retry_after` is in seconds where it said so."""

    retry_after: float | None = None


class Refused(LivePullError):
    """It would harm what is there, so the vendor was not asked."""


class Duplicate(Refused):
    """The same exists already: `holder` is its id, as the state would keep it."""

    def __init__(self, what: str, hint: str, holder: str) -> None:
        super().__init__(what, hint)
        self.holder = holder


class TransportError(LivePullError):
    """No usable answer came.

    `sent` is false only when certainly nothing can have been made or changed by it.
    """

    def __init__(self, what: str, hint: str = "", *, sent: bool) -> None:
        super().__init__(what, hint)
        self.sent = sent


class WaitError(LivePullError):
    """What the vendor was asked to do did not come about in time."""


HIDDEN = "***"

LONGEST = 400
"""Characters of foreign text that are shown."""

MAX_QUOTED = 4000
"""Characters of foreign text that are looked at. Of a longer one not even the beginning is shown:
it could end within a secret."""

_hidden: ContextVar[tuple[str, ...]] = ContextVar("hidden", default=())


@contextmanager
def hiding(secrets: Iterable[str]) -> Iterator[None]:
    """Let no error that is made meanwhile show these, whoever makes it."""
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
    """Return whether there is anything that may not be shown."""
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
    """Return foreign text as a message may show it: redacted, on one line, not of any length."""
    if len(text) > MAX_QUOTED:
        return f"({len(text)} characters)"
    shown = "".join(each if each.isprintable() else " " for each in redact(text))
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"


@lru_cache(maxsize=32)
def _any_of(secrets: frozenset[str]) -> re.Pattern[str]:
    """Return what finds each of the secrets, the longest first, so that no tail of one is left."""
    longest_first = sorted(secrets, key=len, reverse=True)
    return re.compile("|".join("".join(map(_spelled, secret)) for secret in longest_first))


def _spelled(character: str) -> str:
    """Return what finds a character as it may be quoted: plain, or as in a URL, JSON or HTML."""
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
