"""What the case files of all vendors hold: found by the vendors' names, never listed."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.vendors import NAMES, VENDORS
from tests.conformance.cases import Case, Facts
from tests.conformance.stories import Evening, Story

VERBS = {"create", "read", "update", "delete", "list_all"}


def _edition_of(vendor: Vendor) -> str:
    """Return the vendor from whose classes all those of this one derive, or an empty text."""
    tokens = {getattr(base, "token", "") for kind in vendor.resources for base in kind.__bases__}
    bases = {token.split(":")[1] for token in tokens if token}
    return bases.pop() if len(bases) == 1 and "" not in tokens else ""


EDITIONS = {vendor.name: base for vendor in VENDORS if (base := _edition_of(vendor))}
"""Vendors that sell the product of another to other customers, each with that other."""


def _files(folder: str) -> Mapping[str, Any]:
    return {name: import_module(f"tests.conformance.{folder}.{name}") for name in NAMES}


FILES = _files("cases")
FACTS: dict[str, Facts] = {name: file.FACTS for name, file in FILES.items()}


def _cases(vendor: Vendor) -> tuple[Case, ...]:
    cases: tuple[Case, ...] = FILES[vendor.name].CASES
    return cases


CASES = tuple(case for vendor in VENDORS for case in _cases(vendor))

OWN_CASES = tuple(
    case
    for vendor in VENDORS
    for case in _cases(vendor)
    if vendor.name not in EDITIONS or VERBS & vars(case.resource).keys()
)
"""For tests that take long: without resources of an edition that do just what they inherit."""

STORIES: tuple[Story, ...] = tuple(
    story for file in _files("stories").values() for story in file.STORIES
)
EVENINGS: tuple[Evening, ...] = tuple(
    evening for file in _files("stories").values() for evening in file.EVENINGS
)
