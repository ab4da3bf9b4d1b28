"""Tencent Cloud's client: what its codes and envelopes mean, where a call goes, and ids."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_livepull.errors import (
    ApiError,
    ConfigError,
    Conflict,
    LivePullError,
    NoPermission,
    NotFound,
    NotOpened,
    NotSignedIn,
    QuotaExceeded,
    Throttled,
    TransportError,
)
from pulumi_livepull.vendors.tencentcloud import VENDOR
from pulumi_livepull.vendors.tencentcloud.client import TencentLive
from tests.hosting import KEYS, NOW

LIST = "DescribeLivePullStreamTasks"
Answer = Callable[[httpx.Request], httpx.Response]


def answering(answer: Answer, **config: str) -> TencentLive:
    """Return a client whose every call gets an answer."""
    api = VENDOR.client(
        KEYS | {f"livepull:{key}": value for key, value in config.items()},
        {},
        transport=httpx.MockTransport(answer),
        clock=lambda: NOW,
        monotonic=lambda: 0.0,
        pause=lambda seconds: None,
    )
    assert isinstance(api, TencentLive)
    return api


def said(**response: Any) -> httpx.Response:
    """Return an answer in the vendor's envelope, whose status is always 200."""
    return httpx.Response(200, json={"Response": {"RequestId": "r-1", **response}})


def refused(code: str, action: str = LIST) -> tuple[LivePullError, int]:
    """Return what a code becomes, and how often it was asked for."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return said(Error={"Code": code, "Message": "words"})

    with pytest.raises(LivePullError) as failure:
        answering(answer, maxRetries="2").call(action, {})
    return failure.value, len(asked)


@pytest.mark.parametrize(
    ("code", "kind", "tries"),
    [
        ("AuthFailure.SignatureFailure", NotSignedIn, 1),
        ("AuthFailure.MadeUp", NotSignedIn, 1),
        ("UnauthorizedOperation", NoPermission, 1),
        ("UnauthorizedOperation.MadeUp", NoPermission, 1),
        ("ResourceNotFound.FreezeService", NotOpened, 1),
        ("InvalidParameter.TaskNotExist", NotFound, 1),
        ("ResourceNotFound.TaskId", NotFound, 1),
        ("InternalError.ConfNotFound", NotFound, 1),
        ("ResourceNotFound", ApiError, 1),
        ("FailedOperation.ConfInUsed", Conflict, 1),
        ("InternalError.RuleAlreadyExist", Conflict, 1),
        ("LimitExceeded", QuotaExceeded, 1),
        ("LimitExceeded.MaximumRunningTask", QuotaExceeded, 1),
        ("InvalidParameter.MadeUp", ApiError, 1),
        ("Made.Up", ApiError, 1),
        ("RequestLimitExceeded", Throttled, 3),
        ("RequestLimitExceeded.UinLimitExceeded", Throttled, 3),
        ("LimitExceeded.RateLimitExceeded", Throttled, 3),
        ("InternalError", TransportError, 3),
        ("InternalError.DBError", TransportError, 3),
        ("FailedOperation.CallOtherSvrError", TransportError, 3),
    ],
)
def test_a_code_tells_what_it_means_and_whether_to_try_again(
    code: str, kind: type[LivePullError], tries: int
) -> None:
    """Though the status is 200 whatever happened."""
    error, asked = refused(code)
    assert (type(error), asked) == (kind, tries)
    assert f'{code} "words" (HTTP 200, request id r-1)' in str(error)
    assert error.hint


@pytest.mark.parametrize("action", ["CreateLivePullStreamTask", "RestartLivePullStreamTask"])
def test_what_makes_or_interrupts_is_sent_once(action: str) -> None:
    """After a throttling it is sent again: then nothing was done."""
    assert refused("InternalError", action)[1] == 1
    assert refused("RequestLimitExceeded", action)[1] == 3


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"Response": 1}', b'{"Response": null}', b"<html></html>"]
)
def test_what_is_no_envelope_proves_nothing(body: bytes) -> None:
    """It may come from a proxy."""
    with pytest.raises(TransportError, match="unreadable answer"):
        answering(lambda request: httpx.Response(200, content=body)).call(LIST, {})


@pytest.mark.parametrize("status", [401, 404])
def test_a_refusal_that_is_no_envelope_is_not_the_vendors(status: int) -> None:
    """To run it again would not help: the endpoint is another server's."""
    with pytest.raises(TransportError, match="unreadable answer") as failure:
        answering(lambda request: httpx.Response(status, json={"message": "no"})).call(LIST, {})
    assert failure.value.hint.startswith("Check the endpoint")


def test_an_error_of_an_odd_form_is_an_error_all_the_same() -> None:
    """Nothing that says so counts as done."""
    with pytest.raises(ApiError, match='200 "trouble"'):
        answering(lambda request: said(Error="trouble")).call(LIST, {})


@pytest.mark.parametrize(
    ("config", "address"),
    [
        ({}, "https://live.tencentcloudapi.com/"),
        (
            {"tencentcloudEndpoint": "https://live.intl.tencentcloudapi.com"},
            "https://live.intl.tencentcloudapi.com/",
        ),
        (
            {"tencentcloudEndpoint": "https://live.{region}.tencentcloudapi.com/"},
            "https://live.ap-seoul.tencentcloudapi.com/",
        ),
    ],
)
def test_a_call_goes_to_one_address_and_names_the_region_beside_it(
    config: dict[str, str], address: str
) -> None:
    """In a header, as the action and the version."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return said()

    api = answering(answer, **config)
    api.call(LIST, {"TaskId": "7"}, region="ap-seoul")
    api.call("DescribeLiveCallbackRules", {})
    with_region, without = asked
    assert str(with_region.url) == address
    assert (with_region.method, with_region.content) == ("POST", b'{"TaskId":"7"}')
    assert with_region.headers["X-TC-Region"] == "ap-seoul"
    assert with_region.headers["X-TC-Action"] == LIST
    assert with_region.headers["X-TC-Version"] == "2018-08-01"
    assert "X-TC-Region" not in without.headers


def test_a_region_is_needed_and_doubted_if_the_vendor_does_not_name_it() -> None:
    """At another endpoint there may be others."""
    api = answering(lambda request: said())
    assert list(api.doubts_about("ap-tokyo")) == []
    (doubt,) = api.doubts_about("mars")
    assert doubt.startswith('"mars" is not one of the vendor\'s regions: ap-bangkok, ')
    own = answering(lambda request: said(), tencentcloudEndpoint="https://own.example.org")
    assert list(own.doubts_about("mars")) == []
    without = {key: value for key, value in KEYS.items() if not key.endswith("Region")}
    with pytest.raises(ConfigError, match="config livepull:tencentcloudRegion"):
        VENDOR.client(without, {}).region(None)
    variable = {"TENCENTCLOUD_REGION": "ap-tokyo"}
    assert VENDOR.client(without, variable).region(None) == "ap-tokyo"


@pytest.mark.parametrize(
    ("config", "name"),
    [({}, "pulumi-livepull"), ({"tencentcloudOperator": "me"}, "me")],
)
def test_the_operator_can_be_configured(config: dict[str, str], name: str) -> None:
    """The vendor wants one with every change and deletion of a task."""
    assert answering(lambda request: said(), **config).operator == name
