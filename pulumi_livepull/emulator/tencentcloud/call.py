"""One request to Tencent Cloud: what a handler can ask of it, and how it is answered."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Response

from pulumi_livepull.emulator import call
from pulumi_livepull.emulator.fields import Fields, read_json, to_wire
from pulumi_livepull.emulator.refusal import Invalid, Refusal
from pulumi_livepull.emulator.tencentcloud.refusal import (
    denied,
    invalid,
    missing,
    not_opened,
    throttled,
    trouble,
    unknown_parameter,
)
from pulumi_livepull.emulator.tencentcloud.state import State


@dataclass(frozen=True, kw_only=True)
class Operation(call.Operation):
    """One operation, which is found by its action."""

    errors_in_200: bool = True
    regional: bool = False
    """Whether the header X-TC-Region must name a region."""


@dataclass(kw_only=True)
class Call(call.Call):
    """One request; what a handler returns is the response, `None` for none."""

    refusals: ClassVar = {
        "throttled": throttled,
        "denied": denied,
        "not_opened": not_opened,
        "error_in_200": trouble,
    }

    state: State
    operation: Operation | None = None

    @property
    def now(self) -> str:
        """The present moment, as tasks show times."""
        return to_wire(self.moment)

    @property
    def action(self) -> str:
        """The action that is asked for, known or not."""
        return self.request.headers.get("X-TC-Action", "")

    @property
    def region(self) -> str:
        """The region that is asked for."""
        return self.request.headers.get("X-TC-Region", "")

    def body(self, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
        """The fields of the body."""
        return read_json(self.request, fields, required)

    def answer(self, result: Any) -> Response:
        """The result, if there is one, beside the request id."""
        return self._answer(result or {})

    def answer_refusal(self, refusal: Refusal) -> Response:
        """The error is in the envelope; the status is 200 unless the emulator itself refuses."""
        error = {"Code": refusal.code, "Message": refusal.message}
        return self._answer({"Error": error}, refusal.status)

    def invalid(self, wrong: Invalid) -> Refusal:
        """The gateway tells unknown and missing fields by codes of their own."""
        message = str(wrong)
        if message.startswith("unknown field"):
            return unknown_parameter(message)
        return missing(message) if message.endswith("is required") else invalid(wrong)

    def _answer(self, result: Mapping[str, Any], status: int = 200) -> Response:
        envelope = {"Response": {**result, "RequestId": self.request_id}}
        data = json.dumps(envelope, ensure_ascii=False)
        return Response(data, status, mimetype="application/json")
