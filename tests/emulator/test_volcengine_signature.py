"""Only a caller who holds the secret, and signs what counts, gets in to Volcengine."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock

HOST = "live.volcengineapi.com"
KEY_ID = "AKLTEXAMPLE0000000001"
SCOPE = "20250102/cn-north-1/live/request"
SIGNED = "content-type;host;x-content-sha256;x-date"
CREATE = (
    b'{"App":"live","Domain":"pull.example.com","EndTime":1683777258,'
    b'"SrcAddrS":["rtmp://src.example.com/live/s1"],"StartTime":1683518058,"Stream":"s1"}'
)
LIST = b'{"Domain":"pull.example.com","Page":1,"Size":500}'
# Made with the vendor's own signer: action, body, further headers, signed headers, signature.
VECTORS = {
    "create": (
        *("CreateRelaySourceV4", CREATE, {}, SIGNED),
        "437e8796a6dfa39d69d9cc7c190f89b6f2ab39eec3acd36406e0300876e6e841",
    ),
    "list with a temporary key": (
        *("ListRelaySourceV4", LIST, {"X-Security-Token": "VOLCSTSTOKEN"}),
        f"{SIGNED};x-security-token",
        "dc68efea4980fbcab6818edacbb18d64eac44a7a2353f73b5ade80c78233c99e",
    ),
}
Vector = tuple[str, bytes, dict[str, str], str, str]


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    clock = Clock(frozen_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))
    emulator = Emulator(KEY_ID, "VOLCSKEXAMPLE000000000000000001", clock=clock)
    transport = httpx.WSGITransport(app=emulator.app)
    with httpx.Client(transport=transport, base_url=f"https://{HOST}") as client:
        yield client


def send(
    client: httpx.Client, vector: Vector, scope: str = SCOPE, **changed: str | None
) -> httpx.Response:
    action, body, more, signed, signature = vector
    headers = {
        "Content-Type": "application/json",
        "X-Date": "20250102T030405Z",
        "X-Content-Sha256": hashlib.sha256(body).hexdigest(),
        "Authorization": f"HMAC-SHA256 Credential={KEY_ID}/{scope}, SignedHeaders={signed}, "
        f"Signature={signature}",
        **more,
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    headers = {name: value for name, value in headers.items() if value is not None}
    query = {"Action": action, "Version": "2023-01-01"}
    return client.post("/", params=query, headers=headers, content=body)


def error(reply: httpx.Response) -> tuple[int, str, int]:
    found = reply.json()["ResponseMetadata"]["Error"]
    return reply.status_code, found["Code"], found["CodeN"]


MISMATCH = (401, "SignatureDoesNotMatch", 100010)


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_a_signature_by_the_vendors_signer_is_accepted(
    client: httpx.Client, vector: Vector
) -> None:
    """The emulator computes what the vendor's signer computes."""
    assert send(client, vector).status_code == 200


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_a_signature_with_one_wrong_digit_is_refused(client: httpx.Client, vector: Vector) -> None:
    """Every digit counts."""
    wrong = (*vector[:4], vector[4][:-1] + ("0" if vector[4][-1] != "0" else "1"))
    assert error(send(client, wrong)) == MISMATCH


def test_what_was_signed_cannot_be_changed(client: httpx.Client) -> None:
    """Action, body and headers are covered, and the body also by its hash."""
    action, body, more, signed, signature = VECTORS["create"]
    changed = body.replace(b"s1", b"s2", 1)
    assert error(send(client, ("ListRelaySourceV4", body, more, signed, signature))) == MISMATCH
    assert error(send(client, (action, changed, more, signed, signature))) == MISMATCH
    old_hash = hashlib.sha256(body).hexdigest()
    vector = (action, changed, more, signed, signature)
    assert error(send(client, vector, X_Content_Sha256=old_hash)) == MISMATCH
    token = VECTORS["list with a temporary key"]
    assert error(send(client, token, X_Security_Token="OTHER")) == MISMATCH


@pytest.mark.parametrize(
    "scope",
    [
        "20250103/cn-north-1/live/request",
        "20250102/ap-northeast-1/live/request",
        "20250102/cn-north-1/vod/request",
    ],
)
def test_the_scope_must_be_that_of_the_service(client: httpx.Client, scope: str) -> None:
    """Day, region and service."""
    reply = send(client, VECTORS["create"], scope)
    assert error(reply) == MISMATCH
    assert "scope" in reply.text


@pytest.mark.parametrize("name", [*SIGNED.split(";"), "x-security-token"])
def test_each_header_that_counts_must_be_signed(client: httpx.Client, name: str) -> None:
    """Host, date and hash, and content type and token if they are sent."""
    action, body, more, signed, signature = VECTORS["list with a temporary key"]
    fewer = ";".join(each for each in signed.split(";") if each != name)
    reply = send(client, (action, body, more, fewer, signature))
    assert error(reply) == MISMATCH
    assert f"{name} must be signed" in reply.text


@pytest.mark.parametrize("name", ["X_Date", "X_Content_Sha256"])
def test_a_needed_header_is_requested(client: httpx.Client, name: str) -> None:
    """Date and hash."""
    reply = send(client, VECTORS["create"], **{name: None})
    assert error(reply) == (400, "MissingRequestInfo", 100004)


def test_a_date_over_fifteen_minutes_off_is_refused(client: httpx.Client) -> None:
    """A signature expires quickly."""
    wrong = (400, "InvalidTimestamp", 100006)
    assert error(send(client, VECTORS["create"], X_Date="20250102T031906Z")) == wrong
    assert error(send(client, VECTORS["create"], X_Date="2025-01-02T03:04:05Z")) == wrong


def test_a_caller_in_real_time_is_accepted_when_the_clock_was_moved(volc) -> None:
    """A test moves the emulator's clock, not that of the client under test."""
    volc.emulator.clock.advance(timedelta(days=8))
    volc.clock = Clock()
    assert volc("ListPullToPushTask").status_code == 200


def test_an_unknown_or_malformed_key_is_refused(client: httpx.Client) -> None:
    """The only key is the one given to the constructor."""
    rest = f"SignedHeaders={SIGNED}, Signature=0"
    other = f"HMAC-SHA256 Credential=OTHER/{SCOPE}, {rest}"
    reply = send(client, VECTORS["create"], Authorization=other)
    assert error(reply) == (401, "InvalidAccessKey", 100009)
    reply = send(client, VECTORS["create"], Authorization=f"HMAC-SHA256 Credential=OTHER, {rest}")
    assert error(reply) == (400, "MissingSignature", 100005)
