"""The official SDK judges our client: asked for the same thing, both send the same request.

An emulator takes the requests of both, so that it also judges both signatures and both bodies.
Nothing reaches the network: the SDK is unmodified, and `requests` below it hands the request over
where it would open a connection. This SDK takes bodies as its users write them, so the fields are
those of the vendor's SDK for Go, which is generated from the same definitions.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from volcengine import live
from volcengine.ApiInfo import ApiInfo
from volcengine.live.v20230101 import live_config
from volcengine.live.v20230101.live_service import LiveService

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.vendors import volcengine
from pulumi_livepull.vendors.volcengine import VENDOR
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.client import VERSION, VolcengineLive
from pulumi_livepull.vendors.volcengine.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.conformance.cases import Case, Inputs
from tests.conformance.cases.volcengine import (
    CALLBACK,
    FILE_TASK,
    GROUP,
    KEY,
    LIVE_TASK,
    RELAY_SOURCE,
    WATERMARK,
)
from tests.hosting import KEYS, NOW
from tests.vendors.sdk_line import SdkLine, SentRequest

Json = dict[str, Any]

TOKEN = "tok/en+with=odd characters"
SOURCE_ID = "held.example.com/live/held"
HELD_SOURCE = {"Domain": "held.example.com", "App": "live", "Stream": "held"}
CALLBACK_ID = "vhost/held/live/record"
HELD_CALLBACK = {"Vhost": "held", "App": "live", "MessageType": "record"}
DOMAIN_ID = "domain/push.example.com//record"
HELD_DOMAIN = {"Domain": "push.example.com", "MessageType": "record"}
GROUP_ID = "held"
HELD_TAG = {"Key": "volc:made", "Value": "by the vendor", "Category": "System"}
TASK_ID = "default/1234567890123456"
HELD_TASK = {"TaskId": "1234567890123456", "GroupName": "default"}
DETAILS = [{"CallbackType": "HTTP", "URL": "https://hooks.example.org/held"}]


@dataclass(frozen=True)
class Sent(SentRequest):
    """A request, as this vendor is asked."""

    @property
    def query(self) -> dict[str, str]:
        """What the query says."""
        pairs = parse_qsl(
            self.target.partition("?")[2], keep_blank_values=True, strict_parsing=True
        )
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    @property
    def signed(self) -> set[str]:
        """The names of the signed headers."""
        return set(self._authorization["signed"].split(";"))

    @property
    def body(self) -> Json:
        """The JSON body."""
        body: Json = json.loads(self.content)
        return body

    @property
    def essence(self) -> Json:
        """All but the body that the vendor may tell two requests apart by."""
        return {
            "method": self.method,
            "host": self.host,
            "path": self.target.partition("?")[0],
            "query": self.query,
            "media type": self.headers["content-type"].partition(";")[0],
            "token": self.headers.get("x-security-token"),
            "form of the date": re.sub("[0-9]", "0", self.headers["x-date"]),
            "form of the hash": re.sub("[0-9a-f]", "0", self.headers["x-content-sha256"]),
            "scheme": self._authorization["scheme"],
            "scope": self._authorization["scope"],
        }

    @property
    def _authorization(self) -> dict[str, str]:
        pattern = (
            r"(?P<scheme>\S+) Credential=[^\s,/]+/\d{8}/(?P<scope>\S+), "
            r"SignedHeaders=(?P<signed>\S+), Signature=[0-9a-f]{64}"
        )
        found = re.fullmatch(pattern, self.headers["authorization"])
        assert found
        return found.groupdict()


class Line(SdkLine[Sent]):
    """A line to an emulator, for the SDK and for our client."""

    def __init__(self) -> None:
        super().__init__(Emulator(clock=Clock(frozen_at=NOW)), Sent)

    def fill(self, *, stopped: bool = True, older: bool = False) -> None:
        """Let the emulator hold one source, one task, one group and two callbacks, and no more.

        An `older` vendor knows a task's going on by the name that the older SDK has for it.
        """
        source = {**HELD_SOURCE, "SrcAddrS": ["rtmp://src.example.org/live/held"]}
        callbacks = [
            {**scope, "CallbackDetailList": DETAILS} for scope in (HELD_CALLBACK, HELD_DOMAIN)
        ]
        task = {**FILE_TASK.page_body, **HELD_TASK, "Stopped": stopped}
        group = {"Name": GROUP_ID, "ProjectName": "default", "Tags": [HELD_TAG]}
        held = {
            "relay_sources": [source],
            "tasks": [task],
            "groups": [group],
            "callbacks": callbacks,
            "knows_continue": not older,
            "knows_restart": older,
        }
        self.emulator.reset()
        self.emulator.seed({"volcengine": held})
        self.sent.clear()


RESTART = "RestartPullToPushTask"


def _older_row(action: str) -> ApiInfo:
    """How the SDK's older class calls an action, from its source: it needs an older protobuf."""
    source = Path(live.__file__).with_name("LiveService.py").read_text(encoding="utf-8")
    row = rf'"{action}": ApiInfo\("(\w+)", "(\S+)",\s+{{"Action": "(\w+)",\s+"Version": (\w+)}}'
    found = re.search(row, source)
    assert found
    method, path, name, constant = found.groups()
    version = re.search(rf'^{constant} = "(\S+)"$', source, re.MULTILINE)
    assert version
    return ApiInfo(method, path, {"Action": name, "Version": version[1]}, {}, {})


