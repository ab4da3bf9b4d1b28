"""Move a stack from one host to the other, with Pulumi's command line or through files."""

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
    """Move a stack of the project in the current folder, and yield messages for the user.

    Without a name, it moves the selected stack. If it raises `StateError`, nothing has changed.
    """
    stack = Stack(name)
    migration = _migrated(stack.state, host)
    yield from _lines(migration, host)
    if dry_run:
        yield "Nothing was changed: this was a dry run."
        return
    if migration.moved:
        yield f"The old state is saved in {stack.take(migration.exported, host)}."
    else:
        stack.choose(host)
    yield f"{HOST_KEY} is now {host}; `pulumi preview` shows no change."


def move_file(before: Path, after: Path, host: str, *, dry_run: bool) -> Iterator[str]:
    """Write a moved copy of an export, and yield messages for the user. Raises `StateError`."""
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
    """A stack, through Pulumi's command line, and its original state."""

    def __init__(self, name: str | None) -> None:
        self._chosen = ["--stack", name] if name else []
        self.state = self._pulumi("stack", "export")

    def take(self, exported: Json, host: str) -> Path:
        """Import a state, select its host, and return the backup of the old state.

        If that fails, the stack is restored.
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
            error.hint += f"\nTo restore the stack, run: pulumi stack import --file {backup}"

    def choose(self, host: str) -> None:
        """Set the host in the stack's config."""
        self._pulumi("config", "set", HOST_KEY, host)

    def _pulumi(self, *words: str, given: str = "") -> str:
        return command(*words, chosen=self._chosen, given=given)


def command(*words: str, chosen: Sequence[str], given: str = "") -> str:
    """Run a Pulumi command on the chosen stack and return its output."""
    ran = _run(words, chosen, given)
    if ran.returncode:
        raise StateError(f"`pulumi {' '.join(words)}` failed", ran.stderr.strip())
    return ran.stdout


def preview(name: str) -> str:
    """Return the JSON output of a stack's preview. If the preview failed, it says why."""
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
    """Write a file that only its owner can read, because a state may contain plain secrets."""
    try:
        with open(file, "x", encoding="utf-8", opener=partial(os.open, mode=0o600)) as made:
            made.write(text)
    except OSError as error:
        raise StateError(
            f"cannot write {file}: {error.strerror}", "Give a path that can be written."
        ) from error


def _lines(migration: Migration, host: str) -> Iterator[str]:
    """Yield which resources move, and which must stay in the other host."""
    yield f"To the {host} host:" if migration.moved else f"Nothing moves to the {host} host."
    yield from map(_label, migration.moved)
    if migration.left:
        yield "These stay in the plugin, because they have an explicit provider:"
        yield from map(_label, migration.left)


def _label(urn: str) -> str:
    """Return a resource's name for the user: `huaweicloud.PullTask relay`."""
    _, _, types, name = urn.split("::", 3)
    return f"  {'.'.join(re.split('[:/]', types)[-2:])} {name}"
