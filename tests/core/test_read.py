"""read: the current state at the vendor. It reports "gone" only if that is certain."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ApiError, ConfigError, Denied, LivePullError
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from tests.conformance.cases import volcengine
from tests.core.conftest import Go, Line
from tests.core.samples import (
    CALLBACK,
    FILES,
    KEY,
    LIVE,
    Given,
    Inputs,
    callbacks,
    checked,
    json_values,
    project_of,
    tasks,
    valid,
)
from tests.hosting import KEYS, NOW, connect

TASK = FILES | {"endTime": "2030-01-03T12:00:00Z", "vodLoopTime": 3}

kinds = pytest.mark.parametrize(
    ("resource", "given_"), [(PullTask, TASK), (RecordCallback, CALLBACK)], ids=["task", "callback"]
)


def make(api: Client, given_: Inputs, resource: type[Resource] = PullTask) -> Found:
    """Create a resource from checked inputs."""
    return lifecycle.create(resource, api, checked(resource, given_))


def look(api: Client, made: Found, resource: type[Resource] = PullTask) -> Found | None:
    """Read a created resource."""
    return lifecycle.read(resource, api, made.id, made.inputs, made.state)


def see(api: Client, made: Found, resource: type[Resource] = PullTask) -> Found:
    """Read a created resource, which must exist."""
    found = look(api, made, resource)
    assert found is not None
    return found


@kinds
def test_what_nobody_touched_reads_as_it_was_created(
    api: Client, resource: type[Resource], given_: Inputs
) -> None:
    """A refresh of an untouched stack shows no change."""
    made = make(api, given_, resource)
    assert see(api, made, resource) == made


def test_drift_shows_in_state_and_inputs(api: Client, emulator: Emulator) -> None:
    """Also if an unset input no longer has the vendor's default."""
    made = make(api, TASK)
    tasks(emulator)[0] |= {
        "vod_loop_time": "7",
        "vod_start_video_time": 9,
        "start_time": "2030-01-01T15:00:00Z",
    }
    found = see(api, made)
    assert found.inputs == made.inputs | {"vodLoopTime": 7, "vodStartVideoTime": 9}
    assert found.state["startTime"] == "2030-01-01T15:00:00Z"


@kinds
def test_without_inputs_all_that_could_be_given_is_read(
    api: Client, resource: type[Resource], given_: Inputs
) -> None:
    """For an import, which needs the inputs that would create the resource."""
    made = make(api, given_, resource)
    found = lifecycle.read(resource, api, made.id, {}, {})
    assert found is not None
    assert found.inputs.items() >= made.inputs.items()
    assert lifecycle.check(resource, {}, found.inputs, api.now()).failures == []
    assert lifecycle.diff(resource, {}, found.state, made.inputs, api.now()).changed == set()


@pytest.mark.parametrize(
    ("wire", "state"),
    [
        ({"new_field": {"deep": [1]}}, {}),
        ({"status": "hibernating"}, {"status": "hibernating"}),
        ({"status": 7}, {"status": 7}),
        ({"source_type": "PullCakePushLive"}, {"sourceType": "PullCakePushLive"}),
        ({"callback_events": ["TaskNap", "TaskExit"]}, {"callbackEvents": ["TaskExit", "TaskNap"]}),
        ({"callback_events": "all"}, {"callbackEvents": "all"}),
        ({"end_time": "soon"}, {"endTime": "soon"}),
        ({"end_time": "2030-01-03T20:00:00+08:00"}, {"endTime": "2030-01-03T12:00:00Z"}),
        ({"vod_loop_time": "endless"}, {"vodLoopTime": "endless"}),
        ({"vod_loop_time": 3}, {"vodLoopTime": 3}),
        ({"source_urls": ["x"]}, {"sourceUrls": ["x"]}),
        ({"create_time": None}, {"createTime": None}),
    ],
)
def test_a_reply_may_hold_what_no_document_names(
    api: Client, line: Line, wire: Inputs, state: Inputs
) -> None:
    """Lenient in what we read: a refresh must work on whatever the vendor answers."""
    made = make(api, TASK)
    line.change("GET", lambda reply: reply | {"task_infos": [reply["task_infos"][0] | wire]})
    expected = {name: value for name, value in (made.state | state).items() if value is not None}
    assert see(api, made).state == expected


