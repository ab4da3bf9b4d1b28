"""The state of an emulated account, independent of the vendor."""

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
    """Items by id. A new item can stay hidden from the next reads, as with a lagging replica."""

    def __init__(self) -> None:
        self._things: dict[str, Thing] = {}
        self._hidden_reads: Counter[str] = Counter()

    def put(self, thing_id: str, thing: Thing, *, hidden_reads: int = 0) -> None:
        """Add an item, or replace it in place."""
        self._things[thing_id] = thing
        self._hidden_reads.setdefault(thing_id, hidden_reads)

    def find(self, thing_id: str) -> Thing | None:
        """The item with this id, for a write, even if it is hidden."""
        return self._things.get(thing_id)

    def remove(self, thing_id: str) -> None:
        """Remove the item."""
        del self._things[thing_id], self._hidden_reads[thing_id]

    def items(self) -> list[tuple[str, Thing]]:
        """All items by id, oldest first, including hidden ones."""
        return list(self._things.items())

    def __iter__(self) -> Iterator[Thing]:
        """All items, oldest first, including hidden ones."""
        return iter(self._things.values())

    def read(self) -> dict[str, Thing]:
        """The visible items, newest first. It counts as one read for hidden items."""
        hidden = {thing_id for thing_id, left in self._hidden_reads.items() if left > 0}
        self._hidden_reads.subtract(hidden)
        newest_first = reversed(self._things.items())
        return {thing_id: thing for thing_id, thing in newest_first if thing_id not in hidden}


@dataclass
class Account:
    """A complete account. Ids are the same after every reset, so that tests can rely on them."""

    domains: set[str] | None = None
    """The account's domains; `None` means that every domain exists."""

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
        """Add domains. From now on, no others exist."""
        self.domains = (self.domains or set()).union(domains)


def cut_page(found: list[Thing], number: int, size: int) -> list[Thing]:
    """The page with this number and size. Numbers begin at 1."""
    return found[(number - 1) * size :][:size]
