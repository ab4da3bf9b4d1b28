"""Recording callbacks as the vendors send them: to whom, with what, signed how, and how often.

Nothing is recorded: a test says what happened to a recording, and whoever is configured to be told
is told, on this machine and nowhere else.
"""

import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from pulumi_livepull.emulator.alicloud.state import State as AliCloud
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.fields import to_wire
from pulumi_livepull.emulator.huaweicloud.state import State as HuaweiCloud
from pulumi_livepull.emulator.journal import without_query
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.volcengine.state import State as Volcengine

LASTED = timedelta(minutes=1)
"""How long every recording takes, and ends now."""

SIZE = 1_048_576
VALID = timedelta(minutes=10)


@dataclass(frozen=True)
class Recording:
    """What happened to the recording of one stream, in the vendor's words."""

    domain: str
    app: str
    stream: str
    event: str
    vhost: str
    """Volcengine's domain space."""


class Letter(NamedTuple):
    """One request: a JSON body and the headers beside its content type."""

    body: Thing
    headers: dict[str, str]


class Notice(NamedTuple):
    """What one receiver is to be told; each attempt is written and signed anew."""

    url: str
    write: Callable[[datetime], Letter]


@dataclass(frozen=True)
class Delivery:
    """One receiver that was told, or not: what it answered to each attempt."""

    time: str
    vendor: str
    domain: str
    app: str
    stream: str
    event: str
    url: str
    """Without its query."""

    attempts: tuple[int | str, ...]
    """The HTTP status of each answer, or what went wrong instead."""

    delivered: bool


@dataclass(frozen=True, kw_only=True)
class Sender:
    """How one vendor tells of recordings."""

    events: tuple[str, ...] | None
    """What can happen; `None` when no page says."""

    event: str
    """What happened unless it is said: a file is finished."""

    find: Callable[[Any, Recording], Iterator[Notice]]
    """Who is to be told."""

    timeout_seconds: float
    retries: int = 0
    pause_seconds: float = 0


def for_huaweicloud(state: HuaweiCloud, recording: Recording) -> Iterator[Notice]:
    """api-live/CreateRecordCallbackConfig: an exact app wins over `*`, whatever either wants."""
    for project_id, project in state.projects.items():
        callbacks = {
            callback["app"]: callback
            for callback in project.callbacks
            if callback["publish_domain"] == recording.domain
        }
        callback = callbacks.get(recording.app) or callbacks.get("*")
        if callback and recording.event in callback["notify_event_subscription"]:
            yield Notice(
                callback["notify_callback_url"], _huaweicloud(callback, recording, project_id)
            )


def _huaweicloud(
    callback: Thing, recording: Recording, project_id: str
) -> Callable[[datetime], Letter]:
    """iLive-live/live_01_0011 and bestpractice-live/live_14_0003."""

    def write(now: datetime) -> Letter:
        path = f"{recording.app}/{recording.stream}.m3u8"
        body: Thing = {
            "project_id": project_id,
            "task_id": f"{recording.domain}/{recording.app}/{recording.stream}",
            "event_type": recording.event,
            "publish_domain": recording.domain,
            "app": recording.app,
            "stream": recording.stream,
            "record_format": "HLS",
        }
        if recording.event in ("RECORD_NEW_FILE_START", "RECORD_FILE_COMPLETE"):
            body["job_id"] = f"{body['task_id']}/1"
        if recording.event == "RECORD_FILE_COMPLETE":
            body |= {
                "download_url": f"https://recordings.obs.example.com/{path}",
                "asset_id": hashlib.sha256(path.encode()).hexdigest()[:32],
                "file_size": SIZE,
                "record_duration": int(LASTED.total_seconds()),
                "start_time": to_wire(now - LASTED),
                "end_time": to_wire(now),
                "width": 1280,
                "height": 720,
                "obs_location": "cn-north-4",
                "obs_bucket": "recordings",
                "obs_object": path,
            }
        if callback["key"]:
            # Assumption: when the signature expires, as with push callbacks, in ten minutes.
            body["auth_timestamp"] = _unix(now + VALID)
            body["auth_sign"] = _huaweicloud_sign(callback, body)
        return Letter(body, {})

    return write


