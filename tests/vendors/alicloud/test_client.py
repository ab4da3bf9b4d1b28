"""Alibaba's client: what its codes and envelopes mean, and where a call goes."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import (
    ApiError,
    ConfigError,
    Conflict,
    Denied,
    NoPermission,
    NotFound,
    NotOpened,
    NotSignedIn,
    QuotaExceeded,
    Throttled,
    TransportError,
)
from pulumi_livepull.vendors.alicloud import VENDOR
from pulumi_livepull.vendors.alicloud.client import AlicloudLive
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from tests.hosting import KEYS, NOW, connect

REGION = "cn-shanghai"
DESCRIBE = "DescribeLivePullToPush"
LIST = "DescribeLivePullToPushList"
THROTTLED_HINT = "Lower livepull:requestsPerSecond, or run it again later."
ACTIONS = [
    "CreateLivePullToPush",
    "DescribeLivePullToPush",
    "DescribeLivePullToPushList",
    "UpdateLivePullToPush",
    "StopLivePullToPush",
    "RestartLivePullToPush",
    "DeleteLivePullToPush",
    "AddLiveRecordNotifyConfig",
    "DescribeLiveRecordNotifyConfig",
    "UpdateLiveRecordNotifyConfig",
    "DeleteLiveRecordNotifyConfig",
]
Answer = Callable[[httpx.Request], httpx.Response] | httpx.Response


def answering(answer: Answer, pauses: list[float] | None = None, **config: str) -> AlicloudLive:
    """Return a client whose every call gets an answer, and that by default tries once."""
    settings = {"livepull:maxRetries": "0"}
    settings |= {f"livepull:{key}": value for key, value in config.items()}
    api = VENDOR.client(
        {name: value for name, value in (KEYS | settings).items() if value},
        {},
        transport=httpx.MockTransport(
            answer if callable(answer) else lambda request: answer  # one call, one answer
        ),
        clock=lambda: NOW,
        monotonic=lambda: 0.0,
        pause=(pauses if pauses is not None else []).append,
    )
    assert isinstance(api, AlicloudLive)
    return api


def client(emulator: Emulator, **config: str) -> AlicloudLive:
    """Return a client of the emulator."""
    api = connect(emulator, LivePullToPush, **config)
    assert isinstance(api, AlicloudLive)
    return api


def refused(response: httpx.Response) -> ApiError:
    """Return the error that a reply becomes."""
    with pytest.raises(ApiError) as failure:
        answering(response).call(DESCRIBE, {}, region=REGION)
    return failure.value


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "InvalidParameter", ApiError),
        (400, "InvalidParam.CodeIllegalDuration", ApiError),
        (400, "CodeInvalidAliUid", NotOpened),
        (400, "CodeNotEnoughResource", QuotaExceeded),
        (400, "CodeConfigAlreadyExists", Conflict),
        (400, "CodeTaskNotExist", NotFound),
        (404, "CodeTaskNotExist", NotFound),
        (400, "CodeTaskHasStopped", Conflict),
        (400, "LiveServiceNotFound", NotOpened),
        (400, "ConfigAlreadyExists", Conflict),
        (404, "InvalidConfig.NotFound", NotFound),
        # The domain is missing, not what is asked for: nothing may be called gone.
        (404, "InvalidDomain.NotFound", ApiError),
        (404, "InvalidAction.NotFound", ApiError),
        (400, "InvalidIdentity.ServiceDisabled", NotOpened),
        (403, "IllegalOperation", Denied),
        (401, "Forbidden", NoPermission),
        (403, "Forbidden.RAM", NoPermission),
        (403, "NoPermission", NoPermission),
        (404, "InvalidAccessKeyId.NotFound", NotSignedIn),
        (400, "IncompleteSignature", Denied),
        (400, "SignatureDoesNotMatch", NotSignedIn),
        (400, "SignatureNonceUsed", ApiError),
        (400, "InvalidSecurityToken.Expired", NotSignedIn),
        (400, "InvalidSecurityToken.Malformed", NotSignedIn),
        (400, "InvalidTimeStamp.Expired", NotSignedIn),
        (400, "InvalidNotifyUrl.Malformed", ApiError),
        (400, "Made.Up", ApiError),
        (404, "Made.Up", ApiError),
    ],
)
def test_a_code_has_one_meaning(status: int, code: str, kind: type[ApiError]) -> None:
    """A status alone tells nothing here: what is missing comes with 400. No code is guessed.

    The hints for users are in `tests/vendors/messages`.
    """
    reply = {"Code": code, "Message": "words", "RequestId": "r", "HostId": "h", "Recommend": "u"}
    error = refused(httpx.Response(status, json=reply))
    assert type(error) is kind
    assert (error.code, error.status, error.request_id) == (code, status, "r")
    assert error.what == f'{code} "words" (HTTP {status}, request id r)'


@pytest.mark.parametrize("code", ["Throttling", "Throttling.User", "Throttling.Api"])
@pytest.mark.parametrize("status", [400, 429, 503])
def test_a_throttling_is_recognised_by_its_code_whatever_the_status(code: str, status: int) -> None:
    """The classic gateway throttles with 400."""
    error = refused(httpx.Response(status, json={"Code": code, "Message": "slow down"}))
    assert type(error) is Throttled
    assert error.hint == THROTTLED_HINT


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("fault", ["throttle", "deny"])
def test_only_a_throttled_call_is_sent_again(emulator: Emulator, action: str, fault: str) -> None:
    """A throttled call had no effect, so even a create can be repeated; a refusal is final."""
    emulator.arm(fault, action, 10)
    with pytest.raises(Throttled if fault == "throttle" else Denied):
        client(emulator, maxRetries="2").call(action, {})
    assert len(emulator.journal) == (3 if fault == "throttle" else 1)


@pytest.mark.parametrize(
    ("header", "asked", "waited"),
    [
        ("x-acs-retry-after", "25000", 25.0),
        ("x-acs-retry-after", "40500", 40.5),
        ("Retry-After", "30", 30.0),
    ],
)
def test_the_gateways_wait_is_in_milliseconds(header: str, asked: str, waited: float) -> None:
    """As the official SDK reads it; proxies between us and the vendor use seconds."""
    pauses: list[float] = []
    throttled = httpx.Response(400, json={"Code": "Throttling.User"}, headers={header: asked})
    api = answering(throttled, pauses, maxRetries="1", requestsPerSecond="1000000")
    with pytest.raises(Throttled) as failure:
        api.call(DESCRIBE, {}, region=REGION)
    assert failure.value.retry_after == waited
    assert waited in pauses


@pytest.mark.parametrize("asked", ["", "soon", "-5", "1.5", "²"])
def test_an_odd_wait_is_none(asked: str) -> None:
    """A reply may hold a value that no document mentions."""
    headers = {b"x-acs-retry-after": asked.encode()}
    reply = httpx.Response(400, json={"Code": "Throttling"}, headers=headers)
    error = refused(reply)
    assert isinstance(error, Throttled)
    assert error.retry_after is None


def test_each_attempt_has_its_own_nonce() -> None:
    """The gateway refuses a nonce that it has seen, so a retry must not carry it again."""
    nonces: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        nonces.append(request.headers["x-acs-signature-nonce"])
        return httpx.Response(400, json={"Code": "Throttling.User"})

    api = answering(answer, maxRetries="4")
    for _ in range(2):
        with pytest.raises(Throttled):
            api.call(DESCRIBE, {}, region=REGION)
    assert len(set(nonces)) == len(nonces) == 10
    assert all(len(nonce) == 32 for nonce in nonces)


# The envelope.


@pytest.mark.parametrize(
    "reply",
    [
        {"RetCode": 5, "Description": "words", "RequestId": "r"},
        {"RetCode": "5", "Description": "words", "RequestId": "r"},
        {"Code": "5", "Message": "words", "RequestId": "r"},
        {"RetCode": 0, "Code": "5", "Message": "words", "RequestId": "r"},
    ],
)
def test_an_error_in_an_answer_of_success_is_an_error(reply: dict[str, Any]) -> None:
    """The vendor also uses `RetCode`, which is 0 for success."""
    error = refused(httpx.Response(200, json=reply))
    assert error.what == '5 "words" (HTTP 200, request id r)'


@pytest.mark.parametrize(
    "reply",
    [
        {"RequestId": "r"},
        {"RequestId": "r", "RetCode": 0, "Description": "OK"},
        {"RequestId": "r", "RetCode": None},
        {"RequestId": "r", "RetCode": "0"},
    ],
)
def test_a_success_is_recognised_by_the_absence_of_an_error(reply: dict[str, Any]) -> None:
    """Stop and restart return no `RetCode`; a number may be a string."""
    assert answering(httpx.Response(200, json=reply)).call(DESCRIBE, {}) == reply


@pytest.mark.parametrize(
    "reply",
    [
        {"Code": "Made.Up", "Message": "words"},
        {"code": "Made.Up", "message": "words"},
        {"Code": "Made.Up", "Description": "words"},
        {"Code": "Made.Up", "Message": "words", "AccessDeniedDetail": {"a": "b"}},
    ],
)
def test_every_spelling_of_an_error_is_read(reply: dict[str, Any]) -> None:
    """The official SDK reads all of these."""
    assert refused(httpx.Response(400, json=reply)).what == 'Made.Up "words" (HTTP 400)'


@pytest.mark.parametrize("reply", [{}, {"Code": None}, {"Message": "words"}, {"Code": 7}])
def test_a_refusal_without_a_code_is_still_one(reply: dict[str, Any]) -> None:
    """It is identified by its status."""
    error = refused(httpx.Response(400, json=reply))
    assert type(error) is ApiError
    assert error.code in {"400", "7"}


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, json={}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json="OK"),
        httpx.Response(200, text="OK"),
        httpx.Response(200),
        httpx.Response(502, html="<h1>no</h1>"),
    ],
)
def test_what_is_not_a_mapping_is_not_an_answer(response: httpx.Response) -> None:
    """The request may have taken effect."""
    with pytest.raises(TransportError, match=rf"unreadable answer \(HTTP {response.status_code}\)"):
        answering(response).call(DESCRIBE, {}, region=REGION)


@pytest.mark.parametrize(
    ("status", "code"), [(500, "InternalError"), (503, "ServiceUnavailable"), (500, "")]
)
def test_a_service_in_trouble_is_not_an_answer(status: int, code: str) -> None:
    """The request may or may not have taken effect."""
    reply = httpx.Response(status, json={"Code": code, "Message": "words"})
    with pytest.raises(TransportError) as failure:
        answering(reply).call("CreateLivePullToPush", {}, region=REGION)
    assert failure.value.sent


@pytest.mark.parametrize("action", ACTIONS)
def test_only_what_makes_something_is_never_repeated(action: str) -> None:
    """All other calls have the same effect if they are repeated."""
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["x-acs-action"])
        raise httpx.ReadTimeout("slow")

    with pytest.raises(TransportError):
        answering(answer, maxRetries="2").call(action, {}, region=REGION)
    assert sent == [action] * (1 if action.startswith(("Create", "Add")) else 3)


# Where a call goes.


def gone_to(**config: str) -> Callable[[str], httpx.Request]:
    """Return what calls a region and returns the request."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"RequestId": "R"})

    api = answering(answer, **config)

    def call(region: str) -> httpx.Request:
        api.call(DESCRIBE, {"TaskId": "1"}, region=region)
        return requests[-1]

    return call


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("cn-shanghai", "https://live.aliyuncs.com/?Region=cn-shanghai&TaskId=1"),
        ("cn-beijing", "https://live.aliyuncs.com/?Region=cn-beijing&TaskId=1"),
        ("cn-shenzhen", "https://live.aliyuncs.com/?Region=cn-shenzhen&TaskId=1"),
        ("ap-southeast-1", "https://live.aliyuncs.com/?Region=ap-southeast-1&TaskId=1"),
        ("ap-southeast-5", "https://live.aliyuncs.com/?Region=ap-southeast-5&TaskId=1"),
        (
            "ap-southeast-7",
            "https://live.ap-southeast-7.aliyuncs.com/?Region=ap-southeast-7&TaskId=1",
        ),
        ("", "https://live.aliyuncs.com/?TaskId=1"),
    ],
)
def test_a_call_goes_to_the_host_of_its_region(region: str, url: str) -> None:
    """One host serves most regions, so a parameter selects the live centre."""
    request = gone_to()(region)
    assert (request.method, str(request.url), request.content) == ("POST", url, b"")
    assert request.headers["x-acs-action"] == DESCRIBE
    assert request.headers["x-acs-version"] == "2016-11-01"


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("http://127.0.0.1:4510", "http://127.0.0.1:4510/"),
        ("https://live.{region}.example.com/", "https://live.cn-shanghai.example.com/"),
    ],
)
def test_an_endpoint_replaces_the_vendors_own(endpoint: str, host: str) -> None:
    """For example, with the emulator's."""
    url = gone_to(alicloudEndpoint=endpoint)(REGION).url
    assert str(url.copy_with(query=None)) == host


