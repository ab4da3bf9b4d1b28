"""The command: `python tools/codegen check|sdk|compile`."""

import argparse
import subprocess
import sys
from pathlib import Path

if not __package__:  # Run as a folder, which puts the folder itself on sys.path.
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tools.codegen.compilers import COMPILERS
from tools.codegen.generator import find
from tools.engine.progress import WayError, say

SCHEMA = Path(__file__).resolve().parents[2] / "schema.json"


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if everything is fine; otherwise, print the errors."""
    given = parser().parse_args(arguments)
    try:
        match given.command:
            case "check":
                return generate("check", given.schema)
            case "sdk":
                if given.folder.exists() and any(given.folder.iterdir()):
                    raise WayError(f"{given.folder} is not empty; name a new folder")
                return generate("sdk", given.language, SCHEMA, given.folder)
            case _:
                COMPILERS[given.language](given.folder.resolve())
    except WayError as failure:
        say(str(failure))
        return 1
    return 0


def generate(*arguments: str | Path) -> int:
    """Run the generators, which print their own errors."""
    return subprocess.run([find(), *arguments], check=False).returncode


def parser() -> argparse.ArgumentParser:
    """Return the argument parser."""
    parser = argparse.ArgumentParser(
        prog="python tools/codegen", description="Check schema.json with Pulumi's code generators."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check the schema")
    check.add_argument("schema", type=Path, nargs="?", default=SCHEMA)
    sdk = commands.add_parser("sdk", help="write the SDK of a language into a new folder")
    compiled = commands.add_parser("compile", help="compile an SDK where it is")
    for command in (sdk, compiled):
        command.add_argument("language", choices=COMPILERS)
        command.add_argument("folder", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
