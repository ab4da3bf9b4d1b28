"""What the doctor says of this machine: the engine, the package and the plugin."""

from pathlib import Path

import pytest

from pulumi_livepull.doctor import machine
from pulumi_livepull.doctor.check import Check
from pulumi_livepull.errors import LivePullError
from pulumi_livepull.hosts import installation


def rows(*, needs_plugin: bool = False) -> dict[str, Check]:
    """Return the rows by name."""
    return {check.name: check for check in machine.machine(needs_plugin=needs_plugin)}


def engine(folder: Path, script: str) -> None:
    """Put an engine in a folder."""
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave nothing on PATH but a folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    return tmp_path


def test_an_engine_tells_its_version(alone: Path) -> None:
    """And where it is: there may be several."""
    engine(alone, "echo v3.255.0")
    assert rows()["engine"].what == f"pulumi v3.255.0 in {alone}/pulumi"


@pytest.mark.parametrize(
    ("script", "words"),
    [("echo v2.9.1", "is not version 3"), ("exit 3", "does not start"), ("echo what", "not vers")],
)
def test_an_engine_that_does_not_fit_or_start_is_a_failure(
    alone: Path, script: str, words: str
) -> None:
    """Nothing works without it."""
    engine(alone, script)
    row = rows()["engine"]
    assert (row.state, row.kind) == ("failed", "missing")
    assert words in row.what


def test_no_engine_is_a_failure() -> None:
    """With where to get one."""
    row = rows()["engine"]
    assert (row.state, row.what) == ("failed", "pulumi is not on PATH")
    assert "https://www.pulumi.com" in row.remedy


def test_a_package_that_does_not_fit_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """It speaks to the engine."""
    monkeypatch.setattr(machine, "version", lambda name: "2.1.0")
    row = rows()["Pulumi SDK"]
    assert row.state == "failed"
    assert row.remedy == "Run: pip install 'pulumi>=3,<4'"


def test_a_missing_plugin_counts_only_if_it_is_needed() -> None:
    """A program in Python needs none."""
    assert rows()["plugin"].state == "note"
    row = rows(needs_plugin=True)["plugin"]
    assert (row.state, row.remedy) == ("failed", "Run: livepull plugin install")


def test_a_plugin_that_works_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its version and its folder."""
    problems: list[LivePullError] = []
    monkeypatch.setattr(installation, "problems", lambda: problems)
    row = rows(needs_plugin=True)["plugin"]
    assert row.state == "ok"
    assert str(installation.folder()) in row.what
