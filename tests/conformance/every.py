"""What the case files of all vendors hold: found by the vendors' names, never listed."""

from importlib import import_module

from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.vendors import VENDORS
from tests.conformance.cases import Case, Facts

VERBS = {"create", "read", "update", "delete", "list_all"}


def _edition_of(vendor: Vendor) -> str:
    """Return the vendor from whose classes all those of this one derive, or an empty text."""
    tokens = {getattr(base, "token", "") for kind in vendor.resources for base in kind.__bases__}
    bases = {token.split(":")[1] for token in tokens if token}
    return bases.pop() if len(bases) == 1 and "" not in tokens else ""


EDITIONS = {vendor.name: base for vendor in VENDORS if (base := _edition_of(vendor))}
"""Vendors that sell the product of another to other customers, each with that other."""


FILES = {vendor.name: import_module(f"tests.conformance.cases.{vendor.name}") for vendor in VENDORS}
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
