"""The plugin, over a real connection: what each method answers, and how it fails."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts.registry import VERSION, config_keys
from pulumi_livepull.hosts.values import from_struct, to_struct
from pulumi_livepull.vendors import NAMES, VENDORS
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from pulumi_livepull.vendors.volcengine.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.conformance.cases import volcengine
from tests.core.samples import CALLBACK, FILES, KEY, LIVE, callbacks, project_of, tasks
from tests.hosts.calls import (
    CONFIG,
    Caller,
    Listener,
    Refused,
    State,
    called,
    opened,
    reach,
    secrets,
    urn_of,
)

PROVIDER = "urn:pulumi:dev::relay::pulumi:providers:livepull::default"
SIGNED = CALLBACK | {"key": KEY, "signType": "MD5"}

Diff = provider_pb2.PropertyDiff
CERTAIN, UNSURE = grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.UNKNOWN


@pytest.fixture
def bare(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """Return a connection to an unconfigured plugin, on a machine without keys."""
    for variable in os.environ:
        if variable.startswith(("HUAWEICLOUD", "HW_", "ALI", "VOLC")):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", "/nowhere")
    with called(schema='{"name": "livepull"}') as caller:
        reach(emulator, monkeypatch, caller.waited)
        yield caller


@pytest.fixture
def plugin(bare: Caller) -> Caller:
    """Return a connection to a plugin that is configured for the emulator."""
    bare.ask("Configure", args=CONFIG)
    return bare


@pytest.fixture
def engine(plugin: Caller) -> Iterator[Listener]:
    """Return the engine that the plugin logs to."""
    engine = Listener()
    plugin.ask("Handshake", engine_address=engine.address)
    yield engine
    engine.end()


def make(plugin: Caller, kind: Any, inputs: State, **options: Any) -> tuple[str, State]:
    """Create a resource and return its id and state."""
    made = plugin.of(kind, "Create", properties=inputs, **options)
    return made.id, opened(made.properties)


# What the engine asks of the provider itself.


def test_the_handshake_says_what_is_understood(bare: Caller) -> None:
    """Secrets stay marked, so they stay encrypted."""
    answer = bare.ask("Handshake", engine_address="")
    assert (answer.accept_secrets, answer.accept_resources) == (True, False)


@pytest.mark.parametrize("method", ["Handshake", "Attach"])
def test_what_the_plugin_has_to_say_goes_to_the_engine(bare: Caller, method: str) -> None:
    """To the engine that started it, or the one attached through a debugger."""
    engine = Listener()
    bare.ask(method, **{"engine_address" if method == "Handshake" else "address": engine.address})
    bare.ask("CheckConfig", urn=PROVIDER, news={"maxRetry": "1"})
    assert engine.warnings(PROVIDER) == [
        "config livepull:maxRetry is not a setting of this provider: did you mean "
        "livepull:maxRetries"
    ]
    engine.end()


def test_the_plugin_reports_its_version_and_its_schema(bare: Caller) -> None:
    """The schema is built once."""
    assert bare.ask("GetPluginInfo").version == VERSION
    assert bare.ask("GetSchema").schema == '{"name": "livepull"}'
    bare.servicer._make_schema = lambda: "another"
    assert bare.ask("GetSchema").schema == '{"name": "livepull"}'


def test_a_good_configuration_is_handed_back_as_it_came(bare: Caller) -> None:
    """Its secrets are marked, including values that the user marked."""
    news = to_struct(CONFIG | {"version": "1.0.0"}, {"huaweicloudRegion"})
    answer = bare.ask("CheckConfig", urn=PROVIDER, news=news)
    keys = {f"{vendor.name}SecretKey" for vendor in VENDORS}
    assert answer.inputs == to_struct(opened(news), {"huaweicloudRegion", *keys})
    assert list(answer.failures) == []


def test_keys_that_came_plain_are_handed_back_as_secrets(bare: Caller) -> None:
    """For every vendor: the engine keeps keys in the state, and encrypts them only if they are
    marked.
    """
    keys = {key.removeprefix("livepull:"): f"value of {key}" for key in config_keys(*NAMES)}
    answer = bare.ask("CheckConfig", urn=PROVIDER, news=keys | {"version": "1.0.0"})
    parts = ("SecretKey", "SecurityToken")
    secret = {f"{vendor}{part}" for vendor in NAMES for part in parts}
    assert from_struct(answer.inputs) == (keys | {"version": "1.0.0"}, secret)


def test_all_that_is_wrong_with_a_configuration_is_reported_at_once(bare: Caller) -> None:
    """Each failure names the setting and says how to set it."""
    news = {"huaweicloudSecretKey": "x", "maxRetries": "often"}
    answer = bare.ask("CheckConfig", urn=PROVIDER, news=news)
    failures = {failure.property: failure.reason for failure in answer.failures}
    assert failures.keys() == {"", "maxRetries"}


def test_a_new_key_replaces_nothing(bare: Caller) -> None:
    """Replacing a provider replaces all its resources."""
    old = {"huaweicloudSecretKey": "one", "huaweicloudRegion": "cn-north-4", "maxRetries": "3"}
    new = {"huaweicloudSecretKey": "two", "huaweicloudProjectId": "p", "maxRetries": "3"}
    answer = bare.ask(
        "DiffConfig",
        urn=PROVIDER,
        old_inputs=to_struct(old, {"huaweicloudSecretKey"}),
        news=to_struct(new, {"huaweicloudSecretKey"}),
    )
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert (list(answer.replaces), answer.deleteBeforeReplace) == ([], False)
    assert kinds(answer) == {
        "huaweicloudProjectId": Diff.ADD,
        "huaweicloudRegion": Diff.DELETE,
        "huaweicloudSecretKey": Diff.UPDATE,
    }


def test_the_same_configuration_is_not_a_difference(bare: Caller) -> None:
    """Whether or not it is marked as secret."""
    secret = to_struct(CONFIG, {"huaweicloudSecretKey"})
    answer = bare.ask("DiffConfig", urn=PROVIDER, old_inputs=CONFIG, news=secret)
    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert kinds(answer) == {}


def test_the_configuration_decides_what_is_called(bare: Caller, emulator: Emulator) -> None:
    """Keys are looked up when they are needed, and a new configuration takes effect at once."""
    answer = bare.ask("Configure", args={})
    assert (answer.acceptSecrets, answer.supportsPreview) == (True, True)
    with pytest.raises(Refused, match="huaweicloud: no access key found"):
        make(bare, PullTask, LIVE)
    bare.ask("Configure", args=to_struct(CONFIG, {"huaweicloudSecretKey"}))
    make(bare, PullTask, LIVE)
    assert len(tasks(emulator)) == 1


# Check.


def test_check_returns_normal_inputs_and_keeps_secrets_marked(plugin: Caller) -> None:
    """Fields that are always secret, addresses that carry a key, and values that arrived marked."""
    news = FILES | {
        "sourceUrls": ["https://files.example.com/a.mp4?key=1"],
        "endTime": "2030-01-02T20:00:00+08:00",
        "vodLoopTime": 3,
    }
    answer = plugin.of(PullTask, "Check", news=to_struct(news, {"vodLoopTime"}))
    assert list(answer.failures) == []
    assert opened(answer.inputs) == news | {"endTime": "2030-01-02T12:00:00Z"}
    assert secrets(answer.inputs) == {"destinationUrl", "sourceUrls", "vodLoopTime"}


def test_check_reports_all_failures_and_names_no_secret(plugin: Caller) -> None:
    """The engine prints the value of the property that a failure names."""
    news = LIVE | {"sourceUrls": ["rtmp://h/x", "y"], "destinationUrl": "key", "sourceType": "x"}
    failures = plugin.of(PullTask, "Check", news=news).failures
    assert sorted((failure.property, failure.reason.partition(" ")[0]) for failure in failures) == [
        ("", "destinationUrl"),
        ("", "sourceUrls[1]"),
        ("sourceType", "must"),
    ]
    (nested,) = [one.reason for one in failures if one.reason.startswith("sourceUrls")]
    assert nested.endswith(', not "y"')


def test_check_compares_with_the_old_inputs(plugin: Caller) -> None:
    """A task that has ended passes if it is not edited."""
    ended = LIVE | {"endTime": "2030-01-01T11:00:00Z"}
    assert list(plugin.of(PullTask, "Check", olds=ended, news=ended).failures) == []
    assert len(plugin.of(PullTask, "Check", news=ended).failures) == 1


Naming = provider_pb2.CheckRequest.AutonamingOptions


@pytest.mark.parametrize(
    ("autonaming", "name"),
    [
        (None, "sports"),
        (Naming(proposed_name="sports-1a2b3c4"), "sports1a2b3c4"),
        (Naming(proposed_name="sports", mode=Naming.ENFORCE), "sports"),
        (Naming(mode=Naming.DISABLE), None),
    ],
    ids=["unconfigured", "proposed", "enforced", "disabled"],
)
def test_what_has_no_name_gets_that_of_its_resource(
    plugin: Caller, autonaming: Naming | None, name: str | None
) -> None:
    """The engine sends no options for names unless the user configures `pulumi:autonaming`."""
    news = {"projectName": "default"}
    answer = plugin.of(PullToPushGroup, "Check", name="sports", news=news, autonaming=autonaming)
    assert opened(answer.inputs).get("name") == name
    assert [each.reason for each in answer.failures] == ([] if name else ["name is required"])


def test_what_is_doubtful_is_reported_at_its_resource(plugin: Caller, engine: Listener) -> None:
    """As a warning: the inputs are valid."""
    news = LIVE | {"callbackUrl": "hooks.example.com"}
    assert list(plugin.of(PullTask, "Check", news=news).failures) == []
    assert engine.warnings(urn_of(PullTask.token)) == [
        "one: callbackUrl has no scheme: most likely it needs https://"
    ]


def test_two_that_fight_are_reported_at_the_second(plugin: Caller, engine: Listener) -> None:
    """Again in the next preview, but one task alone causes no warning."""
    for name in ("first", "second", "second"):
        plugin.of(PullTask, "Check", name=name, news=LIVE)
    assert engine.warnings(urn_of(PullTask.token, "first")) == []
    messages = engine.warnings(urn_of(PullTask.token, "second"))
    assert len(messages) == 2
    assert messages[0].startswith(
        'second: pushes to the same stream at the same time as huaweicloud.PullTask "first"'
    )


def test_keys_that_are_missing_stop_the_preview(bare: Caller) -> None:
    """Otherwise the deployment would fail halfway."""
    with pytest.raises(Refused, match="no access key found") as refused:
        bare.of(PullTask, "Check", news=LIVE)
    assert refused.value.code is CERTAIN


def test_wrong_inputs_are_reported_before_keys_that_are_missing(bare: Caller) -> None:
    """All wrong inputs at once."""
    answer = bare.of(PullTask, "Check", news={"sourceType": "x"})
    assert len(answer.failures) > 1


# Diff.


def kinds(answer: Any) -> dict[str, int]:
    """Return the kind of change of each path."""
    return {path: detail.kind for path, detail in answer.detailedDiff.items()}


def test_diff_reports_each_path_and_what_happens_to_it(plugin: Caller) -> None:
    """For an update in place."""
    old = FILES | {"vodLoopTime": 3}
    new = {**FILES, "sourceUrls": [*FILES["sourceUrls"], UNKNOWN], "vodStartVideoTime": 9}
    answer = plugin.of(PullTask, "Diff", "id", olds=old, old_inputs=old, news=new)
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert answer.hasDetailedDiff
    assert kinds(answer) == {
        "sourceUrls[2]": Diff.ADD,
        "vodLoopTime": Diff.DELETE,
        "vodStartVideoTime": Diff.ADD,
    }
    assert list(answer.diffs) == ["sourceUrls", "vodLoopTime", "vodStartVideoTime"]
    assert list(answer.replaces) == []


def test_diff_says_what_needs_a_replacement(plugin: Caller) -> None:
    """It lists each path, and says that the old resource is deleted first."""
    old = FILES | {"callbackUrl": "https://h.example.com/", "domain": "d", "vodLoopTime": 3}
    new = FILES | {"domain": "e", "pushArgs": "x", "vodLoopTime": 4}
    answer = plugin.of(PullTask, "Diff", "id", olds=old, old_inputs=old, news=new)
    assert kinds(answer) == {
        "callbackUrl": Diff.DELETE_REPLACE,
        "domain": Diff.UPDATE_REPLACE,
        "pushArgs": Diff.ADD_REPLACE,
        "vodLoopTime": Diff.UPDATE,
    }
    assert list(answer.replaces) == ["callbackUrl", "domain", "pushArgs"]
    assert answer.deleteBeforeReplace


def test_diff_leads_into_a_list_that_replaces(plugin: Caller) -> None:
    """A live task cannot be updated at all."""
    new = LIVE | {"sourceUrls": ["rtmp://play.example.com/live/two"]}
    answer = plugin.of(PullTask, "Diff", "id", olds=LIVE, old_inputs=LIVE, news=new)
    assert kinds(answer) == {"sourceUrls[0]": Diff.UPDATE_REPLACE}
    assert (list(answer.diffs), list(answer.replaces)) == (["sourceUrls"], ["sourceUrls"])


def test_what_is_the_same_is_not_a_difference(plugin: Caller) -> None:
    """It still says whether deletion comes first, in case the user forces a replacement."""
    answer = plugin.of(PullTask, "Diff", "id", olds=FILES, old_inputs=FILES, news=FILES)
    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert (answer.hasDetailedDiff, answer.deleteBeforeReplace) == (True, True)
    assert (list(answer.diffs), kinds(answer)) == ([], {})


def test_diff_knows_the_old_inputs(plugin: Caller) -> None:
    """A value that the vendor chose may stay; a removed input returns to its default."""
    state = FILES | {"callbackEvents": ["TaskExit"]}
    chosen = plugin.of(PullTask, "Diff", "id", olds=state, old_inputs=FILES, news=FILES)
    cleared = plugin.of(PullTask, "Diff", "id", olds=state, old_inputs=state, news=FILES)
    assert (kinds(chosen), kinds(cleared)) == ({}, {"callbackEvents": Diff.DELETE})


def test_a_note_on_a_change_is_reported_at_its_resource(plugin: Caller, engine: Listener) -> None:
    """For example, that a task that has ended is created again."""
    old = FILES | {"endTime": "2030-01-01T11:00:00Z"}
    new = FILES | {"endTime": "2030-01-03T12:00:00Z"}
    plugin.of(PullTask, "Diff", "id", olds=old, old_inputs=old, news=new)
    assert engine.warnings(urn_of(PullTask.token)) == [
        "huaweicloud.PullTask push.example.com/live (id) ended at 2030-01-01T11:00:00Z: "
        "this change deletes it and creates a new one"
    ]


# Create.


def test_a_preview_of_a_creation_shows_what_will_be_known(
    plugin: Caller, emulator: Emulator
) -> None:
    """Nothing is sent to the vendor."""
    answer = plugin.of(PullTask, "Create", properties=FILES | {"endTime": UNKNOWN}, preview=True)
    assert answer.id == ""
    shown = opened(answer.properties)
    assert shown == lifecycle.preview(PullTask, {}, {}, FILES | {"endTime": UNKNOWN})
    assert (shown["sourceUrls"], shown["endTime"]) == (FILES["sourceUrls"], UNKNOWN)
    assert secrets(answer.properties) == {"destinationUrl"}
    assert list(emulator.journal) == []


def test_a_creation_returns_the_id_and_the_state(plugin: Caller, emulator: Emulator) -> None:
    """Secrets are marked, including values that only arrived marked."""
    answer = plugin.of(
        PullTask, "Create", properties=to_struct(FILES | {"vodLoopTime": 3}, {"vodLoopTime"})
    )
    (task,) = tasks(emulator)
    assert answer.id == f"cn-north-4/{task['task_id']}"
    state = opened(answer.properties)
    assert (state["taskId"], state["projectId"]) == (task["task_id"], project_of(emulator))
    assert {name: state[name] for name in FILES} == FILES
    assert secrets(answer.properties) == {"destinationUrl", "vodLoopTime"}


def test_a_creation_that_is_left_unfinished_leaves_what_there_is(
    plugin: Caller, emulator: Emulator
) -> None:
    """The engine keeps it with its id, and the next run continues from there."""
    emulator.arm("deny", "ModifyPullTask")
    inputs = FILES | {"running": False}
    with pytest.raises(Refused) as refused:
        make(plugin, PullTask, inputs)
    left, (task,) = refused.value.left, tasks(emulator)
    assert refused.value.code is UNSURE
    assert left.id == f"cn-north-4/{task['task_id']}"
    assert opened(left.inputs) == inputs
    assert (opened(left.properties)["running"], opened(left.properties)["taskId"]) == (
        True,
        task["task_id"],
    )
    assert secrets(left.inputs) == secrets(left.properties) == {"destinationUrl"}
    assert list(left.reasons) == [str(refused.value)]
    assert left.reasons[0].startswith(f"huaweicloud.PullTask {left.id} was created, but: APIG.0306")


def test_a_refused_creation_is_certain(plugin: Caller, emulator: Emulator) -> None:
    """The engine then knows that nothing was created."""
    emulator.arm("deny", "CreatePullTask")
    with pytest.raises(Refused) as refused:
        make(plugin, PullTask, LIVE)
    request_id = list(emulator.journal)[-1].request_id
    assert str(refused.value) == (
        'huaweicloud.PullTask create failed: APIG.0306 "API access denied" (HTTP 403, '
        f"request id {request_id})\n"
        "Give the user of this access key the permissions for Live in this project."
    )
    assert (refused.value.code, refused.value.left) == (CERTAIN, None)


@pytest.mark.parametrize("fault", ["fail", "fail_after"], ids=["not made", "made"])
def test_a_creation_of_which_nobody_knows_keeps_its_place(
    plugin: Caller, emulator: Emulator, fault: str
) -> None:
    """The engine reads it before the next update, which shows whether it was created."""
    make(plugin, PullTask, FILES)  # It has looked at what is there.
    emulator.arm(fault, "CreatePullTask")
    emulator.arm("deny", "ListPullTasks")
    with pytest.raises(Refused, match="Looking for it failed, too") as refused:
        make(plugin, PullTask, LIVE)
    left = refused.value.left
    assert refused.value.code == UNSURE
    assert left.refresh_before_update
    assert secrets(left.inputs) == secrets(left.properties) == {"destinationUrl"}
    inputs, state = opened(left.inputs), opened(left.properties)
    found = plugin.of(PullTask, "Read", left.id, inputs=inputs, properties=state)
    made = [f"cn-north-4/{task['task_id']}" for task in tasks(emulator)[1:]]
    assert [found.id] == (made or [""])
    assert not found.refresh_before_update
    plugin.of(PullTask, "Delete", left.id, properties=state)
    assert len(tasks(emulator)) == 1


def test_a_creation_takes_no_longer_than_it_may(
    plugin: Caller, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`customTimeouts` limits the wait for a pause, and the new resource is kept."""
    monkeypatch.setattr(PullTask, "_runs", lambda *_: False)
    with pytest.raises(Refused, match=r"waited 9 s for .* to pause") as refused:
        make(plugin, PullTask, FILES | {"running": False}, timeout=10)
    assert refused.value.left.id == f"cn-north-4/{tasks(emulator)[0]['task_id']}"
    assert sum(plugin.waited) < 11
    with pytest.raises(Refused, match=r"waited 120 s for .* to pause"):
        make(plugin, PullTask, FILES | {"running": False})


