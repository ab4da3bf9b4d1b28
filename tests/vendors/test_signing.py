"""Every vendor's signer against vectors that the vendor's own SDK produced.

The vectors lie in `<vendor>/signing`, beside the script that made them.
"""

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from pulumi_livepull.core.credentials import Credentials
from pulumi_livepull.core.query import canonical_query
from pulumi_livepull.core.signing import Signer, digest
from pulumi_livepull.vendors import VENDORS

SIGNERS: dict[str, type[Signer]] = {vendor.name: resolve_name(vendor.signer) for vendor in VENDORS}

HERE = Path(__file__).parent
VECTORS = {
    f"{path.parent.parent.name}/{path.stem}": json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(HERE.glob("*/signing/*.json"))
}

# What the notes on the vendors give, computed apart from the files.
KNOWN = {
    "huaweicloud/hw-1": "e2e2b63ab59cdeb0fab4ac45ca108ad43c6e0b1fef49fce534fd43777c2562e6",
    "huaweicloud/hw-2-temporary-keys": (
        "c7e97c180c89e180c41e8356d9f97ae7c71a6923959969414139eed6ef39a767"
    ),
    "huaweicloud/hw-3-star": "1b851cd3074c80d70d8bfab8f4720e061c5acae41b1e3397fdde8579d71e9c41",
    "alicloud/ali-1": "29d3fde7e26ce32ca37d42cb6ad407169491f494f081d112f9739b81eb670626",
    "alicloud/ali-2-temporary-keys": (
        "fe3fdd84764a6796885f3e0f6c0b895480b348543378577cf03d4959e879467c"
    ),
    "volcengine/vo-1": "437e8796a6dfa39d69d9cc7c190f89b6f2ab39eec3acd36406e0300876e6e841",
    "volcengine/vo-2-temporary-keys": (
        "dc68efea4980fbcab6818edacbb18d64eac44a7a2353f73b5ade80c78233c99e"
    ),
    "tencentcloud/tc-1": "87edb22915572115432f8d7944308493a516cd37d880b381796c19a1aed1c6c5",
    "tencentcloud/tc-2-temporary-keys": (
        "0a3a3b1ef1965fbf1e5c4abb4aec2670080e3a9c96b7c46654492c8e4718587b"
    ),
}

every_vector = pytest.mark.parametrize("name", VECTORS)


def _signed(name: str) -> tuple[Signer, httpx.Request]:
    asked: dict[str, Any] = VECTORS[name]["request"]
    credentials = Credentials(
        asked["access_key_id"], asked["secret_access_key"], asked.get("security_token", "")
    )
    signer = SIGNERS[name.partition("/")[0]](credentials)
    query = canonical_query(tuple(pair) for pair in asked.get("query", []))
    request = httpx.Request(
        asked["method"],
        f"https://{asked['host']}{asked['path']}{'?' if query else ''}{query}",
        headers=asked["headers"],
        content=asked.get("body", "").encode(),
    )
    # Some vendors have a number in each request that no other had; the SDK signed this one.
    with patch.object(secrets, "token_hex", return_value=asked.get("nonce", "")):
        signer.sign(request, datetime.fromisoformat(asked["now"]))
    return signer, request


@every_vector
def test_the_header_is_that_of_the_vendors_sdk(name: str) -> None:
    """The header is compared first; if it differs, the intermediate steps show where."""
    vector = VECTORS[name]
    signer, request = _signed(name)
    if request.headers["Authorization"] != vector["authorization"]:
        canonical = signer.canonical_request(request, signer.signed_headers(request))
        now = datetime.fromisoformat(vector["request"]["now"])
        assert canonical == vector["canonical"]
        assert signer.string_to_sign(digest(canonical), now) == vector["to_sign"]
    assert request.headers["Authorization"] == vector["authorization"]


@every_vector
def test_the_query_is_sent_as_it_is_signed(name: str) -> None:
    """A gateway may not decode another encoding, so the query is sent in canonical form."""
    sent = _signed(name)[1].url.query.decode()
    assert sent == VECTORS[name]["uri"].partition("?")[2]


@pytest.mark.parametrize("name", KNOWN)
def test_the_vectors_agree_with_those_computed_elsewhere(name: str) -> None:
    """This would reveal a mistake in the script that generated the files."""
    assert VECTORS[name]["authorization"].endswith(f"Signature={KNOWN[name]}")


@pytest.mark.parametrize("vendor", SIGNERS)
def test_every_vendor_has_vectors_with_and_without_a_token(vendor: str) -> None:
    """A signer that nobody compared with the vendor's own signs anything."""
    own = [vector["request"] for name, vector in VECTORS.items() if name.startswith(f"{vendor}/")]
    assert {bool(asked.get("security_token")) for asked in own} == {True, False}


@pytest.mark.parametrize("vendor", SIGNERS)
def test_each_attempt_is_signed_again(vendor: str) -> None:
    """A retry must not carry the date of the previous attempt."""
    signer = SIGNERS[vendor](Credentials("id", "secret"))
    request = httpx.Request("GET", "https://live.example.com/")
    signed = set()
    for day in (1, 2):
        signer.sign(request, datetime(2025, 1, day, tzinfo=UTC))
        signed.add(request.headers["Authorization"])
    assert len(signed) == 2


@every_vector
def test_the_secret_is_not_in_the_request(name: str) -> None:
    """Only the signature made with it is sent."""
    request = _signed(name)[1]
    sent = f"{request.url} {request.headers.multi_items()} {request.content!r}"
    assert VECTORS[name]["request"]["secret_access_key"] not in sent
