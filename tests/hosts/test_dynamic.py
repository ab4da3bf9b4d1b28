"""The dynamic provider: what is pickled, what each operation returns, and how it fails."""

import base64
import logging
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

import dill  # type: ignore[import-untyped]  # it has no types
import pytest
from pulumi import dynamic as pulumi_dynamic
from pulumi.runtime import rpc

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import dynamic, registry
from pulumi_livepull.hosts.values import from_pulumi
from pulumi_livepull.vendors import NAMES, VENDORS
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.core.samples import CALLBACK, FILES, KEY, LIVE
from tests.hosting import KEYS
from tests.hosts.conftest import NewProvider, configure

State = dict[str, Any]
OWN = {"__provider": "gASV", "__inputs": "sourceType sourceUrls destinationUrl"}


def message_of(call: Callable[[], Any]) -> str:
    """Return what Pulumi prints when a call fails."""
    try:
        call()
    except Exception:
        return traceback.format_exc()
    pytest.fail("it did not fail")


# What is pickled.


@pytest.mark.parametrize("resource", [PullTask, RecordCallback])
def test_a_provider_is_pickled_small_and_by_reference(resource: type[Resource]) -> None:
    """The pickle is in the state of every resource: its module path and token must never change."""
    pickled = base64.b64decode(
        pulumi_dynamic.dynamic.serialize_provider(dynamic.Provider(resource.token))
    )
    assert len(pickled) < 150
    assert b"pulumi_livepull.hosts.dynamic" in pickled
    again = dill.loads(pickled)
    assert type(again) is dynamic.Provider
    assert vars(again) == {"token": resource.token}


def test_a_provider_is_not_a_secret() -> None:
    """It holds no secrets, so it can stay readable in the state."""
    assert dynamic.Provider.serialize_as_secret_always is False


def test_a_state_of_today_can_be_unpickled_in_a_new_process() -> None:
    """Pulumi unpickles it before every operation."""
    pickled = dill.dumps(dynamic.Provider(PullTask.token), recurse=True)
    program = f"import dill; print(dill.loads({pickled!r}).token)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == PullTask.token


# The operations.


def test_check_returns_normal_inputs(provider: NewProvider) -> None:
    """Pulumi's own keys and nulls are removed, and whole numbers are integers."""
    news = {**FILES, **OWN, "vodLoopTime": 3.0, "region": None, "endTime": rpc.UNKNOWN}
    result = provider(PullTask).check({}, news)
    assert result.inputs == {**FILES, "vodLoopTime": 3, "endTime": rpc.UNKNOWN}
    assert result.failures == []


def test_check_compares_with_the_old_inputs(provider: NewProvider) -> None:
    """A task that has ended passes if it is not edited."""
    ended = {**LIVE, "endTime": "2030-01-01T11:00:00Z"}
    assert provider(PullTask).check({**ended, **OWN}, ended).failures == []
    assert len(provider(PullTask).check({}, ended).failures) == 1


@pytest.mark.parametrize(
    ("resource", "news", "failure"),
    [
        (PullTask, {**LIVE, "sourceType": "x"}, "sourceType"),
        (PullTask, {**LIVE, "sourceUrls": ["rtmp://h/x", "y"]}, ""),
        (PullTask, {**LIVE, "destinationUrl": "not-an-address"}, ""),
        (PullTask, {**LIVE, "destinationUrl": 5}, ""),
        (PullTask, {**LIVE, "destinationUrl": {"url": "rtmp://h/stream-key"}}, ""),
        (PullTask, {**LIVE, "callbackUrl": ["https://h/?a=1"]}, ""),
        (RecordCallback, {**CALLBACK, "key": 12345}, ""),
        (RecordCallback, {**CALLBACK, "notifyCallbackUrl": "https://u:p@h:x/"}, ""),
        (RecordCallback, {**CALLBACK, "notifyCallbackUrl": "ftp://h/"}, "notifyCallbackUrl"),
    ],
)
def test_a_failure_never_names_a_secret_property(
    provider: NewProvider, resource: type[Resource], news: State, failure: str
) -> None:
    """Pulumi prints the value of the property that a failure names."""
    (found,) = provider(resource).check({}, news).failures
    assert found.property == failure
    if not failure:
        assert found.reason.split(" ")[0].partition("[")[0] in news


def test_diff_says_what_replaces(provider: NewProvider, caplog: pytest.LogCaptureFixture) -> None:
    """It also says that the old resource is deleted first."""
    result = provider(PullTask).diff(
        "id", {**LIVE, **OWN}, {**LIVE, "appName": "x", "pushArgs": "y"}
    )
    assert (result.changes, result.replaces) == (True, ["appName", "pushArgs"])
    assert result.delete_before_replace
    quiet = provider(PullTask).diff("id", {**LIVE, **OWN, "status": "x"}, {**LIVE, **OWN})
    assert (quiet.changes, quiet.replaces) == (False, [])
    assert caplog.text == ""


