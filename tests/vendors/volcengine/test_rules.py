"""What the inputs of Volcengine's resources get wrong together, as data."""

from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Failure, Resource
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.hosting import NOW

Inputs = dict[str, Any]
Findings = list[tuple[str, str, str]]

FAILURE, CAUTION = "failure", "caution"
SOURCE = {
    "domain": "pull.example.com",
    "app": "live",
    "stream": "one",
    "srcAddrS": ["rtmp://src.example.org/live/one"],
}
TIMES = {"startTime": "2030-01-01T13:00:00Z", "endTime": "2030-01-02T12:00:00Z"}
CALLBACK = {
    "messageType": "record",
    "vhost": "space",
    "callbackUrls": ["https://hooks.example.org/recordings"],
}
ADDRESS = {"dstAddr": "rtmp://push.example.com/live/one"}
NAMED = {"domain": "push.example.com", "app": "live", "stream": "one"}
LIVE = TIMES | {"type": 0, "srcAddr": "rtmp://src.example.org/live/one"}
FILE = {"srcAddr": "https://files.example.org/1.mp4"}
FILES = TIMES | {"type": 1, "vodSrcAddrs": [FILE], "cycleMode": -1}
WATERMARK = {
    "picture": "data:image/png;base64,AAAA",
    "ratio": 0.25,
    "relativePosX": 0.5,
    "relativePosY": 0.5,
}
GROUP = {"name": "sports", "projectName": "default"}
KEY = "examplekey"
MANY = [f"rtmp://src{number}.example.org/live/one" for number in range(11)]


def findings(resource: type[Resource], inputs: Inputs) -> Findings:
    """Return what is found: kind, property and reason."""
    given = {name: value for name, value in inputs.items() if value is not None}
    checked = lifecycle.check(resource, {}, given, NOW)
    return [
        (FAILURE if isinstance(each, Failure) else CAUTION, each.property, each.reason)
        for each in (*checked.failures, *checked.cautions)
    ]


def expect(found: Findings, expected: Findings) -> None:
    """Assert that each finding is there, its reason at least with the given words, and no other."""
    assert [each[:2] for each in found] == [each[:2] for each in expected], found
    for (_, _, reason), (_, _, words) in zip(found, expected, strict=True):
        assert words in reason


@pytest.mark.parametrize(
    "change",
    [
        {},
        TIMES,
        {**TIMES, "endTime": "2030-01-08T13:00:00Z"},
        {**TIMES, "startTime": "2029-12-31T00:00:00Z"},
        {"srcAddrS": MANY[:10]},
        {"srcAddrS": ["https://src.example.org:8443/live/one.flv", "srt://src.example.org:7001"]},
        {"srcAddrS": ["http://src.example.org/live/one.m3u8?token=x"]},
        {"startTime": "2038-01-15T00:00:00Z", "endTime": "2038-01-19T03:14:07Z"},
    ],
)
def test_a_sound_source_has_no_finding(change: Inputs) -> None:
    """Users ignore a warning that always appears."""
    assert findings(RelaySource, SOURCE | change) == []


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (
            "2030-01-01T13:00:00Z",
            None,
            [(FAILURE, "endTime", "is missing: set both times, or neither for a permanent pull")],
        ),
        (
            None,
            "2030-01-01T13:00:00Z",
            [(FAILURE, "startTime", "is missing: set both times, or neither for a permanent pull")],
        ),
        (
            "2030-01-01T13:00:00Z",
            "2030-01-01T13:00:00Z",
            [(FAILURE, "endTime", "must be later than `startTime`")],
        ),
        (
            "2030-01-02T00:00:00+08:00",
            "2030-01-01T15:00:00Z",
            [(FAILURE, "endTime", "must be later than `startTime`")],
        ),
        (
            "2030-01-01T13:00:00Z",
            "2030-01-08T13:00:01Z",
            [(FAILURE, "endTime", "must be at most 7 days after the start")],
        ),
        (
            "2029-12-31T12:00:00Z",
            "2030-01-01T12:00:00Z",
            [(FAILURE, "endTime", "has passed: give a time in the future")],
        ),
        (
            "2038-01-19T00:00:00Z",
            "2038-01-19T03:14:08Z",
            [(CAUTION, "endTime", "is after 2038-01-19, which the vendor may not take")],
        ),
        (
            "2030-01-01T13:00:00",
            "2030-01-02T13:00:00Z",
            [(FAILURE, "startTime", "needs a UTC offset")],
        ),
    ],
)
def test_a_source_has_both_times_or_none(
    start: str | None, end: str | None, expected: Findings
) -> None:
    """Without times the pull is permanent; with them it ends within seven days."""
    expect(findings(RelaySource, SOURCE | {"startTime": start, "endTime": end}), expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"srcAddrS": MANY}, [(FAILURE, "srcAddrS", "must be at most 10 addresses")]),
        ({"srcAddrS": []}, [(FAILURE, "srcAddrS", "needs at least 1")]),
        (
            {"srcAddrS": [MANY[0], "src.example.org/live/one"]},
            [(FAILURE, "srcAddrS[1]", "must be a full address")],
        ),
        (
            {"srcAddrS": [MANY[0], "ftp://src.example.org/one"]},
            [(CAUTION, "srcAddrS[1]", "has the scheme ftp, not one of rtmp, http, https, srt")],
        ),
        (
            {"srcAddrS": ["rtmp://10.0.0.1/live/one"]},
            [(CAUTION, "srcAddrS[0]", "is a private address, which the cloud cannot reach")],
        ),
        *(
            ({name: ""}, [(FAILURE, name, "must not be empty")])
            for name in ("domain", "app", "stream")
        ),
        *(
            ({name: None}, [(FAILURE, name, "is required")])
            for name in ("domain", "app", "stream", "srcAddrS")
        ),
        *(({name: "a/b"}, [(FAILURE, name, "")]) for name in ("domain", "app", "stream")),
        ({"taskId": "1"}, [(FAILURE, "taskId", "is an output: remove it from the inputs")]),
    ],
)
def test_a_source_that_cannot_work_is_reported(change: Inputs, expected: Findings) -> None:
    """Its id is `domain/app/stream`, so no part may be empty or contain a slash."""
    expect(findings(RelaySource, SOURCE | change), expected)


