"""Volcengine's client: what its codes and envelopes mean, where a call goes, and ids."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import (
    ApiError,
    ConfigError,
    Denied,
    LivePullError,
    NoPermission,
    NotFound,
    NotOpened,
    NotSignedIn,
    QuotaExceeded,
    Throttled,
    TransportError,
)
from pulumi_livepull.vendors.volcengine import VENDOR
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.client import VolcengineLive
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource
from tests.hosting import KEYS, NOW, connect

LIST = "ListRelaySourceV4"
THROTTLED_HINT = "Lower livepull:requestsPerSecond, or run it again later."
KEYS_HINT = "Check the access key, its secret and, for temporary keys, the security token."
RIGHTS = "Give the user of this access key the permissions for Live."
OWNER = "Check that the domain and app belong to this account."
CLOCK = "Set this machine's clock: it is 15 minutes off."
ACTIONS = [
    "CreateRelaySourceV4",
    "UpdateRelaySourceV4",
    "ListRelaySourceV4",
    "DeleteRelaySourceV4",
    "CreatePullToPushTask",
    "UpdatePullToPushTask",
    "StopPullToPushTask",
    "ContinuePullToPushTask",
    "ListPullToPushTaskV2",
    "DeletePullToPushTask",
    "CreatePullToPushGroup",
    "UpdatePullToPushGroup",
    "ListPullToPushGroup",
    "DeletePullToPushGroup",
    "UpdateCallback",
    "DescribeCallback",
    "DeleteCallback",
]
Answer = Callable[[httpx.Request], httpx.Response] | httpx.Response


def answering(answer: Answer, pauses: list[float] | None = None, **config: str) -> VolcengineLive:
    """Return a client whose every call gets an answer, and that by default tries once."""
    settings = {"livepull:maxRetries": "0"}
    settings |= {f"livepull:{key}": value for key, value in config.items()}
    api = VENDOR.client(
        KEYS | settings,
        {},
        transport=httpx.MockTransport(
            answer if callable(answer) else lambda request: answer  # one call, one answer
        ),
        clock=lambda: NOW,
        monotonic=lambda: 0.0,
        pause=(pauses if pauses is not None else []).append,
    )
    assert isinstance(api, VolcengineLive)
    return api


def client(emulator: Emulator, **config: str) -> VolcengineLive:
    """Return a client of the emulator."""
    api = connect(emulator, RelaySource, **config)
    assert isinstance(api, VolcengineLive)
    return api


def reply(status: int, error: Any = None, **more: Any) -> httpx.Response:
    """Return an answer in the vendor's envelope."""
    metadata = {"RequestId": "r", "Service": "live"} | ({} if error is None else {"Error": error})
    return httpx.Response(status, json={"ResponseMetadata": metadata, **more})


def refused(response: httpx.Response) -> ApiError:
    """Return the error that a reply becomes."""
    with pytest.raises(ApiError) as failure:
        answering(response).call(LIST, {})
    return failure.value


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (200, "CommonErr", ApiError),
        (400, "InvalidParam", ApiError),
        (400, "InvalidParam.BindError", ApiError),
        (400, "InvalidParam.OutOfRange", ApiError),
        (400, "MissingParameter", ApiError),
        (403, "RequestForbidden", Denied),
        (403, "RequestForbidden.AccountIDNotAllow", Denied),
        (403, "RequestForbidden.BillingStatus", NotOpened),
        (403, "RequestForbidden.MadeUp", Denied),
        (404, "ResourceNotFound", NotFound),
        (400, "LimitExceeded", QuotaExceeded),
        (400, "MissingSignature", Denied),
        (401, "InvalidAccessKey", NotSignedIn),
        (401, "SignatureDoesNotMatch", NotSignedIn),
        (400, "InvalidTimestamp", NotSignedIn),
        (403, "InvalidTimestamp", NotSignedIn),
        (403, "LackPolicy", NoPermission),
        (403, "AccessDenied", NoPermission),
        (429, "FlowLimitExceeded", Throttled),
        (429, "AccountFlowLimitExceeded", Throttled),
        (400, "FlowLimitExceeded", Throttled),
        (503, "AccountFlowLimitExceeded", Throttled),
        # The names of the throttling codes are assumed; the status is not.
        (429, "Made.Up", Throttled),
        (404, "InvalidActionOrVersion", ApiError),
        (404, "Made.Up", ApiError),
        (400, "Made.Up", ApiError),
    ],
)
def test_a_code_has_one_meaning(status: int, code: str, kind: type[ApiError]) -> None:
    """A family of codes has the meaning of its head. An unlisted code is no guess: that an action
    is unknown must not mean that a thing is gone.

    The hints for users are in `tests/vendors/messages`.
    """
    error = refused(reply(status, {"Code": code, "CodeN": 100000, "Message": "words"}))
    assert type(error) is kind
    assert (error.code, error.status, error.request_id) == (code, status, "r")
    assert error.what == f'{code} "words" (HTTP {status}, request id r)'


