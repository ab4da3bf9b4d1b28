"""Reads that show whether an account of Alibaba Cloud is ready.

Source of the actions, which are named after the operations:
https://www.alibabacloud.com/help/doc-detail/67880.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_livepull.core.answers import counted_pages, incomplete, list_or_null_in, text_in
from pulumi_livepull.core.reads import Place, Reads, named_read
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
    def page(number: int) -> tuple[list[Mapping[str, Any]], object]:
        answer = api.call("DescribeLiveUserDomains", {"PageNumber": number, "PageSize": PAGE})
        listed = answer.get("Domains")
        if not isinstance(listed, dict):
            raise incomplete("Domains")
        return list_or_null_in(listed, "PageData"), answer.get("TotalCount")

    yield from (text_in(each, "DomainName") for each in counted_pages(page))


READS = Reads(
    families=(
        named_read("relay tasks", "DescribeLivePullToPushList", _tasks),
        named_read("scheduled pulls", "DescribeLivePullStreamConfig", _pulls, by_domain=True),
        named_read(
            "recording callbacks", "DescribeLiveRecordNotifyConfig", _callbacks, by_domain=True
        ),
    ),
    domains=named_read("domains", "DescribeLiveUserDomains", _domains),
    names=_domains,
    fields=("domain_name",),
)
