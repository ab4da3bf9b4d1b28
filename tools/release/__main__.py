"""The command: `python tools/release build|sdks|checksums|check|version`."""

import argparse
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if not __package__:  # Run as a folder, which puts the folder itself on sys.path.
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from pulumi_livepull.generate.about import About
from tools.engine.progress import WayError, say
from tools.release import archive, bill, package, plugin

ROOT = Path(__file__).resolve().parents[2]

MADE = ("pulumi_livepull-*", "pulumi-livepull-*", "pulumi-resource-livepull-*")
"""What an earlier build has left in the folder."""

PLACEHOLDER = "--"
"""What is in the name of an owner that is nobody: no account has it."""


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Return 0 if all is well, else tell what is not."""
    given = parser().parse_args(arguments)
    try:
        match given.command:
            case "build":
                (build_plugin if given.plugin_only else build)(root, given.out)
            case "sdks":
                build_sdks(root, given.out)
            case "checksums":
                archive.write_checksums(given.out)
            case "version":
                print(version(root))
            case _:
                found = list(problems(root, given.tag, given.out))
                for problem in found:
                    say(problem)
                return 1 if found else 0
    except WayError as failure:
        say(str(failure))
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Return what the command understands."""
    made = argparse.ArgumentParser(prog="python tools/release", description=__doc__)
    commands = made.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="make everything that can be made on this machine")
    made_sdks = commands.add_parser("sdks", help="make the SDKs for Node.js and Go")
    checksums = commands.add_parser("checksums", help="write SHA256SUMS of what is in the folder")
    check = commands.add_parser("check", help="say what is wrong with a release")
    commands.add_parser("version", help="print the version")
    for command in (build, made_sdks, checksums, check):
        command.add_argument("--out", type=Path, default=Path("dist"), help="the folder (dist)")
    build.add_argument(
        "--plugin-only", action="store_true", help="only the executable of this machine"
    )
    check.add_argument("--tag", default="", help="the tag that it is released by, such as v1.2.0")
    return made


def build(root: Path, out: Path) -> None:
    """Make all of a release that is made on this machine, and print each file."""
    with _places(out) as (place, scratch):
        for pattern in MADE:
            for old in place.glob(pattern):
                old.unlink()
        sdist, wheel = package.build(root, place, scratch)
        _tell(sdist, wheel)
        _tell(plugin.build_source(root, wheel, place, scratch))
        _tell(plugin.build(wheel, place, scratch))
        own = package.unpack(wheel, scratch / "billed")
        _tell(bill.write(own, About.of(root), place))
        archive.write_checksums(place)


def build_plugin(root: Path, out: Path) -> None:
    """Make what differs from machine to machine, and print it."""
    with _places(out) as (place, scratch):
        built = scratch / "built"
        built.mkdir()
        _, wheel = package.build(root, built, scratch)
        _tell(plugin.build(wheel, place, scratch))


def build_sdks(root: Path, out: Path) -> None:
    """Make the SDKs that are published, and print them. This needs npm, and Go or the network."""
    from tools.release import sdks  # noqa: PLC0415  it locks a file as no Windows can

    with _places(out) as (place, scratch):
        _tell(*sdks.build(version(root), root / "LICENSE", place, scratch))
        archive.write_checksums(place)


@contextmanager
def _places(out: Path) -> Iterator[tuple[Path, Path]]:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="livepull-release-") as scratch:
        yield out.absolute(), Path(scratch)


def version(root: Path) -> str:
    """Return the version that a checkout says it is."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def _tell(*files: Path) -> None:
    for file in files:
        print(f"{file.stat().st_size / 1e6:6.2f} MB  {file.name}", flush=True)


def problems(root: Path, tag: str, out: Path) -> Iterator[str]:
    """Yield what is wrong with a release. Without a tag, it may still lack what a tag needs."""
    current = version(root)
    if f'"version": "{current}"' not in (root / "schema.json").read_text("utf-8"):
        yield f"schema.json is not of version {current}: run make generate"
    if out.exists():
        for name in archive.wrong(out):
            yield f"{out / name} is not what {archive.CHECKSUMS} says"
    if not tag:
        return
    if tag != f"v{current}":
        yield f"the tag is {tag}, and pyproject.toml says version {current}"
    changes = (root / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## {re.escape(current)}\b", changes, re.MULTILINE):
        yield f"CHANGELOG.md has no section `## {current}`"
    owner = About.of(root).owner
    if PLACEHOLDER in owner:
        yield f"[tool.livepull] in pyproject.toml still names nobody as owner ({owner})"


if __name__ == "__main__":
    sys.exit(main())
