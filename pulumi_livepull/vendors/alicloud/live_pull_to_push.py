"""alicloud.LivePullToPush: a relay task of Alibaba Cloud ApsaraVideo Live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import Len
from pydantic import Field

from pulumi_livepull.core import rules
from pulumi_livepull.core.answers import incomplete, required_text, text_in
from pulumi_livepull.core.on_air import NO_EFFECT, Airtime, Effect
from pulumi_livepull.core.regional_resource import RegionalResource
from pulumi_livepull.core.resource import Caution, Failure, Finding, Identity, Listing
from pulumi_livepull.core.traits import (
    CarriesKey,
    Documented,
    Immutable,
    ReadOnly,
    Secret,
    ServerDefault,
    UnsetMeans,
    UpdateOnly,
)
from pulumi_livepull.core.types import PASCAL_CASE, Instant, Text, Url, split_url
from pulumi_livepull.errors import ApiError, ConfigError, Conflict, LivePullError, NotFound
from pulumi_livepull.vendors.alicloud.wire import JsonText, Positive, UnixSeconds

if TYPE_CHECKING:
    from pulumi_livepull.vendors.alicloud.client import AlicloudLive

MOST_FILES = 30
PROTOCOLS = ("rtmp", "srt", "http-flv", "hls")
SCHEMES = ("rtmp", "srt", "http", "https")
STATUS = {"0": "idle", "1": "running", "2": "recovering", "3": "stopped", "-1": "exited"}
"""Meanings of `TaskStatus`, a number or a text with a number. Source: DescribeLivePullToPush."""

ALIVE = frozenset({"running", "recovering"})
AT_ONCE = frozenset({"callback_url", "repeat_number"})
"""Fields that change without interrupting a running task. Source: UpdateLivePullToPush."""


class LivePullToPush(RegionalResource, token="livepull:alicloud:LivePullToPush"):
    """Pull a live stream, or video files one after another, and push it to an RTMP address.

    A change of the sources, the start position or the times of a running task interrupts the push:
    the task is stopped, changed and restarted. The vendor removes a task by itself after its end.

    Source: https://help.aliyun.com/zh/live/developer-reference/api-live-2016-11-01-createlivepulltopush
    """

    identity = Identity(
        named_by=(("task_name",),),
        id_form="region/id, such as cn-shanghai/fd245384",
    )
    listing = Listing(by=("region", "dst_url"))
    example = MappingProxyType(
        {
            "source_type": "live",
            "source_protocol": "rtmp",
            "source_urls": ["rtmp://origin.example.com/live/main"],
            "dst_url": "rtmp://push.example.com/live/main",
            "start_time": "2030-01-01T20:00:00+08:00",
            "end_time": "2030-01-01T22:00:00+08:00",
        }
    )

    model_config = PASCAL_CASE

    airtime = Airtime(address="dst_url", off=frozenset({"stopped", "exited", "expired"}))

    region: Immutable[ServerDefault[Text | None]] = None
    """Live centre that runs the task, such as `cn-shanghai`. If unset, the configured region."""

    task_name: Immutable[Text | None] = None
    """Name of the task, for searches."""

    source_type: Immutable[Literal["live", "vod", "url"]]
    """`live` relays one live stream; `vod` plays assets of ApsaraVideo VOD; `url` plays files."""

    source_protocol: Immutable[Annotated[Text, Documented(*PROTOCOLS)] | None] = None
    """Protocol of a live source: `rtmp`, `srt`, `http-flv` or `hls`. Required for `live`."""

    source_urls: Annotated[JsonText[list[Annotated[Text, Len(1), CarriesKey()]]], Len(1)]
    """What to pull, in play order: one address for `live`, up to 30 asset ids for `vod` or
    addresses of files for `url`.

    Secret if one of them has a query or user info, because these may contain keys.
    """

    dst_url: Immutable[Secret[Url]]
    """RTMP address to push to. It must be unique among all tasks.

    Secret: it usually carries a signature.
    """

    start_time: Instant
    """When the task starts, RFC 3339."""

    end_time: Instant
    """When the task stops, RFC 3339: after `start_time`.

    The vendor then removes the task, which stays in the stack as it was. To run it again, set a
    later time, which creates a new task.
    """

    repeat_number: Annotated[Annotated[int, Field(ge=-1)] | None, UnsetMeans(0)] = None
    """How often the files are repeated; `-1` repeats them endlessly. Not for `live`."""

    file_index: Annotated[Annotated[int, Field(ge=0)] | None, UnsetMeans(0)] = None
    """Which file plays first. Not for `live`."""

    offset: Positive | None = None
    """Seconds into the first file to start from. Not for `live`."""

    callback_url: Url | None = None
    """Address that receives the task's events. Secret if it has a query or user info."""

    retry_interval: Immutable[
        ServerDefault[Annotated[Annotated[int, Field(ge=60)] | None, UnsetMeans(60)]]
    ] = None
    """Seconds between attempts to pull again, 60 to 300."""

    retry_count: Immutable[
        ServerDefault[Annotated[Annotated[int, Field(ge=0)] | None, UnsetMeans(3)]]
    ] = None
    """How many times to retry a pull."""

    req_auth: Text | None = None
    """Passed on unchanged; the vendor does not document it."""

    auth_key: Secret[Text | None] = None
    """Passed on unchanged; the vendor does not document it. Secret."""

    notify_item_switch: Text | None = None
    """Passed on unchanged; the vendor does not document it."""

    running: UpdateOnly[ServerDefault[bool | None]] = None
    """Whether the task should run within its time: `false` stops it, `true` restarts it. If unset,
    it is left as it is."""

    task_id: Immutable[ReadOnly[str | None]] = None
    """The vendor's id of the task, without the region."""

    status: ReadOnly[str | None] = None
    """`idle` before the start, `running`, `recovering`, `stopped` or `exited`; `expired` after the
    vendor removed it."""

    task_invalid_reason: ReadOnly[str | None] = None
    """Why the task stopped."""

    task_exit_reason: ReadOnly[str | None] = None
    """Why the task exited."""

    task_exit_time: ReadOnly[UnixSeconds[Instant | None]] = None
    """When the task exited."""

    current_file_index: ReadOnly[int | None] = None
    """Index of the file that is playing."""

    current_offset: ReadOnly[int | None] = None
    """Seconds into the file that is playing."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the combination of fields."""
        # Older pages limit the window to 7 days; the newest does not mention a limit.
        yield from rules.window(self.start_time, self.end_time, now, strict=False)
        yield from self._live_rules() if self.source_type == "live" else self._file_rules()
        if self.source_type != "vod":
            for index, url in enumerate(self.source_urls):
                if split_url(url) is None:
                    yield Failure(("source_urls", index), "must be a full address")
                yield from rules.address(("source_urls", index), url, SCHEMES)
        yield from rules.destination(("dst_url",), self.dst_url, ("rtmp",))
        yield from rules.outlives_signature(("dst_url",), self.dst_url, self.end_time)
        if self.callback_url:
            yield from rules.reachable(("callback_url",), self.callback_url)
        if self.running is False and self.start_time > now:
            yield Caution(
                ("running",),
                "has no effect before the start: the task will start, and the next "
                "`pulumi up` after a refresh stops it",
            )
        for name in ("req_auth", "auth_key", "notify_item_switch"):
            if getattr(self, name) is not None:
                yield Caution((name,), "is not documented by the vendor")

    def _live_rules(self) -> Iterator[Finding]:
        if len(self.source_urls) > 1:
            yield Failure(("source_urls",), "must be one address for a live source")
        if self.source_protocol is None:
            yield Failure(("source_protocol",), "is required for a live source")
        for name in ("repeat_number", "file_index", "offset"):
            if getattr(self, name) is not None:
                yield Caution((name,), "has no effect on a live source")

    def _file_rules(self) -> Iterator[Finding]:
        if len(self.source_urls) > MOST_FILES:
            yield Failure(("source_urls",), f"must be at most {MOST_FILES} files")
        if self.source_protocol is not None:
            yield Caution(("source_protocol",), "has an effect on a live source only")
        yield from rules.repeated(("source_urls",), self.source_urls)

    def only_one(self) -> str:
        """See `Resource`. The address is unique among all tasks of the account."""
        return self.dst_url

    def create(self, api: AlicloudLive) -> str:
        """Source: CreateLivePullToPush."""
        region = api.region(self.region)
        try:
            answer = api.call("CreateLivePullToPush", self.to_wire(), region=region)
        except Conflict as conflict:
            with suppress(LivePullError):  # The other task's id only improves the message.
                for holder, _ in self.list_like(api):
                    conflict.holder = holder
                    conflict.hint = (
                        f'The task "{holder}" pushes there: delete it, or set `adopt` to that id.'
                    )
            raise
        return f"{region}/{required_text(answer, 'TaskId')}"

    @classmethod
    def read(cls, api: AlicloudLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: DescribeLivePullToPush, which shows a task for a while after its end."""
        region, task_id = api.place(resource_id)
        try:
            answer = api.call("DescribeLivePullToPush", {"TaskId": task_id}, region=region)
        except NotFound:
            return None
        task = _flat(answer, region)
        return None if _is_deleted(task) else task

    @classmethod
    def update_effect(cls, old: Mapping[str, Any], changed: Set[str], *, on_air: bool) -> Effect:
        """Report an interruption. Source: UpdateLivePullToPush, RestartLivePullToPush."""
        if not changed - AT_ONCE - {"running"}:
            return NO_EFFECT
        if on_air:
            return Effect("restarts", "is interrupted: stopped, changed and restarted")
        if old.get("status") == "stopped":
            return Effect("starts", "is restarted with its new settings")
        return NO_EFFECT

    def update(self, api: AlicloudLive, resource_id: str, changed: Set[str]) -> None:
        """Source: UpdateLivePullToPush, StopLivePullToPush, RestartLivePullToPush."""
        region, task_id = api.place(resource_id)
        settings = changed - {"running"}
        status = self._status(api, resource_id)
        wire = {"TaskId": task_id} | self.to_wire(settings, settings)
        if status in ALIVE and "start_time" in settings and self.start_time > api.vendor_now():
            raise ConfigError(
                f"{self.label()} update failed: {resource_id} runs already, so its start cannot "
                "move into the future",
                "Undo that, or make a new task: pulumi up --replace <its URN>.",
            )
        if settings - AT_ONCE and status in ALIVE:
            self._interrupt(api, resource_id, wire)
        elif settings:
            api.call("UpdateLivePullToPush", wire, region=region)
            begun = self.start_time <= api.vendor_now()
            if settings - AT_ONCE and status == "stopped" and begun and self.running is not False:
                self._restart(api, resource_id)
        if "running" in changed and self.running is False:
            self._stop(api, resource_id)
        elif "running" in changed and self._status(api, resource_id) == "stopped":
            self._restart(api, resource_id)

    @classmethod
    def delete(cls, api: AlicloudLive, resource_id: str) -> None:
        """Source: DeleteLivePullToPush. A running task is stopped."""
        region, task_id = api.place(resource_id)
        try:
            api.call("DeleteLivePullToPush", {"TaskId": task_id}, region=region)
        except NotFound:
            return  # The page lists this code. A task that has ended may still be described.

    @classmethod
    def list_all(
        cls, api: AlicloudLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: DescribeLivePullToPushList. Its filters are fuzzy, so results are filtered
        again."""
        region, wanted = api.region(where.get("region")), where.get("dst_url", "")
        for found in api.tasks(region, **{"DstUrl": wanted} if wanted else {}):
            task = _flat(found, region)
            if not _is_deleted(task) and task.get("DstUrl") == (wanted or task.get("DstUrl")):
                own_id = text_in(task, "TaskId")
                yield own_id and f"{region}/{own_id}", task

    def list_like(self, api: AlicloudLive) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the task with this destination, unless it has ended."""
        for resource_id, task in super().list_like(api):
            if task["Status"] != "exited":
                yield resource_id, task

    @classmethod
    def _status(cls, api: AlicloudLive, resource_id: str) -> str:
        task = cls.read(api, resource_id)
        return str(task["Status"]) if task else "gone"

    def _interrupt(self, api: AlicloudLive, resource_id: str, wire: Mapping[str, Any]) -> None:
        """Stop, change and restart. If the change fails, the task continues with its old
        settings."""
        region, _ = api.place(resource_id)
        settings = "old"
        try:
            self._stop(api, resource_id)
            settings = "old or new"
            api.call("UpdateLivePullToPush", wire, region=region)
            settings = "new"
        except LivePullError as error:
            if settings == "old or new" and not getattr(error, "sent", False):
                settings = "old"
            error.hint = f"{error.hint} {self._brought_back(api, resource_id, settings)}".strip()
            raise
        if self.running is False:
            return
        try:
            self._restart(api, resource_id)
        except LivePullError as error:
            left = (
                "and may be stopped or running"
                if getattr(error, "sent", False)
                else "but is stopped. Set `running` to true to restart it"
            )
            error.hint = f"{error.hint} The task has its new settings {left}.".strip()
            raise

    def _brought_back(self, api: AlicloudLive, resource_id: str, settings: str) -> str:
        """Restart a task after a failed change, and say in which state it is."""
        try:
            if self._status(api.undisturbed(), resource_id) == "stopped":
                self._restart(api, resource_id)
        except LivePullError as error:
            return (
                f"The task was stopped for the change and could not be restarted ({error.what}): "
                f"it is stopped, with its {settings} settings."
            )
        return f"The task was stopped for the change; it runs again with its {settings} settings."

    def _stop(self, api: AlicloudLive, resource_id: str) -> None:
        region, task_id = api.place(resource_id)
        try:
            api.call("StopLivePullToPush", {"TaskId": task_id}, region=region)
        except ApiError as error:
            if error.code != "CodeTaskHasStopped":
                raise
        api.wait_until(
            lambda: self._status(api, resource_id) not in ALIVE, f"{resource_id} to stop"
        )

    def _restart(self, api: AlicloudLive, resource_id: str) -> None:
        """Restart it, even if the operation is cancelled, so that it does not stay off air."""
        region, task_id = api.place(resource_id)
        api.undisturbed().call("RestartLivePullToPush", {"TaskId": task_id}, region=region)
        api.wait_until(lambda: self._status(api, resource_id) != "stopped", f"{resource_id} to run")


def _is_deleted(task: Mapping[str, Any]) -> bool:
    """Return whether a task was ended before its time. Such a task is still shown for a while."""
    return task["Status"] == "exited" and task.get("TaskExitReason") != "OverEndTime"


def _flat(answer: Mapping[str, Any], region: str) -> dict[str, Any]:
    """Return a task's settings and status as one mapping, with the names of the request."""
    info = answer.get("TaskInfo")
    if not isinstance(info, dict):
        raise incomplete("TaskInfo")
    task = {**answer, **info}
    status = _status_of(answer.get("TaskStatus"))
    return {
        **task,
        "Region": region,
        "Status": status,
        # Only these show whether `running` is as requested.
        **({"Running": status in ALIVE} if status in {*ALIVE, "stopped"} else {}),
        # The answer spells it differently from the request.
        "CallbackUrl": task.get("CallbackURL", task.get("CallbackUrl")),
    }


def _status_of(known: object) -> str | None:
    """Return the word for a status. An undocumented one is returned unchanged."""
    return None if known is None else STATUS.get(str(known), str(known))
