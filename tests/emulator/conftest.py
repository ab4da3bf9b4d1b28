"""A fresh emulator at a frozen moment, and a caller that signs with the vendor's own signer."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock

NOW = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
HOST = "live.cn-north-4.myhuaweicloud.com"
PROJECT = "/v1/0123456789abcdef0123456789abcdef"


class Caller:
    """Calls the emulator in-process as a Huawei Cloud client does."""

    def __init__(self, emulator: Emulator, secret: str = "livepull-emulator-secret") -> None:
        self.emulator = emulator
        self.clock = emulator.clock
        self.content_type = "application/json"
        self._signer = Signer(BasicCredentials("livepull-emulator", secret))
        transport = httpx.WSGITransport(app=emulator.app)
        self.http = httpx.Client(transport=transport, base_url=f"https://{HOST}")

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
        signed = self._signer.sign(request)
        return self.http.request(method, signed.uri, headers=signed.header_params, content=data)


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clock=Clock(frozen_at=NOW))


@pytest.fixture
def call(emulator: Emulator) -> Iterator[Caller]:
    caller = Caller(emulator)
    yield caller
    caller.http.close()