@pytest.mark.parametrize(
    "code",
    ["CommonErr", "InvalidParam", "ResourceNotFound", "AccessDenied", "InternalError", "Made.Up"],
)
def test_an_error_in_an_answer_of_success_is_an_error(code: str) -> None:
    """The official SDK treats it as success."""
    error = refused(reply(200, {"Code": code, "Message": "words"}, Result={"TaskId": "1"}))
    assert error.what == f'{code} "words" (HTTP 200, request id r)'


@pytest.mark.parametrize("action", ACTIONS)
def test_no_operation_takes_an_error_for_success(emulator: Emulator, action: str) -> None:
    """It is not sent again either: the vendor has responded."""
    emulator.arm("error_in_200", action, 10)
    with pytest.raises(ApiError) as failure:
        client(emulator, maxRetries="3").call(action, {})
    assert (failure.value.code, failure.value.status) == ("CommonErr", 200)
    assert failure.value.hint == "The vendor advises you to run it again."
    assert len(emulator.journal) == 1


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("fault", ["throttle", "deny"])
def test_only_a_throttled_call_is_sent_again(emulator: Emulator, action: str, fault: str) -> None:
    """A throttled call had no effect, so even a create can be repeated; a refusal is final."""
    emulator.arm(fault, action, 10)
    with pytest.raises(Throttled if fault == "throttle" else Denied):
        client(emulator, maxRetries="2").call(action, {})
    assert len(emulator.journal) == (3 if fault == "throttle" else 1)


def test_the_gateways_wait_is_kept() -> None:
    """In seconds, as usual for the header."""
    pauses: list[float] = []
    throttled = reply(429, {"Code": "FlowLimitExceeded", "Message": "slow down"})
    throttled.headers["Retry-After"] = "30"
    api = answering(throttled, pauses, maxRetries="1")
    with pytest.raises(Throttled) as failure:
        api.call(LIST, {})
    assert failure.value.retry_after == 30.0
    assert 30.0 in pauses


# The envelope.


@pytest.mark.parametrize(
    ("more", "result"),
    [
        ({}, {}),
        ({"Result": None}, {}),
        ({"Result": {}}, {}),
        ({"Result": ""}, {}),
        ({"Result": {"TaskId": "1"}, "Extra": 1}, {"TaskId": "1"}),
    ],
)
def test_a_success_need_not_have_a_result(more: dict[str, Any], result: dict[str, Any]) -> None:
    """Update and delete return none."""
    assert answering(reply(200, **more)).call(LIST, {}) == result


@pytest.mark.parametrize("error", [{}, {"Code": ""}, {"Code": None, "Message": None}])
@pytest.mark.parametrize("status", [400, 404])
def test_a_refusal_without_a_code_is_recognised_by_its_status(status: int, error: Any) -> None:
    """Proxies between us and the vendor respond in their own formats."""
    refusal = refused(reply(status, error))
    assert type(refusal) is ApiError
    assert refusal.code == str(status)


@pytest.mark.parametrize("error", ["no", ["no"]])
@pytest.mark.parametrize("status", [200, 400])
def test_an_odd_error_is_still_one(status: int, error: Any) -> None:
    """An unexpected format is not a bug in the program."""
    with pytest.raises((ApiError, TransportError)):
        answering(reply(status, error)).call(LIST, {})


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"ResponseMetadata": None}),
        httpx.Response(200, json={"ResponseMetadata": []}),
        httpx.Response(200, text="OK"),
        httpx.Response(200),
        httpx.Response(502, html="<h1>no</h1>"),
    ],
)
def test_what_is_not_in_the_envelope_is_not_an_answer(response: httpx.Response) -> None:
    """The request may have taken effect."""
    with pytest.raises(TransportError, match=rf"unreadable answer \(HTTP {response.status_code}\)"):
        answering(response).call(LIST, {})


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (500, "InternalError"),
        (502, "InternalServiceError"),
        (502, "InternalServiceError.BadResponse"),
        (504, "InternalServiceTimeout"),
    ],
)
def test_a_service_in_trouble_is_not_an_answer(status: int, code: str) -> None:
    """The request may or may not have taken effect."""
    with pytest.raises(TransportError) as failure:
        answering(reply(status, {"Code": code, "Message": "words"})).call("CreateRelaySourceV4", {})
    assert failure.value.sent


