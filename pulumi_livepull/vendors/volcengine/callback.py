"""volcengine.Callback: where Volcengine Live reports recordings and other events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Len
from pydantic import Field

from pulumi_livepull.core import rules
from pulumi_livepull.core.answers import text_in
from pulumi_livepull.core.reporting import Reporting
from pulumi_livepull.core.resource import Caution, Failure, Finding, Identity, Listing, Resource
from pulumi_livepull.core.traits import Documented, Immutable, ReadOnly, Secret, UnsetMeans
from pulumi_livepull.core.types import PASCAL_CASE, Domain, Instant, Text, split_url
from pulumi_livepull.errors import ConfigError, Refused, Unlistable, WaitError
from pulumi_livepull.vendors.volcengine.duplicates import refuse_if_taken
from pulumi_livepull.vendors.volcengine.wire import CallbackUrls, Name

if TYPE_CHECKING:
    from pulumi_livepull.vendors.volcengine.client import VolcengineLive

TYPES = ("push", "push_end", "snapshot", "record", "audit_snapshot")


class Callback(Resource, token="livepull:volcengine:Callback"):
    """Report events of one type, such as recordings, of a domain or domain space to addresses.

    Its id is `vhost/<domain space>/<app>/<type>` or `domain/<domain>//<type>`.

    Source: https://www.volcengine.com/docs/6469/1126929
    """

    identity = Identity(
        named_by=(
            ("vhost", "app", "message_type"),
            ("vhost", "message_type"),
            ("domain", "message_type"),
        ),
        id_form="vhost/space/app/type or domain/name//type, such as vhost/main/live/record",
    )
    listing = Listing(by=("vhost", "domain"))
    example = MappingProxyType(
        {
            "message_type": "record",
            "vhost": "main",
            "app": "live",
            "callback_urls": ["https://hooks.example.org/recordings"],
        }
    )

    reporting = Reporting(addresses=("callback_urls",), events="message_type")

    model_config = PASCAL_CASE

    message_type: Immutable[Annotated[Text, Documented(*TYPES)]]
    """What is reported: `record` for recordings; `push`, `push_end`, `snapshot` and
    `audit_snapshot` are the others."""

    vhost: Immutable[Name | None] = None
    """Domain space whose events are reported. Set either `vhost` or `domain`."""

    domain: Immutable[Domain | None] = None
    """Domain whose events are reported."""

    app: Immutable[Name | None] = None
    """App name, with `vhost` only. If unset, all apps. Such a callback must be deleted after those
    of single apps, so let them depend on it."""

    callback_urls: Annotated[CallbackUrls, Len(1)] = Field(serialization_alias="CallbackDetailList")
    """Addresses that receive the events: http or https, up to 100 characters."""

    auth_enable: Annotated[bool | None, UnsetMeans(False)] = None
    """Whether the events are signed with `auth_key_primary`."""

    auth_key_primary: Secret[Text | None] = None
    """Key that signs the events."""

    transcode_callback: Annotated[Annotated[int, Field(ge=0, le=1)] | None, UnsetMeans(0)] = None
    """1 also reports transcoded streams, 0 does not. For `push` and `push_end`."""

    create_time: Immutable[ReadOnly[Instant | None]] = None
    """When it was created, in the vendor's time zone."""

    create_time_utc: ReadOnly[Instant | None] = Field(
        default=None, serialization_alias="CreateTimeUTC"
    )
    """When it was created, RFC 3339."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the combination of fields."""
        if self.vhost and self.domain:
            yield Failure(("vhost",), "cannot be set together with `domain`: choose one")
        elif not self.vhost and not self.domain:
            yield Failure(("vhost",), "is missing: set `vhost` or `domain`")
        if self.domain and self.app:
            yield Failure(("app",), "is for `vhost` only")
        for index, url in enumerate(self.callback_urls):
            parts = split_url(url)
            if parts is None or parts.scheme not in {"http", "https"}:
                yield Failure(("callback_urls", index), "must start with http:// or https://")
            yield from rules.reachable(("callback_urls", index), url)
        if self.auth_enable and self.auth_key_primary is None:
            yield Failure(("auth_key_primary",), "is required with `auth_enable`")
        if self.auth_key_primary and not self.auth_enable:
            yield Caution(("auth_key_primary",), "signs nothing without `auth_enable`")

    def only_one(self) -> str:
        """See `Resource`."""
        kind, name = ("vhost", self.vhost) if self.vhost else ("domain", self.domain)
        return f"{kind}/{name}/{self.app or ''}/{self.message_type}"

    def create(self, api: VolcengineLive) -> str:
        """Source: UpdateCallback, which creates a callback or overwrites an existing one."""
        key = self.only_one()
        with api.lock_for(_holder(key)):
            refuse_if_taken(self.list_like(api), key)
            api.call("UpdateCallback", self.to_wire())
        return key

    @classmethod
    def read(cls, api: VolcengineLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: DescribeCallback, which does not return the domain."""
        scope = _scope(cls, resource_id)
        listed = api.listed("DescribeCallback", scope, "CallbackList")
        wanted = {"MessageType": scope["MessageType"], "App": scope.get("App", "")}
        found = next((one for one in listed if _is(one, wanted)), None)
        return None if found is None else {**found, **scope}

    def update(self, api: VolcengineLive, resource_id: str, changed: Set[str]) -> None:
        """Source: UpdateCallback. It overwrites everything."""
        api.call("UpdateCallback", self.to_wire(set(self.properties()), changed))

    @classmethod
    def delete(cls, api: VolcengineLive, resource_id: str) -> None:
        """Source: DeleteCallback, docs/6469/1126930, which requires the scope given at creation.

        The page of 2023 says that a space without an app means all its apps, so such a deletion is
        refused while single apps have callbacks of this type. It could also mean callbacks of all
        types, so the other callbacks of the space are checked again afterwards.
        """
        scope = _scope(cls, resource_id)
        with api.lock_for(_holder(resource_id)):
            others = _others(api, scope)
            _refuse_to_take(others, scope["MessageType"])
            api.call("DeleteCallback", scope)
            if others and (taken := others - _others(api, scope)):
                raise WaitError(
                    f"the vendor deleted others with it: {', '.join(sorted(taken))}",
                    "Run pulumi up --refresh to create those of this stack again.",
                )

    @classmethod
    def listed_with(cls, api: VolcengineLive, resource_id: str) -> Mapping[str, str]:
        """See `Resource`."""
        return dict([_holder(resource_id).split("/")])

    @classmethod
    def list_all(
        cls, api: VolcengineLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: DescribeCallback."""
        kind = "domain" if where.get("domain") else "vhost"
        scope = {kind.capitalize(): where.get(kind, "")}
        if not scope[kind.capitalize()]:
            raise Unlistable(
                f"{cls.label()}: the vendor lists them only by domain or domain space",
                "vhost",
                "domain",
            )
        for one in api.listed("DescribeCallback", scope, "CallbackList"):
            message_type = text_in(one, "MessageType")
            parts = (kind, where[kind], text_in(one, "App"), message_type)
            yield "/".join(parts) if message_type else "", {**one, **scope}

    def list_like(self, api: VolcengineLive) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the one with this scope."""
        if found := self.read(api, self.only_one()):
            yield self.only_one(), found


def _scope(resource: type[Callback], resource_id: str) -> dict[str, str]:
    """Return the scope of an id, with the vendor's names."""
    parts = resource_id.split("/")
    if len(parts) != 4 or parts[0] not in {"vhost", "domain"} or not (parts[1] and parts[3]):
        raise ConfigError(
            f'{resource.label()}: "{resource_id}" is not an id',
            f"Write it as {resource.identity.id_form}.",
        )
    kind, name, app, message_type = parts
    scope = {kind.capitalize(): name, "App": app, "MessageType": message_type}
    return {key: value for key, value in scope.items() if value}


def _holder(resource_id: str) -> str:
    """Return the domain or domain space of an id, such as `vhost/<domain space>`."""
    return "/".join(resource_id.split("/")[:2])


def _others(api: VolcengineLive, scope: Mapping[str, str]) -> set[str]:
    """Return the ids of all other callbacks of a space, if the scope has no app."""
    if "Vhost" not in scope or "App" in scope:
        return set()
    space, own = scope["Vhost"], scope["MessageType"]
    listed = api.listed("DescribeCallback", {"Vhost": space}, "CallbackList")
    named = ((one.get("App") or "", one.get("MessageType") or own) for one in listed)
    return {f"vhost/{space}/{app}/{kind}" for app, kind in named} - {f"vhost/{space}//{own}"}


def _refuse_to_take(others: Set[str], message_type: str) -> None:
    """Raise `Refused` if a deletion without an app would also delete callbacks of single apps."""
    taken = [each for each in others if each.endswith(f"/{message_type}")]
    if taken:
        raise Refused(
            f"{len(taken)} callbacks of single apps would be deleted with it",
            "Delete those first, or keep this one.",
        )


def _is(one: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Return whether nothing in an item contradicts the scope."""
    return all((one.get(name, value) or "") == value for name, value in wanted.items())
