"""create makes no duplicate of a task that a killed run or someone else created."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.traits import Immutable, Secret, WriteOnly
from pulumi_livepull.core.types import Url
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import Duplicate, TransportError
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.conformance.cases.volcengine import SOURCE
from tests.core.conftest import Go, Line
from tests.core.samples import FILES, LIVE, REGION, Inputs, checked, project_of, tasks
from tests.hosting import KEYS, connect

SHOWN = {
    "region": REGION,
    "create_time": "",
    "source_type": LIVE["sourceType"],
    "source_urls": LIVE["sourceUrls"],
    "destination_url": LIVE["destinationUrl"],
}
"""The wire form of `LIVE`, as a list shows it."""


def make(api: Client, given: Inputs) -> lifecycle.Found:
    """Create a resource from checked inputs."""
    return lifecycle.create(PullTask, api, checked(PullTask, given))


def operations(emulator: Emulator) -> list[str]:
    """Return the operations that the emulator received, without project lookups."""
    asked = [str(entry.operation) for entry in emulator.journal]
    return [each for each in asked if each != "KeystoneListProjects"]


def test_one_that_a_killed_run_left_is_refused_by_its_id(api: Client, emulator: Emulator) -> None:
    """Nothing is sent, and the message lists all options."""
    left = make(connect(emulator), LIVE)
    emulator.journal.clear()
    with pytest.raises(Duplicate) as refused:
        make(api, LIVE)
    assert str(refused.value) == (
        f'huaweicloud.PullTask create failed: "{left.id}" already does the same, and a second one '
        "would interrupt it\n"
        "Set `adopt` to that id to adopt it, as after a run that was killed "
        "(livepull:adoptSame does so for all), or delete it. If it is in this stack under another "
        "name, set the option `aliases`; if you want to replace it, set `deleteBeforeReplace`."
    )
    assert operations(emulator) == ["ListPullTasks", "ListPullTasks"]


def test_one_that_does_what_is_wanted_and_more_is_the_same(api: Client, emulator: Emulator) -> None:
    """Inputs that are omitted do not matter: it pushes the same source to the same stream."""
    make(connect(emulator), FILES | {"vodLoopTime": 3, "running": False})
    with pytest.raises(Duplicate, match="already does the same"):
        make(api, FILES | {"running": True})
    assert len(tasks(emulator)) == 1


@pytest.mark.parametrize(
    "differs",
    [
        {"sourceUrls": ["rtmp://play.example.com/live/two"]},
        {"destinationUrl": "rtmp://push.example.com/live/two"},
        {"startTime": "2030-01-03T12:00:00Z", "endTime": "2030-01-04T12:00:00Z"},
    ],
    ids=["source", "destination", "time"],
)
def test_one_that_differs_is_not_an_obstacle(
    api: Client, emulator: Emulator, differs: Inputs
) -> None:
    """Another source, another stream or another day is another task."""
    make(connect(emulator), LIVE)
    make(api, LIVE | differs)
    assert len(tasks(emulator)) == 2


class Hidden(PullTask, token=PullTask.token):
    """A relay whose full address the vendor never shows."""

    destination_url: Immutable[WriteOnly[Secret[Url | None]]] = None


def test_one_whose_destination_nobody_sees_is_not_an_obstacle(
    api: Client, emulator: Emulator
) -> None:
    """It may push the same source elsewhere, as a relay to several platforms does."""
    other = {"destinationUrl": "rtmp://push.example.com/live/two"}
    lifecycle.create(Hidden, connect(emulator), checked(Hidden, LIVE))
    lifecycle.create(Hidden, api, checked(Hidden, LIVE | other))
    assert len(tasks(emulator)) == 2
    visible = {"domain": "push.example.com", "appName": "live", "streamName": "three"}
    by_domain = {**LIVE, "destinationUrl": "", **visible}
    lifecycle.create(Hidden, connect(emulator), checked(Hidden, by_domain))
    with pytest.raises(Duplicate):
        lifecycle.create(Hidden, connect(emulator), checked(Hidden, by_domain))


def test_one_that_ended_is_not_an_obstacle(api: Client, emulator: Emulator) -> None:
    """It no longer pushes."""
    make(connect(emulator), LIVE | {"endTime": "2030-01-02T12:00:00Z"})
    emulator.clock.advance(timedelta(days=2))
    make(api, LIVE)
    assert len(tasks(emulator)) == 2


def test_one_that_was_deleted_meanwhile_is_not_an_obstacle(api: Client, emulator: Emulator) -> None:
    """The list of the run may be outdated, so a match is read again."""
    left = make(connect(emulator), LIVE)
    make(api, FILES)
    emulator.huaweicloud.state.projects[project_of(emulator)].tasks.remove(left.state["taskId"])
    make(api, LIVE)
    assert len(tasks(emulator)) == 2


def test_one_that_this_run_deleted_is_not_an_obstacle_even_if_it_still_shows(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """A task is deleted before its replacement is created, and a list may lag behind."""
    old = make(connect(emulator), LIVE)
    lifecycle.delete(PullTask, api, old.id, old.state)
    shown = SHOWN | {"task_id": old.state["taskId"]}
    line.change("GET", lambda reply: reply | {"task_infos": [*reply["task_infos"], shown]})
    new = make(api, LIVE)
    assert [task["task_id"] for task in tasks(emulator)] == [new.state["taskId"]]


def test_a_run_may_make_two_of_the_same(api: Client, emulator: Emulator) -> None:
    """The program contains it twice, and the preview warns about the conflict."""
    make(api, LIVE)
    make(api, LIVE)
    assert len(tasks(emulator)) == 2


def test_of_two_of_the_same_the_second_is_found_after_a_lost_answer(
    api: Client, emulator: Emulator
) -> None:
    """The first is already in the stack."""
    first = make(api, LIVE)
    emulator.arm("lose_reply", "CreatePullTask")
    second = make(api, LIVE)
    assert [task["task_id"] for task in tasks(emulator)] == [
        first.state["taskId"],
        second.state["taskId"],
    ]


def test_what_was_deleted_and_has_its_id_again_is_found_after_a_lost_answer(
    emulator: Emulator,
) -> None:
    """If the id is a key, the deleted and the new resource have the same id."""
    api = connect(emulator, RelaySource)
    given = checked(RelaySource, SOURCE)
    old = lifecycle.create(RelaySource, api, given)
    lifecycle.delete(RelaySource, api, old.id, old.state)
    emulator.arm("lose_reply", "CreateRelaySourceV4")
    assert lifecycle.create(RelaySource, api, given).id == old.id


def test_one_look_serves_all_creations_of_a_run(api: Client, emulator: Emulator) -> None:
    """Otherwise, hundreds of creates would each read a long list."""
    for number in range(3):
        make(api, LIVE | {"destinationUrl": f"rtmp://push.example.com/live/{number}"})
    made = ["CreatePullTask", "ListPullTasks"]
    assert operations(emulator) == ["ListPullTasks", *made * 3]


def test_without_a_look_nothing_is_created_and_the_next_try_looks_again(
    api: Client, emulator: Emulator
) -> None:
    """Without the list, it is unknown whether a duplicate exists."""
    emulator.arm("garble", "ListPullTasks", 6)
    with pytest.raises(TransportError, match="create failed: unreadable answer"):
        make(api, LIVE)
    assert tasks(emulator) == []
    make(api, LIVE)
    assert len(tasks(emulator)) == 1


# Two runs at the same time.


def make_meanwhile(emulator: Emulator, line: Line) -> list[str]:
    """Let a colleague create the same task just before ours. The returned list then contains its
    id."""
    made: list[str] = []

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST":
            made.append(make(connect(emulator), LIVE).id)
        return go()

    line.meddle = meddle
    return made


def there(emulator: Emulator) -> set[str]:
    """Return every id at the vendor's, with the region."""
    return {f"{REGION}/{task['task_id']}" for task in tasks(emulator)}


