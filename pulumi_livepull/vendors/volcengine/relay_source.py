"""volcengine.RelaySource: a scheduled pull of a source into a domain of Volcengine Live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from annotated_types import Len

from pulumi_livepull.core import rules
from pulumi_livepull.core.keyed import KeyedResource
from pulumi_livepull.core.on_air import NO_EFFECT, Airtime, Effect
from pulumi_livepull.core.resource import (
    Caution,
    Failure,
    Finding,
    Identity,
    Listing,
    Made,
)
from pulumi_livepull.core.traits import Immutable, OmittedToClear, ReadOnly, WriteOnly
from pulumi_livepull.core.types import PASCAL_CASE, RequiredDomain, Url
from pulumi_livepull.errors import NotFound, WaitError
from pulumi_livepull.vendors.volcengine.duplicates import refuse_if_taken
from pulumi_livepull.vendors.volcengine.wire import Name, UnixSeconds

if TYPE_CHECKING:
    from pulumi_livepull.vendors.volcengine.client import VolcengineLive

LIST = "ListRelaySourceV4"
MOST_SOURCES = 10
NO_DOMAIN = 404, "ResourceNotFound"
MAY_SWITCH = Effect(
    "restarts",
    "gets its new source within three to five minutes, and the vendor does not say whether the "
    "stream is interrupted then",
)
LAST_SECOND = datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC)
"""The end of signed 32-bit seconds, which the vendor's own SDK uses."""


class RelaySource(KeyedResource, token="livepull:volcengine:RelaySource"):
    """Pull a source, within a time or permanently, and serve it as a stream of a pull domain.

    Its id is `domain/app/stream`. A change takes three to five minutes to appear on air.

    Source: https://www.volcengine.com/docs/6469/1126875
    """

    identity = Identity(
        named_by=(("domain", "app", "stream"),),
        id_form="domain/app/stream, such as pull.example.com/live/one",
    )
    listing = Listing(under=("domain",))
    example = MappingProxyType(
        {
            "domain": "pull.example.com",
            "app": "live",
            "stream": "main",
            "src_addr_s": ["rtmp://origin.example.com/live/main"],
        }
    )

    model_config = PASCAL_CASE

    schemes: ClassVar[tuple[str, ...]] = ("rtmp", "http", "https", "srt")

    airtime = Airtime(target=("domain", "app", "stream"))

    domain: Immutable[RequiredDomain]
    """Pull domain that serves the stream."""

    app: Immutable[Name]
    """App name: up to 30 letters, digits, `_`, `.` and `-`."""

    stream: Immutable[Name]
    """Stream name: up to 100 letters, digits, `_`, `.` and `-`."""

    src_addr_s: Annotated[list[Url], Len(1)]
    """Up to 10 addresses in RTMP, FLV, HLS or SRT. The first one that works is pulled.

    Secret if one of them has a query or user info, because these may contain keys.
    """

    start_time: OmittedToClear[UnixSeconds | None] = None
    """When the pull starts, RFC 3339. Set it together with `end_time`. If unset, the pull is
    permanent."""

    end_time: OmittedToClear[UnixSeconds | None] = None
    """When the pull stops, RFC 3339: after `start_time` and at most 7 days later."""

    task_id: Immutable[ReadOnly[WriteOnly[str | None]]] = None
    """The vendor's id. The vendor returns it only at creation, so it is unknown for an adopted
    source."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the combination of fields."""
        if (self.start_time is None) is not (self.end_time is None):
            lacking = "start_time" if self.start_time is None else "end_time"
            yield Failure((lacking,), "is missing: set both times, or neither for a permanent pull")
        else:
            yield from rules.window(self.start_time, self.end_time, now)
        if self.end_time and self.end_time > LAST_SECOND:
            yield Caution(("end_time",), "is after 2038-01-19, which the vendor may not take")
        if len(self.src_addr_s) > MOST_SOURCES:
            yield Failure(("src_addr_s",), f"must be at most {MOST_SOURCES} addresses")
        for index, url in enumerate(self.src_addr_s):
            yield from rules.address(("src_addr_s", index), url, self.schemes)

    @classmethod
    def update_effect(cls, old: Mapping[str, Any], changed: Set[str], *, on_air: bool) -> Effect:
        """Report a possible interruption: the page of UpdateRelaySourceV4 does not exclude one."""
        return MAY_SWITCH if on_air and "src_addr_s" in changed else NO_EFFECT

    def create(self, api: VolcengineLive) -> Made:
        """Source: CreateRelaySourceV4. It is not documented what happens if the key is in use, so
        that is checked first.
        """
        with api.lock_for(self.only_one()):
            refuse_if_taken(self.list_like(api), self.only_one())
            answer = api.call("CreateRelaySourceV4", self.to_wire())
        return Made(self.only_one(), {"TaskId": answer.get("TaskId")})

    @classmethod
    def read(cls, api: VolcengineLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: ListRelaySourceV4. No call reads a single one, so reads share a list.

        The call names only the domain, so 404 ResourceNotFound means that neither the domain nor a
        source of it exists. The page advises calling twice. Assumption A149: a domain of another
        account results in 403 RequestForbidden, whose text mentions the account. That remains an
        error.
        """
        domain = cls.key_of(resource_id)["Domain"]
        for _ in range(2):
            try:
                listed = api.coalesce((LIST, domain), lambda: list(_listed(api, domain)))
                return cls.pick(listed, resource_id)
            except NotFound as error:
                if (error.status, error.code) != NO_DOMAIN:
                    raise
        return None

    def update(self, api: VolcengineLive, resource_id: str, changed: Set[str]) -> None:
        """Source: UpdateRelaySourceV4. It takes the complete settings.

        It is not documented whether omitting the times makes the pull permanent, so that is
        checked.
        """
        api.call("UpdateRelaySourceV4", self.to_wire(set(self.properties()), changed))
        if self.end_time is not None or "end_time" not in changed:
            return
        left = self.from_wire(self.read(api, resource_id) or {}).get("end_time")
        if left is not None:
            raise WaitError(
                f"the vendor keeps the end {left}, although it was cleared",
                "Set both times, or delete it and create a permanent one.",
            )

    @classmethod
    def delete(cls, api: VolcengineLive, resource_id: str) -> None:
        """Source: DeleteRelaySourceV4."""
        api.call("DeleteRelaySourceV4", cls.key_of(resource_id))

    @classmethod
    def list_all(
        cls, api: VolcengineLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: ListRelaySourceV4."""
        try:
            yield from cls.with_ids(_listed(api, where["domain"]), where)
        except NotFound as error:
            if (error.status, error.code) != NO_DOMAIN:
                raise


def _listed(api: VolcengineLive, domain: str) -> Iterator[Mapping[str, Any]]:
    return api.pages(LIST, {"Domain": domain})
