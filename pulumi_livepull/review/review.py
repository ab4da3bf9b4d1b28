"""Review: what plans do to what is on air, as every way to write it needs it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from pulumi_livepull.core.on_air import EffectKind, Span

WarningKind = Literal["fight", "gap", "expiry", "unreachable", "other"]
"""A *fight*: two relays interrupt one another on one stream. A *gap*: between two windows of a
stream nothing is on air. *Expiry*: a signature runs out before its task ends. *Unreachable*: the
cloud cannot reach an address."""

WARNINGS: Sequence[WarningKind] = get_args(WarningKind)

EFFECTS: Sequence[EffectKind] = get_args(EffectKind)
"""What a change does to what is on air, the worst first."""


class Warned(NamedTuple):
    """A warning, as it continues a sentence about its resource."""

    kind: WarningKind
    text: str


class Airing(NamedTuple):
    """When one relay is on air, before a plan is carried out or after it.

    `key` is the same for all relays of one stream, and may hold a secret; `label` may be shown.
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
    """What a plan does to one relay, or to a thing that is neither relay nor callback.

    `how` continues the sentence "the stream …", and `why` names the inputs that differ. `before`
    and `after` are its windows, where it has one.
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
        """When it is on air in the end."""
        return self.after or self.before

    @property
    def title(self) -> str:
        """What a reader knows it by: its stream, or else its name in the program."""
        return self.stream or self.name

    @property
    def rank(self) -> tuple[int, bool, float, str, str]:
        """What sorts the worst first, then what has warnings, then what begins first."""
        start = self.span.start.timestamp() if self.span and self.span.start else 0.0
        return EFFECTS.index(self.effect), not self.warned, start, self.title, self.urn


@dataclass(frozen=True)
class Callback:
    """What a plan does to one recording callback: which events of what go where from now on.

    `source_before` is whose events it reports now, and `dropped` are events that it no longer does.
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
        """What changes, as it continues the sentence "the events of …"."""
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
        """What is reported, as it begins that sentence."""
        named = " and ".join(self.events) or "Recordings"
        return f"{named} (no longer {' and '.join(self.dropped)})" if self.dropped else named


@dataclass(frozen=True)
class Review:
    """What plans do to what is on air, carried out at a moment.

    `changes` has the worst first. `airings` are those of all relays, changed or not. `warnings` are
    those of nothing that changes. `unchanged` counts the relays that stay as they are, `others` the
    changes to resources of other packages, which are not judged, and `unseen` the resources that
    stay the same and are not in the plans. With `errors` it is not complete.
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
    """The first sentence, of what is no plan."""
    of_kind: dict[EffectKind, list[Change]] = field(init=False)

    def __post_init__(self) -> None:
        by_kind: dict[EffectKind, list[Change]] = {kind: [] for kind in EFFECTS}
        for change in self.changes:
            by_kind[change.effect].append(change)
        object.__setattr__(self, "of_kind", by_kind)

    @property
    def warned(self) -> Sequence[Warned]:
        """Every warning, of changes too."""
        return [
            *(warned for change in self.changes for warned in change.warned),
            *(warned for callback in self.callbacks for warned in callback.warned),
            *self.warnings,
        ]
