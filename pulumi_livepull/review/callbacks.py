"""What a plan does to recording callbacks."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_livepull.core.naming import camel
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.review.review import Callback
from pulumi_livepull.review.step import DELETES, STAYS, Step, known, printable
from pulumi_livepull.review.warnings import warnings_of

UNKNOWN_PLACE = "a secret address"


def callback_of(step: Step) -> Iterator[Callback]:
    """Yield what a change of a recording callback does."""
    reporting = step.kind.reporting
    if reporting is None or step.operation in STAYS:
        return
    before, after = _reported(step, step.state), _reported(step, step.news)
    if step.is_retained and step.operation in DELETES:
        after = before
    if UNKNOWN_PLACE in (*before[0], *after[0]) and {*reporting.addresses} & step.differing:
        after = [place.replace("a secret", "another secret") for place in after[0]], after[1]
    name_of = step.kind.name_of
    yield Callback(
        urn=step.urn,
        stack=step.stack,
        name=step.name,
        label=step.kind.label(),
        vendor=step.vendor.title,
        source=name_of(known(step.news)) or name_of(known(step.state)) or step.name,
        source_before=name_of(known(step.state)) if step.news else "",
        events=after[1] or before[1],
        dropped=[event for event in before[1] if after[1] and event not in after[1]],
        before=before[0],
        after=after[0],
        why=step.why,
        warned=list(warnings_of(step)),
    )


def _reported(step: Step, values: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the addresses and events in the inputs of a callback."""
    reporting = step.kind.reporting
    if reporting is None or not values:
        return [], []
    is_hidden = any(values.get(camel(name)) is UNKNOWN for name in reporting.addresses)
    places = [UNKNOWN_PLACE] if is_hidden else reporting.places(values)
    return [printable(place) for place in places], reporting.reported(known(values))
