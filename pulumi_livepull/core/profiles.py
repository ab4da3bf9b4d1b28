"""Credentials files: profiles in INI or JSON. A variable or the file itself selects one."""

import configparser
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi_livepull.core.credentials import Environment, Held, Source, listed
from pulumi_livepull.errors import ConfigError


class Unreadable(Exception):
    """A file cannot be read. The message never quotes the file, because its lines are keys."""


@dataclass(frozen=True)
class Document:
    """A parsed file: its profiles by name, the name of the current one, and other fields."""

    profiles: Mapping[str, Mapping[str, Any]] = field(repr=False)
    current: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)


Form = Callable[[str], Document]
"""Parses a file's text. Raises `Unreadable`."""


def ini(text: str) -> Document:
    """Parse an INI file. Each section is a profile."""
    parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes="#")
    try:
        parser.read_string(text)
    except configparser.Error:
        raise Unreadable("is not valid INI") from None
    return Document({name: dict(parser[name]) for name in parser.sections()})


def json_object(text: str) -> Document:
    """Parse a JSON object that is itself the only profile. Its name is empty."""
    return Document({"": _object(text)})


def json_profiles(text: str) -> Document:
    """Parse a JSON object with `current` and `profiles`, which is an object or a list of named
    ones.

    If two have the same name, the first is used.
    """
    fields = _object(text)
    current, profiles = fields.get("current") or "", fields.get("profiles") or {}
    if isinstance(profiles, list):
        named = [one for one in reversed(profiles) if isinstance(one, dict) and "name" in one]
        profiles = {one["name"]: one for one in named if isinstance(one["name"], str)}
    if not isinstance(current, str) or not isinstance(profiles, dict):
        raise Unreadable("has no profiles in a known form")
    if not all(isinstance(one, dict) for one in profiles.values()):
        raise Unreadable("has a profile that is not an object")
    return Document(profiles, current, fields)


def _object(text: str) -> dict[str, Any]:
    try:
        # A tool may leave an empty file behind when it is first started.
        found = json.loads(text.strip() or "{}")
    except (ValueError, RecursionError):
        raise Unreadable("is not valid JSON") from None
    if not isinstance(found, dict):
        raise Unreadable("is not a JSON object")
    return found


@dataclass(frozen=True)
class Keys:
    """The names of id, secret and token in a profile of this mode.

    `temporary` keys are incomplete without their token.
    """

    access_key: str
    secret_key: str
    security_token: str = ""
    mode: str = ""
    temporary: bool = False


