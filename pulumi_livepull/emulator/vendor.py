"""What the emulator asks of a vendor; the faults and the journal know no more than this."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, NamedTuple, Protocol

from flask import Request, Response

Show = Callable[[str], str]


class Coverage(NamedTuple):
    """One row of the coverage table."""

    vendor: str
    operation: str
    emulated: bool
    page: str


class Call(Protocol):
    """One request that a vendor has received and not yet carried out."""

    request_id: str

    @property
    def name(self) -> str | None:
        """The operation's name in the vendor's words; `None` when it is not emulated."""

    @property
    def authentic(self) -> bool:
        """Whether the signature is valid."""

    def perform(self, *, hidden_reads: int = 0) -> Response:
        """Do the work and answer; what this makes stays out of the next `hidden_reads` reads."""

    def refuse(self, why: Literal["throttled", "denied"]) -> Response:
        """Answer as the vendor's gateway does when it does not let the call through."""


class Vendor(Protocol):
    """A vendor's state and rules. It is found by the signature scheme of a request."""

    name: str
    scheme: str
    operations: Collection[str]
    visible: Mapping[str, Show]
    """The fields that the journal and the page may show, each with how; all others are secret."""

    def receive(self, request: Request) -> Call:
        """Recognise the operation and check the signature."""

    def reset(self) -> None:
        """Forget everything and begin the ids anew."""

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add to the state; raises ValueError for what it cannot read, and then adds nothing."""

    def snapshot(self) -> dict[str, Any]:
        """The state in the shape that `seed` takes, secrets included."""

    def coverage(self) -> list[Coverage]:
        """Every operation of the vendor's live product, emulated or not."""
