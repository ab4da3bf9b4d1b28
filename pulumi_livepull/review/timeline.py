"""Timeline: the existing relays, in a stack and on the accounts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from pulumi_livepull.core.on_air import Span
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.hosts.export import Selection, Stack, export, read_config, read_resources
from pulumi_livepull.review.plan import resources_of
from pulumi_livepull.review.review import Airing, Review, Warned
from pulumi_livepull.review.step import known, pushed_stream
from pulumi_livepull.review.streams import by_stream, overlaps
from pulumi_livepull.review.wording import Times, listed
from pulumi_livepull.vendors import VENDORS

IN_NO_STACK = "is on the account and not in the stack"
NOT_THERE = "is in the stack and not on the account"

State = Literal["on air", "to come", "stopped", "over"]

STATES = get_args(State)
"""The states of a relay, in display order."""


@dataclass(frozen=True)
class Relay:
    """A relay in a stack, on an account, or both.

    `name` is its name in the program, or empty. `status` is the vendor's own.
    """

    kind: type[Resource]
    id: str
    name: str
    stream: str
    key: str
    span: Span
    is_stopped: bool
    status: str = ""
    is_in_stack: bool = False
    is_on_account: bool = False

    def state(self, at: datetime) -> State:
        """Return its state at a given time."""
        if self.span.end is not None and self.span.end <= at:
            return "over"
        if self.span.start is not None and self.span.start > at:
            return "to come"
        return "stopped" if self.is_stopped else "on air"

    @property
    def title(self) -> str:
        """Its name for a reader."""
        return self.stream or self.name or self.id


def stack_relays(name: str) -> list[Relay]:
    """Return the relays in the state of a stack. Raises `StateError`."""
    return [
        replace(relay, is_in_stack=True)
        for kind, urn, id_, outputs in resources_of(read_resources(name))
        for relay in _relay(kind, id_, urn.split("::", 3)[3], outputs)
    ]


class Listed(NamedTuple):
    """The relays on the accounts, the types that were listed completely, and notes."""

    relays: Sequence[Relay] = ()
    kinds: Set[type[Resource]] = frozenset()
    notes: Sequence[str] = ()


def account_relays(selection: Selection, stack: str | None) -> Listed:
    """Return the relays on the accounts of a stack's keys, or of this machine's keys.

    Raises `LivePullError` if nothing could be listed.
    """
    config = read_config(stack) if stack else {}
    made = export(replace(selection, ended=True), Stack(config))
    relays = [
        replace(relay, is_on_account=True)
        for kind, found in made.found
        for relay in _relay(kind, found.id, "", found.state)
    ]
    kinds = [kind for vendor in VENDORS for kind in vendor.resources]
    others = [kind.label() for kind in kinds if not kind.airtime]
    notes = [note for note in made.notes if not any(other in note for other in others)]
    return Listed(relays, {kind for kind in kinds if _is_listed(kind, selection, notes)}, notes)


def _is_listed(kind: type[Resource], selection: Selection, notes: Sequence[str]) -> bool:
    """Return whether a type was listed completely, so that what is missing does not exist."""
    vendor = kind.label().partition(".")[0]
    is_left_out = any(
        f"left out: {name}" in note for note in notes for name in (kind.label(), vendor)
    )
    return not selection.where and vendor in (selection.vendors or [vendor]) and not is_left_out


def merged(of_stack: Iterable[Relay], on_account: Iterable[Relay]) -> list[Relay]:
    """Return all relays, each once. For those in both, use what the account shows."""
    there = {(relay.kind, relay.id): relay for relay in on_account}
    both = []
    for relay in of_stack:
        shown = there.pop((relay.kind, relay.id), None)
        both.append(_both(relay, shown) if shown else relay)
    return [*both, *there.values()]


def _both(relay: Relay, shown: Relay) -> Relay:
    # A vendor may show an address, which reveals less of the stream than the stack's fields.
    stream = max(relay.stream, shown.stream, key=len)
    return replace(shown, name=relay.name, stream=stream, is_in_stack=True)


def review_of(
    relays: Sequence[Relay], at: datetime, stack: str, account: Listed | None = None
) -> Review:
    """Return the relays as a review in which nothing changes.

    With both a stack and an account, it warns about relays that are only in one of them.
    """
    differing = [relay for relay in relays if stack and account and _differs(relay, account)]
    airings = [
        Airing(relay.key, relay.title, stack, relay.id, _named(relay), relay.span, True)
        for relay in relays
        if relay.state(at) != "stopped"
    ]
    warnings = [
        *_fights(airings),
        *map(_difference, differing),
        *(Warned("other", note) for note in (account.notes if account else ())),
    ]
    return Review(
        at=at,
        stacks=[stack] if stack else [],
        airings=airings,
        warnings=warnings,
        title=_title(relays, at, differing),
    )


def timeline_text(review: Review, relays: Sequence[Relay], zone: ZoneInfo) -> str:
    """Return the timeline as plain text."""
    times = Times(zone, review.at)
    rows = [
        (relay.state(review.at), relay.title, times.window(relay.span), _named(relay))
        for relay in in_order(relays, review.at)
    ]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(3)]
    lines = [f"{times.moment(review.at)} {zone.key}: {review.title}", ""]
    lines += [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]
    lines += [f"warning: {warned.text}" for warned in review.warnings]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def in_order(relays: Iterable[Relay], at: datetime) -> list[Relay]:
    """Return relays in display order: those on air first."""
    return sorted(relays, key=lambda relay: _rank(relay, at))


def _rank(relay: Relay, at: datetime) -> tuple[int, float, str]:
    start = relay.span.start.timestamp() if relay.span.start else 0.0
    return STATES.index(relay.state(at)), start, relay.title


def _relay(
    kind: type[Resource], id_: str, name: str, outputs: Mapping[str, Any]
) -> Iterator[Relay]:
    """Yield a relay from its outputs, which are in Pulumi's spelling. Other types yield nothing."""
    airtime = kind.airtime
    if airtime is None:
        return
    shown = known(outputs)
    yield Relay(
        kind,
        id_,
        name,
        airtime.stream(shown),
        pushed_stream(kind, shown) or id_,
        airtime.span(shown),
        airtime.is_stopped(shown),
        str(shown.get("status") or ""),
    )


def _named(relay: Relay) -> str:
    """Return its name in the program, or its id at the vendor, with its status."""
    status = f", {relay.status}" if relay.status else ""
    return f"{relay.name or f'{relay.kind.label()} {relay.id}'}{status}"


def _fights(airings: Sequence[Airing]) -> Iterator[Warned]:
    for stream in by_stream(airings).values():
        if any(overlaps(stream)):
            names = listed([f'"{each.name}"' for each in stream])
            yield Warned("fight", f"{names} push to {stream[0].label} at the same time")


def _differs(relay: Relay, account: Listed) -> bool:
    return not relay.is_in_stack or (not relay.is_on_account and relay.kind in account.kinds)


def _difference(relay: Relay) -> Warned:
    where = NOT_THERE if relay.is_in_stack else IN_NO_STACK
    return Warned("other", f"{relay.title} ({_named(relay)}) {where}")


def _title(relays: Sequence[Relay], at: datetime, differing: Sequence[Relay]) -> str:
    states = [relay.state(at) for relay in relays]
    parts = [f"{states.count(state)} {state}" for state in STATES if state in states]
    missing = sum(relay.is_in_stack for relay in differing)
    strays = len(differing) - missing
    parts += [f"{strays} in no stack"] if strays else []
    parts += [f"{missing} not on the account"] if missing else []
    return f"{listed(parts)}." if parts else "There are no relays."
