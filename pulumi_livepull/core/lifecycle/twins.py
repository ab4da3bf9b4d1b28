"""Of two that are alike, one is too many: they would interrupt one another."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pulumi_livepull.core.answers import looking
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle.changing import delete
from pulumi_livepull.core.lifecycle.reading import Found, observed
from pulumi_livepull.core.lifecycle.unanswered import is_compared, is_same
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.errors import ConfigError, LivePullError, Unfinished

TAKE_OVER = (
    "Set `adopt` to that id to take it over, as after a run that was killed, or delete it. If it "
    "is in this stack under another name, set the option `aliases`; if it is to be replaced, "
    "`deleteBeforeReplace`."
)
"""How to go on when there is one already."""


def refuse_twin(desired: Resource, api: Client) -> None:
    """Raise `ConfigError` if the same was there before this run: two would fight over a stream.

    A run that was killed leaves one that no state knows. One look serves the whole run, because
    what this run makes or deletes is known.
    """
    with looking():
        there = api.once(_where(desired), lambda: _All(desired, api))
    if twin := _twin(desired, api, there):
        raise ConfigError(
            f'{desired.label()} create failed: "{twin}" is the same already, and two would '
            "interrupt one another",
            TAKE_OVER,
        )


def give_way(
    desired: Resource, api: Client, resource_id: str, inputs: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return what a list shows of a new thing; if it shows a twin too, undo the creation.

    Both of two runs may do so. Then the one that runs first again makes it. Raises `ConfigError`
    that names the twin, or `Unfinished` if the new thing cannot be deleted.
    """
    resource = type(desired)
    try:
        there, twin = _look_around(desired, api)
    except LivePullError:
        return None
    shown = there.answers.get(resource_id)
    if twin is None:
        return shown
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


def _look_around(desired: Resource, api: Client) -> tuple["_All", str | None]:
    """Return all that there is now, and the id of a twin, even if the operation is cancelled."""
    try:
        there = api.together(_where(desired), lambda: _All(desired, api))
        return there, _twin(desired, api, there)
    except LivePullError:
        if not api.cancelled:
            raise
        return _look_around(desired, api.undisturbed())


def _where(desired: Resource) -> object:
    return desired.token, getattr(desired, str(desired.twins))


class _All:
    """All that a list shows, found by what every one of its kind must have."""

    def __init__(self, desired: Resource, api: Client) -> None:
        self.answers = dict(desired.list_like(api))
        self._names = [
            field.name for field in desired.inputs() if field.required and is_compared(field)
        ]
        self._alike: defaultdict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for resource_id, answer in self.answers.items():
            got = desired.from_wire(answer)
            self._alike[self._key(got)].append((resource_id, got))

    def same(self, desired: Resource) -> list[str]:
        """Return the ids of all that are as `desired` wants to be."""
        wanted = desired.to_inputs()
        near = self._alike.get(self._key(wanted), ())
        return [resource_id for resource_id, got in near if is_same(desired, wanted, got)]

    def _key(self, values: Mapping[str, Any]) -> str:
        return repr([values.get(name) for name in self._names])


def _twin(desired: Resource, api: Client, there: _All) -> str | None:
    """Return the id of one that is the same, was not made by this run and has not ended."""
    for resource_id in there.same(desired):
        if resource_id not in api.touched and _is_alive(desired, api, resource_id):
            return resource_id
    return None


def _is_alive(desired: Resource, api: Client, resource_id: str) -> bool:
    with looking():
        answer = desired.read(api, resource_id)
    return answer is not None and not desired.ended_at(
        observed(type(desired), answer, {}), api.now()
    )
