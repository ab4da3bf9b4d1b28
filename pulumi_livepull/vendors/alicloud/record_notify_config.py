"""alicloud.RecordNotifyConfig: where Alibaba Cloud ApsaraVideo Live reports recordings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from pulumi_livepull.core import rules
from pulumi_livepull.core.answers import incomplete
from pulumi_livepull.core.reporting import Reporting
from pulumi_livepull.core.resource import Caution, Failure, Finding, Identity, Listing, Resource
from pulumi_livepull.core.traits import Immutable, Secret, UnsetMeans
from pulumi_livepull.core.types import PASCAL_CASE, RequiredDomain, Text, Url, split_url
from pulumi_livepull.errors import Conflict, NotFound
from pulumi_livepull.vendors.alicloud.wire import Flag

if TYPE_CHECKING:
    from pulumi_livepull.vendors.alicloud.client import AlicloudLive

KEY_LENGTHS = range(16, 33)


class RecordNotifyConfig(Resource, token="livepull:alicloud:RecordNotifyConfig"):
    """Report recordings of a domain to an address. Each domain has at most one, and its id is the
    domain.

    Source: https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-addliverecordnotifyconfig
    """

    identity = Identity(
        named_by=(("domain_name",),),
        id_form="domain, such as live.example.com",
    )
    listing = Listing(under=("domain_name",))
    example = MappingProxyType(
        {
            "domain_name": "live.example.com",
            "notify_url": "https://hooks.example.org/recordings",
        }
    )

    reporting = Reporting(addresses=("notify_url",))

    model_config = PASCAL_CASE

    domain_name: Immutable[RequiredDomain]
    """Domain whose recordings are reported: the main streaming domain."""

    notify_url: Url
    """Address that receives the events: http or https."""

    on_demand_url: Url | None = None
    """Address that is asked whether to record, for recording on demand: http or https."""

    need_status_notify: Annotated[Flag | None, UnsetMeans(False)] = None
    """Whether to also report when a recording starts, pauses and resumes."""

    notify_req_auth: Annotated[Flag | None, UnsetMeans(False)] = None
    """Whether the events are signed with `notify_auth_key`."""

    notify_auth_key: Secret[Text | None] = None
    """Key that signs the events: 16 to 32 letters and digits."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the combination of fields."""
        for name in ("notify_url", "on_demand_url"):
            url = getattr(self, name)
            parts = split_url(url or "")
            if url and (parts is None or parts.scheme not in {"http", "https"}):
                yield Failure((name,), "must start with http:// or https://")
            elif url:
                yield from rules.reachable((name,), url)
        if self.notify_req_auth and self.notify_auth_key is None:
            yield Failure(("notify_auth_key",), "is required with `notify_req_auth`")
        if self.notify_auth_key is None:
            return
        if not self.notify_req_auth:
            yield Caution(("notify_auth_key",), "signs nothing without `notify_req_auth`")
        if len(self.notify_auth_key) not in KEY_LENGTHS or not (
            self.notify_auth_key.isascii() and self.notify_auth_key.isalnum()
        ):
            yield Caution(("notify_auth_key",), "should be 16 to 32 letters and digits")

    def only_one(self) -> str:
        """See `Resource`."""
        return self.domain_name

    def create(self, api: AlicloudLive) -> str:
        """Source: AddLiveRecordNotifyConfig."""
        try:
            api.call("AddLiveRecordNotifyConfig", self.to_wire())
        except Conflict as conflict:
            conflict.holder = self.domain_name
            conflict.hint = (
                f'{self.domain_name} has one already: set `adopt` to "{self.domain_name}" to '
                "manage it here, or delete it first."
            )
            raise
        return self.domain_name

    @classmethod
    def read(cls, api: AlicloudLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: DescribeLiveRecordNotifyConfig."""
        try:
            answer = api.call("DescribeLiveRecordNotifyConfig", {"DomainName": resource_id})
        except NotFound:
            return None
        config = answer.get("LiveRecordNotifyConfig")
        if not isinstance(config, dict):
            raise incomplete("LiveRecordNotifyConfig")
        return config

    def update(self, api: AlicloudLive, resource_id: str, changed: Set[str]) -> None:
        """Source: UpdateLiveRecordNotifyConfig. It takes the complete settings."""
        api.call("UpdateLiveRecordNotifyConfig", self.to_wire(set(self.properties()), changed))

    @classmethod
    def delete(cls, api: AlicloudLive, resource_id: str) -> None:
        """Source: DeleteLiveRecordNotifyConfig."""
        api.call("DeleteLiveRecordNotifyConfig", {"DomainName": resource_id})

    @classmethod
    def list_all(
        cls, api: AlicloudLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the one of the domain. No call lists the domains that have one."""
        if found := cls.read(api, where["domain_name"]):
            yield where["domain_name"], found
