"""Only a caller who holds the secret, and signs what counts, gets in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock

HOST = "live.cn-north-4.myhuaweicloud.com"
PROJECT = "0123456789abcdef0123456789abcdef"
ACCESS_KEY_ID = "HWAKEXAMPLE0000000001"
SIGNED = "content-type;host;x-project-id;x-sdk-date"
BODY = (
    b'{"source_type":"PullLivePushLive","source_urls":["rtmp://play.example.com/live/s1"],'
    b'"destination_url":"rtmp://push.example.com/live/s1"}'
)
TASK_ID = "7864b3dc-e92f-42db-a754-08e627b6d8dd"
# Made with the vendor's own signer: method, path, body, signed headers, signature.
VECTORS = {
    "create": (
        *("POST", "/pull/stream/task", BODY, SIGNED),
        "e2e2b63ab59cdeb0fab4ac45ca108ad43c6e0b1fef49fce534fd43777c2562e6",
    ),
    "list with a temporary key": (
        *("GET", f"/pull/stream/task?task_id={TASK_ID}&region=cn-north-4&offset=0&limit=10"),
        *(b"", f"{SIGNED};x-security-token"),
        "c7e97c180c89e180c41e8356d9f97ae7c71a6923959969414139eed6ef39a767",
    ),
    "list with a star": (
        *("GET", "/record/callbacks?publish_domain=push.example.com&app=%2A", b"", SIGNED),
        "1b851cd3074c80d70d8bfab8f4720e061c5acae41b1e3397fdde8579d71e9c41",
    ),
}
Vector = tuple[str, str, bytes, str, str]


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    clock = Clock(frozen_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))
    emulator = Emulator(ACCESS_KEY_ID, "HWSKEXAMPLE0000000000000000000000000001", clock=clock)
    with httpx.Client(
        transport=httpx.WSGITransport(app=emulator.app), base_url=f"https://{HOST}/v1/{PROJECT}"
    ) as client:
        yield client


def send(client: httpx.Client, vector: Vector, **changed: str) -> httpx.Response:
    method, path, body, signed, signature = vector
    headers = {
        "Content-Type": "application/json",
        "X-Project-Id": PROJECT,
        "X-Sdk-Date": "20250102T030405Z",
        "X-Security-Token": "HWSTSTOKEN",
        "Authorization": f"SDK-HMAC-SHA256 Access={ACCESS_KEY_ID}, SignedHeaders={signed}, "
        f"Signature={signature}",
    }
    return client.request(method, path, content=body, headers={**headers, **changed})


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_a_signature_by_the_vendors_signer_is_accepted(
    client: httpx.Client, vector: Vector
) -> None:
    """The emulator computes what the vendor's signer computes."""
    assert send(client, vector).status_code == 200


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_a_signature_with_one_wrong_digit_is_refused(client: httpx.Client, vector: Vector) -> None:
    """Every digit counts, and the refusal is in the gateway's envelope."""
    wrong = (*vector[:4], vector[4][:-1] + ("0" if vector[4][-1] != "0" else "1"))
    reply = send(client, wrong)
    assert reply.status_code == 401
    assert reply.json()["error_code"] == "APIG.0301"
    assert reply.json()["request_id"] == reply.headers["X-request-id"]


def test_a_changed_byte_of_the_body_is_refused(client: httpx.Client) -> None:
    """The signature covers the body."""
    method, path, body, signed, signature = VECTORS["create"]
    changed = (method, path, body.replace(b"s1", b"s2", 1), signed, signature)
    assert send(client, changed).status_code == 401


def test_a_changed_query_is_refused(client: httpx.Client) -> None:
    """The signature covers the query."""
    method, path, body, signed, signature = VECTORS["list with a star"]
    changed = (method, path.replace("%2A", "live"), body, signed, signature)
    assert send(client, changed).status_code == 401


def test_a_changed_signed_header_is_refused(client: httpx.Client) -> None:
    """The signature covers the headers it names."""
    reply = send(client, VECTORS["list with a temporary key"], **{"X-Security-Token": "OTHER"})
    assert reply.status_code == 401


def test_the_date_must_be_signed(client: httpx.Client) -> None:
    """Otherwise a request could be replayed later."""
    method, path, body, signed, signature = VECTORS["create"]
    fewer = signed.removesuffix(";x-sdk-date")
    reply = send(client, (method, path, body, fewer, signature))
    assert "must be signed" in reply.json()["error_msg"]


def test_a_signature_over_the_date_alone_is_accepted(call) -> None:
    """The vendor's SDK for Go signs no other header, nor does the Terraform provider."""
    call.signs_date_only = True
    reply = call("GET", "/pull/stream/task")
    assert "SignedHeaders=x-sdk-date," in reply.request.headers["Authorization"]
    assert reply.status_code == 200


def test_an_unsigned_request_is_refused(client: httpx.Client) -> None:
    """Without Authorization the gateway responds as to a wrong signature."""
    reply = client.get("/pull/stream/task")
    assert (reply.status_code, reply.json()["error_code"]) == (401, "APIG.0301")


def test_an_unknown_access_key_is_refused(client: httpx.Client) -> None:
    """The only key is the one given to the constructor."""
    headers = {
        "X-Sdk-Date": "20250102T030405Z",
        "Authorization": "SDK-HMAC-SHA256 Access=OTHER, SignedHeaders=host;x-sdk-date, Signature=0",
    }
    assert client.get("/pull/stream/task", headers=headers).status_code == 401


def test_a_date_over_fifteen_minutes_off_is_refused(client: httpx.Client) -> None:
    """A signature expires quickly."""
    reply = send(client, VECTORS["create"], **{"X-Sdk-Date": "20250102T031906Z"})
    assert "15 minutes" in reply.json()["error_msg"]


def test_a_caller_in_real_time_is_accepted_when_the_clock_was_moved(call) -> None:
    """A test moves the emulator's clock, not that of the client under test."""
    call.emulator.clock.advance(timedelta(days=8))
    call.clock = Clock()
    assert call("GET", "/pull/stream/task").status_code == 200
