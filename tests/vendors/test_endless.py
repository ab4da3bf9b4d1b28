"""A vendor that always says that there is more is not asked for ever."""

from collections import Counter

import httpx
import pytest

from pulumi_livepull.core import answers
from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.errors import TransportError
from pulumi_livepull.vendors import VENDORS
from tests.conformance.every import FACTS
from tests.hosting import KEYS

MOST = 5


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_vendors_list_has_an_end(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every vendor's paging uses the shared limit."""
    monkeypatch.setattr(answers, "MAX_PAGES", MOST)
    facts, asked = FACTS[vendor.name], list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        # An answer without a page ends a list that this does not.
        return httpx.Response(200, json=facts.page if len(asked) < 4 * MOST else {})

    waited = [0.0]
    api = vendor.client(
        KEYS,
        {},
        transport=httpx.MockTransport(answer),
        pause=waited.append,
        monotonic=lambda: sum(waited),
    )
    with pytest.raises(TransportError, match=f"does not end after {MOST} pages"):
        list(facts.pages(api))
    # Another address was asked first where the account's project is looked for.
    assert Counter(request.url.path for request in asked).most_common(1)[0][1] == MOST
