"""Recording callbacks of Huawei Cloud: receivers, body and signature."""

import hashlib
import hmac
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
from pulumi_livepull.emulator.fields import to_wire
from pulumi_livepull.emulator.huaweicloud.state import State
from pulumi_livepull.emulator.state import Thing


def find(state: State, recording: Recording) -> Iterator[Notice]:
    """api-live/CreateRecordCallbackConfig: an exact app takes precedence over `*`, whatever their
    events."""
    for project_id, project in state.projects.items():
        callbacks = {
            callback["app"]: callback
            for callback in project.callbacks
            if callback["publish_domain"] == recording.domain
        }
        callback = callbacks.get(recording.app) or callbacks.get("*")
        if callback and recording.event in callback["notify_event_subscription"]:
            yield Notice(callback["notify_callback_url"], _writer(callback, recording, project_id))


def _writer(callback: Thing, recording: Recording, project_id: str) -> Callable[[datetime], Letter]:
    """iLive-live/live_01_0011 and bestpractice-live/live_14_0003."""

    def write(now: datetime) -> Letter:
        file = recording.file_at(now, f"{recording.app}/{recording.stream}.m3u8")
        body: Thing = {
            "project_id": project_id,
            "task_id": f"{recording.domain}/{recording.app}/{recording.stream}",
            "event_type": recording.event,
            "publish_domain": recording.domain,
            "app": recording.app,
            "stream": recording.stream,
            "record_format": file.format.upper(),
        }
        if recording.event in ("RECORD_NEW_FILE_START", "RECORD_FILE_COMPLETE"):
            body["job_id"] = f"{body['task_id']}/1"
        if recording.event == "RECORD_FILE_COMPLETE":
            body |= {
                "download_url": file.url,
                "asset_id": hashlib.sha256(file.name.encode()).hexdigest()[:32],
                "file_size": file.size,
                "record_duration": round(file.lasted.total_seconds()),
                "start_time": to_wire(file.began),
                "end_time": to_wire(file.ended),
                "width": file.width,
                "height": file.height,
                "obs_location": "cn-north-4",
                "obs_bucket": "recordings",
                "obs_object": file.name,
            }
        if callback["key"]:
            # Assumption A070: the time at which the signature expires, in ten minutes, as with push
            # callbacks.
            body["auth_timestamp"] = unix_seconds(now + VALID)
            body["auth_sign"] = _sign(callback, body)
        return Letter(body, {})

    return write


def _sign(callback: Thing, body: Thing) -> str:
    # Assumption A071: lower-case hexadecimal, and an empty text for missing fields.
    key, stamp = callback["key"], str(body["auth_timestamp"])
    if callback["sign_type"] == "MD5":
        return md5(key + stamp)
    names = ("event_type", "publish_domain", "app", "stream", "download_url", "play_url")
    signed = stamp + "".join(body.get(name, "") for name in names)
    return hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()


SENDER = Sender(
    vendor="huaweicloud",
    # Only the console has RECORD_START; a configuration from the API cannot have it.
    events=(
        "RECORD_START",
        "RECORD_NEW_FILE_START",
        "RECORD_FILE_COMPLETE",
        "RECORD_OVER",
        "RECORD_FAILED",
    ),
    event="RECORD_FILE_COMPLETE",
    begun=("RECORD_START", "RECORD_NEW_FILE_START"),
    over=("RECORD_OVER",),
    find=find,
    # Assumption A072: five seconds, and no second attempt. No page says so.
    timeout_seconds=5,
)
