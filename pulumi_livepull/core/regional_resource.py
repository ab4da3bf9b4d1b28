"""RegionalResource: the base class of resources with ids of the form `region/id`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pulumi_livepull.core.resource import Resource

if TYPE_CHECKING:
    from pulumi_livepull.core.regional import RegionalClient


class RegionalResource(Resource):
    """A resource in a region. Subclasses declare the field `region`."""

    @classmethod
    def full_id(cls, api: RegionalClient, given: str) -> str:
        """Return the id with its region, by default the configured one."""
        return api.full_id(given)

    @classmethod
    def listed_with(cls, api: RegionalClient, resource_id: str) -> Mapping[str, str]:
        """See `Resource`."""
        return {"region": api.place(resource_id)[0]}
