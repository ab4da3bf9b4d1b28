"""The state of the emulated account."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_livepull.emulator.state import Account, Shelf
from pulumi_livepull.emulator.volcengine.refusal import not_found

if TYPE_CHECKING:
    from pulumi_livepull.emulator.volcengine.on_air import Progress


@dataclass
class State(Account):
    """The whole account; its domains pull or push."""

    relay_sources: Shelf = field(default_factory=Shelf)
    tasks: Shelf = field(default_factory=Shelf)
    groups: Shelf = field(default_factory=Shelf)
    callbacks: Shelf = field(default_factory=Shelf)
    progress: "dict[str, Progress]" = field(default_factory=dict)
    """The progress of the tasks that are or were on air, by id."""

    knows_continue: bool = True
    """Whether ContinuePullToPushTask exists, which older pages and SDKs do not have."""

    knows_restart: bool = False
    """Whether RestartPullToPushTask exists, which only these have."""

    def new_task_id(self) -> str:
        """The next task id: digits."""
        return str(self.new_id("task").int)[:16]

    def need_domain(self, domain: str) -> None:
        """Raise a Refusal unless this domain exists."""
        if not self.has_domain(domain):
            raise not_found(f"domain {domain}")
