"""Resource: what follows from the fields of a class, shown with one that no vendor has."""

import threading
from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any

import httpx
import pytest
from pydantic import Field
from pydantic.fields import FieldInfo

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client, Limits
from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Identity, Listing, Resource
from pulumi_livepull.core.traits import (
    Immutable,
    Local,
    ReadOnly,
    ServerDefault,
    Trait,
    UnsetMeans,
    UpdateOnly,
    Wire,
    WriteOnly,
)
from pulumi_livepull.core.types import Instant, Text, Unordered
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.errors import TransportError
from tests.core.samples import Unsigned
from tests.hosting import NOW


class Shop(Client):
    """A vendor of gadgets, which are known by their names, and which it keeps in memory."""

    vendor = "acme"

    def __init__(self) -> None:
        super().__init__(Unsigned(), Limits(), clock=lambda: NOW, cancel=threading.Event())
        self.gadgets: dict[str, dict[str, Any]] = {}
        self.lost = False

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        return {}


class Gadget(Resource, token="livepull:acme:Gadget"):
    """A thing with a field of each kind.

    Source: https://acme.example.com/gadgets
    """

    identity = Identity(id_form="the gadget's name")
    listing = Listing(by=("name",))
    example = MappingProxyType({"name": "one"})
    delete_before_replace = False

    name: Immutable[Text]
    """Its name."""

    size: ServerDefault[int | None] = None
    """How big it is."""

    note: Text | None = None
    """What is written on it."""

    rounds: Annotated[Annotated[int, Wire(str, int)] | None, UnsetMeans(1)] = None
    """How often it turns."""

    tags: Unordered[str] | None = None
    """What it is filed under."""

    ends: Instant | None = Field(default=None, serialization_alias="EndTime")
    """When it stops."""

    pin: WriteOnly[Text | None] = None
    """What opens it."""

    switched_on: UpdateOnly[bool | None] = None
    """Whether it works."""

    colour: Local[Text | None] = None
    """How we draw it."""

    serial: ReadOnly[str | None] = None
    """What the vendor calls it."""

    def create(self, api: Shop) -> str:
        """Keep it under its name."""
        api.gadgets[self.name] = self.to_wire()
        if api.lost:
            raise TransportError("no answer", sent=True)
        return self.name

    @classmethod
    def read(cls, api: Shop, resource_id: str) -> Mapping[str, Any] | None:
        """Look it up."""
        return api.gadgets.get(resource_id)

    def update(self, api: Shop, resource_id: str, changed: Set[str]) -> None:
        """Change what differs."""
        api.gadgets[resource_id] |= self.to_wire(changed, changed)

    @classmethod
    def delete(cls, api: Shop, resource_id: str) -> None:
        """Forget it."""
        api.gadgets.pop(resource_id)

    @classmethod
    def list_all(
        cls, api: Shop, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield all of a name, or all."""
        wanted = where.get("name")
        yield from ((name, each) for name, each in api.gadgets.items() if name == (wanted or name))


FULL: dict[str, Any] = {
    "name": "one",
    "size": 5,
    "note": "mine",
    "rounds": 3,
    "tags": ["b", "a"],
    "ends": "2030-01-02T20:00:00+08:00",
    "pin": "1234",
    "switchedOn": True,
    "colour": "red",
}


def desired(**inputs: Any) -> Gadget:
    """Return a gadget with these inputs, in Pulumi's spelling."""
    checked = lifecycle.check(Gadget, {}, {"name": "one"} | inputs, NOW)
    assert checked.failures == []
    return Gadget.from_inputs(Gadget.by_field(checked.inputs))


def test_a_creation_sends_what_is_set_and_what_it_takes() -> None:
    """In the vendor's spelling; what is set later and what steers only us stays out."""
    assert desired(**FULL).to_wire() == {
        "name": "one",
        "size": 5,
        "note": "mine",
        "rounds": "3",
        "tags": ["a", "b"],
        "EndTime": "2030-01-02T12:00:00Z",
        "pin": "1234",
    }
    assert desired().to_wire() == {"name": "one"}


def test_an_update_sends_the_fields_it_is_given() -> None:
    """What is unset as its documented default; what was cleared and has none, as an empty text."""
    everything = set(Gadget.properties())
    assert desired().to_wire(everything) == {"name": "one", "rounds": "1"}
    cleared = desired().to_wire({"note", "size", "rounds"}, changed={"note"})
    assert cleared == {"note": "", "rounds": "1"}
    assert desired(switchedOn=False).to_wire({"switched_on"}) == {"switched_on": False}


def test_an_answer_is_read_by_its_wire_names() -> None:
    """What is not known is left out."""
    answer = {"EndTime": "2030-01-02T20:00:00+08:00", "rounds": "3", "colour": "red", "x": 1}
    assert Gadget.from_wire(answer) == {
        "colour": "red",
        "ends": "2030-01-02T12:00:00Z",
        "rounds": 3,
    }


def test_inputs_and_outputs_follow_from_the_traits() -> None:
    """Shared fields come after a resource's own."""
    names = list(Gadget.properties())
    assert (names[0], names[-1]) == ("name", "adopt")
    assert {prop.name for prop in Gadget.inputs()} == set(names) - {"serial"}
    outputs = {name for name, prop in Gadget.properties().items() if prop.is_output}
    assert outputs == set(names) - {"colour", "adopt"}
    assert [prop.name for prop in Gadget.inputs() if prop.required] == ["name"]
    assert Gadget.mutable() == set(names) - {"name", "serial"}
    assert Gadget.label() == "acme.Gadget"
    assert Gadget.properties()["pin"].has(Trait.WRITE_ONLY)


@pytest.mark.parametrize(
    ("name", "clearable"),
    [("note", True), ("rounds", True), ("size", False), ("tags", False), ("pin", False)],
)
def test_a_field_can_be_cleared_if_that_can_be_said_and_seen(name: str, clearable: bool) -> None:
    """A text by an empty one, anything else by what is documented."""
    assert Gadget.properties()[name].clearable is clearable


@pytest.mark.parametrize(
    ("name", "replaced"), [("note", False), ("rounds", False), ("tags", True), ("pin", True)]
)
def test_what_cannot_be_cleared_in_place_takes_a_new_thing(name: str, replaced: bool) -> None:
    """Else the plan would promise what no update can do."""
    old = lifecycle.check(Gadget, {}, FULL, NOW).inputs
    new = {key: value for key, value in old.items() if key != name}
    found = lifecycle.diff(Gadget, old, old, new, NOW)
    assert found.changed == {name}
    assert found.replaces == ({name} if replaced else set())
    assert not found.delete_before_replace


def test_a_thing_under_its_own_name_is_found_without_its_age() -> None:
    """The name was free before the request, so whatever holds it is ours."""
    shop = Shop()
    shop.lost = True
    inputs = lifecycle.check(Gadget, {}, FULL, NOW).inputs
    assert lifecycle.create(Gadget, shop, inputs).id == "one"
    shop.gadgets.clear()
    other = {"name": "two"}
    shop.gadgets["two"] = {"name": "two"}
    assert lifecycle.create(Gadget, shop, other).id == "two"


def test_a_resource_without_rules_an_end_or_an_account_lives() -> None:
    """The defaults of the shared class are enough for the smallest resource."""
    shop = Shop()
    inputs = lifecycle.check(Gadget, {}, FULL, NOW).inputs
    made = lifecycle.create(Gadget, shop, inputs)
    assert made.state == {name: value for name, value in inputs.items() if name != "colour"}
    assert "pinFingerprint" not in made.state
    assert Gadget.ended_at(made.state, datetime.max.replace(tzinfo=NOW.tzinfo)) == ""
    lifecycle.delete(Gadget, shop, made.id, made.state)
    assert lifecycle.read(Gadget, shop, made.id, inputs, made.state) is None


@pytest.mark.parametrize("value", ["x", [1, "x"]])
def test_a_path_leads_into_the_value_and_not_into_its_type(value: object) -> None:
    """A value that may be of several types is wrong as a whole: no user knows our types."""
    either: Any = int | list[int]
    prop = Property("limit_of", FieldInfo.from_annotation(either))
    assert {path for path, _ in prop.problems(value)} == {("limit_of",)}


def test_only_known_inputs_reach_a_resource() -> None:
    """An unknown one is missing, an output is none."""
    values = {"name": "one", "size": UNKNOWN, "serial": "x", "stray": 1}
    assert Gadget.by_field(values) == {"name": "one"}
