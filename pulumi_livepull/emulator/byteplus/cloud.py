"""BytePlus in the emulator. The region, the host or the access key distinguishes it from
Volcengine.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Request

from pulumi_livepull.emulator.byteplus.operations import OPERATIONS, PAGES
from pulumi_livepull.emulator.byteplus.recording import SENDER
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.volcengine import Volcengine
from pulumi_livepull.emulator.volcengine.refusal import no_such_action
from pulumi_livepull.emulator.volcengine.signature import check_signature

HOST = "open.byteplusapi.com"
SDK_REGION = "cn-north-1"
"""The region in the signatures of the vendor's generated SDKs. Assumption A046: it is also
accepted."""


class BytePlus(Volcengine):
    """One account of BytePlus, with the access key of all vendors and one of its own."""

    name = "byteplus"
    region = "ap-singapore-1"
    sender = SENDER
    operations = OPERATIONS
    pages = PAGES

    def __init__(self, access_key_id: str, secret_access_key: str, clock: Clock) -> None:
        super().__init__(access_key_id, secret_access_key, clock)
        self._shared_key = access_key_id
        self.secrets[f"{access_key_id}-byteplus"] = secret_access_key

    def claims(self, request: Request) -> bool:
        """Whether a request is for this vendor."""
        signature = request.headers.get("Authorization", "")
        key = signature.partition("Credential=")[2].partition("/")[0]
        own = key in self.secrets and key != self._shared_key
        scoped = f"/{self.region}/" in signature
        return super().claims(request) and (own or scoped or request.host == HOST)

    def recognise(self, call: Any) -> None:
        """The query names the operation."""
        super().recognise(call)
        call.operation = OPERATIONS.get(call.action)
        if call.operation is None:
            raise no_such_action(call.action, call.version)

    def check_signature(self, request: Request, moments: Iterable[datetime]) -> None:
        """Every call must be signed for one of two regions."""
        by_sdk = f"/{SDK_REGION}/" in request.headers.get("Authorization", "")
        check_signature(request, self.secrets, moments, SDK_REGION if by_sdk else self.region)
