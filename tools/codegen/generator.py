"""The program in main.go, built once for each version of Pulumi and of its source."""

from collections.abc import Sequence
from pathlib import Path

from tools.engine import build
from tools.engine.cache import Cache
from tools.engine.go import Go
from tools.engine.progress import say
from tools.npm import fingerprint

SOURCES = (Path(__file__).with_name("main.go"), build.MODULE / "go.mod", build.MODULE / "go.sum")
PROGRAM = "codegen"


def find() -> Path:
    """The program, from the user's cache or newly built into it."""
    key = f"{build.version()}-{fingerprint(*SOURCES)}"
    cache = Cache.of_user("codegen", key, (PROGRAM,))
    if cache.missing():
        cache.fill(_build)
    return cache.bin / PROGRAM


def _build(made: Path, scratch: Path, _: Sequence[str]) -> None:
    go = Go.find([build.MODULE], scratch)
    say(f"building the code generators of Pulumi {build.version()} from Go modules, once")
    into = ("-ldflags", build.flags(), "-o", str(made / PROGRAM))
    go.build(build.MODULE, ["./codegen"], PROGRAM, *into)
