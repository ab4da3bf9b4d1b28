"""The four ways to the engine, and their order."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tools.engine import build
from tools.engine.cache import Cache, missing
from tools.engine.progress import WayError, run, say

YAML = "pulumi-language-yaml"
PROGRAMS = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
    YAML,
)
"""What the engine consists of here."""

OLDEST = (3, 240, 0)
"""The oldest engine taken from PATH: as old as the oldest SDK that pyproject.toml allows."""

DOWNLOAD_LIMIT_SECONDS = 300


def on_path() -> Path:
    """The engine that the user has installed."""
    path = os.environ.get("PATH", os.defpath)
    pulumi = shutil.which("pulumi", path=path)
    if pulumi is None:
        raise WayError("no `pulumi` on PATH")
    version = _version(pulumi)
    if version < OLDEST:
        raise WayError(f"{pulumi} is {_dotted(version)}, older than {_dotted(OLDEST)}")
    folder = Path(pulumi).absolute().parent
    lacking = missing(PROGRAMS, os.pathsep.join([str(folder), path]))
    if lacking == [YAML]:
        say(f"{pulumi} comes without {YAML}: it runs no programs in YAML")
    elif lacking:
        raise WayError(f"{pulumi} comes without {', '.join(lacking)}")
    return folder


def user_cache() -> Cache:
    """The place of the pinned engine in the user's cache."""
    return Cache.of_user("engine", build.version(), PROGRAMS)


def in_cache() -> Path:
    """The engine that an earlier run got."""
    cache = user_cache()
    if not cache.folder.exists():
        raise WayError(f"{cache.folder} does not exist yet")
    if lacking := cache.missing():
        raise WayError(f"{cache.bin} has no {', '.join(lacking)}")
    return cache.bin


def by_download() -> Path:
    """The official download, into the cache."""
    cache = user_cache()
    cache.fill(_download)
    return cache.bin


def by_build() -> Path:
    """A build from Go modules, into the cache."""
    cache = user_cache()
    cache.fill(build.build)
    return cache.bin


WAYS: dict[str, Callable[[], Path]] = {
    "path": on_path,
    "cache": in_cache,
    "download": by_download,
    "build": by_build,
}


def find(ways: Iterable[str]) -> Path:
    """The folder of the engine by the first way that leads to one."""
    for way in ways:
        try:
            folder = WAYS[way]()
        except WayError as reason:
            say(f"not by {way}: {reason}")
        else:
            say(f"took {way}: {folder}")
            return folder
    raise WayError("no way led to the Pulumi engine")


def _version(pulumi: str) -> tuple[int, ...]:
    try:
        said = subprocess.run(
            [pulumi, "version"],
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise WayError(f"{pulumi} does not tell its version: {error}") from None
    if found := re.match(r"v?(\d+)\.(\d+)\.(\d+)", said):
        return tuple(map(int, found.groups()))
    raise WayError(f"{pulumi} does not tell its version, but {said.strip()!r}")


def _dotted(version: tuple[int, ...]) -> str:
    return "v" + ".".join(map(str, version))


def _download(made: Path, _: Path, programs: Sequence[str]) -> None:
    version = build.version()
    say(f"asking for the official download of Pulumi {version}")
    official = Path(__file__).with_name("official.py")
    run(
        [sys.executable, str(official), str(made.parent), version],
        "the official download",
        limit_seconds=DOWNLOAD_LIMIT_SECONDS,
    )
    if lacking := missing(programs, str(made)):
        raise WayError(f"the official download has no {', '.join(lacking)}")
