"""What a change does on air, and the sentence in the preview."""

from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.lifecycle import Diff
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.vendors.alicloud.live_pull_stream_info_config import (
    LivePullStreamInfoConfig,
)
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.core.samples import CALLBACK, FILES, Inputs, checked
from tests.hosting import NOW

KEY = "hush-hush-key"
NOW_ON = {"startTime": "2030-01-01T11:00:00Z", "endTime": "2030-01-02T12:00:00Z"}
LATER = {"startTime": "2030-01-03T11:00:00Z", "endTime": "2030-01-04T12:00:00Z"}
TARGET = {"domain": "push.example.com", "stream": "main"}
HUAWEI = NOW_ON | {
    "sourceType": "PullLivePushLive",
    "sourceUrls": ["rtmp://play.example.com/live/one"],
    "domain": "push.example.com",
    "appName": "live",
    "streamName": "main",
}
HUAWEI_FILES = FILES | NOW_ON
ALICLOUD = NOW_ON | {
    "sourceType": "live",
    "sourceProtocol": "rtmp",
    "sourceUrls": ["rtmp://play.example.com/live/one"],
    "dstUrl": f"rtmp://push.example.com/live/main?auth_key={KEY}",
}
VOLCENGINE = NOW_ON | TARGET | {"type": 0, "srcAddr": "rtmp://a.example.com/live/1", "app": "live"}
SOURCE = TARGET | {"app": "live", "srcAddrS": ["rtmp://a.example.com/live/1"]}
PULL = NOW_ON | {
    "domainName": "live.example.com",
    "appName": "live",
    "streamName": "main",
    "sourceUrls": ["rtmp://a.example.com/live/1"],
}
OTHER = ["rtmp://play.example.com/live/two"]
STOPPED = {"running": False}
MOVED = {"destinationUrl": "rtmp://push.example.com/live/another"}
ON, OFF = {"status": "running"}, {"status": "stopped"}


def change(resource: type[Resource], old: Inputs, new: Inputs, state: Inputs | None = None) -> Diff:
    """Compare two inputs of a thing with the id `vendor/1`."""
    before, after = checked(resource, old), checked(resource, new)
    return lifecycle.diff(resource, before, before | (state or {}), after, NOW, "vendor/1")


@pytest.mark.parametrize(
    ("resource", "old", "new", "state", "kind"),
    [
        (PullTask, HUAWEI, {"sourceUrls": OTHER}, {}, "goes off air"),
        (PullTask, HUAWEI, {"endTime": LATER["endTime"]}, {}, "goes off air"),
        (PullTask, HUAWEI | LATER, {"sourceUrls": OTHER}, {}, "nothing"),
        (PullTask, HUAWEI_FILES, {"sourceUrls": FILES["sourceUrls"][:1]}, {}, "restarts"),
        (PullTask, HUAWEI_FILES, {"vodLoopTime": 3}, {}, "nothing"),
        (PullTask, HUAWEI_FILES | STOPPED, {"sourceUrls": OTHER}, STOPPED, "nothing"),
        (PullTask, HUAWEI_FILES, STOPPED, {}, "stops"),
        (PullTask, HUAWEI_FILES | STOPPED, {"running": True}, STOPPED, "starts"),
        (PullTask, HUAWEI_FILES, {"endTime": LATER["endTime"]}, {}, "moves"),
        (LivePullToPush, ALICLOUD, {"sourceUrls": OTHER}, ON, "restarts"),
        (LivePullToPush, ALICLOUD, {"sourceUrls": OTHER}, OFF, "starts"),
        (LivePullToPush, ALICLOUD | STOPPED, {"sourceUrls": OTHER}, OFF, "nothing"),
        (LivePullToPush, ALICLOUD, {"callbackUrl": "https://h.example.com/"}, ON, "nothing"),
        (LivePullToPush, ALICLOUD, {"dstUrl": "rtmp://p.example.com/live/x"}, ON, "goes off air"),
        (LivePullToPush, ALICLOUD, STOPPED, ON, "stops"),
        (LivePullToPush, ALICLOUD | LATER, {"sourceUrls": OTHER}, {"status": "idle"}, "nothing"),
        (PullToPushTask, VOLCENGINE, {"srcAddr": OTHER[0]}, {"status": "active"}, "restarts"),
        (PullToPushTask, VOLCENGINE, {"title": "x"}, {"status": "active"}, "nothing"),
        (PullToPushTask, VOLCENGINE, {"groupName": "x"}, {"status": "active"}, "goes off air"),
        (PullToPushTask, VOLCENGINE, {"groupName": "x"}, {"status": "stopped"}, "starts"),
        (LivePullToPush, ALICLOUD, {"sourceUrls": OTHER}, {"status": "idle"}, "restarts"),
        (PullToPushTask, VOLCENGINE, {"groupName": "x"}, {"status": "not started"}, "goes off air"),
        (PullTask, HUAWEI, LATER, {}, "goes off air"),
        (LivePullToPush, ALICLOUD, LATER, ON, "goes off air"),
        (PullTask, HUAWEI | LATER, NOW_ON, {}, "starts"),
        (PullTask, HUAWEI_FILES | LATER, STOPPED, {}, "is cancelled"),
        (PullTask, HUAWEI_FILES | LATER | STOPPED, {"running": True}, STOPPED, "is planned"),
        (
            PullTask,
            HUAWEI_FILES | STOPPED,
            {"destinationUrl": "rtmp://p.example.com/a/b"},
            STOPPED,
            "nothing",
        ),
        (PullToPushTask, VOLCENGINE | STOPPED, LATER, STOPPED, "nothing"),
        (RelaySource, SOURCE, {"srcAddrS": OTHER}, {}, "restarts"),
        (RelaySource, SOURCE | LATER, {"srcAddrS": OTHER}, {}, "nothing"),
        (RelaySource, SOURCE, {"stream": "other"}, {}, "goes off air"),
        (LivePullStreamInfoConfig, PULL, {"sourceUrls": OTHER}, {}, "restarts"),
        (LivePullStreamInfoConfig, PULL, {"endTime": LATER["endTime"]}, {}, "restarts"),
        (LivePullStreamInfoConfig, PULL | LATER, {"sourceUrls": OTHER}, {}, "nothing"),
        (LivePullStreamInfoConfig, PULL | LATER, NOW_ON, {}, "starts"),
        (LivePullStreamInfoConfig, PULL, LATER, {}, "goes off air"),
        (LivePullStreamInfoConfig, PULL, {"streamName": "other"}, {}, "goes off air"),
        (RecordCallback, CALLBACK, {"app": "other"}, {}, "nothing"),
    ],
)
def test_a_change_reports_its_effect_on_air(
    resource: type[Resource], old: Inputs, new: Inputs, state: Inputs, kind: str
) -> None:
    """Only a relay on air can go off air, restart or stop, and only a stopped one can start."""
    found = change(resource, old, {**old, **new}, state)
    assert found.effect.kind == kind
    assert bool(found.note) is (kind not in {"nothing", "moves"})


