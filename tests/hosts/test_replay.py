"""What the real engine once asked is asked again, and answered as it was."""

from collections import defaultdict
from contextlib import ExitStack
from typing import Any

import grpc
import pytest
from google.protobuf import json_format, message_factory
from pulumi.runtime.proto import provider_pb2

from tests.hosting import NOW
from tests.hosts.calls import Caller, called, reach
from tests.hosts.recordings import Json, account, befall, portable, stories
from tests.hosts.stories import STORIES

SERVICE = provider_pb2.DESCRIPTOR.services_by_name["ResourceProvider"]
RECORDED = dict(stories())


def told_again(caller: Caller, call: Json) -> Json:
    """Return what is answered now, in the form of the recording."""
    kind: Any = message_factory.GetMessageClass(SERVICE.methods_by_name[call["method"]].input_type)
    request = json_format.ParseDict(call["request"], kind())
    try:
        answer = getattr(caller.stub, call["method"])(request, timeout=60)
    except grpc.RpcError as error:
        return {"error": portable({"code": error.code().name, "message": error.details()})}
    return {"response": portable(json_format.MessageToDict(answer))}


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_story_is_answered_as_it_was(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If you mean to change a response, record again: `python -m tests.hosts.record`."""
    emulator = account(NOW)
    reach(emulator, monkeypatch, [])
    with ExitStack() as lines:
        plugins: dict[str, Caller] = defaultdict(lambda: lines.enter_context(called()))
        for step in RECORDED[name]:
            if "meanwhile" in step:
                befall(emulator, step["meanwhile"])
            for call in step.get("calls", ()):
                assert {**call, **told_again(plugins[call["provider"]], call)} == call


def test_every_story_is_recorded() -> None:
    """The recordings hold every method the engine calls, except for the schema, which has its own
    file.
    """
    assert RECORDED.keys() == STORIES.keys()
    steps = [step for story in RECORDED.values() for step in story]
    calls = [call for step in steps for call in step.get("calls", ())]
    assert {call["method"] for call in calls} == {
        *("Handshake", "GetPluginInfo", "Cancel"),
        *("CheckConfig", "DiffConfig", "Configure"),
        *("Check", "Diff", "Create", "Read", "Update", "Delete"),
        "Invoke",
    }
