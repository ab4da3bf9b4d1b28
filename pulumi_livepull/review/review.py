"""Review: what plans do on air, independent of the output format."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from pulumi_livepull.core.on_air import EffectKind, Span

WarningKind = Literal["fight", "gap", "expiry", "unreachable", "other"]
"""A *fight*: two relays interrupt one another on one stream. A *gap*: nothing is on air between two
windows of a stream. *Expiry*: a signature expires before its task ends. *Unreachable*: the cloud
cannot reach an address."""

WARNINGS: Sequence[WarningKind] = get_args(WarningKind)

EFFECTS: Sequence[EffectKind] = get_args(EffectKind)
"""What a change does on air, the worst first."""


class Warned(NamedTuple):
    """A warning. Its text continues a sentence about the resource."""

    kind: WarningKind
    text: str


class Airing(NamedTuple):
    """When one relay is on air, before or after a plan.

    `key` is the same for all relays of one stream, and may contain a secret; `label` does not.
    """

    key: str
    label: str
    stack: str
    urn: str
    name: str
    span: Span
    is_after: bool


@dataclass(frozen=True)
class Change:
    """What a plan does to one relay, or to another resource that is not a callback.

    `how` completes the sentence "the stream …", and `why` names the inputs that differ. `before`
    and `after` are its windows, if it has any.
    """

    urn: str
    stack: str
    name: str
    label: str
    vendor: str
    place: str
    id: str
    operation: str
    stream: str
    effect: EffectKind
    how: str
    why: Sequence[str] = ()
    before: Span | None = None
    after: Span | None = None
    warned: Sequence[Warned] = ()
    is_change: bool = True

    @property
    def span(self) -> Span | None:
        """When it is on air after the change."""
        return self.after or self.before

    @property
    def title(self) -> str:
        """Its name for a reader: its stream, or else its name in the program."""
        return self.stream or self.name

    @property
    def rank(self) -> tuple[int, bool, float, str, str]:
        """The sort key: worst first, then those with warnings, then the earliest."""
        start = self.span.start.timestamp() if self.span and self.span.start else 0.0
        return EFFECTS.index(self.effect), not self.warned, start, self.title, self.urn


@dataclass(frozen=True)
class Callback:
    """What a plan does to one recording callback.

    `source_before` is the domain whose events it reported before, and `dropped` are the events that
    it no longer reports.
    """

    urn: str
    stack: str
    name: str
    label: str
    vendor: str
    source: str
    source_before: str = ""
    events: Sequence[str] = ()
    dropped: Sequence[str] = ()
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    why: Sequence[str] = ()
    warned: Sequence[Warned] = ()

    @property
    def how(self) -> str:
        """What changes, to complete the sentence "the events of …"."""
        there, gone = " and ".join(self.after), " and ".join(self.before)
        if not self.after:
            return f"will no longer be reported to {gone}"
        if not self.before:
            return f"will be reported to {there}"
        if self.source_before not in {"", self.source}:
            return f"will be reported to {there}, and those of {self.source_before} no longer"
        if self.before == self.after:
            return f"will still be reported to {there}"
        if "secret" in gone:
            return f"will be reported to {there}"
        return f"will be reported to {there} instead of {gone}"

    @property
    def reported(self) -> str:
        """What is reported, to begin that sentence."""
        named = " and ".join(self.events) or "Recordings"
        return f"{named} (no longer {' and '.join(self.dropped)})" if self.dropped else named


@dataclass(frozen=True)
class Review:
    """What plans do on air if they are deployed at `at`.

    `changes` is sorted with the worst first. `airings` includes all relays, changed or not.
    `warnings` are those about unchanged resources. `unchanged` counts the unchanged relays,
    `others` the changes to resources of other packages, which are not judged, and `unseen` the
    unchanged resources that the plans do not show. If there are `errors`, the review is incomplete.
    """

    at: datetime
    stacks: Sequence[str] = ()
    changes: Sequence[Change] = ()
    callbacks: Sequence[Callback] = ()
    airings: Sequence[Airing] = ()
    warnings: Sequence[Warned] = ()
    unchanged: int = 0
    others: int = 0
    unseen: int = 0
    errors: Sequence[str] = ()
    title: str = ""
    """The first sentence, if this is not about a plan."""
    of_kind: dict[EffectKind, list[Change]] = field(init=False)

    def __post_init__(self) -> None:
        by_kind: dict[EffectKind, list[Change]] = {kind: [] for kind in EFFECTS}
        for change in self.changes:
            by_kind[change.effect].append(change)
        object.__setattr__(self, "of_kind", by_kind)

    @property
    def warned(self) -> Sequence[Warned]:
        """All warnings, including those about changes."""
        return [
            *(warned for change in self.changes for warned in change.warned),
            *(warned for callback in self.callbacks for warned in callback.warned),
            *self.warnings,
        ]
