"""byteplus.PullToPushGroup: a group of relay tasks of BytePlus MediaLive."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from pulumi_livepull.core.traits import Immutable
from pulumi_livepull.vendors.volcengine import pull_to_push_group as volcengine
from pulumi_livepull.vendors.volcengine.pull_to_push_group import Tags

if TYPE_CHECKING:
    from pulumi_livepull.vendors.volcengine.client import VolcengineLive


class PullToPushGroup(volcengine.PullToPushGroup, token="livepull:byteplus:PullToPushGroup"):
    """Group relay tasks in a project, so that sub-accounts can be given rights to them.

    Its id is its name. A group with tasks cannot be deleted. Set the `group_name` of its tasks to
    the group's `name` output, and Pulumi deletes the tasks first.

    Source: https://docs.byteplus.com/en/docs/byteplus-media-live/docs-relay
    """

    tags: Immutable[Tags | None] = None
    """Tags of the group, in any order. System tags are not shown."""

    def update(self, api: VolcengineLive, resource_id: str, changed: Set[str]) -> None:
        """Do nothing, because nothing can change. Source: byteplus-sdk-golang 1.0.66, which has
        only CreatePullToPushGroup, ListPullToPushGroup and DeletePullToPushGroup."""
