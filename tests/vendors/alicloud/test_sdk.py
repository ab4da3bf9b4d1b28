"""The official SDK judges our client: asked for the same thing, both send the same request.

An emulator takes the requests of both, so that it also judges both signatures and both queries.
Nothing reaches the network: the SDK is unmodified, and `requests` below it hands the request over
where it would open a connection.
"""

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from alibabacloud_live20161101 import models as live
from alibabacloud_live20161101.client import Client as LiveClient
from alibabacloud_tea_openapi.utils_models import Config

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.errors import ApiError
from pulumi_livepull.vendors.alicloud import VENDOR
from pulumi_livepull.vendors.alicloud.client import AlicloudLive
from pulumi_livepull.vendors.alicloud.live_pull_stream_info_config import (
    LivePullStreamInfoConfig,
)
from pulumi_livepull.vendors.alicloud.live_pull_to_push import STATUS, LivePullToPush
from pulumi_livepull.vendors.alicloud.record_notify_config import RecordNotifyConfig
from tests.conformance.cases import Case, Inputs
from tests.conformance.cases.alicloud import (
    FILE_TASK,
    LIVE_TASK,
    NOTIFY_CONFIG,
    REGION,
    SCHEDULED_PULL,
)
from tests.hosting import KEYS, NOW
from tests.vendors.sdk_line import SdkLine, SentRequest

Json = dict[str, Any]

TASK = "fd245384-4067-4f91-9d75-9666a6bc9000"
ID = f"{REGION}/{TASK}"
DOMAIN = "held.example.com"
PULL = f"{DOMAIN}/live/held"
TOKEN = "tok/en+with=odd characters"
ODD = "a b~*+/?c=d&é直播"
RUNNING, STOPPED = 1, 3

COMMON = {"OwnerId", "RegionId", "SecurityToken"}
"""Parameters that the SDK has for every operation of old, and that no page asks for."""

NOT_SENT = {"accept", "user-agent", "x-acs-credentials-provider"}
"""Headers that the SDK signs and we do not send or sign: they are about itself."""


@dataclass(frozen=True)
class Sent(SentRequest):
    """A request, as this vendor is asked."""

    @property
    def action(self) -> str:
        """The operation that is asked for."""
        return self.headers["x-acs-action"]

    @property
    def signed(self) -> set[str]:
        """The names of the signed headers."""
        return set(self._authorization["signed"].split(";"))

    @property
    def params(self) -> dict[str, Any]:
        """The parameters, all in the query; a list is one text of JSON there."""
        pairs = parse_qsl(
            self.target.partition("?")[2], keep_blank_values=True, strict_parsing=True
        )
        assert len(dict(pairs)) == len(pairs)
        return {key: json.loads(text) if key == "SourceUrls" else text for key, text in pairs}

    @property
    def essence(self) -> Json:
        """All but method and parameters that the vendor may tell two requests apart by."""
        return {
            "host": self.host,
            "path": self.target.partition("?")[0],
            "body": self.content,
            "action": self.action,
            "version": self.headers["x-acs-version"],
            "token": self.headers.get("x-acs-security-token"),
            "key beside the token": self.headers.get("x-acs-accesskey-id"),
            "hash of the body": self.headers["x-acs-content-sha256"],
            "form of the date": re.sub("[0-9]", "0", self.headers["x-acs-date"]),
            "form of the nonce": re.sub("[0-9a-f]", "0", self.headers["x-acs-signature-nonce"]),
            "scheme": self._authorization["scheme"],
        }

    @property
    def _authorization(self) -> dict[str, str]:
        pattern = (
            r"(?P<scheme>\S+) Credential=[^\s,]+,SignedHeaders=(?P<signed>[^\s,]+),"
            r"Signature=[0-9a-f]{64}"
        )
        found = re.fullmatch(pattern, self.headers["authorization"])
        assert found
        return found.groupdict()


