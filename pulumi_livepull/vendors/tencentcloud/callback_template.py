"""tencentcloud.CallbackTemplate: where Tencent Cloud CSS reports what happens to streams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Len

from pulumi_livepull.core import rules
from pulumi_livepull.core.answers import incomplete, is_digits, list_in, required_text, text_in
from pulumi_livepull.core.reporting import Reporting
from pulumi_livepull.core.resource import Caution, Failure, Finding, Identity, Resource, Unshown
from pulumi_livepull.core.traits import (
    Documented,
    Immutable,
    ReadOnly,
    Secret,
    ServerDefault,
    WriteOnly,
)
from pulumi_livepull.core.types import PASCAL_CASE, Text, Unordered, Url, split_url
from pulumi_livepull.errors import ConfigError, NotFound

if TYPE_CHECKING:
    from pulumi_livepull.vendors.tencentcloud.client import TencentLive

LEVELS = ("error", "warning", "info", "alarm")
MOST_BYTES = {"template_name": 255, "description": 1024}
URLS = (
    "stream_begin_notify_url",
    "stream_end_notify_url",
    "record_notify_url",
    "record_status_notify_url",
    "record_exception_notify_url",
    "snapshot_notify_url",
    "porn_censorship_notify_url",
    "push_exception_notify_url",
    "audio_audit_notify_url",
)


class CallbackTemplate(Resource, token="livepull:tencentcloud:CallbackTemplate"):
    """Report pushes, recordings, snapshots and audits to addresses. A `CallbackRule` binds it to a
    domain and app.

    Its id is a number. The vendor's deprecated address for mixed streams is not offered.

    Source: https://www.tencentcloud.com/document/api/267/30815
    """

    identity = Identity(
        named_by=(("template_name",),),
        id_form="the template's number, such as 1000",
        duplicates_within="template_name",
    )
    example = MappingProxyType(
        {
            "template_name": "recordings",
            "record_notify_url": "https://hooks.example.org/recordings",
        }
    )

    reporting = Reporting(
        addresses=("record_notify_url", "record_status_notify_url", "record_exception_notify_url")
    )

    model_config = PASCAL_CASE

    template_name: Annotated[Text, Len(1)]
    """Name: letters, digits, `_` and `-`, up to 255 bytes."""

    description: Text | None = None
    """Description: letters, digits, `_` and `-`, up to 1024 bytes."""

    stream_begin_notify_url: Url | None = None
    """Address that hears of pushes that begin."""

    stream_end_notify_url: Url | None = None
    """Address that hears of pushes that end."""

    record_notify_url: Url | None = None
    """Address that hears of recorded files."""

    record_status_notify_url: WriteOnly[Url | None] = None
    """Address that hears of recordings that start, pause, resume, fail and end.

    The vendor never shows it.
    """

    record_exception_notify_url: Url | None = None
    """Address that hears of what is wrong with a recording."""

    record_exception_levels: ServerDefault[
        Annotated[Unordered[Annotated[str, Documented(*LEVELS)]], Len(1)] | None
    ] = None
    """How bad that must be: `error`, `warning`, `info`, or `alarm`, as the vendor may show it. If
    unset, the vendor chooses."""

    snapshot_notify_url: Url | None = None
    """Address that hears of snapshots."""

    porn_censorship_notify_url: Url | None = None
    """Address that hears of pictures that an audit found."""

    push_exception_notify_url: Url | None = None
    """Address that hears of what is wrong with a push."""

    audio_audit_notify_url: Url | None = None
    """Address that hears of sounds that an audit found."""

    callback_key: Secret[Text | None] = None
    """Key that signs all of these. Secret."""

    template_id: Immutable[ReadOnly[int | None]] = None
    """The vendor's number of the template, for a `CallbackRule`."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what the fields together get wrong."""
        given = [name for name in URLS if getattr(self, name)]
        if not given:
            others = ", ".join(f"`{name}`" for name in URLS if name != URLS[2])
            yield Unshown((URLS[2],), f"is missing: set it, or one of {others}")
        for name in given:
            url = getattr(self, name)
            parts = split_url(url)
            if parts is None or parts.scheme not in {"http", "https"}:
                yield Failure((name,), "must start with http:// or https://")
            else:
                yield from rules.reachable((name,), url)
        if self.record_exception_levels and not self.record_exception_notify_url:
            yield Caution(
                ("record_exception_levels",),
                "has no effect without `record_exception_notify_url`",
            )
        for name, most in MOST_BYTES.items():
            text = getattr(self, name) or ""
            if len(text.encode()) > most:
                yield Failure((name,), f"must be at most {most} bytes")
            elif re.search(r"[^\w-]", text):
                yield Caution((name,), "should hold letters, digits, `_` and `-` only")

    def create(self, api: TencentLive) -> str:
        """Source: models.CreateLiveCallbackTemplateRequest."""
        answer = api.call("CreateLiveCallbackTemplate", self.to_wire())
        return required_text(answer, "TemplateId")

    @classmethod
    def read(cls, api: TencentLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: models.DescribeLiveCallbackTemplateRequest."""
        if not is_digits(resource_id):
            return None
        try:
            answer = api.call("DescribeLiveCallbackTemplate", _which(resource_id))
        except NotFound:
            return None
        template = answer.get("Template")
        if not isinstance(template, dict):
            raise incomplete("Template")
        return template

    def update(self, api: TencentLive, resource_id: str, changed: Set[str]) -> None:
        """Source: models.ModifyLiveCallbackTemplateRequest.

        Assumption A141: what it leaves out stays as it is, and an empty text clears.
        """
        settings = self.to_wire(changed, changed)
        api.call("ModifyLiveCallbackTemplate", {**_which(resource_id), **settings})

    @classmethod
    def delete(cls, api: TencentLive, resource_id: str) -> None:
        """Source: models.DeleteLiveCallbackTemplateRequest. Refused while a rule binds it."""
        api.call("DeleteLiveCallbackTemplate", _which(resource_id))

    @classmethod
    def listed_with(cls, api: TencentLive, resource_id: str) -> Mapping[str, str]:
        """See `Resource`."""
        return {}

    @classmethod
    def list_all(
        cls, api: TencentLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: models.DescribeLiveCallbackTemplatesResponse. It has no pages."""
        for template in list_in(api.call("DescribeLiveCallbackTemplates", {}), "Templates"):
            yield text_in(template, "TemplateId"), template


def _which(resource_id: str) -> dict[str, int]:
    if is_digits(resource_id):
        return {"TemplateId": int(resource_id)}
    raise ConfigError(
        f'tencentcloud: "{resource_id}" is not the id of a template',
        "It is a number, such as 1000.",
    )
