"""What the inputs of Huawei's resources get wrong together, as data."""

from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Failure, Resource
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.hosting import NOW

Inputs = dict[str, Any]
Findings = list[tuple[str, str, str]]

FAILURE, CAUTION = "failure", "caution"
TARGET = {"domain": "push.example.com", "appName": "live", "streamName": "one"}
URL = "rtmp://push.example.com/live/one"
LIVE = {"sourceType": "PullLivePushLive", "sourceUrls": ["rtmp://play.example.com/live/one"]}
FILES = {
    "sourceType": "PullVodPushLive",
    "sourceUrls": ["https://files.example.com/a.mp4", "https://files.example.com/b.mp4"],
}
CALLBACK = {
    "publishDomain": "push.example.com",
    "app": "live",
    "notifyCallbackUrl": "https://hooks.example.com/recordings",
}
KEY = "0123456789abcdef0123456789ABCDEF"


def findings(resource: type[Resource], inputs: Inputs) -> Findings:
    """Return what is found: kind, property and reason."""
    checked = lifecycle.check(resource, {}, inputs, NOW)
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
        TARGET,
        {"destinationUrl": URL},
        {**TARGET, "pushArgs": "a=b"},
        {**TARGET, "endTime": "2030-01-08T12:00:00Z"},
        {**TARGET, "startTime": "2030-02-01T00:00:00Z", "endTime": "2030-02-08T00:00:00Z"},
        {**TARGET, "startTime": "2029-01-01T00:00:00Z"},
        {**TARGET, "callbackUrl": "https://hooks.example.com/?a=b"},
        {**TARGET, "callbackEvents": ["TaskStart", "TaskExit", "TaskAlarm"]},
    ],
)
@pytest.mark.parametrize("source", [LIVE, FILES], ids=["live", "files"])
def test_a_sound_task_has_no_finding(source: Inputs, change: Inputs) -> None:
    """Users ignore a warning that always appears."""
    assert findings(PullTask, source | change) == []


@pytest.mark.parametrize(
    "change",
    [
        {"sourceUrls": [f"https://files.example.com/{number}.mp4" for number in range(30)]},
        {"vodLoopTime": -1},
        {"vodLoopTime": 1},
        {"vodStartVideoIndex": 1},
        {"vodStartVideoTime": 0},
        {"vodRefreshType": "continue_from_break_point"},
        {"running": False},
        {"callbackEvents": ["VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig"]},
    ],
)
def test_a_sound_file_task_has_no_finding(change: Inputs) -> None:
    """With the settings that are only for files."""
    assert findings(PullTask, FILES | TARGET | change) == []


