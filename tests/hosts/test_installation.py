"""`livepull plugin install`: the plugin lies where the engine looks, and runs from there."""

import os
import pwd
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pulumi_livepull.__main__ import main
from pulumi_livepull.hosts import installation
from pulumi_livepull.hosts.registry import VERSION

ROOT = Path(__file__).parents[2]
NAME = "pulumi-resource-livepull"


@pytest.fixture(autouse=True)
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The engine's plugin folder, which does not exist yet; nothing of the user's interferes."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "a home"))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.delenv("PULUMI_IGNORE_AMBIENT_PLUGINS", raising=False)
    return tmp_path / "a home/plugins"


@pytest.fixture
def launcher(plugins: Path) -> Path:
    """The file that the engine starts."""
    return plugins / f"resource-livepull-v{VERSION}" / NAME


def script(path: Path, *lines: str) -> Path:
    """A stand-in for another program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


Printed = pytest.CaptureFixture[str]


def check(capsys: Printed) -> list[str]:
    """The output of `--check`; nothing if all is well."""
    capsys.readouterr()
    code = main(["plugin", "install", "--check"])
    printed = capsys.readouterr()
    messages = [line for line in printed.err.splitlines() if not line.startswith("note:")]
    assert bool(code) is bool(messages)
    assert bool(code) is (printed.out == "")
    return messages


def test_the_version_is_reported(capsys: Printed) -> None:
    """For bug reports and for scripts."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"livepull {VERSION}\n"


def test_pulumi_and_python_read_the_version_alike() -> None:
    """The engine looks for a folder with the version in its name, and compares by semver."""
    written = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert [part.isdigit() for part in written.split(".")] == [True] * 3
    assert written == VERSION


