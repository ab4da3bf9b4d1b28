"""Base class of the schedules in a program or the plugin.

Like `resource`, it loads only Pulumi.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

import pulumi

from pulumi_livepull.hosts.resource import HostedResource

Task = TypeVar("Task", bound=HostedResource)


class HostedSchedule(pulumi.ComponentResource, Generic[Task]):
    """Base class of the generated schedules. Their tasks run in the same host as other resources.

    Subclasses are generated; the class argument `task` is the class of the tasks. `tasks` contains
    the tasks by window name, and `task_ids` their ids.
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
        """Register the component: see `HostedResource`."""
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
        """Create one from inputs in Pulumi's spelling."""
        made = cls.__new__(cls)
        made._register(resource_name, inputs, opts)
        return made
