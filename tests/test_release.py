"""What a release is made of: its metadata, its pages and its workflows."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pulumi_livepull.generate import ADDRESSED, schema
from pulumi_livepull.generate.about import About
from tools.generate import main as generate

ROOT = Path(__file__).parents[1]
ABOUT = About.of(ROOT)


@pytest.fixture
def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_one_setting_names_the_owner_everywhere(tmp_path: Path) -> None:
    """Somebody who publishes the project writes a name once, and runs `make generate`."""
    for file in ("pyproject.toml", "README.md", "docs/emulator.md", *ADDRESSED):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    setting = tmp_path / "pyproject.toml"
    text = setting.read_text(encoding="utf-8")
    named = text.replace(f'owner = "{ABOUT.owner}"', 'owner = "a-newsroom"')
    setting.write_text(named, encoding="utf-8")
    generate([], tmp_path)
    # Only what is not a generator's own: its text says what the placeholder is.
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if f"/{ABOUT.owner}/" in path.read_text("utf-8")] == []
    named_in = {path.name for path in files if "/a-newsroom/" in path.read_text("utf-8")}
    assert named_in >= {"pyproject.toml", "schema.json", "main.go", "go.mod", "languages.md"}


def test_the_package_and_the_schema_say_the_same(project: dict[str, Any]) -> None:
    """Of the licence, the authors and the addresses."""
    package = project["project"]
    described = schema.described(ABOUT)
    assert package["license"] == described["license"] == "Apache-2.0"
    assert described["publisher"] == "The pulumi-livepull authors"
    assert package["urls"]["Repository"] == described["repository"]
    assert package["urls"]["Homepage"] == described["homepage"]
    assert described["pluginDownloadURL"].startswith("github://api.github.com/")
    assert {"category/cloud", "kind/native"} <= set(described["keywords"])
    (notice,) = package["license-files"]
    assert "https://www.apache.org/licenses/LICENSE-2.0" in (ROOT / notice).read_text("utf-8")


def test_the_logo_is_where_the_schema_says() -> None:
    """As a drawing of its own, that loads nothing."""
    path = ABOUT.logo.partition("/main/")[2]
    drawing = (ROOT / path).read_text(encoding="utf-8")
    assert drawing.startswith("<svg")
    assert drawing.count("http") == 1  # its namespace