def test_a_sound_backup_has_no_finding() -> None:
    """With both its type and its addresses, for a live source."""
    backup = {
        "backupSourceType": "PullLivePushLive",
        "backupSourceUrls": ["rtmp://backup.example.com/live/one"],
    }
    assert findings(PullTask, LIVE | TARGET | backup) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [(FAILURE, "domain", "is missing: set `domain` or `destinationUrl`")]),
        ({"appName": "live"}, [(FAILURE, "domain", "is missing: set")]),
        (
            {**TARGET, "destinationUrl": URL},
            [(FAILURE, "domain", "cannot be set together with `destinationUrl`")],
        ),
        (
            {"destinationUrl": URL, "appName": "live"},
            [(FAILURE, "destinationUrl", "leave out `appName` and `streamName`")],
        ),
        (
            {"destinationUrl": URL, "streamName": "one"},
            [(FAILURE, "destinationUrl", "leave out `appName` and `streamName`")],
        ),
        (
            {"domain": "push.example.com"},
            [(CAUTION, "domain", "needs `appName` and `streamName` beside it")],
        ),
        (
            {"domain": "push.example.com", "appName": "live"},
            [(CAUTION, "domain", "needs `appName` and `streamName` beside it")],
        ),
        (
            TARGET | {"streamName": "one?hwSecret=ab&hwTime=F0000000"},
            [(CAUTION, "streamName", "has a query, and this input is not secret: use `dest")],
        ),
    ],
)
@pytest.mark.parametrize("source", [LIVE, FILES], ids=["live", "files"])
def test_a_task_pushes_to_one_target(source: Inputs, change: Inputs, expected: Findings) -> None:
    """A full address, or a domain with app and stream; neither is an error."""
    expect(findings(PullTask, source | change), expected)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, "2030-01-01T12:00:00Z", [(FAILURE, "endTime", "has passed: give a time in the")]),
        (None, "2030-01-08T12:00:01Z", [(FAILURE, "endTime", "must be at most 7 days after")]),
        (
            "2030-01-05T00:00:00Z",
            "2030-01-12T00:00:01Z",
            [(FAILURE, "endTime", "must be at most 7 days after")],
        ),
        (
            "2030-01-05T00:00:00Z",
            "2030-01-05T00:00:00Z",
            [(FAILURE, "endTime", "must be later than `startTime`")],
        ),
        (
            "2030-01-05T00:00:00+08:00",
            "2030-01-04T15:00:00Z",
            [(FAILURE, "endTime", "must be later than `startTime`")],
        ),
    ],
)
def test_a_task_has_a_window(start: str | None, end: str, expected: Findings) -> None:
    """It ends after its start, in the future, and within seven days."""
    times = {"startTime": start, "endTime": end}
    expect(findings(PullTask, LIVE | TARGET | times), expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"sourceUrls": ["rtmp://a.example.com/1", "rtmp://b.example.com/1"]},
            [(FAILURE, "sourceUrls", "must be one address for a live source")],
        ),
        ({"running": True}, [(FAILURE, "running", "only for file tasks (`PullVodPushLive`)")]),
        ({"running": False}, [(FAILURE, "running", "only for file tasks (`PullVodPushLive`)")]),
        ({"vodLoopTime": 2}, [(CAUTION, "vodLoopTime", "has no effect on a live source")]),
        ({"vodLoopTime": 0}, [(CAUTION, "vodLoopTime", "has no effect on a live source")]),
        (
            {"vodRefreshType": "immediate_new_source", "vodStartVideoTime": 0},
            [
                (CAUTION, "vodRefreshType", "has no effect on a live source"),
                (CAUTION, "vodStartVideoTime", "has no effect on a live source"),
            ],
        ),
        (
            {"callbackEvents": ["TaskExit", "VodSourceFileStart", "ResetTaskConfig"]},
            [
                (CAUTION, "callbackEvents", "has ResetTaskConfig, which never comes"),
                (CAUTION, "callbackEvents", "has VodSourceFileStart, which never comes"),
            ],
        ),
    ],
)
def test_a_live_source_takes_no_file_settings(change: Inputs, expected: Findings) -> None:
    """Inputs that the vendor ignores cause a warning, impossible ones an error."""
    expect(findings(PullTask, LIVE | TARGET | change), expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"sourceUrls": [f"https://files.example.com/{number}.mp4" for number in range(31)]},
            [(FAILURE, "sourceUrls", "must be at most 30 files")],
        ),
        ({"vodLoopTime": 0}, [(FAILURE, "vodLoopTime", "must be -1 for endless, or at least 1")]),
        ({"vodLoopTime": -2}, [(FAILURE, "vodLoopTime", "must be -1 for endless, or at least 1")]),
        (
            {"vodStartVideoIndex": 2},
            [(FAILURE, "vodStartVideoIndex", "is beyond the last of `sourceUrls`")],
        ),
        (
            {"sourceUrls": FILES["sourceUrls"] + FILES["sourceUrls"][:1]},  # type: ignore[operator]
            [(CAUTION, "sourceUrls[2]", "is in the list already, so it would play twice")],
        ),
        (
            {"callbackEvents": ["TaskNap"]},
            [(CAUTION, "callbackEvents", 'has "TaskNap", which the vendor does not document: ')],
        ),
    ],
)
def test_files_are_bounded_as_the_vendors_page_says(change: Inputs, expected: Findings) -> None:
    """At most 30 files, an index within them, and at least one round."""
    expect(findings(PullTask, FILES | TARGET | change), expected)


