"""Recording callbacks of Volcengine: who receives one, its body and its signature."""

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
"""Returns the signature by a key at a moment, and the time that is signed with it."""


def sender(vendor: str, sign: Sign, pause_seconds: int) -> Sender:
    """How an edition of the product sends recording callbacks."""

    def find(state: State, recording: Recording) -> Iterator[Notice]:
        """UpdateCallback: type `record`, of the domain or its space, of the app or of all.

        Assumption A114: where several fit, each is told; no page has an order of them.
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
        # Assumption A115: the message type; the event types of recordings could not be read.
        event="record",
        find=find,
        # Then the vendor queues it until ten minutes are over; the emulator gives up.
        timeout_seconds=4,
        retries=3,
        pause_seconds=pause_seconds,
    )


def _writer(callback: Thing, recording: Recording, sign: Sign) -> Callable[[datetime], Letter]:
    """BytePlus' docs-callback-description; that of Volcengine itself could be read in part.

    Assumption A116: the envelope is that of a push, and the details of a recording are none.
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
    """The key and then the time, which is the end of ten minutes."""
    stamp = unix_seconds(now + VALID)
    return md5(f"{key}{stamp}"), stamp


SENDER = sender("volcengine", _sign, pause_seconds=3)