class Line(SdkLine[Sent]):
    """A line to an emulator, for the SDK and for our client."""

    def __init__(self) -> None:
        super().__init__(Emulator(clock=Clock(frozen_at=NOW)), Sent)

    def fill(self, status: int) -> None:
        """Let the emulator hold one task, one pull and one callback, and nothing else."""
        task = {
            **FILE_TASK.page_body,
            "TaskId": TASK,
            "TaskStatus": status,
            "SourceUrls": ["https://files.example.org/held.mp4"],
            "DstUrl": "rtmp://push.example.com/app/held",
            "StartTime": "2030-01-01T11:00:00Z",
        }
        callback = {"DomainName": DOMAIN, "NotifyUrl": "https://hooks.example.org/held"}
        self.emulator.reset()
        pull = {**SCHEDULED_PULL.page_body, "DomainName": DOMAIN, "StreamName": "held"}
        held = {"tasks": {REGION: [task]}, "pulls": [pull], "callbacks": [callback]}
        self.emulator.seed({"alicloud": held})
        self.sent.clear()


@dataclass(frozen=True)
class Pair:
    """The SDK and our client, with the same keys, on one line."""

    sdk: LiveClient
    api: AlicloudLive
    line: Line

    def requests_of(self, twin: "Twin") -> tuple[Sent, Sent]:
        """What the SDK sends, and what we send for the same operation."""
        self.line.fill(twin.status)
        getattr(self.sdk, twin.operation)(twin.request)
        (theirs,) = self.line.sent
        self.line.fill(twin.status)
        twin.ours(self.api)
        (ours,) = (sent for sent in self.line.sent if sent.action == theirs.action)
        return theirs, ours


