"""Writes the vectors beside it by running the signer of the official Python SDK.

Run: .venv/bin/python tests/vendors/volcengine/signing/make_vectors.py

The SDK signs what this file asks for and nothing is computed here: what it hashes and what it signs
is overheard. `vo-1` and `vo-2` are the vectors that the project's notes on the vendor give as well.
"""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

from volcengine.auth.SignerV4 import SignerV4
from volcengine.base.Request import Request
from volcengine.Credentials import Credentials
from volcengine.util.Util import Util

HERE = Path(__file__).parent
HOST = "live.volcengineapi.com"
HEADERS = {"Content-Type": "application/json"}
KEYS = {
    "access_key_id": "AKLTEXAMPLE0000000001",
    "secret_access_key": "VOLCSKEXAMPLE000000000000000001",
}
NOW = "2025-01-02T03:04:05Z"
DATE = "20250102T030405Z"


def _case(action: str, *query: tuple[str, str], method: str = "POST", **more: str) -> Any:
    pairs = [["Action", action], ["Version", "2023-01-01"], *(list(pair) for pair in query)]
    return {"method": method, "path": "/", "query": pairs, **more}


def _listed(*query: tuple[str, str]) -> Any:
    return _case("ListPullToPushTask", *query, method="GET")


CASES: dict[str, dict[str, Any]] = {
    "vo-1": _case(
        "CreateRelaySourceV4",
        body='{"App":"live","Domain":"pull.example.com","EndTime":1683777258,'
        '"SrcAddrS":["rtmp://src.example.com/live/s1"],"StartTime":1683518058,"Stream":"s1"}',
    ),
    "vo-2-temporary-keys": _case(
        "ListRelaySourceV4",
        body='{"Domain":"pull.example.com","Page":1,"Size":500}',
        security_token="VOLCSTSTOKEN",
    ),
    "query-space": _listed(("Title", "a b")),
    "query-star": _listed(("Title", "*")),
    "query-tilde": _listed(("Title", "a~b-c_d.e")),
    "query-plus": _listed(("Title", "a+b")),
    "query-slash": _listed(("Title", "a/b?c=d&e")),
    # The SDK leaves the values of one name in their order; we sort them, and send them so.
    "query-repeated-key": _listed(("Title", "a"), ("Title", "z"), ("TITLE", "A")),
    "query-not-ascii": _listed(("Title", "直播 é")),
    "query-empty-value": _listed(("Title", "")),
    "body-empty": _case("DescribeCallback"),
    "body-not-ascii": _case("CreatePullToPushTask", body='{"Title":"直播"}'),
    "body-temporary-keys": _case(
        "DeleteCallback", body='{"Vhost":"space"}', security_token="tok/en+with=odd characters"
    ),
}


def vector(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with everything that the SDK derives from it."""
    request = Request()
    request.set_method(case["method"])
    request.set_path(case["path"])
    request.set_headers({**HEADERS, "Host": HOST})
    query: dict[str, list[str]] = {}
    for name, value in case["query"]:
        query.setdefault(name, []).append(value)
    request.set_query(query)
    request.set_body(case.get("body", ""))
    credentials = Credentials(
        KEYS["access_key_id"], KEYS["secret_access_key"], "live", "cn-north-1"
    )
    credentials.set_session_token(case.get("security_token", ""))
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


if __name__ == "__main__":
    for name, case in CASES.items():
        text = json.dumps(vector(case), indent=2, ensure_ascii=False)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