@kinds
def test_a_required_input_that_a_reply_leaves_out_is_kept(
    api: Client, emulator: Emulator, resource: type[Resource], given_: Inputs
) -> None:
    """A required value must still exist at the vendor."""
    made = make(api, given_, resource)
    operation = "ListPullTasks" if resource is PullTask else "ShowRecordCallbackConfig"
    for prop in resource.inputs():
        if prop.required:
            emulator.arm("drop_field", operation, name=prop.wire_name)
            assert see(api, made, resource).state[prop.camel] == given_[prop.camel]


@kinds
def test_a_required_input_that_a_reply_hides_is_kept(
    api: Client, line: Line, resource: type[Resource], given_: Inputs
) -> None:
    """Treating null as a change would replace a task that is on air."""
    made = make(api, given_, resource)
    names = {prop.wire_name for prop in resource.inputs() if prop.required}

    def hide(value: Any) -> Any:
        if isinstance(value, list):
            return [hide(item) for item in value]
        if isinstance(value, dict):
            return {k: None if k in names else hide(v) for k, v in value.items()}
        return value

    line.change("GET", hide)
    assert see(api, made, resource).inputs == given_


# Of which nothing is known.


def test_a_look_at_what_is_not_known_takes_a_bare_id(api: Client) -> None:
    """As shown in the vendor's console. It is in the configured region."""
    made = make(api, TASK)
    bare = made.id.partition("/")[2]
    assert lifecycle.get(PullTask, api, bare) == lifecycle.get(PullTask, api, made.id)
    assert lifecycle.get(PullTask, api, bare).id == made.id


def test_a_look_for_what_is_not_there_says_what_an_id_looks_like(api: Client) -> None:
    """It cannot have vanished, so the id is wrong."""
    with pytest.raises(ConfigError) as failure:
        lifecycle.get(PullTask, api, "7864b3dc")
    assert str(failure.value) == (
        'huaweicloud.PullTask: there is no "7864b3dc"\n'
        "Write the id as region/id, such as cn-north-4/7864b3dc."
    )


def test_an_id_that_the_vendor_refuses_is_reported_with_what_one_looks_like(
    emulator: Emulator,
) -> None:
    """After the vendor's message, but not if the keys were refused."""
    api = connect(emulator, LivePullToPush)
    form = f"Write the id as {LivePullToPush.identity.id_form}."
    with pytest.raises(ApiError) as refused:
        lifecycle.get(LivePullToPush, api, "nowhere/1")
    assert "Region must be one of" in refused.value.what
    assert refused.value.hint.endswith(form)
    emulator.arm("deny", "DescribeLivePullToPush")
    with pytest.raises(Denied) as denied:
        lifecycle.get(LivePullToPush, api, "cn-shanghai/1")
    assert form not in denied.value.hint


def test_an_import_writes_what_a_user_would_write(api: Client) -> None:
    """What the vendor adds by itself would only be noise in the program."""
    given_ = LIVE | {"endTime": "2030-01-03T12:00:00Z"}
    made = make(api, given_)
    found = lifecycle.get(PullTask, api, made.id)
    chosen = {"region": "cn-north-4", "startTime": "2030-01-01T12:00:00Z"}
    assert found.inputs == given_ | chosen
    assert found.state == made.state


@pytest.mark.parametrize("task", [volcengine.LIVE, volcengine.FILES], ids=["address", "domain"])
def test_an_import_shows_one_spelling_of_a_fact(emulator: Emulator, task: Inputs) -> None:
    """All spellings together would be invalid inputs, and without any the value would be lost."""
    spellings = {"dstAddr", "domain", "app", "stream"}
    api = connect(emulator, PullToPushTask)
    made = lifecycle.create(PullToPushTask, api, checked(PullToPushTask, task))
    found = lifecycle.get(PullToPushTask, api, made.id)
    assert found.inputs["dstAddr"].startswith("rtmp://push.example.com/live/")
    assert spellings & found.state.keys() == {"dstAddr"}
    assert spellings & see(api, made, PullToPushTask).state.keys() == spellings & task.keys()


# Gone.


@kinds
def test_what_was_deleted_by_hand_is_gone(
    api: Client, resource: type[Resource], given_: Inputs
) -> None:
    """So that the next deployment creates a new one."""
    made = make(api, given_, resource)
    resource.delete(api, made.id)
    assert look(api, made, resource) is None


