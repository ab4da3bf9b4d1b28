"""What the emulated account holds."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_livepull.emulator.state import Account, Shelf
from pulumi_livepull.emulator.tencentcloud.refusal import no_domain

if TYPE_CHECKING:
    from pulumi_livepull.emulator.tencentcloud.on_air import Progress


@dataclass
class State(Account):
    """The whole account; its domains push."""

    tasks: Shelf = field(default_factory=Shelf)
    templates: Shelf = field(default_factory=Shelf)
    rules: Shelf = field(default_factory=Shelf)
    progress: "dict[str, Progress]" = field(default_factory=dict)
    """How far the tasks have come that are or were on air, by id."""

    restarts: Counter[str] = field(default_factory=Counter)
    """How often each task was restarted."""

    jumps: Counter[str] = field(default_factory=Counter)
    """How often each task was told, after its creation, where in its files to begin."""

    limit_task_num: int = 200
    """How many tasks there may be. Source: CreateLivePullStreamTask in the SDK."""

    repeats: bool = True
    """Whether a creation with an own id that a task has is answered with that task, or refused: no
    page says."""

    def new_number(self, kind: str, first: int) -> int:
        """The next number of this kind, from the first one on."""
        self.new_id(kind)
        return first + self._made[kind] - 1

    def need_domain(self, domain: str) -> None:
        """Raise a Refusal unless this domain exists."""
        if not self.has_domain(domain):
            raise no_domain()
