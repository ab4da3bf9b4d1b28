"""What a release holds, used as by somebody who has nothing else."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from pulumi_livepull.hosts.registry import VERSION
from tests.engine.sdks import once
from tests.engine.stacks import ROOT, find_engine
from tools.release import plugin
from tools.release.__main__ import build, problems

ARCHIVE = f"{plugin.PROGRAM}-v{VERSION}-{plugin.target()}.tar.gz"


@pytest.fixture(scope="session")
def dist(shared: Path) -> Path:
    """The folder of a release for this machine: what `make dist` made if that is named."""
    if named := os.environ.get("LIVEPULL_DIST"):
        return Path(named).absolute()
    return once(shared / "release", lambda folder: build(ROOT, folder))


def test_the_executable_runs_a_stack_where_there_is_no_python(dist: Path, tmp_path: Path) -> None:
    """The trial of a release, as the workflow runs it: its stack has an empty home, and on PATH
    only the engine. Up, unchanged, imported, destroyed; windows of a calendar, without a warning.
    """
    engine = find_engine()
    assert not Path(engine, "python3").exists()
    path = os.pathsep.join([engine, str(Path(sys.executable).parent), os.environ["PATH"]])
    ran = subprocess.run(
        [sys.executable, ROOT / "tools/release/trial.py", VERSION, "--file", dist / ARCHIVE],
        cwd=tmp_path,
        env=os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.splitlines()[-1].startswith("pulumi destroy")


def test_a_release_is_complete_and_tells_nothing_of_who_made_it(dist: Path) -> None:
    """Checksums, an SBOM, the licence of all that is in the executable, no path of a checkout."""
    assert list(problems(ROOT, "", dist)) == []
    with tarfile.open(dist / ARCHIVE) as packed:
        names = set(packed.getnames())
        held = [(each.name, packed.extractfile(each)) for each in packed if each.isfile()]
        telling = [name for name, file in held if file and str(ROOT).encode() in file.read()]
    assert telling == []
    assert {"licenses/pulumi-livepull/LICENSE", "licenses/pulumi/LICENSE"} <= names
    assert not [name for name in names if "hypothesis" in name or "emulator" in name]
    (bill,) = dist.glob("*.cdx.json")
    assert '"pkg:pypi/pulumi@' in bill.read_text(encoding="utf-8")
    (source,) = dist.glob("*-python.tar.gz")
    with tarfile.open(source) as packed:
        assert {"PulumiPlugin.yaml", "__main__.py", "requirements.txt"} <= set(packed.getnames())
