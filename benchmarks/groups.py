"""The same number of tasks in one stack, and in several parallel stacks."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

from benchmarks.bucket import bucket
from benchmarks.stack import Stack, processor_seconds
from benchmarks.stacks import AT_MOST, Stacks

AT_ONCE = 4
"""How many stacks run at one time."""

EACH = 100
"""How many tasks each of several stacks has."""


def compare(stacks: Stacks, count: int) -> Iterator[str]:
    """Yield the results for one stack and for several, with their state in a bucket."""
    for number in (1, max(2, count // EACH)):
        yield f"{count} tasks in {number} stacks of {count // number}"
        yield from _measure(stacks, number, count // number)


def _measure(stacks: Stacks, number: int, each: int) -> Iterator[str]:
    with bucket() as state, ThreadPoolExecutor(AT_ONCE) as threads:
        made = [
            stacks.tasks(name, "plugin", range(first, first + each), state.variables(name))
            for first in range(0, number * each, each)
            for name in [f"{number}-{first}"]
        ]
        for verb in AT_MOST:
            state.requests = state.written = 0
            wall, processor = time.perf_counter(), processor_seconds()
            list(threads.map(Stack.operate, made, repeat(verb)))
            wall, processor = time.perf_counter() - wall, processor_seconds() - processor
            yield (
                f"  {verb}: {wall:.1f} s, {processor:.1f} s of processor time, "
                f"{state.requests} requests to the bucket, {state.written / 1e6:.1f} MB written"
            )
