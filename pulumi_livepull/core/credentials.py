"""Where keys are looked for, in order, and what was tried.

A source gives an access key, its secret and its token together: an id is never mixed with a secret
from elsewhere.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pulumi_livepull.errors import ConfigError, NoKeys

Environment = Mapping[str, str]

_PRINTABLE = re.compile("[ -~]*")
"""What may stand in a header, in which ids and tokens travel."""


@dataclass(frozen=True)
class Credentials:
    """One access key pair, with a token when it is temporary."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    security_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Found:
    """The keys that a place holds, and the settings beside them, by their names in `Setting`."""

    credentials: Credentials
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Held:
    """What one place holds: id, secret and token by their names there, empty where there is none.

    `place` is what a message says was looked at, `inside` the profile that the names are of.
    `expires` is in Unix seconds, 0 if unknown; `temporary` keys are none without their token.
    """

    place: str
    names: tuple[str, str, str] = ("", "", "")
    values: tuple[str, str, str] = field(default=("", "", ""), repr=False)
    inside: str = ""
    temporary: bool = False
    expires: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)


class Source(ABC):
    """One place where keys may be: how it is described to users, and how it is read."""

    @property
    @abstractmethod
    def description(self) -> str:
        """What the reference of the configuration says of it, in Markdown."""

    @abstractmethod
    def held(self, config: Mapping[str, str], environ: Environment) -> Held:
        """Return what is there. Raises `ConfigError` for what can be no keys."""

    def choice(self, environ: Environment) -> tuple[str, str]:
        """Return the profile that the user chose and the variable that says so, or two blanks.

        Once a profile is chosen, no other place may stand in for it.
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
    """Environment variables of one tool's family."""

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
    """Return the names of an id, a secret and a token in Markdown."""
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

    Raises `ConfigError` for a part of a pair and for keys that have expired, and, where there are
    none, lists where it looked.
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
    """Return what a place holds, or `None` if that is nothing."""
    key, secret, token = (text.strip() for text in held.values)
    needed = list(zip(held.names, (key, secret, token), strict=True))
    needed = needed[: 3 if held.temporary else 2]
    have = [name for name, value in needed if value]
    lack = [name for name, value in needed if not value]
    if not have:
        return None
    for name, value in zip(held.names, (key, secret, token), strict=True):
        if not _PRINTABLE.fullmatch(value):
            raise ConfigError(
                f"{vendor}: {name}{held.inside} contains a character that keys never have",
                "Set it again: most likely a line break was copied into it.",
            )
    if lack:
        raise ConfigError(
            f"{vendor}: {have[0]} is set but {lack[0]} is not{held.inside}",
            "Set both: an id is never combined with a secret from another place.",
        )
    if token and 0 < held.expires <= clock().timestamp():
        raise ConfigError(
            f"{vendor}: the temporary keys{held.inside} expired at "
            f"{datetime.fromtimestamp(held.expires, UTC):%Y-%m-%d %H:%M:%S} UTC",
            "Get new ones, or choose other keys.",
        )
    return Found(Credentials(key, secret, token), held.settings)
