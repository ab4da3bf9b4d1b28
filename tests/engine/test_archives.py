"""What a release holds, used as by somebody who has nothing else."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from pulumi_livepull.generate.about import About
from pulumi_livepull.hosts.registry import VERSION
from tests.engine.sdks import codegen, once
from tests.engine.stacks import ROOT, find_engine
from tools.codegen.compilers import node_modules
from tools.engine import build as engine
from tools.release import plugin
from tools.release.__main__ import build, problems
from tools.release.sdks import pack_go, pack_nodejs

PROGRAM = """
const pulumi = require("@pulumi/pulumi");
pulumi.runtime.setMocks({
  newResource: (asked) => {
    console.log(JSON.stringify([asked.type, asked.inputs]));
    return { id: "id", state: asked.inputs };
  },
  call: () => ({}),
});
const { huaweicloud } = require("pulumi-livepull");
new huaweicloud.PullTask("relay", {
  sourceType: huaweicloud.PullTaskSourceType.PullLivePushLive,
  sourceUrls: ["rtmp://pull.example.org/live/one"],
});
"""

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


def test_the_package_for_npm_works_in_an_empty_project(nodejs: Path, tmp_path: Path) -> None:
    """It holds what was compiled, and asks the engine for the plugin of its own version."""
    out, project = tmp_path / "out", tmp_path / "project"
    out.mkdir()
    file = pack_nodejs(nodejs, ROOT / "LICENSE", out, tmp_path)
    modules = project / "node_modules"
    modules.mkdir(parents=True)
    with tarfile.open(file) as packed:
        packed.extractall(modules, filter="data")
    (modules / "package").rename(modules / "pulumi-livepull")
    for each in node_modules().iterdir():
        (modules / each.name).symlink_to(each)
    (project / "index.js").write_text(PROGRAM, encoding="utf-8")
    ran = subprocess.run(
        ["node", "index.js"], cwd=project, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [
        "livepull:huaweicloud:PullTask",
        {"sourceType": "PullLivePushLive", "sourceUrls": ["rtmp://pull.example.org/live/one"]},
    ]
    assert not list((modules / "pulumi-livepull").glob("*.ts"))
    described = json.loads((modules / "pulumi-livepull/package.json").read_text("utf-8"))
    # Nothing runs where it is installed.
    assert "scripts" not in described
    assert list(described["dependencies"]) == ["@pulumi/pulumi"]
    assert described["pulumi"]["version"] == described["version"] == VERSION
    assert described["pulumi"]["server"].startswith("github://api.github.com/")


def test_the_sources_for_go_ask_for_the_engine_that_wrote_them(tmp_path: Path) -> None:
    """The generator itself names one that lacks what the sources use."""
    sources = tmp_path / "sdks" / "go"
    assert codegen("sdk", "go", sources).returncode == 0
    file = pack_go(sources, VERSION, ROOT / "LICENSE", tmp_path)
    with tarfile.open(file) as packed:
        module = packed.extractfile("go/go.mod")
        assert module
        text = module.read().decode()
        assert {"go/LICENSE", "go/livepull/huaweicloud/pullTask.go"} <= set(packed.getnames())
    assert text.startswith(f"module {About.of(ROOT).go.removesuffix('/livepull')}\n")
    assert f"github.com/pulumi/pulumi/sdk/v3 v{engine.version()}\n" in text
