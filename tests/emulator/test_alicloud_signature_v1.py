"""The older RPC signature of Alibaba Cloud, which its CLI and many SDKs still make."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import httpx
import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock

KEY_ID = "LTAIEXAMPLE000000001"
TASK_ID = "fd245384-4067-4f91-9d75-9666a6bc9000"
SIGNED = (
    "Timestamp=2025-01-02T03%3A04%3A05Z&SignatureMethod=HMAC-SHA1&SignatureType=&"
    "SignatureVersion=1.0&SignatureNonce=0123456789abcdef&"
    f"AccessKeyId={KEY_ID}&Format=JSON&Version=2016-11-01&"
)
TASK = f"Region=cn-shanghai&TaskId={TASK_ID}"
# Made with aliyun-python-sdk-core 2.16.1: method, query, form.
VECTORS = {
    "query": (
        "GET",
        f"{TASK}&Action=DescribeLivePullToPush&{SIGNED}Signature=e03qMcdptQJIatphD4cormInHSY%3D",
        "",
    ),
    "form": (
        "POST",
        f"Action=DescribeLivePullToPush&{SIGNED}Signature=b1gmQe7KIkL23OjpABZc2sbtc0w%3D",
        TASK,
    ),
    "odd letters": (
        "GET",
        "Region=cn-shanghai&DstUrl=rtmp%3A%2F%2Fpush.cn%2Fo%2A~%20ther%2B%2F%C3%A9&"
        f"Action=DescribeLivePullToPushList&{SIGNED}Signature=tVw6jFPn%2BNkgKpQJNCwnvEapZ74%3D",
        "",
    ),
}
Vector = tuple[str, str, str]
every_vector = pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    clock = Clock(frozen_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))
    emulator = Emulator(KEY_ID, "ALISKEXAMPLE0000000000000001", clock=clock)
    task = {
        "TaskId": TASK_ID,
        "StartTime": "2025-01-02T03:04:05Z",
        "EndTime": "2025-01-03T03:04:05Z",
        "SourceType": "live",
        "SourceProtocol": "rtmp",
        "SourceUrls": ["rtmp://a/b"],
        "DstUrl": "rtmp://push.cn/other",
    }
    emulator.seed({"alicloud": {"tasks": {"cn-shanghai": [task]}}})
    transport = httpx.WSGITransport(app=emulator.app)
    with httpx.Client(transport=transport, base_url="https://live.aliyuncs.com") as client:
        yield client


def send(client: httpx.Client, vector: Vector, **changed: str) -> httpx.Response:
    method, query, form = vector
    params = dict(parse_qsl(query, keep_blank_values=True)) | changed
    params = {name: value for name, value in params.items() if value != "LEFT OUT"}
    data = dict(parse_qsl(form))
    return client.request(method, "/", params=params, **({"data": data} if data else {}))


@every_vector
def test_the_older_signature_by_the_vendors_sdk_is_accepted(
    client: httpx.Client, vector: Vector
) -> None:
    """With its parameters in the query or in a form."""
    reply = send(client, vector)
    assert (reply.status_code, "RequestId" in reply.json()) == (200, True)


@every_vector
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Signature": "e03qMcdptQJIatphD4cormInHSX="}, "SignatureDoesNotMatch"),
        ({"Signature": "é"}, "SignatureDoesNotMatch"),
        ({"Region": "cn-beijing"}, "SignatureDoesNotMatch"),
        ({"AccessKeyId": "OTHER"}, "InvalidAccessKeyId.NotFound"),
        ({"Timestamp": "2025-01-02T03:19:06Z"}, "InvalidTimeStamp.Expired"),
        ({"Timestamp": "now"}, "IncompleteSignature"),
        ({"SignatureMethod": "HMAC-SHA256"}, "IncompleteSignature"),
        ({"Signature": "LEFT OUT"}, "IncompleteSignature"),
        ({"SignatureNonce": "LEFT OUT"}, "IncompleteSignature"),
    ],
)
def test_what_was_not_signed_so_is_refused_in_the_vendors_words(
    client: httpx.Client, vector: Vector, changed: dict[str, str], code: str
) -> None:
    """Neither with a page for a browser nor with another vendor's envelope."""
    reply = send(client, vector, **changed)
    assert reply.status_code >= 400
    assert reply.json()["Code"] == code


def test_a_nonce_of_the_older_signature_is_good_for_one_request(client: httpx.Client) -> None:
    """As with the newer one."""
    assert send(client, VECTORS["query"]).status_code == 200
    assert send(client, VECTORS["query"]).json()["Code"] == "SignatureNonceUsed"


def test_a_request_that_names_an_action_is_not_a_browsers(client: httpx.Client) -> None:
    """An unsigned call gets an error instead of a page with status 200."""
    reply = client.get("/?Action=X&Version=2016-11-01")
    assert (reply.status_code, reply.json()["Code"]) == (400, "IncompleteSignature")
    assert client.get("/?Action=ListRelaySourceV4").status_code == 400
    assert client.get("/?Action=Nothing").status_code == 401
