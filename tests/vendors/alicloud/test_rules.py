"""What the inputs of Alibaba's resources get wrong together, as data."""

from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Failure, Resource
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.alicloud.record_notify_config import RecordNotifyConfig
from tests.hosting import NOW

Inputs = dict[str, Any]
Findings = list[tuple[str, str, str]]

FAILURE, CAUTION = "failure", "caution"
TARGET = {
    "dstUrl": "rtmp://push.example.com/app/one",
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}
LIVE = TARGET | {
    "sourceType": "live",
    "sourceProtocol": "rtmp",
    "sourceUrls": ["rtmp://play.example.com/live/one"],
}
FILES = TARGET | {
    "sourceType": "url",
    "sourceUrls": ["https://files.example.com/a.mp4", "https://files.example.com/b.mp4"],
}
ASSETS = TARGET | {
    "sourceType": "vod",
    "sourceUrls": ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"],
}
CONFIG = {"domainName": "live.example.com", "notifyUrl": "https://hooks.example.com/recordings"}
KEY = "0123456789abcDEF"
MANY = [f"https://files.example.com/{number}.mp4" for number in range(31)]


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
        {"region": "cn-shenzhen", "taskName": "channel"},
        {"endTime": "2030-01-08T13:00:00Z"},
        {"startTime": "2029-12-31T00:00:00Z"},
        {"startTime": "2030-01-01T21:00:00+08:00"},
        {"callbackUrl": "https://hooks.example.com/?a=b"},
        {"retryInterval": 60, "retryCount": 0},
        {"retryInterval": 300, "retryCount": 9},
        {"running": True},
        {"running": False, "startTime": "2029-12-31T12:00:00Z"},
        {"dstUrl": "rtmp://push.example.com/app/one?auth_key=1893585600-0-0-x"},
    ],
)
@pytest.mark.parametrize("source", [LIVE, FILES, ASSETS], ids=["live", "url", "vod"])
def test_a_sound_task_has_no_finding(source: Inputs, change: Inputs) -> None:
    """Users ignore a warning that always appears."""
    assert findings(LivePullToPush, source | change) == []


@pytest.mark.parametrize("source", [LIVE, FILES], ids=["live", "url"])
def test_a_stop_before_the_start_is_doubtful(source: Inputs) -> None:
    """The vendor can stop only a running task, so this one would start anyway."""
    expected = [(CAUTION, "running", "has no effect before the start: the task will start")]
    expect(findings(LivePullToPush, source | {"running": False}), expected)


@pytest.mark.parametrize("protocol", ["rtmp", "srt", "http-flv", "hls"])
def test_a_documented_protocol_has_no_finding(protocol: str) -> None:
    """The protocols of the newest page."""
    assert findings(LivePullToPush, LIVE | {"sourceProtocol": protocol}) == []