@pytest.mark.parametrize("name", ["task_infos", "task_id", "total"])
def test_an_incomplete_list_does_not_prove_that_a_task_is_gone(
    api: Client, emulator: Emulator, name: str
) -> None:
    """Reporting it as gone by mistake would create a second one."""
    made = make(api, TASK)
    emulator.arm("drop_field", "ListPullTasks", name=name)
    try:
        found = look(api, made)
    except LivePullError:
        return
    assert found is not None


@pytest.mark.parametrize("code", ["LIVE.100011001", "LIVE.103011019"])
@pytest.mark.parametrize("status", [400, 404])
def test_a_doubtful_code_is_checked_against_the_list(
    api: Client, emulator: Emulator, line: Line, code: str, status: int
) -> None:
    """The vendor also uses it for bad parameters, so only the list can tell."""
    made = make(api, CALLBACK, RecordCallback)

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.url.path.endswith(callback_id):
            return httpx.Response(status, json={"error_code": code, "error_msg": "no"})
        return go()

    callback_id = callbacks(emulator)[0]["id"]
    line.meddle = meddle
    assert see(api, made, RecordCallback) == made
    line.requests.clear()
    del emulator.huaweicloud.state.projects[made.state["projectId"]]
    assert look(api, made, RecordCallback) is None
    assert [request.url.path.rpartition("/")[2] for request in line.requests] == [
        callback_id,
        "callbacks",
    ]


@kinds
def test_no_right_to_look_is_not_gone(
    api: Client, emulator: Emulator, resource: type[Resource], given_: Inputs
) -> None:
    """The message says which operation on what failed."""
    made = make(api, given_, resource)
    emulator.arm("deny")
    with pytest.raises(ApiError) as failure:
        look(api, made, resource)
    assert str(failure.value).startswith(
        f'{resource.label()} read failed: APIG.0306 "API access denied" (HTTP 403, request id '
    )


@kinds
def test_in_another_project_nothing_is_called_gone(
    api: Client, resource: type[Resource], given_: Inputs
) -> None:
    """Other keys belong to another account; the resource may still exist in the original one."""
    made = make(api, given_, resource)
    here = made.state["projectId"]
    elsewhere = Found(made.id + "0", made.inputs, made.state | {"projectId": "theirs"})
    expected = (
        f"{resource.label()} {made.id}0 was created in projectId theirs, but the keys and settings "
        f"belong to {here}\nUse the keys and settings that created it. Nothing was changed."
    )
    with pytest.raises(ConfigError) as reading:
        look(api, elsewhere, resource)
    with pytest.raises(ConfigError) as deleting:
        lifecycle.delete(resource, api, elsewhere.id, elsewhere.state)
    assert str(reading.value) == str(deleting.value) == expected


@kinds
def test_without_a_known_project_gone_is_gone(
    api: Client, resource: type[Resource], given_: Inputs
) -> None:
    """The state of a create that could not be read back names no project."""
    assert lifecycle.read(resource, api, "cn-north-4/none", given_, given_) is None


