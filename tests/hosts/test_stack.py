"""`livepull migrate`: what it tells, and that what cannot be moved stays as it was."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pulumi_livepull.__main__ import main
from tests.hosts.test_migration import provider, state, task

PULUMI = f"""#!{sys.executable}
import os, pathlib, sys

verb, given = " ".join(sys.argv[1:3]), sys.stdin.read()
with open("calls", "a") as calls:
    print(*sys.argv[1:], file=calls)
time = pathlib.Path("calls").read_text().count(verb)
if f"{{verb}} {{time}}" in os.environ["FAULTS"].split(", "):
    sys.exit("error: something of Pulumi's")
if verb == "stack export":
    sys.stdout.write(pathlib.Path("state").read_text())
if verb == "stack import":
    pathlib.Path("state").write_text(given)
"""
"""A fake command that keeps a state and fails on request."""

BEFORE = json.dumps(state(provider("dynamic"), task("dynamic", "one"), task("dynamic", "two")))
MOVING = "To the plugin host:\n  huaweicloud.PullTask one\n  huaweicloud.PullTask two\n"

Faults = Callable[[str], None]


@pytest.fixture
def faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Faults:
    """Make a stack in the current folder, and return what tells its command when to fail."""
    (tmp_path / "pulumi").write_text(PULUMI)
    (tmp_path / "pulumi").chmod(0o755)
    (tmp_path / "state").write_text(BEFORE)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("FAULTS", "")
    monkeypatch.chdir(tmp_path)
    return lambda those: monkeypatch.setenv("FAULTS", those)


def backups() -> list[Path]:
    return list(Path.cwd().glob("before-*"))


@pytest.mark.usefixtures("faults")
def test_a_stack_moves_and_its_state_before_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """Only the user can read the file: a state may hold secrets in plain text."""
    assert main(["migrate", "--to", "plugin", "--stack", "dev"]) == 0
    (backup,) = backups()
    assert capsys.readouterr().out == (
        f"{MOVING}The old state is saved in {backup.name}.\n"
        "livepull:host is now plugin; `pulumi preview` shows no change.\n"
    )
    assert backup.read_text() == BEFORE
    assert backup.stat().st_mode & 0o777 == 0o600
    assert "livepull:huaweicloud:PullTask::one" in Path("state").read_text()
    assert Path("calls").read_text().splitlines() == [
        "stack export --stack dev --non-interactive",
        "stack import --stack dev --non-interactive",
        "config set livepull:host plugin --stack dev --non-interactive",
    ]


@pytest.mark.usefixtures("faults")
def test_a_dry_run_only_reports(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints the same list, and only reads the stack."""
    assert main(["migrate", "--to", "plugin", "--dry-run"]) == 0
    assert capsys.readouterr().out == f"{MOVING}Nothing was changed: this was a dry run.\n"
    assert Path("calls").read_text() == "stack export --non-interactive\n"
    assert backups() == []


@pytest.mark.usefixtures("faults")
def test_where_nothing_moves_only_the_config_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    """This completes a move whose config was not set."""
    own = task("plugin", "own", provider="urn:pulumi:dev::relay::pulumi:providers:livepull::b::1")
    Path("state").write_text(json.dumps(state(own)))
    assert main(["migrate", "--to", "dynamic"]) == 0
    assert capsys.readouterr().out == (
        "Nothing moves to the dynamic host.\n"
        "These stay in the plugin, because they have an explicit provider:\n"
        "  huaweicloud.PullTask own\n"
        "livepull:host is now dynamic; `pulumi preview` shows no change.\n"
    )
    assert Path("calls").read_text().splitlines() == [
        "stack export --non-interactive",
        "config set livepull:host dynamic --non-interactive",
    ]
    assert backups() == []


@pytest.mark.parametrize("fault", ["stack export", "stack import", "config set"])
def test_a_failure_leaves_the_stack_as_it_was(
    faults: Faults, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    """Pulumi's own message is passed on."""
    faults(f"{fault} 1")
    assert main(["migrate", "--to", "plugin"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"`pulumi {fault}")
    assert said.endswith("` failed\nerror: something of Pulumi's\n")
    assert Path("state").read_text() == BEFORE
    assert backups() == []


def test_where_the_stack_cannot_be_put_back_the_message_says_how(
    faults: Faults, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file with the previous state is kept."""
    faults("config set 1, stack import 2")
    assert main(["migrate", "--to", "plugin"]) == 1
    (backup,) = backups()
    assert backup.read_text() == BEFORE
    assert capsys.readouterr().err.endswith(
        f"\nTo restore the stack, run: pulumi stack import --file {backup.name}\n"
    )


def test_without_pulumis_command_the_message_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only files can be migrated without it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["migrate", "--to", "plugin"]) == 1
    assert capsys.readouterr().err == "cannot run `pulumi`\nPut Pulumi's command on PATH.\n"


@pytest.mark.usefixtures("faults")
def test_an_export_becomes_another_for_import(capsys: pytest.CaptureFixture[str]) -> None:
    """The `pulumi` command is not needed; the output lists the next steps."""
    assert main(["migrate", "--to", "plugin", "state", "after.json", "--dry-run"]) == 0
    assert capsys.readouterr().out == f"{MOVING}Nothing was written: this was a dry run.\n"
    assert not Path("after.json").exists()

    assert main(["migrate", "--to", "plugin", "state", "after.json"]) == 0
    assert capsys.readouterr().out == (
        f"{MOVING}Next, run:\n"
        "  pulumi stack import --file after.json\n"
        "  pulumi config set livepull:host plugin\n"
    )
    assert "livepull:huaweicloud:PullTask::one" in Path("after.json").read_text()
    assert not Path("calls").exists()


@pytest.mark.usefixtures("faults")
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("nowhere", "after", "cannot read nowhere: "),
        ("bytes", "after", "cannot read bytes: "),
        ("pulumi", "after", "this is not the state of a stack: Expecting value"),
        ("state", "state", "cannot write state: File exists\n"),
        ("state", "nowhere/after", "cannot write nowhere/after: No such file"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    before: str, after: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written or overwritten."""
    Path("bytes").write_bytes(b"\xff")
    there = {path: path.read_bytes() for path in Path.cwd().iterdir()}
    assert main(["migrate", "--to", "plugin", before, after]) == 1
    assert capsys.readouterr().err.startswith(said)
    assert {path: path.read_bytes() for path in Path.cwd().iterdir()} == there


@pytest.mark.parametrize("given", [["one"], ["1", "2", "3"], ["1", "2", "--stack", "dev"]])
def test_files_and_a_stack_are_not_mixed(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be unclear which one to migrate."""
    with pytest.raises(SystemExit):
        main(["migrate", "--to", "plugin", *given])
    assert "migrate takes two files, or none and perhaps --stack" in capsys.readouterr().err
