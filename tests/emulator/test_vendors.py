"""One emulator is all vendors at once: the signature tells which, and what holds for one holds."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from pulumi_livepull.emulator import Emulator

SECRET = "S3CRET"
ALI_TASK = {
    "Region": "cn-shanghai",
    "StartTime": "2025-01-02T03:04:05Z",
    "EndTime": "2025-01-03T03:04:05Z",
    "SourceType": "url",
    "SourceUrls": json.dumps([f"a?t={SECRET}", f"https://u:{SECRET}@h/1", f"h://h/2#{SECRET}"]),
    "DstUrl": f"rtmp://push.example.com/{SECRET}?auth_key={SECRET}",
    "CallbackUrl": f"hook?t={SECRET}&u=http://x@y",
    "AuthKey": SECRET,
    "ReqAuth": SECRET,
}
SEEDED = {
    **{name: value for name, value in ALI_TASK.items() if name != "Region"},
    "SourceUrls": ["https://v.example.com/1.mp4"],
}
ALI_CALLBACK = {
    "DomainName": "callback.example.com",
    "NotifyUrl": f"https://hook.example.com/?t={SECRET}",
    "NotifyAuthKey": SECRET * 3,
}
SOURCE = {
    "Domain": "pull.example.com",
    "App": "live",
    "Stream": "relayed",
    "SrcAddrS": [f"rtmp://src.example.com/live?k={SECRET}"],
}
VOLC_TASK = {
    "StartTime": 1735787045,
    "EndTime": 1735797045,
    "Type": 1,
    "CycleMode": 1,
    "VodSrcAddrs": [{"SrcAddr": f"https://v.example.com/1?k={SECRET}", "StartOffset": 1}],
    "DstAddr": f"rtmp://push.example.com/{SECRET}",
    "Watermark": {
        "Picture": f"data:image/png;base64,{SECRET}",
        "Ratio": 0.75,
        "RelativePosX": 0,
        "RelativePosY": 0,
    },
}
VOLC_CALLBACK = {
    "Vhost": "space.example.com",
    "MessageType": "record",
    "CallbackDetailList": [{"CallbackType": "HTTP", "URL": f"https://hook.cn/?k={SECRET}"}],
    "AuthEnable": True,
    "AuthKeyPrimary": SECRET,
}


@pytest.fixture
def client(emulator: Emulator) -> FlaskClient:
    return emulator.app.test_client()


@pytest.fixture
def busy(ali, volc, emulator: Emulator) -> Emulator:
    """An emulator that holds secrets of two vendors and was sent some more in vain."""
    replies = [
        ali("CreateLivePullToPush", **ALI_TASK),
        ali("AddLiveRecordNotifyConfig", **ALI_CALLBACK),
        volc("CreateRelaySourceV4", SOURCE),
        volc("CreatePullToPushTask", VOLC_TASK),
        volc("UpdateCallback", VOLC_CALLBACK),
    ]
    assert [reply.status_code for reply in replies] == [200] * 5
    ali("CreateLivePullToPush", SourceUrls=f'["a?{SECRET}', Token=SECRET)
    volc("UpdateCallback", {"Domain": {"key": SECRET}, "Title": [{"SrcAddr": f"x?{SECRET}"}]})
    return emulator


def test_the_journal_holds_no_secret_of_any_vendor(busy: Emulator) -> None:
    """Neither from accepted bodies and queries nor from refused ones."""
    assert len(busy.journal) == 7
    assert SECRET not in repr(list(busy.journal))


def test_state_and_page_show_what_there_is_but_no_secret(
    busy: Emulator, client: FlaskClient
) -> None:
    """Addresses are shown up to the part that may be a key."""
    html = client.get("/").text
    assert SECRET not in html + client.get("/_emulator/state").text
    for shown in (
        *("alicloud / cn-shanghai", "callback.example.com", "rtmp://push.example.com/[hidden]"),
        *("relayed", "SrcAddr https://v.example.com/1?[hidden], StartOffset 1", "生效中"),
        *("space.example.com", "Ratio 0.75", "CallbackType HTTP, URL https://hook.cn/?[hidden]"),
    ):
        assert shown in html


def test_the_page_shows_the_newest_first(volc, client: FlaskClient) -> None:
    """As the vendors' own lists do."""
    for name in ("older", "newer"):
        volc("CreateRelaySourceV4", {**SOURCE, "Stream": name})
    html = client.get("/").text.partition("Last requests")[0]
    assert html.index("newer") < html.index("older")


