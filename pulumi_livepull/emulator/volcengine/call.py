"""One request to Volcengine: accessors for handlers, and the format of answers."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Response

from pulumi_livepull.emulator import call
from pulumi_livepull.emulator.fields import Fields, read_json, read_query, text
from pulumi_livepull.emulator.refusal import Invalid, Refusal, WrongType
from pulumi_livepull.emulator.volcengine.refusal import (
    GatewayRefusal,
    common,
    denied,
    invalid,
    not_opened,
    throttled,
)
from pulumi_livepull.emulator.volcengine.signature import SERVICE
from pulumi_livepull.emulator.volcengine.state import State

ADDRESS: Fields = {"Action": text(1, 100), "Version": text(1, 20)}


@dataclass(frozen=True, kw_only=True)
class Operation(call.Operation):
    """One operation, identified by its action and method."""

    method: str = "POST"
    errors_in_200: bool = True


@dataclass(kw_only=True)
class Call(call.Call):
    """One request. A handler returns the result, or `None` for no result."""

    refusals: ClassVar = {
        "throttled": throttled,
        "denied": denied,
        "not_opened": not_opened,
        "error_in_200": common,
    }

    state: State
    region: str
    operation: Operation | None = None

    @property
    def now(self) -> int:
        """The current time in Unix seconds."""
        return int(self.moment.timestamp())

    @property
    def action(self) -> str:
        """The requested action, known or not."""
        return self.request.args.get("Action", "")

    @property
    def version(self) -> str:
        """The requested version."""
        return self.request.args.get("Version", "")

    def body(self, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
        """The fields of the body. The query of such a call contains only the action."""
        read_query(self.request, ADDRESS)
        if self.request.mimetype != "application/json":
            raise WrongType("the body must be sent as application/json")
        # The vendor's SDK sends null for an unset field.
        return read_json(self.request, fields, required, null_is_unset=True)

    def query(self, fields: Fields) -> dict[str, Any]:
        """The fields of the query besides action and version."""
        given = read_query(self.request, {**ADDRESS, **fields})
        return {name: value for name, value in given.items() if name not in ADDRESS}

    def answer(self, result: Any) -> Response:
        """The result, if there is one, after the request metadata."""
        return self._answer(200, {}, {} if result is None else {"Result": result})

    def answer_refusal(self, refusal: Refusal) -> Response:
        """The error is part of the request metadata, whatever the status."""
        error: dict[str, Any] = {"Code": refusal.code, "Message": refusal.message}
        if isinstance(refusal, GatewayRefusal):
            error["CodeN"] = refusal.number
        return self._answer(refusal.status, {"Error": error}, {})

    def invalid(self, wrong: Invalid) -> Refusal:
        """There are different codes for a wrong type and a wrong value."""
        return invalid(wrong)

    def _answer(self, status: int, facts: Mapping[str, Any], result: Mapping[str, Any]) -> Response:
        metadata = {
            "RequestId": self.request_id,
            "Action": self.action,
            "Version": self.version,
            "Service": SERVICE,
            "Region": self.region,
            **facts,
        }
        data = json.dumps({"ResponseMetadata": metadata, **result}, ensure_ascii=False)
        return Response(data, status, mimetype="application/json")