@pytest.mark.parametrize("region", ["a b", "a:b", "attacker.example/", "x@y", "a?b", "a#b", ".."])
def test_a_region_that_cannot_be_one_is_refused_in_words(region: str) -> None:
    """It becomes part of a host name, so it must neither crash the program nor send calls
    elsewhere.
    """

    def answer(request: httpx.Request) -> httpx.Response:
        pytest.fail(f"a signed request went to {request.url}")

    api = answering(answer)
    with pytest.raises(ConfigError, match="region"):
        api.region(region)
    with pytest.raises(ConfigError, match="region"):
        LivePullToPush.read(api, f"{region}/fd245384")


def test_temporary_keys_travel_in_headers_only() -> None:
    """The older parameter `SecurityToken` would put the token into logged URLs."""
    request = gone_to(alicloudSecurityToken="token")(REGION)
    assert request.headers["x-acs-security-token"] == "token"
    assert request.headers["x-acs-accesskey-id"] == KEYS["livepull:alicloudAccessKey"]
    assert "oken" not in str(request.url)


# Ids and lists.


def test_an_id_is_the_region_and_the_vendors_own(emulator: Emulator) -> None:
    """A bare id, as the console shows it, is in the configured region."""
    api = client(emulator)
    assert api.place("cn-beijing/one") == ("cn-beijing", "one")
    assert api.place("one") == (REGION, "one")
    assert LivePullToPush.full_id(api, "one") == f"{REGION}/one"


