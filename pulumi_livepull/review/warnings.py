"""Classify the warnings of providers."""

from collections.abc import Iterator, Sequence

from pulumi_livepull.core.conflicts import FIGHTS
from pulumi_livepull.core.rules import EXPIRES, UNREACHABLE
from pulumi_livepull.review.review import Warned, WarningKind
from pulumi_livepull.review.step import Step

KINDS: Sequence[tuple[str, WarningKind]] = (
    (FIGHTS, "fight"),
    (EXPIRES, "expiry"),
    (UNREACHABLE, "unreachable"),
)
"""Phrases that identify the kinds of a provider's warnings."""


def warnings_of(step: Step) -> Iterator[Warned]:
    """Yield the warnings about a step.

    It omits the provider's sentence about the effect on air, which a review words itself.
    """
    for text in dict.fromkeys(step.said):
        kind = next((kind for mark, kind in KINDS if mark in text), None)
        if kind:
            yield Warned(kind, text.removeprefix(f"{step.name}: "))
        elif not (text.startswith(step.kind.label()) and text.endswith("changed")):
            yield Warned("other", text.removeprefix(f"{step.name}: "))
