"""The same lifecycle test for every resource in both hosts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.lifecycle.state import IF_GIVEN
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.emulator import Emulator
from tests.conformance.cases import Case
from tests.conformance.every import CASES
from tests.hosting import NOW, Host, State, connect

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def _checked(host: Host, case: Case, given: Mapping[str, Any]) -> State:
    given = {name: value for name, value in given.items() if value is not None}
    inputs, failures = host.check(case.resource, {}, given)
    assert failures == {}
    return inputs


def _made(host: Host, case: Case, given: Mapping[str, Any]) -> tuple[str, State, State]:
    inputs = _checked(host, case, given)
    resource_id, state = host.create(case.resource, inputs)
    return resource_id, state, inputs


def _properties(case: Case, state: State) -> State:
    known = {prop.camel for prop in case.resource.properties().values()}
    return {name: value for name, value in state.items() if name in known}


@every_case
@pytest.mark.parametrize("which", ["smallest", "full"])
def test_good_inputs_pass_and_checking_them_again_changes_nothing(
    host: Host, case: Case, which: str
) -> None:
    """check(check(x)) = check(x)."""
    inputs = _checked(host, case, getattr(case, which))
    assert _checked(host, case, inputs) == inputs


@every_case
def test_each_bad_input_is_reported_by_its_path(host: Host, case: Case) -> None:
    """A failure names the property as the user spells it, and nothing else fails with it."""
    for change, path in case.bad:
        given = {k: v for k, v in {**case.smallest, **change}.items() if v is not None}
        _, failures = host.check(case.resource, {}, given)
        assert list(failures) == [path], change


@every_case
def test_all_bad_inputs_are_reported_at_once(host: Host, case: Case) -> None:
    """So that users can fix all failures at once."""
    required = [prop.camel for prop in case.resource.inputs() if prop.required]
    _, failures = host.check(case.resource, {}, {"nonsense": 1})
    assert set(failures) == {"nonsense", *required}


@every_case
def test_an_input_may_be_unknown_in_a_preview(host: Host, case: Case) -> None:
    """An unknown value causes no failure and stays unknown."""
    for name, value in case.full.items():
        for unknown in [UNKNOWN, *([[UNKNOWN, *value]] if isinstance(value, list) else [])]:
            inputs, failures = host.check(case.resource, {}, {**case.full, name: unknown})
            assert failures == {}
            assert inputs[name] == unknown


@every_case
def test_the_body_is_that_of_the_vendors_page(case: Case) -> None:
    """The names and spellings on the wire are the vendor's."""
    checked = lifecycle.check(case.resource, {}, case.page_inputs, NOW)
    assert checked.failures == []
    desired = case.resource.from_inputs(case.resource.by_field(checked.inputs))
    assert desired.to_wire() == case.page_body


@every_case
@pytest.mark.parametrize("which", ["smallest", "full"])
def test_what_was_created_reads_back_without_a_difference(
    host: Host, case: Case, which: str
) -> None:
    """Nothing that the vendor adds or echoes may show as a change."""
    resource_id, state, inputs = _made(host, case, getattr(case, which))
    found = host.read(case.resource, resource_id, state)
    assert found is not None
    assert _properties(case, found[0]) == _properties(case, state)
    assert found[1] == inputs
    assert host.diff(case.resource, resource_id, found[0], inputs)[0] is False


@every_case
def test_equal_inputs_are_not_a_difference(host: Host, case: Case) -> None:
    """Neither an offset, nor an order, nor a default spelled out, is a change."""
    for one, other in case.same:
        resource_id, state, _ = _made(host, case, {**case.smallest, **one})
        again = _checked(host, case, {**case.smallest, **one, **other})
        assert host.diff(case.resource, resource_id, state, again)[0] is False, (one, other)
        host.delete(case.resource, resource_id, state)


@every_case
def test_every_changed_input_updates_or_replaces_as_the_class_says(host: Host, case: Case) -> None:
    """Whether a change replaces is known in the preview, not only during the update."""
    resource_id, state, inputs = _made(host, case, case.full)
    assert set(case.changes) | case.fixed >= set(case.full)
    for name, value in case.changes.items():
        changes, replaces, delete_first = host.diff(
            case.resource, resource_id, state, _checked(host, case, {**inputs, name: value})
        )
        assert changes, name
        assert replaces == ({name} & case.replaces), name
        assert delete_first is case.resource.delete_before_replace


