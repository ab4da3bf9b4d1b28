"""The state of the emulated account: tasks per region, pulls by stream, callbacks by domain."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from pulumi_livepull.emulator.alicloud.refusal import no_such_domain
from pulumi_livepull.emulator.state import Account, Shelf


@dataclass
class State(Account):
    """The whole account; its domains are streaming domains."""

    regions: defaultdict[str, Shelf] = field(default_factory=lambda: defaultdict(Shelf))
    pulls: Shelf = field(default_factory=Shelf)
    callbacks: Shelf = field(default_factory=Shelf)
    nonces: set[str] = field(default_factory=set)
    restarts: Counter[str] = field(default_factory=Counter)
    """How often each task was restarted, by id."""

    exited_seconds: int = 600
    """How long an exited task can still be described.

    Assumption A041: ten minutes; the pages say only that an ended task is deleted by itself.
    Switch: `exited_seconds`.
    """

    def need_domain(self, domain: str) -> None:
        """Raise a Refusal unless this domain exists."""
        if not self.has_domain(domain):
            raise no_such_domain(domain)
