"""Stands before pip in the Python of a stack, and answers `pip list` with what pip said before.

The language host of Python asks for it before each run, to find packages that have a plugin. This
takes pip a quarter of the time of a small run, and nothing is installed while the tests run.
"""

import os
import subprocess
import sys
from pathlib import Path

LIST = ["list", "-v", "--format", "json"]


def real_pip(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Run pip itself."""
    here = str(Path(__file__).parents[1])
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path != here]
    return subprocess.run(
        [sys.executable, "-m", "pip", *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        check=False,
    )


def main(*arguments: str) -> int:
    """Do what pip would do, and return its exit code."""
    answered = Path(os.environ["PULUMI_HOME"], "pip-list.json")
    if list(arguments) == LIST and answered.exists():
        sys.stdout.write(answered.read_text(encoding="utf-8"))
        return 0
    ran = real_pip(*arguments)
    if list(arguments) == LIST and ran.returncode == 0:
        answered.write_bytes(ran.stdout)
    sys.stdout.buffer.write(ran.stdout)
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
