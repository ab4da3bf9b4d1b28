"""The official SDK judges our client: asked for the same thing, both send the same request.

An emulator takes the requests of both, so that it also judges both signatures and both bodies.
Nothing reaches the network: the SDK is unmodified, and `requests` below it hands the request over
where it would open a connection.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdklive import v1 as live
from huaweicloudsdklive.v1.region.live_region import LiveRegion

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.vendors.huaweicloud import VENDOR
from pulumi_livepull.vendors.huaweicloud.client import REGIONS, HuaweiLive
from pulumi_livepull.vendors.huaweicloud.pull_task import EVENTS, PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.conformance.cases import Case, Inputs
from tests.conformance.cases.huaweicloud import CALLBACK, CASES, FILE_TASK, LIVE_TASK, REGION
from tests.hosting import KEYS, NOW
from tests.vendors.sdk_line import SdkLine, SentRequest

pytestmark = [
    # The SDK asks for the time in a way that newer Pythons warn of, and misses dateutil aloud.
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unable to convert string to date:ImportWarning"),
]

Json = dict[str, Any]

PROJECT = "0123456789abcdef0123456789abcdef"
TASK = "7864b3dc-e92f-42db-a754-08e627b6d8dd"
CALLBACK_ID = "e4a9c9a1-5b1d-4f0c-9a53-2f6a3f1d7c10"
TOKEN = "tok/en+with=odd characters"
ODD_APP = "a b~*+/?c=d&é直播"

UNORDERED = {"callback_events", "notify_event_subscription"}
"""Lists whose order means nothing: we sort them, so that an order is never a difference."""

NOT_SIGNED = {"user-agent"}
"""Headers that the SDK signs and we do not: a proxy may change this one on the way."""


@dataclass(frozen=True)
class Sent(SentRequest):
    """A request, as this vendor is asked."""

    @property
    def signed(self) -> set[str]:
        """The names of the signed headers."""
        return set(self._authorization["signed"].split(";"))

    @property
    def body(self) -> Json:
        """The JSON body, empty where there is none."""
        body: Json = json.loads(self.content or b"{}")
        return {key: sorted(v) if key in UNORDERED else v for key, v in body.items()}

    @property
    def essence(self) -> Json:
        """All but the body that the vendor may tell two requests apart by."""
        path, _, query = self.target.partition("?")
        return {
            "method": self.method,
            "host": self.host,
            "path": path,
            "query": query,
            "media type": self.headers.get("content-type", "").partition(";")[0],
            "project": self.headers.get("x-project-id"),
            "token": self.headers.get("x-security-token"),
            "form of the date": re.sub("[0-9]", "0", self.headers["x-sdk-date"]),
            "scheme": self._authorization["scheme"],
        }

    @property
    def _authorization(self) -> dict[str, str]:
        pattern = r"(?P<scheme>\S+) Access=\S+, SignedHeaders=(?P<signed>\S+), Signature=[0-9a-f]+"
        found = re.fullmatch(pattern, self.headers["authorization"])
        assert found
        return found.groupdict()


class Line(SdkLine[Sent]):
    """A line to an emulator, for the SDK and for our client."""

    def __init__(self, access_key_id: str) -> None:
        super().__init__(Emulator(access_key_id, clock=Clock(frozen_at=NOW)), Sent)

    def fill(self) -> None:
        """Let the emulator hold one task and one callback, and nothing else."""
        task = {**FILE_TASK.page_body, "task_id": TASK}
        callback = {**CALLBACK.page_body, "app": "held", "id": CALLBACK_ID}
        things = {"tasks": {PROJECT: [task]}, "callbacks": {PROJECT: [callback]}}
        self.emulator.reset()
        self.emulator.seed({"huaweicloud": things})


@dataclass(frozen=True)
class Pair:
    """The SDK and our client, with the same keys, on one line."""

    sdk: live.LiveClient
    api: HuaweiLive
    line: Line

    def requests_of(self, twin: "Twin") -> tuple[Sent, Sent]:
        """What the SDK sends, and what we send."""
        self.line.fill()
        getattr(self.sdk, twin.operation)(twin.request)
        self.line.fill()
        twin.ours(self.api)
        theirs, ours = self.line.sent
        return theirs, ours


Connect = Callable[..., Pair]


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Return what makes a pair; without a project, both look it up."""

    def connect(token: str = "", project: str = PROJECT, key: str = "livepull-emulator") -> Pair:
        line = Line(key)
        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", line.send)
        config = KEYS | {
            "livepull:huaweicloudAccessKey": key,
            "livepull:huaweicloudSecurityToken": token,
            "livepull:huaweicloudProjectId": project,
        }
        api = VENDOR.client(config, {}, transport=line, clock=line.emulator.clock.now)
        assert isinstance(api, HuaweiLive)
        secret = KEYS["livepull:huaweicloudSecretKey"]
        credentials = BasicCredentials(key, secret, project or None)
        builder = live.LiveClient.new_builder()
        builder = builder.with_credentials(credentials.with_security_token(token or None))
        return Pair(builder.with_region(LiveRegion.value_of(REGION)).build(), api, line)

    return connect


