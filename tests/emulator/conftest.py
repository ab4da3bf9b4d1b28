"""A fresh emulator at a frozen moment, and callers that sign with the vendors' own signers."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from alibabacloud_tea_openapi.utils import Utils
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from volcengine.auth.SignerV4 import SignerV4
from volcengine.auth.SignParam import SignParam
from volcengine.Credentials import Credentials

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock

NOW = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
HOST = "live.cn-north-4.myhuaweicloud.com"
PROJECT = "/v1/0123456789abcdef0123456789abcdef"
KEY_ID, SECRET_KEY = "livepull-emulator", "livepull-emulator-secret"


class InProcess:
    """A way to the emulator without a network."""

    host: str

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.clock = emulator.clock
        transport = httpx.WSGITransport(app=emulator.app)
        self.http = httpx.Client(transport=transport, base_url=f"https://{self.host}")


class Caller(InProcess):
    """Calls the emulator as a Huawei Cloud client does."""

    host = HOST

    def __init__(self, emulator: Emulator, secret: str = SECRET_KEY) -> None:
        super().__init__(emulator)
        self.content_type = "application/json"
        self.signs_date_only = False
        self._signer = Signer(BasicCredentials(KEY_ID, secret))

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """Sign and send; the path is that below the project unless it starts with a version."""
        path = path if path.startswith("/v3") else PROJECT + path
        data = b"" if body is None else json.dumps(body).encode()
        headers = {
            "Host": HOST,
            "Content-Type": self.content_type,
            "X-Sdk-Date": self.clock.now().strftime("%Y%m%dT%H%M%SZ"),
        }
        request = SdkRequest(method, "https", HOST, path, None, [*query.items()], headers, data)
        if self.signs_date_only:
            self._signer._process_signed_headers = lambda request: ["x-sdk-date"]
        signed = self._signer.sign(request)
        sent = signed.header_params
        return self.http.request(method, signed.uri, headers=sent, content=data)


class AliCaller(InProcess):
    """Calls the emulator as an Alibaba Cloud client does."""

    host = "live.aliyuncs.com"

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.method, self.path = "POST", "/"
        self.nonces = map(str, range(10**9))
        self.version = "2016-11-01"

    def __call__(self, action: str, body: bytes = b"", **query: Any) -> httpx.Response:
        """Sign and send."""
        query = {name: str(value) for name, value in query.items()}
        headers = {
            "host": self.host,
            "x-acs-action": action,
            "x-acs-version": self.version,
            "x-acs-date": self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": next(self.nonces),
            "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        }
        request = SimpleNamespace(
            pathname=self.path, method=self.method, query=query, headers=headers
        )
        headers["Authorization"] = Utils.get_authorization(
            request, "ACS3-HMAC-SHA256", headers["x-acs-content-sha256"], KEY_ID, SECRET_KEY
        )
        return self.http.request(
            self.method, self.path, params=query, headers=headers, content=body
        )


class VolcCaller(InProcess):
    """Calls the emulator as a Volcengine client does."""

    host = "live.volcengineapi.com"
    region = "cn-north-1"

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.version, self.path = "2023-01-01", "/"
        self.content_type = "application/json"

    def __call__(self, action: str, body: Any = None, **query: Any) -> httpx.Response:
        """Sign and send: as a POST when there is a body, otherwise as a GET."""
        sign = SignParam()
        sign.path, sign.method, sign.host = self.path, "GET" if body is None else "POST", self.host
        sign.query = {"Action": action, "Version": self.version, **query}
        sign.query = {name: str(value) for name, value in sign.query.items()}
        sign.body = "" if body is None else json.dumps(body)
        sign.header_list = {"Content-Type": self.content_type, "Host": self.host}
        sign.date = self.clock.now()
        signed = SignerV4.sign_only(sign, Credentials(KEY_ID, SECRET_KEY, "live", self.region))
        headers = {
            **sign.header_list,
            "X-Date": signed.xdate,
            "X-Content-Sha256": signed.xContextSha256,
            "Authorization": signed.authorization,
        }
        return self.http.request(
            sign.method, self.path, params=sign.query, headers=headers, content=sign.body
        )


class BytePlusCaller(VolcCaller):
    """Calls the emulator as a BytePlus client does."""

    host = "open.byteplusapi.com"
    region = "ap-singapore-1"


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clock=Clock(frozen_at=NOW))


@pytest.fixture
def call(emulator: Emulator) -> Iterator[Caller]:
    caller = Caller(emulator)
    with caller.http:
        yield caller


@pytest.fixture
def ali(emulator: Emulator) -> Iterator[AliCaller]:
    caller = AliCaller(emulator)
    with caller.http:
        yield caller


@pytest.fixture
def volc(emulator: Emulator) -> Iterator[VolcCaller]:
    caller = VolcCaller(emulator)
    with caller.http:
        yield caller


@pytest.fixture
def byteplus(emulator: Emulator) -> Iterator[BytePlusCaller]:
    caller = BytePlusCaller(emulator)
    with caller.http:
        yield caller