@pytest.mark.parametrize("action", ACTIONS)
def test_only_what_makes_something_is_never_repeated(action: str) -> None:
    """UpdateCallback overwrites everything, so repeating it changes nothing."""
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.params["Action"])
        raise httpx.ReadTimeout("slow")

    with pytest.raises(TransportError):
        answering(answer, maxRetries="2").call(action, {})
    assert sent == [action] * (1 if action.startswith("Create") else 3)


# Where a call goes.


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("", "https://live.volcengineapi.com/"),
        ("http://127.0.0.1:4510", "http://127.0.0.1:4510/"),
        ("https://live.example.com/", "https://live.example.com/"),
    ],
)
def test_a_call_goes_to_the_one_host_or_the_endpoint(endpoint: str, host: str) -> None:
    """The action is in the query, everything else in the body."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return reply(200)

    answering(answer, volcengineEndpoint=endpoint).call(LIST, {"Domain": "é"})
    (request,) = requests
    assert request.method == "POST"
    assert str(request.url) == f"{host}?Action={LIST}&Version=2023-01-01"
    assert request.headers["Content-Type"] == "application/json"
    assert request.content.decode() == '{"Domain":"é"}'


def test_an_endpoint_that_is_not_safe_is_refused() -> None:
    """A signature and a key's id would be sent unencrypted."""
    with pytest.raises(ConfigError, match="is not encrypted"):
        answering(reply(200), volcengineEndpoint="http://live.example.com")


def test_temporary_keys_travel_in_a_header() -> None:
    """The header is signed."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return reply(200)

    answering(answer, volcengineSecurityToken="token").call(LIST, {})
    assert requests[0].headers["X-Security-Token"] == "token"
    assert "x-security-token" in requests[0].headers["Authorization"]


# Lists and ids.


def _sources(count: int) -> list[dict[str, Any]]:
    addresses = ["rtmp://src.example.org/live/s"]
    key = {"Domain": "pull.example.com", "App": "live", "SrcAddrS": addresses}
    return [{**key, "Stream": str(number)} for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 500, 501, 1250])
def test_a_list_is_read_to_its_end(emulator: Emulator, count: int) -> None:
    """A page has at most 500 items, and later pages must be read too."""
    emulator.seed({"volcengine": {"relay_sources": _sources(count)}})
    found = list(client(emulator).pages(LIST, {"Domain": "pull.example.com"}))
    assert len({each["Stream"] for each in found}) == count
    # A full page may be the last one: only the next tells.
    assert len(emulator.journal) <= 1 + count // 500


@pytest.mark.parametrize("stream", ["0", "499", "500", "501"])
def test_a_source_is_found_on_whichever_page_it_is(emulator: Emulator, stream: str) -> None:
    """The oldest is on the last page, and must not be reported as gone."""
    emulator.seed({"volcengine": {"relay_sources": _sources(501)}})
    found = RelaySource.read(client(emulator), f"pull.example.com/live/{stream}")
    assert (found or {}).get("Stream") == (None if stream == "501" else stream)


@pytest.mark.parametrize(
    "pagination",
    [
        None,
        {},
        {"PageTotal": None},
        {"PageTotal": "2"},
        {"PageTotal": 2},
        {"PageTotal": 2.0},
        {"PageTotal": 10**9},
        {"PageTotal": "many"},
    ],
    ids=str,
)
def test_an_odd_count_ends_no_list_early_and_none_too_late(pagination: Any) -> None:
    """The vendor's count may be wrong: items after a full page are found anyway."""
    pages = {1: list(range(500)), 2: [500]}
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) > 5:
            pytest.fail("it goes on asking for empty pages")
        found = pages.get(len(asked), [])
        items = [{"Stream": str(number)} for number in found]
        return reply(200, Result={"List": items or None, "Pagination": pagination})

    listed = answering(answer).pages(LIST, {"Domain": "pull.example.com"})
    assert [each["Stream"] for each in listed] == [str(number) for number in range(501)]


@pytest.mark.parametrize(
    "resource_id",
    ["", "space", "vhost/space", "vhost/space/live", "planet/space/live/record", "vhost//a/record"],
)
def test_an_id_that_can_be_no_callback_is_reported_clearly(
    emulator: Emulator, resource_id: str
) -> None:
    """A user typed it for an import or an adoption."""
    with pytest.raises(LivePullError):
        lifecycle.read(Callback, client(emulator), resource_id, {}, {})


@pytest.mark.parametrize("resource_id", ["", "pull.example.com", "pull.example.com/live"])
def test_an_id_that_can_be_no_source_finds_nothing(emulator: Emulator, resource_id: str) -> None:
    """Or it is reported clearly; it must never select the first source of a domain."""
    emulator.seed({"volcengine": {"relay_sources": _sources(2)}})
    try:
        found = lifecycle.read(RelaySource, client(emulator), resource_id, {}, {})
    except LivePullError:
        return
    assert found is None