@every_case
def test_every_input_that_can_be_updated_arrives(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """After an update the vendor holds the new value, and there is no difference left."""
    api = connect(emulator, case.resource)
    resource_id, state, inputs = _made(host, case, case.full)
    for name in sorted(set(case.changes) - case.replaces):
        news = _checked(host, case, {**inputs, name: case.changes[name]})
        state = host.update(case.resource, resource_id, state, news)
        found = lifecycle.read(case.resource, api, resource_id, news, _properties(case, state))
        assert found is not None
        assert found.state[name] == news[name], name
        assert host.diff(case.resource, resource_id, state, news)[0] is False
        inputs = news
    assert case.count(api) == 1


@every_case
def test_a_cleared_input_is_cleared_at_the_vendors(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """Taking an optional input out of a program is a change, and it is sent."""
    api = connect(emulator, case.resource)
    resource_id, state, inputs = _made(host, case, case.full)
    for name in case.clear_replaces:
        news = {key: value for key, value in inputs.items() if key != name}
        assert host.diff(case.resource, resource_id, state, news)[:2] == (True, {name})
    for name in sorted(case.clear):
        news = {key: value for key, value in inputs.items() if key != name}
        assert host.diff(case.resource, resource_id, state, news)[:2] == (True, set()), name
        state = host.update(case.resource, resource_id, state, news)
        assert host.diff(case.resource, resource_id, state, news)[0] is False, name
        found = lifecycle.read(case.resource, api, resource_id, {}, {})
        assert found is not None
        prop = next(prop for prop in case.resource.inputs() if prop.camel == name)
        assert found.state.get(name) == prop.unset_means
        inputs = news


@every_case
def test_drift_shows_in_the_inputs_and_in_the_next_preview(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """A refresh takes over what somebody else changed, and an update takes it back."""
    api = connect(emulator, case.resource)
    if not case.drift:
        assert case.replaces >= set(case.changes), "what cannot be changed cannot drift"
        return
    resource_id, state, inputs = _made(host, case, case.full)
    foreign = {**inputs, **case.drift}
    lifecycle.update(case.resource, api, resource_id, inputs, _properties(case, state), foreign)
    found = host.read(case.resource, resource_id, state)
    assert found is not None
    assert {name for name in inputs if found[1].get(name) != inputs[name]} == set(case.drift)
    assert host.diff(case.resource, resource_id, found[0], inputs)[:2] == (True, set())
    repaired = host.update(case.resource, resource_id, found[0], inputs)
    assert host.diff(case.resource, resource_id, repaired, inputs)[0] is False


@every_case
def test_what_exists_can_be_adopted(host: Host, case: Case, emulator: Emulator) -> None:
    """Adopting creates nothing, updates the resource to match and leaves no difference."""
    api = connect(emulator, case.resource)
    resource_id, _, _ = _made(host, case, case.smallest)
    adopted, state, inputs = _made(host, case, {**case.smallest, "adopt": resource_id})
    assert adopted == resource_id
    assert case.count(api) == 1
    without = {name: value for name, value in inputs.items() if name != "adopt"}
    assert host.diff(case.resource, adopted, state, without)[0] is False


@every_case
@pytest.mark.parametrize("which", ["smallest", "full"])
def test_what_exists_can_be_imported(host: Host, case: Case, which: str) -> None:
    """Its inputs are what a user would write: good ones, all that can be seen, and no defaults."""
    resource_id, _, inputs = _made(host, case, getattr(case, which))
    found = host.read(case.resource, resource_id, {})
    assert found is not None
    state, imported = found
    assert _checked(host, case, imported) == imported
    assert host.diff(case.resource, resource_id, state, imported)[0] is False
    for prop in case.resource.inputs():
        if prop.camel in imported:
            assert imported[prop.camel] != prop.unset_means, prop.name
        elif prop.camel in inputs:
            assert prop.traits & {*IF_GIVEN, Trait.WRITE_ONLY}, prop.name


@every_case
def test_an_update_without_a_difference_brings_every_setting_about(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """The engine asks for one after an update that was left unfinished."""
    api = connect(emulator, case.resource)
    resource_id, state, inputs = _made(host, case, case.full)
    stranger = {**inputs, **case.drift}
    lifecycle.update(case.resource, api, resource_id, inputs, _properties(case, state), stranger)
    assert host.diff(case.resource, resource_id, state, inputs)[0] is False
    again = host.update(case.resource, resource_id, state, inputs)
    assert _properties(case, again) == _properties(case, state)
    found = lifecycle.read(case.resource, api, resource_id, inputs, _properties(case, state))
    assert found is not None
    assert found.inputs == inputs
    assert case.count(api) == 1


@every_case
def test_deleting_twice_succeeds_and_what_is_deleted_reads_as_gone(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """Deleting something that is already gone is not an error."""
    api = connect(emulator, case.resource)
    resource_id, state, _ = _made(host, case, case.smallest)
    host.delete(case.resource, resource_id, state)
    host.delete(case.resource, resource_id, state)
    assert host.read(case.resource, resource_id, state) is None
    assert case.count(api) == 0


@every_case
@pytest.mark.parametrize("fault", ["lose_reply", "fail_after", "garble"])
def test_a_lost_answer_to_a_create_leaves_one_thing_and_no_difference(
    host: Host, case: Case, emulator: Emulator, fault: str
) -> None:
    """A resource whose create lost its answer is found, not created again."""
    api = connect(emulator, case.resource)
    emulator.arm(fault, case.operations[0])
    resource_id, state, inputs = _made(host, case, case.smallest)
    assert case.count(api) == 1
    assert host.diff(case.resource, resource_id, state, inputs)[0] is False


@every_case
@pytest.mark.parametrize("operation", range(4))
@pytest.mark.parametrize("fault", ["throttle", "lose_reply", "fail_after", "garble"])
def test_a_passing_fault_is_survived(
    host: Host, case: Case, emulator: Emulator, operation: int, fault: str
) -> None:
    """Two faults in a row leave the vendor and the state agreeing."""
    api = connect(emulator, case.resource)
    name = case.operations[operation]
    emulator.arm(fault, name, 1 if operation == 0 else 2)
    resource_id, state, inputs = _made(host, case, case.full)
    if operation == 2 and set(case.changes) - case.replaces:
        changed = min(set(case.changes) - case.replaces)
        inputs = _checked(host, case, {**inputs, changed: case.changes[changed]})
        state = host.update(case.resource, resource_id, state, inputs)
    found = host.read(case.resource, resource_id, state)
    assert found is not None
    assert host.diff(case.resource, resource_id, found[0], inputs)[0] is False
    assert case.count(api) == 1
    host.delete(case.resource, resource_id, state)
    assert case.count(api) == 0


@every_case
def test_a_run_that_knows_nothing_of_it_makes_no_second_one(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """A resource that a killed run left behind is named in the error, and can be adopted."""
    left, _, inputs = _made(host, case, case.full)
    with pytest.raises(Exception, match="create failed") as refused:
        host.create(case.resource, inputs)
    assert "adopt" in str(refused.value)
    assert f'"{left}"' in str(refused.value)
    taken_over, _, _ = _made(host, case, {**case.full, "adopt": left})
    assert taken_over == left
    assert case.count(connect(emulator, case.resource)) == 1


@every_case
def test_what_cannot_be_read_back_at_once_is_not_lost(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """A vendor may show a new resource late; until then, the state contains the inputs."""
    emulator.arm("delay", case.operations[0], reads=50)
    resource_id, state, inputs = _made(host, case, case.smallest)
    assert host.diff(case.resource, resource_id, state, inputs)[0] is False
    assert {name: state[name] for name in inputs} == inputs


@every_case
def test_every_field_missing_in_a_reply_breaks_nothing(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """A refresh must work on whatever the vendor answers."""
    resource_id, state, _ = _made(host, case, case.full)
    for prop in case.resource.properties().values():
        if prop.wire_name in {"task_id", "TaskId", "id"}:
            continue
        emulator.arm("drop_field", case.operations[1], name=prop.wire_name)
        assert host.read(case.resource, resource_id, state) is not None, prop.name


@every_case
def test_a_thing_that_ended_stays_and_an_edit_says_what_it_needs(
    host: Host, case: Case, emulator: Emulator
) -> None:
    """An ended task is neither lost nor created again nor silently edited."""
    if not case.expires:
        assert case.resource.airtime is None
        return
    resource_id, state, inputs = _made(host, case, case.full)
    emulator.clock.advance(timedelta(days=3))
    found = host.read(case.resource, resource_id, state)
    assert found is not None
    state = found[0]
    assert host.check(case.resource, inputs, inputs)[1] == {}
    assert host.diff(case.resource, resource_id, state, inputs)[0] is False
    edit = min(set(case.changes) - {"endTime", "startTime"})
    edited = {**inputs, edit: case.changes[edit]}
    assert "time in the future" in host.check(case.resource, inputs, edited)[1]["endTime"]
    longer = {**inputs, "endTime": "2030-01-05T12:00:00Z"}
    assert host.check(case.resource, inputs, longer)[1] == {}
    assert host.diff(case.resource, resource_id, state, longer) == (True, {"endTime"}, True)


@every_case
def test_no_secret_is_logged_or_shown(
    host: Host,
    case: Case,
    emulator: Emulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Secrets appear only in requests, whether an operation succeeds or fails."""
    caplog.set_level("DEBUG")
    marked = lifecycle.secrets_of(case.resource, case.full)
    resource_id, state, inputs = _made(host, case, case.full)
    for operation in case.operations:
        emulator.arm("deny", operation, 10)
    messages = []
    for attempt in (
        lambda: host.create(case.resource, inputs),
        lambda: host.read(case.resource, resource_id, state),
        lambda: host.delete(case.resource, resource_id, state),
    ):
        with pytest.raises(Exception, match="failed") as failure:
            attempt()
        messages.append(str(failure.value))
    seen = "\n".join([caplog.text, *messages, repr(list(emulator.journal))])
    for secret in [*marked, "livepull-emulator-secret"]:
        assert secret not in seen


@every_case
@pytest.mark.parametrize("host", ["dynamic", "plugin"], indirect=True)
def test_a_preview_refuses_to_adopt_what_is_not_there_and_reports_the_form(
    host: Host, case: Case
) -> None:
    """Neither a typo nor an id of another kind may look like a create in the preview."""
    for wrong in ["nope", "x/y/z", "a/b/c/d/e"]:
        _, failures = host.check(case.resource, {}, case.smallest | {"adopt": wrong})
        assert list(failures) == ["adopt"], wrong
        assert case.resource.identity.id_form in failures["adopt"], wrong
        assert "GroupNames" not in failures["adopt"]
        # What is in the stack already was taken over long ago.
        assert host.check(case.resource, case.smallest, case.smallest | {"adopt": wrong})[1] == {}
