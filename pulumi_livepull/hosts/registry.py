"""What both hosts need: resources by token, config keys, clients and messages."""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.function import SHARED_FUNCTIONS, Function, functions_of
from pulumi_livepull.core.property import has_unknown
from pulumi_livepull.core.resource import Caution, Failure, Resource
from pulumi_livepull.core.schedule import Schedule, schedules
from pulumi_livepull.core.vendor import FLAG_KEYS, LIMIT_KEYS, NAMESPACE, Vendor
from pulumi_livepull.errors import ConfigError, LivePullError
from pulumi_livepull.vendors import NAMES, VENDORS, named

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

VERSION = version("pulumi-livepull")
"""The version of this package, and so of the plugin."""

LONGEST_QUOTE = 100
"""The longest wrong value that a message quotes."""

LONGEST_VALUE = 1000
"""The longest wrong value that Pulumi may print."""


class _Tokened(Protocol):
    @property
    def token(self) -> str: ...


HasToken = TypeVar("HasToken", bound=_Tokened)

LOG = logging.getLogger("pulumi_livepull")
"""The package's logger. A host decides where its messages go."""


@cache
def find_resource(token: str) -> tuple[Vendor, type[Resource]]:
    """Return the vendor and class that a token names. Raises `ConfigError` for an unknown token."""
    return _found("resource", token, lambda vendor: vendor.resources)


@cache
def find_function(token: str) -> tuple[Vendor, Function]:
    """Return the vendor and function that a token names. Raises `ConfigError` for an unknown
    token."""
    return _found("function", token, functions_of, *SHARED_FUNCTIONS)


@cache
def find_schedule(token: str) -> Schedule:
    """Return the schedule that a token names. Raises `ConfigError` for an unknown token."""
    return _found("component", token, lambda vendor: schedules(vendor.resources))[1]


def _found(
    what: str, token: str, offered: Callable[[Vendor], Iterable[HasToken]], *others: str
) -> tuple[Vendor, HasToken]:
    """Return the vendor that a token names, and what it offers under this token.

    `others` are additional tokens to suggest.
    """
    names = [name for name in NAMES if token.startswith(f"{NAMESPACE}{name}:")]
    for vendor in map(named, names):
        for each in offered(vendor):
            if each.token == token:
                return vendor, each
    known = [*others, *(each.token for vendor in VENDORS for each in offered(vendor))]
    close = get_close_matches(token, known, n=1)
    raise ConfigError(
        f"there is no {what} {token}",
        f"Did you mean {close[0]}?" if close else f"There are {', '.join(known)}.",
    )


@cache
def config_keys(*names: str) -> list[str]:
    """Return every config key that these vendors use."""
    own = [
        vendor.config_key(setting.name)
        for vendor in map(named, names)
        for setting in (*vendor.keys, *vendor.settings)
    ]
    return [*own, *(NAMESPACE + key for key in (*LIMIT_KEYS, *FLAG_KEYS))]


def is_setting(key: str) -> bool:
    """Return whether a config key is a setting of this provider."""
    return key in config_keys(*(vendor.name for vendor in vendors_of(key)))


def is_secret_setting(key: str) -> bool:
    """Return whether a config key's value is secret."""
    return any(
        setting.secret and vendor.config_key(setting.name) == key
        for vendor in vendors_of(key)
        for setting in (*vendor.keys, *vendor.settings)
    )


def vendors_of(*keys: str) -> Iterator[Vendor]:
    """Yield every vendor that one of these config keys is about."""
    for name in NAMES:
        if any(key.startswith(NAMESPACE + name) for key in keys):
            yield named(name)


class Clients:
    """One client for each vendor and config in this process, so that calls are paced together.

    Setting `cancel` ends every wait of every client.
    """

    def __init__(self, cancel: threading.Event) -> None:
        self._cancel = cancel
        self._clients: dict[tuple[str, frozenset[tuple[str, str]]], Client] = {}
        self._lock = threading.Lock()

    def get(self, vendor: Vendor, config: Mapping[str, str]) -> Client:
        """Return the client. Raises `ConfigError` for a missing key or setting."""
        key = (vendor.name, frozenset(config.items()))
        with self._lock:
            if key not in self._clients:
                self._clients[key] = vendor.client(config, cancel=self._cancel)
            return self._clients[key]


def error_message(method: Callable[..., Any], error: Exception) -> str:
    """Return an error's message for the user, and log its causes."""
    message = str(error) if isinstance(error, LivePullError) else _internal_error(error)
    # Not the traceback: its exceptions may contain secrets.
    chain = " from ".join(type(each).__name__ for each in _chain(error))
    LOG.debug("%s failed with %s: %s", method.__name__, chain, message)
    return message


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__


def _internal_error(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno} in {frame.name}"
    # Not its text, which may contain secrets.
    return (
        f"{type(error).__name__} at {where}\n"
        "This is a bug in pulumi-livepull: report it with this message."
    )


def preview_calls(
    resource: type[Resource],
    connect: Callable[[], Client],
    checked: lifecycle.Checked,
    *,
    is_new: bool,
) -> list[Caution]:
    """Make the calls that a preview needs, return warnings, and add failures to `checked`.

    Raises `ConfigError` for missing or malformed keys and settings, so that the preview fails
    rather than `up`.
    """
    inputs = checked.inputs
    if checked.failures:
        return []
    api = connect()
    if not is_new:
        return []
    cautions, region = [], inputs.get("region")
    if "region" in resource.properties() and not has_unknown(region):
        cautions = [Caution(("region",), doubt) for doubt in api.doubts_about(region)]
    if not inputs.get("adopt") or has_unknown(inputs):
        return cautions
    findings = list(lifecycle.preview_adoption(resource, api, inputs))
    checked.failures.extend(each for each in findings if isinstance(each, Failure))
    return [*cautions, *(each for each in findings if isinstance(each, Caution))]


def printable_failure(
    resource: type[Resource], bad: Failure, inputs: Mapping[str, Any]
) -> tuple[str, str]:
    """Return the property and reason of a failure in a form that Pulumi may print.

    Pulumi prints the value of the named property, so none is named that may be secret. For a path
    inside a value, and for a missing value, Pulumi prints `<nil>`: there, the reason names the path
    and quotes the value.
    """
    name = re.split(r"[.\[]", bad.property, maxsplit=1)[0]
    # An unknown name may be a misspelled secret input.
    is_input = name in {prop.camel for prop in resource.inputs()}
    value = inputs.get(name)
    is_secret = bool(lifecycle.secrets_of(resource, {name: value}))
    if not is_input or is_secret or len(str(value)) > LONGEST_VALUE:
        return "", f"{bad.property} {bad.reason}"
    if bad.property != name or value is None:
        there = _inside(value, bad.path[1:])
        return "", f"{bad.property} {bad.reason}{there}"
    return bad.property, bad.reason


def _inside(value: Any, path: Iterable[str | int]) -> str:
    """Return a phrase that quotes a text or number inside a value, or nothing."""
    for step in path:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return ""
    if not isinstance(value, str | int | float) or has_unknown(value):
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return f", not {text}" if len(text) <= LONGEST_QUOTE else ""


def log_level() -> int:
    """Return the level in `LIVEPULL_LOG`, such as `debug`. The default is `warning`."""
    levels = logging.getLevelNamesMapping()
    return levels.get(os.environ.get("LIVEPULL_LOG", "").upper(), logging.WARNING)
