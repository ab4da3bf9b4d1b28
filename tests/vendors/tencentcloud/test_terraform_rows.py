"""What the vendor's Terraform provider does with a relay task, row by row, and what we do.

Source: terraform-provider-tencentcloud, `services/css`. A test is named after the row of the
comparison that it answers; each states the fault that it must not have.
"""

import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.conflicts import Conflicts
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.core.resource import Failure
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running
from pulumi_livepull.errors import (
    Denied,
    Duplicate,
    LivePullError,
    NotFound,
    TransportError,
    WaitError,
)
from pulumi_livepull.hosts import registry
from pulumi_livepull.vendors.tencentcloud import VENDOR
from pulumi_livepull.vendors.tencentcloud.callback_rule import CallbackRule
from pulumi_livepull.vendors.tencentcloud.callback_template import CallbackTemplate
from pulumi_livepull.vendors.tencentcloud.pull_stream_task import PullStreamTask
from tests.conformance.cases.tencentcloud import (
    FILES,
    FILES_FULL,
    KEY,
    LIVE,
    LIVE_CHANGES,
    LIVE_FULL,
    REGION,
    RULE_INPUTS,
    TEMPLATE_FULL,
    TEMPLATE_SMALLEST,
)
from tests.core.samples import checked
from tests.hosting import KEYS, NOW, connect, plugin_host

Inputs = Mapping[str, Any]
Go = Callable[[], httpx.Response]
TARGET = "rtmp://push.example.org/live/S3CRET?txSecret=S3CRET"
BY_ADDRESS = {
    name: value
    for name, value in LIVE.items()
    if name not in {"domainName", "appName", "streamName"}
} | {"toUrl": TARGET}
ON_AIR = timedelta(hours=1, minutes=30)
"""How long after `NOW` the tasks of the cases run."""

CREATE, LIST = "CreateLivePullStreamTask", "DescribeLivePullStreamTasks"
MODIFY, DELETE = "ModifyLivePullStreamTask", "DeleteLivePullStreamTask"
RESTART, STATUS = "RestartLivePullStreamTask", "DescribeLivePullStreamTaskStatus"


class Line(httpx.BaseTransport):
    """Carries requests to the emulator and keeps them; `meddle` may answer in its place."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = httpx.WSGITransport(app=emulator.app)
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.meddle: Callable[[str, Go], httpx.Response] = lambda action, go: go()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        action = request.headers["X-TC-Action"]
        self.sent.append((action, json.loads(request.content)))
        return self.meddle(action, lambda: self._emulator.handle_request(request))

    def bodies(self, action: str) -> list[dict[str, Any]]:
        """Return what was sent for an action, oldest first."""
        return [body for sent, body in self.sent if sent == action]


@pytest.fixture
def line(emulator: Emulator) -> Line:
    return Line(emulator)


@pytest.fixture
def pauses() -> list[float]:
    """What the client would have slept."""
    return []


@pytest.fixture
def cancel() -> threading.Event:
    return threading.Event()


@pytest.fixture
def api(emulator: Emulator, line: Line, pauses: list[float], cancel: threading.Event) -> Client:
    return VENDOR.client(
        KEYS,
        {},
        transport=line,
        clock=emulator.clock.now,
        pause=pauses.append,
        monotonic=lambda: sum(pauses),
        cancel=cancel,
    )


def make(api: Client, given: Inputs) -> Found:
    """Create what checked inputs say."""
    return lifecycle.create(PullStreamTask, api, checked(PullStreamTask, given))


def edit(api: Client, made: Found, given: Inputs) -> Found:
    """Update what was made to other inputs."""
    news = checked(PullStreamTask, given)
    state = lifecycle.update(PullStreamTask, api, made.id, made.inputs, made.state, news)
    return Found(made.id, news, state)


def look(api: Client, made: Found) -> Found | None:
    """Refresh what was made."""
    return lifecycle.refresh(PullStreamTask, api, made.id, made.inputs, made.state)


def changes(made: Found, given: Inputs) -> lifecycle.Diff:
    """Return what a preview shows of other inputs."""
    news = checked(PullStreamTask, given)
    return lifecycle.diff(PullStreamTask, made.inputs, made.state, news, NOW, made.id)


def told(given: Inputs) -> dict[str, str]:
    """Return what a preview says of inputs: failures and cautions by path."""
    found = lifecycle.check(PullStreamTask, {}, given, NOW)
    return {each.property: each.reason for each in [*found.failures, *found.cautions]}


def failures(given: Inputs) -> set[str]:
    """Return the paths of what a preview refuses."""
    return {bad.property for bad in lifecycle.check(PullStreamTask, {}, given, NOW).failures}


def task(emulator: Emulator) -> dict[str, Any]:
    """Return the only task at the vendor's."""
    (found,) = emulator.tencentcloud.state.tasks
    return found


def test_r01_a_task_is_made_read_changed_and_deleted(api: Client, emulator: Emulator) -> None:
    """And nothing is left of it."""
    made = make(api, LIVE)
    assert look(api, made) == made
    changed = edit(api, made, LIVE | {"comment": "second"})
    assert task(emulator)["Comment"] == "second"
    lifecycle.delete(PullStreamTask, api, made.id, changed.state)
    assert look(api, made) is None