def test_a_bare_id_without_a_region_says_what_to_do() -> None:
    """Nothing says which region to read."""
    with pytest.raises(ConfigError) as failure:
        answering(httpx.Response(200), alicloudRegion="").place("one")
    assert str(failure.value) == (
        "alicloud: no region found. Looked at `region`, then config livepull:alicloudRegion, "
        "then ALICLOUD_REGION\n"
        "Run: pulumi config set livepull:alicloudRegion <region>"
    )


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
def test_a_list_is_read_to_its_end(emulator: Emulator, count: int) -> None:
    """A page has at most 100 items, and later pages must be read too."""
    task = {
        "StartTime": "2030-01-01T13:00:00Z",
        "EndTime": "2030-01-02T13:00:00Z",
        "SourceType": "url",
        "SourceUrls": ["https://files.example.org/1.mp4"],
        "DstUrl": "rtmp://push.example.com/app/s",
    }
    emulator.seed({"alicloud": {"tasks": {REGION: [task] * count, "cn-beijing": [task]}}})
    found = list(client(emulator).tasks(REGION))
    assert len({each["TaskId"] for each in found}) == count
    # A full page may be the last one: only the next tells.
    assert len(emulator.journal) <= 1 + count // 100


@pytest.mark.parametrize("total", [None, "101", 101, 101.0, 10**9, "many"])
def test_an_odd_total_ends_no_list_early_and_none_too_late(total: Any) -> None:
    """The vendor's total may be wrong: items after a full page are found anyway."""
    pages = {"1": list(range(100)), "2": [100]}

    def answer(request: httpx.Request) -> httpx.Response:
        ids = pages.get(request.url.params["PageNumber"], [])
        found = [{"TaskId": each} for each in ids] or None
        return httpx.Response(200, json={"TaskList": found, "Total": total})

    assert [each["TaskId"] for each in answering(answer).tasks(REGION)] == list(range(101))


