"""The sdist and the wheel, and what it takes to run the wheel."""

import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from tools.engine.progress import run

NAME = "pulumi-livepull"

PLUGIN_EXTRAS = ("calendar",)
"""What the plugin offers beyond the package: windows from a calendar, for every language."""

LIMIT_SECONDS = 300


def build(root: Path, out: Path, scratch: Path) -> tuple[Path, Path]:
    """Build the sdist of a checkout and, from nothing but that, the wheel. Return both.

    Neither of another version may be in the folder.
    """
    hatch = [sys.executable, "-m", "hatchling", "build", "-d", str(out), "-t"]
    run([*hatch, "sdist"], "hatchling", limit_seconds=LIMIT_SECONDS, cwd=root)
    (sdist,) = out.glob("pulumi_livepull-*.tar.gz")
    with tarfile.open(sdist) as packed:
        packed.extractall(scratch, filter="data")
    source = scratch / sdist.name.removesuffix(".tar.gz")
    run([*hatch, "wheel"], "hatchling", limit_seconds=LIMIT_SECONDS, cwd=source)
    (wheel,) = out.glob("pulumi_livepull-*.whl")
    return sdist, wheel


def unpack(wheel: Path, folder: Path) -> Distribution:
    """Unpack a wheel into a folder, as an installation does, and return what is there."""
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    (metadata,) = folder.glob("*.dist-info")
    return PathDistribution(metadata)


def needed(package: Distribution, *extras: str) -> dict[str, Distribution]:
    """Return what a package needs on this machine with these extras, by name, with all below it.

    All of it must be installed. Raises `PackageNotFoundError` for what is not.
    """
    found: dict[str, Distribution] = {}
    todo = list(_requirements(package, extras))
    while todo:
        requirement = todo.pop()
        name = normal(requirement.name)
        known = found.get(name)
        below = known or distribution(requirement.name)
        found[name] = below
        if known is None or requirement.extras:
            todo += [
                each
                for each in _requirements(below, tuple(requirement.extras))
                if normal(each.name) not in found or each.extras
            ]
    return dict(sorted(found.items()))


def direct(package: Distribution, *extras: str) -> list[str]:
    """Return the names of what a package itself asks for."""
    return sorted({normal(each.name) for each in _requirements(package, extras)})


def normal(name: str) -> str:
    """Return the one spelling of a package's name. Source: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements(package: Distribution, extras: tuple[str, ...]) -> Iterator[Requirement]:
    for text in package.requires or []:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement
