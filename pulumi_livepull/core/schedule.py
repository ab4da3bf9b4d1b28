"""Schedule: one relay over many windows, because most vendors run no task for more than a week.

It is a component: its tasks are checked and created like any others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from annotated_types import Len
from pydantic import BaseModel

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.on_air import Span
from pulumi_livepull.core.property import Property, has_unknown, properties_of
from pulumi_livepull.core.resource import Failure, Push, Resource
from pulumi_livepull.core.types import Instant, Part
from pulumi_livepull.core.unknown import UNKNOWN

TIMES = ("start_time", "end_time")

TASK_IDS = "Ids of the tasks, by the names of their windows."


class Window(Part):
    """A period in which the relay runs."""

    module = "windows"

    name: Annotated[str, Len(1)]
    """Name of the window in the schedule, such as `final`."""

    start_time: Instant
    """When the task starts, RFC 3339."""

    end_time: Instant
    """When the task stops, RFC 3339: after the start and at most 7 days later."""


class _Inputs(BaseModel):
    windows: list[Window]
    """When the relay runs. Each window becomes a separate task, and windows must not overlap.

    A new window must end in the future. The list may be empty, for example between two seasons.
    """


WINDOWS = properties_of(_Inputs)["windows"]


@dataclass(frozen=True)
class Schedule:
    """One relay over many windows, with a task for each."""

    task: type[Resource]

    @property
    def name(self) -> str:
        """The name of its class."""
        return f"{self.task.__name__}Schedule"

    @property
    def token(self) -> str:
        """Its token, which is stored in users' state and must never change."""
        return f"{self.task.token}Schedule"

    @property
    def label(self) -> str:
        """Its name in messages, such as `huaweicloud.PullTaskSchedule`."""
        return f"{self.task.label()}Schedule"

    @property
    def description(self) -> str:
        """Its description, in paragraphs."""
        source = (self.task.__doc__ or "").rpartition("\n\n")[2].strip()
        return (
            f"One `{self.task.label()}` for each of several windows. They have the same inputs "
            "except for their times.\n\n"
            "A task is named after the schedule and its window. A task whose window has passed "
            "stays as it was, whatever you change; to delete it, remove its window."
            f"\n\n{source}"
        )

    def inputs(self) -> Iterator[Property]:
        """Yield the inputs."""
        yield WINDOWS
        for prop in self.task.inputs():
            if prop.is_output and prop.name not in TIMES:
                yield prop

    def failures(self, given: Mapping[str, Any], now: datetime) -> list[Failure]:
        """Return everything that is wrong.

        A window in the past is accepted here: only its task has a state that shows whether it ever
        existed.
        """
        known = {prop.camel for prop in self.inputs()}
        unexpected = sorted(given.keys() - known)
        given_windows = given.get(WINDOWS.camel, [])
        unsound = [Failure(path, reason) for path, reason in WINDOWS.problems(given_windows)]
        if WINDOWS.camel not in given:
            unsound = [Failure((WINDOWS.camel,), "is required")]
        # Check the shared inputs even if there are no windows.
        sure = [UNKNOWN] if unsound or given_windows in (UNKNOWN, []) else given_windows
        windows = [_UNKNOWN_WINDOW if window is UNKNOWN else window for window in sure]
        shared = {name: given[name] for name in known & given.keys() - {WINDOWS.camel}}
        return [
            *(Failure((name,), f"is not an input of {self.label}") for name in unexpected),
            *unsound,
            *dict.fromkeys(self._task_failures(shared, windows, now)),
            *_overlaps(windows),
        ]

    def _task_failures(
        self, shared: Mapping[str, Any], windows: list[Any], now: datetime
    ) -> Iterator[Failure]:
        """Yield the failures of the tasks."""
        for index, window in enumerate(windows):
            task = {**shared, **times(window)}
            for bad in lifecycle.check(self.task, task, task, now).failures:
                of_window = bad.path[0] in TIMES
                yield replace(bad, path=("windows", index, bad.property)) if of_window else bad


def schedules(resources: Iterable[type[Resource]]) -> list[Schedule]:
    """Return a schedule for each relay task of which the vendor allows several with the same
    inputs."""
    return [
        Schedule(task)
        for task in resources
        if task.airtime
        and set(TIMES) <= task.properties().keys()
        and (task.identity.created or task.identity.duplicates_within)
    ]


def times(window: Mapping[str, Any]) -> dict[str, Any]:
    """Return the times of a window as inputs of its task."""
    spelled = {camel(name): value for name, value in window.items()}
    return {name: spelled.get(name) for name in map(camel, TIMES)}


_UNKNOWN_WINDOW = dict.fromkeys(map(camel, Window.model_fields), UNKNOWN)


def _overlaps(windows: list[Any]) -> Iterator[Failure]:
    """Yield duplicate names and overlaps, each at the later window."""
    names = [window["name"] for window in windows]
    pushes = [None if has_unknown(window) else _push(window) for window in windows]
    for index, (name, push) in enumerate(zip(names, pushes, strict=True)):
        if name is not UNKNOWN and name in names[:index]:
            yield Failure(("windows", index, "name"), f'"{name}" is used twice: choose another')
        for other, before in zip(names, pushes[:index], strict=False):
            if push and before and push.fights(before):
                yield Failure(
                    ("windows", index, "startTime"),
                    f'overlaps the window "{other}": two tasks would push to one stream at a time',
                )


def _push(window: Any) -> Push:
    known = Window.model_validate(window)
    return Push("", Span(known.start_time, known.end_time))