def _huaweicloud_sign(callback: Thing, body: Thing) -> str:
    # Assumption: lower-case hexadecimal, and nothing for what the body does not have.
    key, stamp = callback["key"], str(body["auth_timestamp"])
    if callback["sign_type"] == "MD5":
        return _md5(key + stamp)
    names = ("event_type", "publish_domain", "app", "stream", "download_url", "play_url")
    signed = stamp + "".join(body.get(name, "") for name in names)
    return hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()


def for_alicloud(state: AliCloud, recording: Recording) -> Iterator[Notice]:
    """AddLiveRecordNotifyConfig: one for the domain; its states only where they are asked for."""
    callback = state.callbacks.find(recording.domain)
    is_file = recording.event == ALICLOUD.event
    if callback and (is_file or callback["NeedStatusNotify"]):
        yield Notice(callback["NotifyUrl"], _alicloud(callback, recording))


def _alicloud(callback: Thing, recording: Recording) -> Callable[[datetime], Letter]:
    """callbacks-for-live-stream-recording and usage-notes-for-callback-authentication."""

    def write(now: datetime) -> Letter:
        body: Thing = {
            "domain": recording.domain,
            "app": recording.app,
            "stream": recording.stream,
        }
        if recording.event == ALICLOUD.event:
            began = now - LASTED
            file = f"0_{_in_china(began)}_{_in_china(now)}.flv"
            body |= {
                "uri": f"{recording.app}/{recording.stream}/{file}",
                "duration": LASTED.total_seconds(),
                "start_time": _unix(began),
                "stop_time": _unix(now),
            }
        else:
            body["event"] = recording.event
        if not callback["NotifyReqAuth"]:
            return Letter(body, {})
        # Assumption: the host without its port; the page's example has none.
        stamp, host = _unix(now), urlsplit(callback["NotifyUrl"]).hostname
        signature = _md5(f"{host}|{stamp}|{callback['NotifyAuthKey']}")
        return Letter(body, {"ALI-LIVE-TIMESTAMP": str(stamp), "ALI-LIVE-SIGNATURE": signature})

    return write


def for_volcengine(state: Volcengine, recording: Recording) -> Iterator[Notice]:
    """UpdateCallback: type `record`, of the domain or its space, of the app or of all.

    Assumption: where several fit, each is told; no page has an order of them.
    """
    for callback in state.callbacks:
        if (
            callback["MessageType"] == "record"
            and (callback["Domain"] == recording.domain or callback["Vhost"] == recording.vhost)
            and callback["App"] in ("", recording.app)
        ):
            for detail in callback["CallbackDetailList"]:
                yield Notice(detail["URL"], _volcengine(callback, recording))


def _volcengine(callback: Thing, recording: Recording) -> Callable[[datetime], Letter]:
    """BytePlus' docs-callback-description; that of Volcengine itself could be read in part.

    Assumption: the envelope is that of a push, and the details of a recording are none.
    """

    def write(now: datetime) -> Letter:
        signs = callback["AuthEnable"]
        stamp = _unix(now + VALID) if signs else 0
        data = {
            "vhost": recording.vhost,
            "domain": recording.domain,
            "app": recording.app,
            "stream": recording.stream,
            "event_type": recording.event,
            "sign": _md5(f"{callback['AuthKeyPrimary']}{stamp}") if signs else "",
            "t": stamp,
            "detail": {},
        }
        return Letter({"code": 0, "message": "ok", "data": data}, {})

    return write


HUAWEICLOUD = Sender(
    # RECORD_START is known to the console alone: no configuration made by the API has it.
    events=(
        "RECORD_START",
        "RECORD_NEW_FILE_START",
        "RECORD_FILE_COMPLETE",
        "RECORD_OVER",
        "RECORD_FAILED",
    ),
    event="RECORD_FILE_COMPLETE",
    find=for_huaweicloud,
    # Assumption: five seconds, and no second attempt; no page says.
    timeout_seconds=5,
)
ALICLOUD = Sender(
    # The first is what DescribeLiveRecordNotifyRecords calls a callback that has no event.
    events=("file_created", "record_started", "record_paused", "record_resumed"),
    event="file_created",
    find=for_alicloud,
    # user-guide/manage-callbacks. Assumption: retried after any answer but 200, as after none.
    timeout_seconds=5,
    retries=5,
    pause_seconds=1,
)
VOLCENGINE = Sender(
    events=None,
    # Assumption: the message type; the event types of recordings could not be read.
    event="record",
    find=for_volcengine,
    # Then the vendor queues it until ten minutes are over; the emulator gives up.
    timeout_seconds=4,
    retries=3,
    pause_seconds=3,
)
SENDERS = {"huaweicloud": HUAWEICLOUD, "alicloud": ALICLOUD, "volcengine": VOLCENGINE}


