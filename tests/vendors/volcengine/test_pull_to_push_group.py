"""Groups of relay tasks: none is overwritten, and none goes with tasks in it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ApiError, Denied, LivePullError, Refused
from pulumi_livepull.vendors.volcengine import VENDOR
from pulumi_livepull.vendors.volcengine.pull_to_push_group import ORDER, PullToPushGroup
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from tests.hosting import KEYS, NOW, connect

Inputs = dict[str, Any]

CREATE, LIST = "CreatePullToPushGroup", "ListPullToPushGroup"
UPDATE, DELETE = "UpdatePullToPushGroup", "DeletePullToPushGroup"
TASKS = "ListPullToPushTaskV2"
LOOKS = {LIST, TASKS}
GROUP = {"name": "sports", "projectName": "default"}
TAGS = {"tags": [{"key": "team", "value": "video"}]}
TASK = {
    "type": 0,
    "srcAddr": "rtmp://src.example.org/live/one",
    "dstAddr": "rtmp://push.example.com/live/one",
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}
SYSTEM = {"Key": "volc:made", "Value": "by the vendor", "Category": "System"}


@pytest.fixture
def api(emulator: Emulator) -> Client:
    """Return a client of the emulator that tries each call once."""
    return connect(emulator, PullToPushGroup, maxRetries="0")


def make(api: Client, resource: type[Any] = PullToPushGroup, /, **inputs: Any) -> Found:
    """Make a group, or a task in one."""
    given = (GROUP if resource is PullToPushGroup else TASK) | inputs
    checked = lifecycle.check(resource, {}, given, NOW)
    assert checked.failures == []
    return lifecycle.create(resource, api, checked.inputs)


def change(api: Client, group: Found, **changes: Any) -> dict[str, Any]:
    """Update a group; `None` takes an input out. Return its new state."""
    wanted = {k: v for k, v in {**group.inputs, **changes}.items() if v is not None}
    news = lifecycle.check(PullToPushGroup, group.inputs, wanted, NOW).inputs
    return lifecycle.update(PullToPushGroup, api, group.id, group.inputs, group.state, news)


def remove(api: Client, made: Found, resource: type[Any] = PullToPushGroup) -> None:
    """Delete a group, or a task."""
    lifecycle.delete(resource, api, made.id, made.state)


def held(emulator: Emulator) -> dict[str, dict[str, Any]]:
    """Return the groups at the vendor's that can be used, but for the one it makes itself."""
    groups = emulator.volcengine.state.groups
    return {
        each["Name"]: each for each in groups if each["Status"] == 0 and each["Name"] != "default"
    }


def done(emulator: Emulator) -> list[str]:
    """Return the operations so far, looks left out."""
    return [str(each.operation) for each in emulator.journal if each.operation not in LOOKS]


# A name that is taken.


@pytest.mark.parametrize("inputs", [{}, {"projectName": "other"}, TAGS], ids=str)
def test_a_taken_name_is_refused_and_nothing_is_overwritten(
    emulator: Emulator, api: Client, inputs: Inputs
) -> None:
    """The effect of a second creation is not documented, so it is not tried."""
    make(api)
    before = held(emulator)
    emulator.journal.clear()
    with pytest.raises(Refused) as failure:
        make(api, **inputs)
    assert str(failure.value) == (
        "volcengine.PullToPushGroup create failed: sports is there already\n"
        'Set `adopt` to "sports" to manage it here, or delete it first.'
    )
    assert held(emulator) == before
    assert done(emulator) == []


def test_a_name_that_another_run_takes_meanwhile_is_refused_alike(
    emulator: Emulator, api: Client
) -> None:
    """The vendor's own refusal does not say how to go on."""
    emulator.arm("delay", "CreatePullToPushGroup", reads=1)
    api.call("CreatePullToPushGroup", {"Name": "sports", "ProjectName": "default"})
    with pytest.raises(Refused, match='Set `adopt` to "sports"'):
        make(api)
    emulator.arm("deny", "CreatePullToPushGroup")
    with pytest.raises(Denied):
        make(api, name="news")


