"""What the emulated account holds."""

from dataclasses import dataclass, field

from pulumi_livepull.emulator.state import Account, Shelf
from pulumi_livepull.emulator.tencentcloud.refusal import no_domain


@dataclass
class State(Account):
    """The whole account; its domains push."""

    tasks: Shelf = field(default_factory=Shelf)
    templates: Shelf = field(default_factory=Shelf)
    rules: Shelf = field(default_factory=Shelf)
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
