"""Recording callbacks of Alibaba Cloud: receivers, body and signature."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

from pulumi_livepull.emulator.alicloud.state import State
from pulumi_livepull.emulator.delivery import (
    LASTED,
    Letter,
    Notice,
    Recording,
    Sender,
    md5,
    unix_seconds,
)
from pulumi_livepull.emulator.state import Thing

FINISHED = "file_created"
"""The name that DescribeLiveRecordNotifyRecords uses for a callback without an event."""


def find(state: State, recording: Recording) -> Iterator[Notice]:
    """AddLiveRecordNotifyConfig: one for the domain; states only if they are requested."""
    callback = state.callbacks.find(recording.domain)
    is_file = recording.event == FINISHED
    if callback and (is_file or callback["NeedStatusNotify"]):
        yield Notice(callback["NotifyUrl"], _writer(callback, recording))


def _writer(callback: Thing, recording: Recording) -> Callable[[datetime], Letter]:
    """callbacks-for-live-stream-recording and usage-notes-for-callback-authentication."""

    def write(now: datetime) -> Letter:
        body: Thing = {
            "domain": recording.domain,
            "app": recording.app,
            "stream": recording.stream,
        }
        if recording.event == FINISHED:
            name = f"0_{_in_china(now - LASTED)}_{_in_china(now)}.flv"
            file = recording.file_at(now, f"{recording.app}/{recording.stream}/{name}")
            body |= {
                "uri": file.name,
                "duration": file.lasted.total_seconds(),
                "start_time": unix_seconds(file.began),
                "stop_time": unix_seconds(file.ended),
            }
        else:
            body["event"] = recording.event
        if not callback["NotifyReqAuth"]:
            return Letter(body, {})
        # Assumption A031: the host without its port; the page's example has none.
        stamp, host = unix_seconds(now), urlsplit(callback["NotifyUrl"]).hostname
        signature = md5(f"{host}|{stamp}|{callback['NotifyAuthKey']}")
        return Letter(body, {"ALI-LIVE-TIMESTAMP": str(stamp), "ALI-LIVE-SIGNATURE": signature})

    return write


def _in_china(moment: datetime) -> str:
    return moment.astimezone(timezone(timedelta(hours=8))).strftime("%Y-%m-%d-%H:%M:%S")


SENDER = Sender(
    vendor="alicloud",
    events=(FINISHED, "record_started", "record_paused", "record_resumed"),
    event=FINISHED,
    begun=("record_started",),
    over=("record_paused",),
    find=find,
    # user-guide/manage-callbacks. Assumption A032: retried after any answer except 200, and after
    # none.
    timeout_seconds=5,
    retries=5,
    pause_seconds=1,
)
