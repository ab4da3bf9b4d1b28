"""What the emulated account holds, per project."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from pulumi_livepull.emulator.huaweicloud.refusal import no_such_domain

Thing = dict[str, Any]
"""A task or a callback, in the shape in which a read returns it."""

_NAMESPACE = UUID("6c697665-7075-4c6c-8068-756177656963")


class Shelf:
    """Things by id. A new one can stay hidden from the next reads, as with a lagging replica."""

    def __init__(self) -> None:
        self._things: dict[str, Thing] = {}
        self._hidden_reads: Counter[str] = Counter()

    def put(self, thing_id: str, thing: Thing, *, hidden_reads: int = 0) -> None:
        """Add a thing, or replace it in its place."""
        self._things[thing_id] = thing
        self._hidden_reads.setdefault(thing_id, hidden_reads)

    def find(self, thing_id: str) -> Thing | None:
        """The thing with this id, for a write: hidden or not."""
        return self._things.get(thing_id)

    def remove(self, thing_id: str) -> None:
        """Take the thing away."""
        del self._things[thing_id], self._hidden_reads[thing_id]

    def __iter__(self) -> Iterator[Thing]:
        """All things, oldest first, hidden or not."""
        return iter(self._things.values())

    def read(self) -> dict[str, Thing]:
        """What a reader sees, newest first. Counts as one read for what is hidden."""
        hidden = {thing_id for thing_id, left in self._hidden_reads.items() if left > 0}
        self._hidden_reads.subtract(hidden)
        newest_first = reversed(self._things.items())
        return {thing_id: thing for thing_id, thing in newest_first if thing_id not in hidden}


@dataclass
class Project:
    """One project: every task and callback belongs to one."""

    tasks: Shelf = field(default_factory=Shelf)
    callbacks: Shelf = field(default_factory=Shelf)


@dataclass
class State:
    """The whole account. Ids are the same after every reset, so that a test can rely on them."""

    projects: defaultdict[str, Project] = field(default_factory=lambda: defaultdict(Project))
    domains: set[str] | None = None
    """The ingest domains; `None` means that every domain exists."""

    project_ids: dict[str, str] | None = None
    """Project id by region name; `None` means that every name has one."""

    _made: Counter[str] = field(default_factory=Counter)

    def new_id(self, kind: str) -> UUID:
        """The next id of this kind."""
        self._made[kind] += 1
        return uuid5(_NAMESPACE, f"{kind} {self._made[kind]}")

    def find_project_id(self, name: str) -> str | None:
        """The id of the project with this name."""
        if self.project_ids is None:
            return uuid5(_NAMESPACE, f"project {name}").hex
        return self.project_ids.get(name)

    def need_domain(self, domain: str) -> None:
        """Raise a Refusal unless this ingest domain exists."""
        if self.domains is not None and domain not in self.domains:
            raise no_such_domain(domain)