class Sdk(LiveService):
    """The SDK, with the one action that only its older class has."""

    def __init__(self) -> None:
        super().__init__()
        self.api_info = {**self.api_info, RESTART: _older_row(RESTART)}

    def restart_pull_to_push_task(self, body: Json) -> Json:
        """Send it as the SDK sends every action."""
        reply: Json = json.loads(self.json(RESTART, [], json.dumps(body)))
        return reply


@dataclass(frozen=True)
class Pair:
    """The SDK and our client, with the same keys, on one line."""

    sdk: Sdk
    api: VolcengineLive
    line: Line

    def requests_of(self, twin: "Twin") -> tuple[Sent, Sent]:
        """What the SDK sends, and what we send for the same operation."""
        self.line.fill(stopped=twin.stopped, older=twin.older)
        getattr(self.sdk, twin.operation)(twin.body)
        (theirs,) = self.line.sent
        self.line.fill(stopped=twin.stopped, older=twin.older)
        twin.ours(self.api)
        (ours,) = (
            sent for sent in self.line.sent if sent.query["Action"] == theirs.query["Action"]
        )
        return theirs, ours


Connect = Callable[..., Pair]


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Return what makes a pair."""

    def connect(token: str = "") -> Pair:
        line = Line()
        waited: list[float] = []
        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", line.send)
        # The SDK prefers these to the keys that it is given, and then looks into the home folder.
        monkeypatch.setenv("VOLC_ACCESSKEY", KEYS["livepull:volcengineAccessKey"])
        monkeypatch.setenv("VOLC_SECRETKEY", KEYS["livepull:volcengineSecretKey"])
        config = KEYS | {"livepull:volcengineSecurityToken": token}
        api = VENDOR.client(
            config,
            {},
            transport=line,
            clock=line.emulator.clock.now,
            monotonic=lambda: sum(waited),
            pause=waited.append,
        )
        assert isinstance(api, VolcengineLive)
        sdk = Sdk()
        # All its services share one set of keys.
        sdk.set_session_token(token)
        return Pair(sdk, api, line)

    return connect


@dataclass(frozen=True)
class Twin:
    """One thing to ask of the SDK and of our client: `body` is what a user of the SDK writes.

    `added` is what our body says on purpose beyond it, and `why` is the reason. `stopped` tells
    whether the task that is there is, and `older` whether the vendor is.
    """

    name: str
    operation: str
    body: Json
    ours: Callable[[VolcengineLive], Any]
    added: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    stopped: bool = True
    older: bool = False


SENT_WHOLE = "an update overwrites everything, so all is sent"


def _desired(case: Case, inputs: Inputs) -> Any:
    checked = lifecycle.check(case.resource, {}, inputs, NOW)
    assert checked.failures == []
    return case.resource.from_inputs(case.resource.by_field(checked.inputs))


SOURCE = {
    "Domain": "pull.example.com",
    "App": "live",
    "Stream": "s1",
    "SrcAddrS": ["rtmp://src.example.org/live/s1"],
}
TIMES = {"StartTime": 1893502800, "EndTime": 1893585600}
SIGNED = {"AuthEnable": True, "AuthKeyPrimary": KEY, "TranscodeCallback": 1}
DEFAULTS = {"AuthEnable": False, "TranscodeCallback": 0}
HELD_INPUTS = {"domain": "held.example.com", "stream": "held"}
OF_DOMAIN = {
    "callbackUrls": ["https://hooks.example.org/é直播"],
    "messageType": "record",
    "domain": "push.example.com",
}


def _create_source(which: str, body: Json) -> Twin:
    desired = _desired(RELAY_SOURCE, getattr(RELAY_SOURCE, which))
    return Twin(f"create a source, {which}", "create_relay_source_v4", body, desired.create)


def _update_source(which: str, body: Json) -> Twin:
    desired = _desired(RELAY_SOURCE, {**getattr(RELAY_SOURCE, which), **HELD_INPUTS})
    return Twin(
        f"update a source, {which}",
        "update_relay_source_v4",
        {**body, "Domain": "held.example.com", "Stream": "held"},
        lambda api: desired.update(api, SOURCE_ID, {"src_addr_s"}),
    )


def _create_callback(name: str, inputs: Inputs, body: Json) -> Twin:
    desired = _desired(CALLBACK, inputs)
    return Twin(f"create a callback, {name}", "update_callback", body, desired.create)


def _update_callback(which: str, body: Json, added: Json, why: str) -> Twin:
    desired = _desired(CALLBACK, {**getattr(CALLBACK, which), "vhost": "held"})
    return Twin(
        f"update a callback, {which}",
        "update_callback",
        {**body, "Vhost": "held"},
        lambda api: desired.update(api, CALLBACK_ID, set()),
        added,
        why,
    )


def _create_task(name: str, case: Case, which: str, body: Mapping[str, Any]) -> Twin:
    desired = _desired(case, getattr(case, which))
    return Twin(f"create a task, {name}", "create_pull_to_push_task", dict(body), desired.create)


def _update_task(name: str, case: Case, which: str, body: Json, added: Json, why: str) -> Twin:
    desired = _desired(case, getattr(case, which))
    return Twin(
        f"update a task, {name}",
        "update_pull_to_push_task",
        {**body, **HELD_TASK},
        lambda api: desired.update(api, TASK_ID, {"end_time"}),
        added,
        why,
    )


def _of_task(operation: str, ours: Callable[[VolcengineLive], Any], **there: bool) -> Twin:
    name = f"{operation} a task"
    return Twin(name, f"{operation}_pull_to_push_task", HELD_TASK, ours, **there)


def _create_group(which: str, body: Json) -> Twin:
    desired = _desired(GROUP, getattr(GROUP, which))
    return Twin(f"create a group, {which}", "create_pull_to_push_group", body, desired.create)


def _update_group(which: str, tags: list[Json]) -> Twin:
    desired = _desired(GROUP, getattr(GROUP, which))
    return Twin(
        f"update a group, {which}",
        "update_pull_to_push_group",
        {"Name": GROUP_ID, "Tags": [HELD_TAG, *tags]},
        lambda api: desired.update(api, GROUP_ID, {"tags"}),
    )


def _running(running: bool) -> Callable[[VolcengineLive], Any]:
    desired = _desired(FILE_TASK, {**FILE_TASK.smallest, "running": running})
    return lambda api: desired.update(api, TASK_ID, {"running"})


LIVE_BODY = {
    **LIVE_TASK.page_body,
    "CallbackURL": "https://hooks.example.org/tasks",
    "Title": "channel",
    "GroupName": "default",
    "Watermark": {name[:1].upper() + name[1:]: value for name, value in WATERMARK.items()},
}
FILES_BODY = {
    "Type": 1,
    "VodSrcAddrs": [{"SrcAddr": "https://files.example.org/1.mp4"}],
    "CycleMode": -1,
    "Domain": "push.example.com",
    "App": "live",
    "Stream": "files",
    **TIMES,
}
DEFAULTS_OF_A_TASK = {"PlayTimes": 0, "PreDownload": 1, "ContinueStrategy": 0}
IN_SPACE = {
    "MessageType": "record",
    "Vhost": "space",
    "App": "live",
    "CallbackDetailList": [{"CallbackType": "HTTP", "URL": "https://hooks.example.org/recordings"}],
}
TWINS = (
    _create_source("smallest", SOURCE),
    _create_source("full", SOURCE | TIMES),
    _update_source("smallest", SOURCE),
    _update_source("full", SOURCE | TIMES),
    Twin(
        "list the sources of a domain",
        "list_relay_source_v4",
        {"Domain": "held.example.com", "Page": 1, "Size": 500},
        lambda api: RelaySource.read(api, SOURCE_ID),
    ),
    Twin(
        "delete a source",
        "delete_relay_source_v4",
        HELD_SOURCE,
        lambda api: RelaySource.delete(api, SOURCE_ID),
    ),
    _create_task("live, smallest", LIVE_TASK, "smallest", LIVE_TASK.page_body),
    _create_task("live, full", LIVE_TASK, "full", LIVE_BODY),
    _create_task("files, smallest", FILE_TASK, "smallest", FILES_BODY),
    _create_task("files, full", FILE_TASK, "full", FILE_TASK.page_body),
    _update_task("files, full", FILE_TASK, "full", dict(FILE_TASK.page_body), {}, ""),
    _update_task("smallest", FILE_TASK, "smallest", FILES_BODY, DEFAULTS_OF_A_TASK, SENT_WHOLE),
    Twin(
        "list the tasks of a group",
        "list_pull_to_push_task_v2",
        {"GroupNames": ["default"], "Page": 1, "Size": 500},
        lambda api: PullToPushTask.read(api, TASK_ID),
    ),
    _of_task("stop", _running(False), stopped=False),
    _of_task("continue", _running(True)),
    _of_task("restart", _running(True), older=True),
    _of_task("delete", lambda api: PullToPushTask.delete(api, TASK_ID)),
    _create_group("smallest", {"Name": "RelayGroup001", "ProjectName": "default"}),
    _create_group("full", dict(GROUP.page_body)),
    _update_group("smallest", []),
    _update_group("full", GROUP.page_body["Tags"]),
    Twin(
        "list the groups",
        "list_pull_to_push_group",
        {"PageNum": 1, "PageSize": 500, "StatusList": [0]},
        lambda api: PullToPushGroup.read(api, GROUP_ID),
    ),
    Twin(
        "list the tasks of a group that shall go",
        "list_pull_to_push_task_v2",
        {"GroupNames": [GROUP_ID], "Page": 1, "Size": 500},
        lambda api: PullToPushGroup.delete(api, GROUP_ID),
    ),
    Twin(
        "delete a group",
        "delete_pull_to_push_group",
        {"Name": GROUP_ID},
        lambda api: PullToPushGroup.delete(api, GROUP_ID),
    ),
    _create_callback("smallest", CALLBACK.smallest, IN_SPACE),
    _create_callback("full", CALLBACK.full, IN_SPACE | SIGNED),
    _create_callback(
        "of a domain",
        {**OF_DOMAIN, "messageType": "push_end"},
        {
            "MessageType": "push_end",
            "Domain": "push.example.com",
            "CallbackDetailList": [
                {"CallbackType": "HTTP", "URL": "https://hooks.example.org/é直播"}
            ],
        },
    ),
    _update_callback("smallest", IN_SPACE, DEFAULTS, SENT_WHOLE),
    _update_callback("full", IN_SPACE | SIGNED, {}, ""),
    Twin(
        "describe a callback",
        "describe_callback",
        HELD_CALLBACK,
        lambda api: Callback.read(api, CALLBACK_ID),
    ),
    Twin(
        "describe a callback of a domain",
        "describe_callback",
        HELD_DOMAIN,
        lambda api: Callback.read(api, DOMAIN_ID),
    ),
    Twin(
        "delete a callback",
        "delete_callback",
        HELD_CALLBACK,
        lambda api: Callback.delete(api, CALLBACK_ID),
    ),
    Twin(
        "delete a callback of a domain",
        "delete_callback",
        HELD_DOMAIN,
        lambda api: Callback.delete(api, DOMAIN_ID),
    ),
)

every_twin = pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)


@every_twin
def test_the_request_is_that_of_the_official_sdk(connect: Connect, twin: Twin) -> None:
    """Method, address, action and scope agree, and bodies as JSON, types included.

    Where our body says more on purpose, the twin tells what and why; that too must be so.
    """
    theirs, ours = connect().requests_of(twin)
    assert ours.essence == theirs.essence
    assert not set(twin.added) & set(theirs.body)
    assert bool(twin.added) is bool(twin.why)
    assert _text(ours.body) == _text({**theirs.body, **twin.added})


def _text(body: Json) -> str:
    """The JSON text, which tells 1, "1" and true apart."""
    return json.dumps(body, indent=2, sort_keys=True)


@every_twin
def test_every_header_that_the_sdk_signs_is_signed(connect: Connect, twin: Twin) -> None:
    """An unsigned header could be changed in transit, including that of temporary keys."""
    theirs, ours = connect(token=TOKEN).requests_of(twin)
    assert ours.essence == theirs.essence
    assert ours.essence["token"] == TOKEN
    assert ours.signed == theirs.signed
    assert not {name for name in ours.headers if name.startswith("x-")} - ours.signed


def test_the_host_is_that_of_the_official_sdk(connect: Connect) -> None:
    """It has one region, which serves everything."""
    assert set(live_config.service_info_map) == {"cn-north-1"}
    pair = connect()
    pair.api.call("DescribeCallback", {"Vhost": "space"})
    service = live_config.service_info_map["cn-north-1"]
    assert (pair.line.sent[-1].host, service.scheme) == (service.host, "https")


@pytest.mark.parametrize("action", sorted({twin.operation for twin in TWINS}))
def test_every_action_has_the_version_that_the_official_sdk_calls(action: str) -> None:
    """When the SDK's pin moves, this test shows actions that were moved or renamed."""
    name = _action(action)
    info = Sdk().api_info[name]
    assert (info.method, info.path, info.query) == (
        "POST",
        "/",
        {"Action": name, "Version": VERSION},
    )


