"""The commands `livepull review` and `livepull timeline`: input, output and exit codes."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pulumi_livepull.core.clock import time_zone
from pulumi_livepull.errors import ConfigError, LivePullError, StateError
from pulumi_livepull.hosts.export import Selection, write
from pulumi_livepull.review.document import document, timeline_document
from pulumi_livepull.review.gate import conditions, period, refusals
from pulumi_livepull.review.judge import judge
from pulumi_livepull.review.markdown import markdown
from pulumi_livepull.review.page import page
from pulumi_livepull.review.plan import Plan, read_file, read_stack
from pulumi_livepull.review.review import Review
from pulumi_livepull.review.text import text
from pulumi_livepull.review.timeline import (
    Relay,
    account_relays,
    merged,
    review_of,
    stack_relays,
    timeline_text,
)

FAILED, REFUSED = 1, 2
"""Exit codes: 1 if the review or its preview failed, 2 if the gate refuses the changes."""

YEARS = range(1970, 9000)
"""The years that `--at` accepts. Time zones cannot be computed near the limits of `datetime`."""

CLEAR = "\x1b[2J\x1b[H"
"""Clears a terminal."""

FORMATS = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json"}

TIMELINE_FORMATS = {form: FORMATS[form] for form in ("text", "html", "json")}


class Reviewed(NamedTuple):
    """A review, the time zone to show it in, and the refusals of the gate."""

    review: Review
    zone: ZoneInfo
    refused: list[str]

    def written(self, form: str) -> str:
        """Return the review in one of `FORMATS`."""
        writers: dict[str, Callable[[], str]] = {
            "text": lambda: text(self.review, self.zone),
            "markdown": lambda: markdown(self.review, self.zone),
            "html": lambda: page(self.review, self.zone),
            "json": lambda: document(self.review, self.refused),
        }
        return writers[form]()


def run(chosen: argparse.Namespace) -> int:
    """Review what was chosen, and return the exit code."""
    try:
        files = {path: _form(path, FORMATS) for path in chosen.out}
        reviewed = _review(chosen)
        for path, form in files.items():
            _write(path, reviewed.written(form))
    except LivePullError as error:
        print(error, file=sys.stderr)
        return FAILED
    _print(reviewed.written(chosen.format))
    for reason in reviewed.refused:
        print(f"refused: {reason}", file=sys.stderr)
    if reviewed.review.errors:
        return FAILED
    return REFUSED if reviewed.refused else 0


class Seen(NamedTuple):
    """The existing relays, and the time zone to show them in."""

    review: Review
    relays: list[Relay]
    zone: ZoneInfo

    def written(self, form: str) -> str:
        """Return the timeline in one of `TIMELINE_FORMATS`."""
        writers: dict[str, Callable[[], str]] = {
            "text": lambda: timeline_text(self.review, self.relays, self.zone),
            "html": lambda: page(self.review, self.zone),
            "json": lambda: timeline_document(self.review, self.relays),
        }
        return writers[form]()


def run_timeline(chosen: argparse.Namespace) -> int:
    """Show the timeline, once or repeatedly, and return the exit code."""
    try:
        files = {path: _form(path, TIMELINE_FORMATS) for path in chosen.out}
        _show(chosen, files)
        while chosen.watch:
            time.sleep(chosen.watch)
            try:
                _show(chosen, files)
            except LivePullError as error:
                # Keep watching if a vendor does not answer for a while.
                print(error, file=sys.stderr)
    except LivePullError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        pass
    return 0


def _show(chosen: argparse.Namespace, files: Mapping[Path, str]) -> None:
    seen = _seen(chosen)
    for path, form in files.items():
        _write(path, seen.written(form))
    clear = CLEAR if chosen.watch and sys.stdout.isatty() else ""
    _print(f"{clear}{seen.written(chosen.format)}")


def _seen(chosen: argparse.Namespace) -> Seen:
    if not chosen.stack and not chosen.account:
        raise ConfigError("there is nothing to show", "Give --stack, --account or both.")
    shown, at = time_zone(chosen.time_zone), datetime.now(UTC)
    of_stack = stack_relays(chosen.stack) if chosen.stack else []
    selection = Selection(vendors=chosen.vendor, where=chosen.where)
    account = account_relays(selection, chosen.stack) if chosen.account else None
    relays = [
        relay
        for relay in merged(of_stack, account.relays if account else ())
        if chosen.ended or relay.state(at) != "over"
    ]
    return Seen(review_of(relays, at, chosen.stack or "", account), relays, shown)


def _review(chosen: argparse.Namespace) -> Reviewed:
    shown, at = time_zone(chosen.time_zone), _moment(chosen.at)
    fail_on = conditions(chosen.fail_on)
    protect = [period(each, shown) for each in chosen.protect]
    plans = list(_plans(chosen.files, chosen.stack))
    names = [plan.name for plan in plans]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigError(f"there are two plans of {twice}", "Give each stack once.")
    review = judge(plans, at)
    return Reviewed(review, shown, list(refusals(review, fail_on, protect)))


def _plans(files: Sequence[str], stacks: Sequence[str]) -> Iterator[Plan]:
    if not files and not stacks:
        raise ConfigError(
            "there is nothing to review",
            "Give a file that `pulumi preview --json` wrote, `-` for standard input, or --stack.",
        )
    for name in files:
        try:
            given = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            raise StateError(f"cannot read {name}: {error}", "Give a file with JSON.") from error
        yield read_file(Path("standard input" if name == "-" else name), given)
    yield from map(read_stack, stacks)


def _moment(given: str | None) -> datetime:
    if given is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in YEARS:
        raise ConfigError(
            f'--at "{given}" is not a time with an offset', "Write it as 2030-01-31T20:00:00+01:00."
        )
    return moment


def _form(path: Path, formats: Mapping[str, str]) -> str:
    for form, ending in formats.items():
        if path.suffix == ending:
            return form
    raise ConfigError(
        f"--out {path}: its extension names no format", f"Use one of {', '.join(formats.values())}."
    )


def _print(text: str) -> None:
    """Print a text, with question marks for characters that the terminal cannot show."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), end="", flush=True)


def _write(path: Path, content: str) -> None:
    # A name may contain an unpaired surrogate, which cannot be encoded.
    write(content.encode("utf-8", "replace").decode("utf-8"), path)
