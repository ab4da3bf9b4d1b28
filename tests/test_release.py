"""What a release is made of: its metadata, its pages and its workflows."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from pulumi_livepull.generate import ADDRESSED, schema
from pulumi_livepull.generate.about import About
from tools.generate import main as generate
from tools.release import archive, bill
from tools.release.__main__ import main as release
from tools.release.__main__ import parser, version

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


def test_time_zones_come_with_the_package_where_the_system_has_none(
    project: dict[str, Any],
) -> None:
    """On Windows, `Europe/Berlin` is nothing to Python without them."""
    needed = {
        requirement.name
        for requirement in map(Requirement, project["project"]["dependencies"])
        if not requirement.marker or requirement.marker.evaluate({"sys_platform": "win32"})
    }
    assert "tzdata" in needed


def test_the_logo_is_where_the_schema_says() -> None:
    """As a drawing of its own, that loads nothing."""
    path = ABOUT.logo.partition("/main/")[2]
    drawing = (ROOT / path).read_text(encoding="utf-8")
    assert drawing.startswith("<svg")
    assert drawing.count("http") == 1  # its namespace


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of a checkout that say what is released, and a folder of what was made."""
    for file in ("pyproject.toml", "schema.json", "CHANGELOG.md"):
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "a.tar.gz").write_bytes(b"an archive")
    archive.write_checksums(tmp_path / "dist")
    return tmp_path


def check(checkout: Path, *options: str) -> int:
    """Return the exit code of the check."""
    return release(["check", "--out", str(checkout / "dist"), *options], checkout)


def test_a_release_without_its_section_or_owner_is_refused(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a tag the check is of what is there; with one it is of what users will see."""
    assert check(checkout) == 0
    tag = f"v{version(checkout)}"
    for file, old, new in (
        ("CHANGELOG.md", "## Unreleased", "## Unreleased\n\n## To come"),
        ("pyproject.toml", f'owner = "{ABOUT.owner}"', 'owner = "nobody--yet"'),
    ):
        text = (checkout / file).read_text(encoding="utf-8").replace(old, new)
        (checkout / file).write_text(text.replace(f"## {tag[1:]}", "## 0.0.1"), encoding="utf-8")
    assert check(checkout, "--tag", tag) == 1
    said = capsys.readouterr().err
    assert f"no section `## {tag[1:]}`" in said
    assert "names nobody as owner (nobody--yet)" in said
    changes = checkout / "CHANGELOG.md"
    text = changes.read_text(encoding="utf-8").replace("## To come", f"## {tag[1:]} - 2030-01-01")
    changes.write_text(text, encoding="utf-8")
    settings = checkout / "pyproject.toml"
    text = settings.read_text(encoding="utf-8").replace("nobody--yet", "a-newsroom")
    settings.write_text(text, encoding="utf-8")
    assert check(checkout, "--tag", tag) == 0
    assert check(checkout, "--tag", "v9.9.9") == 1
    assert "the tag is v9.9.9" in capsys.readouterr().err


def test_a_file_that_is_not_what_its_checksum_says_is_told(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also one that is missing, and one that nobody told of."""
    (checkout / "dist" / "a.tar.gz").write_bytes(b"another archive")
    (checkout / "dist" / "b.tar.gz").write_bytes(b"one more")
    assert check(checkout) == 1
    (checkout / "dist" / "a.tar.gz").unlink()
    assert check(checkout) == 1
    said = capsys.readouterr().err
    assert said.count("a.tar.gz is not what SHA256SUMS says") == 2
    assert said.count("b.tar.gz is not what SHA256SUMS says") == 2


def test_the_bill_names_all_that_is_needed_with_its_licence(tmp_path: Path) -> None:
    """Also what is needed by what we need, and the extra that the plugin has."""
    made = json.loads(
        bill.write(distribution("pulumi-livepull"), ABOUT, tmp_path).read_text("utf-8")
    )
    components = {each["name"]: each for each in made["components"]}
    assert components.keys() >= {"httpx", "h11", "pulumi", "icalendar", "tzdata"}
    assert not components.keys() & {"flask", "hypothesis", "pulumi-livepull"}
    assert [name for name, each in components.items() if not each.get("licenses")] == []
    top = made["metadata"]["component"]
    assert top["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    needs = {each["ref"]: each.get("dependsOn", []) for each in made["dependencies"]}
    assert components["httpx"]["bom-ref"] in needs[top["bom-ref"]]
    assert components["h11"]["bom-ref"] in needs[components["httpcore"]["bom-ref"]]


def test_an_archive_is_the_same_whenever_it_is_packed(tmp_path: Path) -> None:
    """So that anybody can build it again and compare."""
    made = []
    for name, moment in (("one", 1), ("two", 2)):
        folder = tmp_path / name
        (folder / "in").mkdir(parents=True)
        (folder / "in" / "file").write_text("text", encoding="utf-8")
        os.utime(folder / "in" / "file", (moment, moment))
        archive.pack(folder, tmp_path / f"{name}.tar.gz")
        made.append((tmp_path / f"{name}.tar.gz").read_bytes())
    assert made[0] == made[1]


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("schema", ["github-workflows", "dependabot"])
def test_the_automation_is_valid_by_its_published_schema(schema: str) -> None:
    """The one that the forge's editors use."""
    files = WORKFLOWS if schema == "github-workflows" else [ROOT / ".github" / "dependabot.yml"]
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    ran = subprocess.run([*checker, *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every job of every workflow."""
    for file in WORKFLOWS:
        workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {"contents": "read"}
        yield from workflow["jobs"].items()


def test_a_workflow_runs_what_there_is() -> None:
    """Targets of the Makefile, commands and options of the tools, paths of the checkout."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    seen = set()
    for _, job in jobs():
        for line in "\n".join(step.get("run", "") for step in job.get("steps", ())).splitlines():
            words = line.split()
            if words[:1] == ["make"]:
                targets = [word for word in words[1:] if "=" not in word]
                assert all(f"\n{target}:" in makefile for target in targets)
                seen.update(targets)
            elif words[:2] == ["python", "tools/release"]:
                parser().parse_args(words[2:])
                seen.add(words[2])
            elif words[:2] == ["python", "tools/release/trial.py"]:
                assert (ROOT / words[1]).exists()
                seen.add("trial")
    assert seen >= {"check", "test", "build", "sdks", "checksums", "trial"}


def test_only_a_job_that_publishes_may_sign_in_or_write() -> None:
    """And none has a password: what it publishes is signed by who it is."""
    allowed = {
        name: set(job["permissions"]) - {"contents"}
        | ({"write"} if job["permissions"].get("contents") == "write" else set())
        for name, job in jobs()
        if "permissions" in job
    }
    assert allowed == {
        "gather": {"id-token", "attestations"},
        "release": {"write"},
        "pypi": {"id-token"},
        "npm": {"id-token"},
        "docs": {"id-token", "pages"},
    }
    texts = [file.read_text(encoding="utf-8") for file in WORKFLOWS]
    assert [text for text in texts if "secrets." in text] == []


def test_what_is_published_is_built_tested_and_attested_before() -> None:
    """In this order; and it is tried after it was published."""
    needs = {name: job.get("needs", []) for name, job in jobs()}

    def before(name: str) -> set[str]:
        direct = [needs[name]] if isinstance(needs[name], str) else needs[name]
        return set(direct).union(*map(before, direct))

    assert before("pypi") == before("npm") == {
        *("check", "test", "package", "executable", "gather", "release"),
    }  # fmt: skip
    assert before("try") > {"pypi", "npm"}
