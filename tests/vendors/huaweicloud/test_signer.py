"""The signer against vectors that the official SDK produced."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_livepull.core.credentials import Credentials
from pulumi_livepull.vendors.huaweicloud.signer import (
    HuaweiSigner,
    canonical_request,
    signed_headers,
    string_to_sign,
)

VECTORS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "signing").glob("*.json"))
}

# What the notes on the vendor give, computed apart from the files.
KNOWN = {
    "hw-1": "e2e2b63ab59cdeb0fab4ac45ca108ad43c6e0b1fef49fce534fd43777c2562e6",
    "hw-2-temporary-keys": "c7e97c180c89e180c41e8356d9f97ae7c71a6923959969414139eed6ef39a767",
    "hw-3-star": "1b851cd3074c80d70d8bfab8f4720e061c5acae41b1e3397fdde8579d71e9c41",
}


def _signed(asked: dict[str, Any]) -> httpx.Request:
    credentials = Credentials(
        asked["access_key_id"], asked["secret_access_key"], asked.get("security_token", "")
    )
    date = datetime.strptime(asked["date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    request = httpx.Request(
        asked["method"],
        f"https://{asked['host']}{asked['path']}",
        params=[tuple(pair) for pair in asked.get("query", [])],
        headers=asked["headers"],
        content=asked.get("body", "").encode(),
    )
    return next(HuaweiSigner(credentials, lambda: date).auth_flow(request))


@pytest.mark.parametrize("name", VECTORS)
def test_the_header_is_that_of_the_official_sdk(name: str) -> None:
    """The header is compared first; only if it differs do the inner steps say where."""
    vector = VECTORS[name]
    request = _signed(vector["request"])
    if request.headers["Authorization"] != vector["authorization"]:
        names = signed_headers(request)
        names.remove("authorization") if "authorization" in names else None
        assert canonical_request(request, names) == vector["canonical"]
        assert string_to_sign(request, names) == vector["to_sign"]
    assert request.headers["Authorization"] == vector["authorization"]


@pytest.mark.parametrize("name", VECTORS)
def test_the_query_is_sent_as_it_is_signed(name: str) -> None:
    """A gateway may not undo another encoding, so the query on the wire is the canonical one."""
    vector = VECTORS[name]
    sent = _signed(vector["request"]).url.query.decode()
    assert sent == vector["uri"].partition("?")[2]


@pytest.mark.parametrize("name", KNOWN)
def test_the_vectors_agree_with_those_computed_elsewhere(name: str) -> None:
    """A mistake in the script that made the files would show here."""
    assert VECTORS[name]["authorization"].endswith(f"Signature={KNOWN[name]}")


def test_each_attempt_is_signed_anew() -> None:
    """A retry must not carry the date of the attempt before."""
    times = iter([datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 2, tzinfo=UTC)])
    signer = HuaweiSigner(Credentials("id", "secret"), lambda: next(times))
    request = httpx.Request("GET", "https://live.example.com/")
    first = next(signer.auth_flow(request)).headers["Authorization"]
    second = next(signer.auth_flow(request)).headers["Authorization"]
    assert first != second


def test_the_secret_is_not_in_the_request() -> None:
    """Only its effect may travel."""
    request = _signed(VECTORS["hw-1"]["request"])
    assert VECTORS["hw-1"]["request"]["secret_access_key"] not in str(dict(request.headers))