@pytest.mark.parametrize(
    "change",
    [
        ADDRESS,
        NAMED,
        {**NAMED, "endTime": "2030-01-08T13:00:00Z"},
        {**NAMED, "startTime": "2029-12-31T00:00:00Z"},
        {**NAMED, "callbackUrl": "https://hooks.example.org/tasks", "title": "channel"},
        {**NAMED, "groupName": "sports", "running": True},
        {"dstAddr": "rtmp://push.example.com/live/one?volcTime=1893585600&volcSecret=x"},
        {**NAMED, "title": "直播Channel1", "groupName": "体育2"},
        {**NAMED, "watermark": WATERMARK},
        {**NAMED, "watermark": WATERMARK | {"relativePosX": 0, "relativePosY": 0.99}},
        # No page gives its range.
        {**NAMED, "watermark": WATERMARK | {"ratio": 12.5}},
    ],
)
@pytest.mark.parametrize("source", [LIVE, FILES], ids=["live", "files"])
def test_a_sound_task_has_no_finding(source: Inputs, change: Inputs) -> None:
    """Users ignore a warning that always appears."""
    assert findings(PullToPushTask, source | change) == []


@pytest.mark.parametrize("source", [LIVE, FILES], ids=["live", "files"])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [(FAILURE, "dstAddr", "is missing: set it, or `domain`, `app` and `stream`")]),
        *(
            (
                {name: value for name, value in NAMED.items() if name != lacking},
                [(FAILURE, "dstAddr", "is missing: set it, or `domain`, `app` and `stream`")],
            )
            for lacking in NAMED
        ),
        (
            ADDRESS | NAMED,
            [(CAUTION, name, "is ignored when `dstAddr` is set") for name in NAMED],
        ),
        (
            NAMED | {"stream": "one?volcTime=4000000000&volcSecret=s"},
            [
                (
                    CAUTION,
                    "stream",
                    "has a query, and this input is not secret: use `dstAddr` for it",
                )
            ],
        ),
        (
            {"dstAddr": "ftp://push.example.com/live/one"},
            [(CAUTION, "dstAddr", "has the scheme ftp, not one of rtmp, http, https, srt")],
        ),
        (
            {"dstAddr": "rtmp://localhost/live/one"},
            [(CAUTION, "dstAddr", "is a private address")],
        ),
        (
            {"dstAddr": "rtmp://push.example.com/live/one?volcTime=1893585599&volcSecret=x"},
            [
                (
                    CAUTION,
                    "dstAddr",
                    "is signed only until 2030-01-02T11:59:59Z, before the task",
                )
            ],
        ),
        (
            {**NAMED, "endTime": "2030-01-08T13:00:01Z"},
            [(FAILURE, "endTime", "must be at most 7 days after the start")],
        ),
        (
            {**NAMED, "endTime": "2030-01-01T13:00:00Z"},
            [(FAILURE, "endTime", "must be later than `startTime`")],
        ),
        ({**NAMED, "startTime": None}, [(FAILURE, "startTime", "is required")]),
        (
            {**NAMED, "callbackUrl": "http://10.1.2.3/hook"},
            [(CAUTION, "callbackUrl", "is a private address")],
        ),
        *(
            (
                {**NAMED, name: text},
                [(FAILURE, name, "may hold Chinese characters, letters and digits only")],
            )
            for name in ("title", "groupName")
            for text in ("a channel", "a-channel", "a_channel", "群组/1", "直播。")
        ),
        *(
            (
                {**NAMED, "watermark": WATERMARK | {name: share}},
                [(FAILURE, f"watermark.{name}", "must be at least 0 and less than 1")],
            )
            for name in ("relativePosX", "relativePosY")
            for share in (1, 1.5, 50, -0.01)
        ),
        (
            {**NAMED, "watermark": WATERMARK | {"relativePosX": 1, "relativePosY": -1}},
            [
                (FAILURE, "watermark.relativePosX", "less than 1"),
                (FAILURE, "watermark.relativePosY", "less than 1"),
            ],
        ),
        *(
            (
                {**NAMED, "watermark": WATERMARK | {"picture": picture}},
                [(FAILURE, "watermark.picture", "must be a data URL: data:image/png;base64,")],
            )
            for picture in (
                "https://files.example.org/logo.png",
                "iVBORw0KGgo=",
                "data:text/plain,",
            )
        ),
    ],
)
def test_a_task_has_one_target_and_a_window(
    source: Inputs, change: Inputs, expected: Findings
) -> None:
    """An address, or a domain with app and stream; and both times."""
    expect(findings(PullToPushTask, source | change), expected)


