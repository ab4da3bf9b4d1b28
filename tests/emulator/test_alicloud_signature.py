"""Only a caller who holds the secret, and signs what counts once, gets in to Alibaba Cloud."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock

HOST = "live.aliyuncs.com"
KEY_ID = "LTAIEXAMPLE000000001"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
SIGNED = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
CREATE = {
    "Region": "cn-shanghai",
    "StartTime": "2025-01-02T03:04:05Z",
    "EndTime": "2025-01-03T03:04:05Z",
    "SourceType": "live",
    "SourceProtocol": "rtmp",
    "SourceUrls": '["rtmp://pull.example.com/app/s1"]',
    "DstUrl": "rtmp://push.example.com/app/s1?auth_key=1-0-0-x",
}
TASK_ID = "fd245384-4067-4f91-9d75-9666a6bc9000"
TOKEN = {"x-acs-accesskey-id": KEY_ID, "x-acs-security-token": "ALISTSTOKEN"}
# Made with the vendor's own signer: method, action, query, further headers, signed, signature.
VECTORS = {
    "create": (
        *("POST", "CreateLivePullToPush", CREATE, {}, SIGNED),
        "29d3fde7e26ce32ca37d42cb6ad407169491f494f081d112f9739b81eb670626",
    ),
    "create with more headers": (
        *("POST", "CreateLivePullToPush", CREATE),
        {"accept": "application/json", "user-agent": "ua-test"},
        "accept;host;user-agent;" + SIGNED.removeprefix("host;"),
        "c5a5bfb0fad8bab46a4eaf4b2de86bcfb2f0eb325f611eb0a5b622268e363eac",
    ),
    "describe with a temporary key": (
        *("GET", "DescribeLivePullToPush", {"Region": "cn-shanghai", "TaskId": TASK_ID}, TOKEN),
        "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-security-token;x-acs-signature-nonce;x-acs-version",
        "fe3fdd84764a6796885f3e0f6c0b895480b348543378577cf03d4959e879467c",
    ),
}
Vector = tuple[str, str, dict[str, str], dict[str, str], str, str]


@pytest.fixture
def account() -> Emulator:
    clock = Clock(frozen_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))
    emulator = Emulator(KEY_ID, "ALISKEXAMPLE0000000000000001", clock=clock)
    task = {name: value for name, value in CREATE.items() if name != "Region"}
    task |= {"TaskId": TASK_ID, "SourceUrls": ["rtmp://a/b"], "DstUrl": "rtmp://push.cn/other"}
    emulator.seed({"alicloud": {"tasks": {"cn-shanghai": [task]}}})
    return emulator


@pytest.fixture
def client(account: Emulator) -> Iterator[httpx.Client]:
    transport = httpx.WSGITransport(app=account.app)
    with httpx.Client(transport=transport, base_url=f"https://{HOST}") as client:
        yield client


def send(
    client: httpx.Client, vector: Vector, body: bytes = b"", **changed: str | None
) -> httpx.Response:
    method, action, query, more, signed, signature = vector
    headers = {
        "x-acs-action": action,
        "x-acs-version": "2016-11-01",
        "x-acs-date": "2025-01-02T03:04:05Z",
        "x-acs-signature-nonce": "0123456789abcdef0123456789abcdef",
        "x-acs-content-sha256": EMPTY,
        "Authorization": f"ACS3-HMAC-SHA256 Credential={KEY_ID},SignedHeaders={signed},"
        f"Signature={signature}",
        **more,
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    headers = {name: value for name, value in headers.items() if value is not None}
    return client.request(method, "/", params=query, headers=headers, content=body)


def code(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["Code"]


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_a_signature_by_the_vendors_signer_is_accepted(
    client: httpx.Client, vector: Vector
) -> None:
    """The emulator computes what the vendor's signer computes."""
    assert send(client, vector).status_code == 200


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_a_signature_with_one_wrong_digit_is_refused(client: httpx.Client, vector: Vector) -> None:
    """Every digit counts."""
    wrong = (*vector[:5], vector[5][:-1] + ("0" if vector[5][-1] != "0" else "1"))
    assert code(send(client, wrong)) == (400, "SignatureDoesNotMatch")


