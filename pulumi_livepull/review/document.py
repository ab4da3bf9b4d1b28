"""A review and a timeline as JSON, for programs.

`docs/review-schema.json` and `docs/timeline-schema.json` describe them.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from pulumi_livepull.core.on_air import EffectKind, Span
from pulumi_livepull.core.types import Instant
from pulumi_livepull.review.review import Callback, Change, Review, Warned, WarningKind
from pulumi_livepull.review.timeline import Relay, State, in_order
from pulumi_livepull.review.wording import sentence


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class WarningPart(_Part):
    """A warning. The text continues a sentence about the resource."""

    kind: WarningKind
    text: str


class SpanPart(_Part):
    """A period in UTC. `null` means that it has no start or no end."""

    start: datetime | None
    end: datetime | None


class ChangePart(_Part):
    """What happens to one relay, or to another resource that is not a callback."""

    urn: str
    stack: str
    """Project and stack, such as `tv/prod`."""
    name: str
    """Its name in the program."""
    type: str
    """Such as `huaweicloud.PullTask`."""
    vendor: str
    place: str
    """Region and account, as far as known."""
    id: str
    """Empty for a new resource."""
    operation: str
    """Pulumi's operation: `create`, `update`, `replace`, `delete` or `import`."""
    stream: str
    """Never with a key; empty if it is not known."""
    effect: EffectKind
    sentence: str
    """What happens, to complete the sentence "the stream …"."""
    because: list[str]
    """The names of the inputs that differ."""
    before: SpanPart | None
    after: SpanPart | None
    warnings: list[WarningPart]


class CallbackPart(_Part):
    """What happens to one recording callback."""

    urn: str
    stack: str
    name: str
    type: str
    vendor: str
    source: str
    """Whose recordings are reported: a domain, perhaps with an app."""
    source_before: str
    """Whose recordings were reported before; empty for a new or deleted callback."""
    events: list[str]
    dropped: list[str]
    """Events that are no longer reported."""
    before: list[str]
    """Addresses without user info and query; empty for a new callback."""
    after: list[str]
    because: list[str]
    warnings: list[WarningPart]


class Document(_Part):
    """What plans do on air.

    `version` changes when a field is removed or changes its meaning.
    """

    version: int = Field(default=1, ge=1, le=1)
    sentence: str
    at: Instant
    """The time that the review is for, RFC 3339."""
    stacks: list[str]
    changes: list[ChangePart]
    """The worst first."""
    callbacks: list[CallbackPart]
    warnings: list[WarningPart]
    """Warnings about resources that do not change."""
    unchanged: int
    """Number of relays that do not change."""
    others: int
    """Number of changes to resources of other packages, which are not judged."""
    unseen: int
    """Number of unchanged resources that the plans do not show; 0 with `--show-sames`."""
    errors: list[str]
    """Why the preview failed, if it did. The rest is then incomplete."""
    refused: list[str]
    """What `--fail-on` and `--protect` object to."""


class RelayPart(_Part):
    """One relay."""

    type: str
    """Such as `huaweicloud.PullTask`."""
    id: str
    name: str
    """Its name in the program; empty if it is in no stack."""
    stream: str
    """Never with a key; empty if it is not known."""
    state: State
    status: str
    """The vendor's own status, if it has one."""
    start: datetime | None
    """In UTC; `null` if it has no start."""
    end: datetime | None
    """In UTC; `null` if it has no end."""
    in_stack: bool
    on_account: bool
    """`false` if the account was not read."""


class Timeline(_Part):
    """The existing relays.

    `version` changes when a field is removed or changes its meaning.
    """

    version: int = Field(default=1, ge=1, le=1)
    sentence: str
    at: Instant
    """The time of the timeline, RFC 3339."""
    stacks: list[str]
    relays: list[RelayPart]
    """Relays on air come first."""
    warnings: list[WarningPart]


def timeline_document(review: Review, relays: Sequence[Relay]) -> str:
    """Return a timeline as JSON."""
    made = Timeline(
        sentence=sentence(review),
        at=review.at,
        stacks=list(review.stacks),
        relays=[_relay(relay, review.at) for relay in in_order(relays, review.at)],
        warnings=_warnings(review.warnings),
    )
    return made.model_dump_json(indent=2) + "\n"


def timeline_schema() -> str:
    """Return the JSON Schema of `timeline_document`."""
    return json.dumps(Timeline.model_json_schema(mode="serialization"), indent=2) + "\n"


def _relay(relay: Relay, at: datetime) -> RelayPart:
    return RelayPart(
        type=relay.kind.label(),
        id=relay.id,
        name=relay.name,
        stream=relay.stream,
        state=relay.state(at),
        status=relay.status,
        start=relay.span.start,
        end=relay.span.end,
        in_stack=relay.is_in_stack,
        on_account=relay.is_on_account,
    )


def document(review: Review, refused: list[str]) -> str:
    """Return a review as JSON."""
    made = Document(
        sentence=sentence(review),
        at=review.at,
        stacks=list(review.stacks),
        changes=[_change(change) for change in review.changes],
        callbacks=[_callback(callback) for callback in review.callbacks],
        warnings=_warnings(review.warnings),
        unchanged=review.unchanged,
        others=review.others,
        unseen=review.unseen,
        errors=list(review.errors),
        refused=refused,
    )
    return made.model_dump_json(indent=2) + "\n"


def review_schema() -> str:
    """Return the JSON Schema of `document`."""
    return json.dumps(Document.model_json_schema(mode="serialization"), indent=2) + "\n"


def _change(change: Change) -> ChangePart:
    return ChangePart(
        urn=change.urn,
        stack=change.stack,
        name=change.name,
        type=change.label,
        vendor=change.vendor,
        place=change.place,
        id=change.id,
        operation=change.operation,
        stream=change.stream,
        effect=change.effect,
        sentence=change.how,
        because=list(change.why),
        before=_span(change.before),
        after=_span(change.after),
        warnings=_warnings(change.warned),
    )


def _callback(callback: Callback) -> CallbackPart:
    return CallbackPart(
        urn=callback.urn,
        stack=callback.stack,
        name=callback.name,
        type=callback.label,
        vendor=callback.vendor,
        source=callback.source,
        source_before=callback.source_before,
        events=list(callback.events),
        dropped=list(callback.dropped),
        before=list(callback.before),
        after=list(callback.after),
        because=list(callback.why),
        warnings=_warnings(callback.warned),
    )


def _span(span: Span | None) -> SpanPart | None:
    return SpanPart(start=span.start, end=span.end) if span else None


def _warnings(warned: Sequence[Warned]) -> list[WarningPart]:
    return [WarningPart(kind=each.kind, text=each.text) for each in warned]