# Read.


def test_a_refresh_shows_what_somebody_else_changed(plugin: Caller, emulator: Emulator) -> None:
    """In the state and in the inputs, with secrets marked."""
    inputs = FILES | {"vodLoopTime": 3}
    id_, state = make(plugin, PullTask, inputs)
    tasks(emulator)[0]["vod_loop_time"] = "7"
    answer = plugin.of(PullTask, "Read", id_, inputs=inputs, properties=state)
    assert answer.id == id_
    assert opened(answer.inputs) == inputs | {"vodLoopTime": 7}
    assert opened(answer.properties) == state | {"vodLoopTime": 7}
    assert secrets(answer.inputs) == secrets(answer.properties) == {"destinationUrl"}


def test_a_refresh_says_that_it_is_gone(plugin: Caller, emulator: Emulator) -> None:
    """By a response without an id."""
    id_, state = make(plugin, PullTask, LIVE)
    emulator.reset()
    answer = plugin.of(PullTask, "Read", id_, inputs=LIVE, properties=state)
    assert (answer.id, opened(answer.properties)) == ("", {})


def test_an_import_brings_inputs_that_need_no_change(plugin: Caller, engine: Listener) -> None:
    """By the bare id that the vendor's console shows, and without warnings."""
    id_, state = make(plugin, PullTask, FILES)
    answer = plugin.of(PullTask, "Read", id_.partition("/")[2])
    assert answer.id == id_
    assert opened(answer.properties) == state
    inputs = opened(answer.inputs)
    assert inputs.items() >= FILES.items()
    assert opened(plugin.of(PullTask, "Check", news=inputs).inputs) == inputs
    diff = plugin.of(PullTask, "Diff", id_, olds=state, old_inputs=inputs, news=inputs)
    assert diff.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert engine.warnings() == []


