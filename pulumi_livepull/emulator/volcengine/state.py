"""What the emulated account holds."""

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
    """How far the tasks have come that are or were on air, by id."""

    knows_continue: bool = True
    """Whether there is ContinuePullToPushTask, which is not in older pages and SDKs."""

    knows_restart: bool = False
    """Whether there is RestartPullToPushTask, which is in those alone."""

    def new_task_id(self) -> str:
        """The next task id: digits."""
        return str(self.new_id("task").int)[:16]

    def need_domain(self, domain: str) -> None:
        """Raise a Refusal unless this domain exists."""
        if not self.has_domain(domain):
            raise not_found(f"domain {domain}")