@pytest.mark.parametrize("given", [LIVE, LIVE_FULL, FILES_FULL], ids=["least", "live", "files"])
def test_r02_an_import_needs_no_change(api: Client, given: Inputs) -> None:
    """The next preview is empty, and who operates it is no difference."""
    made = make(api, given)
    found = lifecycle.get(PullStreamTask, api, made.id)
    assert changes(found, {**found.inputs, "operator": "somebody"}).changed == set()
    bare = made.id.partition("/")[2]
    assert (
        registry.find_function("livepull:tencentcloud:getPullStreamTask")[1].answer(
            {"id": bare}, lambda: api
        )["taskId"]
        == bare
    )


def test_r03_a_function_looks_one_up(api: Client) -> None:
    """Terraform has a data source for the status alone."""
    made = make(api, LIVE)
    _, function = registry.find_function("livepull:tencentcloud:getPullStreamTask")
    answer = function.answer({"id": made.id}, lambda: api)
    assert (answer["streamName"], answer["status"]) == ("1", "enable")


def test_r04_a_list_shows_all_of_them(api: Client) -> None:
    """Over its pages of 20."""
    ids = {make(api, LIVE | {"streamName": str(n)}).id for n in range(45)}
    assert {found.id for found in lifecycle.find_all(PullStreamTask, api, {})} == ids


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sourceType", "PullPicPushLive"),
        ("domainName", "other.example.com"),
        ("appName", "other"),
        ("streamName", "other"),
        ("pushArgs", "bak=2"),
        ("extraCmd", "other"),
        ("recordTemplateId", "2"),
        ("transcodeTemplateName", "other"),
        ("region", "ap-singapore"),
    ],
)
def test_r05_what_cannot_change_is_planned_as_a_replacement(
    api: Client, name: str, value: str
) -> None:
    """Terraform plans an update and fails when it is applied."""
    before = LIVE_FULL | {"extraCmd": "ignore_region"}
    before = {key: given for key, given in before.items() if not key.startswith("backup")}
    made = make(api, before)
    assert changes(made, before | {name: value}).replaces == {name}


def test_r05_a_new_address_is_changed_in_place(api: Client, emulator: Emulator) -> None:
    """As the newest SDK says; an account in which it cannot be is told how to go on."""
    made = make(api, BY_ADDRESS)
    other = "rtmp://push.example.org/live/other"
    assert changes(made, BY_ADDRESS | {"toUrl": other}).replaces == set()
    edit(api, made, BY_ADDRESS | {"toUrl": other})
    assert task(emulator)["ToUrl"] == other


def test_r06_a_replacement_deletes_first(api: Client) -> None:
    """Two would push to one stream."""
    made = make(api, LIVE)
    assert changes(made, LIVE | {"pushArgs": "bak=2"}).delete_before_replace is True


def test_r07_a_task_that_somebody_deleted_leaves_the_state(api: Client, emulator: Emulator) -> None:
    """Terraform's refresh fails from then on. What is no answer deletes nothing."""
    made = make(api, LIVE)
    emulator.arm("deny", LIST, 10)
    with pytest.raises(Denied):
        look(api, made)
    emulator._faults.clear()
    lifecycle.delete(PullStreamTask, connect(emulator, PullStreamTask), made.id, made.state)
    assert look(api, made) is None
    make(api, LIVE)


def test_r08_a_task_that_ended_is_neither_gone_nor_edited(api: Client, emulator: Emulator) -> None:
    """Also after the vendor tidied it away, as its console can be told to."""
    made = make(api, LIVE)
    emulator.clock.advance(timedelta(days=2))
    ended = look(api, made)
    assert ended is not None
    lifecycle.delete(PullStreamTask, connect(emulator, PullStreamTask), made.id, made.state)
    tidied = look(api, ended)
    assert tidied is not None
    assert tidied.state["status"] == "expired"
    now = emulator.clock.now()
    edited = lifecycle.check(PullStreamTask, made.inputs, LIVE | {"comment": "new"}, now)
    assert "a task that has ended cannot be changed" in edited.failures[0].reason
    again = lifecycle.check(
        PullStreamTask, made.inputs, LIVE | {"endTime": "2030-01-05T12:00:00Z"}, now
    )
    found = lifecycle.diff(PullStreamTask, made.inputs, tidied.state, again.inputs, now)
    assert found.replaces == {"endTime"}


@pytest.mark.parametrize(
    ("times", "reason", "fails"),
    [
        ({"endTime": "2030-01-01T13:00:00Z"}, "must be later than `startTime`", True),
        (
            {"startTime": "2029-01-01T13:00:00Z", "endTime": "2029-01-01T14:00:00Z"},
            "has passed: give a time in the future",
            True,
        ),
        ({"endTime": "2030-01-31T13:00:00Z"}, "should be less than 30 days after", False),
    ],
)
def test_r09_a_window_that_cannot_be_is_told_at_preview(
    times: Inputs, reason: str, fails: bool
) -> None:
    """Its greatest length is only doubted: the vendor's pages differ."""
    given = {**LIVE, **times}
    assert told(given)["endTime"].startswith(reason)
    assert bool(failures(given)) is fails
    assert told({**LIVE, "endTime": "2030-01-31T12:59:59Z"}) == {}


