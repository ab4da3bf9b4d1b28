"""Vendor: the record that a vendor's folder exports, and the client that a stack's config makes."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pulumi_livepull.core.calculation import Calculation
from pulumi_livepull.core.clock import Clock, utc_now
from pulumi_livepull.core.credentials import Credentials, Environment, Source, find_credentials
from pulumi_livepull.core.limits import Limits
from pulumi_livepull.core.naming import pascal
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.errors import ConfigError

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

NAMESPACE = "livepull:"


@dataclass(frozen=True)
class Setting:
    """One thing a stack may configure for a vendor, and where else it may be chosen_texts.

    `variables` are environment variables. `regional` begins those that are for one region, whose
    name follows in capitals and with `_` for `-`: that of cn-north-4 becomes `name.cn-north-4`.
    A profile may say it too: see `FileSource`. What a profile says counts for nothing where the
    setting that it is `of` is chosen_texts otherwise: a project is of one region.
    """

    name: str
    description: str
    variables: tuple[str, ...] = ()
    regional: str = ""
    of: str = ""
    secret: bool = False
    type: Literal["string", "boolean"] = "string"


ALLOW_HTTP = Setting(
    "allow_http",
    "Whether the endpoint may use plain http even if it is on another machine. Anyone on the "
    "network path can then read everything, including stream keys, and can forge answers.",
    type="boolean",
)
"""Vendors give it beside their endpoint: see `checked_endpoint`."""


@dataclass(frozen=True)
class Terraform:
    """A resource of the vendor's Terraform provider that is the same thing as one of ours.

    `names` are its names for those of our fields that it calls otherwise; `lacks` are those that it
    does not have.
    """

    name: str
    resource: type[Resource]
    names: Mapping[str, str]
    lacks: Set[str]


class Connect(Protocol):
    """Makes a vendor's client."""

    def __call__(
        self, settings: Mapping[str, str], signer: Any, limits: Limits, **options: Any
    ) -> Client: ...


@dataclass(frozen=True)
class Vendor:
    """Everything the rest of the program needs to know of one vendor."""

    name: str
    title: str
    connect: str
    """Where the class of its client is, as `module:name`; see `Connect`.

    It is loaded once something is to be sent: a program that only describes what there should be
    needs no HTTP client.
    """
    signer: str
    """Where the class of its `Signer` is, likewise."""
    credentials: Sequence[Source]
    settings: Sequence[Setting]
    resources: Sequence[type[Resource]]
    requests_per_second: float
    calculations: Sequence[type[Calculation]] = ()
    terraform: Sequence[Terraform] = ()
    """What its Terraform provider, of the same name as the vendor, has, too."""
    keys: Sequence[Setting] = field(
        default=(
            Setting("access_key", "Access key id."),
            Setting("secret_key", "Secret access key.", secret=True),
            Setting("security_token", "Security token of temporary keys.", secret=True),
        )
    )

    def config_key(self, setting: str) -> str:
        """Return how a stack's config names a setting: `livepull:huaweicloudProjectId`."""
        return f"{NAMESPACE}{self.name}{pascal(setting)}"

    def client(
        self,
        config: Mapping[str, str],
        environ: Environment = os.environ,
        *,
        clock: Clock = utc_now,
        **options: Any,
    ) -> Client:
        """Return a client for a stack's config. Nothing is sent yet.

        `options` are those of `Client`: its transport, cancellation and clocks. Raises
        `ConfigError` for a key or setting that is missing or malformed. A profile gives settings
        only with its keys: those of another account may not fit.
        """
        found = find_credentials(self.name, self.credentials, config, environ, clock)
        return self._connect(
            dict(self._settings(found.settings, config, environ)),
            found.credentials,
            limits(config, self.requests_per_second),
            clock=clock,
            adopts_same=is_on(config, "adoptSame"),
            secrets=(found.credentials.secret_access_key, found.credentials.security_token),
            **options,
        )

    def problems(
        self, config: Mapping[str, str], environ: Environment = os.environ
    ) -> Iterator[tuple[str, ConfigError]]:
        """Yield everything that a stack's config lacks or has wrong, with the key it is about."""
        checks: list[tuple[str, Callable[[], object]]] = [
            (
                self.config_key("access_key"),
                partial(find_credentials, self.name, self.credentials, config, environ, utc_now),
            ),
            (self.config_key("endpoint"), partial(self._client_without_keys, config, environ)),
            *((NAMESPACE + key, partial(_limit, config, key)) for key in LIMIT_KEYS),
        ]
        for key, check in checks:
            try:
                check()
            except ConfigError as error:
                yield key, error

    def _client_without_keys(self, config: Mapping[str, str], environ: Environment) -> Client:
        settings = dict(self._settings({}, config, environ))
        return self._connect(settings, Credentials("", ""), Limits())

    def _connect(
        self,
        settings: Mapping[str, str],
        credentials: Credentials,
        limits: Limits,
        **options: Any,
    ) -> Client:
        connect: Connect = resolve_name(self.connect)
        return connect(settings, resolve_name(self.signer)(credentials), limits, **options)

    def _settings(
        self, profile: Mapping[str, str], config: Mapping[str, str], environ: Environment
    ) -> Iterator[tuple[str, str]]:
        """Yield what the config, or else the environment, or else a profile says of settings."""
        chosen_texts: dict[str, str] = {}
        for setting in self.settings:
            chosen_texts[setting.name] = self._configured(setting, config, environ)
            wholes = {chosen_texts.get(setting.of, ""), profile.get(setting.of, "")} - {""}
            beside = profile.get(setting.name, "") if len(wholes) < 2 else ""
            if value := chosen_texts[setting.name] or beside:
                yield setting.name, value
            yield from _regional(setting, environ)

    def _configured(self, setting: Setting, config: Mapping[str, str], environ: Environment) -> str:
        variables = (environ.get(variable, "") for variable in setting.variables)
        texts = (config.get(self.config_key(setting.name), ""), *variables)
        text = next(filter(None, map(str.strip, texts)), "")
        if setting.type == "string" or not text:
            return text
        return _boolean(self.config_key(setting.name), text)


