"""Pull tasks on air: the relays that they want, their progress and their callbacks.

Pages: api-live/CreatePullTask, ModifyPullTask. They only name the events of tasks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pulumi_livepull.emulator.delivery import Letter, Notice
from pulumi_livepull.emulator.fields import to_wire
from pulumi_livepull.emulator.huaweicloud import pull_task
from pulumi_livepull.emulator.huaweicloud.state import State
from pulumi_livepull.emulator.relay import Event, Place, Relay, Report, Source
from pulumi_livepull.emulator.state import Thing

# Assumption A050: a task retries every ten seconds until it ends. No page says so.
RETRY_SECONDS = 10
NAMES = {
    Event.ON_AIR: "TaskStart",
    Event.OFF_AIR: "TaskExit",
    Event.ENDED: "TaskExit",
    Event.SOURCE_FAILED: "TaskAlarm",
    Event.RETRYING: "TaskAlarm",
    Event.FILE_STARTED: "VodSourceFileStart",
    Event.FILE_FINISHED: "VodSourceFileFinish",
    Event.CHANGED: "ResetTaskConfig",
}


@dataclass
class Progress:
    """The progress of one task."""

    sources: list[str]
    start: Place
    """The start position in the task."""

    begin: Place
    """Where it began, or where it will resume."""

    place: Place
    on_air: bool = False


def relays(state: State, now: str) -> Iterator[Relay]:
    """The relays of the tasks that are running according to the clock."""
    for project in state.projects.values():
        for task in project.tasks:
            if pull_task.view(task, now)["status"] == "running":
                yield _relay(task, _progress(state, task))


def hear(state: State, report: Report, now: str) -> Iterator[Notice]:
    """Apply a report to the state, and yield the callback that it causes."""
    task = _find(state, report.relay)
    progress = state.progress.setdefault(task["task_id"], _begin(task))
    was_on_air = progress.on_air
    _keep(progress, report)
    if report.event is Event.ENDED:
        # Assumption A051: the same status as for a task that is over. No page has one.
        task["status"] = "finished"
    if report.event is Event.OFF_AIR and not was_on_air:
        return
    name = NAMES.get(report.event)
    if name and task["callback_url"] and name in (task["callback_events"] or pull_task.EVENTS):
        address = task["callback_url"]
        # The page's example has an address without a scheme.
        url = address if "://" in address else f"http://{address}"
        reason = report.reason or _status(task, now)
        yield Notice(url, lambda moment: _write(report, name, reason), name)


def _keep(progress: Progress, report: Report) -> None:
    if report.event in (Event.AT, Event.FILE_STARTED):
        progress.place = report.place
    if report.event is Event.ON_AIR:
        progress.on_air = True
    if report.event in (Event.OFF_AIR, Event.ENDED):
        # Assumption A052: a task that is enabled again resumes where it was paused.
        progress.on_air, progress.begin = False, progress.place


def _relay(task: Thing, progress: Progress) -> Relay:
    own = "rtmp://" + "/".join(task[name] for name in pull_task.TARGET)
    if task["push_args"]:
        own += f"?{task['push_args']}"
    return Relay(
        vendor="huaweicloud",
        task_id=task["task_id"],
        target=task["destination_url"] or own,
        sources=tuple(Source(url) for url in task["source_urls"]),
        live=task["source_type"] == pull_task.LIVE,
        backups=tuple(task["backup_source_urls"]),
        begin=progress.begin,
        rounds=int(task["vod_loop_time"]),
        retry_seconds=RETRY_SECONDS,
        task=task,
    )


def _progress(state: State, task: Thing) -> Progress:
    progress = state.progress.setdefault(task["task_id"], _begin(task))
    changed = progress.sources != task["source_urls"]
    if changed or progress.start != _start(task):
        before, progress.sources = progress.sources, list(task["source_urls"])
        progress.start = _start(task)
        progress.begin = progress.place = _go_on(task, progress.place, before)
        if task["status"] == "finished":
            task["status"] = ""
    return progress


def _go_on(task: Thing, place: Place, before: list[str]) -> Place:
    """Return where a task resumes after its files have changed: ModifyPullTask,
    vod_refresh_type."""
    how = task["vod_refresh_type"]
    if how == "immediate_new_source":
        return _start(task)
    playing = before[place.file] if place.file < len(before) else ""
    # Assumption A053: if the playing file was removed, the list begins at its start.
    if playing not in task["source_urls"]:
        return _start(task)
    seconds = place.seconds if how == "continue_from_break_point" else 0.0
    return Place(task["source_urls"].index(playing), seconds)


def _begin(task: Thing) -> Progress:
    start = _start(task)
    return Progress(list(task["source_urls"]), start, start, start)


def _start(task: Thing) -> Place:
    return Place(task["vod_start_video_index"], float(task["vod_start_video_time"]))


def _find(state: State, relay: Relay) -> Thing:
    """Return the current task, or the last known one if it was deleted."""
    found = (project.tasks.find(relay.task_id) for project in state.projects.values())
    return next((task for task in found if task), {**relay.task, "status": "deleted"})


def _status(task: Thing, now: str) -> str:
    deleted = task["status"] == "deleted"
    return "deleted" if deleted else str(pull_task.view(task, now)["status"])


def _write(report: Report, name: str, reason: str) -> Letter:
    # Assumption A054: the complete body, with the names of the vendor's recording callbacks. It is
    # not signed, because a task has no key.
    task = report.relay.task
    body: Thing = {
        "event_type": name,
        "event_time": to_wire(report.moment),
        "task_id": task["task_id"],
        "publish_domain": task["domain"],
        "app": task["app_name"],
        "stream": task["stream_name"],
    }
    if name.startswith("Vod"):
        body |= {
            "index": report.place.file,
            "url": report.address,
            "duration": round(report.duration),
        }
    if name in ("TaskExit", "TaskAlarm"):
        body |= {"url": report.address, "message": reason}
    return Letter(body, {})
