"""One request to a vendor: recognised, checked, carried out or refused, and answered."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask import Request, Response

from pulumi_livepull.emulator.refusal import Invalid, Refusal, not_emulated


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One emulated operation: its name in the vendor's words, what carries it out, its page."""

    name: str
    handler: Callable[[Any], Any]
    page: str
    makes: bool = False
    """Whether it makes something new."""

    errors_in_200: bool = False
    """Whether the vendor may refuse it in an answer of status 200."""

    per_second: int | None = None
    """How many calls the vendor takes in a second; `None` when no page says."""


@dataclass(kw_only=True)
class Call(ABC):
    """One request. A vendor says how it reads one, and how its envelope and its errors look."""

    refusals: ClassVar[Mapping[str, Callable[[], Refusal]]]
    """How the vendor refuses what it could do, by reason: at least `throttled`, `denied` and
    `not_opened`."""

    request: Request
    request_id: str
    moment: datetime
    operation: Operation | None = None
    refusal: Refusal | None = None
    """Why the call cannot be carried out, when that is known beforehand."""

    authentic: bool = True
    """Whether the signature is valid."""

    hidden_reads: int = 0
    """For how many reads what this call makes stays hidden."""

    error_code: str | None = None
    """The vendor's code, once the call has been refused."""

    @property
    def name(self) -> str | None:
        """The operation's name in the vendor's words; `None` when it is not emulated."""
        return self.operation.name if self.operation else None

    def perform(self, *, hidden_reads: int = 0) -> Response:
        """Do the work and answer; what this makes stays out of the next `hidden_reads` reads."""
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
        """Answer as the vendor does when it does not do what it could, for one of `refusals`."""
        response = self._refuse(self.refusals[why]())
        if retry_after is not None:
            name, value = self.retry_header(retry_after)
            response.headers[name] = value
        return response

    def retry_header(self, seconds: int) -> tuple[str, str]:
        """The header that tells when to come back."""
        return "Retry-After", str(seconds)

    @abstractmethod
    def answer(self, result: Any) -> Response:
        """What a handler returned, in the vendor's envelope."""

    @abstractmethod
    def answer_refusal(self, refusal: Refusal) -> Response:
        """A refusal in the vendor's envelope."""

    @abstractmethod
    def invalid(self, wrong: Invalid) -> Refusal:
        """A wrong field in the vendor's words."""

    def _refuse(self, refusal: Refusal) -> Response:
        self.error_code = refusal.code
        return self.answer_refusal(refusal)