@pytest.mark.parametrize("total", [3, 10**9])
def test_an_honest_total_spares_a_call(total: int) -> None:
    """If the total is too high, the list ends with the first empty page."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["PageNumber"])
        found = [{"TaskId": each} for each in "abc"] if asked == ["1"] else []
        return httpx.Response(200, json={"TaskList": found, "Total": total})

    assert len(list(answering(answer).tasks(REGION))) == 3
    assert len(asked) <= (1 if total == 3 else 2)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"TaskStatus": 0}, "idle"),
        ({"TaskStatus": 1}, "running"),
        ({"TaskStatus": 2}, "recovering"),
        ({"TaskStatus": 3}, "stopped"),
        ({"TaskStatus": "3"}, "stopped"),
        ({"TaskStatus": 7}, "7"),
    ],
)
def test_a_status_that_no_page_names_breaks_nothing(answer: dict[str, Any], status: str) -> None:
    """A refresh must work whatever the vendor returns."""
    api = answering(httpx.Response(200, json={"TaskId": "1", "TaskInfo": {}, **answer}))
    found = LivePullToPush.read(api, f"{REGION}/1")
    assert found is not None
    assert LivePullToPush.from_wire(found)["status"] == status


@pytest.mark.parametrize("none", [0, "0"])
def test_a_zero_that_a_field_does_not_take_is_none(none: object) -> None:
    """The field's type is not reliable."""
    info = {"TaskStatus": 1, "TaskInfo": {"Offset": none, "RepeatNumber": "2"}}
    api = answering(httpx.Response(200, json={"TaskId": "1", **info}))
    found = LivePullToPush.from_wire(LivePullToPush.read(api, f"{REGION}/1") or {})
    assert (found["offset"], found["repeat_number"]) == (None, 2)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"TaskStatus": None},
        {"TaskStatus": 1, "TaskInfo": None},
        {"TaskStatus": 1, "TaskInfo": "none"},
        {"TaskStatus": 1, "TaskInfo": []},
    ],
)
def test_an_answer_without_status_or_settings_is_not_guessed(answer: dict[str, Any]) -> None:
    """It is read as far as possible or reported clearly; no status is invented."""
    api = answering(httpx.Response(200, json={"TaskId": "1", **answer}))
    try:
        found = LivePullToPush.read(api, f"{REGION}/1")
    except (ApiError, TransportError):
        return
    assert found is not None
    status = LivePullToPush.from_wire(found).get("status")
    assert status == ("running" if answer.get("TaskStatus") == 1 else None)
