"""Plans as `pulumi preview --json` prints them, made of the inputs that a step has."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pulumi_livepull.core.resource import Resource
from pulumi_livepull.hosts.dynamic import dynamic_type
from pulumi_livepull.review.judge import judge
from pulumi_livepull.review.plan import Plan, read_file
from pulumi_livepull.review.review import Change, Review
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from tests.hosting import NOW

Json = dict[str, Any]

SECRET = "[secret]"
OPEN = {"startTime": "2030-01-01T11:00:00Z", "endTime": "2030-01-01T15:00:00Z"}
LATER = {"startTime": "2030-01-01T19:00:00Z", "endTime": "2030-01-01T21:00:00Z"}
OVER = {"startTime": "2030-01-01T08:00:00Z", "endTime": "2030-01-01T10:00:00Z"}
HUAWEI: Json = {
    "sourceType": "PullLivePushLive",
    "sourceUrls": ["rtmp://play.example.com/live/one"],
    "domain": "push.example.com",
    "appName": "live",
    "streamName": "main",
}
ALICLOUD: Json = {
    "sourceType": "live",
    "sourceProtocol": "rtmp",
    "sourceUrls": ["rtmp://play.example.com/live/one"],
    "dstUrl": SECRET,
}
VOLCENGINE: Json = {
    "type": 0,
    "srcAddr": "rtmp://play.example.com/live/one",
    "domain": "push.example.com",
    "app": "live",
    "stream": "main",
}
OF = {PullTask: HUAWEI, LivePullToPush: ALICLOUD, PullToPushTask: VOLCENGINE}


def step(
    op: str,
    name: str,
    kind: type[Resource] = PullTask,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    *,
    dynamic: bool = False,
    stack: str = "live",
    parents: str = "",
    state: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Json:
    """One step about a resource with these inputs before and after; `facts` are the engine's."""
    type_ = dynamic_type(kind.token) if dynamic else kind.token
    chain = f"{parents}${type_}" if parents else type_
    urn = f"urn:pulumi:{stack}::tv::{chain}::{name}"
    made: Json = {"op": op, "urn": urn, **facts}
    if old is not None:
        made["oldState"] = {
            "urn": urn,
            "type": type_,
            "id": f"vendor/{name}",
            "inputs": dict(old),
            "outputs": {**old, "status": "running", **(state or {})},
        }
    if old is not None and parents:
        made["oldState"]["parent"] = f"urn:pulumi:{stack}::tv::{parents}::week"
    if new is not None:
        made["newState"] = {"urn": urn, "type": type_, "inputs": dict(new)}
    return made


def digest(*steps: Json, diagnostics: list[Json] | None = None) -> str:
    """A whole plan, as text."""
    return json.dumps({"steps": list(steps), "diagnostics": diagnostics or []})


def plan(*steps: Json, diagnostics: list[Json] | None = None) -> Plan:
    """A whole plan, read."""
    return read_file(Path("plan.json"), digest(*steps, diagnostics=diagnostics).encode())


def reviewed(*steps: Json, diagnostics: list[Json] | None = None, at: datetime = NOW) -> Review:
    """The review of one plan."""
    return judge([plan(*steps, diagnostics=diagnostics)], at)


def only(*steps: Json, **options: Any) -> Change:
    """The one change of a plan."""
    (change,) = reviewed(*steps, **options).changes
    return change