def test_the_hint_works(emulator: Emulator, api: Client) -> None:
    """The name can be adopted, which updates the tags and creates nothing."""
    make(api)
    assert make(api, adopt="sports", **TAGS).id == "sports"
    assert done(emulator) == [CREATE, UPDATE]
    with pytest.raises(LivePullError, match="differs in what cannot change: projectName"):
        make(api, adopt="sports", projectName="other")


def test_a_deleted_group_is_gone_and_its_name_is_free(emulator: Emulator, api: Client) -> None:
    """A list may still return it, marked as deleted."""
    made = make(api)
    remove(api, made)
    assert lifecycle.read(PullToPushGroup, api, "sports", made.inputs, made.state) is None
    assert make(api, projectName="other").id == "sports"
    assert held(emulator)["sports"]["ProjectName"] == "other"


@pytest.mark.parametrize("fault", ["fail", "fail_after", "lose_reply", "garble"])
def test_a_lost_read_is_not_a_lost_create(emulator: Emulator, api: Client, fault: str) -> None:
    """Nothing was sent that could have created it: a group of that name is somebody else's."""
    make(api)
    emulator.journal.clear()
    emulator.arm(fault, LIST)
    with pytest.raises(LivePullError):
        make(api)
    assert done(emulator) == []


@pytest.mark.parametrize("fault", ["lose_reply", "fail_after", "garble"])
def test_a_creation_whose_answer_was_lost_is_found(
    emulator: Emulator, api: Client, fault: str
) -> None:
    """The name was free before, so the group that has it now is ours."""
    emulator.arm(fault, CREATE)
    assert make(api, **TAGS).id == "sports"
    assert done(emulator) == [CREATE]


# Tasks in it.


def test_a_group_with_tasks_is_not_deleted(emulator: Emulator, api: Client) -> None:
    """What would happen to the tasks is not documented, so nothing is sent while there are any."""
    group = make(api)
    tasks = [
        make(api, PullToPushTask, groupName=group.state["name"], title=title)
        for title in ("one", "two")
    ]
    make(api, PullToPushTask, title="elsewhere")
    emulator.journal.clear()
    with pytest.raises(Refused) as failure:
        remove(api, group)
    one, two = (task.state["taskId"] for task in tasks)
    assert str(failure.value) == (
        f"volcengine.PullToPushGroup delete failed: it has the tasks {two}, {one}\n"
        "Delete those first. With the group's `name` output as their `groupName`, Pulumi does so."
    )
    assert done(emulator) == []
    for task in tasks:
        remove(api, task, PullToPushTask)
    remove(api, group)
    assert held(emulator) == {}
    assert len(list(emulator.volcengine.state.tasks)) == 1


def test_the_vendors_refusal_of_a_task_that_no_list_shows_yet_is_explained(
    emulator: Emulator, api: Client
) -> None:
    """The vendor's message does not say what to do."""
    group = make(api)
    emulator.arm("delay", "CreatePullToPushTask", reads=50)
    make(api, PullToPushTask, groupName="sports")
    with pytest.raises(ApiError) as failure:
        remove(api, group)
    assert failure.value.code == "InvalidParam"
    assert "the group sports still has tasks" in failure.value.what
    assert failure.value.hint == f"It may have a new task that no list shows yet. {ORDER}"
    assert "sports" in held(emulator)


def test_a_hint_that_the_vendors_code_has_stays(emulator: Emulator, api: Client) -> None:
    """Missing permissions have nothing to do with tasks."""
    group = make(api)
    emulator.arm("deny", DELETE)
    with pytest.raises(ApiError) as failure:
        remove(api, group)
    assert failure.value.hint == "Give the user of this access key the permissions for Live."


@pytest.mark.parametrize("fault", ["deny", "throttle", "error_in_200", "fail", "garble"])
def test_a_group_that_cannot_be_looked_into_is_not_deleted(
    emulator: Emulator, api: Client, fault: str
) -> None:
    """It might have tasks."""
    group = make(api)
    emulator.journal.clear()
    emulator.arm(fault, TASKS)
    with pytest.raises(LivePullError):
        remove(api, group)
    assert done(emulator) == []


