"""What an emulated account holds, whoever the vendor."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

Thing = dict[str, Any]
"""A task, a callback or the like, with every field that a read returns."""

NAMESPACE = UUID("6c697665-7075-4c6c-8068-756177656963")


DOMAINS = frozenset({"domain", "publish_domain", "Domain", "DomainName"})
"""The fields of things that name a domain of the account."""


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

    def items(self) -> list[tuple[str, Thing]]:
        """All things by id, oldest first, hidden or not."""
        return list(self._things.items())

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
class Account:
    """The whole account. Ids are the same after every reset, so that a test can rely on them."""

    domains: set[str] | None = None
    """The account's domains; `None` means that every domain is one."""

    _made: Counter[str] = field(default_factory=Counter)

    def new_id(self, kind: str) -> UUID:
        """The next id of this kind."""
        self._made[kind] += 1
        return uuid5(NAMESPACE, f"{kind} {self._made[kind]}")

    def has_domain(self, domain: str) -> bool:
        """Whether the account has this domain."""
        return self.domains is None or domain in self.domains

    def things(self) -> Iterator[Thing]:
        """All that the account holds."""
        for shelf in vars(self).values():
            if isinstance(shelf, Shelf):
                yield from shelf

    def listed_domains(self) -> list[str]:
        """The domains that a list shows: where every domain is one, those that a thing names."""
        if self.domains is not None:
            return sorted(self.domains)
        named = {thing[name] for thing in self.things() for name in DOMAINS & thing.keys()}
        return sorted(named - {""})

    def add_domains(self, domains: list[str]) -> None:
        """From now on, only domains that were added exist."""
        self.domains = (self.domains or set()).union(domains)


def cut_page(found: list[Thing], number: int, size: int) -> list[Thing]:
    """The page with this number, of this size; the first has the number 1."""
    return found[(number - 1) * size :][:size]
