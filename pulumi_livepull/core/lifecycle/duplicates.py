"""Duplicates: two of a kind with the same inputs. Two such relays would interrupt each other."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pulumi_livepull.core.answers import read_only
from pulumi_livepull.core.lifecycle.lost_answer import is_compared, matches, mismatches
from pulumi_livepull.core.lifecycle.state import observed
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.sharing import Answer
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.errors import Duplicate, LivePullError

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

_log = logging.getLogger(__name__)

ADOPT_HINT = (
    "Set `adopt` to that id to adopt it, as after a run that was killed "
    "(livepull:adoptSame does so for all), or delete it. If it is in this stack under another "
    "name, set the option `aliases`; if you want to replace it, set `deleteBeforeReplace`."
)
"""Hint for a duplicate."""

ONE_PAGE = 100
"""How many items a page of Huawei's and Alibaba's list holds. Up to this many, reading the list
costs as much as reading one item, or, with Tencent's pages of 20, up to five times as much."""


def refuse_duplicate(desired: Resource, api: Client) -> None:
    """Raise `Duplicate` if the same existed before this run. A killed run may have left it.

    The list is read once per run, because the run knows what it creates and deletes itself.
    """
    if not _can_be_recognised(desired):
        return
    with read_only():
        there = _existing(desired, api)
    if found := _duplicate(desired, api, there):
        raise Duplicate(
            f'"{found}" already does the same'
            + (", and a second one would interrupt it" if desired.airtime else ""),
            ADOPT_HINT,
            found,
        )


def read_among_duplicates(desired: Resource, api: Client, resource_id: str) -> Answer | None:
    """Return a new resource's item in the list, and warn if the list also shows a duplicate.

    Another run may have created one at the same time, or the network may have delivered the request
    twice. Nothing is deleted, because nobody can tell which of the two is needed. `None` means that
    the list is long, or does not show the new resource yet, or not in full.
    """
    if not _can_be_recognised(desired):
        return None
    if len(_existing(desired, api).answers) + len(api.run.touched) > ONE_PAGE:
        return None
    try:
        # Creates that run at the same time share one list.
        there = api.coalesce(
            ("duplicates", *_where(desired)), lambda: _Listed(desired, api.undisturbed())
        )
        shown = there.answers.get(resource_id)
        if shown is None or mismatches(desired, shown):
            return shown
        other = _duplicate(desired, api.undisturbed(), there)
    except LivePullError:
        return None
    if other:
        _log.warning(
            '%s %s was created, but "%s" does the same%s: another run created it at the same time, '
            "or the request arrived twice. Delete it, or, if another stack manages it, remove this "
            "one from the program",
            desired.label(),
            resource_id,
            other,
            ", and they will interrupt each other" if desired.airtime else "",
        )
    return None if desired.listing.partial else shown


def _can_be_recognised(desired: Resource) -> bool:
    """Return whether a list shows enough to recognise a duplicate.

    If the vendor never shows the destination, a similar task may push somewhere else.
    """
    address = desired.airtime.address if desired.airtime else ""
    hidden = address and desired.properties()[address].has(Trait.WRITE_ONLY)
    return bool(desired.identity.duplicates_within) and not (hidden and getattr(desired, address))


def _existing(desired: Resource, api: Client) -> _Listed:
    return api.run.once(_where(desired), lambda: _Listed(desired, api))


def _where(desired: Resource) -> tuple[str, Any]:
    """Return the kind of resource, and where the vendor would create a second one."""
    return desired.token, getattr(desired, str(desired.identity.duplicates_within))


class _Listed:
    """The items of a list. It may be long, so there is little work for each item."""

    def __init__(self, desired: Resource, api: Client) -> None:
        self.answers = {id_: answer for id_, answer in desired.list_like(api) if id_}
        self._required = [
            field for field in desired.inputs() if field.required and is_compared(field)
        ]
        self._alike: defaultdict[str, list[str]] = defaultdict(list)
        for resource_id, answer in self.answers.items():
            # What this run created or deleted is not a duplicate.
            if resource_id not in api.run.touched:
                key = self._key(desired.from_wire(answer, self._required))
                self._alike[key].append(resource_id)

    def matching(self, desired: Resource, api: Client) -> Iterator[str]:
        """Yield the id of each item that matches `desired` and was not touched by this run."""
        wanted = desired.to_inputs()
        for resource_id in self._alike.get(self._key(wanted), ()):
            got = desired.from_wire(self.answers[resource_id])
            if resource_id not in api.run.touched and matches(desired, wanted, got):
                yield resource_id

    def _key(self, values: Mapping[str, Any]) -> str:
        """Return a key from the required inputs, to find candidates quickly."""
        return repr([values.get(field.name) for field in self._required])


def _duplicate(desired: Resource, api: Client, there: _Listed) -> str | None:
    """Return the id of a duplicate that has not ended."""
    ids = there.matching(desired, api)
    return next((each for each in ids if _is_alive(desired, api, each)), None)


def _is_alive(desired: Resource, api: Client, resource_id: str) -> bool:
    with read_only():
        answer = desired.read(api, resource_id)
    return answer is not None and not desired.ended_at(
        observed(type(desired), answer, {}), api.vendor_now()
    )
