"""huaweicloud.PullTask: a relay task of Huawei Cloud Live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import Len
from pydantic import Field

from pulumi_livepull.core import rules
from pulumi_livepull.core.answers import required_text, text_in
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
from pulumi_livepull.core.types import Domain, Instant, Text, Unordered, Url, split_url
from pulumi_livepull.vendors.huaweicloud.wire import IntegerText, RunWish

if TYPE_CHECKING:
    from pulumi_livepull.vendors.huaweicloud.client import HuaweiLive

TASK = "/v1/{project_id}/pull/stream/task"
MOST_FILES = 30
LIVE_SCHEMES = ("rtmp", "rtmps", "http", "https", "srt", "rtsp")
FILE_EVENTS = ("VodSourceFileStart", "VodSourceFileFinish", "ResetTaskConfig")
EVENTS = ("TaskStart", "TaskExit", "TaskAlarm", *FILE_EVENTS)
PLAYLIST = frozenset({"source_urls", "vod_start_video_index", "vod_start_video_time"})
JUMPS = Effect("restarts", "goes on with the new files as `vod_refresh_type` says")


class PullTask(RegionalResource, token="livepull:huaweicloud:PullTask"):
    """Pull a live stream, or video files one after another, and push it to an ingest domain.

    The vendor changes a task that plays files in place. A task that relays a live stream is
    replaced; the old task is deleted first, because two would fight over the stream.

    Source: https://support.huaweicloud.com/intl/en-us/api-live/CreatePullTask.html
    """

    identity = Identity(
        named_by=(("domain", "app_name", "stream_name"),),
        id_form="region/id, such as cn-north-4/7864b3dc",
        created="create_time",
        account="project_id",
        duplicates_within="region",
    )
    listing = Listing(by=("region",))
    example = MappingProxyType(
        {
            "source_type": "PullLivePushLive",
            "source_urls": ["rtmp://origin.example.com/live/main"],
            "domain": "push.example.com",
            "app_name": "live",
            "stream_name": "main",
            "start_time": "2030-01-01T20:00:00+08:00",
            "end_time": "2030-01-01T22:00:00+08:00",
        }
    )

    # Assumption A136: a paused task has one of these statuses. No page lists them.
    airtime = Airtime(
        target=("domain", "app_name", "stream_name"),
        address="destination_url",
        off=frozenset({"pause", "paused"}),
    )
    # The vendor accepts a change of a live task and ignores it (api-live/ModifyPullTask.html).
    frozen_if = MappingProxyType({"source_type": "PullLivePushLive"})

    region: Immutable[ServerDefault[Text | None]] = None
    """Region that runs the task: that of the ingest domain. If unset, the configured region."""

    source_type: Immutable[Literal["PullLivePushLive", "PullVodPushLive"]]
    """`PullLivePushLive` relays one live stream; `PullVodPushLive` plays files one after another.
    """

    source_urls: Annotated[list[Url], Len(1)]
    """Addresses to pull from, in play order: one live stream, or up to 30 files.

    Secret if one of them has a query or user info, because these may contain keys.
    """

    domain: Immutable[Domain | None] = None
    """Ingest domain to push to. Not together with `destination_url`."""

    app_name: Immutable[Text | None] = None
    """App name to push to, with `domain`."""

    stream_name: Immutable[Text | None] = None
    """Stream name to push to, with `domain`."""

    push_args: Immutable[Secret[Text | None]] = None
    """Arguments to push with, such as `arg1=value1`. Secret: they usually sign the push."""

    destination_url: Immutable[Secret[Url | None]] = None
    """Full address to push to, instead of `domain`, `app_name` and `stream_name`.

    Secret: it usually carries a stream key.
    """

    start_time: ServerDefault[Instant | None] = None
    """When the task starts, RFC 3339. If unset, at once."""

    end_time: ServerDefault[Instant | None] = None
    """When the task stops, RFC 3339: after `start_time` and at most 7 days later.

    An ended task stays in the stack as it is. To run it again, set a later time, which replaces it.
    """

    vod_loop_time: Annotated[IntegerText | None, UnsetMeans(-1)] = None
    """How often the list of files plays; `-1` repeats it until `end_time`. Files only."""

    vod_refresh_type: Annotated[
        Literal["immediate_new_source", "continue_from_file_start", "continue_from_break_point"]
        | None,
        UnsetMeans("immediate_new_source"),
    ] = None
    """What a running task plays after a change: the new files at once, the interrupted file from
    its start, or the interrupted file from where it stopped. Files only."""

    vod_start_video_index: Annotated[Annotated[int, Field(ge=0)] | None, UnsetMeans(0)] = None
    """Which file plays first, from 0. Files only."""

    vod_start_video_time: Annotated[Annotated[int, Field(ge=0)] | None, UnsetMeans(0)] = None
    """Seconds into the first file to start from. Files only."""

    backup_source_type: Immutable[Annotated[Text, Documented("PullLivePushLive")] | None] = None
    """Kind of the backup source: `PullLivePushLive`. Set it together with `backup_source_urls`."""

    backup_source_urls: Immutable[list[Url] | None] = None
    """Addresses to pull from while the main source fails."""

    callback_events: Annotated[
        ServerDefault[Annotated[Unordered[Annotated[str, Documented(*EVENTS)]], Len(1)] | None],
        UnsetMeans(EVENTS),
    ] = None
    """Events to report to `callback_url`: `TaskStart`, `TaskExit`, `TaskAlarm`, and for files
    `VodSourceFileStart`, `VodSourceFileFinish`, `ResetTaskConfig`. If unset, all of them."""

    callback_url: Immutable[Annotated[Text, CarriesKey()] | None] = None
    """Address that receives the events. Secret if it has a query or user info."""

    running: UpdateOnly[ServerDefault[RunWish | None]] = Field(
        default=None, serialization_alias="status"
    )
    """Whether a file task should run: `false` pauses it, `true` resumes it. If unset, it is left as
    it is. Files only."""

    task_id: Immutable[ReadOnly[str | None]] = None
    """The vendor's id of the task, without the region."""

    project_id: Immutable[ReadOnly[str | None]] = None
    """Project that holds the task."""

    status: ReadOnly[str | None] = None
    """The vendor's status of the task, such as `running`."""

    create_time: Immutable[ReadOnly[Instant | None]] = None
    """When the task was created."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the combination of fields."""
        yield from self._target_rules()
        yield from rules.window(self.start_time, self.end_time, now)
        yield from self._live_rules() if self._is_live else self._file_rules()
        yield from self._backup_rules()
        yield from self._address_rules()

    @property
    def _is_live(self) -> bool:
        return self.source_type == "PullLivePushLive"

    def _target_rules(self) -> Iterator[Finding]:
        if self.domain and self.destination_url:
            yield Failure(("domain",), "cannot be set together with `destination_url`: choose one")
        elif self.destination_url and (self.app_name or self.stream_name):
            yield Failure(
                ("destination_url",), "is the full address: leave out `app_name` and `stream_name`"
            )
        elif not self.domain and not self.destination_url:
            yield Failure(("domain",), "is missing: set `domain` or `destination_url`")
        elif self.domain and not (self.app_name and self.stream_name):
            yield Caution(("domain",), "needs `app_name` and `stream_name` beside it")
        yield from rules.plain_stream(("stream_name",), self.stream_name, "destination_url")

    def _live_rules(self) -> Iterator[Finding]:
        if len(self.source_urls) > 1:
            yield Failure(("source_urls",), "must be one address for a live source")
        if self.running is not None:
            yield Failure(("running",), "is only for file tasks (`PullVodPushLive`)")
        for name in self.properties():
            if name.startswith("vod_") and getattr(self, name) is not None:
                yield Caution((name,), "has no effect on a live source")
        for event in sorted(set(self.callback_events or ()) & set(FILE_EVENTS)):
            yield Caution(
                ("callback_events",), f"has {event}, which never comes from a live source"
            )

    def _file_rules(self) -> Iterator[Finding]:
        if len(self.source_urls) > MOST_FILES:
            yield Failure(("source_urls",), f"must be at most {MOST_FILES} files")
        if self.vod_loop_time is not None and (self.vod_loop_time == 0 or self.vod_loop_time < -1):
            yield Failure(("vod_loop_time",), "must be -1 for endless, or at least 1")
        if (self.vod_start_video_index or 0) >= len(self.source_urls):
            yield Failure(("vod_start_video_index",), "is beyond the last of `source_urls`")
        yield from rules.repeated(("source_urls",), self.source_urls)

    def _backup_rules(self) -> Iterator[Finding]:
        # The SDK and the pages' tables say that a backup is for files, but the page's example sends
        # one with a live source. So neither is refused or causes a warning.
        if bool(self.backup_source_type) is not bool(self.backup_source_urls):
            yield Caution(("backup_source_urls",), "needs `backup_source_type`, and vice versa")

    def _address_rules(self) -> Iterator[Finding]:
        for name in ("source_urls", "backup_source_urls"):
            for index, url in enumerate(getattr(self, name) or ()):
                yield from rules.address((name, index), url, LIVE_SCHEMES)
        if self.destination_url:
            yield from rules.destination(("destination_url",), self.destination_url, LIVE_SCHEMES)
        signed = self.destination_url or f"?{self.push_args}"
        path = "destination_url" if self.destination_url else "push_args"
        yield from rules.outlives_signature((path,), signed, self.end_time)
        if self.callback_url and split_url(self.callback_url) is None:
            yield Caution(("callback_url",), "has no scheme: most likely it needs https://")
        elif self.callback_url:
            yield from rules.reachable(("callback_url",), self.callback_url)

    @classmethod
    def update_effect(cls, old: Mapping[str, Any], changed: Set[str], *, on_air: bool) -> Effect:
        """Report a playlist that jumps. Source: `vod_refresh_type` in api-live/ModifyPullTask.html.

        Assumption A137: only a change of the files or of the start position affects the playlist.
        """
        return JUMPS if on_air and changed & PLAYLIST else NO_EFFECT

    def create(self, api: HuaweiLive) -> str:
        """Source: api-live/CreatePullTask.html."""
        region = api.region(self.region)
        answer = api.call("POST", TASK, region=region, json=self.to_wire() | {"region": region})
        return f"{region}/{required_text(answer, 'task_id')}"

    @classmethod
    def read(cls, api: HuaweiLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: api-live/ListPullTasks.html; there is no call for a single task."""
        region, task_id = api.place(resource_id)
        found = api.pages(TASK, "task_infos", region=region, params={"task_id": task_id})
        task = next((task for task in found if required_text(task, "task_id") == task_id), None)
        return {"region": region, **task, "project_id": api.project(region)} if task else None

    def update(self, api: HuaweiLive, resource_id: str, changed: Set[str]) -> None:
        """Source: api-live/ModifyPullTask.html. It sends all fields, because missing ones may fall
        back to their defaults (assumption A138).
        """
        region, task_id = api.place(resource_id)
        settings = self.to_wire(self.mutable(), changed)
        api.call("PUT", TASK, region=region, json={"task_id": task_id, **settings})
        if "running" in changed and self.running is not None:
            wish = "go on" if self.running else "pause"
            api.wait_until(lambda: self._runs(api, resource_id), f"{resource_id} to {wish}")

    @classmethod
    def delete(cls, api: HuaweiLive, resource_id: str) -> None:
        """Source: api-live/DeletePullTask.html. A running task is stopped."""
        region, task_id = api.place(resource_id)
        api.call("DELETE", TASK, region=region, params={"task_id": task_id, "region": region})

    def _runs(self, api: HuaweiLive, resource_id: str) -> bool:
        """Return whether nothing shows that `running` differs from the input."""
        shown = self.from_wire(self.read(api, resource_id) or {}).get("running")
        return shown is None or shown is self.running

    @classmethod
    def list_all(
        cls, api: HuaweiLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: api-live/ListPullTasks.html. It has no filter by destination."""
        region = api.region(where.get("region"))
        for task in api.pages(TASK, "task_infos", region=region, params={"region": region}):
            known = {"region": region, "project_id": api.project(region)}
            own_id = text_in(task, "task_id")
            yield own_id and f"{region}/{own_id}", {**known, **task}
