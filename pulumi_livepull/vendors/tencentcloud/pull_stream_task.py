"""tencentcloud.PullStreamTask: a relay task of Tencent Cloud CSS."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import Len
from pydantic import AfterValidator, Field

from pulumi_livepull.core import rules
from pulumi_livepull.core.answers import read_only, required_text, text_in
from pulumi_livepull.core.on_air import NO_EFFECT, Airtime, Effect
from pulumi_livepull.core.property import Path
from pulumi_livepull.core.resource import (
    Caution,
    Failure,
    Finding,
    Identity,
    Ignored,
    Listing,
    Resource,
    Unshown,
)
from pulumi_livepull.core.traits import (
    CarriesKey,
    Documented,
    Immutable,
    Local,
    OmittedToClear,
    ReadOnly,
    Secret,
    ServerDefault,
    UnsetMeans,
    UpdateOnly,
    WriteOnly,
)
from pulumi_livepull.core.types import (
    PASCAL_CASE,
    Domain,
    Instant,
    Part,
    Text,
    Unordered,
    Url,
    instant_text,
    is_private,
    objects,
)
from pulumi_livepull.errors import Duplicate, LivePullError, NotFound, TransportError
from pulumi_livepull.vendors.tencentcloud.wire import RunWish

if TYPE_CHECKING:
    from pulumi_livepull.vendors.tencentcloud.client import TencentLive

LIVE, FILES, PICTURE = "PullLivePushLive", "PullVodPushLive", "PullPicPushLive"
SOURCES = ("http", "https", "rtmp", "rtmps", "rtsp", "srt")
TARGETS = ("rtmp", "rtmps", "rtsp", "rtp", "srt")
FILE_EVENTS = ("VodSourceFileStart", "VodSourceFileFinish")
EVENTS = ("TaskStart", "TaskExit", "TaskAlarm", "ResetTaskConfig", *FILE_EVENTS)
PLACE = ("domain_name", "app_name", "stream_name")
FILES_ONLY = ("vod_loop_times", "vod_refresh_type", "file_index", "offset_time", "vod_local_mode")
MOST_FILES, MOST_WATERMARKS, MOST_COMMENT_BYTES = 30, 4, 512
LAST_COMMON_LETTER = 0xFFFF
LONGEST = timedelta(days=30)

ASIDE = frozenset(
    {"end_time", "callback_events", "callback_url", "comment", "watermark_list", "running"}
)
"""What interrupts no stream: the vendor says so of the end (models.ModifyLivePullStreamTaskRequest)
and when a new watermark shows; the others are not made of it."""

PLAYLIST = frozenset({"source_urls", "file_index", "offset_time"})
RESTARTS = Effect("restarts", "is interrupted: restarted")
MOVES_ON = Effect("restarts", "is interrupted: it breaks off and pushes to the new address")
JUMPS = Effect("restarts", "goes on with the new files as `vod_refresh_type` says")
MAY_STOP = Effect(
    "restarts", "may be interrupted: the vendor does not say what an update does on air"
)


def _set(number: int | None) -> int | None:
    return number or None


Percent = Annotated[Annotated[int, Field(ge=0)] | None, AfterValidator(_set)]
"""A share of the stream's size. Zero is what leaving it out means, and how a reply may show that.

Source: models.PullPushWatermarkInfo.
"""

Corner = Annotated[Annotated[int, Field(ge=0, le=3)] | None, AfterValidator(_set)]
"""A corner of the picture; likewise."""


class Watermark(Part):
    """A picture over the stream. Lengths are in percent of the stream's."""

    picture_url: Url
    """Address of the picture: png, jpg or the like, without any of `` ;(){}$>`#"'| ``."""

    x_position: Percent = None
    """How far from the corner, horizontally."""

    y_position: Percent = None
    """How far from the corner, vertically."""

    width: Percent = None
    """Its width. Set either this or `height`, and the other one follows."""

    height: Percent = None
    """Its height."""

    location: Corner = None
    """Corner: 0 upper left, 1 upper right, 2 lower right, 3 lower left."""

    def rules(self, path: Path) -> Iterator[Finding]:
        """Yield what is doubtful about the watermark at `path`."""
        yield from rules.reachable((*path, "pictureUrl"), self.picture_url)
        if set(self.picture_url) & set(";(){}$>`#\"'|"):
            yield Caution((*path, "pictureUrl"), "should hold none of ;(){}$>`#\"'|")


