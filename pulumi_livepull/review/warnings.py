"""What providers warned of, sorted."""

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
"""How a warning of a provider reads that is more than a doubt."""


def warnings_of(step: Step) -> Iterator[Warned]:
    """Yield what a provider warned of.

    Which input changes what on air, it says too: a review does so in its own words.
    """
    for text in dict.fromkeys(step.said):
        kind = next((kind for mark, kind in KINDS if mark in text), None)
        if kind:
            yield Warned(kind, text.removeprefix(f"{step.name}: "))
        elif not (text.startswith(step.kind.label()) and text.endswith("changed")):
            yield Warned("other", text.removeprefix(f"{step.name}: "))