def test_an_import_names_what_the_vendor_never_returns(plugin: Caller, engine: Listener) -> None:
    """The user must set these inputs, or the next update may remove them."""
    id_, _ = make(plugin, RecordCallback, SIGNED)
    answer = plugin.of(RecordCallback, "Read", id_)
    assert "key" not in opened(answer.inputs)
    assert engine.warnings(urn_of(RecordCallback.token)) == [
        "the vendor never returns `key`: if you use it, set it in the program, and the next "
        "update sends it again"
    ]


def test_a_refresh_and_a_kind_without_such_inputs_cause_no_warning(
    plugin: Caller, engine: Listener
) -> None:
    """An output that is never returned does not affect a program."""
    id_, state = make(plugin, RecordCallback, SIGNED)
    plugin.of(RecordCallback, "Read", id_, inputs=SIGNED, properties=state)
    id_, _ = make(plugin, RelaySource, volcengine.SOURCE)
    plugin.of(RelaySource, "Read", id_)
    assert engine.warnings() == []


def test_an_import_of_what_is_not_there_says_what_an_id_looks_like(plugin: Caller) -> None:
    """It was never in the state, so it cannot have been deleted meanwhile."""
    with pytest.raises(Refused) as refused:
        plugin.of(PullTask, "Read", "cn-north-4/none")
    assert str(refused.value) == (
        'huaweicloud.PullTask: there is no "cn-north-4/none"\n'
        "Write the id as region/id, such as cn-north-4/7864b3dc."
    )
    assert refused.value.code is CERTAIN


