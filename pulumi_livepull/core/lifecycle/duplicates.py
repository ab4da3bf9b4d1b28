"""Duplicates: two relays that are the same would interrupt one another."""

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
    "Set `adopt` to that id to take it over, as after a run that was killed "
    "(livepull:adoptSame does so for all), or delete it. If it is in this stack under another "
    "name, set the option `aliases`; if it is to be replaced, `deleteBeforeReplace`."
)
"""How to go on when there is one already."""

ONE_PAGE = 100
"""How many things a page of Huawei's and Alibaba's list holds. Up to that many, reading the list
costs what reading one thing does, or, with Tencent's pages of 20, up to five times as much."""


def refuse_duplicate(desired: Resource, api: Client) -> None:
    """Raise `Duplicate` if there was one like it before this run, which a killed run may have left.

    The list is read once in a run: what this run makes or deletes is known.
    """
    if not _can_be_recognised(desired):
        return
    with read_only():
        there = _existing(desired, api)
    if found := _duplicate(desired, api, there):
        raise Duplicate(
            f'"{found}" already does the same, and a second one would interrupt it',
            ADOPT_HINT,
            found,
        )


def read_among_duplicates(desired: Resource, api: Client, resource_id: str) -> Answer | None:
    """Return what a list shows of a new thing, and warn if it shows a duplicate, too.

    Another run may have made one at the same time, or the network may have delivered the request
    twice. Nothing is deleted: nobody can tell which of the two is on air for whom. `None` means
    that the list is long, or does not show the new thing (yet).
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
            '%s %s was made, but "%s" does the same, and they will interrupt one another: another '
            "run made it at the same time, or the request arrived twice. Delete it, or, if another "
            "stack holds it, remove this one from the program",
            desired.label(),
            resource_id,
            other,
        )
    return shown


def _can_be_recognised(desired: Resource) -> bool:
    """Return whether a list shows that another one is the same.

    If the vendor never shows where it pushes, one like it may push the same elsewhere.
    """
    address = desired.airtime.address if desired.airtime else ""
    hidden = address and desired.properties()[address].has(Trait.WRITE_ONLY)
    return bool(desired.identity.duplicates_within) and not (hidden and getattr(desired, address))


def _existing(desired: Resource, api: Client) -> _Listed:
    return api.run.once(_where(desired), lambda: _Listed(desired, api))


def _where(desired: Resource) -> tuple[str, Any]:
    """Return the kind of thing, and where the vendor would make a second one."""
    return desired.token, getattr(desired, str(desired.identity.duplicates_within))


class _Listed:
    """All that a list shows. It may be long, so little is done for each thing in it."""

    def __init__(self, desired: Resource, api: Client) -> None:
        self.answers = {id_: answer for id_, answer in desired.list_like(api) if id_}
        self._required = [
            field for field in desired.inputs() if field.required and is_compared(field)
        ]
        self._alike: defaultdict[str, list[str]] = defaultdict(list)
        for resource_id, answer in self.answers.items():
            # What this run made or deleted is no duplicate.
            if resource_id not in api.run.touched:
                key = self._key(desired.from_wire(answer, self._required))
                self._alike[key].append(resource_id)

    def matching(self, desired: Resource, api: Client) -> Iterator[str]:
        """Yield the id of each that is as `desired` is to be and is not of this run."""
        wanted = desired.to_inputs()
        for resource_id in self._alike.get(self._key(wanted), ()):
            got = desired.from_wire(self.answers[resource_id])
            if resource_id not in api.run.touched and matches(desired, wanted, got):
                yield resource_id

    def _key(self, values: Mapping[str, Any]) -> str:
        """Return the values of the required inputs, by which things are told apart quickly."""
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