def _action(operation: str) -> str:
    """The vendor's name of what the SDK's method calls."""
    return "".join(word.capitalize() for word in operation.split("_"))


def test_everything_that_our_client_calls_is_also_called_with_the_sdk() -> None:
    """So a new call of a resource must be compared with the SDK's too."""
    folder = Path(volcengine.__file__).parent
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    called = set(re.findall(r'"([A-Z]\w+(?:Callback|Group|Task|V\d))"', source))
    assert called == {_action(twin.operation) for twin in TWINS}


def test_what_only_the_older_class_calls_is_not_in_the_newer() -> None:
    """Once it is, our client need not guess its name."""
    assert RESTART not in live_config.api_info
    assert "ContinuePullToPushTask" in live_config.api_info


def test_there_is_still_no_action_that_only_creates_a_callback() -> None:
    """Once there is, a creation need not read first."""
    named = {name for name in live_config.api_info if name.endswith("Callback")}
    assert named >= {"UpdateCallback", "DescribeCallback", "DeleteCallback"}
    assert "CreateCallback" not in named


# The fields: those of service/live/v20230101/model.go of github.com/volcengine/volc-sdk-golang at
# 26924eb540519b3cc5a9c6e8dae6f610c74d86ea. Go's `int32` and `*int32` are both "int32" here.