def test_a_vendor_that_reports_no_account_can_call_things_gone(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every vendor has projects."""
    made = make(api, TASK)
    PullTask.delete(api, made.id)  # type: ignore[arg-type]  # a client of this vendor
    monkeypatch.setattr(PullTask, "identity", replace(PullTask.identity, account=None))
    elsewhere = Found(made.id, made.inputs, made.state | {"projectId": "theirs"})
    assert look(api, elsewhere) is None


def test_what_ended_stays_though_the_vendor_tidied_it_away(api: Client, emulator: Emulator) -> None:
    """It ended as planned. A new task would run at an unwanted time."""
    made = make(api, TASK)
    PullTask.delete(api, made.id)  # type: ignore[arg-type]  # a client of this vendor
    assert look(api, made) is None
    emulator.clock.set(emulator.clock.now().replace(day=4))
    found = look(api, made)
    assert found is not None
    assert (found.id, found.inputs) == (made.id, made.inputs)
    assert found.state == made.state | {"status": "expired"}


def test_what_ended_by_the_vendors_clock_ended_whatever_this_machines_clock_shows(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """The vendor runs the task, and dates each of its answers."""
    made = make(api, TASK)
    PullTask.delete(api, made.id)  # type: ignore[arg-type]  # a client of this vendor
    emulator.clock.set(emulator.clock.now().replace(day=4))
    slow = VENDORS[0].client(KEYS, {}, transport=line, clock=lambda: NOW)
    found = look(slow, made)
    assert found is not None
    assert found.state["status"] == "expired"


def test_the_fingerprint_of_a_key_shows_that_it_is_known(api: Client) -> None:
    """The vendor never returns the key, so the fingerprint is missing if the key is unknown."""
    made = make(api, CALLBACK | {"key": KEY, "signType": "MD5"}, RecordCallback)
    found = see(api, made, RecordCallback)
    assert found.state["key"] == KEY
    assert found.state["keyFingerprint"] == made.state["keyFingerprint"]
    assert KEY not in found.state["keyFingerprint"]
    imported = lifecycle.read(RecordCallback, api, made.id, {}, {})
    assert imported is not None
    assert not {"key", "keyFingerprint"} & imported.state.keys()


def test_running_is_read_only_if_it_was_set(api: Client) -> None:
    """Without `running` in the inputs, a status that changes by itself is not drift."""
    stated = make(api, {**TASK, "running": False})
    assert see(api, stated).state["running"] is False
    assert "running" not in see(api, make(api, TASK | {"vodLoopTime": 4})).state


def test_a_task_that_is_off_air_though_nobody_asked_for_it_is_pointed_out(
    api: Client, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """A colleague or a killed update may have stopped it, which no input shows."""
    made = make(api, TASK)
    lifecycle.refresh(PullTask, api, made.id, made.inputs, made.state)
    assert caplog.messages == []
    task = tasks(emulator)[0] | {"status": "pause"}
    emulator.huaweicloud.state.projects[project_of(emulator)].tasks.put(task["task_id"], task)
    lifecycle.refresh(PullTask, api, made.id, made.inputs, made.state)
    assert caplog.messages == [
        f"huaweicloud.PullTask {made.id} is stopped. Set `running` to true to restart it, "
        "or to false to keep it stopped"
    ]


def test_a_task_that_is_stopped_as_it_should_be_is_not_pointed_out(
    api: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise, users would ignore the warnings."""
    made = make(api, {**TASK, "running": False})
    lifecycle.refresh(PullTask, api, made.id, made.inputs, made.state)
    assert caplog.messages == []


# The wire.


@given(valid)
def test_what_goes_out_on_the_wire_comes_back(sample: Given) -> None:
    """from_wire(to_wire(x)) = x, for every field."""
    resource, given_ = sample
    inputs = resource.by_field(checked(resource, given_))
    for prop in resource.inputs():
        if prop.name in inputs and not prop.has(Trait.LOCAL):
            assert prop.from_wire(prop.to_wire(inputs[prop.name])) == inputs[prop.name]
    desired = resource.from_inputs(inputs)
    sent = desired.to_wire(set(resource.properties()))
    local = {prop.name for prop in resource.inputs() if prop.has(Trait.LOCAL)}
    came_back = resource.from_wire(sent)
    assert {name: came_back[name] for name in inputs.keys() - local} == {
        name: value for name, value in inputs.items() if name not in local
    }


@given(st.sampled_from([PullTask, RecordCallback]), st.data())
def test_no_reply_breaks_the_reading(resource: type[Resource], data: st.DataObject) -> None:
    """Whatever a field holds, reading it raises nothing."""
    names = st.sampled_from([prop.wire_name for prop in resource.properties().values()])
    answer: dict[str, Any] = data.draw(st.dictionaries(names, json_values))
    resource.from_wire(answer)


@pytest.mark.parametrize(
    ("resource", "wire_name", "value"),
    [
        (PullTask, "vod_loop_time", float("inf")),
        (PullTask, "vod_loop_time", "9" * 5000),
        (PullTask, "end_time", "0001-01-01T00:00:00+05:00"),
        (PullTask, "create_time", "9999-12-31T23:59:59-05:00"),
        (PullToPushTask, "StartTime", 228_017_684_147_668_928),
        (PullToPushTask, "StartTime", 10**400),
    ],
)
def test_a_reply_beyond_all_bounds_breaks_nothing(
    resource: type[Resource], wire_name: str, value: Any
) -> None:
    """It is kept as it is."""
    assert list(resource.from_wire({wire_name: value}).values()) == [value]


def test_live_tasks_read_like_any_other(api: Client) -> None:
    """The vendor shows the defaults of file settings for all tasks; they are not inputs."""
    made = make(api, LIVE)
    assert see(api, made).inputs == LIVE
