"""The resources of BytePlus MediaLive: as those of Volcengine Live, but for what differs.

Bodies: the examples of Volcengine's pages; BytePlus' SDKs have the same models.
"""

from dataclasses import replace
from typing import Any

from pulumi_livepull.core.resource import Resource
from pulumi_livepull.vendors.byteplus.callback import Callback
from pulumi_livepull.vendors.byteplus.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.byteplus.pull_to_push_task import PullToPushTask
from pulumi_livepull.vendors.byteplus.relay_source import RelaySource
from tests.conformance.cases import Case, volcengine


def _here(case: Case, resource: type[Resource], **differs: Any) -> Case:
    name = case.name.replace("volcengine", "byteplus")
    return replace(case, name=name, resource=resource, **differs)


RELAY_SOURCE = _here(volcengine.RELAY_SOURCE, RelaySource)
LIVE_TASK = _here(volcengine.LIVE_TASK, PullToPushTask)
FILE_TASK = _here(volcengine.FILE_TASK, PullToPushTask)
CALLBACK = _here(volcengine.CALLBACK, Callback)
GROUP = _here(
    volcengine.GROUP,
    PullToPushGroup,
    replaces=volcengine.GROUP.replaces | {"tags"},
    clear=frozenset(),
    drift={},
    clear_replaces=frozenset({"tags"}),
)

CASES = (RELAY_SOURCE, LIVE_TASK, FILE_TASK, CALLBACK, GROUP)

FACTS = replace(volcengine.FACTS, hosts=(".byteplusapi.com",))
