"""A measured ratio and its limit."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """A ratio to a floor that was measured in the same run. `behind` contains the two values, and
    `at_most` is the limit, if any.
    """

    what: str
    ratio: float
    behind: str
    at_most: float | None = None

    @property
    def is_too_much(self) -> bool:
        """Whether the ratio exceeds its limit."""
        return self.at_most is not None and self.ratio > self.at_most

    def __str__(self) -> str:
        allowed = "" if self.at_most is None else f", at most {self.at_most:.2f}"
        verdict = ": TOO MUCH" if self.is_too_much else ""
        return f"{self.what}: {self.ratio:.2f} ({self.behind}){allowed}{verdict}"


def of_medians(
    what: str, pairs: Iterable[tuple[float, float]], unit: str, at_most: float | None = None
) -> Figure:
    """Return the ratio of the medians of rounds: each measured ours, and then the floor."""
    ours, floor = map(median, zip(*pairs, strict=True))
    return Figure(what, ours / floor, f"{ours:.2f} {unit} to {floor:.2f} {unit}", at_most)
