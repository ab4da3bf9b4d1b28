"""`livepull review` as it is called: what it reads and writes, and how it ends."""

import io
import json
import sys
from pathlib import Path

import pytest

from pulumi_livepull.__main__ import main
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.review import command
from pulumi_livepull.review.document import Document, Timeline
from pulumi_livepull.review.timeline import Listed
from tests.review.plans import HUAWEI, OPEN, digest, step

NOW = ("--at", "2030-01-01T12:00:00Z")
DARK = digest(step("delete", "dark", old=HUAWEI | OPEN))
CALM = digest(step("same", "calm", old=HUAWEI | OPEN, new=HUAWEI | OPEN))
FAILED = digest(diagnostics=[{"severity": "error", "message": "error: no access key found"}])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with plans, where the command runs."""
    for name, text in {"dark": DARK, "calm": CALM, "failed": FAILED}.items():
        (tmp_path / f"{name}.json").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["dark.json"], 0, ""),
        (["calm.json", "--fail-on", "off-air"], 0, ""),
        (
            ["dark.json", "--fail-on", "fight,off-air"],
            2,
            "refused: 1 channel goes off air (--fail-on off-air)\n",
        ),
        (
            ["dark.json", "--protect", "13:00-15:00 Europe/Berlin"],
            2,
            "refused: 1 channel is interrupted within 13:00-15:00 Europe/Berlin (--protect)\n",
        ),
        (["dark.json", "--protect", "15:00-16:00 Europe/Berlin"], 0, ""),
        (["failed.json", "--fail-on", "off-air"], 1, ""),
    ],
)
def test_the_exit_code_is_a_gate(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, expected: str
) -> None:
    """2 for a change that is not allowed; 1 if the preview failed, which says nothing about the
    changes.
    """
    assert main(["review", *arguments, *NOW]) == code
    printed = capsys.readouterr()
    assert printed.err == expected
    assert printed.out.endswith("\n")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "there is nothing to review\nGive a file"),
        (["none.json"], "cannot read none.json: "),
        (["dark.json", "calm.json"], "there are two plans of tv/live\nGive each stack once."),
        (["dark.json", "--at", "9999-12-31T23:59:59Z"], "--at "),
        (["dark.json", "--at", "tomorrow"], '--at "tomorrow" is not a time with an offset\n'),
        (["dark.json", "--at", "2030-01-01T12:00:00"], "--at "),
        (["dark.json", "--time-zone", "Berlin"], 'there is no time zone "Berlin"\n'),
        (["dark.json", "--time-zone", "../../etc"], "there is no time zone"),
        (["dark.json", "--fail-on", "dark"], '--fail-on does not know "dark"\n'),
        (["dark.json", "--protect", "evening"], '"evening" is not a time of day\n'),
        (["dark.json", "--out", "review.pdf"], "--out review.pdf: its extension names no format\n"),
        (["dark.json", "--out", "none/review.md"], "cannot write none/review.md: "),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], what: str
) -> None:
    """Nothing else is printed that could be taken for a review."""
    assert main(["review", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith(what)
    assert printed.out == ""
    assert "Traceback" not in printed.err


def test_one_run_writes_every_format(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The ending of each file selects its format, and the terminal shows another."""
    out = [f"--out=review.{ending}" for ending in ("md", "html", "json", "txt")]
    assert main(["review", "dark.json", *out, *NOW, "--format", "json"]) == 0
    Document.model_validate_json(capsys.readouterr().out)
    assert (folder / "review.md").read_text().splitlines()[1] == "**1 channel goes off air.**"
    assert (folder / "review.html").read_text().startswith("<!doctype html>")
    assert (folder / "review.txt").read_text().startswith("1 channel goes off air.\n")
    assert json.loads((folder / "review.json").read_text())["stacks"] == ["tv/live"]


def test_standard_input_is_a_file_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A preview can be piped into it."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DARK.encode())))
    assert main(["review", "-", *NOW]) == 0
    assert capsys.readouterr().out.startswith("1 channel goes off air.\n")


def test_the_schema_in_the_docs_is_of_what_is_written() -> None:
    """`make generate` writes the schema."""
    docs = Path(__file__).parents[2] / "docs"
    for name, model in {"review": Document, "timeline": Timeline}.items():
        written = json.loads((docs / f"{name}-schema.json").read_text())
        assert written == model.model_json_schema(mode="serialization")


def test_a_timeline_that_is_watched_goes_on_when_a_vendor_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failure of the first read ends it with a message, because the keys may be wrong."""
    answers = [Listed(), ConfigError("no answer", "Try again."), Listed(), KeyboardInterrupt()]

    def account_relays(*_: object) -> Listed:
        answer = answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(command, "account_relays", account_relays)
    assert main(["timeline", "--account", "--watch", "0.001"]) == 0
    shown = capsys.readouterr()
    assert shown.out.count("There are no relays.") == 2
    assert shown.err == "no answer\nTry again.\n"
    answers.append(ConfigError("no keys"))
    assert main(["timeline", "--account", "--watch", "0.001"]) == 1


def test_a_timeline_is_not_a_comment(capsys: pytest.CaptureFixture[str]) -> None:
    """The message lists the formats that a timeline has."""
    assert main(["timeline", "--account", "--out", "now.md"]) == 1
    assert "Use one of .txt, .html, .json." in capsys.readouterr().err
