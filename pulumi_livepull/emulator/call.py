"""One request to a vendor, from recognising it to the answer."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask import Request, Response

from pulumi_livepull.emulator.refusal import Invalid, Refusal, not_emulated


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One emulated operation: the vendor's name, its handler and its page."""

    name: str
    handler: Callable[[Any], Any]
    page: str
    makes: bool = False
    """Whether it creates something."""

    errors_in_200: bool = False
    """Whether the vendor may return an error with status 200."""

    per_second: int | None = None
    """How many calls per second the vendor allows; `None` if no page says."""


@dataclass(kw_only=True)
class Call(ABC):
    """One request. Each vendor implements how to read it, and the format of answers and errors."""

    refusals: ClassVar[Mapping[str, Callable[[], Refusal]]]
    """The vendor's refusals of valid calls, by reason: at least `throttled`, `denied` and
    `not_opened`."""

    request: Request
    request_id: str
    moment: datetime
    operation: Operation | None = None
    refusal: Refusal | None = None
    """Why the call must be refused, if that is known before running it."""

    authentic: bool = True
    """Whether the signature is valid."""

    hidden_reads: int = 0
    """For how many reads the things that this call creates stay hidden."""

    error_code: str | None = None
    """The vendor's error code, if the call was refused."""

    @property
    def name(self) -> str | None:
        """The vendor's name of the operation; `None` if it is not emulated."""
        return self.operation.name if self.operation else None

    def perform(self, *, hidden_reads: int = 0) -> Response:
        """Run the operation and answer. What it creates is hidden from the next `hidden_reads`
        reads."""
        self.hidden_reads = hidden_reads
        try:
            if self.refusal or not self.operation:
                raise self.refusal or not_emulated(f"{self.request.method} {self.request.path}")
            return self.answer(self.operation.handler(self))
        except Invalid as wrong:
            return self._refuse(self.invalid(wrong))
        except Refusal as refusal:
            return self._refuse(refusal)

    def refuse(self, why: str, *, retry_after: int | None = None) -> Response:
        """Answer with one of `refusals`, without running the operation."""
        response = self._refuse(self.refusals[why]())
        if retry_after is not None:
            name, value = self.retry_header(retry_after)
            response.headers[name] = value
        return response

    def retry_header(self, seconds: int) -> tuple[str, str]:
        """The header that says when to retry."""
        return "Retry-After", str(seconds)

    @abstractmethod
    def answer(self, result: Any) -> Response:
        """A handler's result in the vendor's envelope."""

    @abstractmethod
    def answer_refusal(self, refusal: Refusal) -> Response:
        """A refusal in the vendor's envelope."""

    @abstractmethod
    def invalid(self, wrong: Invalid) -> Refusal:
        """The vendor's error for an invalid field."""

    def _refuse(self, refusal: Refusal) -> Response:
        self.error_code = refusal.code
        return self.answer_refusal(refusal)
