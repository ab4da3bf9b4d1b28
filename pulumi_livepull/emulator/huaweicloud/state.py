"""The state of the emulated account, per project."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid5

from pulumi_livepull.emulator.huaweicloud.refusal import no_such_domain
from pulumi_livepull.emulator.state import NAMESPACE, Account, Shelf, Thing

if TYPE_CHECKING:
    from pulumi_livepull.emulator.huaweicloud.on_air import Progress


@dataclass
class Project:
    """One project: every task and callback belongs to one."""

    tasks: Shelf = field(default_factory=Shelf)
    callbacks: Shelf = field(default_factory=Shelf)


@dataclass
class State(Account):
    """The whole account; its domains are ingest domains."""

    projects: defaultdict[str, Project] = field(default_factory=lambda: defaultdict(Project))
    project_ids: dict[str, str] | None = None
    """Project id by region name; `None` means that every name has one."""

    progress: "dict[str, Progress]" = field(default_factory=dict)
    """The progress of the tasks that are or were on air, by id."""

    def things(self) -> Iterator[Thing]:
        """All that the account holds, in every project."""
        for project in self.projects.values():
            yield from project.tasks
            yield from project.callbacks

    def find_project_id(self, name: str) -> str | None:
        """The id of the project with this name."""
        if self.project_ids is None:
            return uuid5(NAMESPACE, f"project {name}").hex
        return self.project_ids.get(name)

    def need_domain(self, domain: str) -> None:
        """Raise a Refusal unless this ingest domain exists."""
        if not self.has_domain(domain):
            raise no_such_domain(domain)
