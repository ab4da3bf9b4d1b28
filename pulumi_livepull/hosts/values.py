"""Pulumi's values to plain Python and back: unknown, 3.0 to 3, and Pulumi's own keys."""

from collections.abc import Mapping
from typing import Any

from pulumi.output import Unknown
from pulumi.runtime import rpc

from pulumi_livepull.core.property import UNKNOWN


def from_pulumi(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain values, without what is null and without Pulumi's own keys (`__provider`)."""
    return {
        key: _plain(value)
        for key, value in values.items()
        if value is not None and not key.startswith("__")
    }


def to_pulumi(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as Pulumi's Python SDK sends them."""
    return {key: _marked(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    value = rpc.unwrap_rpc_secret(value)
    match value:
        case rpc.UNKNOWN | Unknown():
            return UNKNOWN
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(item) for key, item in value.items()}
    return value


def _marked(value: Any) -> Any:
    if value is UNKNOWN:
        return rpc.UNKNOWN
    if isinstance(value, list):
        return [_marked(item) for item in value]
    return to_pulumi(value) if isinstance(value, dict) else value
