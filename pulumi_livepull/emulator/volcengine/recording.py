"""Recording callbacks of Volcengine: receivers, body and signature."""

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
from pulumi_livepull.emulator.volcengine.state import State

Sign = Callable[[str, datetime], tuple[str, int]]
"""Returns the signature with a key at a given time, and the signed time."""


def sender(vendor: str, sign: Sign, pause_seconds: int) -> Sender:
    """How an edition of the product sends recording callbacks."""

    def find(state: State, recording: Recording) -> Iterator[Notice]:
        """UpdateCallback: type `record`, for the domain or its space, for the app or all apps.

        Assumption A114: if several match, all are called. No page defines a precedence.
        """
        for callback in state.callbacks:
            if (
                callback["MessageType"] == "record"
                and (callback["Domain"] == recording.domain or callback["Vhost"] == recording.vhost)
                and callback["App"] in ("", recording.app)
            ):
                for detail in callback["CallbackDetailList"]:
                    yield Notice(detail["URL"], _writer(callback, recording, sign))

    return Sender(
        vendor=vendor,
        events=None,
        # Assumption A115: the message type. The event types of recordings are not documented
        # publicly.
        event="record",
        find=find,
        # The vendor then queues it for ten minutes; the emulator gives up.
        timeout_seconds=4,
        retries=3,
        pause_seconds=pause_seconds,
    )


def _writer(callback: Thing, recording: Recording, sign: Sign) -> Callable[[datetime], Letter]:
    """BytePlus's docs-callback-description; Volcengine's own page was only partly available.

    Assumption A116: the envelope is that of a push, and a recording has no details.
    """

    def write(now: datetime) -> Letter:
        signs = callback["AuthEnable"]
        signature, stamp = sign(callback["AuthKeyPrimary"], now) if signs else ("", 0)
        data = {
            "vhost": recording.vhost,
            "domain": recording.domain,
            "app": recording.app,
            "stream": recording.stream,
            "event_type": recording.event,
            "sign": signature,
            "t": stamp,
            "detail": {},
        }
        return Letter({"code": 0, "message": "ok", "data": data}, {})

    return write


def _sign(key: str, now: datetime) -> tuple[str, int]:
    """The key, followed by the time at which it expires, in ten minutes."""
    stamp = unix_seconds(now + VALID)
    return md5(f"{key}{stamp}"), stamp


SENDER = sender("volcengine", _sign, pause_seconds=3)