def test_r09_a_start_that_has_passed_is_not_sent_again(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """The vendor takes none in the past, though everything else of a running task may change."""
    made = make(api, LIVE)
    emulator.clock.advance(ON_AIR)
    edited = edit(api, made, LIVE | {"comment": "new", "endTime": "2030-01-03T12:00:00Z"})
    assert edited.state["endTime"] == "2030-01-03T12:00:00Z"
    # As the engine asks after a change that was left unfinished: everything once more.
    edit(api, edited, LIVE | {"comment": "new", "endTime": "2030-01-03T12:00:00Z"})
    assert len(line.bodies(MODIFY)) == 2
    assert not any("StartTime" in body for body in line.bodies(MODIFY))


@pytest.mark.parametrize(
    ("old", "new", "fails"),
    [
        ("2030-01-01T13:00:00Z", "2030-01-01T11:00:00Z", True),
        ("2030-01-01T11:00:00Z", "2030-01-01T10:30:00Z", True),
        ("2030-01-01T11:00:00Z", "2030-01-01T12:30:00Z", False),
    ],
    ids=["waits", "runs", "into the future"],
)
def test_r09_a_start_is_not_moved_to_the_past(api: Client, old: str, new: str, fails: bool) -> None:
    """The vendor refuses that, so the preview does, unless the change makes a new task."""
    made = make(api, LIVE | {"startTime": old})
    given = LIVE | {"startTime": new}
    found = lifecycle.check(PullStreamTask, made.inputs, given, NOW).failures
    assert [bad.property for bad in found] == ["startTime"] * fails
    other = given | {"streamName": "other"}
    assert lifecycle.check(PullStreamTask, made.inputs, other, NOW).failures == []
    ended = made.inputs | {"endTime": "2030-01-01T11:59:59Z"}
    assert lifecycle.check(PullStreamTask, ended, given, NOW).failures == []


def test_r10_sources_are_checked_at_preview() -> None:
    """Scheme, number, and a file that a playlist has twice."""
    assert (
        "has the scheme ftp"
        in told(LIVE | {"sourceUrls": ["ftp://a.example.org/1"]})["sourceUrls[0]"]
    )
    assert failures(LIVE | {"sourceUrls": ["rtmp://a.example.org/1", "rtmp://a.example.org/2"]})
    files = [f"https://files.example.org/{n}.mp4" for n in range(31)]
    assert failures(FILES | {"sourceUrls": files}) == {"sourceUrls"}
    assert failures(FILES | {"sourceUrls": files[:30]}) == set()
    twice = told(FILES | {"sourceUrls": files[:2] + files[:1]})
    assert "is in the list already" in twice["sourceUrls[2]"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (LIVE | {"toUrl": TARGET}, "domainName"),
        ({**BY_ADDRESS, "streamName": "1"}, "streamName"),
        ({name: LIVE[name] for name in LIVE if name != "streamName"}, "streamName"),
        ({name: LIVE[name] for name in LIVE if name != "domainName"}, "domainName"),
        (FILES | {"fileIndex": 3}, "fileIndex"),
        (LIVE | {"backupSourceUrl": "rtmp://a.example.org/1"}, "backupSourceType"),
    ],
)
def test_r11_inputs_that_exclude_one_another_are_told_at_preview(given: Inputs, path: str) -> None:
    """A full address stands for domain, app and stream; in Terraform these are required."""
    assert path in failures(given)


def test_r11_a_full_address_needs_nothing_beside_it(api: Client, emulator: Emulator) -> None:
    """The vendor wants the three names as empty texts then."""
    backup = {"backupSourceType": "PullLivePushLive", "backupSourceUrl": "rtmp://a.example.org/1"}
    assert "live source only" in told(FILES | backup)["backupSourceUrl"]
    make(api, BY_ADDRESS)
    made = task(emulator)
    assert (made["ToUrl"], made["DomainName"], made["StreamName"]) == (TARGET, "", "")


def test_r12_lengths_numbers_and_names_are_checked() -> None:
    """In bytes, as the vendor counts."""
    assert failures(LIVE | {"comment": "é" * 257}) == {"comment"}
    assert failures(LIVE | {"comment": "é" * 256}) == set()
    marks = [{"pictureUrl": f"https://a.example.org/{n}.png"} for n in range(5)]
    assert failures(LIVE | {"watermarkList": marks}) == {"watermarkList"}
    assert "does not document" in told(LIVE | {"callbackEvents": ["TaskStarts"]})["callbackEvents"]


def test_r12_what_the_vendor_asks_of_texts_and_pictures_is_told() -> None:
    """As it does not say what it does otherwise, that fails nothing."""
    marks = [{"pictureUrl": f"https://a.example.org/{n}.png"} for n in range(2)]
    apart = [mark | {"location": at} for at, mark in enumerate(marks)]
    assert told(LIVE | {"comment": "晚间新闻 é", "watermarkList": apart}) == {}
    assert told(LIVE | {"comment": "news 🎥", "watermarkList": marks}) == {
        "comment": "should have no emoji or other special characters",
        "watermarkList": "should have each picture in a place of its own",
    }


@pytest.mark.parametrize("rounds", [0, -1, 1, 7])
def test_r13_every_number_of_rounds_can_be_set(
    api: Client, emulator: Emulator, line: Line, rounds: int
) -> None:
    """Terraform crashes, and has no way to say none. It is a text in a creation only."""
    made = make(api, FILES | {"vodLoopTimes": rounds})
    assert line.bodies(CREATE)[0]["VodLoopTimes"] == str(rounds)
    assert (made.state["vodLoopTimes"], task(emulator)["VodLoopTimes"]) == (rounds, rounds)
    assert changes(made, FILES | {"vodLoopTimes": rounds}).changed == set()
    other = make(api, FILES | {"vodLoopTimes": 5, "streamName": "other"})
    edit(api, other, FILES | {"vodLoopTimes": rounds, "streamName": "other"})
    assert line.bodies(MODIFY)[0]["VodLoopTimes"] == rounds


