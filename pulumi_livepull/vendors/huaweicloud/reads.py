"""Reads that show whether an account of Huawei Cloud is ready.

Source of the actions: https://support.huaweicloud.com/api-live/live_03_0025.html and, for projects,
the table of actions in the reference of IAM.
"""

from collections.abc import Iterator

from pulumi_livepull.core.answers import list_in, text_in
from pulumi_livepull.core.reads import Place, Read, Reads
from pulumi_livepull.vendors.huaweicloud.client import HuaweiLive
from pulumi_livepull.vendors.huaweicloud.pull_task import TASK
from pulumi_livepull.vendors.huaweicloud.record_callback import CALLBACKS

DOMAIN = "/v1/{project_id}/domain"


def _project(api: HuaweiLive, place: Place) -> str:
    return api.project(place.region)


def _tasks(api: HuaweiLive, place: Place) -> object:
    asked = {"region": place.region, "offset": 0, "limit": 1}
    return api.call("GET", TASK, region=place.region, params=asked)


def _callbacks(api: HuaweiLive, place: Place) -> object:
    return api.call("GET", CALLBACKS, region=place.region, params={"offset": 0, "limit": 1})


def _domains(api: HuaweiLive, place: Place) -> Iterator[str]:
    """Yield the domains. Source: api-live/ShowDomain, which has no pages."""
    for each in list_in(api.call("GET", DOMAIN, region=place.region), "domain_info"):
        yield text_in(each, "domain")


READS = Reads(
    families=(
        Read("the project", "KeystoneListProjects", "iam:projects:listProjects", _project),
        Read("relay tasks", "ListPullTasks", "live:stream:listPullTask", _tasks),
        Read(
            "recording callbacks",
            "ListRecordCallbackConfigs",
            "live:record:listCallbacks",
            _callbacks,
        ),
    ),
    domains=Read("domains", "ShowDomain", "live:domain:getDomains", _domains),
    names=_domains,
    fields=("domain", "publish_domain"),
)