@dataclass(frozen=True, kw_only=True)
class FileSource(Source):
    """A profile in a credentials file.

    The variable `path_variable` names the file; the default is `path`, if it exists. The variable
    `profile_variable` names the profile; the default is the file's current one, or else `profile`.

    `mode` is the field that says what kind of keys a profile has; a profile without it has the
    first of `keys`. `expiry` is the field for the expiry of temporary keys, in Unix seconds or a
    finer unit, and `settings` maps our settings to fields. `encrypted` holds the field of the file
    that is true if its keys are encrypted, and the command that decrypts them.
    """

    form: Form
    keys: tuple[Keys, ...]
    path: str = ""
    path_variable: str = ""
    profile: str = "default"
    profile_variable: str = ""
    mode: str = ""
    expiry: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    encrypted: tuple[str, str] = ("", "")

    @property
    def description(self) -> str:
        named = f"the file that `{self.path_variable}` names" if self.path_variable else ""
        file = " or ".join(each for each in (f"`{self.path}`" if self.path else "", named) if each)
        profile = f", profile `{self.profile}`" if self.profile else ""
        if self.profile_variable:
            other = "the current one" if self.form is json_profiles else f"`{self.profile}`"
            profile = f", the profile that `{self.profile_variable}` names or else {other}"
        keys = " or ".join(
            listed((each.access_key, each.secret_key, each.security_token))
            + (f" ({self.mode} `{each.mode}`)" if each.mode else "")
            for each in self.keys
        )
        also = ", ".join(f"`{name}`" for name in self.settings)
        return f"{file}{profile}: {keys}" + (f"; also {also}" if also else "")

    def choice(self, environ: Environment) -> tuple[str, str]:
        chosen = _variable(environ, self.profile_variable)
        return (chosen, self.profile_variable) if chosen else ("", "")

    def held(self, config: Mapping[str, str], environ: Environment) -> Held:
        path = _variable(environ, self.path_variable) or self.path
        if not path:
            return Held(f"the file that {self.path_variable} names (it names none)")
        text = self._text(path, environ)
        if text is None:
            return Held(f"{path} (there is no such file)")
        document = self._document(path, text)
        chosen, _ = self.choice(environ)
        name = chosen or document.current or self.profile
        if name in document.profiles:
            current = not chosen and bool(document.current)
            return self._held(document, _Profile(path, name, current, document.profiles[name]))
        there = f"its profiles: {', '.join(sorted(document.profiles)) or 'none'}"
        if document.current and not chosen:
            raise ConfigError(
                f'the current profile "{name}" of {path} does not exist ({there})',
                f"Correct the file{self._or_choose}.",
            )
        return Held(f"{path} ({there})")

    def _text(self, path: str, environ: Environment) -> str | None:
        """Return the text of the file, or `None` if the default file does not exist."""
        home = environ.get("HOME") or environ.get("USERPROFILE") or "~"
        place = Path(f"{home}{path[1:]}" if path.startswith("~/") else path)
        try:
            return place.read_text("utf-8-sig")
        except (FileNotFoundError, NotADirectoryError):
            if path == self.path:
                return None
            raise ConfigError(
                f"{self.path_variable} names {path}, which does not exist",
                "Correct the variable, or unset it.",
            ) from None
        except (OSError, UnicodeDecodeError):
            raise ConfigError(f"the credentials file {path} cannot be read", _CORRECT) from None

    def _document(self, path: str, text: str) -> Document:
        try:
            return self.form(text)
        except Unreadable as error:
            raise ConfigError(f"the credentials file {path} {error}", _CORRECT) from None

    def _held(self, document: Document, profile: "_Profile") -> Held:
        keys = self._keys(profile)
        names = (keys.access_key, keys.secret_key, keys.security_token)
        first, second, third = (profile.text(name) for name in names)
        encrypted, decrypt = self.encrypted
        if first and encrypted and str(document.fields.get(encrypted)).lower() == "true":
            raise ConfigError(f"the keys in {profile} are encrypted", f"Run: {decrypt}")
        return Held(
            f"{names[0]} in {profile}",
            names,
            (first, second, third),
            inside=f" in {profile}",
            temporary=keys.temporary,
            expires=profile.moment(self.expiry),
            settings={name: profile.text(key) for name, key in self.settings.items()},
        )

    def _keys(self, profile: "_Profile") -> Keys:
        """Return the field names for the profile's mode. Raises `ConfigError` for an unsupported
        mode."""
        mode = profile.text(self.mode)
        for keys in self.keys:
            if mode.lower() in {"", keys.mode.lower()}:
                return keys
        raise ConfigError(
            f"{profile} has the {self.mode} {mode}, which is not supported",
            f"Use the {self.mode} {' or '.join(keys.mode for keys in self.keys)}"
            f"{self._or_choose}, or set keys in the stack's config: temporary ones, "
            "with their security token, will do.",
        )

    @property
    def _or_choose(self) -> str:
        variable = self.profile_variable
        return f", or choose another profile with {variable}" if variable else ""


@dataclass(frozen=True)
class _Profile:
    """One profile in a file. `str()` returns its name for messages."""

    path: str
    name: str
    is_current: bool
    fields: Mapping[str, Any] = field(repr=False)

    def __str__(self) -> str:
        kind = "the current profile" if self.is_current else "profile"
        return f'{kind} "{self.name}" of {self.path}' if self.name else self.path

    def text(self, name: str) -> str:
        """Return a text, empty if it is missing. Raises `ConfigError` for any other type."""
        value = self._value(name) or ""
        if not isinstance(value, str):
            raise ConfigError(f"{name} in {self} is not text", _CORRECT)
        return value.strip()

    def moment(self, name: str) -> int:
        """Return a time in Unix seconds, whatever unit the file uses; 0 if it is missing."""
        value = self._value(name) or 0
        if not isinstance(value, int):
            raise ConfigError(f"{name} in {self} is not a time in Unix seconds", _CORRECT)
        # Source: volcenginesdk-core, which recognises milli-, micro- and nanoseconds in this way.
        while value >= 10**12:
            value //= 1000
        return value

    def _value(self, name: str) -> Any:
        return self.fields.get(name) if name else None


_CORRECT = "Correct it, or set the keys in the stack's config: then no file is read."


def _variable(environ: Environment, name: str) -> str:
    return environ.get(name, "").strip() if name else ""