Connect = Callable[..., Pair]


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Return what makes a pair."""

    def connect(token: str = "", region: str = REGION) -> Pair:
        line = Line()
        waited: list[float] = []
        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", line.send)
        config = KEYS | {"livepull:alicloudSecurityToken": token}
        api = VENDOR.client(
            config,
            {},
            transport=line,
            clock=line.emulator.clock.now,
            monotonic=lambda: sum(waited),
            pause=waited.append,
        )
        assert isinstance(api, AlicloudLive)
        sdk = LiveClient(
            Config(
                access_key_id=KEYS["livepull:alicloudAccessKey"],
                access_key_secret=KEYS["livepull:alicloudSecretKey"],
                security_token=token or None,
                region_id=region,
            )
        )
        return Pair(sdk, api, line)

    return connect


@dataclass(frozen=True)
class Twin:
    """One thing to ask of the SDK and of our client.

    `differs` is what our parameters say otherwise on purpose, and `why` is the reason. `status` is
    the state of the task that is there.
    """

    name: str
    operation: str
    request: Any
    ours: Callable[[AlicloudLive], Any]
    differs: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    status: int = STOPPED


SPELLING = "Python's `True` is not how the vendor's pages spell it"
SENT_WHOLE = "whether an update keeps what it leaves out is not documented, so all is sent"


def _model(model: type[Any], inputs: Inputs, **others: Any) -> Any:
    """Inputs as a user of the SDK writes them: by its names, in its types."""
    named = {re.sub("[A-Z]", lambda big: f"_{big[0].lower()}", k): v for k, v in inputs.items()}
    known = inspect.signature(model).parameters
    return model(**{name: v for name, v in {**named, **others}.items() if name in known})


def _desired(case: Case, inputs: Inputs) -> Any:
    checked = lifecycle.check(case.resource, {}, inputs, NOW)
    assert checked.failures == []
    return case.resource.from_inputs(case.resource.by_field(checked.inputs))


def _create(case: Case, which: str) -> Twin:
    inputs = getattr(case, which)
    name, ours = f"create {case.name}, {which}", _desired(case, inputs).create
    if case is not NOTIFY_CONFIG:
        request = _model(live.CreateLivePullToPushRequest, {"region": REGION, **inputs})
        return Twin(name, "create_live_pull_to_push", request, ours)
    flags = {"NeedStatusNotify": "true", "NotifyReqAuth": "true"} if which == "full" else {}
    request = _model(live.AddLiveRecordNotifyConfigRequest, inputs)
    why = SPELLING if flags else ""
    return Twin(name, "add_live_record_notify_config", request, ours, flags, why)


def _update(name: str, inputs: Inputs, changed: set[str], **sent: Any) -> Twin:
    desired = _desired(FILE_TASK, inputs)
    model = live.UpdateLivePullToPushRequest
    return Twin(
        f"update a task, {name}",
        "update_live_pull_to_push",
        _model(model, {}, region=REGION, task_id=TASK, **sent),
        lambda api: desired.update(api, ID, changed),
    )


def _of_task(name: str, ours: Callable[[AlicloudLive], Any], status: int = STOPPED) -> Twin:
    words = "".join(word.capitalize() for word in name.split())
    request = getattr(live, f"{words}LivePullToPushRequest")(region=REGION, task_id=TASK)
    operation = f"{name}_live_pull_to_push"
    return Twin(f"{name} a task", operation, request, ours, status=status)


def _running(running: bool) -> Callable[[AlicloudLive], Any]:
    desired = _desired(FILE_TASK, {**FILE_TASK.smallest, "running": running})
    return lambda api: desired.update(api, ID, {"running"})


def _listed(name: str, dst_url: str) -> Twin:
    desired = _desired(FILE_TASK, {**FILE_TASK.smallest, "dstUrl": dst_url})
    request = live.DescribeLivePullToPushListRequest(
        region=REGION, dst_url=dst_url, page_number=1, page_size=100
    )
    return Twin(
        f"list tasks with {name}",
        "describe_live_pull_to_push_list",
        request,
        lambda api: list(desired.list_like(api)),
    )


def _update_config(which: str, differs: Mapping[str, Any], why: str) -> Twin:
    inputs = {**getattr(NOTIFY_CONFIG, which), "domainName": DOMAIN}
    desired = _desired(NOTIFY_CONFIG, inputs)
    return Twin(
        f"update a callback, {which}",
        "update_live_record_notify_config",
        _model(live.UpdateLiveRecordNotifyConfigRequest, inputs),
        lambda api: desired.update(api, DOMAIN, set()),
        differs,
        why,
    )


def _of_config(name: str, ours: Callable[[AlicloudLive], Any]) -> Twin:
    request = getattr(live, f"{name.capitalize()}LiveRecordNotifyConfigRequest")
    operation = f"{name}_live_record_notify_config"
    return Twin(f"{name} a callback", operation, request(domain_name=DOMAIN), ours)


def _pull(operation: str, model: type[Any], ours: str, **changes: Any) -> Twin:
    inputs = {**SCHEDULED_PULL.full, "domainName": DOMAIN, "streamName": "held", **changes}
    desired = _desired(SCHEDULED_PULL, inputs)
    calls: Mapping[str, Callable[[AlicloudLive], Any]] = {
        "create": desired.create,
        "read": lambda api: LivePullStreamInfoConfig.read(api, PULL),
        "update": lambda api: desired.update(api, PULL, set(changes)),
        "delete": lambda api: LivePullStreamInfoConfig.delete(api, PULL),
    }
    request = _model(model, inputs, source_url=";".join(inputs["sourceUrls"]))
    return Twin(f"{ours} a pull", operation, request, calls[ours])


CHANGED = {
    "source_urls": FILE_TASK.changes["sourceUrls"],
    "start_time": FILE_TASK.changes["startTime"],
    "end_time": FILE_TASK.changes["endTime"],
    "repeat_number": -1,
    "file_index": 0,
    "offset": 60,
    "callback_url": "https://hooks.example.org/other",
    "req_auth": "off",
    "auth_key": "another-auth-key",
    "notify_item_switch": "none",
}
TWINS = (
    *(
        _create(case, which)
        for case in (LIVE_TASK, FILE_TASK, NOTIFY_CONFIG)
        for which in ("smallest", "full")
    ),
    _update(
        "all of it",
        {
            **FILE_TASK.full,
            **FILE_TASK.changes,
            "dstUrl": FILE_TASK.full["dstUrl"],
            "running": False,
        },
        set(CHANGED),
        **CHANGED,
    ),
    _update(
        "cleared",
        FILE_TASK.smallest,
        {"callback_url", "repeat_number", "auth_key"},
        callback_url="",
        repeat_number=0,
        auth_key="",
    ),
    _update(
        "an odd address",
        {**FILE_TASK.smallest, "sourceUrls": ["https://files.example.org/é直播*~+.mp4?a=b&c=/"]},
        {"source_urls"},
        source_urls=["https://files.example.org/é直播*~+.mp4?a=b&c=/"],
    ),
    _of_task("describe", lambda api: LivePullToPush.read(api, ID)),
    _of_task("delete", lambda api: LivePullToPush.delete(api, ID)),
    _of_task("stop", _running(False), RUNNING),
    _of_task("restart", _running(True)),
    _listed("a plain address", "rtmp://push.example.com/app/held"),
    _listed("an odd address", f"rtmp://push.example.com/{ODD.replace(' ', '')}"),
    _update_config("full", {"NeedStatusNotify": "true", "NotifyReqAuth": "true"}, SPELLING),
    _update_config("smallest", {"NeedStatusNotify": "false", "NotifyReqAuth": "false"}, SENT_WHOLE),
    _of_config("describe", lambda api: RecordNotifyConfig.read(api, DOMAIN)),
    _of_config("delete", lambda api: RecordNotifyConfig.delete(api, DOMAIN)),
    _pull(
        "add_live_pull_stream_info_config",
        live.AddLivePullStreamInfoConfigRequest,
        "create",
        streamName="new",
    ),
    _pull("describe_live_pull_stream_config", live.DescribeLivePullStreamConfigRequest, "read"),
    _pull(
        "update_live_pull_stream_info_config",
        live.UpdateLivePullStreamInfoConfigRequest,
        "update",
        sourceUrls=["https://src.example.org/é直播*~+.flv?a=b&c=/", "rtmp://b.example.org/1"],
    ),
    _pull(
        "delete_live_pull_stream_info_config",
        live.DeleteLivePullStreamInfoConfigRequest,
        "delete",
    ),
)

every_twin = pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)


@every_twin
def test_the_request_is_that_of_the_official_sdk(connect: Connect, twin: Twin) -> None:
    """Host, path, action, forms and every parameter agree, in names and in spelling.

    Where ours say otherwise on purpose, the twin tells what and why; that too must be so.
    """
    theirs, ours = connect().requests_of(twin)
    assert ours.essence == theirs.essence
    assert bool(twin.differs) is bool(twin.why)
    assert all(theirs.params.get(name) != value for name, value in twin.differs.items())
    assert ours.params == {**theirs.params, **twin.differs}


@every_twin
def test_everything_goes_by_post(connect: Connect, twin: Twin) -> None:
    """The SDK uses GET where nothing is created; 30 sources can make a URL too long for proxies."""
    theirs, ours = connect().requests_of(twin)
    assert ours.method == "POST"
    assert theirs.method in {"GET", "POST"}


@every_twin
def test_every_header_that_the_sdk_signs_is_signed(connect: Connect, twin: Twin) -> None:
    """An unsigned header could be changed in transit, including that of temporary keys."""
    theirs, ours = connect(token=TOKEN).requests_of(twin)
    assert ours.essence == theirs.essence
    assert ours.essence["token"] == TOKEN
    assert ours.signed == theirs.signed - NOT_SENT
    assert not {name for name in ours.headers if name.startswith("x-acs-")} - ours.signed


def test_every_region_is_called_where_the_official_sdk_calls_it(connect: Connect) -> None:
    """One host serves all regions of the SDK's map; any other region has its own."""
    pair = connect()
    hosts = {}
    for region in (*pair.sdk._endpoint_map, "ap-southeast-7", "cn-nowhere-9"):
        with pytest.raises(ApiError):
            pair.api.call("DescribeLivePullToPush", {"TaskId": "-"}, region=region)
        hosts[region] = (pair.line.sent[-1].host, connect(region=region).sdk._endpoint)
    assert {region: both for region, both in hosts.items() if both[0] != both[1]} == {}


