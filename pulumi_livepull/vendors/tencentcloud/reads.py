"""Reads that show whether an account of Tencent Cloud is ready.

Assumption A143: the permission for an operation is named after it, as `live:DescribeLiveDomains`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_livepull.core.answers import counted_pages, list_in, text_in
from pulumi_livepull.core.reads import Place, Reads, named_read
from pulumi_livepull.vendors.tencentcloud.client import TencentLive

PAGE = 100
"""The longest page of domains. Source: models.DescribeLiveDomainsRequest of the SDK 3.1.195."""


def _tasks(api: TencentLive, place: Place) -> object:
    asked = {"PageNum": 1, "PageSize": 1}
    return api.call("DescribeLivePullStreamTasks", asked, region=place.region)


def _templates(api: TencentLive, place: Place) -> object:
    return api.call("DescribeLiveCallbackTemplates", {})


def _rules(api: TencentLive, place: Place) -> object:
    return api.call("DescribeLiveCallbackRules", {})


def _domains(api: TencentLive, place: Place) -> Iterator[str]:
    def page(number: int) -> tuple[list[Mapping[str, Any]], object]:
        answer = api.call("DescribeLiveDomains", {"PageNum": number, "PageSize": PAGE})
        return list_in(answer, "DomainList"), answer.get("AllCount")

    yield from (text_in(each, "Name") for each in counted_pages(page))


READS = Reads(
    families=(
        named_read("relay tasks", "DescribeLivePullStreamTasks", _tasks),
        named_read("callback templates", "DescribeLiveCallbackTemplates", _templates),
        named_read("callback rules", "DescribeLiveCallbackRules", _rules),
    ),
    domains=named_read("domains", "DescribeLiveDomains", _domains),
    names=_domains,
    fields=("domain_name",),
)
