"""Pulumi's values to plain Python and back."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import Unknown
from pulumi.runtime import rpc

from pulumi_livepull.core.property import UNKNOWN, has_unknown
from pulumi_livepull.hosts.values import from_pulumi, to_pulumi


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (3.0, 3),
        (-1.0, -1),
        (2.5, 2.5),
        (True, True),
        ("3.0", "3.0"),
        (rpc.UNKNOWN, UNKNOWN),
        ([1.0, [2.0, rpc.UNKNOWN]], [1, [2, UNKNOWN]]),
        ({"a": {"b": 1.0}}, {"a": {"b": 1}}),
        (rpc.wrap_rpc_secret("x"), "x"),
        ([rpc.wrap_rpc_secret(2.0)], [2]),
        (Unknown(), UNKNOWN),  # type: ignore[no-untyped-call]  # Pulumi's
        ([], []),
    ],
)
def test_a_value_becomes_plain(theirs: Any, ours: Any) -> None:
    """Numbers arrive as floats; unknowns and secrets may be nested."""
    plain = from_pulumi({"x": theirs})["x"]
    assert plain == ours
    assert type(plain) is type(ours)


@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan])
def test_a_number_that_is_none_stays_what_it_is(odd: float) -> None:
    """`check` tells what is wrong with it."""
    assert from_pulumi({"x": odd})["x"] is odd


def test_what_is_null_and_what_is_pulumis_own_is_left_out() -> None:
    """`__provider` is no input, and null means unset."""
    assert from_pulumi({"a": None, "__provider": "x", "__defaults": [], "b": ""}) == {"b": ""}


def test_an_unknown_value_is_marked_as_pulumi_marks_it() -> None:
    """Wherever it is."""
    ours = {"a": UNKNOWN, "b": [1, UNKNOWN], "c": {"d": [UNKNOWN]}}
    theirs = {"a": rpc.UNKNOWN, "b": [1, rpc.UNKNOWN], "c": {"d": [rpc.UNKNOWN]}}
    assert to_pulumi(ours) == theirs
    assert repr(UNKNOWN) == "<unknown>"


scalars = (
    st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text().filter(lambda text: text != rpc.UNKNOWN)
    | st.just(UNKNOWN)
)
names = st.text().filter(lambda name: not name.startswith("__"))
values = st.dictionaries(
    names,
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=10,
    ),
)


@given(values)
def test_what_goes_to_pulumi_comes_back(plain: dict[str, Any]) -> None:
    """from_pulumi(to_pulumi(x)) = x."""
    assert from_pulumi(to_pulumi(plain)) == plain
    assert not has_unknown(to_pulumi(plain))
