"""Relay tasks on air: what each wants relayed, how far it has come, and its callbacks.

Pages: document/product/267/42525 and 267/56208 for the callbacks; what is wanted is taken from the
models of tencentcloud-sdk-python-live 3.1.195, CreateLivePullStreamTaskRequest and
ModifyLivePullStreamTaskRequest.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from pulumi_livepull.emulator.delivery import Letter, Notice, unix_seconds
from pulumi_livepull.emulator.fields import from_wire
from pulumi_livepull.emulator.relay import (
    ENDLESS,
    LEAD,
    START,
    Event,
    Place,
    Relay,
    Report,
    Source,
)
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.tencentcloud.pull_stream_task import (
    EVENTS,
    TARGET,
    VOD,
    is_active,
)
from pulumi_livepull.emulator.tencentcloud.state import State

APP_ID = 1250000000
# Assumption A150: a task tries again every ten seconds until it ends; no page says.
RETRY_SECONDS = 10
OFFSET_LASTS = timedelta(hours=24)
"""How long after the creation a task still begins at `FileIndex` and `OffsetTime`."""

CONTINUES = "ContinueBreakPoint"


class Wish(NamedTuple):
    """What of a task decides where its files begin."""

    files: tuple[str, ...]
    jumps: int
    """How often it was told where to begin."""

    restarts: int
    target: str


@dataclass
class Progress:
    """How far one task has come."""

    wish: Wish
    begin: Place
    place: Place
    """Where it is: in the file `lead` if that plays."""

    lead: str = ""
    address: str = ""
    """What it pulls, or pulled last."""

    duration: int = 0
    rounds: int = 0
    """How many it has played."""

    on_air: bool = False
    stopped: bool = False
    """Whether it was taken off air since it began."""

    def begin_at(self, place: Place, lead: str = "") -> None:
        """Begin anew at a place."""
        self.begin = self.place = place
        self.lead, self.rounds = lead, 0


def relays(state: State, now: str) -> Iterator[Relay]:
    """What the tasks that are active by the clock want on air."""
    for task in state.tasks:
        if is_active(task, now):
            relay = _relay(task, _progress(state, task, now))
            yield relay
            if task["BackupToUrl"]:
                yield _second(relay, task["BackupToUrl"])


def hear(state: State, report: Report) -> Iterator[Notice]:
    """Take a report into the state, and yield the callbacks that it causes."""
    progress = state.progress.get(report.relay.task_id)
    if progress is None:
        # Assumption A151: of the push to BackupToUrl, nothing is reported.
        return
    was_on_air = progress.on_air
    _keep(progress, report)
    task = state.tasks.find(report.relay.task_id)
    if task is None:
        task = report.relay.task
        if report.event is Event.OFF_AIR:
            del state.progress[report.relay.task_id]
    for name, msg in _events(report, was_on_air=was_on_air):
        if task["CallbackUrl"] and is_asked_for(task, name):
            yield _notice(task["CallbackUrl"], name, write(task, name, report.moment, msg))


def is_asked_for(task: Thing, event: str) -> bool:
    """Whether a task reports an event: without a choice, all are reported."""
    return event in (task["CallbackEvents"] or EVENTS)


def write(task: Thing, event: str, moment: datetime, msg: Thing) -> Letter:
    """Write a callback of a task. The pages show no signature."""
    target = _target(task)
    body = {
        "appid": APP_ID,
        "callback_event": event,
        "event_type": 314,
        "interface": "general_callback",
        "product_name": "pullpush",
        "source_urls": json.dumps(task["SourceUrls"]),
        "to_url": target,
        # Assumption A152: the last part of a full address.
        "stream_id": task["StreamName"] or target.partition("?")[0].rpartition("/")[2],
        "task_id": task["TaskId"],
        "msg": json.dumps(msg),
        "event_time": str(unix_seconds(moment)),
    }
    return Letter(body, {})


def _notice(url: str, event: str, letter: Letter) -> Notice:
    return Notice(url, lambda _: letter, event)


def _relay(task: Thing, progress: Progress) -> Relay:
    is_files = task["SourceType"] == VOD
    url = task["BackupSourceUrl"]
    files = [task["BackupVodUrl"]]
    backups = [url]
    if task["BackupSourceType"] == VOD:
        files, backups = [url, *files], []
    times = int(task["VodLoopTimes"])
    return Relay(
        vendor="tencentcloud",
        task_id=task["TaskId"],
        target=progress.wish.target,
        sources=tuple(Source(each) for each in task["SourceUrls"]),
        live=not is_files,
        backups=tuple(filter(None, backups)),
        # Assumption A153: of BackupVodUrl, that it too is for a live source only.
        fillers=tuple(filter(None, files)),
        lead=progress.lead,
        begin=progress.begin,
        # Assumption A154: a number says how often the list is repeated, as 0 is for not at all.
        rounds=ENDLESS if times == ENDLESS else times + 1,
        run=progress.wish.restarts,
        turn=progress.wish.jumps,
        retry_seconds=RETRY_SECONDS,
        task=task,
    )


def _second(relay: Relay, target: str) -> Relay:
    # Assumption A155: each of the two pushes has a pull of its own.
    return replace(relay, task_id=f"{relay.task_id}/second", target=target)


def _target(task: Thing) -> str:
    own = "rtmp://" + "/".join(task[name] for name in TARGET)
    if task["PushArgs"]:
        own += f"?{task['PushArgs']}"
    return str(task["ToUrl"] or own)


def _progress(state: State, task: Thing, now: str) -> Progress:
    task_id = task["TaskId"]
    files = tuple(task["SourceUrls"])
    wish = Wish(files, state.jumps[task_id], state.restarts[task_id], _target(task))
    progress = state.progress.get(task_id)
    if progress is None:
        too_late = from_wire(now) - from_wire(task["CreateTime"]) > OFFSET_LASTS
        begin = START if too_late else _offset(task)
        progress = state.progress[task_id] = Progress(wish, begin, begin)
    elif wish != progress.wish or progress.stopped:
        _begin_again(task, progress, wish)
    return progress


def _begin_again(task: Thing, progress: Progress, wish: Wish) -> None:
    """Decide where a task goes on that was changed or stopped: `VodRefreshType`.

    After other files came, `ContinueBreakPoint` first plays what was playing. The texts of the two
    models agree in that. After a restart, it goes on from there. Assumption A156: after a pause
    and to another target too.
    """
    before, progress.wish = progress.wish, wish
    progress.stopped = False
    place, lead = progress.place, progress.lead
    if wish.jumps != before.jumps:
        progress.begin_at(_offset(task))
    elif task["SourceType"] != VOD or task["VodRefreshType"] != CONTINUES:
        progress.begin_at(START)
    elif wish.files == before.files:
        progress.begin_at(place, lead)
    else:
        playing = lead if place.file == LEAD else before.files[place.file]
        progress.begin_at(Place(LEAD, place.seconds), playing)


def _offset(task: Thing) -> Place:
    if task["SourceType"] != VOD:
        return START
    return Place(task["FileIndex"] - 1, float(task["OffsetTime"]))


def _keep(progress: Progress, report: Report) -> None:
    event, relay = report.event, report.relay
    if event in (Event.AT, Event.FILE_STARTED, Event.BACKUP):
        progress.address = report.address
    if event in (Event.AT, Event.FILE_STARTED):
        progress.place = report.place
    if event is Event.FILE_STARTED:
        progress.duration = round(report.duration)
    if event is Event.ROUND:
        progress.rounds += 1
    if event is Event.ON_AIR:
        progress.on_air = True
    if event in (Event.RETRYING, Event.ENDED, Event.OFF_AIR):
        progress.on_air = False
    if event is Event.OFF_AIR:
        files = tuple(each.address for each in relay.sources)
        # One that goes for what is wanted now begins as that says.
        progress.stopped = progress.wish == Wish(files, relay.turn, relay.run, relay.target)


def _events(report: Report, *, was_on_air: bool) -> Iterator[tuple[str, Thing]]:
    """Yield each event of the vendor, and what its callback tells beside the task.

    A task that tries again has exited before (267/56208).
    """
    match report.event:
        case Event.ON_AIR:
            yield "TaskStart", {"task_start_time": _milliseconds(report)}
        case Event.FILE_STARTED if report.place.file != LEAD:
            yield "VodSourceFileStart", _file(report)
        case Event.FILE_FINISHED:
            yield "VodSourceFileFinish", _file(report)
        case Event.CHANGED:
            # Assumption A157: what it tells, which no page shows.
            yield "ResetTaskConfig", {}
        case Event.SOURCE_FAILED:
            yield "TaskAlarm", _alarm(report)
        case Event.RETRYING:
            yield "TaskAlarm", _alarm(report)
            yield "TaskExit", _exit(report)
        case Event.ENDED:
            yield "TaskExit", _exit(report)
        case Event.OFF_AIR if was_on_air:
            yield "TaskExit", _exit(report)


def _file(report: Report) -> Thing:
    about: Thing = {"url": report.address, "duration": round(report.duration)}
    # Assumption A158: a file that is not in the list any more has no index.
    return about if report.place.file == LEAD else {"index": report.place.file, **about}


def _alarm(report: Report) -> Thing:
    kind = "PushStreamFailed" if report.side == "target" else "PullFileFailed"
    return {"type": kind, "url": report.address, "message": report.reason}


def _exit(report: Report) -> Thing:
    # Assumption A159: the codes, of which no page has a list.
    code = -1 if report.reason else 0
    return {"task_exit_time": _milliseconds(report), "code": code, "message": report.reason}


def _milliseconds(report: Report) -> int:
    return unix_seconds(report.moment) * 1000