GO: Mapping[str, Mapping[str, str]] = {
    "CreateRelaySourceV4Body": {
        "App": "string",
        "Domain": "string",
        "SrcAddrS": "[]string",
        "Stream": "string",
        "EndTime": "int32",
        "StartTime": "int32",
    },
    "ListRelaySourceV4ResResultListItem": {
        "App": "string",
        "Domain": "string",
        "SrcAddrS": "[]string",
        "Stream": "string",
        "EndTime": "int32",
        "StartTime": "int32",
    },
    "CreateRelaySourceV4ResResult": {"TaskId": "string"},
    "CreatePullToPushTaskBody": {
        "EndTime": "int32",
        "StartTime": "int32",
        "Type": "int32",
        "App": "string",
        "CallbackURL": "string",
        "ContinueStrategy": "int32",
        "CycleMode": "int32",
        "Domain": "string",
        "DstAddr": "string",
        "GroupName": "string",
        "Offset": "float32",
        "OffsetS": "[]float32",
        "PlayTimes": "int32",
        "PreDownload": "int32",
        "SrcAddr": "string",
        "SrcAddrS": "[]string",
        "Stream": "string",
        "Title": "string",
        "VodSrcAddrs": "[]object",
        "Watermark": "object",
    },
    "CreatePullToPushTaskBodyVodSrcAddrsItem": {
        "SrcAddr": "string",
        "EndOffset": "float32",
        "StartOffset": "float32",
    },
    "CreatePullToPushTaskBodyWatermark": {
        "Picture": "string",
        "Ratio": "float32",
        "RelativePosX": "float32",
        "RelativePosY": "float32",
    },
    "ListPullToPushTaskV2ResResultListItem": {
        "CallbackURL": "string",
        "ContinueStrategy": "int32",
        "CycleMode": "int32",
        "DstAddr": "string",
        "DstAddrType": "int32",
        "EndTime": "string",
        "GroupName": "string",
        "OffsetS": "[]float32",
        "PlayTimes": "int32",
        "PreDownload": "int32",
        "SrcAddr": "string",
        "SrcAddrS": "[]string",
        "StartTime": "string",
        "Status": "string",
        "TaskId": "string",
        "Title": "string",
        "Type": "int32",
        "VodSrcAddrs": "[]object",
        "Watermark": "object",
    },
    "CreatePullToPushGroupBody": {"Name": "string", "ProjectName": "string", "Tags": "[]object"},
    "CreatePullToPushGroupBodyTagsItem": {"Key": "string", "Value": "string"},
    "ListPullToPushGroupResResultListItem": {
        "Name": "string",
        "ProjectName": "string",
        "Status": "int32",
        "Tags": "[]object",
    },
    "UpdateCallbackBody": {
        "CallbackDetailList": "[]object",
        "MessageType": "string",
        "App": "string",
        "AuthEnable": "bool",
        "AuthKeyPrimary": "string",
        "Domain": "string",
        "TranscodeCallback": "int32",
        "Vhost": "string",
    },
    "DescribeCallbackResResultCallbackListItem": {
        "App": "string",
        "AuthEnable": "bool",
        "AuthKeyPrimary": "string",
        "CreateTime": "string",
        "CreateTimeUTC": "string",
        "MessageType": "string",
        "TranscodeCallback": "int32",
        "Vhost": "string",
        "CallbackDetailList": "[]object",
    },
}