def test_r14_a_playlist_keeps_its_order(api: Client, emulator: Emulator) -> None:
    """In Terraform it is a set."""
    made = make(api, FILES)
    assert task(emulator)["SourceUrls"] == FILES["sourceUrls"]
    swapped = FILES | {"sourceUrls": FILES["sourceUrls"][::-1]}
    assert changes(made, swapped).changed == {"sourceUrls"}


def test_r15_the_order_of_events_is_no_difference(api: Client) -> None:
    """Nor is a repetition, nor are all of them in place of none."""
    made = make(api, LIVE | {"callbackEvents": ["TaskStart", "TaskExit"]})
    again = LIVE | {"callbackEvents": ["TaskExit", "TaskStart", "TaskExit"]}
    assert changes(made, again).changed == set()


def test_r16_what_is_left_out_is_cleared(api: Client, emulator: Emulator, line: Line) -> None:
    """Terraform leaves it at the vendor's. Watermarks are cleared by an empty list."""
    made = make(api, LIVE_FULL)
    left = {
        *("backupToUrl", "backupSourceType", "backupSourceUrl", "watermarkList"),
        *("callbackEvents", "callbackUrl", "comment"),
    }
    news = {name: value for name, value in LIVE_FULL.items() if name not in left}
    assert changes(made, news).replaces == set()
    cleared = edit(api, made, news)
    (sent,) = line.bodies(MODIFY)[1:]
    assert (sent["WatermarkList"], sent["BackupToUrl"], sent["Comment"]) == ([], "", "")
    shown = task(emulator)
    assert (shown["BackupSourceType"], shown["BackupSourceUrl"]) == ("", "")
    assert changes(cleared, news).changed == set()


@pytest.mark.parametrize(
    "name", sorted(set(LIVE_CHANGES) - {"region", "backupVodUrl", "startTime"})
)
def test_r17_what_somebody_else_changes_shows(api: Client, emulator: Emulator, name: str) -> None:
    """Every input that the vendor shows."""
    made = make(api, LIVE_FULL)
    prop = next(prop for prop in PullStreamTask.inputs() if prop.camel == name)
    other = checked(PullStreamTask, LIVE_FULL | {name: LIVE_CHANGES[name]})[name]
    task(emulator)[prop.wire_name] = prop.to_wire(other)
    found = look(api, made)
    assert found is not None
    assert found.inputs[name] == other
    assert changes(found, LIVE_FULL).changed == {name}