def test_no_command_of_the_name_of_the_plugin_comes_with_the_package() -> None:
    """The engine would prefer such a command on PATH to the installed plugin, and warn in every
    run.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert list(project["scripts"]) == ["livepull"]


def test_the_plugin_is_installed_where_the_engine_looks(
    plugins: Path, launcher: Path, capsys: Printed
) -> None:
    """It can be installed again over itself, and leaves no temporary files."""
    for _ in range(2):
        assert main(["plugin", "install"]) == 0
        assert str(launcher.parent) in capsys.readouterr().out
        assert [path for path in plugins.rglob("*") if path.is_file()] == [launcher]
        assert os.access(launcher, os.X_OK)
    assert check(capsys) == []


def test_the_account_s_home_counts_and_not_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the engine: `GetPulumiHomeDir` in Pulumi's sdk/go asks the account."""
    monkeypatch.delenv("PULUMI_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path not in installation.folder().parents
    assert installation.folder().parts[-3:-1] == (".pulumi", "plugins")


def test_without_an_account_the_variable_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container may run under a user id without an account."""
    monkeypatch.delenv("PULUMI_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    assert installation.folder().parents[1] == tmp_path / ".pulumi"


def test_the_plugin_runs_from_any_shell(tmp_path: Path, launcher: Path) -> None:
    """The launcher names its Python, and does not depend on the environment of the installation."""
    main(["plugin", "install"])
    traps = tmp_path / "traps"
    traps.mkdir()
    for module in ("json", "grpc", "pulumi_livepull"):
        (traps / f"{module}.py").write_text("raise SystemExit('a trap')")
    output = subprocess.run(
        [launcher, "-v=9", "--logtostderr", "--version"],
        cwd=traps,
        env={"PATH": "", "PYTHONPATH": str(traps), "PYTHONHOME": "/nowhere", "VIRTUAL_ENV": "/x"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert output.stdout == f"{VERSION}\n"


def test_the_plugin_keeps_the_settings_of_the_installing_python(
    tmp_path: Path, launcher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a package found only through PYTHONPATH, when the plugin later starts in another
    folder.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"it's here{os.pathsep}{ROOT}")
    main(["plugin", "install"])
    (tmp_path / "it's here").mkdir()
    (tmp_path / "it's here/grpc.py").write_text("raise SystemExit('found')")
    output = subprocess.run(
        [launcher, "--version"], cwd="/", capture_output=True, text=True, check=False
    )
    assert output.stderr == "found\n"


def test_a_python_in_a_folder_with_spaces_and_quotes_is_found_again(
    tmp_path: Path, launcher: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """A user's name, and so the home folder, may contain them."""
    odd = tmp_path / 'a "home" of $HOME & o\'clock'
    monkeypatch.setattr(
        sys, "executable", str(script(odd / "python", f'exec {sys.executable} "$@"'))
    )
    assert main(["plugin", "install"]) == 0
    assert check(capsys) == []


def test_a_python_that_cannot_start_the_plugin_changes_nothing(
    tmp_path: Path, plugins: Path, launcher: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """The previous installation stays intact."""
    main(["plugin", "install"])
    before = launcher.read_text()
    broken = script(tmp_path / "python", "echo no module named pulumi_livepull >&2", "exit 1")
    monkeypatch.setattr(sys, "executable", str(broken))
    capsys.readouterr()
    assert main(["plugin", "install"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "the plugin does not start: no module named pulumi_livepull",
        "Install pulumi-livepull in a virtual environment, and run its livepull.",
    ]
    assert launcher.read_text() == before
    assert list(plugins.iterdir()) == [launcher.parent]


def test_a_folder_that_cannot_be_written_is_named(
    plugins: Path, launcher: Path, capsys: Printed
) -> None:
    """The message also says what to do about it."""
    plugins.parent.write_text("a file")
    assert main(["plugin", "install"]) == 1
    what, mend = capsys.readouterr().err.splitlines()
    assert what == f"cannot use {launcher.parent}: Not a directory"
    assert "PULUMI_HOME" in mend


def test_what_was_half_installed_is_mended(plugins: Path, launcher: Path, capsys: Printed) -> None:
    """The engine marks an incomplete download with a file, and then ignores the folder."""
    launcher.parent.mkdir(parents=True)
    launcher.write_text("half")
    partial = plugins / f"{launcher.parent.name}.partial"
    partial.touch()
    assert check(capsys) == [
        f"plugin {VERSION} is not installed in {plugins}",
        "Run: livepull plugin install",
    ]
    assert main(["plugin", "install"]) == 0
    assert not partial.exists()
    assert check(capsys) == []


def test_a_check_says_which_other_versions_there_are(plugins: Path, capsys: Printed) -> None:
    """A program requests exactly its own version."""
    script(plugins / "resource-livepull-v0.0.8" / NAME)
    script(plugins / "resource-livepull-v0.0.9" / NAME)
    assert check(capsys) == [
        f"plugin {VERSION} is not installed in {plugins}, only 0.0.8, 0.0.9",
        "Run: livepull plugin install",
    ]


def test_a_check_says_that_the_python_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """The virtual environment was removed, or an upgrade removed its Python."""
    python = script(tmp_path / "python", f'exec {sys.executable} "$@"')
    monkeypatch.setattr(sys, "executable", str(python))
    main(["plugin", "install"])
    python.unlink()
    assert check(capsys) == [
        f"the plugin does not start: {python} does not exist any more: run livepull plugin install",
        "Run: livepull plugin install",
    ]


def test_a_check_says_that_the_python_has_another_version(
    tmp_path: Path, launcher: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """The package was upgraded in that Python, but the plugin was not installed again."""
    python = script(tmp_path / "python", f'exec {sys.executable} "$@"')
    monkeypatch.setattr(sys, "executable", str(python))
    main(["plugin", "install"])
    script(python, "echo 9.9.9")
    assert check(capsys) == [
        f"{launcher} starts version 9.9.9, not {VERSION}",
        "Run: livepull plugin install",
    ]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["echo first >&2", "echo second >&2", "exit 3"], "second"),
        (["exit 3"], "exit status 3"),
    ],
)
def test_a_check_says_why_the_plugin_does_not_start(
    launcher: Path, lines: list[str], reason: str, capsys: Printed
) -> None:
    """Whoever installed it."""
    script(launcher, *lines)
    what, mend = check(capsys)
    assert what.startswith("the plugin does not start: ")
    assert reason in what
    assert mend == "Run: livepull plugin install"


def test_a_check_says_that_the_plugin_may_not_be_run(launcher: Path, capsys: Printed) -> None:
    """For example, because it was copied by hand."""
    script(launcher).chmod(0o644)
    what, _ = check(capsys)
    assert what.startswith("the plugin does not start: ")
    assert "Permission denied" in what


def test_a_plugin_on_path_that_hides_the_installed_one_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """The engine uses it whatever its version, so `install` prints a note and `--check` fails."""
    hiding = script(tmp_path / "bin" / NAME)
    monkeypatch.setenv("PATH", str(hiding.parent))
    messages = [
        f"the engine uses {hiding} instead, because it is on PATH",
        "Remove it, or set PULUMI_IGNORE_AMBIENT_PLUGINS=true.",
    ]
    assert main(["plugin", "install"]) == 0
    assert capsys.readouterr().err.splitlines()[:2] == messages
    assert check(capsys) == messages
    monkeypatch.setenv("PULUMI_IGNORE_AMBIENT_PLUGINS", "True")
    assert check(capsys) == []


def test_a_missing_engine_is_a_note_only(tmp_path: Path, capsys: Printed) -> None:
    """It may be installed elsewhere, or later."""
    assert main(["plugin", "install"]) == 0
    assert capsys.readouterr().err == "note: pulumi is not on PATH\n"


def test_on_windows_the_launcher_is_a_command_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command file interprets percent signs."""
    monkeypatch.setattr(installation, "WINDOWS", True)
    monkeypatch.setenv("PYTHONPATH", "")
    lines = installation.launcher(r"C:\100% mine\python.exe").splitlines()
    assert lines[0] == "@echo off"
    assert r'"C:\100%% mine\python.exe" -P -m pulumi_livepull plugin serve %*' in lines


def test_on_windows_the_executable_of_a_release_counts_until_a_launcher_takes_its_place(
    plugins: Path, launcher: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """The engine starts a `.exe` before a `.cmd`, so both may not lie there."""
    monkeypatch.setattr(installation, "WINDOWS", True)
    executable = script(launcher.with_suffix(".exe"), f"echo {VERSION}")
    assert check(capsys) == []
    assert installation.missing_for(plugins) == ""
    monkeypatch.setattr(installation, "_started_version", lambda _: VERSION)
    assert main(["plugin", "install"]) == 0
    assert not executable.exists()
    assert launcher.with_suffix(".cmd").exists()
    assert check(capsys) == []


def test_other_commands_take_no_unknown_options(capsys: Printed) -> None:
    """Only the engine may pass options that are not known yet."""
    with pytest.raises(SystemExit):
        main(["plugin", "install", "--chekc"])
    assert "unrecognized arguments: --chekc" in capsys.readouterr().err


def test_a_missing_plugin_is_reported_unless_the_engine_finds_it_elsewhere(
    tmp_path: Path, plugins: Path, launcher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PATH, through a debugger, or at the path in the project file."""
    program = tmp_path / "project/src"
    program.mkdir(parents=True)
    missing = f"plugin {VERSION} is not installed in {plugins}"
    assert installation.missing_for(program) == missing

    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "livepull:12345")
    assert installation.missing_for(program) == ""
    monkeypatch.delenv("PULUMI_DEBUG_PROVIDERS")

    script(tmp_path / f"nothing/{NAME}", "exit 0")
    assert installation.missing_for(program) == ""
    monkeypatch.setenv("PULUMI_IGNORE_AMBIENT_PLUGINS", "true")
    assert installation.missing_for(program) == missing

    project = tmp_path / "project/Pulumi.yaml"
    project.write_text("name: relay\nruntime: python\n")
    assert installation.missing_for(program) == missing
    project.write_text("name: relay\nplugins:\n  providers:\n    - name: livepull\n")
    assert installation.missing_for(program) == ""
    project.unlink()

    script(launcher, "exit 0")
    assert installation.missing_for(program) == ""
