"""alicloud.LivePullStreamInfoConfig: a scheduled pull into a domain of ApsaraVideo Live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Len
from pydantic import Field

from pulumi_livepull.core import rules
from pulumi_livepull.core.answers import incomplete, list_or_null_in
from pulumi_livepull.core.keyed import KeyedResource
from pulumi_livepull.core.on_air import NO_EFFECT, Airtime, Effect
from pulumi_livepull.core.resource import Failure, Finding, Identity, Listing
from pulumi_livepull.core.traits import Immutable, ReadOnly, Secret
from pulumi_livepull.core.types import PASCAL_CASE, Instant, RequiredDomain, Text, Url
from pulumi_livepull.errors import Conflict
from pulumi_livepull.vendors.alicloud.wire import Name, SemicolonList

if TYPE_CHECKING:
    from pulumi_livepull.vendors.alicloud.client import AlicloudLive

SCHEMES = ("rtmp", "http", "https", "srt")
LIST = "DescribeLivePullStreamConfig"


class LivePullStreamInfoConfig(KeyedResource, token="livepull:alicloud:LivePullStreamInfoConfig"):
    """Pull a live source within a time, and serve it as a stream of a streaming domain.

    Its id is `domain/app/stream`. Any change of a pull that is on air interrupts it, because the
    vendor pulls it again. To pull a source and push it to an address, use
    `alicloud.LivePullToPush`.

    Source: https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-addlivepullstreaminfoconfig
    """

    identity = Identity(
        named_by=(("domain_name", "app_name", "stream_name"),),
        id_form="domain/app/stream, such as live.example.com/live/one",
    )
    listing = Listing(under=("domain_name",))
    example = MappingProxyType(
        {
            "domain_name": "live.example.com",
            "app_name": "live",
            "stream_name": "main",
            "source_urls": ["rtmp://origin.example.com/live/main"],
            "start_time": "2030-01-01T20:00:00+08:00",
            "end_time": "2030-01-01T22:00:00+08:00",
        }
    )

    model_config = PASCAL_CASE

    airtime = Airtime(target=("domain_name", "app_name", "stream_name"))

    domain_name: Immutable[RequiredDomain]
    """Domain that serves the stream: the main streaming domain."""

    app_name: Immutable[Name]
    """App name of the stream, which you choose."""

    stream_name: Immutable[Name]
    """Stream name, which you choose. A domain and app have one pull for each stream."""

    source_urls: Annotated[SemicolonList[list[Url]], Len(1)] = Field(
        serialization_alias="SourceUrl"
    )
    """Addresses to pull from: live sources in RTMP, FLV, HLS or SRT.

    Secret if one of them has a query or user info, because these may contain keys.
    """

    start_time: Instant
    """When the pull starts, RFC 3339."""

    end_time: Instant
    """When the pull stops, RFC 3339: after `start_time` and at most 7 days later."""

    source_using: ReadOnly[Secret[Text | None]] = None
    """Source that is currently pulled. Secret: it may carry a key."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the combination of fields."""
        yield from rules.window(self.start_time, self.end_time, now)
        for index, url in enumerate(self.source_urls):
            if ";" in url:
                yield Failure(
                    ("source_urls", index),
                    "contains a semicolon, which the vendor takes for the end of the address: "
                    "write it as %3B",
                )
            yield from rules.address(("source_urls", index), url, SCHEMES)

    @classmethod
    def update_effect(cls, old: Mapping[str, Any], changed: Set[str], *, on_air: bool) -> Effect:
        """Report an interruption. Source: UpdateLivePullStreamInfoConfig, which pulls again."""
        return Effect("restarts", "is interrupted: it is pulled anew") if on_air else NO_EFFECT

    def create(self, api: AlicloudLive) -> str:
        """Source: AddLivePullStreamInfoConfig, which refuses a stream that already has a pull."""
        key = self.only_one()
        try:
            api.call("AddLivePullStreamInfoConfig", self.to_wire())
        except Conflict as conflict:
            conflict.holder = key
            conflict.hint = (
                f'{key} is there already: set `adopt` to "{key}" to manage it here, or delete it '
                "first."
            )
            raise
        return key

    @classmethod
    def read(cls, api: AlicloudLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: DescribeLivePullStreamConfig. No call reads a single one, so reads share a
        list."""
        domain = cls.key_of(resource_id)["DomainName"]
        return cls.pick(api.coalesce((LIST, domain), lambda: _list(api, domain)), resource_id)

    def update(self, api: AlicloudLive, resource_id: str, changed: Set[str]) -> None:
        """Source: UpdateLivePullStreamInfoConfig. It takes the complete settings."""
        api.call("UpdateLivePullStreamInfoConfig", self.to_wire())

    @classmethod
    def delete(cls, api: AlicloudLive, resource_id: str) -> None:
        """Source: DeleteLivePullStreamInfoConfig."""
        api.call("DeleteLivePullStreamInfoConfig", cls.key_of(resource_id))

    @classmethod
    def list_all(
        cls, api: AlicloudLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: DescribeLivePullStreamConfig. It has no pages."""
        yield from cls.with_ids(_list(api, where["domain_name"]), where)


def _list(api: AlicloudLive, domain: str) -> list[Mapping[str, Any]]:
    answer = api.call(LIST, {"DomainName": domain})
    found = answer.get("LiveAppRecordList")
    if not isinstance(found, dict):
        raise incomplete("LiveAppRecordList")
    return list_or_null_in(found, "LiveAppRecord")
