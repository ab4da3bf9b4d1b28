"""tencentcloud.CallbackRule: binds a callback template of Tencent Cloud CSS to a domain and app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Len
from pydantic import Field

from pulumi_livepull.core.answers import list_in, text_in
from pulumi_livepull.core.resource import Identity, Resource
from pulumi_livepull.core.traits import Immutable, ReadOnly
from pulumi_livepull.core.types import PASCAL_CASE, RequiredDomain, Text
from pulumi_livepull.errors import Conflict
from pulumi_livepull.vendors.tencentcloud.wire import BeijingTime

if TYPE_CHECKING:
    from pulumi_livepull.vendors.tencentcloud.client import TencentLive


class CallbackRule(Resource, token="livepull:tencentcloud:CallbackRule"):
    """Report what happens at a domain and app as a `CallbackTemplate` says.

    Each domain and app has at most one, and its id is `domain/app`: set `adopt` to that id to take
    over one that is there already. The vendor cannot change a rule, so any change replaces it, and
    it takes effect after 5 to 10 minutes.

    Source: https://www.tencentcloud.com/document/api/267/30816
    """

    identity = Identity(
        named_by=(("domain_name", "app_name"),),
        id_form="domain/app, such as push.example.com/live",
    )
    example = MappingProxyType(
        {"domain_name": "push.example.com", "app_name": "live", "template_id": 1000}
    )

    model_config = PASCAL_CASE

    domain_name: Immutable[RequiredDomain]
    """Push domain."""

    app_name: Immutable[Annotated[Text, Len(1)]]
    """App name; the vendor's own default is `live`."""

    template_id: Immutable[Annotated[int, Field(ge=1)]]
    """Number of the template: the `template_id` output of a `CallbackTemplate`."""

    create_time: Immutable[ReadOnly[BeijingTime | None]] = None
    """When it was made."""

    update_time: ReadOnly[BeijingTime | None] = None
    """When it was last changed."""

    def only_one(self) -> str:
        """See `Resource`."""
        return f"{self.domain_name}/{self.app_name}"

    def create(self, api: TencentLive) -> str:
        """Source: models.CreateLiveCallbackRuleRequest."""
        own = self.only_one()
        try:
            api.call("CreateLiveCallbackRule", self.to_wire())
        except Conflict as conflict:
            conflict.holder = own
            conflict.hint = (
                f'{own} has one already: set `adopt` to "{own}" to manage it here, or delete it '
                "first."
            )
            raise
        return own

    @classmethod
    def read(cls, api: TencentLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: models.DescribeLiveCallbackRulesResponse; there is no call for a single rule."""
        domain, _, app = resource_id.partition("/")
        wanted = {"DomainName": domain, "AppName": app}
        for _, rule in cls.list_all(api, {}):
            # One that does not show all of that may be the one: it is not gone for certain.
            if all(rule.get(name, value) == value for name, value in wanted.items()):
                return rule
        return None

    def update(self, api: TencentLive, resource_id: str, changed: Set[str]) -> None:
        """The vendor has no call for this: nothing of a rule can change in place."""

    @classmethod
    def delete(cls, api: TencentLive, resource_id: str) -> None:
        """Source: models.DeleteLiveCallbackRuleRequest."""
        domain, _, app = resource_id.partition("/")
        api.call("DeleteLiveCallbackRule", {"DomainName": domain, "AppName": app})

    @classmethod
    def listed_with(cls, api: TencentLive, resource_id: str) -> Mapping[str, str]:
        """See `Resource`."""
        return {}

    @classmethod
    def list_all(
        cls, api: TencentLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: models.DescribeLiveCallbackRulesResponse. It has no pages."""
        for rule in list_in(api.call("DescribeLiveCallbackRules", {}), "Rules"):
            domain, app = text_in(rule, "DomainName"), text_in(rule, "AppName")
            yield (f"{domain}/{app}" if domain and app else ""), rule
