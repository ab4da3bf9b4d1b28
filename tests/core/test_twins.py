"""create makes no second one of what is there: a run that was killed left it, or someone else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import twins
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ConfigError, Denied, TransportError, Unfinished
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
    """Create what checked inputs say."""
    return lifecycle.create(PullTask, api, checked(PullTask, given))


def operations(emulator: Emulator) -> list[str]:
    """Return what the emulator was asked, without what leads there."""
    asked = [str(entry.operation) for entry in emulator.journal]
    return [each for each in asked if each != "KeystoneListProjects"]


def test_one_that_a_killed_run_left_is_refused_by_its_id(api: Client, emulator: Emulator) -> None:
    """Nothing is sent, and the message says each way to go on."""
    left = make(connect(emulator), LIVE)
    emulator.journal.clear()
    with pytest.raises(ConfigError) as refused:
        make(api, LIVE)
    assert str(refused.value) == (
        f'huaweicloud.PullTask create failed: "{left.id}" is the same already, and two would '
        "interrupt one another\n"
        "Set `adopt` to that id to take it over, as after a run that was killed "
        "(livepull:adoptSame does so for all), or delete it. If it is in this stack under another "
        "name, set the option `aliases`; if it is to be replaced, `deleteBeforeReplace`."
    )
    assert operations(emulator) == ["ListPullTasks", "ListPullTasks"]


def test_one_that_does_what_is_wanted_and_more_is_the_same(api: Client, emulator: Emulator) -> None:
    """What the inputs leave open makes no other thing of it: it pushes the same to the same."""
    make(connect(emulator), FILES | {"vodLoopTime": 3, "running": False})
    with pytest.raises(ConfigError, match="is the same already"):
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
def test_one_that_differs_is_no_obstacle(api: Client, emulator: Emulator, differs: Inputs) -> None:
    """Another source, another stream or another day is another task."""
    make(connect(emulator), LIVE)
    make(api, LIVE | differs)
    assert len(tasks(emulator)) == 2


def test_one_that_ended_is_no_obstacle(api: Client, emulator: Emulator) -> None:
    """It pushes no more."""
    make(connect(emulator), LIVE | {"endTime": "2030-01-02T12:00:00Z"})
    emulator.clock.advance(timedelta(days=2))
    make(api, LIVE)
    assert len(tasks(emulator)) == 2


def test_one_that_was_deleted_meanwhile_is_no_obstacle(api: Client, emulator: Emulator) -> None:
    """The look that serves the whole run may be old, so that a match is looked at again."""
    left = make(connect(emulator), LIVE)
    make(api, FILES)
    emulator.huaweicloud.state.projects[project_of(emulator)].tasks.remove(left.state["taskId"])
    make(api, LIVE)
    assert len(tasks(emulator)) == 2


def test_one_that_this_run_deleted_is_no_obstacle_even_if_it_still_shows(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """A task is deleted before its replacement is made, and a list may lag behind."""
    old = make(connect(emulator), LIVE)
    lifecycle.delete(PullTask, api, old.id, old.state)
    shown = SHOWN | {"task_id": old.state["taskId"]}
    line.change("GET", lambda reply: reply | {"task_infos": [*reply["task_infos"], shown]})
    new = make(api, LIVE)
    assert [task["task_id"] for task in tasks(emulator)] == [new.state["taskId"]]


def test_a_run_may_make_two_of_the_same(api: Client, emulator: Emulator) -> None:
    """The preview has warned that they fight, and the program says so twice."""
    make(api, LIVE)
    make(api, LIVE)
    assert len(tasks(emulator)) == 2


def test_of_two_of_the_same_the_second_is_found_after_a_lost_answer(
    api: Client, emulator: Emulator
) -> None:
    """The first has its place in the stack."""
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
    """Where an id is a key, what this run deleted and what it made have the same."""
    api = connect(emulator, RelaySource)
    given = checked(RelaySource, SOURCE)
    old = lifecycle.create(RelaySource, api, given)
    lifecycle.delete(RelaySource, api, old.id, old.state)
    emulator.arm("lose_reply", "CreateRelaySourceV4")
    assert lifecycle.create(RelaySource, api, given).id == old.id


def test_one_look_serves_all_creations_of_a_run(api: Client, emulator: Emulator) -> None:
    """Hundreds of tasks are made, and a list of hundreds is long."""
    for number in range(3):
        make(api, LIVE | {"destinationUrl": f"rtmp://push.example.com/live/{number}"})
    made = ["CreatePullTask", "ListPullTasks"]
    assert operations(emulator) == ["ListPullTasks", *made * 3]


def test_without_a_look_nothing_is_made_and_the_next_try_looks_again(
    api: Client, emulator: Emulator
) -> None:
    """Nobody could tell whether there is one already."""
    emulator.arm("garble", "ListPullTasks", 6)
    with pytest.raises(TransportError, match="create failed: unreadable answer"):
        make(api, LIVE)
    assert tasks(emulator) == []
    make(api, LIVE)
    assert len(tasks(emulator)) == 1


# Two runs at the same time.


def make_meanwhile(emulator: Emulator, line: Line) -> list[str]:
    """Let a colleague make the same just before ours is made; the list then holds its id."""
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


def test_who_sees_the_other_gives_way(api: Client, emulator: Emulator, line: Line) -> None:
    """A look beforehand shows neither to the other, so there is one afterwards, too."""
    colleague = make_meanwhile(emulator, line)
    with pytest.raises(ConfigError) as told:
        make(api, LIVE)
    assert there(emulator) == {*colleague}
    assert str(told.value) == (
        f'huaweicloud.PullTask create failed: "{colleague[0]}" was made at the same time and is '
        "the same, so the new one was deleted again\n"
        "Run it again to see whether that one stayed. Set `adopt` to that id to take it over, as "
        "after a run that was killed (livepull:adoptSame does so for all), or delete it. If it is "
        "in this stack under another name, set the option `aliases`; if it is to be replaced, "
        "`deleteBeforeReplace`."
    )


def test_where_each_sees_the_other_neither_stays(emulator: Emulator) -> None:
    """Nothing is doubled and nothing is lost: both are told, and who runs first again makes it."""
    together = threading.Barrier(2, timeout=60)

    def run(_: int) -> str:
        line = Line(emulator)
        api = VENDORS[0].client(KEYS, {}, transport=line, clock=emulator.clock.now)
        waits = ["POST", "GET", "DELETE"]  # Neither goes on until the other is there, too.

        def meddle(request: httpx.Request, go: Go) -> httpx.Response:
            if line.bodies("POST") and request.method == waits[0]:
                waits.pop(0)
                together.wait()
            return go()

        line.meddle = meddle
        with pytest.raises(ConfigError) as told:
            make(api, LIVE)
        return str(told.value)

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(run, range(2)))
    assert all("was made at the same time" in told for told in said)
    assert there(emulator) == set()
    make(connect(emulator), LIVE)


def test_who_cannot_take_it_back_says_so_and_keeps_it(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """What exists may not be lost from the state."""
    colleague = make_meanwhile(emulator, line)
    emulator.arm("deny", "DeletePullTask")
    with pytest.raises(Unfinished) as told:
        make(api, LIVE)
    kept = told.value.found
    assert kept.id == f"{REGION}/{kept.state['taskId']}"
    assert there(emulator) == {kept.id, *colleague}
    assert str(told.value).startswith(
        f'huaweicloud.PullTask {kept.id} was made, but so was "{colleague[0]}", which is the '
        "same: APIG.0306"
    )


def test_what_a_colleague_made_and_took_back_is_no_twin(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """A list may lag behind: what it shows is looked at again."""
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
    assert [task["task_id"] for task in tasks(emulator)] == [made.state["taskId"]]


def test_a_cancelled_run_gives_way_too(emulator: Emulator, line: Line) -> None:
    """What was made stays when the run has ended, and so would two."""
    cancel = threading.Event()
    api = VENDORS[0].client(KEYS, {}, transport=line, clock=emulator.clock.now, cancel=cancel)
    colleague: list[str] = []

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "POST":
            colleague.append(make(connect(emulator), LIVE).id)
            cancel.set()
        return go()

    line.meddle = meddle
    with pytest.raises(ConfigError, match="was made at the same time"):
        make(api, LIVE)
    assert there(emulator) == {*colleague}


def test_who_finds_their_own_gone_has_given_way(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """Somebody may tidy up in between."""
    colleague = make_meanwhile(emulator, line)
    meanwhile = line.meddle

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if request.method == "DELETE":
            go()
        return meanwhile(request, go)

    line.meddle = meddle
    with pytest.raises(ConfigError, match="was made at the same time"):
        make(api, LIVE)
    assert there(emulator) == {*colleague}


def test_two_of_one_program_are_made_one_after_the_other(emulator: Emulator, line: Line) -> None:
    """They fight, of which the preview warns, but neither is taken for somebody else's."""
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


