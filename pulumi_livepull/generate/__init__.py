"""Everything that is derived from VENDORS and committed, and whether it is fresh."""

from collections.abc import Iterator
from pathlib import Path

from pulumi_livepull.generate import python, schema, tables
from pulumi_livepull.vendors import VENDORS


def files(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield each generated file of the checkout at `root` with the text that it should hold."""
    yield root / "schema.json", schema.package()
    for vendor in VENDORS:
        yield root / "pulumi_livepull" / f"{vendor.name}.py", python.module(vendor)
        for resource in vendor.resources:
            page = root / "docs" / "resources" / vendor.name / f"{resource.__name__}.md"
            yield page, tables.resource_page(vendor, resource)
    yield root / "docs" / "configuration.md", tables.configuration_page()
    for page, renewed in (
        (root / "README.md", tables.readme_page),
        (root / "docs" / "emulator.md", tables.emulator_page),
    ):
        yield page, renewed(page.read_text(encoding="utf-8"))


def stale(root: Path) -> list[Path]:
    """Return every generated file that is missing or does not hold what it should."""
    return [path for path, text in files(root) if _held(path) != text]


def write(root: Path) -> list[Path]:
    """Write every generated file that is not fresh and return them."""
    fresh = dict(files(root))
    changed = [path for path, text in fresh.items() if _held(path) != text]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fresh[path], encoding="utf-8")
    return changed


def _held(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
