"""A vendor that always says that there is more is not asked for ever."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import answers
from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.errors import TransportError
from pulumi_livepull.vendors import VENDORS
from tests.hosting import KEYS

MOST = 5
LISTS: dict[str, Callable[[Any], Iterator[object]]] = {
    "huaweicloud": lambda api: api.pages("/v1/{project_id}/x", "List", region="r", params={}),
    "alicloud": lambda api: api.tasks("cn-shanghai"),
    "volcengine": lambda api: api.pages("ListPullToPushTaskV2", {}),
    "byteplus": lambda api: api.pages("ListPullToPushTaskV2", {}),
    "tencentcloud": lambda api: api.tasks("ap-guangzhou"),
}


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_vendors_list_has_an_end(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each goes through its pages by what bounds them all."""
    monkeypatch.setattr(answers, "MAX_PAGES", MOST)
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        page = [{}] * 100 if len(asked) < 4 * MOST else []
        listed = {"List": page, "TaskList": page, "total": 10**9, "Total": 10**9}
        listed |= {"TaskInfos": page, "TotalPage": 10**9}
        projects = {"projects": [{"id": "0123"}]}
        return httpx.Response(
            200,
            json=projects | listed | {"ResponseMetadata": {}, "Result": listed, "Response": listed},
        )

    waited = [0.0]
    api = vendor.client(
        KEYS,
        {},
        transport=httpx.MockTransport(answer),
        pause=waited.append,
        monotonic=lambda: sum(waited),
    )
    with pytest.raises(TransportError, match=f"does not end after {MOST} pages"):
        list(LISTS[vendor.name](api))
    assert len(asked) == MOST + (vendor.name == "huaweicloud")
