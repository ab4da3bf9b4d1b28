"""One request to Huawei Cloud: accessors for handlers, and the format of answers."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flask import Response

from pulumi_livepull.emulator import call
from pulumi_livepull.emulator.fields import Fields, read_json, read_query, to_wire
from pulumi_livepull.emulator.huaweicloud.refusal import (
    denied,
    invalid,
    not_opened,
    throttled,
    wrong_media_type,
)
from pulumi_livepull.emulator.huaweicloud.state import Project, State
from pulumi_livepull.emulator.refusal import Invalid, Refusal

Answer = tuple[int, Mapping[str, Any] | None]
"""Status and JSON body; `None` for an empty one."""

Handler = Callable[["Call"], Answer]


@dataclass(frozen=True, kw_only=True)
class Operation(call.Operation):
    """One operation, identified by its method and path."""

    method: str
    path: str
    request_id_in_body: bool = False
    """Pull tasks repeat the request id in the body; callbacks have it only in the header."""


@dataclass(kw_only=True)
class Call(call.Call):
    """One request that has been recognised and checked, but not yet run."""

    refusals: ClassVar = {"throttled": throttled, "denied": denied, "not_opened": not_opened}

    state: State
    operation: Operation | None = None
    path: Mapping[str, str] = field(default_factory=dict)

    @property
    def now(self) -> str:
        """The current time in the vendor's format."""
        return to_wire(self.moment)

    @property
    def project(self) -> Project:
        """The project named in the path."""
        return self.state.projects[self.path["project_id"]]

    def body(self, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
        """The fields of the body. The query of such a call must be empty."""
        read_query(self.request, {})
        if self.request.mimetype != "application/json":
            raise wrong_media_type()
        return read_json(self.request, fields, required)

    def query(self, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
        """The fields of the query."""
        return read_query(self.request, fields, required)

    def answer(self, result: Any) -> Response:
        """The answer is the body itself."""
        status, body = result
        return self._answer(status, body, request_id_in_body=self._of_pull_task)

    def answer_refusal(self, refusal: Refusal) -> Response:
        """The code and message. The gateway in front of Live always adds the request id."""
        body = {"error_code": refusal.code, "error_msg": refusal.message}
        in_body = self._of_pull_task or not refusal.code.startswith("LIVE.")
        return self._answer(refusal.status, body, request_id_in_body=in_body)

    def invalid(self, wrong: Invalid) -> Refusal:
        """All invalid fields have the same code."""
        return invalid(str(wrong))

    @property
    def _of_pull_task(self) -> bool:
        return self.operation is not None and self.operation.request_id_in_body

    def _answer(
        self, status: int, body: Mapping[str, Any] | None, *, request_id_in_body: bool
    ) -> Response:
        if body is not None and request_id_in_body:
            body = {**body, "request_id": self.request_id}
        data = "" if body is None else json.dumps(body)
        headers = {"X-request-id": self.request_id}
        return Response(data, status, headers, mimetype="application/json")
