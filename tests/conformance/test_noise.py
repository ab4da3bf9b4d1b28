"""Diff noise: values that mean the same are never a difference, however they are written."""

import json
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from flask import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic.alias_generators import to_pascal

from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.property import Property, bare_type
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import Part
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.call import Call
from pulumi_livepull.emulator.faults import KINDS, Fault
from tests.conformance.cases import Case
from tests.conformance.every import CASES
from tests.hosting import CoreHost, Host, State

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def _checked(host: Host, case: Case, news: Mapping[str, Any]) -> State:
    inputs, failures = host.check(case.resource, {}, news)
    assert failures == {}
    return inputs


# What a user may write.


def _is_instant(value: str) -> bool:
    return value[4:5] == "-" and value.endswith("Z")


def _instant(value: str, minutes: int, fraction: str) -> str:
    zone = timezone(timedelta(minutes=minutes))
    text = datetime.fromisoformat(value).astimezone(zone).isoformat()
    return text[:19] + fraction + text[19:]


def _is_text(prop: Property) -> bool:
    """Return whether it holds texts, other than the words of a closed list."""
    bare = bare_type(prop.info.annotation)
    item = bare_type(next(iter(get_args(bare)), bare))
    return item is str or item in _parts(prop)


def respelled(prop: Property, value: Any) -> st.SearchStrategy[Any]:
    """Return other spellings of a normal value, as a program or the engine may send them."""
    match value:
        case list() if prop.is_set:
            again = st.lists(st.sampled_from(value), max_size=3)
            return st.builds(list.__add__, st.permutations(value), again)
        case list():
            return st.tuples(*(respelled(prop, item) for item in value)).map(list)
        case dict():
            snake = {camel(name): name for name in _parts(prop)[0].model_fields}
            items = {name: respelled(prop, item) for name, item in value.items()}
            return st.fixed_dictionaries(items) | st.fixed_dictionaries(
                {snake[name]: item for name, item in items.items()}
            )
    return _one(prop, value)


def _one(prop: Property, value: Any) -> st.SearchStrategy[Any]:
    match value:
        case bool():
            return st.sampled_from([value, str(value).lower()])
        case int() | float():
            return st.sampled_from([value, float(value), str(value)])
        case str() if _is_instant(value):
            fractions = st.sampled_from(["", ".000", ".999999"])
            return st.builds(_instant, st.just(value), st.integers(-720, 840), fractions)
    return st.sampled_from([value, f" {value}\n"]) if _is_text(prop) else st.just(value)


def _parts(prop: Property) -> list[type[Part]]:
    """Return the type of the objects in a field, or in its list."""
    bare = bare_type(prop.info.annotation)
    inner = (bare, *getattr(bare, "__args__", ()))
    return [each for each in inner if isinstance(each, type) and issubclass(each, Part)]


def spelled_out(prop: Property, state: State) -> list[Any]:
    """Return what a user may write for an input that was left out, and mean the same."""
    empty: list[Any] = [] if prop.required else [""]
    if prop.unset_means is not None:
        return [*empty, prop.unset_means]
    chosen = prop.has(Trait.SERVER_DEFAULT) and not prop.has(Trait.UPDATE_ONLY)
    return [*empty, state[prop.camel]] if chosen and prop.camel in state else empty


