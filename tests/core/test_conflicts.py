"""Conflicts between the resources of one stack."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.core.conflicts import Conflicts
from pulumi_livepull.core.on_air import Span
from pulumi_livepull.core.resource import Push, Resource
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.alicloud.record_notify_config import RecordNotifyConfig
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.conformance.cases import alicloud, huaweicloud
from tests.core.samples import Inputs, checked
from tests.hosting import NOW

DAYS = [NOW + timedelta(days=day) for day in range(4)]

FIGHT = (
    "pushes to the same stream at the same time as {}: they will interrupt one another. "
    "Give one of them another stream or another time"
)
SAME = (
    "is the same thing at the vendor as {}: only one of them can exist. Remove one from the program"
)


def of(resource: type[Resource], inputs: Inputs) -> Resource:
    """Return a resource of checked inputs."""
    return resource.from_inputs(resource.by_field(checked(resource, inputs)))


def huawei(**edits: object) -> Resource:
    """Return a task that pushes to push.example.com/live/1 until the second day."""
    return of(PullTask, {**huaweicloud.LIVE, **edits})


def ali(**edits: object) -> Resource:
    """Return a task that pushes to push.example.com/app/s1."""
    return of(LivePullToPush, {**alicloud.LIVE, **edits})


# Two that push.


def test_two_that_push_to_one_stream_at_one_time_fight() -> None:
    """The warning is about the second and names the first, whichever cloud pushes."""
    stack = Conflicts()
    assert stack.add("a", "first", huawei(appName="app", streamName="s1")) == []
    assert stack.add("b", "second", ali()) == [FIGHT.format('huaweicloud.PullTask "first"')]


def test_each_conflict_is_named() -> None:
    """With three on one stream, the third has two conflicts."""
    stack = Conflicts()
    stack.add("a", "first", huawei())
    stack.add("b", "second", huawei())
    assert stack.add("c", "third", huawei()) == [
        FIGHT.format(f'huaweicloud.PullTask "{name}"') for name in ("first", "second")
    ]


@pytest.mark.parametrize(
    "edits",
    [
        {"streamName": "2"},
        {"startTime": "2030-01-02T12:00:00Z", "endTime": "2030-01-03T12:00:00Z"},
    ],
    ids=["another stream", "afterwards"],
)
def test_another_stream_or_another_time_is_not_a_fight(edits: Inputs) -> None:
    """A schedule may use a stream one after another."""
    stack = Conflicts()
    stack.add("a", "first", huawei())
    assert stack.add("b", "second", huawei(**edits)) == []


def test_what_does_not_push_fights_nobody() -> None:
    """Neither a callback nor a task that is paused."""
    files = {**huaweicloud.FILES, "destinationUrl": "rtmp://push.example.com/live/1"}
    stack = Conflicts()
    stack.add("a", "callback", of(RecordCallback, huaweicloud.CALLBACK_SMALLEST))
    stack.add("b", "paused", of(PullTask, {**files, "running": False}))
    assert stack.add("c", "first", huawei()) == []
    assert stack.add("d", "other", of(RecordCallback, OTHER_APP)) == []


@given(
    st.lists(st.sampled_from([None, *DAYS]), min_size=4, max_size=4), st.sampled_from(["s", "t"])
)
def test_a_fight_is_mutual_and_needs_a_common_moment(
    times: list[datetime | None], stream: str
) -> None:
    """Without a start it begins now, without an end it never ends. Adjacent windows do not
    overlap."""
    one, other = Push("s", Span(*times[:2])), Push(stream, Span(*times[2:]))
    assert one.fights(other) == other.fights(one)
    start = max(moment or DAYS[0] for moment in (times[0], times[2]))
    end = min(moment or DAYS[3] + timedelta(days=1) for moment in (times[1], times[3]))
    begins = (times[0] or DAYS[0]) < (times[1] or end + timedelta(days=9))
    follows = (times[2] or DAYS[0]) < (times[3] or end + timedelta(days=9))
    if begins and follows:
        assert one.fights(other) is (stream == "s" and start < end)


# Two of which there can be one.

OTHER_APP = {**huaweicloud.CALLBACK_SMALLEST, "app": "other"}

twice = pytest.mark.parametrize(
    ("resource", "inputs", "edits", "another"),
    [
        (
            RecordCallback,
            huaweicloud.CALLBACK_FULL,
            {"notifyCallbackUrl": "https://hooks.example.org/b", "region": "cn-east-3"},
            [{"app": "*"}, {"publishDomain": "other.example.com"}],
        ),
        (
            RecordNotifyConfig,
            alicloud.CONFIG_FULL,
            {"notifyUrl": "https://hooks.example.org/b"},
            [{"domainName": "other.example.com"}],
        ),
        (
            LivePullToPush,
            alicloud.FILES_FULL,
            {"startTime": "2030-01-05T12:00:00Z", "endTime": "2030-01-06T12:00:00Z"},
            [{"dstUrl": "rtmp://push.example.com/app/other"}],
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)


@twice
def test_two_of_which_the_vendor_allows_only_one_are_reported(
    resource: type[Resource], inputs: Inputs, edits: Inputs, another: list[Inputs]
) -> None:
    """The vendor refuses the second or overwrites the first, whatever the other inputs."""
    stack = Conflicts()
    assert stack.add("a", "first", of(resource, inputs)) == []
    message = stack.add("b", "second", of(resource, {**inputs, **edits}))
    assert message == [SAME.format(f'{resource.label()} "first"')]


def test_duplicates_are_not_reported_as_a_fight_too() -> None:
    """It is the same problem, with the same solution."""
    stack = Conflicts()
    stack.add("a", "first", ali())
    assert stack.add("b", "second", ali()) == [SAME.format('alicloud.LivePullToPush "first"')]


@twice
def test_what_makes_two_different_is_enough(
    resource: type[Resource], inputs: Inputs, edits: Inputs, another: list[Inputs]
) -> None:
    """Any one of these differences."""
    stack = Conflicts()
    stack.add("a", "first", of(resource, inputs))
    for number, edit in enumerate(another):
        assert stack.add(f"b{number}", "second", of(resource, {**inputs, **edit})) == []


@twice
def test_the_key_that_distinguishes_two_is_never_shown(
    resource: type[Resource], inputs: Inputs, edits: Inputs, another: list[Inputs]
) -> None:
    """A push address is a secret."""
    stack = Conflicts()
    one = of(resource, inputs)
    stack.add("a", "first", one)
    assert one.only_one()
    assert one.only_one() not in "".join(stack.add("b", "second", one))


def test_kinds_with_like_names_are_two_things() -> None:
    """The same domain at two vendors means two resources."""
    stack = Conflicts()
    both = {"domain_name": "live.example.com", "notify_url": "https://hooks.example.org/"}

    class Other(RecordNotifyConfig, token="livepull:other:Config"):
        """The same, of another vendor."""

    stack.add("a", "first", RecordNotifyConfig(**both))
    assert stack.add("b", "second", Other(**both)) == []


def test_two_that_can_exist_side_by_side_are_two() -> None:
    """Without a name, nothing distinguishes it from the others."""
    stack = Conflicts()
    paused = {**huaweicloud.FILES, "running": False}
    stack.add("a", "first", of(PullTask, paused))
    assert stack.add("b", "second", of(PullTask, paused)) == []


# The stack.


def test_one_that_is_looked_at_again_takes_its_own_place() -> None:
    """It conflicts neither with itself nor with its earlier version."""
    stack = Conflicts()
    stack.add("a", "first", huawei())
    assert stack.add("a", "first", huawei()) == []
    assert stack.add("a", "first", huawei(streamName="2")) == []
    assert stack.add("b", "second", huawei()) == []


def test_the_same_name_with_another_key_is_another() -> None:
    """The key is the URN, because two components may have children with the same name."""
    stack = Conflicts()
    stack.add("a", "relay", huawei())
    assert stack.add("b", "relay", huawei()) == [FIGHT.format('huaweicloud.PullTask "relay"')]


def test_each_pair_of_many_concurrent_conflicts_is_reported_once() -> None:
    """The engine checks many at the same time; one of each pair comes later."""
    stack, many, task = Conflicts(), 40, huawei()
    start = threading.Barrier(8)

    def meet(numbers: range) -> int:
        start.wait(10)
        return sum(len(stack.add(str(number), str(number), task)) for number in numbers)

    with ThreadPoolExecutor(8) as threads:
        message = list(threads.map(meet, [range(first, many, 8) for first in range(8)]))
    assert sum(message) == many * (many - 1) // 2
