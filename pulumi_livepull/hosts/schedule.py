"""The base of the schedules that a program or the plugin makes.

Like `resource`, it loads nothing but Pulumi.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

import pulumi

from pulumi_livepull.hosts.resource import HostedResource

Task = TypeVar("Task", bound=HostedResource)


class HostedSchedule(pulumi.ComponentResource, Generic[Task]):
    """What the generated schedules share. Their tasks are in the host that any other would be in.

    A subclass is generated; its class argument `task` is the class of its tasks. `tasks` has the
    task of each window by its name, `task_ids` their ids.
    """

    tasks: dict[str, Task]
    task_ids: pulumi.Output[Mapping[str, str]]

    _task: ClassVar[Any]

    def __init_subclass__(cls, task: type[Task]) -> None:
        super().__init_subclass__()
        cls._task = task

    def _register(
        self,
        resource_name: str,
        inputs: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """Make the component: see `HostedResource`."""
        from pulumi_livepull.hosts.windows import Windows  # noqa: PLC0415

        windows = Windows(self, self._task, resource_name, inputs)
        super().__init__(windows.schedule.token, resource_name, None, opts)
        self.tasks = windows.tasks
        self.task_ids = windows.register()
        self.register_outputs({"taskIds": self.task_ids})

    @classmethod
    def of(
        cls, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None
    ) -> Self:
        """Return one with inputs in Pulumi's spelling."""
        made = cls.__new__(cls)
        made._register(resource_name, inputs, opts)
        return made
