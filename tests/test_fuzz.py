"""Whatever comes in, from a program, a state, the engine or a vendor, no exception but ours."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pulumi_livepull.core import exchange, lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle.lost_answer import Attempt
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.errors import LivePullError
from pulumi_livepull.hosts import configuration, registry, values
from pulumi_livepull.vendors import NAMES, VENDORS
from tests.conformance.cases import Case
from tests.conformance.every import OWN_CASES as CASES
from tests.hosting import KEYS, NOW

leaf = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [
            *("rtmp://h/a/s", "rtmp://[::1", "http://h:99999/", "//h", "a://b@c?d", "?", "\ud800"),
            *("2030-01-01T13:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00"),
            *("1e999", "-1", "0x10", "٣", "[]", '["a"]', '{"a": 1}', "null"),
            *(10**400, -(10**18), 2**63, float("nan"), float("-inf"), 1.5),
        ]
    )
)
anything = st.recursive(
    leaf | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
answered = st.recursive(
    leaf,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def inputs_of(case: Case, data: st.DataObject) -> dict[str, Any]:
    """Return good inputs of which some are now anything, and some are of no resource."""
    odd = st.dictionaries(st.sampled_from([*case.full, "adopt", "status", "", "x.y"]), anything)
    return {**case.full, **data.draw(odd)}


@every_case
@settings(max_examples=25)
@given(data=st.data())
def test_any_inputs_are_checked_and_compared(case: Case, data: st.DataObject) -> None:
    """Both old and new inputs; whatever passes the check can be created and checked again."""
    kind = case.resource
    olds, news, state = (inputs_of(case, data) for _ in range(3))
    checked = lifecycle.check(kind, olds, news, NOW)
    lifecycle.diff(kind, olds, state, checked.inputs, NOW)
    lifecycle.preview(kind, olds, state, checked.inputs)
    for failure in checked.failures:
        assert failure.reason
        registry.printable_failure(kind, failure, checked.inputs)
    if not checked.failures:
        again = lifecycle.check(kind, {}, checked.inputs, NOW)
        assert repr(again.inputs) == repr(checked.inputs)


sendable = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text() | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=8), sendable), st.dictionaries(st.text(), anything))
def test_any_values_pass_to_pulumi_and_back(given: dict[str, Any], odd: dict[str, Any]) -> None:
    """Everything secret is still secret afterwards; only Pulumi's own keys are removed."""
    struct = values.to_struct(given, set(given))
    back, secret = values.from_struct(Struct.FromString(struct.SerializeToString()))
    assert back.keys() == secret - {name for name in secret if name.startswith("__")}
    assert values.from_pulumi(odd).keys() <= odd.keys()


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(registry.config_keys(*NAMES)), anything))
def test_any_configuration_is_read(given: dict[str, Any]) -> None:
    """Its failures are always reported with the same messages."""
    config = {key.removeprefix("livepull:"): value for key, value in given.items()}
    assert configuration.failures(config) == configuration.failures(config)
    list(configuration.cautions(config))


# What a vendor answers.

STATUSES = (200, 400, 404, 429, 500)

UNSHRUNK = tuple(phase for phase in Phase if phase is not Phase.shrink)
"""A life has many answers: to shrink what fails takes minutes, and tells little more."""


class Here:
    """Does what another thread would do in this one, which Hypothesis knows."""

    def do(self, job: Callable[[], None]) -> None:
        """Run at once."""
        job()


@pytest.fixture(autouse=True, scope="module")
def _in_this_thread() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "_threads", Here())
        yield


class Garbler:
    """Stands before the emulator and changes one place of each answer while it is `on`."""

    def __init__(self, data: st.DataObject) -> None:
        self.on = False
        self._data = data
        self.emulator = Emulator(clock=Clock(frozen_at=NOW))
        self._inner = httpx.WSGITransport(app=self.emulator.app)

    def connect(self, case: Case) -> Client:
        """Return a client that reaches the emulator through this."""
        vendor = next(vendor for vendor in VENDORS if case.resource in vendor.resources)
        waited = [0.0]
        return vendor.client(
            KEYS | {"livepull:maxRetries": "1"},
            {},
            transport=httpx.MockTransport(self._answer),
            clock=self.emulator.clock.now,
            pause=waited.append,
            monotonic=lambda: sum(waited),
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        content = response.read()
        # Half of them pass, or nothing would get past the first call of an operation.
        if not self.on or not content or self._data.draw(st.booleans()):
            return httpx.Response(response.status_code, content=content)
        answer = json.loads(content)
        place = self._data.draw(st.sampled_from(list(places(answer))))
        changed = put(answer, place, self._data.draw(answered))
        status = self._data.draw(st.just(response.status_code) | st.sampled_from(STATUSES))
        return httpx.Response(status, content=json.dumps(changed).encode())


def places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every place in a value."""
    yield before
    if not isinstance(value, dict | list):
        return
    pairs = enumerate(value) if isinstance(value, list) else value.items()
    for key, item in pairs:
        yield from places(item, (*before, key))


def put(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    """Return a value with another one at a place."""
    if not place:
        return new
    value[place[0]] = put(value[place[0]], place[1:], new)
    return value


@every_case
@settings(max_examples=25, phases=UNSHRUNK)
@given(data=st.data())
def test_any_answer_is_read_or_reported(case: Case, data: st.DataObject) -> None:
    """In every operation: one value of a response is arbitrary, whatever the status."""
    kind, garbler = case.resource, Garbler(data)
    api = garbler.connect(case)
    inputs = lifecycle.check(kind, {}, case.full, NOW).inputs
    made = lifecycle.create(kind, api, inputs)
    change = {k: v for k, v in case.changes.items() if k not in case.replaces}
    news = lifecycle.check(kind, inputs, {**inputs, **change}, NOW).inputs
    place, odd = Attempt(NOW, NOW).id, inputs_of(case, data)
    garbler.on = True
    operations: list[Callable[[], object]] = [
        lambda: lifecycle.read(kind, api, made.id, inputs, made.state),
        lambda: lifecycle.refresh(kind, api, made.id, inputs, made.state),
        lambda: lifecycle.get(kind, api, made.id),
        lambda: lifecycle.update(kind, api, made.id, inputs, made.state, news),
        lambda: lifecycle.delete(kind, api, made.id, made.state),
        lambda: lifecycle.create(kind, api, inputs),
        lambda: lifecycle.refresh(kind, api, place, odd, made.state),
        lambda: lifecycle.delete(kind, api, place, odd),
    ]
    for operation in operations:
        with suppress(LivePullError):
            found = operation()
            if isinstance(found, lifecycle.Found):
                values.to_struct(found.state)
                values.to_struct(found.inputs)
                lifecycle.diff(kind, found.inputs, found.state, inputs, NOW)
