"""Writes the vectors beside it by running the signer of the official Python SDK.

Run: .venv/bin/python tests/vendors/huaweicloud/signing/make_vectors.py

The SDK signs what this file asks for and nothing is computed here. `hw-1` to `hw-3` are the vectors
that the project's notes on the vendor give as well.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

HERE = Path(__file__).parent
PROJECT = "0123456789abcdef0123456789abcdef"
TASK = f"/v1/{PROJECT}/pull/stream/task"
CALLBACKS = f"/v1/{PROJECT}/record/callbacks"
HEADERS = {"Content-Type": "application/json", "X-Project-Id": PROJECT}
KEYS = {
    "access_key_id": "HWAKEXAMPLE0000000001",
    "secret_access_key": "HWSKEXAMPLE0000000000000000000000000001",
}
NOW = "2025-01-02T03:04:05Z"
DATE = "20250102T030405Z"

CASES: dict[str, dict[str, Any]] = {
    "hw-1": {
        "method": "POST",
        "path": TASK,
        "body": '{"source_type":"PullLivePushLive","source_urls":["rtmp://play.example.com/live/s1"],'
        '"destination_url":"rtmp://push.example.com/live/s1"}',
    },
    "hw-2-temporary-keys": {
        "method": "GET",
        "path": TASK,
        "query": [
            ["task_id", "7864b3dc-e92f-42db-a754-08e627b6d8dd"],
            ["region", "cn-north-4"],
            ["offset", "0"],
            ["limit", "10"],
        ],
        "security_token": "HWSTSTOKEN",
    },
    "hw-3-star": {
        "method": "GET",
        "path": CALLBACKS,
        "query": [["publish_domain", "push.example.com"], ["app", "*"]],
    },
    "query-space": {"method": "GET", "path": CALLBACKS, "query": [["app", "a b"]]},
    "query-tilde": {"method": "GET", "path": CALLBACKS, "query": [["app", "a~b-c_d.e"]]},
    "query-plus": {"method": "GET", "path": CALLBACKS, "query": [["app", "a+b"]]},
    "query-slash": {"method": "GET", "path": CALLBACKS, "query": [["app", "a/b?c=d&e"]]},
    "query-repeated-key": {
        "method": "GET",
        "path": CALLBACKS,
        "query": [["app", "z"], ["app", "a"], ["App", "A"]],
    },
    "query-not-ascii": {"method": "GET", "path": CALLBACKS, "query": [["app", "直播 é"]]},
    "query-empty-value": {"method": "GET", "path": CALLBACKS, "query": [["app", ""]]},
    "path-odd": {"method": "DELETE", "path": f"{CALLBACKS}/a b~*+é"},
    "body-empty": {"method": "DELETE", "path": f"{CALLBACKS}/1"},
    "body-not-ascii": {"method": "PUT", "path": TASK, "body": '{"task_id":"直播"}'},
    "put-temporary-keys": {
        "method": "PUT",
        "path": TASK,
        "body": '{"task_id":"1"}',
        "security_token": "tok/en+with=odd characters",
    },
}


def vector(case: dict[str, Any]) -> dict[str, Any]:
    """Return the case with everything that the SDK derives from it."""
    headers = {**HEADERS, "X-Sdk-Date": DATE, "Host": "live.cn-north-4.myhuaweicloud.com"}
    if "security_token" in case:
        headers["X-Security-Token"] = case["security_token"]
    request = SdkRequest(
        method=case["method"],
        schema="https",
        host=headers["Host"],
        resource_path=case["path"],
        query_params=[tuple(pair) for pair in case.get("query", [])],
        header_params=headers,
        body=case.get("body", ""),
    )
    signer = Signer(BasicCredentials(KEYS["access_key_id"], KEYS["secret_access_key"], PROJECT))
    signed = signer.sign(request)
    authorization = signed.header_params.pop("Authorization")
    names = signer._process_signed_headers(signed)
    canonical = signer._process_canonical_request(signed, names)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return {
        "request": {"now": NOW, "headers": HEADERS, "host": headers["Host"], **KEYS, **case},
        "canonical": canonical,
        "to_sign": f"SDK-HMAC-SHA256\n{DATE}\n{digest}",
        "authorization": authorization,
        "uri": signed.uri,
    }


if __name__ == "__main__":
    for name, case in CASES.items():
        text = json.dumps(vector(case), indent=2, ensure_ascii=False)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
