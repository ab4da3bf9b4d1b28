"""The program in main.go, built once for each version of Pulumi and of its source."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from tools.engine import build
from tools.engine.cache import Cache
from tools.engine.go import Go
from tools.engine.progress import say

SOURCES = (Path(__file__).with_name("main.go"), build.MODULE / "go.mod", build.MODULE / "go.sum")
PROGRAM = "codegen"


def find() -> Path:
    """The program, from the user's cache or newly built into it."""
    key = f"{build.version()}-{fingerprint(*SOURCES)}"
    cache = Cache.of_user("codegen", key, (PROGRAM,))
    if cache.missing():
        cache.fill(_build)
    return cache.bin / PROGRAM


def fingerprint(*files: Path) -> str:
    """What changes when one of the files does."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _build(made: Path, scratch: Path, _: Sequence[str]) -> None:
    go = Go.find([build.MODULE], scratch)
    say(f"building the code generators of Pulumi {build.version()} from Go modules, once")
    into = ("-ldflags", build.flags(), "-o", str(made / PROGRAM))
    go.build(build.MODULE, ["./codegen"], PROGRAM, *into)
