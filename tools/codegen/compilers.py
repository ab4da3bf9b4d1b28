"""Compile the SDK of each language, with pinned dependencies only."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools import npm
from tools.engine.build import MODULE
from tools.engine.go import Go, pinned
from tools.engine.progress import run

NODEJS = Path(__file__).with_name("nodejs")

LIMIT_SECONDS = 600


def nodejs(sdk: Path) -> None:
    """Compile into `bin`, the content of the npm package."""
    link = sdk / "node_modules"
    link.unlink(missing_ok=True)
    link.symlink_to(node_modules())
    run([str(link / ".bin" / "tsc"), "-p", str(sdk)], "tsc", limit_seconds=LIMIT_SECONDS)
    # The generated code reads its own version from it.
    shutil.copy(sdk / "package.json", sdk / "bin")


def go(sdk: Path) -> None:
    """Compile with the modules of the engine, most of which are in Go's build cache already.

    Programs that lie in it go into `bin`.
    """
    module = pinned(r"^module (\S+)", sdk)
    for file in ("go.mod", "go.sum"):
        shutil.copy(MODULE / file, sdk)
    with tempfile.TemporaryDirectory() as scratch:
        found = Go.find([MODULE], Path(scratch))
        found.ask("mod", "edit", "-module", module, cwd=sdk)
        found.build(sdk, ["./..."], "the SDK", "-o", f"bin{os.sep}")


def python(sdk: Path) -> None:
    """Compile to bytecode, which only checks the syntax."""
    run([sys.executable, "-m", "compileall", "-q", str(sdk)], "it", limit_seconds=LIMIT_SECONDS)


COMPILERS: dict[str, Callable[[Path], None]] = {"nodejs": nodejs, "go": go, "python": python}


def node_modules() -> Path:
    """The npm packages that a program and an SDK need."""
    return npm.installed("nodejs", NODEJS) / npm.MODULES
