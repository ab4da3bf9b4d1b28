"""Callbacks: each operation is about one scope exactly, and takes no other along."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.volcengine import callback as emulated
from pulumi_livepull.errors import ApiError, LivePullError, Refused, WaitError
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.client import VolcengineLive
from tests.hosting import NOW, connect

Inputs = dict[str, Any]

UPDATE, DESCRIBE, DELETE = "UpdateCallback", "DescribeCallback", "DeleteCallback"
URLS = {"callbackUrls": ["https://hooks.example.org/recordings"]}
OTHER_URLS = {"callbackUrls": ["https://hooks.example.org/other"]}
SCOPES: dict[str, Inputs] = {
    "vhost/space/live/record": {"vhost": "space", "app": "live", "messageType": "record"},
    "vhost/space/live/push": {"vhost": "space", "app": "live", "messageType": "push"},
    "vhost/space/vod/record": {"vhost": "space", "app": "vod", "messageType": "record"},
    "vhost/space//record": {"vhost": "space", "messageType": "record"},
    "vhost/space//push": {"vhost": "space", "messageType": "push"},
    "vhost/other//record": {"vhost": "other", "messageType": "record"},
    "vhost/other/live/record": {"vhost": "other", "app": "live", "messageType": "record"},
    "domain/push.example.com//record": {"domain": "push.example.com", "messageType": "record"},
    "domain/push.example.com//push": {"domain": "push.example.com", "messageType": "push"},
}

every_scope = pytest.mark.parametrize("scope", SCOPES)


@pytest.fixture
def api(emulator: Emulator) -> Client:
    """Return a client of the emulator that tries each call once."""
    return connect(emulator, Callback, maxRetries="0")


def checked(inputs: Inputs) -> Inputs:
    """Return sound inputs in normal form."""
    found = lifecycle.check(Callback, {}, inputs, NOW)
    assert found.failures == []
    return found.inputs


def make(api: Client, scope: str, **inputs: Any) -> Found:
    """Make the callback of a scope."""
    return lifecycle.create(Callback, api, checked(SCOPES[scope] | URLS | inputs))


def held(emulator: Emulator) -> set[str]:
    """Return the scopes of all callbacks at the vendor's."""
    return {
        f"{'vhost' if each['Vhost'] else 'domain'}/{each['Vhost'] or each['Domain']}/"
        f"{each['App']}/{each['MessageType']}"
        for each in emulator.volcengine.state.callbacks
    }


def done(emulator: Emulator) -> list[str]:
    """Return the operations so far, looks left out."""
    return [entry.operation for entry in emulator.journal if entry.operation != DESCRIBE]


@every_scope
def test_the_id_is_the_scope_and_leads_back_to_it(
    emulator: Emulator, api: Client, scope: str
) -> None:
    """An import by it returns all inputs, including the domain, which no response has."""
    made = make(api, scope)
    assert made.id == scope
    assert held(emulator) == {scope}
    imported = lifecycle.read(Callback, api, scope, {}, {})
    assert imported is not None
    wanted = SCOPES[scope] | URLS
    assert imported.inputs == wanted


@every_scope
def test_all_scopes_live_side_by_side(emulator: Emulator, api: Client, scope: str) -> None:
    """None is confused with another: each is read, updated and deleted by itself."""
    made = {each: make(api, each) for each in SCOPES}
    one = made[scope]
    news = one.inputs | OTHER_URLS
    state = lifecycle.update(Callback, api, one.id, one.inputs, one.state, news)
    assert state["callbackUrls"] == OTHER_URLS["callbackUrls"]
    for each, other in made.items():
        found = lifecycle.read(Callback, api, each, other.inputs, other.state)
        assert found is not None
        assert (
            found.state["callbackUrls"] == (OTHER_URLS if each == scope else URLS)["callbackUrls"]
        )
        assert found.inputs.keys() == other.inputs.keys()
    assert held(emulator) == set(SCOPES)


# Deleting.


WITHIN = {
    "vhost/space//record": {"vhost/space/live/record", "vhost/space/vod/record"},
    "vhost/space//push": {"vhost/space/live/push"},
    "vhost/other//record": {"vhost/other/live/record"},
}
"""What the vendor would delete along: a space without an app means all its apps."""


@pytest.mark.parametrize("scope", sorted(SCOPES.keys() - WITHIN.keys()))
def test_a_deletion_takes_no_other_along(emulator: Emulator, api: Client, scope: str) -> None:
    """It names app and type, the narrowest deletion that the vendor has."""
    made = {each: make(api, each) for each in SCOPES}
    emulator.journal.clear()
    lifecycle.delete(Callback, api, scope, made[scope].state)
    assert held(emulator) == SCOPES.keys() - {scope}
    assert done(emulator) == [DELETE]
    lifecycle.delete(Callback, api, scope, made[scope].state)
    assert held(emulator) == SCOPES.keys() - {scope}


