"""Junk: bytes, JSON of every shape, and objects that have a vendor's names but anything in them."""

import json
from typing import Any

from hypothesis import strategies as st

ODD = st.sampled_from(["\ud800", "1e999", "١٢", "9" * 30, 10**400, -1, 0.5, "2025-01-02", "\uff19"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ODD
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6
)


def objects(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects in which each of the names is missing or holds anything."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, JSON))


def bodies(*names: str) -> st.SearchStrategy[bytes]:
    """Return what anyone may send: seldom JSON, or JSON that looks like a message."""
    encoded = (JSON | objects(*names)).map(lambda found: json.dumps(found).encode())
    deep = st.sampled_from([b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe{\x00", b"9" * 5000])
    return st.binary() | encoded | deep
