"""Reads that show whether an account of Volcengine is ready.

Assumption A148: the permission for an operation is named after it, as `live:ListDomainDetail`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_livepull.core.answers import counted_pages, list_or_null_in, text_in
from pulumi_livepull.core.reads import Place, Reads, named_read
from pulumi_livepull.vendors.volcengine.client import VolcengineLive

PAGE = 1000
"""The longest page of domains. Source: https://www.volcengine.com/docs/6469/1126815"""


def _tasks(api: VolcengineLive, place: Place) -> object:
    return api.call("ListPullToPushTaskV2", {"Page": 1, "Size": 1})


def _groups(api: VolcengineLive, place: Place) -> object:
    return api.call("ListPullToPushGroup", {"PageNum": 1, "PageSize": 1})


def _sources(api: VolcengineLive, place: Place) -> object:
    return api.call("ListRelaySourceV4", {"Domain": place.domain, "Page": 1, "Size": 1})


def _callbacks(api: VolcengineLive, place: Place) -> object:
    return api.call("DescribeCallback", {"Domain": place.domain})


def _domains(api: VolcengineLive, place: Place) -> Iterator[str]:
    def page(number: int) -> tuple[list[Mapping[str, Any]], object]:
        answer = api.call("ListDomainDetail", {"PageNum": number, "PageSize": PAGE})
        return list_or_null_in(answer, "DomainList"), answer.get("Total")

    yield from (text_in(each, "Domain") for each in counted_pages(page))


READS = Reads(
    families=(
        named_read("relay tasks", "ListPullToPushTaskV2", _tasks),
        named_read("groups of tasks", "ListPullToPushGroup", _groups),
        named_read("relay sources", "ListRelaySourceV4", _sources, by_domain=True),
        named_read("callbacks", "DescribeCallback", _callbacks, by_domain=True),
    ),
    domains=named_read("domains", "ListDomainDetail", _domains),
    names=_domains,
    fields=("domain",),
)
