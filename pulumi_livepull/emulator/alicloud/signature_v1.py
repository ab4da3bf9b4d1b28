"""Check the older RPC signature, version 1.0, which many SDKs and the vendor's CLI still use.

Its parameters are mixed with those of the operation, in the query or, for a POST, in a form.

Source: https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import quote

from flask import Request

from pulumi_livepull.emulator.alicloud.refusal import (
    expired,
    incomplete_signature,
    no_such_key,
    nonce_used,
    wrong_signature,
)
from pulumi_livepull.emulator.signing import find_date, near

METHOD = "HMAC-SHA1"
NEEDED = ("AccessKeyId", "Signature", "SignatureMethod", "SignatureNonce", "Timestamp")
OWN = frozenset(
    {*NEEDED, "Action", "Version", "Format", "SignatureType", "SignatureVersion", "SecurityToken"}
)
"""Parameters for the signature and the gateway, which are removed for the operation."""


def is_v1(request: Request) -> bool:
    """Whether a request has the older signature, or no signature but the older form of the
    action."""
    return "Authorization" not in request.headers and not OWN.isdisjoint(request.values)


def check_signature_v1(
    request: Request, secrets: Mapping[str, str], moments: Iterable[datetime], nonces: set[str]
) -> None:
    """Raise a Refusal unless a known key signed this request, once and at about one of these
    times."""
    given = {**request.args, **request.form}
    for name in NEEDED:
        if not given.get(name):
            raise incomplete_signature(f"{name} is missing")
    if given["SignatureMethod"] != METHOD:
        raise incomplete_signature(f"SignatureMethod must be {METHOD}")
    date = find_date(given["Timestamp"], "%Y-%m-%dT%H:%M:%SZ")
    if date is None:
        raise incomplete_signature("Timestamp must look like 2025-01-02T03:04:05Z")
    if not near(date, moments):
        raise expired()
    secret = secrets.get(given["AccessKeyId"])
    if secret is None:
        raise no_such_key()
    if not hmac.compare_digest(_sign(request, secret).encode(), given["Signature"].encode()):
        raise wrong_signature("it is not that of this request and key")
    if given["SignatureNonce"] in nonces:
        raise nonce_used()
    nonces.add(given["SignatureNonce"])


def _sign(request: Request, secret: str) -> str:
    given = [*request.args.items(multi=True), *request.form.items(multi=True)]
    pairs = sorted((name, value) for name, value in given if name != "Signature")
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    to_sign = f"{request.method}&{_quoted('/')}&{_quoted(query)}"
    digest = hmac.new(f"{secret}&".encode(), to_sign.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="~")