def test_diff_knows_the_old_inputs(provider: NewProvider) -> None:
    """Pulumi does not pass them to a dynamic provider, so the state records their names."""
    state = {**FILES, "callbackEvents": ["TaskExit"]}
    chosen, cleared = "sourceType", "sourceType callbackEvents"
    assert provider(PullTask).diff("id", {**state, "__inputs": chosen}, FILES).changes is False
    assert provider(PullTask).diff("id", {**state, "__inputs": cleared}, FILES).changes is True
    # As version 0.1.0 kept them.
    old = {**state, "__inputs": cleared.split()}
    assert provider(PullTask).diff("id", old, FILES).changes is True


def test_diff_says_that_what_ended_is_replaced(
    provider: NewProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    """The note is written to standard error, which Pulumi shows."""
    ended = {**FILES, "endTime": "2030-01-01T11:00:00Z"}
    provider(PullTask).diff("cn-north-4/1", ended, {**FILES, "endTime": "2030-01-03T12:00:00Z"})
    assert capsys.readouterr().err == (
        "livepull: huaweicloud.PullTask push.example.com/live (cn-north-4/1) "
        "ended at 2030-01-01T11:00:00Z: this change deletes it and creates a new one\n"
    )


@pytest.mark.parametrize(
    ("resource", "inputs", "change"),
    [
        (PullTask, FILES, {"vodLoopTime": 3}),
        (RecordCallback, {**CALLBACK, "key": KEY, "signType": "MD5"}, {"signType": "HMACSHA256"}),
    ],
)
def test_a_resource_lives(
    provider: NewProvider, resource: type[Resource], inputs: State, change: State
) -> None:
    """Create, read, update and delete each run in a process of their own."""
    made = provider(resource).create(dict(inputs))
    outs = made.outs or {}
    state = from_pulumi(outs)
    assert {name: state[name] for name in inputs} == inputs
    assert outs["__inputs"] == " ".join(sorted(inputs))
    read = provider(resource).read(made.id, outs)
    # Without inputs, the engine keeps those that it has.
    assert (read.id, read.outs, read.inputs) == (made.id, outs, None)
    news = {**inputs, **change}
    assert provider(resource).diff(made.id, outs, news).changes is True
    updated = provider(resource).update(made.id, outs, news).outs or {}
    assert {name: from_pulumi(updated)[name] for name in news} == news
    assert updated["__inputs"] == " ".join(sorted(news))
    assert provider(resource).diff(made.id, updated, news).changes is False
    provider(resource).delete(made.id, updated)
    gone = provider(resource).read(made.id, updated)
    assert (gone.id, gone.outs) == ("", {})


def test_a_creation_that_is_left_unfinished_is_kept(
    provider: NewProvider, emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pulumi would drop the resource if the call failed, so it warns and the next run goes on."""
    emulator.arm("deny", "ModifyPullTask")
    inputs = {**FILES, "running": False}
    made = provider(PullTask).create(dict(inputs))
    outs = made.outs or {}
    assert f"livepull: huaweicloud.PullTask {made.id} was created, but: APIG.0306" in (
        capsys.readouterr().err
    )
    assert (outs["running"], outs["__inputs"]) == (True, " ".join(sorted(inputs)))
    assert provider(PullTask).diff(made.id, outs, inputs).changes is True


def test_a_get_reads_all_there_is(provider: NewProvider) -> None:
    """The request has an id and no state."""
    made = provider(PullTask).create(dict(FILES))
    found = provider(PullTask).read(made.id, {"sourceType": None, "__provider": "x"})
    assert found.id == made.id
    assert from_pulumi(found.outs or {})["sourceUrls"] == FILES["sourceUrls"]


def test_what_a_read_brings_to_light_is_marked_if_it_is_secret(provider: NewProvider) -> None:
    """The program never set it as an input, so nothing else would mark it."""
    keyed = ["https://files.example.com/a.mp4?key=1", "https://files.example.com/b.mp4"]
    made = provider(PullTask).create({**FILES, "sourceUrls": keyed})
    for outs in (made.outs, provider(PullTask).read(made.id, {}).outs):
        marked = {name for name, value in (outs or {}).items() if rpc.is_rpc_secret(value)}
        assert marked == {"destinationUrl", "sourceUrls"}


def test_a_get_of_what_is_not_there_fails(provider: NewProvider) -> None:
    """Without a state it cannot have been deleted meanwhile: the id must be wrong."""
    reading = provider(PullTask)
    assert message_of(lambda: reading.read("cn-north-4/none", {})) == (
        'livepull: huaweicloud.PullTask: there is no "cn-north-4/none"\n'
        "Write the id as region/id, such as cn-north-4/7864b3dc.\n"
    )


# How it fails.


def test_a_failure_reads_as_a_message(provider: NewProvider, emulator: Emulator) -> None:
    """Pulumi prints a traceback, which must consist of our two lines only."""
    emulator.arm("deny", "CreatePullTask")
    creating = provider(PullTask)
    shown = message_of(lambda: creating.create(dict(LIVE)))
    request_id = list(emulator.journal)[-1].request_id
    assert shown == (
        'livepull: huaweicloud.PullTask create failed: APIG.0306 "API access denied" (HTTP 403, '
        f"request id {request_id})\n"
        "Give the user of this access key the permissions for Live in this project.\n"
    )


def test_a_fault_of_ours_says_so_and_where(
    provider: NewProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives the place in the code, but not the exception's text, which may quote secrets."""

    def broken(*_: object) -> None:
        raise KeyError("rtmp://u:p@h/x?key=1")

    monkeypatch.setattr(lifecycle, "delete", broken)
    line = broken.__code__.co_firstlineno + 1
    deleting = provider(PullTask)
    assert message_of(lambda: deleting.delete("id", {})) == (
        f"livepull: KeyError at test_dynamic.py:{line} in broken\n"
        "This is a bug in pulumi-livepull: report it with this message.\n"
    )


def test_a_success_leaves_tracebacks_as_they_are(provider: NewProvider) -> None:
    """Only the tracebacks of our own errors are shortened."""
    provider(PullTask).check({}, {})
    assert sys.tracebacklimit == 1000


@pytest.mark.parametrize("operation", ["create", "read", "update", "delete"])
def test_without_keys_every_operation_says_what_to_do(
    operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are looked up when they are needed; for the preview, see test_preview.py."""
    for variable in [name for name in os.environ if name.startswith(("HUAWEICLOUD_", "HW_"))]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", "/nowhere")
    provider = configure(dynamic.Provider(PullTask.token), {})
    arguments: dict[str, tuple[Any, ...]] = {
        "create": (LIVE,),
        "read": ("id", LIVE),
        "update": ("id", LIVE, LIVE),
        "delete": ("id", LIVE),
    }
    shown = message_of(lambda: getattr(provider, operation)(*arguments[operation]))
    assert shown.startswith("livepull: huaweicloud: no access key found. Looked at config livep")
    assert shown.splitlines()[1].startswith("Run: pulumi config set --secret livepull:huawei")
    assert len(shown.splitlines()) == 2


# The process.


def test_one_client_serves_a_process() -> None:
    """All resources then share one rate limit; another config gets another client."""
    clients, vendor = registry.Clients(threading.Event()), VENDORS[0]
    one = clients.get(vendor, KEYS)
    assert clients.get(vendor, dict(KEYS)) is one
    assert clients.get(vendor, {**KEYS, "livepull:huaweicloudRegion": "cn-east-3"}) is not one


def test_threads_share_the_client() -> None:
    """Pulumi's Python runtime runs four operations at a time."""
    clients = registry.Clients(threading.Event())
    found: list[Client] = []
    threads = [
        threading.Thread(target=lambda: found.append(clients.get(VENDORS[0], KEYS)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_waits_end_when_the_process_is_signalled_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulumi does not cancel a dynamic provider; an interrupt ends the main thread."""
    main = threading.Thread(target=lambda: None)
    main.start()
    monkeypatch.setattr(threading, "main_thread", lambda: main)
    dynamic._main_thread_ended.cache_clear()
    assert dynamic._main_thread_ended().wait(10)
    dynamic._main_thread_ended.cache_clear()


def test_only_our_config_reaches_the_client() -> None:
    """The rest of a stack's config may hold other secrets."""
    provider = configure(
        dynamic.Provider(PullTask.token), {**KEYS, "aws:secretKey": "x", "livepull:maxRetries": "2"}
    )
    own = {key: value for key, value in KEYS.items() if key.startswith("livepull:huaweicloud")}
    assert provider._config == {**own, "livepull:maxRetries": "2"}


def test_every_setting_has_a_key_of_its_own() -> None:
    """Across all vendors."""
    keys = registry.config_keys(*NAMES)
    assert set(KEYS) <= set(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (None, "livepull: careful\n"),
        ("debug", "livepull: psst\nlivepull: careful\n"),
        ("ERROR", ""),
        ("", "livepull: careful\n"),
        ("loud", "livepull: careful\n"),
    ],
)
def test_the_log_goes_to_standard_error(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    level: str | None,
    shown: str,
) -> None:
    """Warnings by default; `LIVEPULL_LOG` sets the level, and an invalid level has no effect."""
    monkeypatch.delenv("LIVEPULL_LOG", raising=False)
    if level is not None:
        monkeypatch.setenv("LIVEPULL_LOG", level)
    configure(dynamic.Provider(PullTask.token), {})
    configure(dynamic.Provider(PullTask.token), {})
    log = logging.getLogger("pulumi_livepull.core")
    log.debug("psst")
    log.warning("careful")
    assert capsys.readouterr().err == shown


def test_at_debug_level_the_chain_of_a_failure_is_logged(
    provider: NewProvider,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It logs the types of the errors that led to a message, and the message; never a secret."""
    monkeypatch.setenv("LIVEPULL_LOG", "debug")
    emulator.arm("deny", "CreatePullTask")
    creating = provider(PullTask)
    message_of(lambda: creating.create(dict(LIVE)))
    logged = capsys.readouterr().err
    assert (
        "create failed with NoPermission: huaweicloud.PullTask create failed: APIG.0306" in logged
    )
    assert "stream-key" not in logged
    assert "livepull-emulator-secret" not in logged
