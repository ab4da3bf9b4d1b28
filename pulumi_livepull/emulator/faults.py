"""Faults: each is armed by name for a number of calls."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from flask import Response

from pulumi_livepull.emulator.call import Call, Operation


@dataclass(frozen=True)
class Fault:
    """A kind of fault. Its dataclass fields are its settings for `arm`."""

    def fits(self, operation: Operation) -> bool:
        """Whether the fault applies to this operation."""
        return True

    def apply(self, call: Call) -> Response:
        """Answer the call instead of `call.perform()`."""
        raise NotImplementedError


@dataclass(frozen=True)
class Throttle(Fault):
    """The gateway throttles the call, which has no effect."""

    retry_after: int | None = None

    def __post_init__(self) -> None:
        if self.retry_after is not None:
            _need_count("retry_after", self.retry_after)

    def apply(self, call: Call) -> Response:
        return call.refuse("throttled", retry_after=self.retry_after)


@dataclass(frozen=True)
class Deny(Fault):
    """The caller has no permission; the call has no effect."""

    def apply(self, call: Call) -> Response:
        return call.refuse("denied")


@dataclass(frozen=True)
class NotOpened(Fault):
    """The service is not activated for the account; the work is not done."""

    def apply(self, call: Call) -> Response:
        return call.refuse("not_opened")


@dataclass(frozen=True)
class ErrorIn200(Fault):
    """The vendor returns an error with status 200; the call has no effect."""

    def fits(self, operation: Operation) -> bool:
        return operation.errors_in_200

    def apply(self, call: Call) -> Response:
        return call.refuse("error_in_200")


@dataclass(frozen=True)
class LoseReply(Fault):
    """The call takes effect, but the answer is lost: a broken connection, or in-process an empty
    body."""

    def apply(self, call: Call) -> Response:
        call.perform()
        response = Response(b"")
        # With a Content-Length that is too large, the server can only break the connection.
        response.headers["Content-Length"] = "1"
        return response


@dataclass(frozen=True)
class Fail(Fault):
    """A proxy answers in HTML; the call has no effect."""

    status: int = 502

    def __post_init__(self) -> None:
        if self.status not in (500, 502, 503):
            raise ValueError(f"status must be 500, 502 or 503, not {self.status!r}")

    def apply(self, call: Call) -> Response:
        page = f"<html><body><h1>{self.status}</h1></body></html>"
        return Response(page, self.status, mimetype="text/html")


@dataclass(frozen=True)
class FailAfter(Fail):
    """The same, but the call takes effect."""

    def apply(self, call: Call) -> Response:
        call.perform()
        return super().apply(call)


@dataclass(frozen=True)
class Garble(Fault):
    """The call takes effect, but the answer is truncated JSON."""

    def apply(self, call: Call) -> Response:
        call.perform()
        return Response('{"RequestId": "', mimetype="application/json")


@dataclass(frozen=True)
class DropField(Fault):
    """A field is missing from the answer and from the items in it."""

    name: str

    def apply(self, call: Call) -> Response:
        response = call.perform()
        if response.is_json:
            response.set_data(json.dumps(_without(response.get_json(), self.name)))
        return response


@dataclass(frozen=True)
class Delay(Fault):
    """What a create makes is hidden from the next reads."""

    reads: int = 1

    def __post_init__(self) -> None:
        _need_count("reads", self.reads)

    def fits(self, operation: Operation) -> bool:
        return operation.makes

    def apply(self, call: Call) -> Response:
        return call.perform(hidden_reads=self.reads)


KINDS: dict[str, type[Fault]] = {
    "throttle": Throttle,
    "deny": Deny,
    "not_opened": NotOpened,
    "error_in_200": ErrorIn200,
    "lose_reply": LoseReply,
    "fail": Fail,
    "fail_after": FailAfter,
    "garble": Garble,
    "drop_field": DropField,
    "delay": Delay,
}


@dataclass
class Armed:
    """A fault that waits for its calls."""

    name: str
    fault: Fault
    operation: str | None
    times: int

    def suits(self, operation: Operation) -> bool:
        """Whether the next call of this operation triggers the fault."""
        wanted = self.operation in (None, operation.name)
        return wanted and self.times > 0 and self.fault.fits(operation)


class Faults:
    """The armed faults, in the order in which they trigger."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self._operations = operations
        self._armed: list[Armed] = []

    def arm(self, name: str, operation: str | None, times: int, settings: dict[str, Any]) -> None:
        """Make the next calls fail. Raises ValueError for an unknown fault or operation."""
        _need_one_of("fault", name, KINDS)
        if operation is not None:
            _need_one_of("operation", operation, self._operations)
        _need_count("times", times)
        fault = _make(name, settings)
        if operation is not None and not fault.fits(self._operations[operation]):
            raise ValueError(f"{name} has no meaning for {operation}")
        self._armed.append(Armed(name, fault, operation, times))

    def take(self, operation: Operation) -> Armed | None:
        """Return the fault for this call, and count it as used."""
        armed = next((each for each in self._armed if each.suits(operation)), None)
        if armed:
            armed.times -= 1
        return armed

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()


def _make(name: str, settings: dict[str, Any]) -> Fault:
    kind = KINDS[name]
    known = [field.name for field in fields(kind)]
    for setting in settings:
        _need_one_of(f"setting of {name}", setting, known)
    try:
        return kind(**settings)
    except TypeError:
        raise ValueError(f"{name} needs {', '.join(known)}") from None


def _need_one_of(what: str, given: object, known: Collection[str]) -> None:
    if given not in list(known):
        raise ValueError(f"no {what} {given!r}; known: {', '.join(known) or 'none'}")


def _need_count(what: str, given: object) -> None:
    if type(given) is not int or given < 1:
        raise ValueError(f"{what} must be a whole number from 1 up, not {given!r}")


def _without(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(item, name) for key, item in value.items() if key != name}
    if isinstance(value, list):
        return [_without(item, name) for item in value]
    return value