def test_what_was_signed_cannot_be_changed(client: httpx.Client) -> None:
    """Query, method and headers are covered."""
    method, action, query, more, signed, signature = VECTORS["create"]
    changed = [
        ("GET", action, query, more, signed, signature),
        (method, action, {**query, "Region": "cn-beijing"}, more, signed, signature),
        (method, "DescribeLivePullToPushList", query, more, signed, signature),
    ]
    for vector in changed:
        assert code(send(client, vector)) == (400, "SignatureDoesNotMatch")
    token = VECTORS["describe with a temporary key"]
    for name in TOKEN:
        reply = send(client, token, **{name: "OTHER"})
        assert code(reply) == (400, "SignatureDoesNotMatch")


def test_the_hash_must_be_that_of_the_body(client: httpx.Client) -> None:
    """Otherwise the body would not be covered."""
    reply = send(client, VECTORS["create"], b"x=1")
    assert code(reply) == (400, "SignatureDoesNotMatch")


def test_a_nonce_is_good_for_one_request(client: httpx.Client, account: Emulator) -> None:
    """A retry needs a new one; a refused request does not use up its nonce."""
    vector = VECTORS["create"]
    send(client, (*vector[:5], "0" * 64))
    assert send(client, vector).status_code == 200
    assert code(send(client, vector)) == (400, "SignatureNonceUsed")
    account.reset()
    assert send(client, vector).status_code == 200


@pytest.mark.parametrize(
    "name", ["x_acs_date", "x_acs_signature_nonce", "x_acs_content_sha256", "x_acs_action"]
)
def test_a_needed_header_is_requested(client: httpx.Client, name: str) -> None:
    """They are all part of the signature."""
    reply = send(client, VECTORS["create"], **{name: None})
    assert code(reply) == (400, "IncompleteSignature")
    assert f"{name.replace('_', '-')} is missing" in reply.json()["Message"]


@pytest.mark.parametrize("name", SIGNED.split(";"))
def test_each_needed_header_must_be_signed(client: httpx.Client, name: str) -> None:
    """A signature over fewer headers is incomplete."""
    method, action, query, more, signed, signature = VECTORS["create"]
    fewer = ";".join(each for each in signed.split(";") if each != name)
    reply = send(client, (method, action, query, more, fewer, signature))
    assert code(reply) == (400, "IncompleteSignature")


def test_a_content_type_need_not_be_signed(client: httpx.Client) -> None:
    """The asynchronous calls of the vendor's SDK for Python send an unsigned one."""
    reply = send(client, VECTORS["create"], content_type="application/json; charset=utf-8")
    assert reply.status_code == 200


@pytest.mark.parametrize("name", ["x_acs_security_token", "x_acs_extra"])
def test_a_header_that_counts_must_be_signed_when_sent(client: httpx.Client, name: str) -> None:
    """Each x-acs header."""
    reply = send(client, VECTORS["create"], **{name: "x"})
    assert code(reply) == (400, "IncompleteSignature")


def test_a_date_over_fifteen_minutes_off_is_refused(client: httpx.Client) -> None:
    """A signature expires quickly."""
    late = send(client, VECTORS["create"], x_acs_date="2025-01-02T03:19:06Z")
    assert code(late) == (400, "InvalidTimeStamp.Expired")
    wrong = send(client, VECTORS["create"], x_acs_date="20250102T030405Z")
    assert code(wrong) == (400, "IncompleteSignature")


def test_a_caller_in_real_time_is_accepted_when_the_clock_was_moved(ali) -> None:
    """A test moves the emulator's clock, not that of the client under test."""
    ali.emulator.clock.advance(timedelta(days=8))
    ali.clock = Clock()
    assert ali("DescribeLivePullToPushList", Region="cn-shanghai").status_code == 200


def test_an_unknown_access_key_is_refused(client: httpx.Client) -> None:
    """The only key is the one given to the constructor."""
    signed = f"SignedHeaders={SIGNED},Signature=0"
    other = f"ACS3-HMAC-SHA256 Credential=OTHER,{signed}"
    reply = send(client, VECTORS["create"], Authorization=other)
    assert code(reply) == (404, "InvalidAccessKeyId.NotFound")


def test_a_malformed_signature_is_refused(client: httpx.Client) -> None:
    """So is one with spaces after the commas, which the vendor does not use."""
    spaced = f"ACS3-HMAC-SHA256 Credential={KEY_ID}, SignedHeaders={SIGNED}, Signature=0"
    reply = send(client, VECTORS["create"], Authorization=spaced)
    assert code(reply) == (400, "IncompleteSignature")
