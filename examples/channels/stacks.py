"""Run the stacks of channels.csv, several at a time."""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from channels import listed
from pulumi.automation import CommandError, ConfigValue, LocalWorkspace, create_or_select_stack

HERE = str(Path(__file__).parent)

AT_ONCE = 4
"""How many stacks run at the same time."""

REQUESTS_PER_SECOND = 48
"""How many requests of one operation the account may start in a second, in all stacks together."""


def stacks() -> set[str]:
    """Return the stacks in the list, and existing ones without channels, which may still have
    tasks."""
    wanted = {channel["stack"] for channel in listed()}
    try:
        return wanted | {stack.name for stack in LocalWorkspace(work_dir=HERE).list_stacks()}
    except CommandError as error:
        sys.exit(f"The stacks that exist could not be listed: is the backend there?\n{error}")


def run(verb: str, name: str) -> bool:
    """Run an operation on one stack, print the engine's output, and return whether it succeeded."""
    try:
        stack = create_or_select_stack(name, work_dir=HERE)
        share = ConfigValue(f"{REQUESTS_PER_SECOND / AT_ONCE:g}")
        stack.set_config("livepull:requestsPerSecond", share)
        done = getattr(stack, verb)(color="never", suppress_progress=True)
    except CommandError as error:
        print(f"{name}: {verb} failed\n{error}", flush=True)
        return False
    print(done.stdout, flush=True)
    return True


def main() -> None:
    """Run the requested stacks, and exit with an error that names those that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=["preview", "up", "refresh", "destroy"])
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="by default, all")
    asked = parser.parse_args()
    known = stacks()
    if unknown := set(asked.stacks) - known:
        parser.error(f"no such stack: {', '.join(sorted(unknown))}")
    names = sorted(asked.stacks or known)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        worked = list(threads.map(partial(run, asked.verb), names))
    if failed := [name for name, well in zip(names, worked, strict=True) if not well]:
        sys.exit(f"Failed: {', '.join(failed)}\nRun: stacks.py {asked.verb} {' '.join(failed)}")


if __name__ == "__main__":
    main()
