"""Writes the vectors beside it by running the signer of the official Python SDK.

Run: .venv/bin/python tests/vendors/alicloud/signing/make_vectors.py

The SDK signs what this file asks for and nothing is computed here: what it hashes and what it signs
is overheard. `ali-1` and `ali-2` are the vectors that the project's notes on the vendor give as
well.
"""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

from alibabacloud_tea_openapi import utils
from darabonba.request import DaraRequest

HERE = Path(__file__).parent
HOST = "live.aliyuncs.com"
ALGORITHM = "ACS3-HMAC-SHA256"
KEYS = {
    "access_key_id": "LTAIEXAMPLE000000001",
    "secret_access_key": "ALISKEXAMPLE0000000000000001",
}
NOW = "2025-01-02T03:04:05Z"
NONCE = "0123456789abcdef0123456789abcdef"
JSON = "application/json; charset=utf-8"
TASK = "fd245384-4067-4f91-9d75-9666a6bc9000"


def _case(action: str, *query: tuple[str, str], method: str = "POST", **more: str) -> Any:
    headers = {"x-acs-action": action, "x-acs-version": "2016-11-01"}
    if "body" in more:
        headers["content-type"] = JSON
    given = {"query": [list(pair) for pair in query]} if query else {}
    return {"method": method, "path": "/", "headers": headers, **given, **more}


def _listed(*query: tuple[str, str]) -> Any:
    return _case("DescribeLivePullToPushList", *query)


CASES: dict[str, dict[str, Any]] = {
    "ali-1": _case(
        "CreateLivePullToPush",
        ("Region", "cn-shanghai"),
        ("StartTime", "2025-01-02T03:04:05Z"),
        ("EndTime", "2025-01-03T03:04:05Z"),
        ("SourceType", "live"),
        ("SourceProtocol", "rtmp"),
        ("SourceUrls", '["rtmp://pull.example.com/app/s1"]'),
        ("DstUrl", "rtmp://push.example.com/app/s1?auth_key=1-0-0-x"),
    ),
    "ali-2-temporary-keys": _case(
        "DescribeLivePullToPush",
        ("Region", "cn-shanghai"),
        ("TaskId", TASK),
        method="GET",
        security_token="ALISTSTOKEN",
    ),
    "query-space": _listed(("TaskName", "a b")),
    "query-star": _listed(("TaskName", "*")),
    "query-tilde": _listed(("TaskName", "a~b-c_d.e")),
    "query-plus": _listed(("TaskName", "a+b")),
    "query-slash": _listed(("TaskName", "a/b?c=d&e")),
    "query-repeated-key": _listed(("TaskName", "a"), ("TaskName", "z"), ("TASKName", "A")),
    "query-not-ascii": _listed(("TaskName", "直播 é")),
    "query-empty-value": _listed(("TaskName", ""), ("Region", "cn-shanghai")),
    "query-empty": _case("DescribeLiveRecordNotifyConfig"),
    "body-not-ascii": _case("UpdateLivePullToPush", body='{"TaskName":"直播"}'),
    "body-temporary-keys": _case(
        "UpdateLivePullToPush",
        ("Region", "cn-shanghai"),
        body='{"TaskId":"1"}',
        security_token="tok/en+with=odd characters",
    ),
}


class Name(str):
    """A name that a map may hold twice: the SDK keeps a query in a map."""

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__


def vector(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with everything that the SDK derives from it."""
    request = DaraRequest()
    request.method, request.pathname = case["method"], case["path"]
    request.query = {Name(name): value for name, value in case.get("query", [])}
    payload = utils.Utils.hash(case.get("body", "").encode(), ALGORITHM).hex()
    request.headers = {
        **case["headers"],
        "host": HOST,
        "x-acs-date": NOW,
        "x-acs-signature-nonce": NONCE,
        "x-acs-content-sha256": payload,
    }
    if "security_token" in case:
        request.headers["x-acs-accesskey-id"] = KEYS["access_key_id"]
        request.headers["x-acs-security-token"] = case["security_token"]
    with (
        patch.object(utils.Utils, "hash", wraps=utils.Utils.hash) as hashed,
        patch.object(utils, "signature_method", wraps=utils.signature_method) as signed,
    ):
        authorization = utils.Utils.get_authorization(
            request, ALGORITHM, payload, KEYS["access_key_id"], KEYS["secret_access_key"]
        )
    query = utils.get_canonical_query_string(request.query)
    return {
        "request": {"now": NOW, "nonce": NONCE, "host": HOST, **KEYS, **case},
        "canonical": hashed.call_args.args[0].decode(),
        "to_sign": signed.call_args.args[1],
        "authorization": authorization,
        "uri": case["path"] + (f"?{query}" if query else ""),
    }


if __name__ == "__main__":
    for name, case in CASES.items():
        text = json.dumps(vector(case), indent=2, ensure_ascii=False)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
