"""Stacks of tasks in both hosts, and of as many resources that do nothing, through the engine."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from benchmarks.figure import Figure, of_medians
from benchmarks.stack import Emulator, Seconds, Stack
from benchmarks.task import INPUTS

TASKS = """
from pulumi_livepull import huaweicloud

for number in {numbers!r}:
    huaweicloud.PullTask(f"task-{{number}}", stream_name=f"channel-{{number}}", **{inputs})
"""

NOOPS = {
    "dynamic": """
from benchmarks.noop_dynamic import Noop

for number in range({count}):
    Noop(f"task-{{number}}", {{"stream_name": f"channel-{{number}}", **{inputs}}})
""",
    "plugin": """
import pulumi
from benchmarks.task import OUTPUTS

class Noop(pulumi.CustomResource):
    def __init__(self, resource_name, inputs):
        super().__init__("noop:index:Noop", resource_name, {{**dict.fromkeys(OUTPUTS), **inputs}})

for number in range({count}):
    Noop(f"task-{{number}}", {{"stream_name": f"channel-{{number}}", **{inputs}}})
""",
}
"""The floor of each host."""

AT_MOST = {"up": 1.25, "refresh": 1.5, "destroy": 1.2}
"""What each may take to its floor, by the clock and of processor time."""

AT_MOST_OF_STATE = 1.2


class Stacks:
    """Makes stacks on one emulator, in one folder."""

    def __init__(self, folder: Path, engine: str, emulator: Emulator) -> None:
        self._folder = folder
        self._engine = engine
        self._emulator = emulator

    def compare(self, host: str, count: int, rounds: int) -> Iterator[Figure]:
        """Yield what tasks cost more than resources that do nothing, one round after the other."""
        tasks = self.tasks(f"{host}-{count}", host, range(count))
        program = NOOPS[host].format(count=count, inputs=INPUTS)
        floor = self._stack(f"{host}-{count}-floor", program, {})
        took: dict[str, list[tuple[Seconds, Seconds]]] = {verb: [] for verb in AT_MOST}
        for _ in range(rounds):
            for verb, rounds_of_verb in took.items():
                rounds_of_verb.append((tasks.operate(verb), floor.operate(verb)))
                if verb == "up":
                    sizes = tasks.bytes_per_resource, floor.bytes_per_resource
        for verb, seconds in took.items():
            what = f"{verb} of {count} in the {host} host"
            by_clock = [(ours.wall, least.wall) for ours, least in seconds]
            yield of_medians(f"{what}, by the clock", by_clock, "s", AT_MOST[verb])
            used = [(ours.processor, least.processor) for ours, least in seconds]
            yield of_medians(f"{what}, processor time", used, "s", AT_MOST[verb])
        yield of_medians(f"state in the {host} host", [sizes], "bytes", AT_MOST_OF_STATE)

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

    def _stack(
        self,
        name: str,
        program: str,
        settings: Mapping[str, str],
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> Stack:
        named = {f"livepull:{key}": value for key, value in settings.items()}
        return Stack(self._folder / name, self._engine, program, named, variables)
