"""Keys from a program that prints them as JSON, renewed before they expire."""

import json
import logging
import os
import shlex
import subprocess
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from pulumi_livepull.core.credentials import (
    Credentials,
    Environment,
    Held,
    Renewal,
    Source,
    check_sound,
)
from pulumi_livepull.errors import ConfigError

_log = logging.getLogger(__name__)

SECONDS = 60.0
"""How long the program may take: enough for a token service, not for a prompt."""

NAMES = ("AccessKeyId", "SecretAccessKey", "SessionToken")
"""The names of the id, the secret and the token in what the program prints."""

EXPIRATION = "Expiration"

EARLY = timedelta(minutes=5)
"""How long before they expire keys are renewed; short-lived ones are renewed at half their time.

A request that is signed just before they expire may arrive too late.
"""

NEVER = datetime.max.replace(tzinfo=UTC)

FORM = (
    'It must print one JSON object: {"Version": 1, "AccessKeyId": …, "SecretAccessKey": …, '
    '"SessionToken": …, "Expiration": "2030-01-31T20:00:00Z"}.'
)


@dataclass(frozen=True)
class CommandSource(Source):
    """A program that the stack's configuration names: `livepull:<vendor>CredentialsCommand`."""

    vendor: str

    @property
    def key(self) -> str:
        """The key of a stack's config that names the program."""
        return f"livepull:{self.vendor}CredentialsCommand"

    @property
    def description(self) -> str:
        return (
            f"the program that the stack's config names with `{self.key}`: see "
            "[A program that gives keys](#a-program-that-gives-keys)"
        )

    def held(self, config: Mapping[str, str], environ: Environment) -> Held:
        place = f"config {self.key}"
        command = config.get(self.key, "").strip()
        if not command:
            return Held(place)
        program = program_of(self.vendor, command)
        keys = program.latest()
        return Held(
            f"the program of {place}",
            NAMES,
            (keys.access_key_id, keys.secret_access_key, keys.security_token),
            inside=f" in what the program of {place} prints",
            expires=int(program.ends.timestamp()) if program.ends else 0,
            renewal=program,
        )


@cache
def program_of(vendor: str, command: str) -> "Program":
    """Return the one program of a command, whose keys all clients of this process share."""
    return Program(vendor, command)


@dataclass
class Program(Renewal):
    """A program and the keys that it last printed. Safe to use from many threads."""

    vendor: str
    command: str = field(repr=False)
    ends: datetime | None = None
    """When the keys expire; `None` if they do not."""

    _keys: Credentials | None = None
    _renew_at: datetime | None = None
    _secrets: set[str] = field(default_factory=set, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def latest(self) -> Credentials:
        """Return the keys that were last printed, running the program if there are none yet."""
        with self._lock:
            return self._keys or self._ask()

    def current(self, now: datetime) -> Credentials:
        """See `Renewal`. One thread runs the program, and the others wait for its keys."""
        with self._lock:
            if self._keys is None or now >= self._renewal(now):
                return self._renewed(now)
            return self._keys

    def _renewal(self, now: datetime) -> datetime:
        """Return when to renew the keys. It is decided when they are first used."""
        if self.ends is None:
            return NEVER
        if self._renew_at is None:
            self._renew_at = max(self.ends - EARLY, now + (self.ends - now) / 2)
        return min(self._renew_at, self.ends)

    @property
    def secrets(self) -> Collection[str]:
        """See `Renewal`."""
        return tuple(self._secrets)

    def _renewed(self, now: datetime) -> Credentials:
        try:
            keys = self._ask()
            if self.ends and self.ends <= now:
                over = f"prints keys that expired at {self.ends:%Y-%m-%d %H:%M:%S} UTC"
                raise self._wrong(over)
            return keys
        except ConfigError as error:
            if self._keys is None or self.ends is None or now >= self.ends:
                raise
            _log.warning("%s; the keys are used until they expire", error.what)
            self._renew_at = now + (self.ends - now) / 2
            return self._keys

    def _ask(self) -> Credentials:
        """Run the program, and keep and return its keys. Raises `ConfigError`."""
        printed = self._object(self._run())
        keys = Credentials(*(self._text(printed, name) for name in NAMES))
        ends = self._moment(printed)
        spelled = keys.access_key_id, keys.secret_access_key, keys.security_token
        check_sound(self.vendor, NAMES, spelled, self._inside)
        self._secrets |= {keys.secret_access_key, keys.security_token} - {""}
        self._keys, self.ends, self._renew_at = keys, ends, None
        return keys

    @property
    def _inside(self) -> str:
        return f" in what the program of config {self._key} prints"

    @property
    def _key(self) -> str:
        return f"livepull:{self.vendor}CredentialsCommand"

    def _run(self) -> bytes:
        try:
            # Windows splits a command line by itself, by other rules than those of `shlex`.
            words = self.command if os.name == "nt" else shlex.split(self.command)
            ran = subprocess.run(  # noqa: S603
                words, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise self._wrong(f"did not end within {SECONDS:g} s") from None
        except ValueError:
            raise self._wrong("has quotes that do not match") from None
        except OSError as error:
            raise self._wrong(f"does not start: {error.strerror}") from None
        if ran.returncode:
            # Not its own error message, which may contain keys.
            raise self._wrong(f"ended with {ran.returncode}")
        return ran.stdout

    def _object(self, printed: bytes) -> dict[str, Any]:
        try:
            found = json.loads(printed)
        except (ValueError, RecursionError):
            raise self._wrong("does not print JSON", FORM) from None
        if not isinstance(found, dict):
            raise self._wrong("does not print a JSON object", FORM)
        if found.get("Version") != 1:
            raise self._wrong("does not print Version 1", FORM)
        return found

    def _text(self, printed: Mapping[str, Any], name: str) -> str:
        value = printed.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(f"prints a {name} that is not text", FORM)
        if not value and name != NAMES[2]:
            raise self._wrong(f"prints no {name}", FORM)
        return (value or "").strip()

    def _moment(self, printed: Mapping[str, Any]) -> datetime | None:
        text = printed.get(EXPIRATION)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except (TypeError, ValueError):
            moment = None
        if moment is None or moment.tzinfo is None:
            raise self._wrong(f"prints an {EXPIRATION} that is not a time in RFC 3339", FORM)
        return moment.astimezone(UTC)

    def _wrong(self, what: str, hint: str = "Run it by hand to see what it says.") -> ConfigError:
        return ConfigError(f"{self.vendor}: the program of config {self._key} {what}", hint)
