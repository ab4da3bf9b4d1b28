"""Where keys and settings are looked for, in order, and what was tried.

A source gives an access key, its secret and its token together: an id is never mixed with a secret
from elsewhere.
"""

import configparser
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pulumi_livepull.errors import ConfigError

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Credentials:
    """One access key pair, with a token when it is temporary."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    security_token: str = field(default="", repr=False)


class Source(ABC):
    """One place where a key pair may be: its name for messages, and how it is read.

    `found` returns the three texts, empty where there is none.
    """

    @property
    @abstractmethod
    def names(self) -> tuple[str, str]:
        """What the id and the secret are called here."""

    @abstractmethod
    def found(self, config: Mapping[str, str], environ: Environment) -> tuple[str, str, str]:
        """Return id, secret and token."""


@dataclass(frozen=True)
class ConfigSource(Source):
    """The stack's configuration: `livepull:<vendor>AccessKey` and its siblings."""

    prefix: str

    @property
    def names(self) -> tuple[str, str]:
        return f"config {self.prefix}AccessKey", f"config {self.prefix}SecretKey"

    def found(self, config: Mapping[str, str], environ: Environment) -> tuple[str, str, str]:
        keys = ("AccessKey", "SecretKey", "SecurityToken")
        first, second, third = (config.get(self.prefix + key, "") for key in keys)
        return first, second, third


@dataclass(frozen=True)
class EnvironmentSource(Source):
    """Environment variables of one tool's family."""

    access_key: str
    secret_key: str
    security_token: str = ""

    @property
    def names(self) -> tuple[str, str]:
        return self.access_key, self.secret_key

    def found(self, config: Mapping[str, str], environ: Environment) -> tuple[str, str, str]:
        return (
            environ.get(self.access_key, ""),
            environ.get(self.secret_key, ""),
            environ.get(self.security_token, ""),
        )


@dataclass(frozen=True)
class FileSource(Source):
    """A section of an INI file, at a path that an environment variable may name."""

    variable: str
    default: str
    section: str
    keys: tuple[str, str, str]

    @property
    def names(self) -> tuple[str, str]:
        where = f"{self.default} [{self.section}]"
        return f"{self.keys[0]} in {where}", f"{self.keys[1]} in {where}"

    def found(self, config: Mapping[str, str], environ: Environment) -> tuple[str, str, str]:
        first, second, third = (self.value(key, environ) for key in self.keys)
        return first, second, third

    def value(self, key: str, environ: Environment) -> str:
        """Return one value of the section, or an empty text."""
        home = environ.get("HOME", "~")
        named = environ.get(self.variable) or self.default
        path = Path(f"{home}{named[1:]}" if named.startswith("~/") else named)
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError) as error:
            raise ConfigError(
                f"the credentials file {path} cannot be read", "Correct it, or remove it."
            ) from error
        return parser.get(self.section, key, fallback="")


def find_credentials(
    vendor: str,
    sources: Iterable[Source],
    config: Mapping[str, str],
    environ: Environment,
) -> Credentials:
    """Return the first key pair that a source holds.

    Raises `ConfigError` for half a pair, and, where there is none, lists where it looked.
    """
    tried = []
    for source in sources:
        access_key_id, secret, token = (text.strip() for text in source.found(config, environ))
        if access_key_id and secret:
            return Credentials(access_key_id, secret, token)
        if access_key_id or secret:
            have, lack = source.names if access_key_id else reversed(source.names)
            raise ConfigError(
                f"{vendor}: {have} is set but {lack} is not",
                "Set both: an id is never combined with a secret from another place.",
            )
        tried.append(source.names[0])
    raise ConfigError(
        f"{vendor}: no access key found. Looked at {', then '.join(tried)}",
        f"Run: pulumi config set --secret livepull:{vendor}AccessKey <key>, "
        f"and the same for livepull:{vendor}SecretKey.",
    )