# Update.


def test_a_preview_of_an_update_shows_what_will_be_known(
    plugin: Caller, emulator: Emulator
) -> None:
    """Nothing is sent; outputs that do not change are known."""
    id_, state = make(plugin, PullTask, FILES)
    sent = len(list(emulator.journal))
    news = FILES | {"vodLoopTime": 3}
    answer = plugin.of(
        PullTask, "Update", id_, olds=state, old_inputs=FILES, news=news, preview=True
    )
    shown = opened(answer.properties)
    assert shown == lifecycle.preview(PullTask, FILES, state, news)
    assert (shown["vodLoopTime"], shown["projectId"]) == (3, state["projectId"])
    assert secrets(answer.properties) == {"destinationUrl"}
    assert len(list(emulator.journal)) == sent


def test_an_update_returns_the_new_state(plugin: Caller, emulator: Emulator) -> None:
    """Secrets are marked."""
    id_, state = make(plugin, RecordCallback, SIGNED)
    news = SIGNED | {"key": KEY[::-1]}
    answer = plugin.of(RecordCallback, "Update", id_, olds=state, old_inputs=SIGNED, news=news)
    assert callbacks(emulator)[0]["key"] == KEY[::-1]
    assert opened(answer.properties)["key"] == KEY[::-1]
    assert secrets(answer.properties) == {"key"}


