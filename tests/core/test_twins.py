"""create makes no second one of what is there: a run that was killed left it, or someone else."""

from datetime import timedelta

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ConfigError, TransportError
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.conformance.cases.volcengine import SOURCE
from tests.core.conftest import Line
from tests.core.samples import FILES, LIVE, REGION, Inputs, checked, project_of, tasks
from tests.hosting import connect


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
        "Set `adopt` to that id to take it over, as after a run that was killed, or delete it. If "
        "it is in this stack under another name, set the option `aliases`; if it is to be "
        "replaced, `deleteBeforeReplace`."
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
    shown = {"task_id": old.state["taskId"], "region": REGION, "create_time": ""} | {
        "source_type": LIVE["sourceType"],
        "source_urls": LIVE["sourceUrls"],
        "destination_url": LIVE["destinationUrl"],
    }
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
