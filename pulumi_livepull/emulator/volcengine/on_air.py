"""Pull-to-push tasks and relay sources on air: the relays that they want, and their progress.

Pages: CreatePullToPushTask, CreateRelaySourceV4. Neither says what a task's CallbackURL receives,
so nothing is sent to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pulumi_livepull.emulator.relay import ENDLESS, START, Event, Place, Relay, Report, Source
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.volcengine import pull_to_push, relay_source
from pulumi_livepull.emulator.volcengine.state import State

# Assumption A102: a failed relay is retried every ten seconds until its end. No page says so.
RETRY_SECONDS = 10
FROM_BREAK_AND_ON = 1
"""ContinueStrategy: from where it was stopped, plus the time that has passed since."""


@dataclass
class Progress:
    """The progress of one task."""

    sources: tuple[Source, ...]
    begin: Place = START
    place: Place = START
    stopped: datetime | None = None


def relays(state: State, now: datetime) -> Iterator[Relay]:
    """The relays of the tasks and sources that are active according to the clock."""
    seconds = int(now.timestamp())
    for task in state.tasks:
        if pull_to_push.status(task, seconds) == pull_to_push.ACTIVE:
            yield _relay_task(state, task, now)
    for source in state.relay_sources:
        start, end = source["StartTime"], source["EndTime"]
        if not end or start <= seconds < end:
            yield _relay_source(source)


def hear(state: State, report: Report) -> None:
    """Apply a report to the state."""
    progress = state.progress.get(report.relay.task_id)
    if progress is None:
        return
    if report.event in (Event.AT, Event.FILE_STARTED):
        progress.place = report.place
    if report.event is Event.OFF_AIR:
        progress.stopped = report.moment


def _relay_task(state: State, task: Thing, now: datetime) -> Relay:
    live = task["Type"] == pull_to_push.LIVE
    sources = (Source(task["SrcAddr"]),) if live else _files(task)
    progress = state.progress.get(task["TaskId"])
    # Assumption A103: changed files begin with the first. No page says what an update does.
    if progress is None or progress.sources != sources:
        progress = state.progress[task["TaskId"]] = Progress(sources)
    if progress.stopped:
        passed = (now - progress.stopped).total_seconds()
        on = passed if task.get("ContinueStrategy") == FROM_BREAK_AND_ON else 0.0
        place = progress.place
        progress.begin = progress.place = Place(place.file, place.seconds + max(0.0, on))
        progress.stopped = None
    own = "rtmp://" + "/".join(str(task.get(name, "")) for name in pull_to_push.TARGET)
    return Relay(
        vendor="volcengine",
        task_id=task["TaskId"],
        target=task.get("DstAddr") or own,
        sources=sources,
        live=live,
        begin=progress.begin,
        rounds=_rounds(task),
        retry_seconds=RETRY_SECONDS,
        task=task,
    )


def _files(task: Thing) -> tuple[Source, ...]:
    if "VodSrcAddrs" in task:
        return tuple(
            Source(each["SrcAddr"], each.get("StartOffset", 0), each.get("EndOffset") or None)
            for each in task["VodSrcAddrs"]
        )
    # Assumption A104: Offset, an older field, is that of the first file.
    offsets = task.get("OffsetS") or [task.get("Offset", 0), *[0] * len(task["SrcAddrS"])]
    return tuple(
        Source(address, offset) for address, offset in zip(task["SrcAddrS"], offsets, strict=False)
    )


def _rounds(task: Thing) -> int:
    mode = task.get("CycleMode", 0)
    if mode == ENDLESS:
        return ENDLESS
    # Assumption A105: without a number of cycles or times, the files play once.
    return int(mode or task.get("PlayTimes") or 1)


def _relay_source(source: Thing) -> Relay:
    first, *others = source["SrcAddrS"]
    key = relay_source.key(source)
    return Relay(
        vendor="volcengine",
        task_id=key,
        target=f"rtmp://{key}",
        sources=(Source(first),),
        live=True,
        # Assumption A106: the further addresses are used if the first fails.
        backups=tuple(others),
        retry_seconds=RETRY_SECONDS,
        task=source,
    )