def test_creations_at_once_share_their_looks(
    emulator: Emulator, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one looks, the others gather, and are content with one look more."""
    api = VENDORS[0].client(KEYS, {}, transport=line, clock=emulator.clock.now)
    come, together = threading.Semaphore(0), api.together

    def counted(*given: Any) -> Any:
        come.release()
        return together(*given)

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        if len(line.bodies("POST")) == 16 and request.method == "GET":
            for _ in range(16):
                assert come.acquire(timeout=60)
            come.release(16)
        return go()

    def one(number: int) -> None:
        make(api, LIVE | {"destinationUrl": f"rtmp://push.example.com/live/{number}"})

    monkeypatch.setattr(api, "together", counted)
    posted = threading.Barrier(16, timeout=60)
    line.meddle = lambda request, go: (
        (go(), posted.wait())[0] if request.method == "POST" else meddle(request, go)
    )
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(16)))
    assert len(tasks(emulator)) == 16
    assert operations(emulator).count("ListPullTasks") < 8


def test_a_long_list_is_not_read_again_for_every_creation(
    api: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each creation would wait for all of its pages."""
    monkeypatch.setattr(twins, "AFFORDABLE", 3)
    for number in range(5):
        make(api, LIVE | {"destinationUrl": f"rtmp://push.example.com/live/{number}"})
    looks = [entry.query for entry in emulator.journal if entry.operation == "ListPullTasks"]
    assert ["task_id" in look for look in looks] == [False] * 4 + [True] * 2


def test_what_was_only_found_is_never_deleted(api: Client, emulator: Emulator, line: Line) -> None:
    """A list that lags shows the colleague's and not ours: it is no proof whose is whose."""
    colleague: list[str] = []
    looks = 0

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        nonlocal looks
        if request.method == "POST":
            colleague.append(make(connect(emulator), LIVE).id)
            go()
            raise httpx.ReadError("reset")
        response = go()
        if not colleague or "projects" in request.url.path or "task_id" in request.url.params:
            return response
        looks += 1
        response.read()
        shown = response.json()["task_infos"]
        if looks == 1:
            shown = [each for each in shown if colleague[0].endswith(each["task_id"])]
        return httpx.Response(200, json={"task_infos": shown, "total": len(shown)})

    line.meddle = meddle
    with pytest.raises(ConfigError, match="the answer was lost that tells which") as told:
        make(api, LIVE)
    assert len(there(emulator)) == 2
    assert all(each in str(told.value) for each in there(emulator))


def test_a_list_that_is_older_than_the_new_thing_is_read_again(
    api: Client, emulator: Emulator, line: Line
) -> None:
    """It lacks what was made just now, and so it may lack the other's, too."""
    colleague = make_meanwhile(emulator, line)
    meanwhile = line.meddle
    looks = 0

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        nonlocal looks
        response = meanwhile(request, go)
        if request.method != "GET" or not line.bodies("POST"):
            return response
        looks += 1
        return httpx.Response(200, json={"task_infos": [], "total": 0}) if looks < 3 else response

    line.meddle = meddle
    with pytest.raises(ConfigError, match="was made at the same time"):
        make(api, LIVE)
    assert there(emulator) == {*colleague}
    assert [pause for pause in line.pauses if pause in {0.2, 0.5, 1.0, 2.0}] == [0.2, 0.5]


def test_that_nobody_could_look_is_told(
    api: Client, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """The task is there and stays, but it may be one of two."""
    emulator.arm("deny", "CreatePullTask")
    with pytest.raises(Denied):
        make(api, FILES)
    emulator.arm("deny", "ListPullTasks")
    made = make(api, LIVE)
    assert there(emulator) == {made.id}
    assert (
        f"huaweicloud.PullTask {made.id}: nobody could look whether another run made the same: "
        "APIG.0306"
    ) in caplog.text


def test_an_operation_that_is_out_of_time_looks_all_the_same(
    emulator: Emulator, line: Line
) -> None:
    """As one that is cancelled does."""
    api = (
        VENDORS[0]
        .client(
            KEYS,
            {},
            transport=line,
            clock=emulator.clock.now,
            pause=line.pauses.append,
            monotonic=lambda: sum(line.pauses),
        )
        .within(30)
    )
    colleague = make_meanwhile(emulator, line)
    meanwhile = line.meddle

    def meddle(request: httpx.Request, go: Go) -> httpx.Response:
        response = meanwhile(request, go)
        if request.method == "POST":
            line.pauses.append(29.9)
        elif line.pauses and max(line.pauses) > 20 and len(line.bodies("POST")) == 1:
            line.pauses.append(0.2)
            if request.extensions["timeout"]["read"] <= 1:
                raise httpx.ReadTimeout("timed out")
        return response

    line.meddle = meddle
    with pytest.raises(ConfigError, match="was made at the same time"):
        make(api, LIVE)
    assert there(emulator) == {*colleague}
