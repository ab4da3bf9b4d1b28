"""npm packages that are pinned, in the user's cache folder."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.engine.cache import Cache
from tools.engine.progress import run, say

LIMIT_SECONDS = 600

MODULES = "node_modules"

FILES = ("package.json", "package-lock.json")


def fingerprint(*files: Path) -> str:
    """What changes when one of the files does."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def installed(
    name: str,
    pinned: Path,
    also: tuple[str, ...] = (),
    finish: Callable[[Path], None] = lambda _: None,
) -> Path:
    """The folder of what `pinned` names, from the user's cache or newly installed into it.

    `finish` makes there what `also` names.
    """
    files = [pinned / file for file in FILES]

    def install(made: Path, _: Path, __: Sequence[str]) -> None:
        for file in files:
            shutil.copy(file, made)
        say(f"installing npm packages for {name}, once")
        quietly = ("--ignore-scripts", "--no-audit", "--no-fund")
        run(["npm", "ci", *quietly], "npm ci", limit_seconds=LIMIT_SECONDS, cwd=made)
        finish(made)

    cache = Cache.of_user(name, fingerprint(*files), (MODULES, *also))
    if cache.missing():
        cache.fill(install)
    return cache.bin
