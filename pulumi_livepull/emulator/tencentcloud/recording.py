"""Callbacks of Tencent Cloud: who receives one, its body and its signature.

Pages: document/product/267/38082 (100, a recorded file), 267/58590 (332, the state of a recording)
and 267/42525 (314, a relay task); 267/38080 for the attempts.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from pulumi_livepull.emulator.delivery import (
    VALID,
    Letter,
    Notice,
    Recording,
    Sender,
    md5,
    unix_seconds,
)
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.tencentcloud import on_air
from pulumi_livepull.emulator.tencentcloud.on_air import APP_ID
from pulumi_livepull.emulator.tencentcloud.pull_stream_task import EVENTS
from pulumi_livepull.emulator.tencentcloud.state import State

FILE = "100"
STATES = (
    *("record_start_succeeded", "record_start_failed", "record_paused"),
    *("record_resumed", "record_error", "record_ended"),
)


def find(state: State, recording: Recording) -> Iterator[Notice]:
    """A rule leads to the template that names the address; a relay task names its own."""
    if recording.event in EVENTS:
        for task in state.tasks:
            place = (task["DomainName"], task["AppName"], task["StreamName"])
            here = place == (recording.domain, recording.app, recording.stream)
            if here and on_air.is_asked_for(task, recording.event):
                yield Notice(task["CallbackUrl"], _task_writer(task, recording))
        return
    rule = state.rules.find(f"{recording.domain}/{recording.app}")
    template = state.templates.find(str(rule["TemplateId"])) if rule else None
    if template:
        is_file = recording.event == FILE
        url = template["RecordNotifyUrl" if is_file else "RecordStatusNotifyUrl"]
        facts = _file if is_file else _status
        yield Notice(url, _writer(template["CallbackKey"], recording, facts))


def _writer(
    key: str, recording: Recording, facts: Callable[[Recording, datetime], Thing]
) -> Callable[[datetime], Letter]:
    def write(now: datetime) -> Letter:
        stamp = unix_seconds(now + VALID)
        body = {"appid": APP_ID, "appname": recording.app, "stream_id": recording.stream}
        # Assumption A089: without a key there is no signature.
        signed = {"t": stamp, "sign": md5(f"{key}{stamp}")} if key else {}
        return Letter({**body, **facts(recording, now), **signed}, {})

    return write


def _file(recording: Recording, now: datetime) -> Thing:
    file = recording.file_at(now, f"{recording.app}/{recording.stream}.m3u8")
    return {
        "event_type": 100,
        "app": recording.domain,
        "channel_id": recording.stream,
        "file_id": "5285890784246869929",
        "record_file_id": "5285890784246869930",
        "file_format": file.format,
        "task_id": "UpTbk5RSVhRQFkoBUQ",
        "start_time": unix_seconds(file.began),
        "end_time": unix_seconds(file.ended),
        "duration": round(file.lasted.total_seconds()),
        "file_size": file.size,
        "video_id": "",
        "video_url": file.url,
    }


def _status(recording: Recording, now: datetime) -> Thing:
    return {
        "event_type": 332,
        "domain": recording.domain,
        "event_time": unix_seconds(now),
        "record_event": recording.event,
        "record_detail": "{}",
        "seq": str(unix_seconds(now)),
        "session_id": "UpTbk5RSVhRQFkoBUQ",
    }


def _task_writer(task: Thing, recording: Recording) -> Callable[[datetime], Letter]:
    def write(now: datetime) -> Letter:
        msg = {"task_start_time": unix_seconds(now) * 1000}
        return on_air.write(task, recording.event, now, msg)

    return write


SENDER = Sender(
    vendor="tencentcloud",
    events=(FILE, *STATES, *EVENTS),
    event=FILE,
    begun=("record_start_succeeded",),
    over=("record_ended",),
    find=find,
    # Three more attempts, 60 seconds apart, when 20 seconds bring no answer with status 200.
    timeout_seconds=20,
    retries=3,
    pause_seconds=60,
)
