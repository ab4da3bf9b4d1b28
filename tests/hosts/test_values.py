"""Pulumi's values to plain Python and back."""

import json
import math
from typing import Any

import pytest
from google.protobuf.json_format import Parse
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import Unknown
from pulumi.runtime import rpc

from pulumi_livepull.core.property import has_unknown
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.hosts.values import from_pulumi, from_struct, to_pulumi, to_struct


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
    """Numbers arrive as floats; unknown values and secrets may be nested."""
    plain = from_pulumi({"x": theirs})["x"]
    assert plain == ours
    assert type(plain) is type(ours)


@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan])
def test_a_number_that_is_none_stays_what_it_is(odd: float) -> None:
    """`check` reports what is wrong with it."""
    assert from_pulumi({"x": odd})["x"] is odd


def test_what_is_null_and_what_is_pulumis_own_is_left_out() -> None:
    """`__provider` is not an input, and null means unset."""
    assert from_pulumi({"a": None, "__provider": "x", "__defaults": [], "b": ""}) == {"b": ""}


def test_an_unknown_value_is_marked_as_pulumi_marks_it() -> None:
    """At any depth."""
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


# As the engine sends them to a plugin.

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270"}
OUTPUT = {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}


def sent(values: dict[str, Any]) -> Struct:
    """Return a message that says exactly this."""
    struct: Struct = Parse(json.dumps(values), Struct())
    return struct


@pytest.mark.parametrize(
    "mark",
    [
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ],
)
def test_each_mark_of_an_unknown_value_is_one(mark: str) -> None:
    """For a string, a boolean, a number, a list and an object. Source: Pulumi's plugin/rpc.go."""
    message = from_struct(sent({"a": mark, "b": [1, {"c": mark}], "d": {**SECRET, "value": mark}}))
    assert message == ({"a": UNKNOWN, "b": [1, {"c": UNKNOWN}], "d": UNKNOWN}, {"d"})


@pytest.mark.parametrize(
    ("theirs", "ours", "secret"),
    [
        ({**SECRET, "value": "x"}, "x", True),
        ({**SECRET, "value": [1, {"a": 2}]}, [1, {"a": 2}], True),
        ([1, {"a": {**SECRET, "value": "x"}}], [1, {"a": "x"}], True),
        ({"a": [{**SECRET, "value": 3}]}, {"a": [3]}, True),
        ({**SECRET, "value": {**OUTPUT, "value": "x"}}, "x", True),
        ({**OUTPUT, "value": "x"}, "x", False),
        ({**OUTPUT, "value": "x", "secret": False, "dependencies": ["urn"]}, "x", False),
        ({**OUTPUT, "value": "x", "secret": True}, "x", True),
        ({**OUTPUT, "value": [{**OUTPUT, "value": "x", "secret": True}]}, ["x"], True),
        ({**OUTPUT, "dependencies": []}, UNKNOWN, False),
        ({**OUTPUT, "secret": True}, UNKNOWN, True),
        ([{**OUTPUT}, 1.0], [UNKNOWN, 1], False),
        ({"value": "x", "secret": True}, {"value": "x", "secret": True}, False),
        ([], [], False),
        ({}, {}, False),
        (True, True, False),
        ([None], [None], False),
    ],
)
def test_a_value_of_the_engine_is_opened(theirs: Any, ours: Any, secret: bool) -> None:
    """A property is secret as soon as any part of it is; the engine tracks its dependencies."""
    assert from_struct(sent({"x": theirs})) == ({"x": ours}, {"x"} if secret else set())


@pytest.mark.parametrize("odd", [math.inf, -math.inf, math.nan])
def test_the_engine_may_send_a_number_that_is_none(odd: float) -> None:
    """It must reach `check`, which reports what is wrong with it."""
    struct = Struct()
    struct["x"] = odd
    (message,) = from_struct(struct)[0].values()
    assert repr(message) == repr(odd)


def test_the_engine_sends_what_is_its_own_and_what_is_not_set() -> None:
    """Neither is an input."""
    assert from_struct(sent({"a": None, "__defaults": [], "b": ""})) == ({"b": ""}, set())
    empty = Struct()
    empty.fields["nothing"].SetInParent()
    assert from_struct(empty) == ({}, set())


def test_what_is_secret_is_marked_for_the_engine() -> None:
    """As a whole: the engine encrypts it and shows no part of it."""
    struct = to_struct({"a": ["x"], "b": 1, "c": UNKNOWN}, {"a", "c", "absent"})
    assert struct == sent(
        {
            "a": {**SECRET, "value": ["x"]},
            "b": 1,
            "c": {**SECRET, "value": rpc.UNKNOWN},
        }
    )


numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False)
engine_values = st.dictionaries(
    names,
    st.recursive(
        st.booleans() | numbers | st.text() | st.just(UNKNOWN),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=10,
    ),
)


@given(engine_values, st.data())
def test_what_goes_to_the_engine_comes_back(plain: dict[str, Any], data: st.DataObject) -> None:
    """from_struct(to_struct(x, secret)) = x, secret, through the serialized bytes."""
    secret = data.draw(st.sets(st.sampled_from(sorted(plain))) if plain else st.just(set()))
    travelled = Struct.FromString(to_struct(plain, secret).SerializeToString())
    assert from_struct(travelled) == (plain, secret)