# Tags.


def test_tags_of_the_system_are_left_alone(emulator: Emulator, api: Client) -> None:
    """They are not a difference, and an update, which overwrites all tags, sends them back."""
    custom = {"Key": "team", "Value": "video", "Category": "Custom"}
    emulator.seed({"volcengine": {"groups": [{"Name": "sports", "Tags": [SYSTEM, custom]}]}})
    group = make(api, adopt="sports", **TAGS)
    assert group.state["tags"] == TAGS["tags"]
    assert done(emulator) == []
    assert change(api, group, tags=None) == GROUP | {"status": 0}
    assert held(emulator)["sports"]["Tags"] == [SYSTEM]
    changed = change(api, Found("sports", GROUP, GROUP), tags=[{"key": "team", "value": "other"}])
    assert changed["tags"] == [{"key": "team", "value": "other"}]
    assert held(emulator)["sports"]["Tags"] == [SYSTEM, {**custom, "Value": "other"}]


def test_a_change_of_tags_touches_nothing_else(emulator: Emulator, api: Client) -> None:
    """The vendor can change nothing else: another project needs a new group."""
    group = make(api, **TAGS)
    make(api, name="news", **TAGS)
    change(api, group, tags=None)
    assert held(emulator)["sports"] == {
        "Name": "sports",
        "ProjectName": "default",
        "Status": 0,
        "Tags": [],
    }
    assert held(emulator)["news"]["Tags"] != []


def test_an_update_of_what_is_gone_says_so(emulator: Emulator, api: Client) -> None:
    """It does not create another."""
    group = make(api)
    emulator.reset()
    with pytest.raises(ApiError) as failure:
        change(api, group, **TAGS)
    assert "It was deleted outside this stack" in failure.value.hint
    assert held(emulator) == {}


# Lists.


@pytest.mark.parametrize("count", [0, 1, 500, 501, 1250])
def test_a_group_is_found_on_whichever_page_it_is(
    emulator: Emulator, api: Client, count: int
) -> None:
    """A page has 500 groups; the oldest is on the last one."""
    groups = [{"Name": f"g{number}", "ProjectName": "default"} for number in range(count)]
    emulator.seed({"volcengine": {"groups": groups}})
    found = PullToPushGroup.read(api, "g0")
    assert (found or {}).get("Name") == ("g0" if count else None)
    assert len(emulator.journal) == max(1, -(-count // 500))


Pages = Callable[[int], tuple[int, Any]]


@pytest.mark.parametrize(
    ("pages", "total"),
    [
        # A vendor that gives fewer at once than it was asked for.
        ([100, 100, 1], 201),
        ([500, 1], 501),
        ([500, 1], None),
        ([500, 1], "501"),
        ([500, 1], 10**9),
        ([0], 10**9),
    ],
    ids=str,
)
def test_a_list_ends_by_the_count_of_its_items(pages: list[int], total: Any) -> None:
    """A page that is not full may not be the last, and the count may be wrong."""
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(len(asked))
        found = pages[asked[-1]] if asked[-1] < len(pages) else 0
        items = [{"Name": f"{asked[-1]}x{number}"} for number in range(found)]
        result = {"List": items, "Total": total}
        return httpx.Response(200, json={"ResponseMetadata": {}, "Result": result})

    api = VENDOR.client(
        KEYS, {}, transport=httpx.MockTransport(answer), clock=lambda: NOW, pause=lambda _: None
    )
    last = f"{len(pages) - 1}x{pages[-1] - 1}"
    found = PullToPushGroup.read(api, last)  # type: ignore[arg-type]
    assert (found or {}).get("Name") == (last if pages[-1] else None)
    assert PullToPushGroup.read(api, "none of them") is None  # type: ignore[arg-type]
    assert len(asked) <= 2 * (len(pages) + 1)
