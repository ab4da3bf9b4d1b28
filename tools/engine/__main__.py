"""The command: `python tools/engine`. It prints one line, the folder to put on PATH."""

import argparse
import signal
import sys
from pathlib import Path

if not __package__:  # Run as a folder, which puts the folder itself on sys.path.
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tools.engine.progress import WayError, ending_by_exception, say
from tools.engine.ways import WAYS, find


def main(arguments: list[str] | None = None) -> int:
    """Print the folder that holds the engine; exit code 1 when no way leads to one."""
    parser = argparse.ArgumentParser(
        prog="python tools/engine",
        description="Find the Pulumi engine, or get it, and print the folder to put on PATH.",
        epilog="Standard error tells which way was taken and why the earlier ones were not.",
    )
    parser.add_argument(
        "--way",
        choices=WAYS,
        help="try this way only; download and build then do their work even if the cache is filled",
    )
    way = parser.parse_args(arguments).way
    try:
        with ending_by_exception():
            print(find([way] if way else list(WAYS)))
    except WayError as failure:
        say(str(failure))
        say("Install Pulumi, or Go to build it with, put it on PATH, and run this again.")
        return 1
    except KeyboardInterrupt:
        say("stopped; nothing was left half-made. Run it again to start over.")
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main())
