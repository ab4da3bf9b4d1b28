"""huaweicloud.RecordCallback: where Huawei Cloud Live reports recordings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import Len

from pulumi_livepull.core import rules
from pulumi_livepull.core.answers import required_text, text_in
from pulumi_livepull.core.regional_resource import RegionalResource
from pulumi_livepull.core.reporting import Reporting
from pulumi_livepull.core.resource import Caution, Failure, Finding, Identity, Listing
from pulumi_livepull.core.traits import (
    Documented,
    Immutable,
    Local,
    ReadOnly,
    Secret,
    ServerDefault,
    UnsetMeans,
    WriteOnly,
)
from pulumi_livepull.core.types import Instant, RequiredDomain, Text, Unordered, Url, split_url
from pulumi_livepull.errors import ApiError, Conflict, LivePullError

if TYPE_CHECKING:
    from pulumi_livepull.vendors.huaweicloud.client import HuaweiLive

CALLBACKS = "/v1/{project_id}/record/callbacks"
EVENTS = ("RECORD_NEW_FILE_START", "RECORD_FILE_COMPLETE", "RECORD_OVER", "RECORD_FAILED")
SHORTEST_KEY = 32

MAYBE_GONE = ("LIVE.100011001", "LIVE.103011019")
"""Codes that also mean "bad request", so that only the list shows whether the callback is gone."""


class RecordCallback(RegionalResource, token="livepull:huaweicloud:RecordCallback"):
    """Report recordings of an ingest domain to an address.

    Each domain and app has at most one. An exact app takes precedence over `*`.

    Source: https://support.huaweicloud.com/intl/en-us/api-live/CreateRecordCallbackConfig.html
    """

    identity = Identity(
        named_by=(("publish_domain", "app"),),
        id_form="region/id, such as cn-north-4/7864b3dc",
        created="create_time",
        account="project_id",
    )
    listing = Listing(by=("region", "publish_domain", "app"))
    example = MappingProxyType(
        {
            "publish_domain": "push.example.com",
            "app": "live",
            "notify_callback_url": "https://hooks.example.org/recordings",
        }
    )

    reporting = Reporting(addresses=("notify_callback_url",), events="notify_event_subscription")

    region: Local[Immutable[ServerDefault[Text | None]]] = None
    """Region of the ingest domain. If unset, the configured region."""

    publish_domain: Immutable[RequiredDomain]
    """Ingest domain whose recordings are reported."""

    app: Immutable[Annotated[Text, Len(1)]]
    """App name, or `*` for all apps."""

    notify_callback_url: Url
    """Address that receives the events: http or https, without a query."""

    notify_event_subscription: Annotated[
        Annotated[Unordered[Annotated[str, Documented(*EVENTS)]], Len(1)] | None,
        UnsetMeans(("RECORD_FILE_COMPLETE",)),
    ] = None
    """Events to report: `RECORD_NEW_FILE_START`, `RECORD_FILE_COMPLETE`, `RECORD_OVER`,
    `RECORD_FAILED`. If unset, `RECORD_FILE_COMPLETE`."""

    sign_type: Annotated[Literal["HMACSHA256", "MD5"] | None, UnsetMeans("HMACSHA256")] = None
    """How the events are signed with `key`."""

    key: WriteOnly[Secret[Text | None]] = None
    """Key that signs the events: at least 32 letters and digits.

    The vendor never returns it, and it is sent again with every update.
    """

    key_fingerprint: ReadOnly[str | None] = None
    """Changes when `key` changes. It is missing if the key is unknown."""

    project_id: Immutable[ReadOnly[str | None]] = None
    """Project that holds the configuration."""

    create_time: Immutable[ReadOnly[Instant | None]] = None
    """When it was created."""

    update_time: ReadOnly[Instant | None] = None
    """When it was last changed."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the combination of fields."""
        url = split_url(self.notify_callback_url)
        if url is None or url.scheme not in {"http", "https"}:
            yield Failure(("notify_callback_url",), "must start with http:// or https://")
        elif url.query:
            # Source: the texts of the console and the Terraform provider; the API page does not
            # say.
            yield Caution(
                ("notify_callback_url",), "should have no query, as the vendor's pages say"
            )
        yield from rules.reachable(("notify_callback_url",), self.notify_callback_url)
        if self.app == "**":
            yield Caution(
                ("app",), "should be `*` to mean any app: `**` is in one example of the vendor only"
            )
        if self.key is None:
            if self.sign_type:
                yield Caution(("sign_type",), "signs nothing without `key`")
            return
        if len(self.key) < SHORTEST_KEY or not (self.key.isascii() and self.key.isalnum()):
            yield Caution(("key",), f"should be at least {SHORTEST_KEY} letters and digits")

    def only_one(self) -> str:
        """See `Resource`. A domain belongs to one region."""
        return f"{self.publish_domain}/{self.app}"

    def create(self, api: HuaweiLive) -> str:
        """Source: api-live/CreateRecordCallbackConfig.html."""
        region = api.region(self.region)
        try:
            answer = api.call("POST", CALLBACKS, region=region, json=self.to_wire())
        except Conflict as conflict:
            with suppress(LivePullError):  # The other callback's id only improves the message.
                for holder, _ in self.list_like(api):
                    conflict.holder = holder
                    conflict.hint = (
                        f'{self.publish_domain} has one already: set `adopt` to "{holder}" to '
                        "manage it here, or delete it first."
                    )
            raise
        return f"{region}/{required_text(answer, 'id')}"

    @classmethod
    def read(cls, api: HuaweiLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: api-live/ShowRecordCallbackConfig.html."""
        region, own_id = api.place(resource_id)
        try:
            answer = api.call("GET", f"{CALLBACKS}/{own_id}", region=region)
        except ApiError as error:
            if error.status != 404 and error.code not in MAYBE_GONE:
                raise
            listed = api.pages(CALLBACKS, "callback_config", region=region, params={})
            found = next((one for one in listed if required_text(one, "id") == own_id), None)
            if found is None:
                return None
            answer = found
        required_text(answer, "id")
        return {**answer, "region": region, "project_id": api.project(region)}

    def update(self, api: HuaweiLive, resource_id: str, changed: Set[str]) -> None:
        """Source: api-live/UpdateRecordCallbackConfig.html. It takes the complete settings."""
        region, own_id = api.place(resource_id)
        settings = self.to_wire(set(self.properties()), changed)
        api.call("PUT", f"{CALLBACKS}/{own_id}", region=region, json=settings)

    @classmethod
    def delete(cls, api: HuaweiLive, resource_id: str) -> None:
        """Source: api-live/DeleteRecordCallbackConfig.html."""
        region, own_id = api.place(resource_id)
        api.call("DELETE", f"{CALLBACKS}/{own_id}", region=region)

    @classmethod
    def list_all(
        cls, api: HuaweiLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: api-live/ListRecordCallbackConfigs.html."""
        region = api.region(where.get("region"))
        asked = {name: text for name, text in where.items() if name != "region"}
        for one in api.pages(CALLBACKS, "callback_config", region=region, params=asked):
            if all(one.get(name, text) == text for name, text in asked.items()):
                known = {"region": region, "project_id": api.project(region)}
                own_id = text_in(one, "id")
                yield own_id and f"{region}/{own_id}", {**known, **one}