def _boolean(key: str, text: str) -> str:
    if text.lower() in {"true", "false"}:
        return text.lower()
    raise ConfigError(
        f'config {key} is "{text}", not true or false', f"Run: pulumi config set {key} false"
    )


def _regional(setting: Setting, environ: Environment) -> Iterator[tuple[str, str]]:
    """Yield what the environment says of a setting for each region."""
    for variable, text in environ.items():
        if setting.regional and variable.startswith(setting.regional) and text.strip():
            region = variable.removeprefix(setting.regional).lower().replace("_", "-")
            yield f"{setting.name}.{region}", text.strip()


LIMIT_KEYS = {
    "maxRetries": ("max_retries", 0.0, "How often a failed call is sent again."),
    "maxRetrySeconds": (
        "max_retry_seconds",
        0.0,
        "How long one call may take, including retries and waits.",
    ),
    "timeoutSeconds": ("timeout_seconds", 0.1, "How long one request may take."),
    "waitSeconds": (
        "wait_seconds",
        0.0,
        "How long to wait until a vendor has done what it was asked to do, such as stop a task.",
    ),
    "requestsPerSecond": (
        "requests_per_second",
        0.01,
        "How many requests of one operation may start per second. If unset, what suits the vendor.",
    ),
}
"""Config names of the limits: field, least value, meaning."""


FLAG_KEYS = {
    "refreshBeforeUpdate": (
        "refresh_before_update",
        "Whether each preview and update first reads what exists, as with `--refresh`. Only in the "
        "plugin, and for a resource only after its next create, update or refresh.",
    ),
    "adoptSame": (
        "adopt_same",
        "Whether a create takes over what exists already with the same inputs, instead of refusing "
        "to create it a second time. Set it for the run after one that was killed, and not "
        "otherwise: it may take over what another stack manages.",
    ),
}
"""Config names of what is on or off, and off unless it is set: field, meaning."""


def is_on(config: Mapping[str, str], key: str) -> bool:
    """Return what a stack's config says of one of `FLAG_KEYS`. Raises `ConfigError`."""
    return _boolean(NAMESPACE + key, config.get(NAMESPACE + key, "").strip() or "false") == "true"


def limits(config: Mapping[str, str], requests_per_second: float) -> Limits:
    """Return the limits that a stack's config sets, with a vendor's own rate where it sets none.

    Raises `ConfigError` for a malformed one.
    """
    chosen = {"requests_per_second": requests_per_second}
    for key, (name, _, _) in LIMIT_KEYS.items():
        number = _limit(config, key)
        if number is not None:
            chosen[name] = number
    return Limits(**chosen)


def _limit(config: Mapping[str, str], key: str) -> float | None:
    text, least = config.get(NAMESPACE + key), LIMIT_KEYS[key][1]
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not least <= number < math.inf:
        raise ConfigError(
            f'config {NAMESPACE}{key} is "{text}", not a number of at least {least:g}',
            f"Run: pulumi config set {NAMESPACE}{key} <number>",
        )
    return number
