"""Exchange: one request and its answer, which ends in time whatever the other side does.

A server may send a byte of a header each second, or `100 Continue` for ever, and so may a proxy;
the look-up of a name and each step of TLS have no end of their own either. httpx limits how long a
single read may take, and not how long they take together. So a thread does it all, and whoever
waits for it goes on without it when the time is up.
"""

import time
from collections.abc import Callable
from concurrent import futures
from contextvars import copy_context
from threading import Event, Lock, Thread
from typing import Any

import httpx

from pulumi_livepull.core import answers

LET_SPEAK_SECONDS = 0.5
"""How much later than httpx's own limits the time is up: these say better what took so long."""

ONCE_CANCELLED_SECONDS = 5.0
"""How long a cancelled operation still waits for an answer, which may tell what was just made."""

_LOOK_SECONDS = 0.1


class _Passage:
    """How far a request got. Once it is given up, it is not sent any more."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_sent = False
        self._is_given_up = False

    def follow(self, event: str, told: dict[str, Any]) -> None:
        """Hear from httpcore what happens next, before it does."""
        if not event.endswith("send_request_headers.started") or _is_for_proxy(told):
            return
        with self._lock:
            if self._is_given_up:
                raise httpx.ConnectTimeout("given up")
            self._is_sent = True

    def give_up(self, why: str) -> httpx.TimeoutException:
        """Return the error that tells whether the request may have arrived."""
        with self._lock:
            self._is_given_up = True
            return httpx.ReadTimeout(why) if self._is_sent else httpx.ConnectTimeout(why)


def _is_for_proxy(told: dict[str, Any]) -> bool:
    return bool(told["request"].method == b"CONNECT")


def exchange(
    http: httpx.Client,
    request: httpx.Request,
    seconds: float,
    cancel: Event,
    monotonic: Callable[[], float] = time.monotonic,
) -> httpx.Response:
    """Send a request and return the whole response, within so many seconds.

    Raises what httpx and `answers.read` raise; where the time is up, `httpx.ConnectTimeout` if the
    request was not sent and never will be, or else `httpx.ReadTimeout`.
    """
    until = monotonic() + seconds
    passage = _Passage()
    # Not shared with an attempt that was given up: it would follow this one's passage.
    request.extensions = {**request.extensions, "trace": passage.follow}
    answer: futures.Future[httpx.Response] = futures.Future()

    def fetch() -> None:
        try:
            sent = http.send(request, stream=True)
            answer.set_result(answers.read(sent, lambda: monotonic() > until))
        except BaseException as error:
            answer.set_exception(error)

    try:
        Thread(target=copy_context().run, args=(fetch,), daemon=True).start()
    except RuntimeError:
        # Python 3.12.0 and 3.12.1 start no thread once the main one has ended, and a machine may
        # be out of them: then only httpx's own limits hold.
        fetch()
    end = until + LET_SPEAK_SECONDS
    while not futures.wait([answer], _LOOK_SECONDS).done:
        now = monotonic()
        if cancel.is_set():
            end = min(end, now + ONCE_CANCELLED_SECONDS)
        if now > end:
            why = "cancelled" if cancel.is_set() else f"not done after {seconds:g} s"
            raise passage.give_up(why)
    return answer.result()