def test_an_update_knows_the_old_inputs(plugin: Caller, emulator: Emulator) -> None:
    """An input removed from the program returns to the vendor's default."""
    given = FILES | {"callbackEvents": ["TaskExit"]}
    id_, state = make(plugin, PullTask, given)
    plugin.of(PullTask, "Update", id_, olds=state, old_inputs=given, news=FILES)
    assert len(tasks(emulator)[0]["callback_events"]) == 6


def test_an_update_that_came_about_in_part_leaves_what_there_is(
    plugin: Caller, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends within its time limit; the next update continues, even without a difference."""
    id_, state = make(plugin, PullTask, FILES)
    news = FILES | {"vodLoopTime": 3, "running": False}
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(PullTask, "_runs", lambda *_: False)
        fields = {"olds": state, "old_inputs": FILES, "news": news, "timeout": 10}
        with pytest.raises(Refused, match="waited 9 s") as refused:
            plugin.of(PullTask, "Update", id_, **fields)
    left = opened(refused.value.left.properties)
    assert (refused.value.code, left["vodLoopTime"]) == (UNSURE, 3)
    again = plugin.of(PullTask, "Update", id_, olds=left, old_inputs=news, news=news)
    assert opened(again.properties)["status"] == tasks(emulator)[0]["status"] == "pause"


def test_a_refused_update_is_certain(plugin: Caller, emulator: Emulator) -> None:
    """The engine then keeps the old state."""
    id_, state = make(plugin, PullTask, FILES)
    emulator.arm("deny", "ModifyPullTask")
    news = FILES | {"vodLoopTime": 3}
    with pytest.raises(Refused, match=r"update failed: APIG\.0306") as refused:
        plugin.of(PullTask, "Update", id_, olds=state, old_inputs=FILES, news=news)
    assert (refused.value.code, refused.value.left) == (CERTAIN, None)


# Delete.


def test_a_deletion_may_come_twice(plugin: Caller, emulator: Emulator) -> None:
    """A resource that is already gone counts as deleted."""
    id_, state = make(plugin, PullTask, LIVE)
    for _ in range(2):
        plugin.of(PullTask, "Delete", id_, properties=state, old_inputs=LIVE)
    assert tasks(emulator) == []


def test_a_deletion_knows_the_state(plugin: Caller, emulator: Emulator) -> None:
    """A resource in another project is not taken for a deleted one."""
    id_, state = make(plugin, PullTask, LIVE)
    emulator.reset()
    theirs = state | {"projectId": "theirs"}
    with pytest.raises(Refused, match="was created in projectId theirs"):
        plugin.of(PullTask, "Delete", id_, properties=theirs, old_inputs=LIVE)


@pytest.mark.parametrize("method", ["Delete", "Read"])
def test_what_takes_too_long_is_given_up(plugin: Caller, emulator: Emulator, method: str) -> None:
    """No wait begins that would end after the operation's time limit."""
    id_, state = make(plugin, PullTask, LIVE)
    operation = "DeletePullTask" if method == "Delete" else "ListPullTasks"
    emulator.arm("throttle", operation, 100, retry_after=30)
    before = sum(plugin.waited)
    with pytest.raises(Refused, match=r"APIG\.0308"):
        plugin.of(PullTask, method, id_, properties=state, timeout=20)
    assert sum(plugin.waited) - before < 20


# Cancel.


def test_a_cancellation_ends_what_waits(plugin: Caller, emulator: Emulator) -> None:
    """The vendor is not called again."""
    plugin.ask("Cancel")
    assert plugin.cancel.is_set()
    with pytest.raises(Refused, match="cancelled") as refused:
        make(plugin, PullTask, LIVE)
    assert refused.value.code is CERTAIN
    assert tasks(emulator) == []


# How it fails.


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("Check", {"news": LIVE}),
        ("Diff", {"id": "1", "olds": LIVE, "news": LIVE}),
        ("Create", {"properties": LIVE}),
        ("Create", {"properties": LIVE, "preview": True}),
        ("Read", {"id": "1"}),
        ("Update", {"id": "1", "olds": LIVE, "news": LIVE}),
        ("Delete", {"id": "1", "properties": LIVE}),
    ],
)
def test_a_kind_that_does_not_exist_is_reported(
    plugin: Caller, method: str, fields: dict[str, Any]
) -> None:
    """With a suggestion, because a program in YAML spells the type out."""
    token = "livepull:huaweicloud:PullTusk"
    with pytest.raises(Refused) as refused:
        plugin.ask(method, urn=urn_of(token), type=token, **fields)
    assert str(refused.value) == (
        "there is no resource livepull:huaweicloud:PullTusk\n"
        "Did you mean livepull:huaweicloud:PullTask?"
    )
    assert refused.value.code is CERTAIN