@pytest.mark.parametrize(
    ("source", "change", "expected"),
    [
        (
            LIVE,
            {"backupSourceType": "PullLivePushLive"},
            [(CAUTION, "backupSourceUrls", "needs `backupSourceType`, and vice versa")],
        ),
        (
            LIVE,
            {"backupSourceUrls": ["rtmp://b.example.com/1"]},
            [(CAUTION, "backupSourceUrls", "needs `backupSourceType`, and vice versa")],
        ),
        (
            FILES,
            {
                "backupSourceType": "PullLivePushLive",
                "backupSourceUrls": ["rtmp://b.example.com/1"],
            },
            [],
        ),
        (
            LIVE,
            {"backupSourceType": "Other", "backupSourceUrls": ["rtmp://b.example.com/1"]},
            [(CAUTION, "backupSourceType", 'has "Other", which the vendor does not document')],
        ),
    ],
)
def test_a_backup_is_refused_in_no_combination(
    source: Inputs, change: Inputs, expected: Findings
) -> None:
    """The vendor's pages disagree on which source may have one, so there is no warning either."""
    expect(findings(PullTask, source | TARGET | change), expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"sourceUrls": ["ftp://files.example.com/1"]},
            [(CAUTION, "sourceUrls[0]", "has the scheme ftp, not one of rtmp, rtmps, http")],
        ),
        (
            {"sourceUrls": ["rtmp://192.168.0.7/1"]},
            [(CAUTION, "sourceUrls[0]", "is a private address, which the cloud cannot reach")],
        ),
        (
            {
                "backupSourceType": "PullLivePushLive",
                "backupSourceUrls": ["rtmp://b.example.com/1", "file://localhost/x"],
            },
            [
                (CAUTION, "backupSourceUrls[1]", "has the scheme file, not one of"),
                (CAUTION, "backupSourceUrls[1]", "is a private address"),
            ],
        ),
        (
            {"destinationUrl": "ftp://push.example.com/live/one"},
            [(CAUTION, "destinationUrl", "has the scheme ftp, not one of")],
        ),
        (
            {"destinationUrl": "rtmp://localhost/live/one"},
            [(CAUTION, "destinationUrl", "is a private address")],
        ),
        (
            {"destinationUrl": f"{URL}?hwTime=70DDD2C0", "endTime": "2030-01-03T12:00:00Z"},
            [
                (
                    CAUTION,
                    "destinationUrl",
                    "is signed only until 2030-01-02T12:00:00Z, before the task ends",
                )
            ],
        ),
        (
            {**TARGET, "pushArgs": "hwTime=70DDD2C0", "endTime": "2030-01-03T12:00:00Z"},
            [
                (
                    CAUTION,
                    "pushArgs",
                    "is signed only until 2030-01-02T12:00:00Z, before the task ends",
                )
            ],
        ),
        (
            {"callbackUrl": "callback.example.com"},
            [(CAUTION, "callbackUrl", "has no scheme: most likely it needs https://")],
        ),
        (
            {"callbackUrl": "http://10.1.2.3/hook"},
            [(CAUTION, "callbackUrl", "is a private address")],
        ),
    ],
)
def test_an_address_that_is_most_likely_wrong_is_doubtful(
    change: Inputs, expected: Findings
) -> None:
    """The vendor decides; its own example of a callback address has no scheme."""
    target = {} if "destinationUrl" in change else TARGET
    expect(findings(PullTask, LIVE | target | change), expected)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"app": "*"},
        {"key": KEY, "signType": "MD5"},
        {"notifyCallbackUrl": "http://hooks.example.com:8080/a"},
        {"notifyEventSubscription": ["RECORD_OVER", "RECORD_FAILED", "RECORD_NEW_FILE_START"]},
    ],
)
def test_a_sound_callback_has_no_finding(change: Inputs) -> None:
    """Users ignore a warning that always appears."""
    assert findings(RecordCallback, CALLBACK | change) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"notifyCallbackUrl": "ftp://hooks.example.com/"},
            [(FAILURE, "notifyCallbackUrl", "must start with http:// or https://")],
        ),
        (
            {"notifyCallbackUrl": "https://hooks.example.com/?a=b"},
            [(CAUTION, "notifyCallbackUrl", "should have no query")],
        ),
        (
            {"notifyCallbackUrl": "https://hooks.internal/"},
            [(CAUTION, "notifyCallbackUrl", "is a private address")],
        ),
        ({"app": "**"}, [(CAUTION, "app", "should be `*` to mean any app")]),
        ({"signType": "MD5"}, [(CAUTION, "signType", "signs nothing without `key`")]),
        (
            {"key": KEY[:31], "signType": "MD5"},
            [(CAUTION, "key", "should be at least 32 letters and digits")],
        ),
        (
            {"key": KEY + "-", "signType": "MD5"},
            [(CAUTION, "key", "should be at least 32 letters and digits")],
        ),
        (
            {"key": KEY + "é", "signType": "MD5"},
            [(CAUTION, "key", "should be at least 32 letters and digits")],
        ),
        (
            {"notifyEventSubscription": ["RECORD_START"]},
            [(CAUTION, "notifyEventSubscription", 'has "RECORD_START", which the vendor does not')],
        ),
    ],
)
def test_a_callback_that_is_most_likely_wrong_is_doubtful(
    change: Inputs, expected: Findings
) -> None:
    """Only an address without HTTP(S) is an error: the vendor's pages disagree on the rest."""
    expect(findings(RecordCallback, CALLBACK | change), expected)