@pytest.mark.parametrize(
    "change",
    [
        {"sourceUrls": MANY[:30]},
        {"repeatNumber": -1},
        {"repeatNumber": 0},
        {"repeatNumber": 7},
        {"fileIndex": 0},
        {"fileIndex": 1, "offset": 1},
    ],
)
def test_a_sound_file_task_has_no_finding(change: Inputs) -> None:
    """With the settings that are only for files."""
    assert findings(LivePullToPush, FILES | change) == []


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
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
            "2029-12-31T12:00:00Z",
            "2030-01-01T12:00:00Z",
            [(FAILURE, "endTime", "has passed: give a time in the future")],
        ),
        (
            "2030-01-01T13:00:00Z",
            "2030-01-08T13:00:01Z",
            [(CAUTION, "endTime", "must be at most 7 days after the start")],
        ),
        (None, "2030-01-01T13:00:00Z", [(FAILURE, "startTime", "is required")]),
        ("2030-01-01T13:00:00Z", None, [(FAILURE, "endTime", "is required")]),
        (
            "2030-01-01T13:00:00",
            "2030-01-02T13:00:00Z",
            [(FAILURE, "startTime", "needs a UTC offset")],
        ),
    ],
)
@pytest.mark.parametrize("source", [LIVE, FILES], ids=["live", "url"])
def test_a_task_has_a_window(
    source: Inputs, start: str | None, end: str | None, expected: Findings
) -> None:
    """It ends after its start and in the future; only older pages have a longest duration."""
    times = {"startTime": start, "endTime": end}
    expect(findings(LivePullToPush, source | times), expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"sourceUrls": ["rtmp://a.example.com/1", "rtmp://b.example.com/1"]},
            [(FAILURE, "sourceUrls", "must be one address for a live source")],
        ),
        (
            {"sourceProtocol": None},
            [(FAILURE, "sourceProtocol", "is required for a live source")],
        ),
        (
            {"sourceProtocol": "rtsp"},
            [(CAUTION, "sourceProtocol", 'has "rtsp", which the vendor does not document: ')],
        ),
        ({"repeatNumber": 2}, [(CAUTION, "repeatNumber", "has no effect on a live source")]),
        ({"repeatNumber": 0}, [(CAUTION, "repeatNumber", "has no effect on a live source")]),
        (
            {"fileIndex": 1, "offset": 5},
            [
                (CAUTION, "fileIndex", "has no effect on a live source"),
                (CAUTION, "offset", "has no effect on a live source"),
            ],
        ),
        (
            {"sourceUrls": ["play.example.com/live/one"]},
            [(FAILURE, "sourceUrls[0]", "must be a full address")],
        ),
    ],
)
def test_a_live_source_is_one_address_with_a_protocol(change: Inputs, expected: Findings) -> None:
    """Inputs that the vendor ignores cause a warning, those that it refuses an error."""
    expect(findings(LivePullToPush, LIVE | change), expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sourceUrls": MANY}, [(FAILURE, "sourceUrls", "must be at most 30 files")]),
        ({"sourceUrls": []}, [(FAILURE, "sourceUrls", "needs at least 1")]),
        (
            {"sourceUrls": MANY[:2] + MANY[:1]},
            [(CAUTION, "sourceUrls[2]", "is in the list already, so it would play twice")],
        ),
        (
            {"sourceUrls": [MANY[0], "1.mp4"]},
            [(FAILURE, "sourceUrls[1]", "must be a full address")],
        ),
        (
            {"sourceProtocol": "rtmp"},
            [(CAUTION, "sourceProtocol", "has an effect on a live source only")],
        ),
        ({"repeatNumber": -2}, [(FAILURE, "repeatNumber", "must be at least -1")]),
        ({"fileIndex": -1}, [(FAILURE, "fileIndex", "must be at least 0")]),
        ({"offset": 0}, [(FAILURE, "offset", "must be at least 1")]),
    ],
)
def test_files_are_bounded_as_the_vendors_page_says(change: Inputs, expected: Findings) -> None:
    """At most 30 files, and rounds from endless up."""
    expect(findings(LivePullToPush, FILES | change), expected)


def test_an_asset_is_an_id_and_no_address() -> None:
    """No rule for addresses applies to it, but the length of the list is still limited."""
    assets = [f"asset{number}" for number in range(31)]
    assert findings(LivePullToPush, ASSETS | {"sourceUrls": assets[:30]}) == []
    expect(
        findings(LivePullToPush, ASSETS | {"sourceUrls": assets}),
        [(FAILURE, "sourceUrls", "must be at most 30 files")],
    )
    expect(
        findings(LivePullToPush, ASSETS | {"sourceUrls": ["one", "one"]}),
        [(CAUTION, "sourceUrls[1]", "is in the list already, so it would play twice")],
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"sourceUrls": ["rtmp://192.168.0.7/1"]},
            [(CAUTION, "sourceUrls[0]", "is a private address, which the cloud cannot reach")],
        ),
        (
            {"dstUrl": "rtmp://localhost/app/one"},
            [(CAUTION, "dstUrl", "is a private address")],
        ),
        (
            {"dstUrl": "srt://push.example.com/app/one"},
            [(CAUTION, "dstUrl", "has the scheme srt, not one of rtmp")],
        ),
        (
            {"dstUrl": "push.example.com/app/one"},
            [(FAILURE, "dstUrl", "must be a full address such as rtmp://host/app/stream")],
        ),
        (
            {"dstUrl": "rtmp://push.example.com/app/one?auth_key=1893585599-0-0-x"},
            [
                (
                    CAUTION,
                    "dstUrl",
                    "is signed only until 2030-01-02T11:59:59Z, before the task",
                )
            ],
        ),
        (
            {"callbackUrl": "http://10.1.2.3/hook"},
            [(CAUTION, "callbackUrl", "is a private address")],
        ),
        (
            {"callbackUrl": "hooks.example.com"},
            [(FAILURE, "callbackUrl", "must be a full address")],
        ),
    ],
)
@pytest.mark.parametrize("source", [LIVE, FILES], ids=["live", "url"])
def test_an_address_that_is_most_likely_wrong_is_reported(
    source: Inputs, change: Inputs, expected: Findings
) -> None:
    """An impossible address is an error; one that is unlikely to work causes a warning."""
    expect(findings(LivePullToPush, source | change), expected)