def test_an_older_engine_reports_the_kind_in_the_urn_alone(plugin: Caller) -> None:
    """After the types of its parents."""
    for token in (PullTask.token, f"user:index:Group${PullTask.token}"):
        answer = plugin.ask("Check", urn=urn_of(token), news=LIVE)
        assert opened(answer.inputs) == LIVE


def test_a_fault_of_ours_says_so_and_proves_nothing(
    plugin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives the place in the code, but not the exception's text, which may quote secrets."""

    def broken(*_: object) -> None:
        raise KeyError("rtmp://u:p@h/x?key=1")

    monkeypatch.setattr(lifecycle, "create", broken)
    with pytest.raises(Refused) as refused:
        make(plugin, PullTask, LIVE)
    assert str(refused.value).startswith("KeyError at test_plugin.py:")
    assert str(refused.value).endswith(
        " in broken\nThis is a bug in pulumi-livepull: report it with this message."
    )
    assert refused.value.code is UNSURE


# Many at once.


def test_a_hundred_creations_at_once_make_a_hundred_tasks(
    plugin: Caller, emulator: Emulator
) -> None:
    """Each gets its own id."""
    tasks_wanted = [
        LIVE | {"destinationUrl": f"rtmp://push.example.com/live/{number}"} for number in range(100)
    ]
    with ThreadPoolExecutor(100) as threads:
        made = list(threads.map(lambda inputs: make(plugin, PullTask, inputs), tasks_wanted))
    assert len({id_ for id_, _ in made}) == len(tasks(emulator)) == 100
    pushed = {f"cn-north-4/{task['task_id']}": task["destination_url"] for task in tasks(emulator)}
    assert [pushed[id_] for id_, _ in made] == [each["destinationUrl"] for each in tasks_wanted]
    assert [state["destinationUrl"] for _, state in made] == [
        each["destinationUrl"] for each in tasks_wanted
    ]


def test_what_many_threads_say_is_about_their_own_resources(
    plugin: Caller, engine: Listener
) -> None:
    """One thread serves many resources in turn, and many threads serve at once."""
    names = [f"task{number}" for number in range(50)]

    def check(name: str) -> None:
        news = {"publishDomain": f"{name}.example.com", "app": "**"}
        plugin.of(RecordCallback, "Check", name=name, news=CALLBACK | news)

    with ThreadPoolExecutor(50) as threads:
        list(threads.map(check, names))
    for name in names:
        (message,) = engine.warnings(urn_of(RecordCallback.token, name))
        assert message.startswith(f"{name}: app should be `*`")