def test_r18_what_the_vendor_never_shows_is_kept(
    api: Client,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And an import says which that is."""
    hidden = {"extraCmd": "ignore_region", "fileIndex": 2, "offsetTime": 30}
    files = FILES | hidden | {"backupVodUrl": "https://files.example.org/filler.mp4"}
    for given in (files, BY_ADDRESS):
        made = make(api, given)
        found = look(api, made)
        assert found is not None
        assert found.state.items() >= dict(checked(PullStreamTask, given)).items()
        assert changes(found, given).changed == set()
    plugin_host(emulator, monkeypatch).read(PullStreamTask, made.id, {})
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "the vendor never returns `toUrl`, `fileIndex`, `offsetTime`, `backupVodUrl`" in said


def test_r18_an_import_without_what_the_vendor_never_shows_can_be_used(
    api: Client, emulator: Emulator
) -> None:
    """The engine checks an import, and a failure there reads as a fault of the provider.

    Until the program names the address, the task goes on pushing to it.
    """
    made = make(api, BY_ADDRESS)
    got = lifecycle.get(PullStreamTask, api, made.id)
    again = lifecycle.check(PullStreamTask, got.inputs, got.inputs, NOW)
    assert again.failures == []
    assert {each.property for each in again.cautions} == {"domainName"}
    assert PullStreamTask.from_inputs(PullStreamTask.by_field(again.inputs)).pushes() is None
    news = again.inputs | {"comment": "new"}
    lifecycle.update(PullStreamTask, api, made.id, got.inputs, got.state, news)
    assert (task(emulator)["Comment"], task(emulator)["ToUrl"]) == ("new", TARGET)
    for olds in ({}, LIVE, BY_ADDRESS):
        bad = lifecycle.check(PullStreamTask, olds, got.inputs, NOW).failures
        assert [each.property for each in bad] == ["domainName"]


def test_r18_to_leave_out_where_a_playlist_began_changes_nothing(api: Client) -> None:
    """It was a wish for the first round; a replacement would take the stream off air."""
    made = make(api, FILES_FULL)
    left = {"fileIndex", "offsetTime", "restartTrigger"}
    news = {name: value for name, value in FILES_FULL.items() if name not in left}
    assert changes(made, news).changed == set()


@pytest.mark.parametrize("running", [True, False])
def test_r19_the_wish_for_a_stopped_task_is_met_from_the_creation_on(
    api: Client, emulator: Emulator, running: bool
) -> None:
    """Terraform ignores it there."""
    made = make(api, LIVE | {"running": running})
    assert task(emulator)["Status"] == ("enable" if running else "pause")
    edit(api, made, LIVE | {"running": not running})
    assert task(emulator)["Status"] == ("pause" if running else "enable")


def test_r20_a_trigger_restarts_a_running_task(api: Client, emulator: Emulator, line: Line) -> None:
    """Without a resource of its own, and only when it changes."""
    made = make(api, LIVE | {"restartTrigger": "first"})
    waiting = edit(api, made, LIVE | {"restartTrigger": "second"})
    assert line.bodies(RESTART) == []
    emulator.clock.advance(ON_AIR)
    news = checked(PullStreamTask, LIVE | {"restartTrigger": "third"})
    found = lifecycle.diff(
        PullStreamTask, waiting.inputs, waiting.state, news, emulator.clock.now(), made.id
    )
    assert (found.effect.kind, found.replaces) == ("restarts", set())
    again = edit(api, waiting, LIVE | {"restartTrigger": "third"})
    edit(api, again, LIVE | {"restartTrigger": "third", "comment": "new"})
    assert len(line.bodies(RESTART)) == 1


@pytest.mark.parametrize("wish", [{}, {"running": True}], ids=["no wish", "stale wish"])
def test_r20_a_trigger_leaves_a_paused_task_alone(
    api: Client, emulator: Emulator, line: Line, wish: Inputs
) -> None:
    """Somebody paused it in the console: the vendor refuses to restart what does not run."""
    emulator.clock.advance(ON_AIR)
    made = make(api, LIVE | wish | {"restartTrigger": "first"})
    task(emulator)["Status"] = "pause"
    edit(api, made, LIVE | wish | {"restartTrigger": "second"})
    assert (line.bodies(RESTART), task(emulator)["Status"]) == ([], "pause")


def test_r21_an_update_waits_until_the_task_does_as_it_should(api: Client, line: Line) -> None:
    """A vendor that shows it late is looked at again."""
    made = make(api, LIVE)
    looks = 0

    def late(action: str, go: Go) -> httpx.Response:
        nonlocal looks
        response = go()
        if action != LIST or (looks := looks + 1) > 2:
            return response
        response.read()
        return httpx.Response(200, content=response.content.replace(b'"pause"', b'"enable"'))

    line.meddle = late
    paused = edit(api, made, LIVE | {"running": False})
    assert (paused.state["running"], looks) == (False, 4)


def _never(action: str, go: Go) -> httpx.Response:
    response = go()
    response.read()
    return httpx.Response(200, content=response.content.replace(b'"pause"', b'"enable"'))


def test_r22_a_user_says_how_long_an_operation_may_take(
    api: Client, line: Line, pauses: list[float]
) -> None:
    """Terraform has no such setting."""
    made = make(api, LIVE)
    line.meddle = _never
    with pytest.raises(lifecycle.Unfinished, match="waited"):
        edit(api.within(30), made, LIVE | {"running": False})
    assert sum(pauses) <= 30


def test_r23_nothing_waits_where_nobody_wishes(api: Client, line: Line) -> None:
    """A change of anything but `running` is over with the vendor's answer."""
    made = make(api, LIVE)
    line.sent.clear()
    edit(api, made, LIVE | {"comment": "new"})
    assert [action for action, _ in line.sent] == [MODIFY, LIST]


def test_r24_a_wait_ends_when_the_user_cancels(
    api: Client, line: Line, cancel: threading.Event
) -> None:
    """At once, whatever the vendor shows."""
    made = make(api, LIVE)

    def cancelling(action: str, go: Go) -> httpx.Response:
        if action == MODIFY:
            cancel.set()
        return _never(action, go)

    line.meddle = cancelling
    with pytest.raises((TransportError, WaitError), match="cancelled"):
        edit(api, made, LIVE | {"running": False})


@pytest.mark.parametrize("repeats", [True, False], ids=["same task", "refused"])
@pytest.mark.parametrize("shown", ["at once", "late", "never"])
@pytest.mark.parametrize("given", [LIVE, BY_ADDRESS], ids=["domain", "address"])
def test_r25_a_creation_whose_answer_was_lost_is_certain(
    api: Client, emulator: Emulator, line: Line, repeats: bool, shown: str, given: Inputs
) -> None:
    """By the task's own id: it is found, or sent again without making a second one.

    Whether the vendor answers then with the task or with an error is not documented. Where neither
    tells the id, the list is searched for what was made at that time, as for other vendors.
    """
    emulator.seed({"tencentcloud": {"repeats": repeats}})
    lost = 0

    def lose(action: str, go: Go) -> httpx.Response:
        nonlocal lost
        response = go()
        hidden = {"at once": 0, "late": 1, "never": 2}[shown]
        if action == CREATE and lost == 0:
            lost = 1
            raise httpx.ReadError("gone")
        if action == LIST and 0 < lost <= hidden:
            lost += 1
            return httpx.Response(200, json={"Response": {"TaskInfos": [], "TotalPage": 0}})
        return response

    line.meddle = lose
    made = make(api, given)
    assert made.id == f"{REGION}/{task(emulator)['TaskId']}"
    owns = {body["SpecifyTaskId"] for body in line.bodies(CREATE)}
    assert len(owns) == 1


def test_r25_an_own_id_may_be_given(api: Client, line: Line) -> None:
    """Otherwise it is one that nobody else has."""
    make(api, LIVE | {"specifyTaskId": "mine"})
    for name in ("a", "b"):
        make(api, LIVE | {"streamName": name})
    first, *others = [body["SpecifyTaskId"] for body in line.bodies(CREATE)]
    assert first == "mine"
    assert len(set(others)) == 2


@pytest.mark.parametrize("repeats", [True, False])
def test_r25_an_own_id_recognises_what_a_killed_run_made(
    api: Client, emulator: Emulator, *, repeats: bool
) -> None:
    """Even of a task whose address the vendor never shows. It is refused, or taken over if asked.

    Only what the vendor shows is compared; the address is sent again.
    """
    emulator.seed({"tencentcloud": {"repeats": repeats}})
    given = BY_ADDRESS | {"specifyTaskId": "mine"}
    left = make(api, given)
    with pytest.raises(Duplicate, match='create failed: "ap-guangzhou/118148" has the') as refused:
        make(connect(emulator, PullStreamTask), given)
    assert "`adopt`" in str(refused.value)
    adopting = connect(emulator, PullStreamTask, adoptSame="true")
    assert make(adopting, given).id == left.id
    with pytest.raises(Duplicate):
        make(adopting, given)
    with pytest.raises(Duplicate):
        make(connect(emulator, PullStreamTask, adoptSame="true"), given | {"comment": "other"})
    assert task(emulator)["ToUrl"] == TARGET


def test_r26_a_new_task_that_is_shown_late_is_not_lost(api: Client, emulator: Emulator) -> None:
    """Terraform's creation fails then, and forgets the task."""
    emulator.arm("delay", CREATE, reads=3)
    made = make(api, LIVE)
    assert look(api, made) == made


@pytest.mark.parametrize("operation", [CREATE, LIST, MODIFY, DELETE])
@pytest.mark.parametrize("fault", ["throttle", "fail", "error_in_200", "lose_reply"])
def test_r27_what_passes_is_tried_again_in_every_operation(
    api: Client, emulator: Emulator, operation: str, fault: str
) -> None:
    """A throttling, a proxy's page, the vendor's own trouble, an answer that was lost."""
    emulator.arm(fault, operation, 1 if operation == CREATE else 2)
    made = make(api, LIVE)
    edited = edit(api, made, LIVE | {"comment": "new"})
    assert look(api, edited) == edited
    lifecycle.delete(PullStreamTask, api, made.id, edited.state)
    assert list(emulator.tencentcloud.state.tasks) == []


def test_r28_what_signs_a_push_is_secret() -> None:
    """Terraform marks nothing."""
    given = BY_ADDRESS | {
        "sourceUrls": ["rtmp://play.example.org/live/1?token=a"],
        "pushArgs": "txSecret=b",
        "backupToUrl": "rtmp://push.example.org/live/c",
        "callbackUrl": "https://hooks.example.org/?token=d",
    }
    secrets = lifecycle.secrets_of(PullStreamTask, checked(PullStreamTask, given))
    for name in ("toUrl", "pushArgs", "backupToUrl", "callbackUrl"):
        assert given[name] in secrets
    assert given["sourceUrls"][0] in secrets


def test_r28_a_signature_in_the_name_of_a_stream_is_told() -> None:
    """The console shows both as one, and the state shows the name."""
    given = LIVE | {"streamName": "1?txSecret=5ad1&txTime=70DDD2C0"}
    reason = "has a query, and this input is not secret: use `pushArgs` for it"
    assert told(given) == {"streamName": reason}


def test_r29_no_request_is_logged(
    api: Client, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Terraform logs whole bodies."""
    caplog.set_level(logging.DEBUG)
    made = make(api, BY_ADDRESS)
    edit(api, made, BY_ADDRESS | {"comment": "new"})
    assert "S3CRET" not in caplog.text
    assert KEYS["livepull:tencentcloudSecretKey"] not in caplog.text


def test_r30_a_running_task_says_how_it_is_doing(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """Where nobody tells, it is only missing; a task that waits is not asked about."""
    made = make(api, FILES_FULL)
    look(api, made)
    assert line.bodies(STATUS) == []
    emulator.clock.advance(ON_AIR)
    found = look(api, made)
    assert found is not None
    assert found.state["runStatus"] == "active"
    assert found.state["fileUrl"] == "https://files.example.org/1.mp4"
    assert found.state["nextFileUrl"] == "https://files.example.org/2.mp4"
    assert found.state["reportTime"] == "2030-01-01T13:30:00Z"
    assert (found.state["playedTime"], found.state["offsetTime"]) == (0, 30)
    emulator.arm("deny", STATUS, 10)
    less = look(api, made)
    assert less is not None
    assert "runStatus" not in less.state


def test_r30_a_new_task_says_so_at_once(api: Client, emulator: Emulator) -> None:
    """A program that exports an output would have it only after a refresh."""
    waiting = make(api, FILES_FULL)
    assert waiting.state["runStatus"] == "inactive"
    emulator.clock.advance(ON_AIR)
    made = make(api, FILES_FULL | {"streamName": "other"})
    assert made.state["fileUrl"] == "https://files.example.org/1.mp4"
    assert look(api, made) == made


def test_r31_the_newer_fields_are_there(api: Client, line: Line) -> None:
    """All that the newest SDK has."""
    newer = {
        "backupToUrl": "rtmp://push.example.org/live/2",
        "recordTemplateId": "7",
        "transcodeTemplateName": "hd",
        "vodLocalMode": 1,
        "specifyTaskId": "mine",
    }
    late = {"backupVodUrl": "https://files.example.org/filler.mp4"}
    make(api, FILES | newer | late)
    (body,) = line.bodies(CREATE)
    for name, value in newer.items():
        assert body[name[:1].upper() + name[1:]] == value
    assert line.bodies(MODIFY)[0]["BackupVodUrl"] == late["backupVodUrl"]
    picture = {"sourceType": "PullPicPushLive", "sourceUrls": ["https://a.example.org/1.png"]}
    make(api, LIVE | picture | {"streamName": "picture"})


@pytest.mark.parametrize("name", ["toUrl", "backupToUrl", "pushArgs"])
def test_r32_a_signature_that_ends_too_early_is_told(name: str) -> None:
    """`txTime` is until when a push may begin."""
    base = BY_ADDRESS if name == "toUrl" else LIVE
    address = "" if name == "pushArgs" else "rtmp://push.example.org/live/1?"
    for until, warned in (("2030-01-02T11:59:59Z", True), ("2030-01-02T12:00:00Z", False)):
        _, sign = registry.find_function("livepull:tencentcloud:signPushUrl")
        push = {"pushUrl": "rtmp://push.example.org/live/1", "key": "k", "expires": until}
        arguments = sign.answer(push, lambda: pytest.fail("nothing is sent"))["pushArgs"]
        said = told(base | {name: f"{address}{arguments}"})
        assert ("is signed only until" in said.get(name, "")) is warned


def test_r33_two_tasks_for_one_stream_are_told() -> None:
    """Also if one names it by domain, app and stream, and one by its address."""
    stack = Conflicts()

    def add(name: str, given: Inputs) -> list[str]:
        return stack.add(name, name, PullStreamTask.from_inputs(_by_field(given)))

    assert add("one", LIVE) == []
    assert add("other", LIVE | {"streamName": "other"}) == []
    (by_name,) = add("two", LIVE)
    address = BY_ADDRESS | {"toUrl": "rtmp://push.example.com/live/1?txSecret=1"}
    by_address = add("three", address)
    assert "pushes to the same stream at the same time as" in by_name
    assert len(by_address) == 2


def _by_field(given: Inputs) -> dict[str, Any]:
    return PullStreamTask.by_field(checked(PullStreamTask, given))


@pytest.mark.parametrize(
    "url",
    ["rtmp://10.0.0.1/live/1", "http://localhost/1.mp4", "rtmp://192.168.1.7/1", "http://[::1]/1"],
)
def test_r34_a_private_source_is_refused(url: str) -> None:
    """The vendor blocks accounts for one."""
    found = lifecycle.check(PullStreamTask, {}, LIVE | {"sourceUrls": [url]}, NOW)
    assert [bad.reason for bad in found.failures] == [
        "is a private address: the vendor blocks accounts that pull from one"
    ]
    assert isinstance(found.failures[0], Failure)


@pytest.mark.parametrize(
    ("given", "change"),
    [
        (LIVE, {"comment": "new"}),
        (LIVE_FULL, {"sourceUrls": ["rtmp://play.example.org/live/2"]}),
        (FILES_FULL, {"sourceUrls": ["https://files.example.org/9.mp4"] * 2, "vodLoopTimes": 0}),
    ],
    ids=["least", "live", "files"],
)
def test_r35_a_task_is_made_changed_and_imported(
    api: Client, emulator: Emulator, given: Inputs, change: Inputs
) -> None:
    """After an import, what is asked for differs in nothing but what the vendor never shows, and
    the wish that it runs, which nothing shows to be one."""
    edited = edit(api, make(api, given), {**given, **change})
    found = lifecycle.get(PullStreamTask, connect(emulator, PullStreamTask), edited.id)
    assert {name: found.state[name] for name in change} == change
    hidden = {prop.camel for prop in PullStreamTask.inputs() if prop.has(Trait.WRITE_ONLY)}
    assert changes(found, edited.inputs).changed <= {*hidden, "running"}


def test_r36_a_task_that_disappeared_is_made_again_and_then_nothing_changes(
    api: Client, emulator: Emulator
) -> None:
    """Whether a refresh, a deletion or an update finds that it is gone."""
    made = make(api, LIVE)
    emulator.tencentcloud.state.tasks.remove(made.id.partition("/")[2])
    lifecycle.delete(PullStreamTask, api, made.id, made.state)
    with pytest.raises(NotFound, match="update failed"):
        edit(api, made, LIVE | {"comment": "new"})
    assert look(api, made) is None
    again = make(api, LIVE)
    assert again.id != made.id
    assert look(api, again) == again
    assert changes(again, LIVE).changed == set()


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("deny", "AuthFailure.UnauthorizedOperation"),
        ("domain", "InternalError.PushDomainNoRecord"),
        ("limit", "InvalidParameter.TaskNumMoreThanLimit"),
    ],
)
def test_r36_what_the_vendor_refuses_is_told_and_leaves_nothing(
    api: Client, emulator: Emulator, fault: str, says: str
) -> None:
    """With the vendor's code and what to do next."""
    if fault == "deny":
        emulator.arm("deny", CREATE)
    else:
        seeds = {"domain": {"domains": ["other.example.com"]}, "limit": {"limit_task_num": 0}}
        emulator.seed({"tencentcloud": seeds[fault]})
    with pytest.raises(LivePullError, match=f"create failed: {says}") as refused:
        make(api, LIVE)
    assert refused.value.hint
    assert list(emulator.tencentcloud.state.tasks) == []


def test_r37_a_task_lives_without_an_account_or_a_way_out(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over HTTP to the emulator, where no other address can be reached."""
    connect_to = socket.socket.connect

    def reach(own: socket.socket, address: Any) -> None:
        assert address[0] in ("127.0.0.1", "::1"), address
        connect_to(own, address)

    monkeypatch.setattr(socket.socket, "connect", reach)
    with running(emulator) as url, httpx.HTTPTransport() as transport:
        config = KEYS | {"livepull:tencentcloudEndpoint": url}
        api = VENDOR.client(config, {}, transport=transport)
        made = make(api, LIVE)
        edited = edit(api, made, LIVE | {"comment": "new"})
        assert look(api, edited) == edited
        lifecycle.delete(PullStreamTask, api, made.id, edited.state)
        assert look(api, edited) is None


def test_r38_the_example_of_the_reference_works(api: Client) -> None:
    """Terraform's has placeholders, and an end that is its start."""
    by_field = {prop.name: prop.camel for prop in PullStreamTask.inputs()}
    make(api, {by_field[name]: value for name, value in PullStreamTask.example.items()})


def test_r39_all_that_was_left_behind_can_be_deleted(api: Client, emulator: Emulator) -> None:
    """Terraform's clean-up sees the first page only."""
    for n in range(25):
        make(api, LIVE | {"streamName": str(n)})
    for found in list(lifecycle.find_all(PullStreamTask, api, {})):
        lifecycle.delete(PullStreamTask, api, found.id, found.state)
    assert list(emulator.tencentcloud.state.tasks) == []


# The template and the rule.


def test_template_its_key_is_secret_and_everything_can_be_cleared(
    api: Client, emulator: Emulator
) -> None:
    """Terraform shows the key, clears nothing and lacks the newer addresses."""
    inputs = checked(CallbackTemplate, TEMPLATE_FULL)
    assert lifecycle.secrets_of(CallbackTemplate, inputs) == [KEY]
    made = lifecycle.create(CallbackTemplate, api, inputs)
    assert made.state["templateId"] == int(made.id)
    hidden = {"recordStatusNotifyUrl": TEMPLATE_FULL["recordStatusNotifyUrl"]}
    least = checked(CallbackTemplate, TEMPLATE_SMALLEST | hidden)
    state = lifecycle.update(CallbackTemplate, api, made.id, inputs, made.state, least)
    assert lifecycle.diff(CallbackTemplate, least, state, least, NOW).changed == set()
    (left,) = emulator.tencentcloud.state.templates
    assert {name for name, value in left.items() if value} == {
        *("TemplateId", "TemplateName", "RecordNotifyUrl", "RecordStatusNotifyUrl"),
        "RecordExceptionLevels",
    }


def test_template_an_import_that_shows_no_address_can_be_used(
    api: Client, emulator: Emulator
) -> None:
    """Its only address may be one that the vendor never shows, or the deprecated one."""
    hidden = {"templateName": "hidden", "recordStatusNotifyUrl": "https://hooks.example.org/"}
    made = lifecycle.create(CallbackTemplate, api, checked(CallbackTemplate, hidden))
    got = lifecycle.get(CallbackTemplate, api, made.id).inputs
    assert lifecycle.check(CallbackTemplate, got, got, NOW).failures == []
    assert lifecycle.check(CallbackTemplate, {}, got, NOW).failures != []


def test_template_a_second_one_is_refused_and_interrupts_nothing(
    api: Client, emulator: Emulator, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it is there before or another run makes it meanwhile."""
    inputs = checked(CallbackTemplate, TEMPLATE_SMALLEST)
    made = lifecycle.create(CallbackTemplate, api, inputs)
    other = connect(emulator, CallbackTemplate)
    with pytest.raises(Duplicate) as refused:
        lifecycle.create(CallbackTemplate, other, inputs)
    assert f'"{made.id}" already does the same\n' in str(refused.value)

    def twice(action: str, go: Go) -> httpx.Response:
        if action == "CreateLiveCallbackTemplate":
            go()
        return go()

    line.meddle = twice
    lifecycle.create(CallbackTemplate, api, inputs | {"templateName": "other"})
    (warning,) = caplog.messages
    assert "does the same: another run" in warning


def test_template_one_that_a_rule_binds_is_not_deleted(api: Client) -> None:
    """And the message says what to do first."""
    made = lifecycle.create(CallbackTemplate, api, checked(CallbackTemplate, TEMPLATE_SMALLEST))
    rule = checked(CallbackRule, RULE_INPUTS | {"templateId": made.id})
    bound = lifecycle.create(CallbackRule, api, rule)
    with pytest.raises(Exception, match="Delete the callback rules of this template first"):
        lifecycle.delete(CallbackTemplate, api, made.id, made.state)
    lifecycle.delete(CallbackRule, api, bound.id, bound.state)
    lifecycle.delete(CallbackTemplate, api, made.id, made.state)


def test_rule_two_of_one_domain_are_two(api: Client) -> None:
    """Terraform's id has no app, so they are taken for one."""
    ids = [
        lifecycle.create(
            CallbackRule, api, checked(CallbackRule, RULE_INPUTS | {"appName": app})
        ).id
        for app in ("live", "other")
    ]
    assert ids == ["push.example.com/live", "push.example.com/other"]
    for one in ids:
        lifecycle.delete(CallbackRule, api, one, {})
        lifecycle.delete(CallbackRule, api, one, {})  # Terraform crashes at the second.


def test_rule_one_that_is_there_is_taken_over_by_its_id(api: Client) -> None:
    """The refusal says so; with another template it has to be deleted."""
    made = lifecycle.create(CallbackRule, api, checked(CallbackRule, RULE_INPUTS))
    with pytest.raises(Exception, match=r'set `adopt` to "push\.example\.com/live"'):
        lifecycle.create(CallbackRule, api, checked(CallbackRule, RULE_INPUTS))
    adopted = checked(CallbackRule, RULE_INPUTS | {"adopt": made.id})
    assert lifecycle.create(CallbackRule, api, adopted).id == made.id
    other = checked(CallbackRule, RULE_INPUTS | {"adopt": made.id, "templateId": 7})
    with pytest.raises(Exception, match="differs in what cannot change: templateId"):
        lifecycle.create(CallbackRule, api, other)


def test_rule_its_times_are_those_of_beijing(api: Client) -> None:
    """Which the vendor shows without an offset."""
    made = lifecycle.create(CallbackRule, api, checked(CallbackRule, RULE_INPUTS))
    assert made.state["createTime"] == "2030-01-01T12:00:00Z"
