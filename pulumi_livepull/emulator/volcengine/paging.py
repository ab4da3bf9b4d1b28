"""Pages of a list, for ListRelaySourceV4, ListPullToPushTask and ListPullToPushTaskV2."""

from collections.abc import Mapping
from typing import Any

from pulumi_livepull.emulator.fields import MAX_INT, Fields, whole
from pulumi_livepull.emulator.state import Thing, cut_page

PAGE: Fields = {"Page": whole(1, MAX_INT), "Size": whole(1, 500)}


def page_of(found: list[Thing], asked: Mapping[str, Any]) -> Thing:
    """The requested page: by default, the first twenty."""
    number, size = asked.get("Page", 1), asked.get("Size", 20)
    return {
        "List": cut_page(found, number, size),
        "Pagination": {
            "PageCur": number,
            "PageSize": size,
            "PageTotal": -(-len(found) // size),
            "TotalCount": len(found),
        },
    }
