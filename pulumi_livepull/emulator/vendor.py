"""The interface of a vendor in the emulator, which faults and the journal use."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any, ClassVar, NamedTuple

from flask import Request

from pulumi_livepull.emulator.call import Call, Operation
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.delivery import Notice, Sender
from pulumi_livepull.emulator.journal import Show
from pulumi_livepull.emulator.refusal import Refusal
from pulumi_livepull.emulator.relay import Relay, Report


class Coverage(NamedTuple):
    """One row of the coverage table."""

    vendor: str
    operation: str
    emulated: bool
    page: str


class Kind(NamedTuple):
    """The things of one kind in a vendor's snapshot, as people look for them on the page."""

    key: str
    """Where the snapshot lists them: all in a list, or in a list for each place."""

    names: Sequence[tuple[str, ...]]
    """Fields that name a thing: the first of these of which it has all."""

    relays: bool = False
    """Whether they put something on air."""

    tones: Mapping[object, str] = {}
    """Which statuses are `running` and which `pause`."""


_KEY_ID = re.compile(r"(?:Access|Credential)=([^\s,/]+)")


class TemporaryKeys(NamedTuple):
    """Keys with a token, as a token service gives them."""

    access_key_id: str
    secret_access_key: str
    security_token: str
    expires: datetime


class Vendor(ABC):
    """One account at a vendor, with one access key. The signature scheme of a request selects
    it."""

    name: ClassVar[str]
    scheme: ClassVar[str]
    version: ClassVar[str] = "none"
    """The `Version` of requests, for vendors that name operations by `Action`."""
    operations: ClassVar[Mapping[str, Operation]]
    pages: ClassVar[str]
    """The address of the vendor's pages, to which an operation's name is appended."""

    sender: ClassVar[Sender]
    """How it sends recording callbacks."""

    session_header: ClassVar[str]
    """The header with the security token of temporary keys."""

    wrong_token: ClassVar[Callable[[], Refusal]]
    """How a token is refused that is wrong or has expired."""

    visible: ClassVar[Mapping[str, Show]]
    """The fields that the journal and the page may show, and how. All others are secret."""

    kinds: ClassVar[Sequence[Kind]]
    """What the page shows of its state."""

    def __init__(self, access_key_id: str, secret_access_key: str, clock: Clock) -> None:
        self.secrets = {access_key_id: secret_access_key}
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.clock = clock
        self.reset()

    def claims(self, request: Request) -> bool:
        """Whether a request is for this vendor, judging by its signature scheme. An unsigned
        request is recognised by its operation or version.
        """
        if signature := request.headers.get("Authorization", ""):
            return signature.partition(" ")[0] == self.scheme
        given = request.values
        return given.get("Action") in self.operations or given.get("Version") == self.version

    def receive(self, request: Request) -> Call:
        """Recognise the operation and check the signature."""
        now = self.clock.now()
        call = self.make_call(request, now)
        try:
            self.recognise(call)
        except Refusal as refusal:
            call.refusal = refusal
        try:
            # Callers use real time even if a test has moved the emulator's clock.
            self.check_signature(request, [now, datetime.now(UTC)])
            self._check_token(request, now)
        except Refusal as refusal:
            call.refusal, call.authentic = refusal, False
        return call

    def issue(self, lasts: timedelta) -> TemporaryKeys:
        """New keys that are good for so long, by the emulator's clock."""
        number = len(self.tokens) + 1
        expires = self.clock.now() + lasts
        keys = TemporaryKeys(
            f"temporary-{self.name}-{number}", f"secret-{number}", f"token-{number}", expires
        )
        self.secrets[keys.access_key_id] = keys.secret_access_key
        self.tokens[keys.access_key_id] = keys.security_token, expires
        return keys

    def withdraw(self) -> None:
        """Let no key be good any more that was issued."""
        for access_key_id in self.tokens:
            del self.secrets[access_key_id]
        self.tokens.clear()

    def _check_token(self, request: Request, now: datetime) -> None:
        found = _KEY_ID.search(request.headers.get("Authorization", ""))
        token, expires = self.tokens.get(found[1] if found else "", ("", now))
        if token and (now >= expires or request.headers.get(self.session_header) != token):
            raise type(self).wrong_token()

    def not_emulated(self) -> list[str]:
        """The names of the vendor's other operations, from the file beside the vendor's module."""
        package = type(self).__module__.rpartition(".")[0]
        return (resources.files(package) / "not_emulated.txt").read_text("utf-8").split()

    def coverage(self) -> list[Coverage]:
        """All operations of the vendor's live product with their pages, emulated ones first."""
        emulated = [
            Coverage(self.name, each.name, True, each.page) for each in self.operations.values()
        ]
        return emulated + [
            Coverage(self.name, name, False, self.pages + name) for name in self.not_emulated()
        ]

    def relays(self) -> list[Relay]:
        """The relays that its tasks want on air now. By default, none."""
        return []

    def hear(self, report: Report) -> Iterable[Notice]:
        """Apply a report about a relay to the state, and return the task callbacks to send."""
        return ()

    @abstractmethod
    def make_call(self, request: Request, now: datetime) -> Call:
        """A call whose operation is not yet known."""

    @abstractmethod
    def recognise(self, call: Any) -> None:
        """Set the call's operation. Raises a Refusal if there is none."""

    @abstractmethod
    def check_signature(self, request: Request, moments: Iterable[datetime]) -> None:
        """Raise a Refusal unless a known key signed this request at about one of these times."""

    @abstractmethod
    def reset(self) -> None:
        """Clear everything and restart the ids."""

    @abstractmethod
    def seed(self, document: Mapping[str, Any]) -> None:
        """Add to the state. Raises ValueError for an invalid document, and then adds nothing."""

    @abstractmethod
    def snapshot(self) -> dict[str, Any]:
        """The state in the format of `seed`, including secrets."""
