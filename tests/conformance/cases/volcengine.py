"""The resources of Volcengine Live.

Bodies: the examples of CreateRelaySourceV4 and UpdateCallback.
"""

from pulumi_livepull.core.client import Client
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.client import VolcengineLive
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.conformance.cases import Case

KEY = "examplekeyexamplekey"


def _sources(api: Client) -> int:
    assert isinstance(api, VolcengineLive)
    return len(list(api.pages("ListRelaySourceV4", {"Domain": "pull.example.com"})))


def _callbacks(api: Client) -> int:
    assert isinstance(api, VolcengineLive)
    found = api.call("DescribeCallback", {"Vhost": "space"})
    return len(found.get("CallbackList") or [])


SOURCE = {
    "domain": "pull.example.com",
    "app": "live",
    "stream": "s1",
    "srcAddrS": ["rtmp://src.example.org/live/s1"],
}
SOURCE_FULL = SOURCE | {
    "startTime": "2030-01-01T13:00:00Z",
    "endTime": "2030-01-02T12:00:00Z",
}

RELAY_SOURCE = Case(
    name="volcengine.RelaySource",
    resource=RelaySource,
    smallest=SOURCE,
    full=SOURCE_FULL,
    changes={
        "domain": "other.example.com",
        "app": "other",
        "stream": "s2",
        "srcAddrS": ["rtmp://src.example.org/live/s2", "rtmp://src.example.org/live/s1"],
        "startTime": "2030-01-01T14:00:00Z",
        "endTime": "2030-01-03T12:00:00Z",
    },
    replaces=frozenset({"domain", "app", "stream"}),
    drift={"srcAddrS": ["rtmp://src.example.org/live/stranger"]},
    same=(
        (
            {"startTime": "2030-01-01T13:00:00Z", "endTime": "2030-01-02T12:00:00Z"},
            {"endTime": "2030-01-02T20:00:00+08:00"},
        ),
    ),
    bad=(
        ({"app": ""}, "app"),
        ({"srcAddrS": []}, "srcAddrS"),
        ({"srcAddrS": [f"rtmp://src.example.org/{n}" for n in range(11)]}, "srcAddrS"),
        ({"srcAddrS": ["src.example.org/live"]}, "srcAddrS[0]"),
        ({"startTime": "2030-01-01T13:00:00Z"}, "endTime"),
        ({"endTime": "2030-01-02T12:00:00Z"}, "startTime"),
        ({"startTime": "2030-01-01T13:00:00Z", "endTime": "2030-01-09T13:00:00Z"}, "endTime"),
        ({"taskId": "1"}, "taskId"),
    ),
    page_inputs=SOURCE_FULL,
    page_body={
        "Domain": "pull.example.com",
        "App": "live",
        "Stream": "s1",
        "SrcAddrS": ["rtmp://src.example.org/live/s1"],
        "StartTime": 1893502800,
        "EndTime": 1893585600,
    },
    operations=(
        "CreateRelaySourceV4",
        "ListRelaySourceV4",
        "UpdateRelaySourceV4",
        "DeleteRelaySourceV4",
    ),
    count=_sources,
    expires=True,
)

CALLBACK_SMALLEST = {
    "messageType": "record",
    "vhost": "space",
    "app": "live",
    "callbackUrls": ["https://hooks.example.org/recordings"],
}
CALLBACK_FULL = CALLBACK_SMALLEST | {
    "authEnable": True,
    "authKeyPrimary": KEY,
    "transcodeCallback": 1,
}

CALLBACK = Case(
    name="volcengine.Callback",
    resource=Callback,
    smallest=CALLBACK_SMALLEST,
    full=CALLBACK_FULL,
    changes={
        "messageType": "push",
        "vhost": "other",
        "app": "other",
        "callbackUrls": ["https://hooks.example.org/other"],
        "authKeyPrimary": KEY[::-1],
        "transcodeCallback": 0,
    },
    replaces=frozenset({"messageType", "vhost", "app"}),
    clear=frozenset({"transcodeCallback"}),
    drift={"callbackUrls": ["https://hooks.example.org/stranger"], "transcodeCallback": 0},
    same=(({"transcodeCallback": 0}, {"authEnable": False}),),
    bad=(
        ({"vhost": None, "app": None}, "vhost"),
        ({"vhost": None, "domain": "push.example.com"}, "app"),
        ({"callbackUrls": []}, "callbackUrls"),
        ({"callbackUrls": ["ftp://hooks.example.org"]}, "callbackUrls[0]"),
        ({"authEnable": True}, "authKeyPrimary"),
        ({"transcodeCallback": 2}, "transcodeCallback"),
    ),
    page_inputs=CALLBACK_FULL,
    page_body={
        "MessageType": "record",
        "Vhost": "space",
        "App": "live",
        "CallbackDetailList": [
            {"CallbackType": "HTTP", "URL": "https://hooks.example.org/recordings"}
        ],
        "AuthEnable": True,
        "AuthKeyPrimary": KEY,
        "TranscodeCallback": 1,
    },
    operations=("UpdateCallback", "DescribeCallback", "UpdateCallback", "DeleteCallback"),
    count=_callbacks,
    fixed=frozenset({"authEnable"}),
)

CASES = (RELAY_SOURCE, CALLBACK)