@dataclass(frozen=True)
class Twin:
    """One thing to ask of the SDK and of our client.

    `added` is what our body says on purpose beyond the SDK's, and `why` is the reason.
    """

    name: str
    operation: str
    request: Any
    ours: Callable[[HuaweiLive], Any]
    added: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""


REGION_TOLD = "the id holds the region, so the task must be in that one, whatever the account's is"
SENT_WHOLE = "what an update leaves out may fall back to its default (assumption), so all is sent"


def _model(model: type[Any], inputs: Inputs, **others: str) -> Any:
    """Inputs as a user of the SDK writes them: by its names, in its types."""
    named = {re.sub("[A-Z]", lambda big: f"_{big[0].lower()}", k): v for k, v in inputs.items()}
    if "running" in named:
        named["status"] = "enable" if named.pop("running") else "pause"
    return model(
        **{
            name: str(value) if model.openapi_types[name] == "str" else value
            for name, value in {**named, **others}.items()
            if name in model.openapi_types
        }
    )


def _desired(case: Case, inputs: Inputs) -> Resource:
    checked = lifecycle.check(case.resource, {}, inputs, NOW)
    assert checked.failures == []
    return case.resource.from_inputs(case.resource.by_field(checked.inputs))


def _create(case: Case, which: str) -> Twin:
    inputs = getattr(case, which)
    name, ours = f"create {case.name}, {which}", _desired(case, inputs).create
    if case is CALLBACK:
        body = _model(live.RecordCallbackConfigRequest, inputs)
        request = live.CreateRecordCallbackConfigRequest(body)
        return Twin(name, "create_record_callback_config", request, ours)
    request = live.CreatePullTaskRequest(_model(live.LivePullStreamTask, inputs))
    message = "region" in inputs
    added = {} if message else {"region": REGION}
    return Twin(name, "create_pull_task", request, ours, added, "" if message else REGION_TOLD)


def _modify(name: str, inputs: Inputs, added: Mapping[str, Any], why: str = "") -> Twin:
    return Twin(
        f"modify a task, {name}",
        "modify_pull_task",
        live.ModifyPullTaskRequest(_model(live.ModifyLivePullStreamTask, inputs, task_id=TASK)),
        lambda api: _desired(FILE_TASK, inputs).update(api, f"{REGION}/{TASK}", set()),
        added,
        why,
    )


def _update(name: str, inputs: Inputs, added: Mapping[str, Any], why: str = "") -> Twin:
    body = _model(live.RecordCallbackConfigRequest, inputs)
    return Twin(
        f"update a callback, {name}",
        "update_record_callback_config",
        live.UpdateRecordCallbackConfigRequest(CALLBACK_ID, body),
        lambda api: _desired(CALLBACK, inputs).update(api, f"{REGION}/{CALLBACK_ID}", set()),
        added,
        why,
    )


def _listed(app: str) -> Twin:
    inputs = {**CALLBACK.full, "app": app}
    return Twin(
        f"list callbacks of the app {app}",
        "list_record_callback_configs",
        live.ListRecordCallbackConfigsRequest("push.example.com", app, offset=0, limit=100),
        lambda api: list(_desired(CALLBACK, inputs).list_like(api)),
    )


