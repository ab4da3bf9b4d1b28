"""Inputs for the tests of the core: a few known good ones, and strategies that make more."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
from hypothesis import strategies as st

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.hosting import NOW

Inputs = dict[str, Any]

REGION = "cn-north-4"
KEY = "0123456789abcdef0123456789abcdef"

LIVE: Inputs = {
    "sourceType": "PullLivePushLive",
    "sourceUrls": ["rtmp://play.example.com/live/one"],
    "destinationUrl": "rtmp://push.example.com/live/stream-key",
}
FILES: Inputs = {
    "sourceType": "PullVodPushLive",
    "sourceUrls": ["https://files.example.com/a.mp4", "https://files.example.com/b.mp4"],
    "destinationUrl": "rtmp://push.example.com/live/stream-key",
}
CALLBACK: Inputs = {
    "publishDomain": "push.example.com",
    "app": "live",
    "notifyCallbackUrl": "https://hooks.example.com/recordings",
}


class Unsigned:
    """Signs nothing, for a client that nobody calls."""

    def sign(self, request: httpx.Request, now: datetime) -> None:
        """See `Signer`."""


def checked(resource: type[Resource], given: Mapping[str, Any]) -> Inputs:
    """Return inputs in normal form, which have no failure."""
    found = lifecycle.check(resource, {}, given, NOW)
    assert found.failures == []
    return found.inputs


def project_of(emulator: Emulator) -> str:
    """Return the id of the project of the test's region."""
    return str(emulator.huaweicloud.state.find_project_id(REGION))


def tasks(emulator: Emulator) -> list[dict[str, Any]]:
    """Return the tasks at the vendor's, oldest first."""
    return list(emulator.huaweicloud.state.projects[project_of(emulator)].tasks)


def callbacks(emulator: Emulator) -> list[dict[str, Any]]:
    """Return the recording callbacks at the vendor's, oldest first."""
    return list(emulator.huaweicloud.state.projects[project_of(emulator)].callbacks)


# Strategies.

words = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
urls = st.builds(
    "{}://{}.example.com/{}{}".format,
    st.sampled_from(["rtmp", "rtmps", "http", "https", "srt", "rtsp", "ftp"]),
    words,
    words,
    st.sampled_from(["", "?key=1", "?a=b&c=d"]),
)


def _instant(seconds: int, offset_minutes: int, microseconds: int) -> str:
    moment = NOW + timedelta(seconds=seconds, microseconds=microseconds)
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes))).isoformat()


def instants(low: int, high: int) -> st.SearchStrategy[str]:
    """Return times so many seconds from `NOW`, at any offset."""
    return st.builds(
        _instant, st.integers(low, high), st.integers(-14 * 60, 14 * 60), st.integers(0, 999_999)
    )


DAY = 24 * 3600
TARGETS = st.fixed_dictionaries({"destinationUrl": urls}) | st.fixed_dictionaries(
    {"domain": words, "appName": words, "streamName": words}
)
COMMON = {
    "region": st.just(REGION),
    "pushArgs": words,
    "startTime": instants(0, 2 * DAY),
    "endTime": instants(2 * DAY + 1, 7 * DAY - 1),
    "callbackUrl": urls | words,
    "callbackEvents": st.lists(st.sampled_from(["TaskStart", "TaskExit", "TaskAlarm"]), min_size=1),
    "backupSourceType": st.just("PullLivePushLive"),
    "backupSourceUrls": st.lists(urls, max_size=3),
}
live_tasks = st.builds(
    dict.__or__,
    TARGETS,
    st.fixed_dictionaries(
        {
            "sourceType": st.just("PullLivePushLive"),
            "sourceUrls": st.lists(urls, min_size=1, max_size=1),
        },
        optional=COMMON,
    ),
)
file_tasks = st.builds(
    dict.__or__,
    TARGETS,
    st.fixed_dictionaries(
        {
            "sourceType": st.just("PullVodPushLive"),
            "sourceUrls": st.lists(urls, min_size=2, max_size=30),
        },
        optional=COMMON
        | {
            "vodLoopTime": st.just(-1) | st.integers(1, 1000),
            "vodRefreshType": st.sampled_from(
                ["immediate_new_source", "continue_from_file_start", "continue_from_break_point"]
            ),
            "vodStartVideoIndex": st.integers(0, 1),
            "vodStartVideoTime": st.integers(0, 2**31 - 1),
            "running": st.booleans(),
        },
    ),
)
record_callbacks = st.fixed_dictionaries(
    {
        "publishDomain": words,
        "app": words | st.just("*"),
        "notifyCallbackUrl": st.builds("https://{}.example.com/{}".format, words, words),
    },
    optional={
        "region": st.just(REGION),
        "notifyEventSubscription": st.lists(
            st.sampled_from(["RECORD_FILE_COMPLETE", "RECORD_OVER", "RECORD_FAILED"]), min_size=1
        ),
        "signType": st.sampled_from(["HMACSHA256", "MD5"]),
        "key": st.just(KEY) | st.text("0123456789abcdef", min_size=32, max_size=40),
    },
)

Given = tuple[type[Resource], Inputs]

valid: st.SearchStrategy[Given] = st.tuples(st.just(PullTask), live_tasks | file_tasks) | st.tuples(
    st.just(RecordCallback), record_callbacks
)
"""A resource and inputs that have no failure."""

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "  ", "PullVodPushLive", "2030-01-31", "rtmp://u:p@h:x/", "http://[", "0"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
"""Whatever a JSON text can hold."""


def _junk(resource: type[Resource]) -> st.SearchStrategy[Given]:
    names = st.sampled_from([prop.camel for prop in resource.properties().values()])
    values = json_values | st.just(UNKNOWN) | st.lists(urls | st.just(UNKNOWN), max_size=3)
    return st.tuples(
        st.just(resource), st.dictionaries(names | st.text(max_size=8), values, max_size=10)
    )


junk: st.SearchStrategy[Given] = _junk(PullTask) | _junk(RecordCallback)
"""A resource and inputs that make no sense."""