def as_sent(value: Any) -> Any:
    """Return a value as the engine hands it over: it knows no whole numbers."""
    if isinstance(value, dict):
        return {key: as_sent(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_sent(item) for item in value]
    return float(value) if type(value) is int else value


@every_case
@pytest.mark.parametrize("which", ["smallest", "full"])
def test_inputs_that_mean_the_same_are_not_a_difference(host: Host, case: Case, which: str) -> None:
    """An offset, a fraction, an order, a repetition, a float, a default spelled out: all the same.

    The state of the core is always in normal form; the engine gives the other host its own.
    """
    inputs = _checked(host, case, getattr(case, which))
    resource_id, state = host.create(case.resource, inputs)
    known = as_sent(state) if not isinstance(host, CoreHost) else state
    left_out = [prop for prop in case.resource.inputs() if prop.camel not in inputs]
    programs = st.fixed_dictionaries(
        {
            prop.camel: respelled(prop, inputs[prop.camel])
            for prop in case.resource.inputs()
            if prop.camel in inputs
        },
        optional={
            prop.camel: st.sampled_from(ways)
            for prop in left_out
            if (ways := spelled_out(prop, state))
        },
    )

    @settings(derandomize=True, database=None, max_examples=15)
    @given(programs)
    def means_the_same(program: State) -> None:
        again = _checked(host, case, program)
        assert {name: again[name] for name in inputs} == inputs
        assert host.diff(case.resource, resource_id, known, again)[:2] == (False, set())

    means_the_same()


# What the vendor may answer.

Echo = Callable[[dict[str, Any], str, Property], None]
"""Says one input otherwise, in an item of a reply that holds it, or would, under this name."""


@dataclass(frozen=True)
class Echoing(Fault):
    """A vendor that answers with equivalent values."""

    change: Callable[[Any], None]

    def apply(self, call: Call) -> Response:
        """Return the answer with equivalent values."""
        response = call.perform()
        if response.is_json:
            reply = response.get_json()
            self.change(reply)
            response.set_data(json.dumps(reply))
        return response


def _objects(reply: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a reply, the inner ones first."""
    for inner in reply.values() if isinstance(reply, dict) else reply:
        if isinstance(inner, dict | list):
            yield from _objects(inner)
    if isinstance(reply, dict):
        yield reply


def _saying(case: Case, echo: Echo, names: Set[str]) -> Callable[[Any], None]:
    """Return what says these inputs otherwise in each item: an object with all required ones."""
    required = {prop.wire_name for prop in case.resource.inputs() if prop.required}
    hidden = {Trait.LOCAL, Trait.UPDATE_ONLY, Trait.WRITE_ONLY, Trait.AS_GIVEN}
    said = [p for p in case.resource.inputs() if p.camel in names and not hidden & p.traits]

    def change(reply: Any) -> None:
        for item in _objects(reply):
            # One vendor's replies spell a name otherwise than its requests.
            spelled = {name.lower(): name for name in item} if required <= item.keys() else {}
            for prop in said if spelled else ():
                echo(item, spelled.get(prop.wire_name.lower(), prop.wire_name), prop)

    return change


def _nothing(item: dict[str, Any], name: str, prop: Property) -> None:
    item.pop(name, None)


def _null(item: dict[str, Any], name: str, prop: Property) -> None:
    item[name] = None


def _default(item: dict[str, Any], name: str, prop: Property) -> None:
    if prop.unset_means is not None:
        item[name] = prop.to_wire(prop.unset_means)


def _zero(item: dict[str, Any], name: str, prop: Property) -> None:
    """What a program holds that knows no missing values."""
    bare = bare_type(prop.info.annotation)
    if prop.camel in MEANT:
        return
    if bare in _parts(prop):
        item[name] = dict.fromkeys(map(to_pascal, bare.model_fields), 0)
    elif bare in {bool, int} and prop.to_wire(0) == 0:
        item[name] = bare()
    else:
        item[name] = [] if getattr(bare, "__origin__", None) in {list, frozenset} else ""


MEANT = {"preDownload", "vodLoopTimes"}
"""Of these a zero is a wish of its own, other than the default: it is drift and must show."""


def _in_texts(item: dict[str, Any], name: str, prop: Property) -> None:
    match item.get(name):
        case bool() | int() as value:
            item[name] = str(value).lower()
        case str() as value if _is_instant(value):
            item[name] = _instant(value, 480, ".000")
        case list() as value if prop.is_set:
            item[name] = [*reversed(value), *value]


def _in_numbers(item: dict[str, Any], name: str, prop: Property) -> None:
    if type(item.get(name)) is int:
        item[name] = float(item[name])


def _with_inner_zeros(item: dict[str, Any], name: str, prop: Property) -> None:
    """What was left out of an object that was given."""
    for part in _parts(prop):
        given = item[name]
        for each in given if isinstance(given, list) else [given]:
            each.update(dict.fromkeys(map(to_pascal, part.model_fields), 0) | each)


@pytest.fixture(autouse=True)
def _faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "echo", Echoing)


def _live_quietly(
    host: Host,
    case: Case,
    emulator: Emulator,
    program: Mapping[str, Any],
    change: Callable[[Any], None],
) -> None:
    """Create, preview, refresh, preview again and import.

    Nothing may differ at any time, and what an import finds must be legal in a program.
    """
    for operation in case.operations:
        emulator.arm("echo", operation, 1000, change=change)
    inputs = _checked(host, case, program)
    resource_id, state = host.create(case.resource, inputs)
    assert host.diff(case.resource, resource_id, state, inputs)[:2] == (False, set())
    found = host.read(case.resource, resource_id, state)
    assert found == (state, inputs)
    assert host.diff(case.resource, resource_id, found[0], inputs)[:2] == (False, set())
    imported = host.read(case.resource, resource_id, {})
    assert imported is not None
    for prop in case.resource.inputs():
        if prop.camel in imported[1]:
            assert list(prop.problems(imported[1][prop.camel])) == []


@every_case
@pytest.mark.parametrize("echo", [_nothing, _null, _default, _zero])
def test_what_a_vendor_says_of_what_was_left_out_is_not_a_difference(
    host: Host, case: Case, emulator: Emulator, echo: Echo
) -> None:
    """An omitted field may return as nothing, null, the documented default or zero."""
    left_out = {prop.camel for prop in case.resource.inputs()} - case.smallest.keys()
    _live_quietly(host, case, emulator, case.smallest, _saying(case, echo, left_out))


@every_case
@pytest.mark.parametrize("echo", [_in_texts, _in_numbers, _with_inner_zeros])
def test_what_a_vendor_says_in_other_words_is_not_a_difference(
    host: Host, case: Case, emulator: Emulator, echo: Echo
) -> None:
    """A number as text, 3 as 3.0, a time in China's zone, a set in any order."""
    _live_quietly(host, case, emulator, case.full, _saying(case, echo, case.full.keys()))


@every_case
def test_what_no_document_names_is_not_a_difference(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """A vendor may add fields anywhere at any time."""

    def change(reply: Any) -> None:
        for item in list(_objects(reply)):
            item |= {"Stranger": "x", "Zero": 0, "Nothing": None, "More": [{"Deep": {}}, [1]]}

    _live_quietly(host, case, emulator, case.full, change)