DEFAULTS_OF_A_TASK = {
    "vod_loop_time": "-1",
    "vod_refresh_type": "immediate_new_source",
    "vod_start_video_index": 0,
    "vod_start_video_time": 0,
    "callback_events": sorted(EVENTS),
}
DEFAULTS_OF_A_CALLBACK = {
    "notify_event_subscription": ["RECORD_FILE_COMPLETE"],
    "sign_type": "HMACSHA256",
}
UNCHANGED = {"destinationUrl": FILE_TASK.full["destinationUrl"]}
SHOW = Twin(
    "show a callback",
    "show_record_callback_config",
    live.ShowRecordCallbackConfigRequest(CALLBACK_ID),
    lambda api: RecordCallback.read(api, f"{REGION}/{CALLBACK_ID}"),
)
TWINS = (
    *(_create(case, which) for case in CASES for which in ("smallest", "full", "page_inputs")),
    Twin(
        "list the one task",
        "list_pull_tasks",
        live.ListPullTasksRequest(offset=0, limit=100, task_id=TASK),
        lambda api: PullTask.read(api, f"{REGION}/{TASK}"),
    ),
    Twin(
        "list the tasks of a region",
        "list_pull_tasks",
        live.ListPullTasksRequest(region=REGION, offset=0, limit=100),
        lambda api: list(_desired(LIVE_TASK, LIVE_TASK.full).list_like(api)),
    ),
    _modify("all of it", {**FILE_TASK.full, **FILE_TASK.changes, **UNCHANGED}, {}),
    _modify("smallest", FILE_TASK.smallest, DEFAULTS_OF_A_TASK, SENT_WHOLE),
    Twin(
        "delete a task",
        "delete_pull_task",
        live.DeletePullTaskRequest(region=REGION, task_id=TASK),
        lambda api: PullTask.delete(api, f"{REGION}/{TASK}"),
    ),
    SHOW,
    *(_listed(app) for app in ("live", "*", ODD_APP)),
    _update("all of it", {**CALLBACK.full, **CALLBACK.changes}, {}),
    _update("smallest", CALLBACK.smallest, DEFAULTS_OF_A_CALLBACK, SENT_WHOLE),
    Twin(
        "delete a callback",
        "delete_record_callback_config",
        live.DeleteRecordCallbackConfigRequest(CALLBACK_ID),
        lambda api: RecordCallback.delete(api, f"{REGION}/{CALLBACK_ID}"),
    ),
)


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_the_request_is_that_of_the_official_sdk(connect: Connect, twin: Twin) -> None:
    """Method, address, query and headers agree byte for byte, and bodies as JSON, types included.

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


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_every_header_that_the_sdk_signs_is_signed(connect: Connect, twin: Twin) -> None:
    """An unsigned header could be changed in transit, including that of temporary keys."""
    theirs, ours = connect(token=TOKEN).requests_of(twin)
    assert ours.essence["token"] == theirs.essence["token"] == TOKEN
    assert ours.signed == theirs.signed - NOT_SIGNED
    assert ours.signed >= {"host", "x-sdk-date", "x-security-token"}


def test_the_project_is_looked_up_as_the_official_sdk_does(connect: Connect) -> None:
    """Both ask the region's IAM once for the region's name, and use the one project it returns."""
    pair = connect(project="", key="livepull-unknown-project")
    for _ in range(2):
        pair.sdk.list_pull_tasks(live.ListPullTasksRequest(region=REGION, offset=0, limit=100))
    theirs = pair.line.sent.copy()
    for _ in range(2):
        list(_desired(LIVE_TASK, LIVE_TASK.full).list_like(pair.api))
    ours = pair.line.sent[len(theirs) :]
    # The SDK names no media type for this one request; naming it of an empty body does no harm.
    assert ours[0].essence == theirs[0].essence | {"media type": "application/json"}
    assert [sent.essence for sent in ours[1:]] == [sent.essence for sent in theirs[1:]]


def test_live_is_in_the_regions_that_the_official_sdk_knows() -> None:
    """When the SDK's pin moves, this test shows a new region."""
    assert set(REGIONS) == set(LiveRegion.static_fields)


# The fields: what the vendor adds or drops shows when the SDK's pin moves.


def _wire_names(resource: type[Resource], *without: Trait) -> set[str]:
    return {
        prop.wire_name for prop in resource.inputs() if not prop.traits & {Trait.LOCAL, *without}
    }


