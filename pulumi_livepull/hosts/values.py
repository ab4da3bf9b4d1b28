"""Convert Pulumi's values to plain Python and back: unknowns, secrets, 3.0 to 3, internal keys."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value
from pulumi.output import Output, Unknown
from pulumi.runtime import rpc

from pulumi_livepull.core.unknown import UNKNOWN

_UNKNOWNS = frozenset({
    rpc.UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
})  # fmt: skip
"""Placeholders for unknown values. Source: Pulumi's sdk/go, resource/plugin/rpc.go."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""The key with which Pulumi marks special objects, such as secrets, and its value for an output,
which has a value, a secret flag and dependencies."""


def from_pulumi(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain values, without nulls and without Pulumi's own keys (`__provider`)."""
    return {
        key: _plain(value)
        for key, value in values.items()
        if value is not None and not key.startswith("__")
    }


def with_texts(value: Any) -> Any:
    """Convert every `datetime` in a program's value to text, also inside outputs.

    One without a time zone becomes a text without an offset, which `check` refuses.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Output):
        return value.apply(with_texts)
    if isinstance(value, Mapping):
        return {name: with_texts(item) for name, item in value.items()}
    return [with_texts(item) for item in value] if isinstance(value, list | tuple) else value


def to_pulumi(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values in the form that Pulumi's Python SDK sends."""
    return {key: _to_wire(value) for key, value in values.items()}


def from_struct(struct: Struct) -> tuple[dict[str, Any], set[str]]:
    """Return plain values, and the names of those that are or contain a secret."""
    raw = {name: _unpacked(value) for name, value in struct.fields.items()}
    return from_pulumi(raw), {name for name, value in raw.items() if _holds_secret(value)}


def to_struct(values: Mapping[str, Any], secret: Collection[str] = ()) -> Struct:
    """Return values for the engine, with those named in `secret` marked as secret."""
    struct = Struct()
    struct.update({
        name: rpc.wrap_rpc_secret(value) if name in secret else value
        for name, value in to_pulumi(values).items()
    })  # fmt: skip
    return struct


def _unpacked(value: Value) -> Any:
    """Unpack a protobuf value. Google's own conversion fails on numbers such as infinity."""
    match value.WhichOneof("kind"):
        case "struct_value":
            return {name: _unpacked(item) for name, item in value.struct_value.fields.items()}
        case "list_value":
            return [_unpacked(item) for item in value.list_value.values]
        case None | "null_value":
            return None
        case kind:
            return getattr(value, kind)


def _plain(value: Any) -> Any:
    value = rpc.unwrap_rpc_secret(value)
    if isinstance(value, Unknown) or (isinstance(value, str) and value in _UNKNOWNS):
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == _OUTPUT:
        return _plain(value.get("value", UNKNOWN))
    return {key: _plain(item) for key, item in value.items()}


def _holds_secret(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_holds_secret, value))
    if not isinstance(value, dict):
        return False
    return (
        rpc.is_rpc_secret(value)
        or (value.get(SIGNATURE) == _OUTPUT and bool(value.get("secret")))
        or any(map(_holds_secret, value.values()))
    )


def _to_wire(value: Any) -> Any:
    if value is UNKNOWN:
        return rpc.UNKNOWN
    if isinstance(value, list):
        return [_to_wire(item) for item in value]
    return to_pulumi(value) if isinstance(value, dict) else value
