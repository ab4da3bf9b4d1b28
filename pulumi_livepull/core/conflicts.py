"""Conflicts between the resources of one stack."""

import threading
from collections import defaultdict
from collections.abc import Iterator

from pulumi_livepull.core.resource import Push, Resource

FIGHTS = "pushes to the same stream at the same time as"
"""How the warning about two relays that will interrupt one another begins."""


class Conflicts:
    """The resources of one stack that were checked so far. Safe to use from many threads."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, Resource]] = {}
        self._at: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._lock = threading.Lock()

    def add(self, key: str, name: str, resource: Resource) -> list[str]:
        """Add a resource, and return a sentence for each conflict with one that was added before.

        `key` identifies the resource: adding it again replaces it. Only resources that claim the
        same stream are compared, so that a large stack costs no more per resource than a small one.
        """
        places = list(_claims(resource))
        with self._lock:
            self._remove(key)
            near = dict.fromkeys(seen for place in places for seen in self._at[place])
            others = [self._seen[seen] for seen in near]
            self._seen[key] = name, resource
            for place in places:
                self._at[place][key] = None
        return [
            sentence
            for other_name, other in others
            for sentence in _conflicts(resource, other, f'{other.label()} "{other_name}"')
        ]

    def _remove(self, key: str) -> None:
        if key in self._seen:
            for place in _claims(self._seen[key][1]):
                del self._at[place][key]


def _claims(resource: Resource) -> Iterator[str]:
    """Yield what another resource may claim, too: a stream, or a place that the vendor has only
    once."""
    if push := resource.pushes():
        yield f"stream {push.stream}"
    if only := resource.only_one():
        yield f"{resource.token} {only}"


def _conflicts(one: Resource, other: Resource, named: str) -> Iterator[str]:
    if one.token == other.token and one.only_one() and one.only_one() == other.only_one():
        yield (
            f"is the same thing at the vendor as {named}: only one of them can exist. "
            "Remove one from the program"
        )
    elif _fight(one.pushes(), other.pushes()):
        yield (
            f"{FIGHTS} {named}: they will interrupt one "
            "another. Give one of them another stream or another time"
        )


def _fight(one: Push | None, other: Push | None) -> bool:
    return one is not None and other is not None and one.fights(other)
