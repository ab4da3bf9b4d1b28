"""Tencent Cloud's emulator behaves as the models and pages say, for callers that sign."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from tencentcloud.common.abstract_client import AbstractClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.http.request import RequestInternal
from tencentcloud.live.v20180801.live_client import LiveClient

from pulumi_livepull.emulator import Emulator
from tests.emulator.conftest import KEY_ID, SECRET_KEY, InProcess

HOST = "live.tencentcloudapi.com"
WHO = {"Operator": "me"}
LIVE = {
    "SourceType": "PullLivePushLive",
    "SourceUrls": ["rtmp://play.example.com/live/1"],
    "DomainName": "push.example.com",
    "AppName": "live",
    "StreamName": "1",
    "StartTime": "2025-01-02T04:00:00Z",
    "EndTime": "2025-01-03T04:00:00Z",
    **WHO,
}
FILES = {
    **LIVE,
    "SourceType": "PullVodPushLive",
    "SourceUrls": ["https://v.example.com/1.mp4", "https://v.example.com/2.mp4"],
}
TEMPLATE = {"TemplateName": "t", "RecordNotifyUrl": "https://hooks.example.com/"}
RULE = {"DomainName": "push.example.com", "AppName": "live"}


class Caller(InProcess):
    """Calls the emulator as the SDK does, whose signer signs; a test may change the headers."""

    host = HOST

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.headers: dict[str, str | None] = {}
        self.region = "ap-guangzhou"
        self.secret = SECRET_KEY
        self.ahead = timedelta()

    def __call__(self, action: str, **given: Any) -> dict[str, Any]:
        """Sign and send, and return the response, or the error in it."""
        client: AbstractClient = LiveClient(Credential(KEY_ID, self.secret), self.region)
        request = RequestInternal(host=HOST, method="POST", uri="/")
        with pytest.MonkeyPatch.context() as patch:
            now = (self.clock.now() + self.ahead).timestamp()
            patch.setattr("tencentcloud.common.abstract_client.time.time", lambda: now)
            client._build_req_with_tc3_signature(action, given, request)
        sent = {**request.header, **self.headers}
        reply = self.http.post(
            "/",
            headers={name: value for name, value in sent.items() if value is not None},
            content=request.data,
        )
        assert reply.status_code in (200, 501)
        found: dict[str, Any] = reply.json()["Response"]
        assert found.pop("RequestId")
        return found

    def code(self, action: str, **given: Any) -> str:
        """Return the code of a refusal, empty where nothing is refused."""
        return str(self(action, **given).get("Error", {}).get("Code", ""))


@pytest.fixture
def call(emulator: Emulator) -> Iterator[Caller]:
    caller = Caller(emulator)
    with caller.http:
        yield caller


def create(call: Caller, **change: Any) -> dict[str, str]:
    made = call("CreateLivePullStreamTask", **{**LIVE, **change})
    return {"TaskId": made["TaskId"], **WHO}


def shown(call: Caller, **which: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call("DescribeLivePullStreamTasks", **which)["TaskInfos"]
    return found


# The gateway.


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda call: setattr(call, "secret", "wrong"), "AuthFailure.SignatureFailure"),
        (lambda call: call.headers.update(Authorization=None), "AuthFailure.InvalidAuthorization"),
        (
            lambda call: call.headers.update({"Content-Type": "application/json; charset=utf-8"}),
            "AuthFailure.SignatureFailure",
        ),
        (lambda call: call.headers.update({"X-TC-Timestamp": None}), "MissingParameter"),
        (lambda call: call.headers.update({"X-TC-Timestamp": "soon"}), "MissingParameter"),
        (lambda call: setattr(call, "ahead", timedelta(minutes=6)), "AuthFailure.SignatureExpire"),
        (lambda call: setattr(call, "ahead", timedelta(minutes=4)), ""),
        (lambda call: call.headers.update({"X-TC-Version": "2017-01-01"}), "NoSuchVersion"),
        (lambda call: call.headers.update({"X-TC-Action": "Nothing"}), "InvalidAction"),
        (lambda call: setattr(call, "region", "mars"), "UnsupportedRegion"),
        (lambda call: setattr(call, "region", ""), "UnsupportedRegion"),
    ],
)
def test_a_caller_must_sign_and_name_what_it_wants(
    call: Caller, change: Callable[[Caller], object], code: str
) -> None:
    """The status is 200 whatever the gateway says."""
    change(call)
    assert call.code("DescribeLivePullStreamTasks") == code


@pytest.mark.parametrize("name", ["content-type", "host"])
def test_each_header_that_counts_must_be_signed(call: Caller, name: str) -> None:
    """These two, and no more."""
    other = "host" if name == "content-type" else "content-type"
    call.headers["Authorization"] = (
        f"TC3-HMAC-SHA256 Credential={KEY_ID}/2025-01-02/live/tc3_request, "
        f"SignedHeaders={other}, Signature={'0' * 64}"
    )
    error = call("DescribeLivePullStreamTasks")["Error"]
    assert error["Message"] == f"The signature is wrong: {name} must be signed."


def test_an_unsigned_call_is_refused_in_the_words_of_this_vendor(emulator: Emulator) -> None:
    """By the version in its header."""
    headers = {"X-TC-Version": "2018-08-01", "X-TC-Action": "DescribeLivePullStreamTasks"}
    reply = emulator.app.test_client().post("/", headers=headers, json={})
    assert reply.get_json()["Response"]["Error"]["Code"] == "AuthFailure.InvalidAuthorization"


def test_what_is_not_emulated_says_so(call: Caller) -> None:
    """With a status of its own."""
    assert call.code("CreateLiveRecordRule") == "EMULATOR.NotEmulated"


def test_faults_come_in_the_vendors_words(call: Caller, emulator: Emulator) -> None:
    """And the work is not done."""
    for fault, code in (
        ("throttle", "RequestLimitExceeded"),
        ("deny", "AuthFailure.UnauthorizedOperation"),
        ("error_in_200", "InternalError"),
    ):
        emulator.arm(fault)
        assert call.code("CreateLivePullStreamTask", **LIVE) == code
    assert shown(call) == []


# Tasks.


def test_a_new_task_reads_as_it_was_made_but_for_what_no_read_shows(call: Caller) -> None:
    """With the defaults of what was left out."""
    which = create(call, SpecifyTaskId="mine", ExtraCmd="ignore_region", BackupToUrl="rtmp://a/b/c")
    (found,) = shown(call)
    assert which["TaskId"].isdigit()
    assert {name: found.get(name) for name in LIVE if name != "Operator"} == {
        name: value for name, value in LIVE.items() if name != "Operator"
    }
    assert (found["CreateBy"], found["Region"], found["BackupToUrl"]) == (
        "me",
        "ap-guangzhou",
        "rtmp://a/b/c",
    )
    assert (found["VodLoopTimes"], found["Status"], found["WatermarkList"]) == (-1, "enable", [])
    hidden = {"Operator", "ExtraCmd", "SpecifyTaskId", "ToUrl", "FileIndex", "OffsetTime"}
    assert not hidden & found.keys()
    assert "RecentPullInfo" in shown(call, TaskId=which["TaskId"])[0]
    assert "RecentPullInfo" not in found


def test_rounds_are_a_text_in_a_creation_and_a_number_after(call: Caller) -> None:
    """As the models have it."""
    assert call.code("CreateLivePullStreamTask", **FILES, VodLoopTimes=3) == "InvalidParameter"
    which = create(call, **FILES, VodLoopTimes="0")
    assert shown(call)[0]["VodLoopTimes"] == 0
    modify = "ModifyLivePullStreamTask"
    assert call.code(modify, **which, VodLoopTimes="3") == "InvalidParameter"
    assert call.code(modify, **which, VodLoopTimes=3) == ""
    assert shown(call)[0]["VodLoopTimes"] == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"SourceType": "live"}, "InvalidParameter"),
        ({"SourceUrls": ["rtmp://a/1", "rtmp://a/2"]}, "InvalidParameter"),
        ({"ToUrl": "rtmp://a/b/c"}, "InvalidParameter"),
        ({"StreamName": ""}, "InvalidParameter"),
        ({"FileIndex": 2}, "InvalidParameter"),
        ({"Comment": "é" * 257}, "InvalidParameter"),
        ({"EndTime": "2025-01-02T04:00:00Z"}, "InvalidParameter.InvalidTaskTime"),
        (
            {"StartTime": "2025-01-01T00:00:00Z", "EndTime": "2025-01-02T03:00:00Z"},
            "InvalidParameter.InvalidTaskTime",
        ),
        ({"EndTime": "2025-02-01T04:00:00Z"}, "InvalidParameter.InvalidTaskTime"),
        ({"EndTime": "2025-02-01T03:59:59Z"}, ""),
        ({"StartTime": "2025-01-01T00:00:00Z"}, ""),
        ({"Colour": "red"}, "UnknownParameter"),
    ],
)
def test_a_creation_is_checked(call: Caller, change: dict[str, Any], code: str) -> None:
    """A window is less than 30 days, and may have begun."""
    assert call.code("CreateLivePullStreamTask", **{**LIVE, **change}) == code


def test_what_a_creation_needs_is_asked_for(call: Caller) -> None:
    """The operator too."""
    for name in ("SourceType", "SourceUrls", "StartTime", "EndTime", "Operator"):
        given = {key: value for key, value in LIVE.items() if key != name}
        assert call.code("CreateLivePullStreamTask", **given) == "MissingParameter"


def test_a_change_touches_only_what_it_names(call: Caller) -> None:
    """A start that has passed is not taken, an empty type ends a backup source."""
    backup = {"BackupSourceType": "PullLivePushLive", "BackupSourceUrl": "rtmp://a/b"}
    which = create(call, Comment="one", **backup)
    modify = "ModifyLivePullStreamTask"
    call(modify, **which, EndTime="2025-01-04T04:00:00Z", BackupSourceType="")
    (found,) = shown(call)
    assert (found["Comment"], found["EndTime"]) == ("one", "2025-01-04T04:00:00Z")
    assert (found["BackupSourceType"], found["BackupSourceUrl"]) == ("", "")
    past = {"StartTime": "2025-01-02T03:00:00Z"}
    assert call.code(modify, **which, **past) == "InvalidParameter.InvalidTaskTime"
    assert call.code(modify, **which, DomainName="other") == "UnknownParameter"
    assert call.code(modify, TaskId="7", **WHO) == "InvalidParameter.TaskNotExist"


def test_a_shorter_playlist_forgets_where_the_first_round_began(call: Caller) -> None:
    """Only an index in the request itself can be beyond the last file."""
    sources = FILES["SourceUrls"]
    which = create(call, **FILES, FileIndex=len(sources))
    modify = "ModifyLivePullStreamTask"
    shorter = {"SourceUrls": sources[:-1]}
    assert call.code(modify, **which, **shorter, FileIndex=len(sources)) == "InvalidParameter"
    assert call.code(modify, **which, **shorter) == ""
    assert shown(call)[0]["SourceUrls"] == sources[:-1]


def test_an_own_id_makes_one_task(call: Caller, emulator: Emulator) -> None:
    """Whether the second creation is refused is not documented: a test can have both."""
    first = create(call, SpecifyTaskId="mine")
    assert create(call, SpecifyTaskId="mine") == first
    emulator.seed({"tencentcloud": {"repeats": False}})
    again = {**LIVE, "SpecifyTaskId": "mine"}
    assert call.code("CreateLivePullStreamTask", **again) == "InvalidParameter"
    create(call, SpecifyTaskId="other")
    assert len(shown(call)) == 2
    assert [one["TaskId"] for one in shown(call, SpecifyTaskId="mine")] == [first["TaskId"]]


def test_a_list_has_pages_and_the_last_changed_first(call: Caller) -> None:
    """Ten in a page unless told otherwise, at most 20; of the region that is asked for."""
    ids = [create(call, StreamName=str(n))["TaskId"] for n in range(23)]
    call.clock.advance(timedelta(seconds=1))
    call("ModifyLivePullStreamTask", TaskId=ids[5], **WHO, Comment="changed")
    first = call("DescribeLivePullStreamTasks")
    assert (len(first["TaskInfos"]), first["TotalNum"], first["TotalPage"]) == (10, 23, 3)
    assert first["TaskInfos"][0]["TaskId"] == ids[5]
    assert len(shown(call, PageNum=2, PageSize=20)) == 3
    assert call.code("DescribeLivePullStreamTasks", PageSize=21) == "InvalidParameter"
    call.region = "ap-singapore"
    assert shown(call) == []
    assert call.code("DeleteLivePullStreamTask", TaskId=ids[0], **WHO) == (
        "InvalidParameter.TaskNotExist"
    )


def test_a_task_runs_by_the_clock_and_only_then_restarts(call: Caller) -> None:
    """Also not while it is paused, nor after its end, where it stays."""
    which = create(call)
    restart, status = "RestartLivePullStreamTask", "DescribeLivePullStreamTaskStatus"

    def runs() -> tuple[str, str]:
        found = call(status, TaskId=which["TaskId"])["TaskStatusInfo"]["RunStatus"]
        return found, call.code(restart, **which)

    waits = ("inactive", "FailedOperation.AlterTaskState")
    assert runs() == waits
    call.clock.advance(timedelta(hours=1))
    assert runs() == ("active", "")
    call("ModifyLivePullStreamTask", **which, Status="pause")
    assert (runs(), shown(call)[0]["Status"]) == (waits, "pause")
    call("ModifyLivePullStreamTask", **which, Status="enable")
    call.clock.advance(timedelta(days=1))
    assert (runs(), shown(call)[0]["Status"]) == (waits, "enable")


def test_there_are_no_more_tasks_than_the_account_may_have(
    call: Caller, emulator: Emulator
) -> None:
    """A list says how many that are."""
    emulator.seed({"tencentcloud": {"limit_task_num": 1}})
    create(call)
    assert call.code("CreateLivePullStreamTask", **LIVE) == (
        "InvalidParameter.TaskNumMoreThanLimit"
    )
    assert call("DescribeLivePullStreamTasks")["LimitTaskNum"] == 1


# Templates and rules.


def test_a_template_reads_as_it_was_made_but_for_one_address(call: Caller) -> None:
    """The key is shown."""
    given = {**TEMPLATE, "RecordStatusNotifyUrl": "https://hooks.example.com/s", "CallbackKey": "k"}
    made = call("CreateLiveCallbackTemplate", **given)
    which = {"TemplateId": made["TemplateId"]}
    found = call("DescribeLiveCallbackTemplate", **which)["Template"]
    assert (found["CallbackKey"], found["TemplateName"]) == ("k", "t")
    assert "RecordStatusNotifyUrl" not in found
    call("ModifyLiveCallbackTemplate", **which, CallbackKey="")
    assert call("DescribeLiveCallbackTemplates")["Templates"] == [{**found, "CallbackKey": ""}]
    none = {"RecordNotifyUrl": "", "RecordStatusNotifyUrl": ""}
    assert call.code("ModifyLiveCallbackTemplate", **which, **none) == "InvalidParameter"
    assert call.code("DescribeLiveCallbackTemplate", TemplateId=7) == (
        "InvalidParameter.ConfNotFound"
    )


def test_there_are_at_most_fifty_templates(call: Caller) -> None:
    """As CreateLiveCallbackTemplate says."""
    codes = [call.code("CreateLiveCallbackTemplate", **TEMPLATE) for _ in range(51)]
    assert codes == [""] * 50 + ["InternalError.ConfOutLimit"]


def test_a_rule_binds_a_template_that_then_cannot_be_deleted(call: Caller) -> None:
    """One for each domain and app; its times are Beijing's."""
    which = call("CreateLiveCallbackTemplate", **TEMPLATE)
    assert call("CreateLiveCallbackRule", **RULE, **which) == {}
    assert call.code("CreateLiveCallbackRule", **RULE, **which) == (
        "InternalError.RuleAlreadyExist"
    )
    assert call("DescribeLiveCallbackRules")["Rules"] == [
        {
            **RULE,
            **which,
            "CreateTime": "2025-01-02 11:04:05",
            "UpdateTime": "2025-01-02 11:04:05",
        }
    ]
    assert call.code("DeleteLiveCallbackTemplate", **which) == "FailedOperation.ConfInUsed"
    assert call.code("CreateLiveCallbackRule", **{**RULE, "AppName": "a"}, TemplateId=7) == (
        "InvalidParameter.ConfNotFound"
    )
    call("DeleteLiveCallbackRule", **RULE)
    assert call.code("DeleteLiveCallbackRule", **RULE) == "InvalidParameter.RuleNotFound"
    assert call.code("DeleteLiveCallbackTemplate", **which) == ""


