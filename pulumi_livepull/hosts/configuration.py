"""A provider's configuration as the plugin gets it: names without the namespace, any JSON."""

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

NOT_OURS = frozenset({"host", "version", "pluginDownloadURL"})
"""Names that mean something to Pulumi or to a program, but not to the plugin."""

FOR_ITSELF = "Give it to this provider as an argument: the stack's config is not for explicit ones."
"""How to go on where `pulumi config set` does not help."""


def texts(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the known settings as a stack's config spells them."""
    return {
        NAMESPACE + name: str(value)
        for name, value in config.items()
        if is_setting(NAMESPACE + name) and value is not UNKNOWN
    }


def secrets(config: Mapping[str, Any]) -> set[str]:
    """Return the names of the settings that must not be shown, however they were given."""
    return {name for name in config if is_secret_setting(NAMESPACE + name)}


def failures(config: Mapping[str, Any], *, explicit: bool = False) -> list[tuple[str, str]]:
    """Return each setting that is missing or malformed, and how to go on.

    Of a vendor that none of the settings names nothing is asked, and of the stack's config no key
    where a vendor has none there: it may not be used, and `Check` asks for it where it is.
    `explicit` is a provider that a program makes: it has none of the stack's config. Pulumi prints
    the value of a setting that is named, so none is named whose value may be secret or is missing:
    its reason tells enough.
    """
    if has_unknown(dict(config)):
        return []
    given = texts(config)
    found = {
        key.removeprefix(NAMESPACE): _for_itself(error) if explicit else str(error)
        for vendor in vendors_of(*given)
        for key, error in vendor.problems(given)
        if explicit or key != vendor.config_key("access_key") or _has_key(vendor, given)
    }
    for key in FLAG_KEYS:
        try:
            is_on(given, key)
        except ConfigError as error:
            found[key] = _for_itself(error) if explicit else str(error)
    unnamed = secrets(config) | {
        name for name in found if name not in config or carries_key(config[name])
    }
    return [("" if name in unnamed else name, reason) for name, reason in found.items()]


def _has_key(vendor: Vendor, given: Mapping[str, str]) -> bool:
    return any(vendor.config_key(key.name) in given for key in vendor.keys)


def _for_itself(error: ConfigError) -> str:
    """Return a message for a provider that reads no config, but has arguments of those names."""
    return f"{error.what.replace(f'config {NAMESPACE}', 'argument ')}\n{FOR_ITSELF}"


def cautions(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with settings that nothing reads."""
    for name in config:
        if not is_setting(NAMESPACE + name) and name not in NOT_OURS:
            known = [key.removeprefix(NAMESPACE) for key in config_keys(*NAMES)]
            close = get_close_matches(name, [*known, *NOT_OURS], n=1)
            meant = f": did you mean {NAMESPACE}{close[0]}" if close else ""
            yield f"config {NAMESPACE}{name} is not a setting of this provider{meant}"