@pytest.mark.parametrize(
    ("resource", "old", "new", "note"),
    [
        (
            PullTask,
            HUAWEI,
            {"sourceUrls": OTHER, "endTime": LATER["endTime"]},
            "huaweicloud.PullTask push.example.com/live/main (vendor/1) goes off air while it is "
            "replaced, because `end_time` and `source_urls` changed",
        ),
        (
            LivePullToPush,
            ALICLOUD,
            {"dstUrl": f"rtmp://push.example.com/live/main?auth_key={KEY}2"},
            "alicloud.LivePullToPush push.example.com/live (vendor/1) goes off air while it is "
            "replaced, because `dst_url` (secret) changed",
        ),
    ],
)
def test_the_sentence_names_stream_and_reason_and_no_key(
    resource: type[Resource], old: Inputs, new: Inputs, note: str
) -> None:
    """The last part of an address may be a key, and its query usually contains one."""
    found = change(resource, old, {**old, **new})
    assert found.note == note
    assert KEY not in found.note + found.hidden


def test_a_secret_that_changed_without_an_effect_on_air_is_named() -> None:
    """Pulumi's preview in the dynamic host shows nothing of it."""
    key = "0123456789abcdef0123456789abcdef"
    found = change(RecordCallback, CALLBACK | {"key": key}, CALLBACK | {"key": key[::-1]})
    assert found.hidden == "huaweicloud.RecordCallback vendor/1 is updated: `key` (secret) changed"
    callback = {"callbackUrl": "https://h.example.com/?token=a"}
    other = {"callbackUrl": "https://h.example.com/?token=b"}
    updated = change(LivePullToPush, ALICLOUD | callback, ALICLOUD | other)
    assert updated.hidden.endswith("is updated: `callback_url` (secret) changed")
    assert change(PullTask, HUAWEI, HUAWEI | {"sourceUrls": OTHER}).hidden == ""


@pytest.mark.parametrize("state", [STOPPED, STOPPED | OFF])
def test_what_stays_stopped_is_reported_when_running_is_taken_out(state: Inputs) -> None:
    """The preview says "unchanged", so nothing else would show that it is off air."""
    found = change(LivePullToPush, ALICLOUD | STOPPED, ALICLOUD, state)
    assert (found.changed, found.effect.kind) == (set(), "nothing")
    assert found.note.startswith("alicloud.LivePullToPush push.example.com/live (vendor/1) stays")
    assert "Set `running` to true" in found.note
    assert change(LivePullToPush, ALICLOUD | STOPPED, ALICLOUD | STOPPED, state).note == ""


@pytest.mark.parametrize("odd", [{"dstUrl": "rtmp://[x"}, {"dstUrl": 7}, {"startTime": 5}])
def test_a_state_that_holds_anything_can_be_named(odd: dict[str, Any]) -> None:
    """A vendor may answer what no document names."""
    found = change(LivePullToPush, ALICLOUD, ALICLOUD | {"sourceUrls": OTHER}, odd)
    assert "sourceUrls" in found.changed
