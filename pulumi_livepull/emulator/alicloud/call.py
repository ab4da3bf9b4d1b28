"""One request to Alibaba Cloud: accessors for handlers, and the format of answers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Response
from werkzeug.datastructures import MultiDict

from pulumi_livepull.emulator import call
from pulumi_livepull.emulator.alicloud.refusal import denied, invalid, not_opened, throttled
from pulumi_livepull.emulator.alicloud.signature_v1 import OWN, is_v1
from pulumi_livepull.emulator.alicloud.state import State
from pulumi_livepull.emulator.fields import Fields, read_parameters, text, to_wire
from pulumi_livepull.emulator.refusal import Invalid, Refusal

# Every operation accepts these, and Live ignores them.
COMMON: Fields = {"RegionId": text(0, 64), "OwnerId": text(0, 20), "SecurityToken": text(0, 8192)}


@dataclass(kw_only=True)
class Call(call.Call):
    """One request; what a handler returns is the body, to which the request id is added."""

    refusals: ClassVar = {"throttled": throttled, "denied": denied, "not_opened": not_opened}

    state: State

    @property
    def now(self) -> str:
        """The current time in the vendor's format."""
        return to_wire(self.moment)

    def parameters(self, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
        """The parameters, from the query (also for POST) or from a form.

        Assumption A008: only callers with the older signature use a form.
        """
        if is_v1(self.request):
            given = read_parameters(self._without_gateway(), {**fields, **COMMON}, required)
        elif self.request.get_data():
            raise Invalid("parameters belong in the query, and the body must be empty")
        else:
            given = read_parameters(self.request.args, {**fields, **COMMON}, required)
        return {name: value for name, value in given.items() if name not in COMMON}

    def _without_gateway(self) -> MultiDict[str, str]:
        own = MultiDict[str, str]()
        for name, values in self.request.values.lists():
            if name not in OWN:
                own.setlist(name, values)
        return own

    def retry_header(self, seconds: int) -> tuple[str, str]:
        """The vendor's own header counts in milliseconds."""
        return "x-acs-retry-after", str(seconds * 1000)

    def answer(self, result: Any) -> Response:
        """The body, with the request id."""
        return self._answer(200, {"RequestId": self.request_id, **result})

    def answer_refusal(self, refusal: Refusal) -> Response:
        """The code, the message and a link."""
        body = {
            "RequestId": self.request_id,
            "HostId": self.request.host,
            "Code": refusal.code,
            "Message": refusal.message,
            "Recommend": f"https://api.aliyun.com/troubleshoot?q={refusal.code}&product=live",
        }
        return self._answer(refusal.status, body)

    def invalid(self, wrong: Invalid) -> Refusal:
        """All invalid parameters have the same code."""
        return invalid(str(wrong))

    def _answer(self, status: int, body: dict[str, Any]) -> Response:
        headers = {"x-acs-request-id": self.request_id}
        return Response(json.dumps(body), status, headers, mimetype="application/json")
