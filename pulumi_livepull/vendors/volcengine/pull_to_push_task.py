"""volcengine.PullToPushTask: a relay task of Volcengine Live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Len
from pydantic import Field

from pulumi_livepull.core import rules
from pulumi_livepull.core.answers import required_text, text_in
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
)
from pulumi_livepull.core.traits import (
    AsGiven,
    Immutable,
    ReadOnly,
    Secret,
    ServerDefault,
    UnsetMeans,
    UpdateOnly,
)
from pulumi_livepull.core.types import PASCAL_CASE, Domain, Part, Text, Url, objects, split_url
from pulumi_livepull.errors import ApiError
from pulumi_livepull.vendors.volcengine.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.volcengine.wire import STATUS, Label, UnixSeconds

if TYPE_CHECKING:
    from pulumi_livepull.vendors.volcengine.client import VolcengineLive

LIVE, FILES = 0, 1
FILES_ONLY = ("cycle_mode", "play_times", "pre_download", "continue_strategy")
MOST_FILES = 30
DEFAULT_GROUP = "default"
SCHEMES = ("rtmp", "http", "https", "srt")
ASIDE = frozenset({"title", "callback_url", "running"})
"""Fields that do not affect the stream."""

MAY_STOP = Effect(
    "restarts", "may be interrupted: the vendor does not say what an update does on air"
)


class VodSource(Part):
    """A file to play, or a part of it."""

    src_addr: Url
    """Address of the file."""

    start_offset: float | None = None
    """Seconds into the file to start from."""

    end_offset: float | None = None
    """Seconds into the file to stop at."""

    def rules(self, path: Path) -> Iterator[Finding]:
        """Yield what is doubtful about the file at `path`."""
        yield from rules.reachable((*path, "srcAddr"), self.src_addr)
        # Only a warning: the page does not say that both are relative to the start of the file.
        if self.end_offset and self.end_offset <= (self.start_offset or 0):
            yield Caution((*path, "endOffset"), "is not after `startOffset`: nothing would play")


class Watermark(Part):
    """A picture over the stream."""

    picture: Text
    """The picture as a data URL: PNG or JPEG, up to 2 MB and 1080 by 1080 pixels."""

    ratio: float
    """Its width, as a share of the stream's, with two decimal places."""

    relative_pos_x: float
    """Where its left edge is, as a share of the stream's width: 0 or more and less than 1."""

    relative_pos_y: float
    """Where its upper edge is, as a share of the stream's height: 0 or more and less than 1."""

    def rules(self, path: Path) -> Iterator[Finding]:
        """Yield what is wrong with the watermark at `path`. The page gives no range of `ratio`."""
        if not self.picture.startswith("data:image/"):
            yield Failure((*path, "picture"), "must be a data URL: data:image/png;base64,…")
        for name, share in (
            ("relativePosX", self.relative_pos_x),
            ("relativePosY", self.relative_pos_y),
        ):
            if not 0 <= share < 1:
                yield Failure((*path, name), "must be at least 0 and less than 1")


