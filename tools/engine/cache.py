"""The user's cache folder: a program in it is complete or absent, and one process fills it."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.engine.progress import say

Make = Callable[[Path, Path, Sequence[str]], None]
"""Puts into a folder, its first, the programs that its third names; its second is for scratch."""


@dataclass(frozen=True)
class Cache:
    """The place of one version of some programs in the user's cache folder."""

    root: Path
    version: str
    programs: tuple[str, ...]

    @classmethod
    def of_user(cls, name: str, version: str, programs: tuple[str, ...]) -> "Cache":
        """The cache that every checkout of this user shares."""
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(Path(home).absolute() / "pulumi-livepull" / name, version, programs)

    @property
    def folder(self) -> Path:
        """What is kept."""
        return self.root / self.version

    @property
    def bin(self) -> Path:
        """The folder to put on PATH."""
        return self.folder / "bin"

    @property
    def work(self) -> Path:
        """Where a fill works; what lies here when one starts was left by one that was killed."""
        return self.root / f"{self.version}.partial"

    def missing(self) -> list[str]:
        """The programs that are not there."""
        return [name for name in self.programs if not (self.bin / name).exists()]

    def fill(self, make: Make) -> None:
        """Let `make` make what is missing, or all if nothing is, and move it into place.

        Programs that are there stay: others may be running them.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with self._locked() as had_to_wait:
            lacking = self.missing()
            if had_to_wait and not lacking:
                return
            shutil.rmtree(self.work, ignore_errors=True)
            made, scratch = self.work / "bin", self.work / "scratch"
            made.mkdir(parents=True)
            scratch.mkdir()
            try:
                make(made, scratch, lacking or self.programs)
                self.bin.mkdir(parents=True, exist_ok=True)
                for program in made.iterdir():
                    program.replace(self.bin / program.name)
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
                say("  another process is getting it; waiting for that")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield had_to_wait


def missing(programs: Sequence[str], path: str) -> list[str]:
    """Those of some programs that are not in the folders of a PATH."""
    return [program for program in programs if shutil.which(program, path=path) is None]