def test_the_journal_reports_the_vendor_the_operation_and_the_error(busy: Emulator) -> None:
    """Each with the vendor's own name."""
    entries = [(each.vendor, each.operation, each.error_code) for each in busy.journal]
    assert entries[0] == ("alicloud", "CreateLivePullToPush", None)
    assert entries[-2:] == [
        ("alicloud", "CreateLivePullToPush", "InvalidParameter"),
        ("volcengine", "UpdateCallback", "InvalidParam"),
    ]


def test_a_state_can_be_taken_out_and_put_in_again(ali, volc, busy: Emulator) -> None:
    """For all vendors at once, including stopped and deleted tasks."""
    (task,) = busy.alicloud.snapshot()["tasks"]["cn-shanghai"]
    which = {"Region": "cn-shanghai", "TaskId": task["TaskId"]}
    ali("StopLivePullToPush", **which)
    ali("UpdateLivePullToPush", **which, FileIndex=1)
    ali("DeleteLivePullToPush", **which)
    (task,) = busy.volcengine.snapshot()["tasks"]
    volc("StopPullToPushTask", {"TaskId": task["TaskId"]})
    snapshot = {name: vendor.snapshot() for name, vendor in busy.vendors.items()}
    (task,) = snapshot["alicloud"]["tasks"]["cn-shanghai"]
    assert (task["TaskStatus"], task["FileIndex"], task["CurrentFileIndex"]) == (-1, 1, 0)
    assert snapshot["volcengine"]["tasks"][0]["Status"] == "停用"
    busy.reset()
    busy.seed(json.loads(json.dumps(snapshot)))
    assert {name: vendor.snapshot() for name, vendor in busy.vendors.items()} == snapshot


@pytest.mark.parametrize(
    "seed",
    [
        {"alicloud": {"tasks": []}},
        {"alicloud": {"tasks": {"cn-shanghai": [{"TaskName": "no times"}]}}},
        {"alicloud": {"tasks": {"cn-shanghai": [{"TaskId": "unknown", "TaskStatus": 2}]}}},
        {"alicloud": {"tasks": {"cn-shanghai": [{"Colour": "red"}]}}},
        {"alicloud": {"tasks": {"mars": [SEEDED]}}},
        {"alicloud": {"callbacks": {}}},
        {"alicloud": {"callbacks": [{"DomainName": "d"}]}},
        {"alicloud": {"exited_seconds": "long"}},
        {"volcengine": {"streams": []}},
        {"volcengine": {"tasks": [{"Type": 0}]}},
        {"volcengine": {"tasks": {}}},
        {"volcengine": {"relay_sources": [{"Domain": "d"}]}},
        {"volcengine": {"groups": [{"Name": "a b"}]}},
        {"volcengine": {"callbacks": [VOLC_CALLBACK | {"MessageType": "x"}]}},
        {"volcengine": {"knows_restart": "yes"}},
    ],
)
def test_a_seed_that_cannot_be_read_is_refused(emulator, client: FlaskClient, seed: Any) -> None:
    """400 with a message, and nothing is added."""
    before = emulator.state()
    reply = client.post("/_emulator/seed", json=seed)
    assert (reply.status_code, bool(reply.get_json()["error"])) == (400, True)
    assert emulator.state() == before


def test_the_root_is_the_page_for_whoever_does_not_sign(ali, client: FlaskClient) -> None:
    """A signed request to it goes to the vendors, under any host name."""
    assert "livepull emulator" in client.get("/").text
    assert client.head("/").status_code == 200
    assert client.get("/", headers={"Host": "live.aliyuncs.com"}).status_code == 403
    ali.method = "GET"
    assert "TaskList" in ali("DescribeLivePullToPushList", Region="cn-shanghai").json()


