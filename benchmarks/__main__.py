"""Measures what this package costs, and prints it as ratios. See README.md beside it."""

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import calls
from benchmarks.noop import SETS_OF_OUTPUTS
from benchmarks.stack import Seconds, Stack, emulator

INPUTS = {
    "source_type": "PullLivePushLive",
    "source_urls": ["https://play.example.org/live/channel.flv"],
    "domain": "push.example.com",
    "app_name": "live",
    "end_time": (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds"),
    "callback_events": ["TaskExit", "TaskStart"],
    "callback_url": "https://hooks.example.org/tasks",
}

TASKS = """
from pulumi_livepull import huaweicloud

for number in range({count}):
    huaweicloud.PullTask(f"task-{{number}}", stream_name=f"channel-{{number}}", **{inputs})
"""
NOOPS = """
from benchmarks.noop import Noop

for number in range({count}):
    inputs = {{"stream_name": f"channel-{{number}}", **{inputs}}}
    Noop(f"task-{{number}}", inputs, "{outputs}")
"""

FAST = {"livepull:requestsPerSecond": "100000"}


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--tasks", type=int, default=200, help="how many relay tasks a stack has")
    parser.add_argument("--rounds", type=int, default=2, help="how often each is measured")
    parser.add_argument("--calls", type=int, default=500, help="how many calls a round has")
    parser.add_argument("--paced", action="store_true", help="also go at the default pace, once")
    chosen = parser.parse_args()

    print(f"{os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}; ratios of the best rounds\n")
    for cost in calls.measure(chosen.calls, max(chosen.rounds, 5)):
        told = f"{cost.ours * 1e3:.2f} ms to {cost.theirs * 1e3:.2f} ms"
        print(f"one {cost.name}, to the official SDK's: {cost.ours / cost.theirs:.2f} ({told})")
    engine = os.environ.get("LIVEPULL_ENGINE")
    if engine is None:
        parser.exit(1, "\nNo engine: run this with `make bench`, or set LIVEPULL_ENGINE.\n")
    with tempfile.TemporaryDirectory(prefix="livepull-bench-") as folder, emulator() as url:
        _stacks(Path(folder), engine, url, chosen)


def _stacks(folder: Path, engine: str, url: str, chosen: argparse.Namespace) -> None:
    settings = {
        "livepull:huaweicloudAccessKey": "livepull-emulator",
        "livepull:huaweicloudSecretKey": "livepull-emulator-secret",
        "livepull:huaweicloudRegion": "cn-north-4",
        "livepull:huaweicloudEndpoint": url,
    }

    def stack(name: str, program: str, outputs: str = "", pace: Mapping[str, str] = FAST) -> Stack:
        text = program.format(count=chosen.tasks, inputs=INPUTS, outputs=outputs)
        return Stack(folder / name, engine, text, {**settings, **pace})

    tasks = stack("tasks", TASKS)
    floors = {outputs: stack(outputs, NOOPS, outputs) for outputs in SETS_OF_OUTPUTS}
    stacks = [tasks, *floors.values()]
    ups: list[list[Seconds]] = []
    destroys: list[list[Seconds]] = []
    for _ in range(chosen.rounds):
        ups.append([each.up() for each in stacks])
        sizes = [each.bytes_per_resource for each in stacks]
        destroys.append([each.destroy() for each in stacks])
    print(f"\n{chosen.tasks} tasks, to as many resources that do nothing, best of {chosen.rounds}:")
    for index, outputs in enumerate(floors, 1):
        print(f"with the same inputs and {outputs} of the outputs".replace("many", "all"))
        _tell("  up", [(round_[0], round_[index]) for round_ in ups])
        _tell("  destroy", [(round_[0], round_[index]) for round_ in destroys])
        ratio = sizes[0] / sizes[index]
        print(f"  state: {ratio:.2f} ({sizes[0]:.0f} to {sizes[index]:.0f} bytes each)")
    if chosen.paced:
        paced = stack("paced", TASKS, pace={})
        for verb, run, free in (("up", paced.up, ups), ("destroy", paced.destroy, destroys)):
            least = min(round_[0].wall for round_ in free)
            print(f"{verb} at the default pace: {run().wall:.1f} s instead of {least:.1f} s")


def _tell(verb: str, rounds: Sequence[tuple[Seconds, Seconds]]) -> None:
    """Print the ratios, the seconds behind them, and how far the rounds lie apart."""
    told = []
    for what in ("wall", "processor"):
        ours, floor = (
            sorted(getattr(each, what) for each in side) for side in zip(*rounds, strict=True)
        )
        apart = max(each[-1] / each[0] - 1 for each in (ours, floor))
        ratio = f"{ours[0] / floor[0]:.2f} ({ours[0]:.1f} s to {floor[0]:.1f} s"
        told.append(f"{ratio}, rounds {apart:.0%} apart)")
    print(f"{verb}: {told[0]}, of processor time {told[1]}")


if __name__ == "__main__":
    main()