@pytest.mark.parametrize("name", ["reqAuth", "authKey", "notifyItemSwitch"])
def test_what_the_vendor_does_not_document_is_doubtful(name: str) -> None:
    """The SDK has it, but no page says what it does."""
    expected = [(CAUTION, name, "is not documented by the vendor")]
    expect(findings(LivePullToPush, FILES | {name: "x"}), expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"retryInterval": 59}, [(FAILURE, "retryInterval", "must be at least 60")]),
        ({"retryCount": -1}, [(FAILURE, "retryCount", "must be at least 0")]),
        ({"sourceType": "moon"}, [(FAILURE, "sourceType", "must be one of 'live', 'vod' or")]),
        ({"status": "running"}, [(FAILURE, "status", "is an output: remove it from the inputs")]),
        (
            {"sourceUrl": "rtmp://a"},
            [(FAILURE, "sourceUrl", "is not an input of alicloud.LivePullToPush: did you mean")],
        ),
    ],
)
def test_a_value_that_cannot_work_fails(change: Inputs, expected: Findings) -> None:
    """Closed sets and minimums cannot change; upper limits are left to the vendor."""
    expect(findings(LivePullToPush, LIVE | change), expected)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"notifyUrl": "http://hooks.example.com:8080/a"},
        {"onDemandUrl": "https://hooks.example.com/ask", "needStatusNotify": True},
        {"needStatusNotify": False, "notifyReqAuth": False},
        {"notifyReqAuth": True, "notifyAuthKey": KEY},
        {"notifyReqAuth": True, "notifyAuthKey": KEY * 2},
    ],
)
def test_a_sound_callback_has_no_finding(change: Inputs) -> None:
    """Users ignore a warning that always appears."""
    assert findings(RecordNotifyConfig, CONFIG | change) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"notifyUrl": "ftp://hooks.example.com/"},
            [(FAILURE, "notifyUrl", "must start with http:// or https://")],
        ),
        (
            {"onDemandUrl": "rtmp://hooks.example.com/"},
            [(FAILURE, "onDemandUrl", "must start with http:// or https://")],
        ),
        (
            {"notifyUrl": "https://hooks.internal/", "onDemandUrl": "http://[::1]/"},
            [
                (CAUTION, "notifyUrl", "is a private address"),
                (CAUTION, "onDemandUrl", "is a private address"),
            ],
        ),
        (
            {"notifyReqAuth": True},
            [(FAILURE, "notifyAuthKey", "is required with `notifyReqAuth`")],
        ),
        (
            {"notifyAuthKey": KEY},
            [(CAUTION, "notifyAuthKey", "signs nothing without `notifyReqAuth`")],
        ),
        (
            {"notifyReqAuth": False, "notifyAuthKey": KEY},
            [(CAUTION, "notifyAuthKey", "signs nothing without `notifyReqAuth`")],
        ),
        *(
            (
                {"notifyReqAuth": True, "notifyAuthKey": key},
                [(CAUTION, "notifyAuthKey", "should be 16 to 32 letters and digits")],
            )
            for key in (KEY[:15], KEY * 2 + "0", KEY[:15] + "-", KEY[:15] + "é")
        ),
        ({"domainName": ""}, [(FAILURE, "domainName", "must not be empty")]),
        ({"needStatusNotify": "maybe"}, [(FAILURE, "needStatusNotify", "must be true or false")]),
    ],
)
def test_a_callback_that_cannot_work_is_reported(change: Inputs, expected: Findings) -> None:
    """A signature needs a key; the format of the key is left to the vendor."""
    expect(findings(RecordNotifyConfig, CONFIG | change), expected)