# The fields: what the vendor adds or drops shows when the SDK's pin moves.


class Anything(str):
    """A value for any field of a model of the SDK."""

    __slots__ = ()

    def to_map(self) -> Json:
        """As a model inside another has it."""
        return {}


def _wire_names_of(model: type[Any]) -> set[str]:
    names = inspect.signature(model).parameters
    found = set(model(**dict.fromkeys(names, Anything("x"))).to_map())
    assert len(found) == len(names)
    return found


def _wire_names(resource: type[Resource], *without: Trait) -> set[str]:
    return {
        prop.wire_name for prop in resource.inputs() if not prop.traits & {Trait.LOCAL, *without}
    }


def test_a_task_is_made_with_the_fields_of_the_official_sdk() -> None:
    """We have every field of `CreateLivePullToPushRequest`, and no others."""
    known = _wire_names_of(live.CreateLivePullToPushRequest) - COMMON
    assert _wire_names(LivePullToPush, Trait.UPDATE_ONLY) == known


def test_a_task_changes_in_place_what_the_official_sdk_can_update() -> None:
    """The immutable fields are exactly those that `UpdateLivePullToPushRequest` lacks."""
    known = _wire_names_of(live.UpdateLivePullToPushRequest) - COMMON
    ours = _wire_names(LivePullToPush, Trait.IMMUTABLE, Trait.UPDATE_ONLY)
    assert ours | {"Region", "TaskId"} == known