def test_an_unsigned_call_is_refused_in_the_words_of_the_vendor_that_it_names(
    client: FlaskClient,
) -> None:
    """By its operation or its version; a call that names none gets the first vendor's error."""
    for query in ("Action=ListRelaySourceV4", "Action=X&Version=2023-01-01"):
        reply = client.post(f"/?{query}").get_json()
        assert "Error" in reply["ResponseMetadata"]
    for query in ("Action=DescribeLivePullToPushList", "Action=X&Version=2016-11-01"):
        assert {"Code", "RequestId"} <= client.post(f"/?{query}").get_json().keys()
    unsigned = client.post("/?Action=Nothing")
    assert (unsigned.status_code, unsigned.get_json()["error_code"]) == (401, "APIG.0301")


def test_the_vendors_of_one_path_have_no_other(ali, volc) -> None:
    """For other paths, each returns its own error."""
    ali.path = volc.path = "/v1/live"
    assert ali("DescribeLivePullToPushList").json()["Code"] == "InvalidAction.NotFound"
    error = volc("ListPullToPushTask").json()["ResponseMetadata"]["Error"]
    assert error["Code"] == "InvalidActionOrVersion"


def test_deny_and_throttle_speak_the_vendors_language(ali, volc, emulator: Emulator) -> None:
    """The request has no effect; the header that says when to retry is the vendor's too."""
    seen = []
    for fault in ("deny", "throttle"):
        emulator.arm(fault, times=2, **({"retry_after": 3} if fault == "throttle" else {}))
        for reply in (ali("CreateLivePullToPush", **ALI_TASK), volc("CreateRelaySourceV4", SOURCE)):
            body = reply.json().get("ResponseMetadata", {}).get("Error", reply.json())
            headers = ("Retry-After", "x-acs-retry-after")
            waits = [reply.headers[name] for name in headers if name in reply.headers]
            seen.append((reply.status_code, body["Code"], waits))
    assert seen == [
        (403, "Forbidden.RAM", []),
        (403, "AccessDenied", []),
        (400, "Throttling.User", ["3000"]),
        (429, "FlowLimitExceeded", ["3"]),
    ]
    assert emulator.alicloud.snapshot()["tasks"] == {}
    assert emulator.volcengine.snapshot()["relay_sources"] == []


def test_an_error_in_a_200_is_not_every_vendors(ali, volc, emulator: Emulator) -> None:
    """Calls to other vendors pass; the request has no effect."""
    emulator.arm("error_in_200")
    assert ali("AddLiveRecordNotifyConfig", **ALI_CALLBACK).json().keys() == {"RequestId"}
    reply = volc("CreateRelaySourceV4", SOURCE)
    error = reply.json()["ResponseMetadata"]["Error"]
    assert (reply.status_code, error["Code"]) == (200, "CommonErr")
    assert "Result" not in reply.json()
    assert emulator.volcengine.snapshot()["relay_sources"] == []
    *_, entry = emulator.journal
    assert (entry.status, entry.error_code, entry.fault) == (200, "CommonErr", "error_in_200")
    with pytest.raises(ValueError, match="no meaning for CreatePullTask"):
        emulator.arm("error_in_200", "CreatePullTask")


def test_a_fault_for_one_vendors_operation_spares_the_others(ali, volc, emulator) -> None:
    """The vendors' operations have different names; an edition shares its vendor's."""
    vendors = [vendor for vendor in emulator.vendors.values() if vendor.name != "byteplus"]
    names = [name for vendor in vendors for name in vendor.operations]
    assert len(names) == len(set(names))
    emulator.arm("fail_after", "CreateRelaySourceV4")
    assert ali("CreateLivePullToPush", **ALI_TASK).status_code == 200
    assert volc("CreateRelaySourceV4", SOURCE).status_code == 502
    assert len(emulator.volcengine.snapshot()["relay_sources"]) == 1