@pytest.mark.parametrize(
    ("source", "change", "expected"),
    [
        (LIVE, {"srcAddr": None}, [(FAILURE, "srcAddr", "is required for a live source")]),
        (
            LIVE,
            {"vodSrcAddrs": FILES["vodSrcAddrs"]},
            [(FAILURE, "vodSrcAddrs", "is for files only, type 1")],
        ),
        (
            LIVE,
            {"srcAddr": "ftp://src.example.org/live/one"},
            [(CAUTION, "srcAddr", "has the scheme ftp, not one of rtmp, http, https, srt")],
        ),
        (
            LIVE,
            {"srcAddr": "rtmp://192.168.0.7/live/one"},
            [(CAUTION, "srcAddr", "is a private address")],
        ),
        (FILES, {"vodSrcAddrs": None}, [(FAILURE, "vodSrcAddrs", "is required for files")]),
        (
            FILES,
            {"vodSrcAddrs": [{"srcAddr": f"https://files.example.org/{n}"} for n in range(31)]},
            [(FAILURE, "vodSrcAddrs", "must be at most 30 files")],
        ),
        (
            FILES,
            {"vodSrcAddrs": [{"srcAddr": "https://files.internal/1.mp4"}]},
            [(CAUTION, "vodSrcAddrs[0].srcAddr", "is a private address")],
        ),
        (
            FILES,
            {"srcAddr": "rtmp://src.example.org/live/one"},
            [(FAILURE, "srcAddr", "is for a live source only, type 0")],
        ),
        (FILES, {"cycleMode": None}, [(FAILURE, "cycleMode", "is required for files")]),
        *(
            (
                FILES,
                {"vodSrcAddrs": [FILE, FILE | offsets]},
                [(CAUTION, "vodSrcAddrs[1].endOffset", "is not after `startOffset`")],
            )
            for offsets in (
                {"startOffset": 30, "endOffset": 10},
                {"startOffset": 30, "endOffset": 30},
                {"endOffset": -1},
            )
        ),
        *(
            (FILES, {"vodSrcAddrs": [FILE | offsets]}, [])
            for offsets in (
                {"startOffset": 1.5},
                {"endOffset": 30},
                {"startOffset": 10, "endOffset": 30},
            )
        ),
        (FILES, {"cycleMode": -2}, [(FAILURE, "cycleMode", "must be at least -1")]),
        (FILES, {"type": 2}, [(FAILURE, "type", "must be less than or equal to 1")]),
    ],
)
def test_a_task_has_the_source_of_its_type(
    source: Inputs, change: Inputs, expected: Findings
) -> None:
    """Type 0 relays one live stream, type 1 plays up to 30 files."""
    expect(findings(PullToPushTask, source | NAMED | change), expected)