@pytest.mark.parametrize(
    "model", [live.AddLiveRecordNotifyConfigRequest, live.UpdateLiveRecordNotifyConfigRequest]
)
def test_a_callback_has_the_fields_of_the_official_sdk(model: type[Any]) -> None:
    """We have every field of the SDK's requests, and no others."""
    assert _wire_names(RecordNotifyConfig) == _wire_names_of(model) - COMMON


@pytest.mark.parametrize(
    "model", [live.AddLivePullStreamInfoConfigRequest, live.UpdateLivePullStreamInfoConfigRequest]
)
def test_a_pull_has_the_fields_of_the_official_sdk(model: type[Any]) -> None:
    """We have every field of the SDK's requests, and no others."""
    assert _wire_names(LivePullStreamInfoConfig) == _wire_names_of(model) - COMMON


@pytest.mark.parametrize(
    ("resource", "model", "elsewhere"),
    [
        (
            LivePullStreamInfoConfig,
            live.DescribeLivePullStreamConfigResponseBodyLiveAppRecordListLiveAppRecord,
            set(),
        ),
        (
            LivePullToPush,
            live.DescribeLivePullToPushResponseBody,
            # `status` tells the one; the others are about the reply.
            {"TaskStatus", "TaskInfo", "RetCode", "Description", "RequestId"},
        ),
        # Our request spells it `CallbackUrl`.
        (LivePullToPush, live.DescribeLivePullToPushResponseBodyTaskInfo, {"CallbackURL"}),
        (
            RecordNotifyConfig,
            live.DescribeLiveRecordNotifyConfigResponseBodyLiveRecordNotifyConfig,
            set(),
        ),
    ],
)
def test_whatever_the_official_sdk_reads_is_an_output(
    resource: type[Resource], model: type[Any], elsewhere: set[str]
) -> None:
    """Except what another output already says."""
    ours = {prop.wire_name for prop in resource.properties().values()}
    assert _wire_names_of(model) == (_wire_names_of(model) & ours) | elsewhere


# The replies.


def _values(reply: Any) -> Iterator[tuple[str, Any]]:
    """Every field that the SDK's model found, by its name, which is ours too."""
    for name in inspect.signature(type(reply)).parameters:
        value = getattr(reply, name)
        if name == "task_status":
            yield "status", STATUS[str(value)]
        elif name == "task_info":
            yield from _values(value)
        elif name not in {"request_id", "ret_code", "description"}:
            yield name, value