class PullStreamTask(Resource, token="livepull:tencentcloud:PullStreamTask"):
    """Pull a live stream, files one after another or a picture, and push it to a domain or an
    address.

    What the vendor never shows stays in the stack as it was set: `to_url`, `extra_cmd`,
    `file_index`, `offset_time` and `backup_vod_url`. Two tasks that push to full addresses can
    therefore not be told apart: only tasks for a domain are checked for duplicates. If an `up` is
    killed, the next one makes a second task for a full address, unless `specify_task_id` is set.

    Source: https://www.tencentcloud.com/document/product/267/48357
    """

    identity = Identity(
        named_by=(PLACE, ("comment",)),
        id_form="region/id, such as ap-guangzhou/3572",
        created="create_time",
        duplicates_within="region",
    )
    listing = Listing(by=("region",), partial=True)
    example = MappingProxyType(
        {
            "source_type": LIVE,
            "source_urls": ["rtmp://origin.example.com/live/main"],
            "domain_name": "push.example.com",
            "app_name": "live",
            "stream_name": "main",
            "start_time": "2030-01-01T20:00:00+08:00",
            "end_time": "2030-01-01T22:00:00+08:00",
        }
    )

    model_config = PASCAL_CASE

    # Source of `moves_to_past`: models.ModifyLivePullStreamTaskRequest, `StartTime`.
    airtime = Airtime(
        target=PLACE,
        address="to_url",
        off=frozenset({"pause", "expired"}),
        moves_to_past=False,
    )

    region: Local[Immutable[ServerDefault[Text | None]]] = None
    """Region that runs the task, such as `ap-guangzhou`. If unset, the configured region."""

    source_type: Immutable[Literal["PullLivePushLive", "PullVodPushLive", "PullPicPushLive"]]
    """`PullLivePushLive` relays one live stream; `PullVodPushLive` plays files one after another;
    `PullPicPushLive` shows a picture."""

    source_urls: Annotated[list[Url], Len(1)]
    """What to pull, in play order: one live stream, or up to 30 files.

    Secret if one of them has a query or user info, because that is where keys are. The vendor
    blocks accounts that pull from private addresses.
    """

    domain_name: Immutable[Domain | None] = None
    """Push domain to push to. Not together with `to_url`."""

    app_name: Immutable[Text | None] = None
    """App name to push to, with `domain_name`."""

    stream_name: Immutable[Text | None] = None
    """Stream name to push to, with `domain_name`."""

    push_args: Immutable[Secret[Text | None]] = None
    """Arguments to push with, such as `bak=1&test=2`. Secret: they usually sign the push."""

    to_url: WriteOnly[Secret[Url | None]] = None
    """Full address to push to, instead of `domain_name`, `app_name` and `stream_name`.

    Secret: it usually carries a signature, which must last until the task ends. The vendor never
    shows it. A change breaks the stream off.
    """

    backup_to_url: Secret[Url | None] = None
    """Second address to push to, at the same time. Secret."""

    start_time: Instant
    """When the task starts, RFC 3339."""

    end_time: Instant
    """When the task stops, RFC 3339: after `start_time` and less than 30 days later.

    A later time prolongs a running task without an interruption. A task that has ended stays in the
    stack as it is. To run it again, set a later time, which replaces it.
    """

    vod_loop_times: Annotated[Annotated[int, Field(ge=-1)] | None, UnsetMeans(-1)] = None
    """How often the files are repeated: `-1` endlessly, `0` not at all. Files only."""

    vod_refresh_type: ServerDefault[Literal["ImmediateNewSource", "ContinueBreakPoint"] | None] = (
        None
    )
    """What a change of the files plays next: `ImmediateNewSource` the new ones at once,
    `ContinueBreakPoint` first what is playing. If unset, the vendor chooses. Files only."""

    file_index: WriteOnly[ServerDefault[Annotated[int, Field(ge=1)] | None]] = None
    """Which file plays first, from 1, in the first round only. The vendor forgets it 24 hours
    after the creation. Leaving it out later changes nothing. Files only."""

    offset_time: WriteOnly[ServerDefault[Annotated[int, Field(ge=0)] | None]] = None
    """Seconds into the file of `file_index` to start from. Leaving it out later changes nothing.
    Files only."""

    vod_local_mode: Annotated[Annotated[int, Field(ge=0, le=1)] | None, UnsetMeans(0)] = None
    """1 downloads MP4 files before they play, which costs extra; 0 does not. Files only."""

    backup_source_type: Annotated[Text, Documented(LIVE, FILES)] | None = None
    """Kind of the backup source: `PullLivePushLive` or `PullVodPushLive`. Set it together with
    `backup_source_url`."""

    backup_source_url: Url | None = None
    """Address to pull from while a live source fails. Secret if it has a query or user info."""

    backup_vod_url: UpdateOnly[WriteOnly[Url | None]] = None
    """File to play while the main source fails. The vendor takes it in a change only, so it is sent
    after the creation, and never shows it."""

    watermark_list: OmittedToClear[Annotated[list[Watermark] | None, objects(Watermark)]] = None
    """Up to 4 pictures over the stream. A change shows with the next file, or at once on a live
    source."""

    record_template_id: Immutable[Text | None] = None
    """Id of the template that records the stream."""

    transcode_template_name: Immutable[Text | None] = None
    """Name of the template that transcodes the stream, which is made in the console."""

    callback_events: Annotated[
        ServerDefault[Annotated[Unordered[Annotated[str, Documented(*EVENTS)]], Len(1)] | None],
        UnsetMeans(EVENTS),
    ] = None
    """Events to report to `callback_url`: `TaskStart`, `TaskExit`, `TaskAlarm`, `ResetTaskConfig`,
    and for files `VodSourceFileStart` and `VodSourceFileFinish`. If unset, all of them."""

    callback_url: Url | None = None
    """Address that receives the events. Secret if it has a query or user info."""

    comment: Text | None = None
    """Description: up to 512 bytes."""

    extra_cmd: Immutable[WriteOnly[Text | None]] = None
    """Other arguments, such as `ignore_region`, which lets the vendor choose where the task runs.

    The vendor never shows it: setting it for an imported task replaces that task.
    """

    specify_task_id: Local[Text | None] = None
    """An id of your own, which no other task of the account has. If unset, a random one.

    With it the vendor makes no second task if a request arrives twice. A creation is refused while
    another task has it: after an `up` that was killed, the next one therefore recognises the task,
    even if it pushes to `to_url`. A replacement needs another id, or the option
    `deleteBeforeReplace`. Whether the vendor takes the id of a deleted task again is not
    documented. A later change has no effect.
    """

    operator: Local[Text | None] = None
    """Who the vendor notes in `create_by` and `update_by`. If unset, the configured operator."""

    running: UpdateOnly[ServerDefault[RunWish | None]] = Field(
        default=None, serialization_alias="Status"
    )
    """Whether the task should run within its time: `false` pauses it, `true` resumes it. If unset,
    it is left as it is."""

    restart_trigger: WriteOnly[ServerDefault[Text | None]] = None
    """Any text, such as a date: when it changes, a running task is restarted, which interrupts the
    stream. Leaving it out restarts nothing."""

    task_id: Immutable[ReadOnly[str | None]] = None
    """The vendor's id of the task, without the region."""

    status: ReadOnly[str | None] = None
    """`enable` or `pause`; `expired` once it is gone after its end."""

    run_status: ReadOnly[str | None] = None
    """Whether it really runs: `active` or `inactive`."""

    file_url: ReadOnly[Annotated[Text, CarriesKey()] | None] = None
    """What the task pulls now. Secret if it has a query or user info."""

    file_duration: ReadOnly[int | None] = None
    """Length of the file that plays, in seconds."""

    played_time: ReadOnly[int | None] = None
    """Seconds into the file that plays, at `report_time`."""

    looped_times: ReadOnly[int | None] = None
    """How many rounds have been played."""

    next_file_url: ReadOnly[Annotated[Text, CarriesKey()] | None] = None
    """Which file plays next. Secret if it has a query or user info."""

    report_time: ReadOnly[Instant | None] = None
    """When the vendor last heard of the task."""

    create_time: Immutable[ReadOnly[Instant | None]] = None
    """When the task was made."""

    create_by: Immutable[ReadOnly[str | None]] = None
    """Who made it: the operator at that time."""

    update_time: ReadOnly[Instant | None] = None
    """When it was last changed."""

    update_by: ReadOnly[str | None] = None
    """Who last changed it: the operator at that time."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what the fields together get wrong."""
        yield from self._window_rules()
        yield from self._target_rules()
        yield from self._file_rules() if self.source_type == FILES else self._single_rules()
        yield from self._backup_rules()
        for name in ("source_urls", "backup_source_url", "backup_vod_url"):
            yield from self._address_rules(name)
        yield from self._limit_rules()
        if self.callback_url:
            yield from rules.reachable(("callback_url",), self.callback_url)

    def _window_rules(self) -> Iterator[Finding]:
        if self.end_time <= self.start_time:
            yield Failure(("end_time",), "must be later than `start_time`")
        elif self.end_time - self.start_time >= LONGEST:
            # The newest SDK says so, and older pages 7 days: the vendor decides.
            yield Caution(("end_time",), "should be less than 30 days after `start_time`")

    def _target_rules(self) -> Iterator[Finding]:
        if self.to_url:
            for name in PLACE:
                if getattr(self, name):
                    yield Failure((name,), "cannot be set together with `to_url`: choose one")
            yield from rules.destination(("to_url",), self.to_url, TARGETS)
            yield from rules.outlives_signature(("to_url",), self.to_url, self.end_time)
        elif not self.domain_name:
            yield Unshown(("domain_name",), "is missing: set it, or `to_url`")
        else:
            for name in PLACE:
                if not getattr(self, name):
                    yield Failure((name,), "is required with `domain_name`")
            yield from rules.plain_stream(("stream_name",), self.stream_name, "push_args")
        if self.backup_to_url:
            path = ("backup_to_url",)
            yield from rules.destination(path, self.backup_to_url, TARGETS)
            yield from rules.outlives_signature(path, self.backup_to_url, self.end_time)
        if self.push_args:
            signed = f"?{self.push_args}"
            yield from rules.outlives_signature(("push_args",), signed, self.end_time)

    def _single_rules(self) -> Iterator[Finding]:
        if self.source_type == LIVE and len(self.source_urls) > 1:
            yield Failure(("source_urls",), "must be one address for a live source")
        for name in FILES_ONLY:
            if getattr(self, name) is not None:
                yield Ignored((name,), f"has an effect on files only ({FILES})")
        for event in sorted(set(self.callback_events or ()) & set(FILE_EVENTS)):
            yield Caution(("callback_events",), f"has {event}, which comes from files only")

    def _file_rules(self) -> Iterator[Finding]:
        if len(self.source_urls) > MOST_FILES:
            yield Failure(("source_urls",), f"must be at most {MOST_FILES} files")
        if (self.file_index or 1) > len(self.source_urls):
            yield Failure(("file_index",), "is beyond the last of `source_urls`")
        if self.offset_time is not None and self.file_index is None:
            yield Caution(("offset_time",), "needs `file_index` beside it")
        yield from rules.repeated(("source_urls",), self.source_urls)

    def _backup_rules(self) -> Iterator[Finding]:
        kind, url = self.backup_source_type, self.backup_source_url
        if bool(kind) is not bool(url):
            missing = "backup_source_url" if kind else "backup_source_type"
            yield Failure((missing,), "is required: a backup source has a type and an address")
        elif url and self.source_type != LIVE:
            yield Caution(("backup_source_url",), f"has an effect on a live source only ({LIVE})")

    def _address_rules(self, name: str) -> Iterator[Finding]:
        """Yield what is wrong with what the vendor pulls. It blocks accounts for private ones."""
        given = getattr(self, name)
        for index, url in enumerate([given] if isinstance(given, str) else given or ()):
            path: Path = (name,) if isinstance(given, str) else (name, index)
            if is_private(url):
                yield Failure(
                    path, "is a private address: the vendor blocks accounts that pull from one"
                )
            else:
                yield from rules.address(path, url, SOURCES)

    def _limit_rules(self) -> Iterator[Finding]:
        # Source: models.CreateLivePullStreamTaskRequest, `Comment` and `WatermarkList`.
        if len((self.comment or "").encode()) > MOST_COMMENT_BYTES:
            yield Failure(("comment",), f"must be at most {MOST_COMMENT_BYTES} bytes")
        if any(ord(letter) > LAST_COMMON_LETTER for letter in self.comment or ""):
            yield Caution(("comment",), "should have no emoji or other special characters")
        marks = self.watermark_list or []
        if len(marks) > MOST_WATERMARKS:
            yield Failure(("watermark_list",), f"must be at most {MOST_WATERMARKS}")
        if len({(mark.location, mark.x_position, mark.y_position) for mark in marks}) < len(marks):
            yield Caution(("watermark_list",), "should have each picture in a place of its own")
        for index, mark in enumerate(marks):
            yield from mark.rules(("watermark_list", index))

    @classmethod
    def update_effect(cls, old: Mapping[str, Any], changed: Set[str], *, on_air: bool) -> Effect:
        """Tell of an interruption.

        Source: models.ModifyLivePullStreamTaskRequest, `ToUrl` and `VodRefreshType`, and
        RestartLivePullStreamTask. Of a live source's new address it says nothing.
        """
        if not on_air or not changed - ASIDE:
            return NO_EFFECT
        if "restart_trigger" in changed:
            return RESTARTS
        if "to_url" in changed:
            return MOVES_ON
        only_files = old.get("source_type") == FILES and changed - ASIDE <= PLAYLIST
        return JUMPS if only_files else MAY_STOP

    def create(self, api: TencentLive) -> str:
        """Source: models.CreateLivePullStreamTaskRequest."""
        region, body = api.region(self.region), self.to_wire()
        body.pop("RestartTrigger", None)
        if self.to_url:
            body |= {self.properties()[name].wire_name: "" for name in PLACE}
        if self.vod_loop_times is not None:
            body["VodLoopTimes"] = str(self.vod_loop_times)  # A number everywhere else.
        body["Operator"] = self.operator or api.operator
        if self.specify_task_id:
            _refuse_held(api, region, self.specify_task_id)
        body["SpecifyTaskId"] = self.specify_task_id or secrets.token_hex(16)
        return f"{region}/{_made_once(api, region, body)}"

    @classmethod
    def read(cls, api: TencentLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: models.DescribeLivePullStreamTasksRequest and …TaskStatusRequest."""
        region, task_id = api.place(resource_id)
        task = _task(api, region, TaskId=task_id)
        return _in_our_words(task, region, _progress(api, region, task)) if task else None

    def update(self, api: TencentLive, resource_id: str, changed: Set[str]) -> None:
        """Source: models.ModifyLivePullStreamTaskRequest. What it leaves out stays as it is."""
        region, task_id = api.place(resource_id)
        settings = self.to_wire(changed - {"restart_trigger"}, changed)
        if "watermark_list" in changed and not self.watermark_list:
            settings["WatermarkList"] = []
        if "start_time" in changed and self._has_started(api, region, task_id):
            del settings["StartTime"]
        who = {"TaskId": task_id, "Operator": self.operator or api.operator}
        if settings:
            api.call("ModifyLivePullStreamTask", {**who, **settings}, region=region)
        if "running" in changed and self.running is not None:
            wish = "resume" if self.running else "pause"
            api.wait_until(
                lambda: self._is_as_wished(api, region, task_id), f"{resource_id} to {wish}"
            )
        if "restart_trigger" in changed and self._runs(api, region, task_id):
            api.call("RestartLivePullStreamTask", who, region=region)

    def _runs(self, api: TencentLive, region: str, task_id: str) -> bool:
        """Return whether the task is within its time and nothing shows that it is paused."""
        if not self.start_time <= api.vendor_now() < self.end_time:
            return False
        shown = self.from_wire(_task(api, region, TaskId=task_id) or {})
        return shown.get("running") is not False

    def _has_started(self, api: TencentLive, region: str, task_id: str) -> bool:
        """Return whether the vendor has this very start already, which it takes no more."""
        if self.start_time > api.vendor_now():
            return False
        shown = self.from_wire(_task(api, region, TaskId=task_id) or {})
        return bool(shown.get("start_time") == self.to_inputs()["start_time"])

    def _is_as_wished(self, api: TencentLive, region: str, task_id: str) -> bool:
        """Return whether nothing shows that the task does otherwise than it should.

        One that has ended does nothing any more.
        """
        if self.end_time <= api.vendor_now():
            return True
        shown = self.from_wire(_task(api, region, TaskId=task_id) or {}).get("running")
        return shown is None or shown is self.running

    @classmethod
    def delete(cls, api: TencentLive, resource_id: str) -> None:
        """Source: models.DeleteLivePullStreamTaskRequest. A running task is stopped."""
        region, task_id = api.place(resource_id)
        who = {"TaskId": task_id, "Operator": api.operator}
        api.call("DeleteLivePullStreamTask", who, region=region)

    @classmethod
    def full_id(cls, api: TencentLive, given: str) -> str:
        """Return the id with its region, which is the configured one unless it is given."""
        return api.full_id(given)

    @classmethod
    def list_all(
        cls, api: TencentLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: models.DescribeLivePullStreamTasksRequest. It has no filter by destination.

        It does not tell how a task is doing, so a refresh looks at each. Whether a list has the
        tasks of other regions is not documented: those are left out.
        """
        region = api.region(where.get("region"))
        for task in api.tasks(region):
            if task.get("Region") in (None, "", region):
                own_id = text_in(task, "TaskId")
                yield own_id and f"{region}/{own_id}", _in_our_words(task, region, {})


def _refuse_held(api: TencentLive, region: str, own: str) -> None:
    """Raise `Duplicate` if a task has this id of our own: the vendor may answer with that task."""
    with read_only():
        held = _task(api, region, SpecifyTaskId=own)
    if held:
        holder = f"{region}/{required_text(held, 'TaskId')}"
        raise Duplicate(
            f'"{holder}" has the `specify_task_id` "{own}" already',
            "Set `adopt` to that id to take the task over, as after a run that was killed "
            "(livepull:adoptSame does so for all), or choose another `specify_task_id`.",
            holder,
        )


def _made_once(api: TencentLive, region: str, body: Mapping[str, Any]) -> str:
    """Return the id of the task that is made, once, even if answers are lost.

    Source: models.CreateLivePullStreamTaskRequest, `SpecifyTaskId`: sent again with the same one,
    a request makes no second task, and it can be looked for by it. Whether the vendor then answers
    with the first task or with an error is not documented: either will do.
    """
    own = str(body["SpecifyTaskId"])
    try:
        return _made(api, region, body)
    except TransportError as lost:
        if not lost.sent:
            raise
        if task_id := _find(api, region, own):
            return task_id
        with suppress(LivePullError):
            return _made(api, region, body)
        if task_id := _find(api, region, own):
            return task_id
        raise


def _made(api: TencentLive, region: str, body: Mapping[str, Any]) -> str:
    return required_text(api.call("CreateLivePullStreamTask", body, region=region), "TaskId")


def _find(api: TencentLive, region: str, own: str) -> str:
    """Return the id of the task with an id of our own, empty if it cannot be found."""
    with suppress(LivePullError):
        task = _task(api.undisturbed(), region, SpecifyTaskId=own)
        return text_in(task, "TaskId") if task else ""
    return ""


def _task(api: TencentLive, region: str, **which: str) -> Mapping[str, Any] | None:
    """Return the task with an id, or `None` if there is none."""
    try:
        listed = list(api.tasks(region, **which))
    except NotFound:
        return None
    wanted = which.get("TaskId")
    ids = [(required_text(task, "TaskId"), task) for task in listed]
    return next((task for own_id, task in ids if own_id == (wanted or own_id)), None)


def _progress(api: TencentLive, region: str, task: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return how a task is doing, empty where nobody tells: that hides nothing of the task.

    One that is paused or out of its time does nothing.
    """
    now = instant_text(api.vendor_now())
    start, end = str(task.get("StartTime") or ""), str(task.get("EndTime") or "")
    if task.get("Status") == "pause" or not start <= now < end:
        return {"RunStatus": "inactive"}
    with suppress(LivePullError):
        asked = {"TaskId": required_text(task, "TaskId")}
        found = api.call("DescribeLivePullStreamTaskStatus", asked, region=region)
        recent, info = task.get("RecentPullInfo"), found.get("TaskStatusInfo")
        known = [each for each in (recent, info) if isinstance(each, dict)]
        return {name: value for each in known for name, value in each.items()}
    return {}


def _in_our_words(
    task: Mapping[str, Any], region: str, progress: Mapping[str, Any]
) -> dict[str, Any]:
    # `OffsetTime` is an input's name as well.
    doing: dict[str, Any] = {
        "PlayedTime" if name == "OffsetTime" else name: progress[name] for name in progress
    }
    shown = {**doing, **task, "Region": region}
    # Of a task without files, these are no wishes (assumption A142).
    fields = PullStreamTask.properties()
    aside = set() if task.get("SourceType") == FILES else {fields[n].wire_name for n in FILES_ONLY}
    return {name: value for name, value in shown.items() if name not in aside}
