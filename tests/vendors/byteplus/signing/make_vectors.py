"""Writes the vectors beside it by running the signer of the official Python SDK.

Run: pip install byteplus-sdk==1.0.53 byteplus-python-sdk-v2==3.0.63 in an environment of its own,
and with its python tests/vendors/byteplus/signing/make_vectors.py

The SDK signs what this file asks for and nothing is computed here: what it hashes and what it signs
is overheard. Its generated part signs for cn-north-1; the region of the page is given to it. It
knows no tokens of temporary keys, so the newer SDK signs with one.
"""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

from byteplus_sdk.auth.SignerV4 import SignerV4
from byteplus_sdk.base.Request import Request
from byteplus_sdk.Credentials import Credentials
from byteplus_sdk.util.Util import Util
from byteplussdkcore import signv4

HERE = Path(__file__).parent
HOST = "open.byteplusapi.com"
HEADERS = {"Content-Type": "application/json"}
KEYS = {
    "access_key_id": "AKAPEXAMPLE0000000001",
    "secret_access_key": "BYTEPLUSSKEXAMPLE00000000000001",
}
NOW = "2025-01-02T03:04:05Z"
DATE = "20250102T030405Z"


def _case(action: str, *query: tuple[str, str], method: str = "POST", **more: str) -> Any:
    pairs = [["Action", action], ["Version", "2023-01-01"], *(list(pair) for pair in query)]
    return {"method": method, "path": "/", "query": pairs, **more}


CASES: dict[str, dict[str, Any]] = {
    "create-relay-source": _case(
        "CreateRelaySourceV4",
        body='{"App":"live","Domain":"pull.example.com","EndTime":1683777258,'
        '"SrcAddrS":["rtmp://src.example.com/live/s1"],"StartTime":1683518058,"Stream":"s1"}',
    ),
    "query-odd": _case("ListPullToPushTask", ("Title", "a b*~+/?c=d&é 直播"), method="GET"),
    "body-empty": _case("DescribeCallback"),
    "body-not-ascii": _case("CreatePullToPushTask", body='{"Title":"直播"}'),
}


TEMPORARY = _case(
    "ListRelaySourceV4",
    body='{"Domain":"pull.example.com","Page":1,"Size":500}',
    security_token="BYTEPLUSSTSTOKEN",
)


def vector(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with everything that the SDK derives from it."""
    request = Request()
    request.set_method(case["method"])
    request.set_path(case["path"])
    request.set_headers({**HEADERS, "Host": HOST})
    query = dict(case["query"])
    request.set_query(query)
    request.set_body(case.get("body", ""))
    credentials = Credentials(
        KEYS["access_key_id"], KEYS["secret_access_key"], "live", "ap-singapore-1"
    )
    with (
        patch.object(SignerV4, "get_current_format_date", return_value=DATE),
        patch.object(Util, "sha256", wraps=Util.sha256) as hashed,
        patch.object(Util, "hmac_sha256", wraps=Util.hmac_sha256) as signed,
    ):
        SignerV4.sign(request, credentials)
    return {
        "request": {"now": NOW, "headers": HEADERS, "host": HOST, **KEYS, **case},
        "canonical": hashed.call_args.args[0],
        "to_sign": signed.call_args.args[1],
        "authorization": request.headers["Authorization"],
        "uri": f"{case['path']}?{Util.norm_query(query)}",
    }


def temporary() -> dict[str, Any]:
    """Return the same of the call with a token, which the newer SDK signs and tells its log of."""
    headers, query = {**HEADERS, "Host": HOST}, dict(TEMPORARY["query"])
    with (
        patch.object(signv4.datetime, "datetime") as clock,
        patch.object(signv4.sdk_core_logger, "debug_sign") as log,
    ):
        clock.utcnow.return_value.strftime.return_value = DATE
        signv4.SignerV4.sign(
            *("/", "POST", headers, TEMPORARY["body"], None, query),
            *(KEYS["access_key_id"], KEYS["secret_access_key"], "ap-singapore-1", "live"),
            TEMPORARY["security_token"],
        )
    told = {call.args[0].partition(":")[0]: call.args[1] for call in log.call_args_list}
    return {
        "request": {"now": NOW, "headers": HEADERS, "host": HOST, **KEYS, **TEMPORARY},
        "canonical": told["canonical_request"],
        "to_sign": told["string_to_sign"],
        "authorization": headers["Authorization"],
        "uri": f"/?{signv4.SignerV4.canonical_query(query)}",
    }


def _write(name: str, found: dict[str, Any]) -> None:
    text = json.dumps(found, indent=2, ensure_ascii=False)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name, case in CASES.items():
        _write(name, vector(case))
    _write("temporary-keys", temporary())