def _go_type(value: Any) -> str:
    if isinstance(value, list):
        return f"[]{_go_type(value[0])}"
    kinds = {bool: "bool", int: "int32", float: "float32", str: "string", dict: "object"}
    return kinds[type(value)]


LEGACY = {"Offset", "OffsetS", "SrcAddrS"}
"""Fields that `VodSrcAddrs` has replaced."""

ON_THE_PAGE = {"Category": "string"}
"""Fields of a new group's tags that the vendor's page and its example have, and Go has not."""


@pytest.mark.parametrize(
    ("case", "model"),
    [
        (RELAY_SOURCE, "CreateRelaySourceV4Body"),
        (LIVE_TASK, "CreatePullToPushTaskBody"),
        (FILE_TASK, "CreatePullToPushTaskBody"),
        (CALLBACK, "UpdateCallbackBody"),
        (GROUP, "CreatePullToPushGroupBody"),
    ],
    ids=lambda each: each.name if isinstance(each, Case) else each,
)
def test_a_body_has_the_fields_and_types_of_the_sdk_for_go(case: Case, model: str) -> None:
    """We have every field and no others, with the same types, including times."""
    inputs = (
        prop
        for prop in case.resource.inputs()
        if not prop.traits & {Trait.LOCAL, Trait.UPDATE_ONLY}
    )
    legacy = LEGACY if case.resource is PullToPushTask else set()
    assert {prop.wire_name for prop in inputs} == set(GO[model]) - legacy
    _agree(_desired(case, case.full).to_wire(), model)


