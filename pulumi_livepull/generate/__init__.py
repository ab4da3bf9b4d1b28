"""Generate the committed files that are derived from VENDORS, and check that they are current."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pulumi_livepull.core.schedule import schedules
from pulumi_livepull.generate import assumptions, examples, python, registry, schema, tables
from pulumi_livepull.generate.about import About
from pulumi_livepull.review.document import review_schema, timeline_schema
from pulumi_livepull.vendors import VENDORS

ADDRESSED = (
    "docs/languages.md",
    "examples/go/go.mod",
    "examples/go/main.go",
    "tests/engine/programs/accounts/main.go",
)
"""What is written by hand and names the repository."""


def files(root: Path, coverage: Iterable[tables.Coverage]) -> Iterator[tuple[Path, str]]:
    """Yield the path and text of each generated file of the checkout at `root`.

    `coverage` is passed in, because this package must not import the emulator.
    """
    about = About.of(root)
    yield root / "schema.json", schema.package(about)
    pyproject = root / "pyproject.toml"
    yield pyproject, about.pyproject(pyproject.read_text(encoding="utf-8"))
    for page in ADDRESSED:
        if (root / page).exists():
            yield root / page, about.addressed((root / page).read_text(encoding="utf-8"))
    yield root / "pulumi_livepull" / "provider.py", python.provider_module()
    for vendor in VENDORS:
        yield root / "pulumi_livepull" / f"{vendor.name}.py", python.module(vendor)
        pages = root / "docs" / "resources" / vendor.name
        for resource in vendor.resources:
            yield pages / f"{resource.__name__}.md", tables.resource_page(vendor, resource)
        for schedule in schedules(vendor.resources):
            yield pages / f"{schedule.name}.md", tables.schedule_page(schedule)
        yield root / "docs" / "functions" / f"{vendor.name}.md", tables.functions_page(vendor)
    yield root / "docs" / "functions" / "windows.md", tables.windows_page()
    yield root / "docs" / "review-schema.json", review_schema()
    yield root / "docs" / "timeline-schema.json", timeline_schema()
    yield root / "docs" / "configuration.md", tables.configuration_page()
    examples_in_go = root / "tests" / "engine" / "programs" / "examples" / "main.go"
    resources = [resource for vendor in VENDORS for resource in vendor.resources]
    yield examples_in_go, examples.go_of_all(resources, about.go)
    yield root / "docs" / "_index.md", registry.index_page(about)
    yield root / "docs" / "installation-configuration.md", registry.installation_page(about)
    readme, emulator = root / "README.md", root / "docs" / "emulator.md"
    yield readme, tables.readme_page(readme.read_text(encoding="utf-8"))
    coverage = list(coverage)
    yield emulator, tables.emulator_page(emulator.read_text(encoding="utf-8"), coverage)
    yield root / "docs" / "not-emulated.md", tables.not_emulated_page(coverage)
    operations: dict[str, dict[str, str]] = {vendor.name: {} for vendor in VENDORS}
    for row in coverage:
        operations[row.vendor][row.operation] = row.page
    yield root / "docs" / "assumptions.md", assumptions.page(assumptions.register(operations))


def stale(root: Path, coverage: Iterable[tables.Coverage]) -> list[Path]:
    """Return every generated file that is missing or out of date."""
    return [path for path, text in files(root, coverage) if _held(path) != text]


def write(root: Path, coverage: Iterable[tables.Coverage]) -> list[Path]:
    """Write every generated file that is out of date, and return them."""
    fresh = dict(files(root, coverage))
    changed = [path for path, text in fresh.items() if _held(path) != text]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fresh[path], encoding="utf-8")
    return changed


def _held(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