def _agree(reply: Any, ours: Mapping[str, Any]) -> None:
    """Compare every value that the SDK found with ours; to both, empty and absent say nothing."""
    for name, value in _values(reply):
        got = ours.get(name)
        # Seconds into a file count from one up; the vendor's 0 stands for none.
        assert (value or None) == (got or None), name
        if name in {"repeat_number", "file_index", "retry_count", "retry_interval"}:
            assert got == value, name


@pytest.mark.parametrize("case", [LIVE_TASK, FILE_TASK], ids=lambda case: case.name)
@pytest.mark.parametrize("which", ["smallest", "full"])
@pytest.mark.parametrize("status", [0, 1, 2, 3])
def test_a_task_reads_as_the_official_sdk_reads_it(
    connect: Connect, case: Case, which: str, status: int
) -> None:
    """The SDK parses the reply with its own models, and finds the same values."""
    pair = connect()
    inputs = getattr(case, which)
    if status:
        inputs = {**inputs, "startTime": "2030-01-01T11:00:00Z"}
    model = _model(live.CreateLivePullToPushRequest, {"region": REGION, **inputs})
    made = pair.sdk.create_live_pull_to_push(model).body
    seeded = {"TaskId": made.task_id, "TaskStatus": status, "TaskInvalidReason": "PullStreamFailed"}
    pair.line.emulator.seed({"alicloud": {"tasks": {REGION: [seeded]}}})
    asked = live.DescribeLivePullToPushRequest(region=REGION, task_id=made.task_id)
    shown = pair.sdk.describe_live_pull_to_push(asked).body
    listed = pair.sdk.describe_live_pull_to_push_list(
        live.DescribeLivePullToPushListRequest(region=REGION)
    ).body
    found = LivePullToPush.read(pair.api, f"{REGION}/{made.task_id}")
    assert found is not None
    assert (made.ret_code, shown.ret_code, listed.total) == (0, 0, 1)
    for reply in (shown, *listed.task_list):
        assert reply.task_status == status
        _agree(reply, LivePullToPush.from_wire(found))


@pytest.mark.parametrize("which", ["smallest", "full"])
def test_a_callback_reads_as_the_official_sdk_reads_it(connect: Connect, which: str) -> None:
    """The emulator returns booleans, as the SDK's types say."""
    pair = connect()
    inputs = getattr(NOTIFY_CONFIG, which)
    pair.sdk.add_live_record_notify_config(_model(live.AddLiveRecordNotifyConfigRequest, inputs))
    asked = live.DescribeLiveRecordNotifyConfigRequest(domain_name=inputs["domainName"])
    reply = pair.sdk.describe_live_record_notify_config(asked).body.live_record_notify_config
    found = RecordNotifyConfig.read(pair.api, inputs["domainName"])
    assert found is not None
    ours = RecordNotifyConfig.from_wire(found)
    _agree(reply, ours)
    assert (reply.need_status_notify, reply.notify_req_auth) == (
        ours["need_status_notify"],
        ours["notify_req_auth"],
    )


def test_a_pull_reads_as_the_official_sdk_reads_it(connect: Connect) -> None:
    """The reply nests a list in an object; the sources are one string, one of which is in use."""
    pair = connect()
    inputs = {**SCHEDULED_PULL.full, "startTime": "2030-01-01T11:00:00Z"}
    sources = ";".join(inputs["sourceUrls"])
    model = _model(live.AddLivePullStreamInfoConfigRequest, inputs, source_url=sources)
    pair.sdk.add_live_pull_stream_info_config(model)
    asked = live.DescribeLivePullStreamConfigRequest(domain_name=inputs["domainName"])
    (reply,) = pair.sdk.describe_live_pull_stream_config(
        asked
    ).body.live_app_record_list.live_app_record
    found = LivePullStreamInfoConfig.read(pair.api, "live.example.com/live/s1")
    assert found is not None
    ours = LivePullStreamInfoConfig.from_wire(found)
    assert ";".join(ours.pop("source_urls")) == reply.source_url == sources
    _agree(reply, {**ours, "source_url": reply.source_url})
    assert reply.source_using == inputs["sourceUrls"][0]
