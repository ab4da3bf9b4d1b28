"""Measure the time and memory of this package, and print them as ratios. See README.md.

The exit code is 1 if a ratio exceeds its limit.
"""

import argparse
import os
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import calls, groups, process, review
from benchmarks.figure import Figure
from benchmarks.stack import Emulator, emulator
from benchmarks.stacks import NOOPS, Stacks
from tools.release import plugin

Part = Callable[[argparse.Namespace, Emulator, Path], Iterator[str | Figure]]


def main() -> None:
    """Measure the selected parts, and print each result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; or all")
    parser.add_argument("--tasks", type=int, default=300, help="how many relay tasks a stack has")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(unknown)}")
    print(f"{os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}; ratios of medians")
    is_too_much = False
    for name in chosen.parts or PARTS:
        print(f"\n{name}", flush=True)
        with tempfile.TemporaryDirectory(prefix="livepull-bench-") as folder, emulator() as live:
            for line in PARTS[name](chosen, live, Path(folder)):
                print(line, flush=True)
                is_too_much |= isinstance(line, Figure) and line.is_too_much
    sys.exit(int(is_too_much))


def _calls(chosen: argparse.Namespace, _: Emulator, __: Path) -> Iterator[Figure]:
    return calls.measure(500, chosen.rounds)


def _start(chosen: argparse.Namespace, _: Emulator, __: Path) -> Iterator[Figure]:
    yield process.program(2 * chosen.rounds)
    yield from process.start(2 * chosen.rounds)


def _executable(chosen: argparse.Namespace, _: Emulator, folder: Path) -> Iterator[str | Figure]:
    dist = Path(os.environ.get("LIVEPULL_DIST", "dist"))
    archives = sorted(dist.glob(f"{plugin.PROGRAM}-v*-{plugin.target()}.tar.gz"))
    if not archives:
        yield f"not measured: there is no archive in {dist}; run make dist"
        return
    with tarfile.open(archives[-1]) as packed:
        packed.extractall(folder, filter="data")
    yield process.executable(folder / plugin.PROGRAM, 2 * chosen.rounds)


def _unreachable(chosen: argparse.Namespace, _: Emulator, __: Path) -> Iterator[Figure]:
    yield process.unreachable(12, chosen.rounds)


def _review(chosen: argparse.Namespace, _: Emulator, folder: Path) -> Iterator[Figure]:
    yield review.measure(500, 5, chosen.rounds, folder)


def _growth(_: argparse.Namespace, live: Emulator, __: Path) -> Iterator[str]:
    return process.growth(live, (100, 1000, 5000))


def _pace(chosen: argparse.Namespace, live: Emulator, _: Path) -> Iterator[str]:
    return process.pace(live, chosen.tasks)


def _stacks(chosen: argparse.Namespace, live: Emulator, folder: Path) -> Iterator[Figure]:
    stacks = Stacks(folder, _engine(), live)
    for host in NOOPS:
        yield from stacks.compare(host, chosen.tasks, chosen.rounds)


def _refresh(chosen: argparse.Namespace, live: Emulator, folder: Path) -> Iterator[str]:
    stacks = Stacks(folder, _engine(), live)
    for host in NOOPS:
        yield stacks.refresh(host, 2 * chosen.tasks)


def _groups(chosen: argparse.Namespace, live: Emulator, folder: Path) -> Iterator[str]:
    return groups.compare(Stacks(folder, _engine(), live), chosen.tasks)


def _engine() -> str:
    """Return the folder with the engine's programs."""
    return os.environ["LIVEPULL_ENGINE"]


PARTS: Mapping[str, Part] = {
    "calls": _calls,
    "start": _start,
    "executable": _executable,
    "unreachable": _unreachable,
    "review": _review,
    "growth": _growth,
    "pace": _pace,
    "stacks": _stacks,
    "refresh": _refresh,
    "groups": _groups,
}

if __name__ == "__main__":
    main()
