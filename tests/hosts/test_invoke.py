"""What the engine asks about no resource of a stack: functions, and lists to import."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import values
from pulumi_livepull.vendors.volcengine import PullToPushGroup, PullToPushTask
from tests.conformance.cases.volcengine import LIVE
from tests.hosting import NOW, connect
from tests.hosts.calls import CONFIG, Caller, Refused, called, opened, reach, secrets

SIGN = "livepull:volcengine:signPushUrl"
ASKED = {
    "pushUrl": "rtmp://push.example.com/live/livestream",
    "key": "A1B2C3d4e5f6",
    "expires": "2030-01-02T12:00:00Z",
}
GROUPS = [f"group{n}" for n in range(5)]


@pytest.fixture
def api(emulator: Emulator) -> Client:
    """Return a client beside that of the plugin."""
    return connect(emulator, PullToPushGroup)


@pytest.fixture
def plugin(api: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """Return a connection to a plugin that is configured for the emulator."""
    with called() as caller:
        reach(emulator, monkeypatch, caller.waited)
        caller.ask("Configure", args=CONFIG)
        yield caller


@pytest.fixture
def groups(api: Client) -> None:
    """Create some groups to list."""
    for name in GROUPS:
        given = {"name": name, "projectName": "default"}
        lifecycle.create(PullToPushGroup, api, given)


def invoked(plugin: Caller, token: str, args: dict[str, Any]) -> Struct:
    """Return the result of a function."""
    answer: Struct = getattr(plugin.ask("Invoke", tok=token, args=args), "return")
    return answer


def listed(
    plugin: Caller, query: dict[str, Any] | None = None, **more: Any
) -> tuple[list[str], str]:
    """Return the names on one page of groups, and the token of the next page."""
    request = provider_pb2.ListRequest(
        token=PullToPushGroup.token, query=values.to_struct(query or {}), **more
    )
    answers = list(plugin.stub.List(request, timeout=60))
    names = [each.result.name for each in answers if each.HasField("result")]
    tokens = [each.continuation.continuation_token for each in answers if not each.result.id]
    return names, "".join(tokens)


def test_a_function_reports_its_outputs_and_marks_those_that_are_secret(plugin: Caller) -> None:
    """The engine then keeps the secret ones encrypted."""
    answer = invoked(plugin, SIGN, ASKED)
    assert opened(answer)["pushArgs"].startswith("volcTime=1893585600&volcSecret=")
    assert secrets(answer) == {"url", "pushArgs"}


def test_in_a_list_only_what_is_secret_is_marked(plugin: Caller, api: Client) -> None:
    """A program can then iterate over the list and use the other values."""
    made = lifecycle.create(
        PullToPushTask, api, lifecycle.check(PullToPushTask, {}, LIVE, NOW).inputs
    )
    answer = invoked(plugin, "livepull:volcengine:listPullToPushTasks", {})
    (item,) = answer["items"]
    assert item["id"] == made.id
    assert "value" in item["dstAddr"]
    assert item["srcAddr"] == LIVE["srcAddr"]


def test_where_an_input_is_not_known_no_output_is(plugin: Caller) -> None:
    """This happens in a preview; the vendor is not called."""
    answer = invoked(plugin, SIGN, {**ASKED, "pushUrl": UNKNOWN})
    assert opened(answer) == {"url": UNKNOWN, "pushArgs": UNKNOWN}


@pytest.mark.parametrize(
    ("token", "args", "expected"),
    [
        (SIGN, {**ASKED, "key": ""}, "volcengine.signPushUrl: key "),
        ("livepull:volcengine:signPushUrls", {}, "there is no function livepull:volcengine:sign"),
        ("livepull:huaweicloud:getPullTask", {"id": "x/1"}, 'huaweicloud.PullTask: there is no "x'),
    ],
)
def test_a_question_without_an_answer_says_why(
    plugin: Caller, token: str, args: dict[str, Any], expected: str
) -> None:
    """With a message instead of a traceback."""
    with pytest.raises(Refused) as failure:
        invoked(plugin, token, args)
    assert str(failure.value).startswith(expected)


@pytest.mark.usefixtures("groups")
def test_a_list_has_everything_there_is_by_the_order_of_the_ids(plugin: Caller) -> None:
    """On one page, if no page size is requested."""
    assert listed(plugin) == (GROUPS, "")
    assert listed(plugin, {"name": "group3"}) == (["group3"], "")


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("size", [1, 2, 4, 6, 7])
@pytest.mark.parametrize("limit", [0, 1, 4, 9])
def test_pages_hold_each_thing_once(plugin: Caller, size: int, limit: int) -> None:
    """Whatever the page size, up to the limit of the first request."""
    names, token = listed(plugin, page_size=size, limit=limit)
    while token:
        page, token = listed(plugin, page_size=size, limit=limit, continuation_token=token)
        assert 0 < len(page) <= size
        names += page
        assert len(names) <= len(GROUPS)
    assert names == GROUPS[: limit or None]


@pytest.mark.usefixtures("groups")
def test_what_comes_or_goes_between_two_pages_moves_no_other(plugin: Caller, api: Client) -> None:
    """A page begins after an id, not at an index."""
    names, token = listed(plugin, page_size=3)
    lifecycle.delete(PullToPushGroup, api, "group0", {})
    lifecycle.create(PullToPushGroup, api, {"name": "another", "projectName": "default"})
    rest, _ = listed(plugin, page_size=3, continuation_token=token)
    assert [*names, *rest] == GROUPS


@pytest.mark.usefixtures("groups")
def test_a_place_in_another_list_is_refused(plugin: Caller) -> None:
    """The next page would leave resources out."""
    _, token = listed(plugin, page_size=1)
    for query, wrong in (({"name": "group3"}, token), ({}, "nonsense"), ({}, "bnVsbA==")):
        with pytest.raises(grpc.RpcError) as failure:
            listed(plugin, query, continuation_token=wrong)
        assert "does not belong to the list of" in failure.value.details()


def test_a_list_by_what_is_not_known_is_not_known(plugin: Caller) -> None:
    """The response tells the engine so."""
    request = provider_pb2.ListRequest(
        token=PullToPushGroup.token, query=values.to_struct({"name": UNKNOWN})
    )
    (answer,) = plugin.stub.List(request, timeout=60)
    assert answer.HasField("computed")


def test_a_list_that_the_vendor_cannot_give_says_what_it_takes(plugin: Caller) -> None:
    """For example, the domain."""
    request = provider_pb2.ListRequest(token="livepull:volcengine:RelaySource")
    with pytest.raises(grpc.RpcError) as failure:
        list(plugin.stub.List(request, timeout=60))
    assert failure.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert failure.value.details() == (
        "volcengine.RelaySource: the vendor lists them only by domain\nGive `domain`."
    )
