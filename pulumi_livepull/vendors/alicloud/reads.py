"""Reads that show whether an account of Alibaba Cloud is ready.

Source of the actions, which are named after the operations:
https://www.alibabacloud.com/help/doc-detail/67880.html
"""

from collections.abc import Iterator

from pulumi_livepull.core.answers import incomplete, list_or_null_in, page_numbers, text_in
from pulumi_livepull.core.reads import Place, Read, Reads
from pulumi_livepull.vendors.alicloud.client import AlicloudLive

PAGE = 50
"""The longest page of domains. Source: models.DescribeLiveUserDomainsRequest of the SDK 3.0.2."""


def _tasks(api: AlicloudLive, place: Place) -> object:
    asked = {"PageNumber": 1, "PageSize": 1}
    return api.call("DescribeLivePullToPushList", asked, region=place.region)


def _pulls(api: AlicloudLive, place: Place) -> object:
    return api.call("DescribeLivePullStreamConfig", {"DomainName": place.domain})


def _callbacks(api: AlicloudLive, place: Place) -> object:
    return api.call("DescribeLiveRecordNotifyConfig", {"DomainName": place.domain})


def _domains(api: AlicloudLive, place: Place) -> Iterator[str]:
    seen = 0
    for number in page_numbers():
        page = api.call("DescribeLiveUserDomains", {"PageNumber": number, "PageSize": PAGE})
        held = page.get("Domains")
        if not isinstance(held, dict):
            raise incomplete("Domains")
        found = list_or_null_in(held, "PageData")
        yield from (text_in(each, "DomainName") for each in found)
        seen, total = seen + len(found), page.get("TotalCount")
        if not found or (isinstance(total, int) and seen >= total):
            return


def _named(family: str, operation: str, ask: object, *, by_domain: bool = False) -> Read:
    return Read(family, operation, f"live:{operation}", ask, by_domain)  # type: ignore[arg-type]


READS = Reads(
    families=(
        _named("relay tasks", "DescribeLivePullToPushList", _tasks),
        _named("scheduled pulls", "DescribeLivePullStreamConfig", _pulls, by_domain=True),
        _named("recording callbacks", "DescribeLiveRecordNotifyConfig", _callbacks, by_domain=True),
    ),
    domains=_named("domains", "DescribeLiveUserDomains", _domains),
    names=_domains,
    fields=("domain_name",),
)
