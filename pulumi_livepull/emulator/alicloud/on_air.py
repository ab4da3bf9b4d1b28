"""Pull-to-push tasks on air: the relays that they want, their progress and their callbacks.

Pages: CreateLivePullToPush for what is wanted, DescribeLivePullToPush for the states, and
pull-flow-push-event-callback for the callbacks.
"""

from collections.abc import Iterator
from datetime import datetime

from pulumi_livepull.emulator.alicloud.state import State
from pulumi_livepull.emulator.alicloud.task import (
    EXITED,
    LIVE,
    RETRYING,
    RUNNING,
    STOPPED,
    status,
    view,
)
from pulumi_livepull.emulator.delivery import Letter, Notice, unix_seconds
from pulumi_livepull.emulator.relay import ENDLESS, Event, Place, Relay, Report, Source
from pulumi_livepull.emulator.state import Thing

CHANGED = "LivePullToPushRunning"
# Assumption A011: the name. Only part of the page was available.
EXIT = "LivePullToPushExit"
REASONS = {"source": "PullStreamFailed", "target": "PushStreamFailed"}
STATES = {
    Event.ON_AIR: RUNNING,
    Event.RETRYING: RETRYING,
    Event.GAVE_UP: STOPPED,
    # Assumption A012: a task that has played all its files is stopped until its end. No page says
    # so.
    Event.ENDED: STOPPED,
}


def relays(state: State, now: str) -> Iterator[Relay]:
    """The relays of the tasks that are running according to the clock."""
    for shelf in state.regions.values():
        for task in shelf:
            if status(task, now) in (RUNNING, RETRYING):
                yield _relay(task, state.restarts[task["TaskId"]])


def hear(state: State, report: Report, now: str) -> Iterator[Notice]:
    """Apply a report to the state, and yield the callback that it causes."""
    task = _find(state, report.relay)
    before = task["TaskStatus"]
    if report.event in (Event.AT, Event.FILE_STARTED):
        place = report.place
        task |= {"CurrentFileIndex": place.file, "CurrentOffset": int(place.seconds)}
    elif report.event in STATES:
        task["TaskStatus"] = STATES[report.event]
        task["TaskInvalidReason"] = REASONS.get(report.side, "")
    # Send only one callback for a series of retries.
    again = report.event is Event.RETRYING and before == RETRYING
    if task["CallbackUrl"] and not again and report.event in {*STATES, Event.OFF_AIR}:
        gone = status(task, now) == EXITED
        body = _exit(task, now) if gone else _change(task, now)
        name = EXIT if gone else CHANGED
        yield Notice(task["CallbackUrl"], lambda moment: _write(name, body, moment), name)


def _find(state: State, relay: Relay) -> Thing:
    """Return the current task, or the last known one if it was deleted."""
    found = (shelf.find(relay.task_id) for shelf in state.regions.values())
    return next((task for task in found if task), relay.task)


def _relay(task: Thing, restarts: int) -> Relay:
    live = task["SourceType"] == LIVE
    again = task["RepeatNumber"]
    return Relay(
        vendor="alicloud",
        task_id=task["TaskId"],
        target=task["DstUrl"],
        sources=tuple(Source(address) for address in task["SourceUrls"]),
        live=live,
        begin=Place() if live else Place(task["FileIndex"], float(task["Offset"])),
        rounds=ENDLESS if again == -1 else again + 1,
        run=restarts,
        retry_seconds=task["RetryInterval"],
        retries=task["RetryCount"],
        task=task,
    )


def _change(task: Thing, now: str) -> Thing:
    shown = view(task, now)
    names = ("TaskInfo", "TaskStatus", "TaskInvalidReason")
    return {name: shown[name] for name in names if name in shown}


def _exit(task: Thing, now: str) -> Thing:
    # Assumption A013: what a description shows of a task that has exited.
    shown = view(task, now)
    return {name: shown[name] for name in ("TaskInfo", "TaskExitReason", "TaskExitTime")}


def _write(name: str, body: Thing, moment: datetime) -> Letter:
    # Assumption A014: not signed; what ReqAuth and AuthKey do is not documented.
    about = {"Event": name, "EventTime": str(unix_seconds(moment))}
    return Letter({**about, "TaskId": body["TaskInfo"]["TaskId"], **body}, {})
