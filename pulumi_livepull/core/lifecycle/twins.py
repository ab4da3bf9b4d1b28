"""Of two that are alike, one is too many: they would interrupt one another."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_livepull.core.answers import looking
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle.changing import delete
from pulumi_livepull.core.lifecycle.reading import Found, observed
from pulumi_livepull.core.lifecycle.saying import harmless
from pulumi_livepull.core.lifecycle.unanswered import is_compared, is_same, of_another
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.errors import ConfigError, LivePullError, Unfinished

_log = logging.getLogger(__name__)

TAKE_OVER = (
    "Set `adopt` to that id to take it over, as after a run that was killed "
    "(livepull:adoptSame does so for all), or delete it. If it is in this stack under another "
    "name, set the option `aliases`; if it is to be replaced, `deleteBeforeReplace`."
)
"""How to go on when there is one already."""

AFFORDABLE = 200
"""Of how many things the list may be read again after a creation. With more of them, creations
would wait longer for lists than for anything else."""


def refuse_twin(desired: Resource, api: Client) -> None:
    """Raise `ConfigError` if the same was there before this run: two would fight over a stream.

    A run that was killed leaves one that no state knows. One look serves the whole run, because
    what this run makes or deletes is known.
    """
    with looking():
        there = _before(desired, api)
    if twin := _twin(desired, api, there):
        refusal = ConfigError(
            f'{desired.label()} create failed: "{twin}" is the same already, and two would '
            "interrupt one another",
            TAKE_OVER,
        )
        refusal.holder = twin
        raise refusal


def give_way(
    desired: Resource, api: Client, resource_id: str, inputs: Mapping[str, Any], *, is_told: bool
) -> Mapping[str, Any] | None:
    """Return what a list shows of a new thing; if it shows a twin too, undo the creation.

    Only a short list is looked at, and `None` says nothing. Both of two runs may give way. Then the
    one that runs first again makes it. What the vendor did not tell by its id but was found may be
    the other's, and is never deleted. Raises `ConfigError` that names the twin, or `Unfinished` if
    the new thing cannot be deleted.
    """
    resource = type(desired)
    if len(_before(desired, api).answers) + len(api.touched) > AFFORDABLE:
        return None
    try:
        there, twin = _look_around(desired, api)
        for pause in api.read_pauses:
            # A list without the new thing is older than it, and proves nothing.
            if twin or resource_id in there.answers:
                break
            api.pause(pause)
            there, twin = _look_around(desired, api)
    except LivePullError as error:
        reason = harmless(error, resource, inputs)
        _log.warning(
            "%s %s: nobody could look whether another run made the same: %s",
            resource.label(),
            resource_id,
            reason,
        )
        return None
    shown = there.answers.get(resource_id)
    if twin is None or (shown and of_another(desired, shown)):
        return shown
    if not is_told:
        raise ConfigError(
            f'{resource.label()} create failed: "{resource_id}" and "{twin}" are the same, and '
            "the answer was lost that tells which of them this run made",
            "Delete one of them, and set `adopt` to the id of the other.",
        )
    try:
        delete(resource, api.undisturbed(), resource_id, inputs)
    except LivePullError as error:
        left = Found(resource_id, dict(inputs), observed(resource, shown or {}, inputs))
        where = f'{resource.label()} {resource_id} was made, but so was "{twin}", which is the same'
        raise Unfinished(error, left, where) from error
    raise ConfigError(
        f'{resource.label()} create failed: "{twin}" was made at the same time and is the same, '
        "so the new one was deleted again",
        f"Run it again to see whether that one stayed. {TAKE_OVER}",
    )


def _look_around(
    desired: Resource, api: Client, *, is_last: bool = False
) -> tuple["_All", str | None]:
    """Return all that there is now, and the id of a twin, even if the operation has to end."""
    try:
        there = api.together(_where(desired), lambda: _All(desired, api))
        return there, _twin(desired, api, there)
    except LivePullError:
        if is_last or not api.is_over:
            raise
        return _look_around(desired, api.undisturbed(), is_last=True)


def _before(desired: Resource, api: Client) -> "_All":
    return api.once(_where(desired), lambda: _All(desired, api))


def _where(desired: Resource) -> object:
    return desired.token, getattr(desired, str(desired.twins))


class _All:
    """All that a list shows. It may be long, so little is done for each thing in it."""

    def __init__(self, desired: Resource, api: Client) -> None:
        self.answers = dict(desired.list_like(api))
        self._telling = [
            field for field in desired.inputs() if field.required and is_compared(field)
        ]
        self._alike: defaultdict[str, list[str]] = defaultdict(list)
        for resource_id, answer in self.answers.items():
            # What this run made or deleted is nobody's twin.
            if resource_id not in api.touched:
                self._alike[self._key(desired.from_wire(answer, self._telling))].append(resource_id)

    def twins(self, desired: Resource, api: Client) -> Iterator[str]:
        """Yield the id of each that is as `desired` wants to be and is not of this run."""
        wanted = desired.to_inputs()
        for resource_id in self._alike.get(self._key(wanted), ()):
            got = desired.from_wire(self.answers[resource_id])
            if resource_id not in api.touched and is_same(desired, wanted, got):
                yield resource_id

    def _key(self, values: Mapping[str, Any]) -> str:
        """Return what is told of a thing by what every one of its kind must have."""
        return repr([values.get(field.name) for field in self._telling])


def _twin(desired: Resource, api: Client, there: _All) -> str | None:
    """Return the id of a twin that has not ended."""
    return next((each for each in there.twins(desired, api) if _is_alive(desired, api, each)), None)


def _is_alive(desired: Resource, api: Client, resource_id: str) -> bool:
    with looking():
        answer = desired.read(api, resource_id)
    return answer is not None and not desired.ended_at(
        observed(type(desired), answer, {}), api.vendor_now()
    )