@pytest.mark.parametrize("scope", WITHIN)
def test_a_deletion_that_would_take_others_along_is_refused(
    emulator: Emulator, api: Client, scope: str
) -> None:
    """To the vendor, a space without an app means all apps, so the user must handle those first."""
    made = {each: make(api, each) for each in SCOPES}
    emulator.journal.clear()
    with pytest.raises(Refused) as failure:
        lifecycle.delete(Callback, api, scope, made[scope].state)
    count = len(WITHIN[scope])
    assert f"{count} callback" in str(failure.value)
    assert failure.value.hint == "Delete those first, or keep this one."
    assert failure.value.where == "volcengine.Callback delete failed"
    assert held(emulator) == set(SCOPES)
    assert done(emulator) == []
    for each in WITHIN[scope]:
        lifecycle.delete(Callback, api, each, made[each].state)
    lifecycle.delete(Callback, api, scope, made[scope].state)
    assert held(emulator) == SCOPES.keys() - {scope} - WITHIN[scope]


ALONE = {"vhost/space//record", "vhost/space//push", "vhost/space/live/push"}
"""Callbacks of which `vhost/space//record` takes none along, as its type spares the others."""

READINGS = ["scope", "apps", "space"]
"""What the vendor's pages, of today and of before, can mean by a space without an app."""


