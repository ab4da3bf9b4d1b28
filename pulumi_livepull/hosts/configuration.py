"""The plugin's view of a provider's configuration: names without a namespace, any JSON values."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pulumi_livepull.core.property import has_unknown
from pulumi_livepull.core.types import carries_key
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.core.vendor import FLAG_KEYS, NAMESPACE, Vendor, is_on
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.hosts.registry import config_keys, is_secret_setting, is_setting, vendors_of
from pulumi_livepull.vendors import NAMES

OTHER_KEYS = frozenset({"host", "version", "pluginDownloadURL"})
"""Names that Pulumi or a program uses, but not the plugin."""

EXPLICIT_HINT = "Pass it to this provider as an argument: it does not read the stack's config."
"""Hint for an explicit provider, for which `pulumi config set` has no effect."""


def texts(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the known settings with the keys of a stack's config."""
    return {
        NAMESPACE + name: str(value)
        for name, value in config.items()
        if is_setting(NAMESPACE + name) and value is not UNKNOWN
    }


def secrets(config: Mapping[str, Any]) -> set[str]:
    """Return the names of the secret settings, whether or not they were marked as secret."""
    return {name for name in config if is_secret_setting(NAMESPACE + name)}


def failures(config: Mapping[str, Any], *, explicit: bool = False) -> list[tuple[str, str]]:
    """Return each setting that is missing or malformed, with what to do next.

    A vendor is checked only if one of the settings is about it. Missing keys in the stack's config
    are not reported, because the vendor may not be in use; `Check` reports them when it is.
    `explicit` means that a program created the provider, which then does not read the stack's
    config. Pulumi prints the value of a setting that a failure names, so the failure names none
    whose value is missing or may be secret: its reason says enough.
    """
    if has_unknown(dict(config)):
        return []
    given = texts(config)
    found = {
        key.removeprefix(NAMESPACE): _for_explicit_provider(error) if explicit else str(error)
        for vendor in vendors_of(*given)
        for key, error in vendor.problems(given)
        if explicit or key != vendor.config_key("access_key") or _has_key(vendor, given)
    }
    for key in FLAG_KEYS:
        try:
            is_on(given, key)
        except ConfigError as error:
            found[key] = _for_explicit_provider(error) if explicit else str(error)
    unnamed = secrets(config) | {
        name for name in found if name not in config or carries_key(config[name])
    }
    return [("" if name in unnamed else name, reason) for name, reason in found.items()]


def _has_key(vendor: Vendor, given: Mapping[str, str]) -> bool:
    return any(vendor.config_key(key.name) in given for key in vendor.keys)


def _for_explicit_provider(error: ConfigError) -> str:
    """Reword a message for an explicit provider, which has arguments instead of config."""
    return f"{error.what.replace(f'config {NAMESPACE}', 'argument ')}\n{EXPLICIT_HINT}"


def cautions(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield a warning for each unknown setting."""
    for name in config:
        if not is_setting(NAMESPACE + name) and name not in OTHER_KEYS:
            known = [key.removeprefix(NAMESPACE) for key in config_keys(*NAMES)]
            close = get_close_matches(name, [*known, *OTHER_KEYS], n=1)
            meant = f": did you mean {NAMESPACE}{close[0]}" if close else ""
            yield f"config {NAMESPACE}{name} is not a setting of this provider{meant}"
