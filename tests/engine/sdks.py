"""The SDKs that Pulumi's own generators make of schema.json, and programs compiled with them."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.engine.stacks import ROOT
from tools.codegen.compilers import node_modules

EXAMPLES = ROOT / "examples"
PROGRAMS = Path(__file__).with_name("programs")

# Whoever followed an example's README has these in its folder.
MADE = shutil.ignore_patterns("bin", "event-relays", "node_modules", "sdks")

Ran = subprocess.CompletedProcess[str]


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A folder that one process makes, and for which the others wait."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "sdk"
        if not made.exists():
            # Under another name until it is whole: the next one tries again after a failure.
            work = folder / "work"
            shutil.rmtree(work, ignore_errors=True)
            folder.mkdir(exist_ok=True)
            make(work)
            work.rename(made)
        return made


def codegen(*arguments: str | Path) -> Ran:
    """The command as a user runs it."""
    command = [sys.executable, str(ROOT / "tools" / "codegen"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def compiled(language: str, folder: Path, *programs: Path) -> Path:
    """The folder of a newly made SDK, compiled with programs of its language in it."""
    for command in ("sdk", "compile"):
        ran = codegen(command, language, folder)
        assert ran.returncode == 0, ran.stderr
        for program in programs if command == "sdk" else ():
            shutil.copytree(program, folder / program.name, ignore=MADE)
            (folder / program.name / "go.mod").unlink(missing_ok=True)
    return folder


def typescript(program: Path, sdk: Path) -> Ran:
    """Compile a program, with its packages where `npm install` puts them."""
    (program.parent / "node_modules").symlink_to(node_modules())
    (program / "node_modules").mkdir()
    (program / "node_modules" / "pulumi-livepull").symlink_to(sdk)
    tsc = [str(node_modules() / ".bin" / "tsc"), "-p", str(program)]
    return subprocess.run(tsc, capture_output=True, text=True, check=False)
