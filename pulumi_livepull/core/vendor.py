"""Vendor: the record that a vendor's folder exports, and how a client is made from a config."""

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
from pulumi_livepull.core.credentials import (
    Credentials,
    Environment,
    Renewal,
    Source,
    find_credentials,
)
from pulumi_livepull.core.limits import Limits
from pulumi_livepull.core.naming import pascal
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.errors import ConfigError

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

NAMESPACE = "livepull:"


@dataclass(frozen=True)
class Setting:
    """A setting of a vendor in the stack's config, and where else it may come from.

    `variables` are environment variables. `regional` is the prefix of variables for a single
    region, followed by the region in capitals with `_` for `-`: the one for cn-north-4 becomes the
    setting `name.cn-north-4`. A profile may contain the setting, too: see `FileSource`. If `of`
    names another setting, the profile's value is ignored when that setting comes from elsewhere
    with another value: a project belongs to one region.
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
"""Vendors list it with their endpoint: see `checked_endpoint`."""


@dataclass(frozen=True)
class Terraform:
    """A resource of the vendor's Terraform provider that corresponds to one of ours.

    `names` maps our fields to its names where they differ; `lacks` are our fields that it does not
    have.
    """

    name: str
    resource: type[Resource]
    names: Mapping[str, str]
    lacks: Set[str]


class Connect(Protocol):
    """Creates a vendor's client."""

    def __call__(
        self, settings: Mapping[str, str], signer: Any, limits: Limits, **options: Any
    ) -> Client: ...


@dataclass(frozen=True)
class Vendor:
    """Everything the rest of the program needs to know about one vendor."""

    name: str
    title: str
    connect: str
    """Its client class as `module:name`; see `Connect`.

    It is loaded when a request is first sent: a program that only declares resources needs no HTTP
    client.
    """
    signer: str
    """Its `Signer` class as `module:name`."""
    credentials: Sequence[Source]
    settings: Sequence[Setting]
    resources: Sequence[type[Resource]]
    requests_per_second: float
    calculations: Sequence[type[Calculation]] = ()
    terraform: Sequence[Terraform] = ()
    """The corresponding resources of its Terraform provider, which has the vendor's name."""
    keys: Sequence[Setting] = field(
        default=(
            Setting("access_key", "Access key id."),
            Setting("secret_key", "Secret access key.", secret=True),
            Setting("security_token", "Security token of temporary keys.", secret=True),
            Setting(
                "credentials_command",
                "Program that prints keys as JSON, and is asked again before they expire.",
            ),
        )
    )

    def config_key(self, setting: str) -> str:
        """Return a setting's key in a stack's config: `livepull:huaweicloudProjectId`."""
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

        `options` are those of `Client`: transport, cancellation and clocks. Raises `ConfigError`
        for a missing or malformed key or setting. The settings of a profile are used only with its
        keys, because they may not fit another account.
        """
        found = find_credentials(self.name, self.credentials, config, environ, clock)
        return self._connect(
            dict(self._settings(found.settings, config, environ)),
            found.credentials,
            limits(config, self.requests_per_second),
            clock=clock,
            adopts_same=is_on(config, "adoptSame"),
            secrets=found.secrets,
            renewal=found.renewal,
            **options,
        )

    def problems(
        self, config: Mapping[str, str], environ: Environment = os.environ
    ) -> Iterator[tuple[str, ConfigError]]:
        """Yield everything that is missing or wrong in a stack's config, each with its key."""
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
        renewal: Renewal | None = None,
        **options: Any,
    ) -> Client:
        connect: Connect = resolve_name(self.connect)
        signer = resolve_name(self.signer)(credentials)
        if renewal:
            signer.renewal = renewal
        return connect(settings, signer, limits, **options)

    def _settings(
        self, profile: Mapping[str, str], config: Mapping[str, str], environ: Environment
    ) -> Iterator[tuple[str, str]]:
        """Yield the settings, from the config, the environment or a profile, in this order."""
        configured: dict[str, str] = {}
        for setting in self.settings:
            configured[setting.name] = self._configured(setting, config, environ)
            wholes = {configured.get(setting.of, ""), profile.get(setting.of, "")} - {""}
            beside = profile.get(setting.name, "") if len(wholes) < 2 else ""
            if value := configured[setting.name] or beside:
                yield setting.name, value
            yield from _regional(setting, environ)

    def places(
        self, setting: Setting, config: Mapping[str, str], environ: Environment
    ) -> Iterator[tuple[str, str]]:
        """Yield each place that says a setting, the one that counts first, and what it says."""
        key = self.config_key(setting.name)
        yield from (
            (place, said.strip())
            for place, said in (
                (f"config {key}", config.get(key, "")),
                *((variable, environ.get(variable, "")) for variable in setting.variables),
            )
            if said.strip()
        )

    def _configured(self, setting: Setting, config: Mapping[str, str], environ: Environment) -> str:
        _, text = next(self.places(setting, config, environ), ("", ""))
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
    """Yield a setting's values for single regions from the environment."""
    for variable, text in environ.items():
        if setting.regional and variable.startswith(setting.regional) and text.strip():
            region = variable.removeprefix(setting.regional).lower().replace("_", "-")
            yield f"{setting.name}.{region}", text.strip()


LIMIT_KEYS = {
    "maxRetries": ("max_retries", 0.0, "How many times a failed call is retried."),
    "maxRetrySeconds": (
        "max_retry_seconds",
        0.0,
        "How long one call may take, including retries and waits.",
    ),
    "timeoutSeconds": ("timeout_seconds", 0.1, "How long one request may take."),
    "waitSeconds": (
        "wait_seconds",
        0.0,
        "How long to wait for a vendor to finish what it was asked to do, such as stopping a task.",
    ),
    "requestsPerSecond": (
        "requests_per_second",
        0.01,
        "How many requests of one operation may start per second. The default depends on the "
        "vendor.",
    ),
}
"""Config keys of the limits: field, minimum, meaning."""


FLAG_KEYS = {
    "refreshBeforeUpdate": (
        "refresh_before_update",
        "Whether each preview and update first reads what exists, as with `--refresh`. Only in the "
        "plugin, and for a resource only after its next create, update or refresh.",
    ),
    "adoptSame": (
        "adopt_same",
        "Whether a create adopts an existing resource with the same inputs, instead of refusing to "
        "create a second one. Set it only for the run after one that was killed: it may adopt what "
        "another stack manages.",
    ),
}
"""Config keys of switches that are off by default: field, meaning."""


def is_on(config: Mapping[str, str], key: str) -> bool:
    """Return the value of one of `FLAG_KEYS` in a stack's config. Raises `ConfigError`."""
    return _boolean(NAMESPACE + key, config.get(NAMESPACE + key, "").strip() or "false") == "true"


def limits(config: Mapping[str, str], requests_per_second: float) -> Limits:
    """Return the limits in a stack's config. The default request rate is the vendor's.

    Raises `ConfigError` for a malformed limit.
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