def _agree(body: Json, model: str) -> None:
    """Compare the types of what is sent, objects inside included, with Go's."""
    for name, value in body.items():
        more = ON_THE_PAGE if model == "CreatePullToPushGroupBodyTagsItem" else {}
        assert _go_type(value) == {**GO[model], **more}[name], name
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and model.startswith("CreatePull"):
                _agree(each, f"{model}{name}{'Item' if isinstance(value, list) else ''}")


@pytest.mark.parametrize(
    ("resource", "model", "left_out"),
    [
        (RelaySource, "ListRelaySourceV4ResResultListItem", set()),
        (RelaySource, "CreateRelaySourceV4ResResult", set()),
        (PullToPushTask, "ListPullToPushTaskV2ResResultListItem", LEGACY),
        (PullToPushGroup, "ListPullToPushGroupResResultListItem", set()),
        (Callback, "DescribeCallbackResResultCallbackListItem", set()),
    ],
)
def test_whatever_the_sdk_for_go_reads_is_an_output(
    resource: type[Resource], model: str, left_out: set[str]
) -> None:
    """This reveals fields that the vendor adds."""
    ours = {prop.wire_name for prop in resource.properties().values()}
    assert set(GO[model]) - ours == left_out & set(GO[model])


@pytest.mark.parametrize(
    "operation",
    [
        "create_relay_source_v4",
        "update_callback",
        "describe_callback",
        "stop_pull_to_push_task",
        "continue_pull_to_push_task",
        "create_pull_to_push_group",
        "update_pull_to_push_group",
        "list_pull_to_push_group",
        "delete_pull_to_push_group",
    ],
)
def test_an_unknown_field_is_refused_by_the_judge(connect: Connect, operation: str) -> None:
    """Otherwise comparing with the SDK could not reveal a wrong name."""
    with pytest.raises(Exception, match="unknown field Nonsense"):
        getattr(connect().sdk, operation)({"Nonsense": 1})


