"""A domain is a name and nothing else, at every vendor."""

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.conflicts import Conflicts
from tests.conformance.cases import Case
from tests.conformance.test_life import CASES
from tests.core.samples import checked
from tests.hosting import NOW

DOMAINS = {
    f"{case.resource.label()}.{name}": (case, name)
    for case in CASES
    for name in ("domain", "domainName", "publishDomain")
    if isinstance(case.full.get(name), str)
}


def test_each_vendor_has_a_domain_to_try() -> None:
    """So that the tests below have something to look at."""
    assert {case.resource.token.split(":")[1] for case, _ in DOMAINS.values()} == {
        case.resource.token.split(":")[1] for case in CASES
    }


@pytest.mark.parametrize(
    "given",
    ["push.example.com:live", "push.example.com:1935", "rtmp://push.example.com", "a/b", "a b"],
)
@pytest.mark.parametrize(("case", "name"), DOMAINS.values(), ids=DOMAINS)
def test_what_is_not_a_domain_name_is_refused(case: Case, name: str, given: str) -> None:
    """Such as an address, or part of one, that somebody pasted."""
    found = lifecycle.check(case.resource, {}, {**case.full, name: given}, NOW).failures
    assert [bad.reason for bad in found if bad.property == name] == [
        "must be a domain name such as push.example.com"
    ]


@pytest.mark.parametrize(("case", "name"), DOMAINS.values(), ids=DOMAINS)
@pytest.mark.parametrize("given", ["push_1.example.com", "直播.example.com", "PUSH.example.com."])
def test_an_unusual_domain_name_is_the_vendors_to_judge(case: Case, name: str, given: str) -> None:
    """A vendor may take it, and others of the stack are compared with it."""
    inputs = checked(case.resource, {**case.full, name: given})
    assert inputs[name] == given
    named = case.resource.from_inputs(case.resource.by_field(inputs))
    Conflicts().add("a", "first", named)
