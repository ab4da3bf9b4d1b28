"""The package as users get it, and the plugin where the engine looks for it."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts.registry import VERSION
from tests.engine.stacks import ROOT, Stack, days_from_now, spelled, tasks
from tests.plugins import SERVE, Process

RELAY = f"""
huaweicloud.PullTask(
    "relay",
    source_type="PullLivePushLive",
    source_urls=["https://play.example.org/live/channel.flv"],
    domain="push.example.com",
    app_name="live",
    stream_name="channel",
    start_time="{spelled(days_from_now(0))}",
    end_time="{spelled(days_from_now(1))}",
)
"""


def run(*command: str | Path, folder: Path) -> str:
    """Run a command that works, and return what it printed."""
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from nothing but the sdist."""
    out = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-m", "hatchling", "build", "-d", out, "-t")
    run(*build, "sdist", folder=ROOT)
    with tarfile.open(out / f"pulumi_livepull-{VERSION}.tar.gz") as sdist:
        sdist.extractall(out, filter="data")
    run(*build, "wheel", folder=out / f"pulumi_livepull-{VERSION}")
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture
def environment(wheel: Path, tmp_path: Path) -> Path:
    """A new virtual environment with the wheel, from this one's pip and without the network.

    What the package depends on is lent from the environment that runs the tests: it comes last on
    the path, and its own copy of the package is not reached, as that needs a `.pth` file.
    """
    folder = tmp_path / "an environment"
    run(sys.executable, "-m", "venv", "--without-pip", folder, folder=tmp_path)
    python = folder / "bin/python"
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install"),
        *("--quiet", "--no-deps", "--no-index", wheel),
        folder=tmp_path,
    )
    (own,) = folder.glob("lib/*/site-packages")
    lent = [entry for entry in sys.path if entry.endswith("site-packages")]
    (own / "lent.pth").write_text("\n".join(lent))
    return folder


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    """All of it, including the emulator's page and the schema; no tests and no tools."""
    package = ROOT / "pulumi_livepull"
    there = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    with zipfile.ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert held == there | {"pulumi_livepull/schema.json"}
    assert {"pulumi_livepull/py.typed", "pulumi_livepull/pulumi-plugin.json"} <= held


def test_the_plugin_of_an_installed_wheel_runs_a_stack_without_a_warning(
    environment: Path, stack: Stack, emulator: Emulator
) -> None:
    """After `pip install` and `livepull plugin install`, without the repository."""
    shutil.rmtree(stack.folder / "home")
    stack.env["PATH"] = f"{environment / 'bin'}{os.pathsep}{stack.env['PATH']}"
    del stack.env["PYTHONPATH"], stack.env["PULUMI_IGNORE_AMBIENT_PLUGINS"]
    command = environment / "bin/livepull"
    assert run(command, "--version", folder=stack.folder) == f"livepull {VERSION}\n"
    output = stack.livepull("plugin", "install")
    launcher = stack.folder / f"home/plugins/resource-livepull-v{VERSION}/pulumi-resource-livepull"
    assert str(launcher.parent) in output
    assert f"python='{environment}/bin/python3'" in launcher.read_text()

    stack.configure("host", "plugin")
    stack.program(
        """
        import pulumi_livepull
        pulumi.export("where", pulumi_livepull.__file__)
        """,
        RELAY,
    )
    up = stack.up()
    assert up.said("warning") == []
    assert stack.resources["relay"]["type"] == "livepull:huaweicloud:PullTask"
    assert stack.outputs["where"].startswith(str(environment))
    assert len(tasks(emulator)) == 1


def test_a_plugin_that_a_debugger_runs_serves_all_engines_that_follow(
    stack: Stack, emulator: Emulator
) -> None:
    """`pulumi up` alone is two engines. None of them starts a plugin of its own."""
    shutil.rmtree(stack.folder / "home")
    stack.configure("host", "plugin")
    stack.program(RELAY)
    with Process(SERVE) as process:
        stack.env["PULUMI_DEBUG_PROVIDERS"] = f"livepull:{process.port}"
        stack.preview()
        stack.up()
        assert len(tasks(emulator)) == 1
        stack.destroy()
        assert tasks(emulator) == []
        assert process.version() == VERSION