def make_alone(api: Client) -> Found:
    """Make the callbacks of `ALONE`, and one of another space; return that of all apps."""
    for each in (ALONE | {"vhost/other//record"}) - {"vhost/space//record"}:
        make(api, each)
    return make(api, "vhost/space//record")


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("scope", sorted(SCOPES.keys() - WITHIN.keys()))
def test_a_narrow_deletion_takes_no_other_along_however_the_pages_are_read(
    emulator: Emulator, api: Client, scope: str, reading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an app or for a domain, all pages agree that it is exact, so no read is needed."""
    made = {each: make(api, each) for each in SCOPES}
    monkeypatch.setattr(emulated, "DELETE_REACHES", reading)
    emulator.journal.clear()
    lifecycle.delete(Callback, api, scope, made[scope].state)
    assert held(emulator) == SCOPES.keys() - {scope}
    assert [entry.operation for entry in emulator.journal] == [DELETE]


@pytest.mark.parametrize("reading", READINGS)
def test_a_deletion_takes_no_other_type_along_or_says_which(
    emulator: Emulator, api: Client, reading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the type to spare the others; if they are deleted anyway, an error says so."""
    made = make_alone(api)
    monkeypatch.setattr(emulated, "DELETE_REACHES", reading)
    if reading != "space":
        lifecycle.delete(Callback, api, made.id, made.state)
        assert held(emulator) == (ALONE | {"vhost/other//record"}) - {made.id}
        return
    with pytest.raises(WaitError) as failure:
        lifecycle.delete(Callback, api, made.id, made.state)
    assert str(failure.value) == (
        "volcengine.Callback delete failed: the vendor deleted others with it: "
        "vhost/space//push, vhost/space/live/push\n"
        "Run pulumi up --refresh to create those of this stack again."
    )
    assert held(emulator) == {"vhost/other//record"}
    lifecycle.delete(Callback, api, made.id, made.state)


@pytest.mark.parametrize("scope", ["vhost/space//record", "vhost/space/live/push"])
def test_a_creation_and_a_deletion_have_their_space_for_themselves(
    api: Client, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a callback that another thread creates could be deleted too, or one that it deletes
    be blamed on the vendor.
    """
    assert isinstance(api, VolcengineLive)
    call, alone = api.call, []

    def watched(action: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        alone.append((action, api.lock_for("vhost/space").locked()))
        return call(action, body)

    make(api, "vhost/space//push")
    monkeypatch.setattr(api, "call", watched)
    made = make(api, scope)
    assert alone[:2] == [(DESCRIBE, True), (UPDATE, True)]
    alone.clear()
    lifecycle.delete(Callback, api, scope, made.state)
    assert (DELETE, True) in alone
    assert all(locked for _, locked in alone)


def test_an_answer_that_reports_no_type_lets_nothing_go_along(
    emulator: Emulator, api: Client
) -> None:
    """A callback of a single app might have the type that is deleted."""
    make(api, "vhost/space/live/push")
    made = make(api, "vhost/space//record")
    emulator.arm("drop_field", DESCRIBE, name="MessageType")
    with pytest.raises(Refused, match="1 callbacks of single apps"):
        lifecycle.delete(Callback, api, made.id, made.state)
    assert made.id in held(emulator)


@pytest.mark.parametrize("scope", WITHIN)
def test_deleting_what_is_gone_takes_nothing_along(
    emulator: Emulator, api: Client, scope: str
) -> None:
    """Somebody deleted the callback for all apps; those of single apps must survive."""
    made = make(api, scope)
    lifecycle.delete(Callback, api, scope, made.state)
    for each in WITHIN[scope]:
        make(api, each)
    lifecycle.delete(Callback, api, scope, made.state)
    assert held(emulator) == WITHIN[scope]


@pytest.mark.parametrize("fault", ["deny", "throttle", "error_in_200", "fail", "garble"])
def test_a_space_that_cannot_be_looked_at_is_not_deleted(
    emulator: Emulator, api: Client, fault: str
) -> None:
    """It might contain others."""
    made = make(api, "vhost/space//record")
    make(api, "vhost/space/live/record")
    emulator.journal.clear()
    emulator.arm(fault, DESCRIBE)
    with pytest.raises(LivePullError):
        lifecycle.delete(Callback, api, made.id, made.state)
    assert done(emulator) == []
    assert held(emulator) == {"vhost/space//record", "vhost/space/live/record"}


# Making.


@every_scope
@pytest.mark.parametrize("inputs", [URLS, OTHER_URLS], ids=["same", "other"])
def test_a_taken_scope_is_refused_and_nothing_is_overwritten(
    emulator: Emulator, api: Client, scope: str, inputs: Inputs
) -> None:
    """The vendor has no action that only creates: its update would overwrite what exists."""
    make(api, scope)
    before = list(emulator.volcengine.state.callbacks)
    emulator.journal.clear()
    with pytest.raises(Refused) as failure:
        make(api, scope, **inputs)
    assert failure.value.hint == f'Set `adopt` to "{scope}" to manage it here, or delete it first.'
    assert list(emulator.volcengine.state.callbacks) == before
    assert done(emulator) == []
    adopted = make(api, scope, adopt=scope, **inputs)
    assert adopted.id == scope
    assert adopted.state["callbackUrls"] == inputs["callbackUrls"]


@every_scope
def test_another_task_in_the_list_is_not_an_obstacle(
    emulator: Emulator, api: Client, scope: str
) -> None:
    """Neither a wider nor a narrower scope is in the way."""
    for other in SCOPES.keys() - {scope}:
        make(api, other)
    assert make(api, scope).id == scope
    assert held(emulator) == set(SCOPES)


@pytest.mark.parametrize("fault", ["fail", "fail_after", "lose_reply", "garble"])
def test_a_lost_read_is_not_a_lost_create(emulator: Emulator, api: Client, fault: str) -> None:
    """Nothing was sent that could have created it: an existing callback belongs to somebody else,
    even if it matches, and must not be adopted.
    """
    make(api, "vhost/space/live/record")
    emulator.journal.clear()
    emulator.arm(fault, DESCRIBE)
    with pytest.raises(LivePullError):
        make(api, "vhost/space/live/record")
    assert done(emulator) == []


@pytest.mark.parametrize("fault", ["lose_reply", "fail_after", "garble"])
def test_a_creation_whose_answer_was_lost_is_found(
    emulator: Emulator, api: Client, fault: str
) -> None:
    """The scope was free before, so the callback there now is ours."""
    emulator.arm(fault, UPDATE)
    made = make(api, "vhost/space/live/record")
    assert made.id == "vhost/space/live/record"
    assert done(emulator) == [UPDATE]


def test_an_update_overwrites_with_everything(emulator: Emulator, api: Client) -> None:
    """A field that is left out would return to its default."""
    signed = {"authEnable": True, "authKeyPrimary": "examplekey", "transcodeCallback": 1}
    made = make(api, "vhost/space/live/push", **signed)
    news = made.inputs | OTHER_URLS
    state = lifecycle.update(Callback, api, made.id, made.inputs, made.state, news)
    assert {name: state[name] for name in signed} == signed
    (callback,) = emulator.volcengine.state.callbacks
    assert callback["AuthKeyPrimary"] == "examplekey"


@pytest.mark.parametrize("operation", [UPDATE, DESCRIBE, DELETE])
def test_an_error_in_an_answer_of_success_stops_the_operation(
    emulator: Emulator, api: Client, operation: str
) -> None:
    """Nothing counts as done."""
    made = make(api, "vhost/space/live/record")
    before = list(emulator.volcengine.state.callbacks)
    known = (made.inputs, made.state)
    steps: dict[str, Callable[[], object]] = {
        UPDATE: lambda: lifecycle.update(Callback, api, made.id, *known, made.inputs | OTHER_URLS),
        DESCRIBE: lambda: lifecycle.read(Callback, api, made.id, *known),
        DELETE: lambda: lifecycle.delete(Callback, api, made.id, made.state),
    }
    emulator.arm("error_in_200", operation)
    with pytest.raises(ApiError) as failure:
        steps[operation]()
    assert failure.value.code == "CommonErr"
    assert list(emulator.volcengine.state.callbacks) == before
