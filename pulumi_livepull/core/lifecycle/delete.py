"""delete: delete a resource. If it is already gone, that counts as success."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pulumi_livepull.core.lifecycle.lost_answer import Attempt
from pulumi_livepull.core.lifecycle.read import check_account, read
from pulumi_livepull.core.lifecycle.redaction import operation
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.errors import ApiError, Denied, Refused, Throttled

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client


def delete(
    resource: type[Resource], api: Client, resource_id: str, state: Mapping[str, Any]
) -> None:
    """Delete the resource. If it is already gone, that counts as success."""
    if Attempt.with_id(resource_id):
        found = read(resource, api, resource_id, state, state)
        if found is None:
            return
        resource_id = found.id
    with operation(resource, "delete", state), api.run.shared.invalidating(resource.token):
        try:
            resource.delete(api, resource_id)
        except (Denied, Throttled):
            raise
        except (ApiError, Refused) as error:
            # Vendors have many error codes for deleting something that is gone, so read it.
            if resource.read(api, resource_id) is not None:
                raise error
            check_account(resource, api, resource_id, state)
    api.run.touched.add(resource_id)
