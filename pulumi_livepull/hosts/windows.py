"""Create the tasks of a schedule for its windows, in a program or in the plugin."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import pulumi
from pulumi.output import UNKNOWN

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.clock import utc_now
from pulumi_livepull.core.schedule import WINDOWS, Schedule, times
from pulumi_livepull.hosts.registry import find_resource
from pulumi_livepull.hosts.resource import HostedResource
from pulumi_livepull.hosts.values import from_pulumi, with_texts

Task = TypeVar("Task", bound=HostedResource)


class Windows(Generic[Task]):
    """The windows of one schedule, and their tasks by window name.

    `component` is the schedule in the stack, and `task` the class of its tasks.
    """

    def __init__(
        self,
        component: pulumi.ComponentResource,
        task: type[Task],
        name: str,
        inputs: Mapping[str, Any],
    ) -> None:
        self.schedule = Schedule(find_resource(task._token)[1])
        self.tasks: dict[str, Task] = {}
        self._component = component
        self._task = task
        self._name = name
        self._given = {name: value for name, value in inputs.items() if value is not None}
        if WINDOWS.camel in self._given:
            self._given[WINDOWS.camel] = with_texts(self._given[WINDOWS.camel])

    def register(self) -> pulumi.Output[Mapping[str, str]]:
        """Create the tasks after the component is registered, and return their ids."""
        given = dict(self._given)
        self._checked = pulumi.Output.all(**given).apply(self._refuse, run_with_unknowns=True)
        windows = given.pop(WINDOWS.camel, None)
        if _have_known_names(windows):
            # Create them now, so that what depends on the schedule depends on its tasks.
            self._make(given, windows, pulumi.Output.from_input(None))
            return pulumi.Output.from_input(self._ids())
        whole = pulumi.Output.from_input(self._after_check(windows))
        return whole.apply(
            lambda known: self._make_known(given, known, whole), run_with_unknowns=True
        )

    def _refuse(self, values: Any) -> None:
        """Raise an error that lists all wrong inputs, before any task is registered."""
        failures = self.schedule.failures(from_pulumi(values), utc_now())
        if failures:
            raise pulumi.RunError(
                f'{self.schedule.label} "{self._name}" has wrong inputs:\n'
                + "\n".join(f"{bad.property} {bad.reason}" for bad in lifecycle.bounded(failures))
            )

    def _make_known(self, given: Mapping[str, Any], windows: Any, whole: pulumi.Output[Any]) -> Any:
        """Create the tasks if their names are known, and return the ids."""
        if _have_known_names(windows):
            self._make(given, windows, whole)
            return self._ids()
        pulumi.log.warn(
            "a name in `windows` is not known yet, so this preview shows none of its tasks",
            self._component,
        )
        return UNKNOWN

    def _make(
        self,
        given: Mapping[str, Any],
        windows: Sequence[Mapping[str, Any]],
        whole: pulumi.Output[Any],
    ) -> None:
        """Create a task for each window, past ones first: they only succeed if they already exist.

        `whole` is the output that the windows come from.
        """
        now = utc_now()
        ended = [w for w in windows if self.schedule.task.ended_at(times(w), now)]
        for window in ended:
            # A task that has ended cannot change and does not need to.
            unchanged = [prop.camel for prop in self.schedule.inputs()]
            self._add(given, window, whole, unchanged=unchanged)
        past = list(self.tasks.values())
        for window in windows:
            if window not in ended:
                self._add(given, window, whole, after=past)

    def _add(
        self,
        given: Mapping[str, Any],
        window: Mapping[str, Any],
        whole: pulumi.Output[Any],
        *,
        after: Sequence[Task] = (),
        unchanged: Sequence[str] = (),
    ) -> None:
        when = {name: _derived_from(whole, time) for name, time in times(window).items()}
        when["startTime"] = pulumi.Output.from_input(self._after_check(when["startTime"], after))
        self.tasks[window["name"]] = self._task.of(
            f"{self._name}-{window['name']}",
            {**given, **when},
            pulumi.ResourceOptions(parent=self._component, ignore_changes=list(unchanged)),
        )

    async def _after_check(self, value: Any, after: Sequence[Task] = ()) -> Any:
        """Return a value that a task waits for, after the inputs have been checked."""
        await self._checked.future()
        for task in after:
            await task.urn.future()
        return value

    def _ids(self) -> dict[str, Any]:
        return {name: task.id for name, task in self.tasks.items()}


def _derived_from(whole: pulumi.Output[Any], value: Any) -> pulumi.Output[Any]:
    """Return a value with the secrecy and dependencies of the output that it comes from."""
    return whole.apply(lambda _: value, run_with_unknowns=True)


def _have_known_names(windows: Any) -> bool:
    """Return whether these are windows whose names are known."""
    return isinstance(windows, list | tuple) and all(
        isinstance(each, Mapping) and isinstance(each.get("name"), str) for each in windows
    )