@pytest.mark.parametrize(
    "change",
    [
        {},
        *({"messageType": kind} for kind in ("push", "push_end", "snapshot", "audit_snapshot")),
        {"app": "live"},
        {"vhost": None, "domain": "push.example.com"},
        {"callbackUrls": ["http://hooks.example.org/a", "https://hooks.example.org/b"]},
        {"authEnable": True, "authKeyPrimary": KEY},
        {"authEnable": False},
        {"messageType": "push", "transcodeCallback": 1},
        {"transcodeCallback": 0},
    ],
)
def test_a_sound_callback_has_no_finding(change: Inputs) -> None:
    """Users ignore a warning that always appears."""
    assert findings(Callback, CALLBACK | change) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"vhost": None},
            [(FAILURE, "vhost", "is missing: set `vhost` or `domain`")],
        ),
        (
            {"domain": "push.example.com"},
            [(FAILURE, "vhost", "cannot be set together with `domain`: choose one")],
        ),
        (
            {"vhost": None, "domain": "push.example.com", "app": "live"},
            [(FAILURE, "app", "is for `vhost` only")],
        ),
        (
            {"messageType": "moon"},
            [(CAUTION, "messageType", 'has "moon", which the vendor does not document: push, ')],
        ),
        ({"callbackUrls": []}, [(FAILURE, "callbackUrls", "needs at least 1")]),
        (
            {"callbackUrls": ["https://hooks.example.org/a", "ftp://hooks.example.org/b"]},
            [(FAILURE, "callbackUrls[1]", "must start with http:// or https://")],
        ),
        (
            {"callbackUrls": ["https://hooks.internal/"]},
            [(CAUTION, "callbackUrls[0]", "is a private address")],
        ),
        (
            {"authEnable": True},
            [(FAILURE, "authKeyPrimary", "is required with `authEnable`")],
        ),
        (
            {"authKeyPrimary": KEY},
            [(CAUTION, "authKeyPrimary", "signs nothing without `authEnable`")],
        ),
        (
            {"authEnable": False, "authKeyPrimary": KEY},
            [(CAUTION, "authKeyPrimary", "signs nothing without `authEnable`")],
        ),
        ({"transcodeCallback": 2}, [(FAILURE, "transcodeCallback", "must be less than or equal")]),
        ({"transcodeCallback": -1}, [(FAILURE, "transcodeCallback", "must be at least 0")]),
        ({"app": "a/b"}, [(FAILURE, "app", "")]),
        ({"vhost": "a/b"}, [(FAILURE, "vhost", "")]),
    ],
)
def test_a_callback_that_cannot_work_is_reported(change: Inputs, expected: Findings) -> None:
    """It is for a domain or a space, and only a space has apps. Its scope is its id, so no part may
    contain a slash.
    """
    expect(findings(Callback, CALLBACK | change), expected)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"name": "体育Group1"},
        {"tags": []},
        {"tags": [{"key": "team", "value": "video"}, {"key": "stage", "value": ""}]},
    ],
)
def test_a_sound_group_has_no_finding(change: Inputs) -> None:
    """Users ignore a warning that always appears."""
    assert findings(PullToPushGroup, GROUP | change) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": None}, [(FAILURE, "name", "is required")]),
        ({"projectName": None}, [(FAILURE, "projectName", "is required")]),
        ({"name": ""}, [(FAILURE, "name", "must not be empty")]),
        *(
            ({"name": name}, [(FAILURE, "name", "may hold Chinese characters, letters and digits")])
            for name in ("a group", "a-group", "a/b", "群组_1")
        ),
        ({"tags": [{"value": "video"}]}, [(FAILURE, "tags[0].key", "is required")]),
        ({"tags": {"team": "video"}}, [(FAILURE, "tags", "must be a list")]),
        ({"tasks": []}, [(FAILURE, "tasks", "is not an input")]),
    ],
)
def test_a_group_that_cannot_work_is_reported(change: Inputs, expected: Findings) -> None:
    """Its name is its id and part of its tasks' ids, so it may not contain a slash."""
    expect(findings(PullToPushGroup, GROUP | change), expected)
