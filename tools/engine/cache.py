"""The cache folder: complete or absent, never half-made, and filled by one process at a time."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.engine.progress import say

PROGRAMS = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)


def missing_programs(path: str) -> list[str]:
    """The engine's programs that are not in the folders of a PATH."""
    return [program for program in PROGRAMS if shutil.which(program, path=path) is None]


@dataclass(frozen=True)
class Cache:
    """The place of one version of the engine in the user's cache folder."""

    root: Path
    version: str

    @classmethod
    def of_user(cls, version: str) -> "Cache":
        """The cache that every checkout of this user shares."""
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(Path(home).absolute() / "pulumi-livepull" / "engine", version)

    @property
    def folder(self) -> Path:
        """What is renamed into place as a whole."""
        return self.root / self.version

    @property
    def bin(self) -> Path:
        """The folder to put on PATH."""
        return self.folder / "bin"

    @property
    def work(self) -> Path:
        """Where a fill works; what lies here when one starts was left by one that was killed."""
        return self.root / f"{self.version}.partial"

    def fill(self, make: Callable[[Path, Path], None]) -> None:
        """Let `make` fill a new folder, given it and one for scratch, then rename it into place."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self._locked() as had_to_wait:
            if had_to_wait and not missing_programs(str(self.bin)):
                return
            shutil.rmtree(self.work, ignore_errors=True)
            made, scratch = self.work / "made", self.work / "scratch"
            made.mkdir(parents=True)
            scratch.mkdir()
            try:
                make(made, scratch)
                shutil.rmtree(self.folder, ignore_errors=True)
                made.rename(self.folder)
            finally:
                shutil.rmtree(self.work, ignore_errors=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[bool]:
        """Hold the lock, which the system frees if we are killed; true if others had it first."""
        with (self.root / f"{self.version}.lock").open("w") as file:
            had_to_wait = False
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                had_to_wait = True
                say("  another process is getting the engine; waiting for it")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield had_to_wait