def test_a_task_is_made_with_the_fields_of_the_official_sdk() -> None:
    """We have every field of `LivePullStreamTask`, and no others."""
    known = set(live.LivePullStreamTask.attribute_map.values())
    assert _wire_names(PullTask, Trait.UPDATE_ONLY) == known


def test_a_task_changes_in_place_what_the_official_sdk_can_modify() -> None:
    """The immutable fields are exactly those that `ModifyLivePullStreamTask` lacks."""
    known = set(live.ModifyLivePullStreamTask.attribute_map.values())
    assert _wire_names(PullTask, Trait.IMMUTABLE) | {"task_id"} == known


def test_a_callback_has_the_fields_of_the_official_sdk() -> None:
    """We have every field of `RecordCallbackConfigRequest`, and no others."""
    known = set(live.RecordCallbackConfigRequest.attribute_map.values())
    assert _wire_names(RecordCallback) == known


@pytest.mark.parametrize(
    ("resource", "model", "own_id"),
    [(PullTask, live.LivePullTaskInfo, set()), (RecordCallback, live.RecordCallbackConfig, {"id"})],
)
def test_whatever_the_official_sdk_reads_is_an_output(
    resource: type[Resource], model: type[Any], own_id: set[str]
) -> None:
    """Except the id, which Pulumi itself keeps."""
    ours = {prop.wire_name for prop in resource.properties().values()}
    assert set(model.attribute_map.values()) <= ours | own_id


# The replies.

READ_AS: Mapping[str, Callable[[Any], Any]] = {
    "vod_loop_time": int,
    "callback_events": sorted,
    "notify_event_subscription": sorted,
    # The SDK makes days or times of these, but only where dateutil is installed.
    "create_time": lambda value: str(value)[: len("2030-01-01")],
    "update_time": lambda value: str(value)[: len("2030-01-01")],
}
"""What a value means whoever read it, where it is spelled in several ways."""


def _meaning(name: str, value: Any) -> Any:
    return None if value in ("", [], None) else READ_AS.get(name, lambda same: same)(value)


def _agree(reply: Any, ours: Mapping[str, Any]) -> None:
    """Compare every value that the SDK found with ours."""
    for name in set(reply.openapi_types) - {"id"}:
        assert _meaning(name, ours.get(name)) == _meaning(name, getattr(reply, name)), name


@pytest.mark.parametrize("case", [LIVE_TASK, FILE_TASK], ids=lambda case: case.name)
@pytest.mark.parametrize("which", ["smallest", "full"])
def test_a_task_reads_as_the_official_sdk_reads_it(
    connect: Connect, case: Case, which: str
) -> None:
    """The SDK parses the reply with its own models, and finds the same values."""
    pair = connect()
    model = _model(live.LivePullStreamTask, getattr(case, which))
    task_id = pair.sdk.create_pull_task(live.CreatePullTaskRequest(model)).task_id
    reply = pair.sdk.list_pull_tasks(live.ListPullTasksRequest(task_id=task_id))
    found = PullTask.read(pair.api, f"{REGION}/{task_id}")
    assert found is not None
    assert (reply.total, len(reply.task_infos)) == (1, 1)
    _agree(reply.task_infos[0], PullTask.from_wire(found))


@pytest.mark.parametrize("which", ["smallest", "full"])
def test_a_callback_reads_as_the_official_sdk_reads_it(connect: Connect, which: str) -> None:
    """Create, show, list and update all return it, with the same values."""
    pair = connect()
    body = _model(live.RecordCallbackConfigRequest, getattr(CALLBACK, which))
    made = pair.sdk.create_record_callback_config(live.CreateRecordCallbackConfigRequest(body))
    found = RecordCallback.read(pair.api, f"{REGION}/{made.id}")
    assert found is not None
    ours = RecordCallback.from_wire(found)
    shown = pair.sdk.show_record_callback_config(live.ShowRecordCallbackConfigRequest(made.id))
    listed = pair.sdk.list_record_callback_configs(live.ListRecordCallbackConfigsRequest())
    update = live.UpdateRecordCallbackConfigRequest(made.id, body)
    updated = pair.sdk.update_record_callback_config(update)
    assert listed.total == 1
    for reply in (made, shown, *listed.callback_config, updated):
        assert reply.id == made.id == found["id"]
        _agree(reply, ours)