def test_a_duplicate_of_another_run_is_named_and_nothing_is_deleted(
    api: Client, emulator: Emulator, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither run saw the other's task before. Deleting one could leave nothing on air."""
    colleague = make_meanwhile(emulator, line)
    made = make(api, LIVE)
    assert there(emulator) == {made.id, *colleague}
    assert caplog.messages == [
        f'huaweicloud.PullTask {made.id} was created, but "{colleague[0]}" does the same, and they '
        "will interrupt each other: another run created it at the same time, or the request "
        "arrived twice. Delete it, or, if another stack manages it, remove this one from the "
        "program"
    ]


def test_a_request_that_arrives_twice_is_reported(
    api: Client, emulator: Emulator, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """A proxy may repeat a request; the answer names one of the two tasks."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST":
            go()
        return go()

    line.meddle = meddle
    made = make(api, LIVE)
    (other,) = there(emulator) - {made.id}
    assert f'"{other}" does the same' in caplog.text


def test_what_a_colleague_made_and_took_back_is_not_a_duplicate(
    api: Client, emulator: Emulator, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """A list may lag behind, so a match is read again."""
    gone = make(connect(emulator), LIVE)
    lifecycle.delete(PullTask, connect(emulator), gone.id, gone.state)
    shown = SHOWN | {"task_id": gone.state["taskId"]}

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        response = go()
        if request.method != "GET" or not line.bodies("POST") or "task_id" in request.url.params:
            return response
        response.read()
        listed = response.json()["task_infos"]
        return httpx.Response(200, json={"task_infos": [*listed, shown], "total": 2})

    line.meddle = meddle
    made = make(api, LIVE)
    assert caplog.messages == []
    assert [task["task_id"] for task in tasks(emulator)] == [made.state["taskId"]]


def test_two_of_one_program_are_made_one_after_the_other(
    emulator: Emulator, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """They conflict, as the preview warns, but neither is mistaken for somebody else's."""
    both = threading.Barrier(2)

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        response = go()
        if request.method == "POST":
            with suppress(threading.BrokenBarrierError):
                both.wait(0.2)
        return response

    line.meddle = meddle
    api = VENDORS[0].client(KEYS, {}, transport=line, clock=emulator.clock.now)
    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(lambda _: make(api, LIVE).id, range(2)))
    assert both.broken, "both were on their way at one time"
    assert made == there(emulator)
    assert caplog.messages == []


def test_a_long_list_is_not_read_for_every_creation(
    api: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise, each create would wait for all its pages."""
    monkeypatch.setattr("pulumi_livepull.core.lifecycle.duplicates.ONE_PAGE", 3)
    for number in range(5):
        make(api, LIVE | {"destinationUrl": f"rtmp://push.example.com/live/{number}"})
    looks = [entry.query for entry in emulator.journal if entry.operation == "ListPullTasks"]
    assert ["task_id" in look for look in looks] == [False] * 4 + [True] * 2


def test_a_list_that_is_older_than_the_new_thing_proves_nothing(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """It does not contain the new resource, which is read on its own."""

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        is_list = request.method == "GET" and "projects" not in request.url.path
        if not is_list or "task_id" in request.url.params:
            return go()
        return httpx.Response(200, json={"task_infos": [], "total": 0})

    line.meddle = meddle
    made = make(api, LIVE)
    assert made.state["taskId"] == tasks(emulator)[0]["task_id"]
