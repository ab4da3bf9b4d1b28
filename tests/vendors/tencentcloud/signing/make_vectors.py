"""Writes the vectors beside it by running the signer of the official Python SDK.

Run: .venv/bin/python tests/vendors/tencentcloud/signing/make_vectors.py

The SDK signs what this file asks for and nothing is computed here: what it hashes and what it signs
is overheard. `tc-1` and `tc-2` are the vectors that the project's notes on the vendor give as well.
This API is called without a query, so all that differs is the body and the keys.
"""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tencentcloud.common import abstract_client
from tencentcloud.common.credential import Credential
from tencentcloud.common.http.request import RequestInternal
from tencentcloud.common.sign import Sign
from tencentcloud.live.v20180801.live_client import LiveClient

HERE = Path(__file__).parent
HOST = "live.tencentcloudapi.com"
HEADERS = {"Content-Type": "application/json"}
KEYS = {
    "access_key_id": "TCSECRETIDEXAMPLE00000000000000000001",
    "secret_access_key": "TCSECRETKEYEXAMPLE00000000000001",
}
NOW = "2025-01-02T03:04:05Z"

TASK = {
    "SourceType": "PullLivePushLive",
    "SourceUrls": ["rtmp://src.example.com/live/s1"],
    "ToUrl": "rtmp://push.example.com/live/s1",
    "DomainName": "",
    "AppName": "",
    "StreamName": "",
    "StartTime": "2025-01-02T03:04:05Z",
    "EndTime": "2025-01-03T03:04:05Z",
    "Operator": "pulumi",
    "CallbackEvents": ["TaskStart"],
}


def _case(body: str, **more: str) -> dict[str, Any]:
    return {"method": "POST", "path": "/", "query": [], "body": body, **more}


CASES: dict[str, dict[str, Any]] = {
    "tc-1": _case(json.dumps(TASK)),
    "tc-2-temporary-keys": _case('{"TaskId": "3572"}', security_token="TCTOKEN"),
    "body-empty": _case("{}"),
    "body-not-ascii": _case('{"Comment":"直播 é"}'),
    "body-odd-characters": _case('{"PushArgs":"a b*c~d+e/f?g=h&i%20j"}'),
    "body-of-another-day": _case("{}", now="2024-02-29T23:59:59Z"),
    "body-temporary-keys": _case("{}", security_token="tok/en+with=odd characters"),
}


def vector(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with everything that the SDK derives from it."""
    keys = Credential(
        KEYS["access_key_id"], KEYS["secret_access_key"], case.get("security_token") or None
    )
    client = LiveClient(keys, "")
    request = RequestInternal(host=HOST, method="POST", uri="/")
    now = {"now": NOW, **case}["now"]
    with (
        patch.object(
            abstract_client.time,
            "time",
            return_value=datetime.fromisoformat(now).timestamp(),
        ),
        patch.object(abstract_client.json, "dumps", return_value=case["body"]),
        patch.object(hashlib, "sha256", wraps=hashlib.sha256) as hashed,
        patch.object(Sign, "sign_tc3", wraps=Sign.sign_tc3) as signed,
    ):
        client._build_req_with_tc3_signature("Any", {}, request)
    # The body is hashed first, then the canonical request; HMAC does not come this way.
    canonical = next(
        call.args[0].decode() for call in hashed.call_args_list if call.args[0][:5] == b"POST\n"
    )
    return {
        "request": {"now": now, "headers": HEADERS, "host": HOST, **KEYS, **case},
        "canonical": canonical,
        "to_sign": signed.call_args.args[3],
        "authorization": request.header["Authorization"],
        "uri": "/",
    }


if __name__ == "__main__":
    for name, case in CASES.items():
        text = json.dumps(vector(case), indent=2, ensure_ascii=False)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
