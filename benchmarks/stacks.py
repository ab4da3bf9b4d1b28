"""Stacks of tasks in both hosts, and of as many resources that do nothing, through the engine."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from benchmarks.stack import Emulator, Seconds, Stack
from benchmarks.task import INPUTS, OUTPUTS

TASKS = """
from pulumi_livepull import huaweicloud

for number in {numbers!r}:
    huaweicloud.PullTask(f"task-{{number}}", stream_name=f"channel-{{number}}", **{inputs})
"""

NOOPS = {
    "dynamic": """
from benchmarks.noop_dynamic import Noop

for number in range({count}):
    inputs = {{"stream_name": f"channel-{{number}}", **{inputs}}}
    Noop(f"task-{{number}}", inputs, "{outputs}")
""",
    "plugin": """
import pulumi
from benchmarks.task import OUTPUTS

class Noop(pulumi.CustomResource):
    def __init__(self, resource_name, inputs):
        super().__init__("noop:index:{outputs}", resource_name, inputs)

declared = dict.fromkeys(OUTPUTS["{outputs}"])
for number in range({count}):
    Noop(f"task-{{number}}", {{**declared, "stream_name": f"channel-{{number}}", **{inputs}}})
""",
}
"""The floor of each host."""

VERBS = ("up", "refresh", "destroy")


class Stacks:
    """Makes stacks on one emulator, in one folder."""

    def __init__(self, folder: Path, engine: str, emulator: Emulator) -> None:
        self._folder = folder
        self._engine = engine
        self._emulator = emulator

    def compare(self, host: str, count: int, rounds: int) -> Iterator[str]:
        """Yield what tasks cost more than their floors, one round after the other."""
        tasks = self.tasks(f"{host}-{count}", host, range(count))
        floors = {outputs: self._floor(host, count, outputs) for outputs in OUTPUTS}
        stacks = [tasks, *floors.values()]
        took: dict[str, list[list[Seconds]]] = {verb: [] for verb in VERBS}
        for _ in range(rounds):
            for verb in VERBS:
                took[verb].append([stack.operate(verb) for stack in stacks])
                if verb == "up":
                    sizes = [stack.bytes_per_resource for stack in stacks]
        for index, outputs in enumerate(floors, 1):
            yield f"{count} in the {host} host, to a floor with {outputs} of a task's outputs"
            for verb in VERBS:
                pairs = [(times[0], times[index]) for times in took[verb]]
                yield f"  {verb}: {_ratios(pairs)}"
            ratio = sizes[0] / sizes[index]
            yield f"  state: {ratio:.2f} ({sizes[0]:.0f} to {sizes[index]:.0f} bytes each)"

    def refresh(self, host: str, count: int) -> str:
        """Return how many calls a refresh takes."""
        stack = self.tasks(f"{host}-{count}", host, range(count))
        stack.operate("up")
        # The journal tells whole seconds.
        self._emulator.tell("clock", {"advance_seconds": 2})
        before = self._emulator.now
        seconds = stack.operate("refresh").wall
        calls = self._emulator.calls_since(before)
        stack.operate("destroy")
        return f"refresh of {count} in the {host} host: {calls} calls, {seconds:.1f} s"

    def tasks(
        self,
        name: str,
        host: str,
        numbers: range,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> Stack:
        """Make a stack of tasks, still to bring up; each number is another stream."""
        settings = {
            "host": host,
            "huaweicloudAccessKey": "livepull-emulator",
            "huaweicloudSecretKey": "livepull-emulator-secret",
            "huaweicloudRegion": "cn-north-4",
            "huaweicloudEndpoint": self._emulator.url,
            "requestsPerSecond": "100000",
        }
        program = TASKS.format(numbers=numbers, inputs=INPUTS)
        return self._stack(name, program, settings, variables)

    def _floor(self, host: str, count: int, outputs: str) -> Stack:
        program = NOOPS[host].format(count=count, inputs=INPUTS, outputs=outputs)
        return self._stack(f"{host}-{count}-{outputs}", program, {})

    def _stack(
        self,
        name: str,
        program: str,
        settings: Mapping[str, str],
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> Stack:
        named = {f"livepull:{key}": value for key, value in settings.items()}
        return Stack(self._folder / name, self._engine, program, named, variables)


def _ratios(rounds: Sequence[tuple[Seconds, Seconds]]) -> str:
    """Tell the ratios, the seconds behind them, and how far the rounds lie apart."""
    told = []
    for what in ("wall", "processor"):
        ours, floor = (
            sorted(getattr(each, what) for each in side) for side in zip(*rounds, strict=True)
        )
        apart = max(each[-1] / each[0] - 1 for each in (ours, floor))
        ratio = f"{ours[0] / floor[0]:.2f} ({ours[0]:.1f} s to {floor[0]:.1f} s"
        told.append(f"{ratio}, rounds {apart:.0%} apart)")
    return f"{told[0]}, of processor time {told[1]}"
