"""Find the access key: the sources, in order, and what was tried.

Each source provides an access key, its secret and its token together: an id is never combined with
a secret from another source.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pulumi_livepull.errors import ConfigError, NoKeys

Environment = Mapping[str, str]

_PRINTABLE = re.compile("[ -~]*")
"""Characters that a header may contain: ids and tokens are sent in headers."""


@dataclass(frozen=True)
class Credentials:
    """An access key pair, with a token if it is temporary."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    security_token: str = field(default="", repr=False)


class Renewal(ABC):
    """A source of keys that expire and are renewed. Safe to use from many threads."""

    @abstractmethod
    def current(self, now: datetime) -> Credentials:
        """Return keys that are valid at `now`. Raises `ConfigError` if there are none."""

    @property
    @abstractmethod
    def secrets(self) -> Collection[str]:
        """All secrets that it has returned so far."""


@dataclass(frozen=True)
class Found:
    """The keys that a source holds, and the settings beside them, by their names in `Setting`."""

    credentials: Credentials
    settings: Mapping[str, str]
    place: str
    renewal: Renewal | None = None
    """Where new keys come from once these expire."""

    @property
    def secrets(self) -> Collection[str]:
        """The secrets to hide, which change when keys are renewed."""
        if self.renewal:
            return _Renewed(self.renewal)
        return self.credentials.secret_access_key, self.credentials.security_token


@dataclass(frozen=True)
class Held:
    """What one source holds: id, secret and token with the names they have there, empty if missing.

    `place` names the source in messages, and `inside` the profile that the names belong to.
    `expires` is in Unix seconds, 0 if unknown. `temporary` keys are incomplete without their token.
    """

    place: str
    names: tuple[str, str, str] = ("", "", "")
    values: tuple[str, str, str] = field(default=("", "", ""), repr=False)
    inside: str = ""
    temporary: bool = False
    expires: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)
    renewal: Renewal | None = None


class _Renewed(Collection[str]):
    """The current secrets of a renewal, at each access."""

    def __init__(self, renewal: Renewal) -> None:
        self._renewal = renewal

    def __len__(self) -> int:
        return len(self._renewal.secrets)

    def __iter__(self) -> Iterator[str]:
        return iter(self._renewal.secrets)

    def __contains__(self, secret: object) -> bool:
        return secret in self._renewal.secrets


class Source(ABC):
    """One place that may hold keys: its description for users, and how to read it."""

    @property
    @abstractmethod
    def description(self) -> str:
        """Its description in the configuration reference, in Markdown."""

    @abstractmethod
    def held(self, config: Mapping[str, str], environ: Environment) -> Held:
        """Return what is there. Raises `ConfigError` if it cannot be keys."""

    def choice(self, environ: Environment) -> tuple[str, str]:
        """Return the profile that the user chose and the variable that names it, or two empty
        texts.

        Once a profile is chosen, no other source replaces it.
        """
        return "", ""


@dataclass(frozen=True)
class ConfigSource(Source):
    """The stack's configuration: `livepull:<vendor>AccessKey` and its siblings."""

    prefix: str

    @property
    def description(self) -> str:
        return "the stack's config: " + listed(self._names)

    def held(self, config: Mapping[str, str], environ: Environment) -> Held:
        first, second, third = self._names
        values = (config.get(first, ""), config.get(second, ""), config.get(third, ""))
        names = (f"config {first}", f"config {second}", f"config {third}")
        return Held(names[0], names, values)

    @property
    def _names(self) -> tuple[str, str, str]:
        return (
            f"{self.prefix}AccessKey",
            f"{self.prefix}SecretKey",
            f"{self.prefix}SecurityToken",
        )


@dataclass(frozen=True)
class EnvironmentSource(Source):
    """Environment variables of one family of tools."""

    access_key: str
    secret_key: str
    security_token: str = ""

    @property
    def description(self) -> str:
        return listed((self.access_key, self.secret_key, self.security_token))

    def held(self, config: Mapping[str, str], environ: Environment) -> Held:
        names = (self.access_key, self.secret_key, self.security_token)
        token = environ.get(self.security_token, "") if self.security_token else ""
        values = (environ.get(self.access_key, ""), environ.get(self.secret_key, ""), token)
        return Held(self.access_key, names, values)


def listed(names: tuple[str, str, str]) -> str:
    """Return the names of an id, a secret and a token, in Markdown."""
    token = f" and, for temporary keys, `{names[2]}`" if names[2] else ""
    return f"`{names[0]}`, `{names[1]}`{token}"


def find_credentials(
    vendor: str,
    sources: Iterable[Source],
    config: Mapping[str, str],
    environ: Environment,
    clock: Callable[[], datetime],
) -> Found:
    """Return the first keys that a source holds.

    Raises `ConfigError` for an incomplete pair, for expired keys, and, if no source has any, with a
    list of where it looked.
    """
    looked: list[str] = []
    profile = variable = ""
    for source in sources:
        chosen, names_it = source.choice(environ)
        if profile and not chosen:
            break
        if chosen and not profile:
            profile, variable, looked = chosen, names_it, []
        held = source.held(config, environ)
        if found := _found(vendor, held, clock):
            return found
        looked.append(held.place)
    raise _none(vendor, ", then ".join(looked), profile, variable)


def _none(vendor: str, looked: str, profile: str, variable: str) -> ConfigError:
    if profile:
        return ConfigError(
            f'{vendor}: no access key in profile "{profile}", which {variable} names. '
            f"Looked at {looked}",
            f"Set {variable} to a profile that has one, or unset it.",
        )
    return NoKeys(
        f"{vendor}: no access key found. Looked at {looked}",
        f"Run: pulumi config set --secret livepull:{vendor}AccessKey <key>, "
        f"and the same for livepull:{vendor}SecretKey.",
    )


def _found(vendor: str, held: Held, clock: Callable[[], datetime]) -> Found | None:
    """Return what a source holds, or `None` if it holds nothing."""
    key, secret, token = (text.strip() for text in held.values)
    needed = list(zip(held.names, (key, secret, token), strict=True))
    needed = needed[: 3 if held.temporary else 2]
    have = [name for name, value in needed if value]
    lack = [name for name, value in needed if not value]
    if not have:
        return None
    check_sound(vendor, held.names, (key, secret, token), held.inside)
    if lack:
        raise ConfigError(
            f"{vendor}: {have[0]} is set but {lack[0]} is not{held.inside}",
            "Set both: an id is never combined with a secret from another place.",
        )
    # Keys with a renewal are renewed when they are needed.
    if token and not held.renewal and 0 < held.expires <= clock().timestamp():
        raise ConfigError(
            f"{vendor}: the temporary keys{held.inside} expired at "
            f"{datetime.fromtimestamp(held.expires, UTC):%Y-%m-%d %H:%M:%S} UTC",
            "Get new ones, or choose other keys.",
        )
    keys = Credentials(key, secret, token)
    return Found(keys, held.settings, held.place, held.renewal)


def check_sound(
    vendor: str, names: tuple[str, str, str], values: tuple[str, str, str], inside: str
) -> None:
    """Raise `ConfigError` if an id, a secret or a token has a character that keys never have."""
    for name, value in zip(names, values, strict=True):
        if not _PRINTABLE.fullmatch(value):
            raise ConfigError(
                f"{vendor}: {name}{inside} contains a character that keys never have",
                "Set it again: most likely a line break was copied into it.",
            )
