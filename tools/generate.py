"""Write the generated files: schema, modules and the tables in the docs.

`python tools/generate.py --check` only lists what is out of date, and then exits with 1.
"""

import argparse
import sys
from pathlib import Path

from pulumi_livepull import generate
from pulumi_livepull.emulator import Emulator

ROOT = Path(__file__).parents[1]


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only list what is out of date")
    chosen = parser.parse_args(arguments)
    stale = (generate.stale if chosen.check else generate.write)(root, Emulator().coverage())
    for path in stale:
        print(f"{'stale' if chosen.check else 'written'}: {path.relative_to(root)}")
    return 1 if chosen.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