class Deliveries:
    """Tells receivers, and keeps the last 1000 deliveries, oldest first, without keys.

    `wait` is called with the seconds between two attempts; a test gives one that does not sleep.
    """

    def __init__(self, clock: Clock) -> None:
        self.wait: Callable[[float], object] = time.sleep
        self._clock = clock
        self._done: deque[Delivery] = deque(maxlen=1000)

    def plan(self, vendor: str, state: object, recording: Recording) -> list[Notice]:
        """Who is to be told; raises ValueError for an address that is not on this machine."""
        sender = SENDERS[vendor]
        if not (recording.domain and recording.app and recording.stream):
            raise ValueError("domain, app and stream must not be empty")
        if sender.events and recording.event not in sender.events:
            raise ValueError(
                f"{vendor} has no event {recording.event!r}; known: {', '.join(sender.events)}"
            )
        notices = [notice for notice in sender.find(state, recording) if notice.url]
        for notice in notices:
            _address(notice.url)
        return notices

    def send(self, vendor: str, recording: Recording, notices: Sequence[Notice]) -> list[Delivery]:
        """Tell each, in turn; returns once each has answered 200 or was tried often enough."""
        done = [self._deliver(vendor, recording, notice) for notice in notices]
        self._done.extend(done)
        return done

    def clear(self) -> None:
        """Forget all deliveries."""
        self._done.clear()

    def __iter__(self) -> Iterator[Delivery]:
        return iter(list(self._done))

    def _deliver(self, vendor: str, recording: Recording, notice: Notice) -> Delivery:
        sender = SENDERS[vendor]
        attempts: list[int | str] = []
        while attempts[-1:] != [200] and len(attempts) <= sender.retries:
            if attempts:
                self.wait(sender.pause_seconds)
            letter = notice.write(self._clock.now())
            attempts.append(_post(notice.url, letter, sender.timeout_seconds))
        return Delivery(
            time=self._clock.now().isoformat(timespec="seconds"),
            vendor=vendor,
            domain=recording.domain,
            app=recording.app,
            stream=recording.stream,
            event=recording.event,
            url=without_query(notice.url),
            attempts=tuple(attempts),
            delivered=attempts[-1] == 200,
        )


def _post(url: str, letter: Letter, timeout_seconds: float) -> int | str:
    """The status of the answer, or what went wrong. Follows no redirect and asks no proxy."""
    parts = urlsplit(url)
    host, port = _address(url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    headers = {
        "Host": parts.netloc.rpartition("@")[2],
        "Content-Type": "application/json",
        **letter.headers,
    }
    try:
        with closing(HTTPConnection(host, port, timeout=timeout_seconds)) as connection:
            connection.request("POST", path + query, json.dumps(letter.body), headers)
            with connection.getresponse() as response:
                return response.status
    except (OSError, HTTPException) as wrong:
        return type(wrong).__name__


def _address(url: str) -> tuple[str, int]:
    """Host and port on this machine; raises ValueError for any other address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http" and _is_loopback(host):
        # A name could be made to lead elsewhere, so that it is not looked up.
        return "127.0.0.1" if host == "localhost" else host, parts.port or 80
    raise ValueError(
        "the emulator tells only receivers on this machine, such as http://127.0.0.1:8000/, "
        f"and not {without_query(url)}"
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _in_china(moment: datetime) -> str:
    return moment.astimezone(timezone(timedelta(hours=8))).strftime("%Y-%m-%d-%H:%M:%S")


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())


def _md5(text: str) -> str:
    # The vendors chose it.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
