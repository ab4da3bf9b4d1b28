"""One request to Huawei Cloud: what a handler can ask of it, and how it is answered."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask import Request, Response

from pulumi_livepull.emulator.huaweicloud.fields import Fields, read_body, read_query, to_wire
from pulumi_livepull.emulator.huaweicloud.refusal import (
    Refusal,
    denied,
    not_emulated,
    throttled,
)
from pulumi_livepull.emulator.huaweicloud.state import Project, State

Answer = tuple[int, Mapping[str, Any] | None]
"""Status and JSON body; `None` for an empty one."""

Handler = Callable[["Call"], Answer]


@dataclass(frozen=True)
class Operation:
    """One operation: where it is, what carries it out, the page that describes it."""

    name: str
    method: str
    path: str
    handler: Handler
    page: str
    request_id_in_body: bool = False
    """Pull tasks repeat the request id in the body; callbacks give it in the header alone."""


@dataclass
class Call:
    """One request, recognised and checked but not yet carried out."""

    request: Request
    request_id: str
    state: State
    moment: datetime
    operation: Operation | None
    path: Mapping[str, str]
    refusal: Refusal | None = None
    """Why the call cannot be carried out, when that is known beforehand."""

    authentic: bool = True
    hidden_reads: int = 0

    @property
    def name(self) -> str | None:
        """The operation's name; `None` when it is not emulated."""
        return self.operation.name if self.operation else None

    @property
    def now(self) -> str:
        """The present moment in the vendor's form."""
        return to_wire(self.moment)

    @property
    def project(self) -> Project:
        """The project named in the path."""
        return self.state.projects[self.path["project_id"]]

    def body(self, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
        """The fields of the body; the query of such a call must be empty."""
        read_query(self.request, {})
        return read_body(self.request, fields, required)

    def query(self, fields: Fields, required: Iterable[str] = ()) -> dict[str, Any]:
        """The fields of the query."""
        return read_query(self.request, fields, required)

    def perform(self, *, hidden_reads: int = 0) -> Response:
        """Do the work and answer."""
        self.hidden_reads = hidden_reads
        try:
            operation = self._get_operation()
            status, body = operation.handler(self)
        except Refusal as refusal:
            return self._refuse(refusal)
        return self._answer(status, body, request_id_in_body=operation.request_id_in_body)

    def refuse(self, why: Literal["throttled", "denied"]) -> Response:
        """Answer as the gateway does."""
        return self._refuse({"throttled": throttled, "denied": denied}[why]())

    def _get_operation(self) -> Operation:
        if self.refusal or not self.operation:
            raise self.refusal or not_emulated(self.request.method, self.request.path)
        return self.operation

    def _refuse(self, refusal: Refusal) -> Response:
        body = {"error_code": refusal.code, "error_msg": refusal.message}
        of_pull_task = self.operation is not None and self.operation.request_id_in_body
        in_body = of_pull_task or not refusal.by_service
        return self._answer(refusal.status, body, request_id_in_body=in_body)

    def _answer(
        self, status: int, body: Mapping[str, Any] | None, *, request_id_in_body: bool
    ) -> Response:
        if body is not None and request_id_in_body:
            body = {**body, "request_id": self.request_id}
        data = "" if body is None else json.dumps(body)
        headers = {"X-request-id": self.request_id}
        return Response(data, status, headers, mimetype="application/json")