# The replies.


@pytest.mark.parametrize("which", ["smallest", "full"])
def test_a_source_reads_as_the_official_sdk_reads_it(connect: Connect, which: str) -> None:
    """We parse the JSON that the SDK returns, with the types of the SDK for Go."""
    pair = connect()
    body = SOURCE | (TIMES if which == "full" else {})
    task_id = pair.sdk.create_relay_source_v4(body)["Result"]["TaskId"]
    reply = pair.sdk.list_relay_source_v4({"Domain": "pull.example.com"})
    (item,) = reply["Result"]["List"]
    assert _go_type(task_id) == "string"
    assert {name: _go_type(value) for name, value in item.items()} == (
        GO["ListRelaySourceV4ResResultListItem"]
    )
    found = RelaySource.read(pair.api, "pull.example.com/live/s1")
    assert found == item
    ours = RelaySource.from_wire(found)
    assert ours == _desired(RELAY_SOURCE, getattr(RELAY_SOURCE, which)).to_inputs() | (
        {} if which == "full" else {"start_time": None, "end_time": None}
    )


@pytest.mark.parametrize("which", ["smallest", "full"])
def test_a_callback_reads_as_the_official_sdk_reads_it(connect: Connect, which: str) -> None:
    """An item lacks its domain, but has everything else."""
    pair = connect()
    pair.sdk.update_callback(IN_SPACE | (SIGNED if which == "full" else {}))
    reply = pair.sdk.describe_callback({"Vhost": "space"})
    (item,) = reply["Result"]["CallbackList"]
    assert {name: _go_type(value) for name, value in item.items()} == (
        GO["DescribeCallbackResResultCallbackListItem"]
    )
    found = Callback.read(pair.api, "vhost/space/live/record")
    assert found == item
    ours = Callback.from_wire(found)
    desired = _desired(CALLBACK, getattr(CALLBACK, which)).to_inputs()
    assert {name: ours[name] for name in desired} == desired
    assert ours["create_time_utc"] == "2030-01-01T12:00:00Z"


@pytest.mark.parametrize("which", ["smallest", "full"])
def test_a_group_reads_as_the_official_sdk_reads_it(connect: Connect, which: str) -> None:
    """It reads as it was created, with or without tags."""
    pair = connect()
    desired = _desired(GROUP, getattr(GROUP, which))
    pair.sdk.create_pull_to_push_group(desired.to_wire())
    reply = pair.sdk.list_pull_to_push_group({"PageNum": 1, "PageSize": 10})
    (item,) = reply["Result"]["List"]
    assert set(item) == set(GO["ListPullToPushGroupResResultListItem"])
    found = PullToPushGroup.read(pair.api, "RelayGroup001")
    assert found == item
    ours = PullToPushGroup.from_wire(found)
    assert ours == {"tags": None, **desired.to_inputs(), "status": 0}


def test_an_error_in_an_answer_of_success_is_not_an_error_to_the_sdk(connect: Connect) -> None:
    """It returns the response; our client must not."""
    pair = connect()
    pair.line.emulator.arm("error_in_200", "DescribeCallback")
    reply = pair.sdk.describe_callback({"Vhost": "space"})
    assert reply["ResponseMetadata"]["Error"]["Code"] == "CommonErr"
    assert "Result" not in reply