class PullToPushTask(Resource, token="livepull:volcengine:PullToPushTask"):
    """Pull a live stream, or video files one after another, and push it to an address or a domain.

    Its id is `group/task`.

    Source: https://www.volcengine.com/docs/6469/1126891
    """

    identity = Identity(
        named_by=(("title",),),
        id_form="group/task, such as default/7123456789",
        duplicates_within="group_name",
    )
    listing = Listing(by=("group_name",))
    example = MappingProxyType(
        {
            "type": 0,
            "src_addr": "rtmp://origin.example.com/live/main",
            "dst_addr": "rtmp://push.example.com/live/main",
            "start_time": "2030-01-01T20:00:00+08:00",
            "end_time": "2030-01-01T22:00:00+08:00",
        }
    )

    model_config = PASCAL_CASE

    airtime = Airtime(
        target=("domain", "app", "stream"),
        address="dst_addr",
        off=frozenset({"stopped", "ended", "expired"}),
    )

    type: Immutable[Annotated[int, Field(ge=LIVE, le=FILES)]]
    """0 relays one live stream, 1 plays files."""

    src_addr: Url | None = None
    """Address of the live stream. Required for type 0."""

    vod_src_addrs: Annotated[Annotated[list[VodSource], Len(1)] | None, objects(VodSource)] = None
    """Files to play, in order, up to 30. Required for type 1.

    Secret if one of them has a query or user info, because these may contain keys.
    """

    dst_addr: Secret[AsGiven[ServerDefault[Url | None]]] = None
    """Full address to push to, instead of `domain`, `app` and `stream`.

    Secret: it usually carries a stream key.
    """

    domain: AsGiven[ServerDefault[Domain | None]] = None
    """Push domain of this account. Not together with `dst_addr`."""

    app: AsGiven[ServerDefault[Text | None]] = None
    """App name, with `domain`."""

    stream: AsGiven[ServerDefault[Text | None]] = None
    """Stream name, with `domain`."""

    start_time: UnixSeconds
    """When the task starts, RFC 3339."""

    end_time: UnixSeconds
    """When the task stops, RFC 3339: after `start_time` and at most 7 days later."""

    cycle_mode: ServerDefault[Annotated[int, Field(ge=-1)] | None] = None
    """How the files repeat: -1 endlessly, 0 as set by `play_times`, a larger number that many
    times. Required for type 1."""

    play_times: Annotated[Annotated[int, Field(ge=0)] | None, UnsetMeans(0)] = None
    """How many times the files play, if `cycle_mode` is 0. For type 1."""

    pre_download: Annotated[Annotated[int, Field(ge=0, le=1)] | None, UnsetMeans(1)] = None
    """1 downloads files in advance, 0 does not. For type 1."""

    continue_strategy: Annotated[Annotated[int, Field(ge=0, le=1)] | None, UnsetMeans(0)] = None
    """Where a task resumes after a break: 0 where it stopped, 1 where it would be by now. For type
    1."""

    callback_url: Url | None = Field(default=None, serialization_alias="CallbackURL")
    """Address that receives the task's events. Secret if it has a query or user info."""

    title: Label | None = None
    """Name of the task: up to 20 Chinese characters, letters and digits."""

    group_name: Immutable[ServerDefault[Label | None]] = None
    """Group of the task, such as the `name` of a `PullToPushGroup`; a sub-account must name one. If
    unset, `default`."""

    watermark: Annotated[Watermark | None, objects(Watermark)] = None
    """A picture over the stream."""

    running: UpdateOnly[ServerDefault[bool | None]] = None
    """Whether the task should run within its time: `false` stops it, `true` resumes it. If unset,
    it is left as it is."""

    task_id: Immutable[ReadOnly[str | None]] = None
    """The vendor's id of the task, without the group."""

    dst_addr_type: ReadOnly[int | None] = None
    """1 pushes to a domain of this account, 2 to another address."""

    status: ReadOnly[str | None] = None
    """`not started`, `active`, `stopped` or `ended`; `expired` once it is gone after its end."""

    def rules(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the combination of fields."""
        yield from rules.window(self.start_time, self.end_time, now)
        yield from self._target_rules()
        yield from self._live_rules() if self.type == LIVE else self._file_rules()
        if self.callback_url:
            yield from rules.reachable(("callback_url",), self.callback_url)
        if self.watermark:
            yield from self.watermark.rules(("watermark",))

    def _live_rules(self) -> Iterator[Finding]:
        if self.src_addr is None:
            yield Failure(("src_addr",), "is required for a live source")
        else:
            yield from rules.address(("src_addr",), self.src_addr, SCHEMES)
        if self.vod_src_addrs:
            yield Failure(("vod_src_addrs",), "is for files only, type 1")
        for name in FILES_ONLY:
            if getattr(self, name) is not None:
                yield Ignored((name,), "has an effect on files only, type 1")

    def _file_rules(self) -> Iterator[Finding]:
        if not self.vod_src_addrs:
            yield Failure(("vod_src_addrs",), "is required for files")
        elif len(self.vod_src_addrs) > MOST_FILES:
            yield Failure(("vod_src_addrs",), f"must be at most {MOST_FILES} files")
        if self.src_addr:
            yield Failure(("src_addr",), "is for a live source only, type 0")
        if self.cycle_mode is None:
            yield Failure(("cycle_mode",), "is required for files")
        for index, source in enumerate(self.vod_src_addrs or ()):
            yield from source.rules(("vod_src_addrs", index))

    def _target_rules(self) -> Iterator[Finding]:
        if self.dst_addr:
            yield from rules.destination(("dst_addr",), self.dst_addr, SCHEMES)
            yield from rules.outlives_signature(("dst_addr",), self.dst_addr, self.end_time)
            for name in ("domain", "app", "stream"):
                if getattr(self, name):
                    yield Ignored((name,), "is ignored when `dst_addr` is set")
        elif not (self.domain and self.app and self.stream):
            yield Failure(("dst_addr",), "is missing: set it, or `domain`, `app` and `stream`")
        else:
            yield from rules.plain_stream(("stream",), self.stream, "dst_addr")

    @classmethod
    def update_effect(cls, old: Mapping[str, Any], changed: Set[str], *, on_air: bool) -> Effect:
        """Report a possible interruption: the page of UpdatePullToPushTask does not exclude one."""
        return MAY_STOP if on_air and changed - ASIDE else NO_EFFECT

    def create(self, api: VolcengineLive) -> str:
        """Source: CreatePullToPushTask."""
        answer = api.call("CreatePullToPushTask", self.to_wire())
        return f"{self._group}/{required_text(answer, 'TaskId')}"

    @classmethod
    def read(cls, api: VolcengineLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: ListPullToPushTaskV2; there is no call for a single task."""
        which = _which(resource_id)
        listed = api.pages("ListPullToPushTaskV2", {"GroupNames": [which["GroupName"]]})
        found = next(
            (one for one in listed if required_text(one, "TaskId") == which["TaskId"]), None
        )
        return _in_our_words(found) if found else None

    def update(self, api: VolcengineLive, resource_id: str, changed: Set[str]) -> None:
        """Source: UpdatePullToPushTask, which takes all settings; StopPullToPushTask and
        ContinuePullToPushTask."""
        which = _which(resource_id)
        if changed - {"running"}:
            settings = self.to_wire({"type", *self.mutable()} - {"running"}, changed)
            api.call("UpdatePullToPushTask", settings | which)
        if "running" in changed and self.running is not None:
            self._obey(api, resource_id)

    def _obey(self, api: VolcengineLive, resource_id: str) -> None:
        """Stop or resume the task, and wait until the vendor has done so."""
        if self._is_as_wished(api, resource_id):
            return
        action = "ContinuePullToPushTask" if self.running else "StopPullToPushTask"
        try:
            api.call(action, _which(resource_id))
        except ApiError as error:
            if error.code == "InvalidActionOrVersion" and self.running:
                # The pages and the older SDK use this name.
                api.call("RestartPullToPushTask", _which(resource_id))
            elif not self._is_as_wished(api, resource_id):
                raise
        wish = "go on" if self.running else "stop"
        api.wait_until(lambda: self._is_as_wished(api, resource_id), f"{resource_id} to {wish}")

    def _is_as_wished(self, api: VolcengineLive, resource_id: str) -> bool:
        status = (self.read(api, resource_id) or {}).get("Status")
        return status != "stopped" if self.running else status in {"stopped", "ended"}

    @classmethod
    def delete(cls, api: VolcengineLive, resource_id: str) -> None:
        """Source: DeletePullToPushTask."""
        api.call("DeletePullToPushTask", _which(resource_id))

    @classmethod
    def full_id(cls, api: VolcengineLive, given: str) -> str:
        """Return the id with its group."""
        return given if "/" in given else f"{DEFAULT_GROUP}/{given}"

    @classmethod
    def listed_with(cls, api: VolcengineLive, resource_id: str) -> Mapping[str, str]:
        """See `Resource`."""
        return {"group_name": _which(resource_id)["GroupName"]}

    @classmethod
    def list_all(
        cls, api: VolcengineLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: ListPullToPushTaskV2. Without a group, it is called for every group."""
        groups = [where["group_name"]] if "group_name" in where else _groups(api)
        for group in groups:
            for one in api.pages("ListPullToPushTaskV2", {"GroupNames": [group]}):
                own_id = text_in(one, "TaskId")
                yield own_id and f"{group}/{own_id}", _in_our_words(one)

    def list_like(self, api: VolcengineLive) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield every task of the group: the list has no filter by destination."""
        yield from self.list_all(api, {"group_name": self._group})

    @property
    def _group(self) -> str:
        return self.group_name or DEFAULT_GROUP


def _groups(api: VolcengineLive) -> list[str]:
    made = (name for name, _ in PullToPushGroup.list_all(api, {}))
    return list(dict.fromkeys([DEFAULT_GROUP, *made]))


def _which(resource_id: str) -> dict[str, str]:
    group, _, task_id = resource_id.rpartition("/")
    return {"TaskId": task_id, "GroupName": group or DEFAULT_GROUP}


def _in_our_words(one: Mapping[str, Any]) -> dict[str, Any]:
    given = one.get("Status")
    status = None if given is None else STATUS.get(str(given), str(given))
    # Only these show whether `running` is as requested.
    running = {"active": {"Running": True}, "stopped": {"Running": False}}.get(str(status), {})
    return {**_destination(one), **one, **_files(one), **running, "Status": status}


def _files(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return the files of a task that uses the older fields, in the newer format.

    Source: `SrcAddrS`, `OffsetS` and `Offset` in the models of the vendor's SDK. Assumption A147:
    `OffsetS` has the start position of each file, and `Offset` that of the first.
    """
    addresses = one.get("SrcAddrS")
    if one.get("VodSrcAddrs") or not isinstance(addresses, list):
        return {}
    starts = one.get("OffsetS") or [one.get("Offset")]
    return {
        "VodSrcAddrs": [
            {"SrcAddr": address, "StartOffset": start}
            for address, start in zip_longest(addresses, starts[: len(addresses)])
        ]
    }


def _destination(one: Mapping[str, Any]) -> dict[str, str]:
    """Return the destination in the form that a list item does not use. It is not documented which
    of the two forms a list uses, and both are inputs.
    """
    if address := one.get("DstAddr"):
        parts = split_url(str(address))
        steps = parts.path.split("/")[1:] if parts else []
        if parts and len(steps) == 2:
            return {"Domain": parts.hostname or "", "App": steps[0], "Stream": steps[1]}
    elif one.get("Domain"):
        return {"DstAddr": f"rtmp://{one['Domain']}/{one.get('App')}/{one.get('Stream')}"}
    return {}