# State.


def test_only_domains_that_were_given_exist(call: Caller, emulator: Emulator) -> None:
    """Once any was."""
    emulator.seed({"tencentcloud": {"domains": ["other.example.com"]}})
    missing = "InternalError.PushDomainNoRecord"
    assert call.code("CreateLivePullStreamTask", **LIVE) == missing
    assert call.code("CreateLiveCallbackRule", **RULE, TemplateId=1) == missing


def test_a_state_can_be_taken_out_and_put_in_again(call: Caller, emulator: Emulator) -> None:
    """With what no read shows; nothing that may be a key is told over HTTP."""
    secret = "S3CRET"
    create(call, PushArgs=secret, BackupToUrl=f"rtmp://push.example.com/{secret}")
    create(
        call,
        **dict.fromkeys(("DomainName", "AppName", "StreamName"), ""),
        ToUrl=f"rtmp://push.example.com/live/{secret}",
    )
    which = call("CreateLiveCallbackTemplate", **TEMPLATE, CallbackKey=secret)
    call("CreateLiveCallbackRule", **RULE, **which)
    snapshot = emulator.tencentcloud.snapshot()
    client = emulator.app.test_client()
    page = client.get("/").text
    assert secret not in page + client.get("/_emulator/state").text
    for head in ("push.example.com/live/1", "rtmp://push.example.com/", "push.example.com/live"):
        assert head in page
    assert secret not in repr(list(emulator.journal))
    emulator.reset()
    emulator.seed({"tencentcloud": json.loads(json.dumps(snapshot))})
    assert emulator.tencentcloud.snapshot() == snapshot


@pytest.mark.parametrize(
    "seed",
    [
        {"streams": []},
        {"tasks": []},
        {"tasks": {"ap-guangzhou": [{"SourceType": "PullLivePushLive"}]}},
        {"templates": [{"Description": "no-name"}]},
        {"rules": [{"DomainName": "d"}]},
        {"repeats": "yes"},
    ],
)
def test_a_seed_that_cannot_be_read_is_refused(emulator: Emulator, seed: dict[str, Any]) -> None:
    """And nothing is added."""
    before = emulator.state()
    with pytest.raises(ValueError, match=r".+"):
        emulator.seed({"tencentcloud": seed})
    assert emulator.state() == before
