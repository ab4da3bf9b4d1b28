"""A stack that moves from one host to the other, through Pulumi's own command or through files."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pulumi_livepull.core.vendor import NAMESPACE
from pulumi_livepull.errors import StateError
from pulumi_livepull.hosts.migration import HOW_TO_EXPORT, Json, Migration, migrate

HOST_KEY = f"{NAMESPACE}host"


def move_stack(name: str | None, host: str, *, dry_run: bool) -> Iterator[str]:
    """Move a stack of the project in the current folder, and yield what to tell the user.

    Without a name it is the selected stack. Raises `StateError`; nothing has changed then.
    """
    stack = Stack(name)
    migration = _migrated(stack.state, host)
    yield from _lines(migration, host)
    if dry_run:
        yield "Nothing was changed: this was a dry run."
        return
    if migration.moved:
        yield f"The old state is in {stack.take(migration.exported, host)}."
    else:
        stack.choose(host)
    yield f"{HOST_KEY} is {host} now; `pulumi preview` shows no change."


def move_file(before: Path, after: Path, host: str, *, dry_run: bool) -> Iterator[str]:
    """Write an export anew, moved, and yield what to tell the user. Raises `StateError`."""
    try:
        state = before.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise StateError(f"cannot read {before}: {error}", HOW_TO_EXPORT) from error
    migration = _migrated(state, host)
    yield from _lines(migration, host)
    if dry_run:
        yield "Nothing was written: this was a dry run."
        return
    _write(after, json.dumps(migration.exported, indent=4))
    yield "Next, run:"
    yield f"  pulumi stack import --file {after}"
    yield f"  pulumi config set {HOST_KEY} {host}"


class Stack:
    """A stack as Pulumi's command handles it, and the state that it had at first."""

    def __init__(self, name: str | None) -> None:
        self._chosen = ["--stack", name] if name else []
        self.state = self._pulumi("stack", "export")

    def take(self, exported: Json, host: str) -> Path:
        """Take over a state and the host that goes with it, and return where the old state is.

        If that fails, the stack is put back.
        """
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        backup = Path(f"before-{host}-{moment}.json")
        _write(backup, self.state)
        try:
            self._pulumi("stack", "import", given=json.dumps(exported))
            self.choose(host)
        except StateError as error:
            self._put_back(backup, error)
            raise
        return backup

    def _put_back(self, backup: Path, error: StateError) -> None:
        try:
            if self._pulumi("stack", "export") != self.state:
                self._pulumi("stack", "import", given=self.state)
            backup.unlink()
        except StateError:
            error.hint += f"\nTo put the stack back, run: pulumi stack import --file {backup}"

    def choose(self, host: str) -> None:
        """Set which host the stack's programs use."""
        self._pulumi("config", "set", HOST_KEY, host)

    def _pulumi(self, *words: str, given: str = "") -> str:
        return command(*words, chosen=self._chosen, given=given)


def command(*words: str, chosen: Sequence[str], given: str = "") -> str:
    """Run one of Pulumi's commands on the chosen stack and return what it prints."""
    ran = _run(words, chosen, given)
    if ran.returncode:
        raise StateError(f"`pulumi {' '.join(words)}` failed", ran.stderr.strip())
    return ran.stdout


def preview(name: str) -> str:
    """Return what a preview of a stack prints as JSON: of one that failed, why it did."""
    ran = _run(["preview", "--json", "--show-sames"], ["--stack", name], "")
    if ran.returncode and not ran.stdout.startswith("{"):
        raise StateError("`pulumi preview` failed", ran.stderr.strip())
    return ran.stdout


def _run(
    words: Sequence[str], chosen: Sequence[str], given: str
) -> subprocess.CompletedProcess[str]:
    try:
        line = ["pulumi", *words, *chosen, "--non-interactive"]
        return subprocess.run(  # noqa: S603  the words are ours, and a name is one word
            line, input=given, capture_output=True, encoding="utf-8", check=False
        )
    except OSError as error:
        raise StateError("cannot run `pulumi`", "Put Pulumi's command on PATH.") from error


def _migrated(state: str, host: str) -> Migration:
    try:
        exported = json.loads(state)
    except ValueError as error:
        raise StateError(f"this is not the state of a stack: {error}", HOW_TO_EXPORT) from error
    return migrate(exported, host)


def _write(file: Path, text: str) -> None:
    """Make a file for its user alone: a state may hold secrets in clear text."""
    try:
        with open(file, "x", encoding="utf-8", opener=partial(os.open, mode=0o600)) as made:
            made.write(text)
    except OSError as error:
        raise StateError(
            f"cannot write {file}: {error.strerror}", "Give a path that can be written."
        ) from error


def _lines(migration: Migration, host: str) -> Iterator[str]:
    """Yield which resources move, and which do not although they are in the other host."""
    yield f"To the {host} host:" if migration.moved else f"Nothing moves to the {host} host."
    yield from map(_label, migration.moved)
    if migration.left:
        yield "These stay in the plugin, because they have a provider of their own:"
        yield from map(_label, migration.left)


def _label(urn: str) -> str:
    """Return a resource as its user knows it: `huaweicloud.PullTask relay`."""
    _, _, types, name = urn.split("::", 3)
    return f"  {'.'.join(re.split('[:/]', types)[-2:])} {name}"
