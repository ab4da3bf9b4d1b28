"""Client: sign, send, retry, pace and decode one vendor's calls."""

import logging
import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Protocol, Self

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    wait_random_exponential,
)

from pulumi_livepull.core.answers import MAY_HAVE_TAKEN_EFFECT, is_digits
from pulumi_livepull.core.clock import Clock, utc_now
from pulumi_livepull.core.exchange import ACCEPTED_ENCODING, Transport, exchange
from pulumi_livepull.core.limits import Limits
from pulumi_livepull.core.pacing import Pacer
from pulumi_livepull.core.query import canonical_query
from pulumi_livepull.core.run import Run
from pulumi_livepull.core.sharing import Coalescer, Fetched, KeyedLocks
from pulumi_livepull.errors import (
    ApiError,
    Denied,
    Throttled,
    TransportError,
    WaitError,
    hiding,
    is_hiding,
    quoted,
)

_log = logging.getLogger(__name__)


class _HideOurCalls(logging.Filter):
    """Drop log records about our calls: they would show addresses, headers and bodies with
    secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not is_hiding()


for _part in ("connection", "http11", "http2", "proxy", "socks"):
    logging.getLogger(f"httpcore.{_part}").addFilter(_HideOurCalls())
logging.getLogger("httpx").addFilter(_HideOurCalls())

NOT_SENT = (
    *(httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError),
    *(httpx.LocalProtocolError, httpx.UnsupportedProtocol, UnicodeError),
)
"""Exceptions which prove that the request did not reach the service."""

_CERTIFICATE_HINT = (
    "Check the endpoint, and that no proxy answers in its place. If an authority of "
    "your own signed its certificate, set SSL_CERT_FILE to that authority's file."
)

LAST_LOOK_SECONDS = 20.0
"""How long a cancelled operation may still look for what it may have created."""

HEADERS = {"Accept": "*/*", "Accept-Encoding": ACCEPTED_ENCODING, "User-Agent": "pulumi-livepull"}
"""Headers of every request."""

MAX_CLOCK_OFFSET = timedelta(days=36525)
"""An HTTP date that differs from this machine's clock by more is ignored."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""If the clocks differ by more, a refused signature is tried again with the vendor's time."""

MIN_TIMEOUT_SECONDS = 1.0
"""Every request gets at least this much time, even if the operation has less left."""

UNREACHABLE_SECONDS = 30.0
"""After a service could not be reached, other calls to it fail at once for this long, so that a
stack of many tasks fails as fast as one task."""

IN_TROUBLE = f"The service is having trouble. {MAY_HAVE_TAKEN_EFFECT}"
"""Hint for a failure of the service, or of a proxy in front of it."""

THROTTLED_HINT = "Lower livepull:requestsPerSecond, or run it again later."
"""Hint for throttling."""


class RequestSigner(Protocol):
    """Signs requests: a vendor's `Signer`."""

    def sign(self, request: httpx.Request, now: datetime) -> None: ...


@dataclass
class _VendorClock:
    """What is known about a vendor's clock. All views of a client share it."""

    ahead: timedelta = timedelta()
    """How far the vendor's clock was ahead of this machine's at the last answer."""

    used: timedelta = timedelta()
    """How far ahead of this machine's clock requests are signed."""


class Client(ABC):
    """Calls one vendor with one set of keys; safe to use from many threads.

    The steps of a call: wait for the pacer → sign → send → `decode`. A call is retried if it is
    throttled or cannot connect, and, if it is `repeatable`, after any lost answer. Each attempt
    gets a new signature. If a call is denied and the vendor's clock differs a lot from ours, it is
    signed once more with the vendor's time.

    A vendor's subclass writes `decode`, which returns the answer's mapping or raises an `ApiError`,
    and `call`, which takes a call in the vendor's terms and passes it to `send`. Setting `cancel`
    ends every wait at once; `within` gives one operation its own time limit. `run` records what
    this run did.
    """

    vendor: ClassVar[str]

    reach_hint: str = "Check the endpoint and the network."
    """Hint for a service that cannot be reached. A client names its configured endpoint here."""

    read_pauses: ClassVar[tuple[float, ...]] = (0.2, 0.5, 1.0, 2.0)
    """Seconds between attempts to read a new resource that the vendor does not show yet."""

    def __init__(
        self,
        signer: RequestSigner,
        limits: Limits,
        *,
        transport: httpx.BaseTransport | None = None,
        cancel: threading.Event | None = None,
        clock: Clock = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] | None = None,
        secrets: Collection[str] = (),
        adopts_same: bool = False,
    ) -> None:
        self._signer = signer
        self._transport = transport or Transport()
        self._secrets = secrets
        self._limits = limits
        self._monotonic = monotonic
        self._pacer = Pacer(limits.requests_per_second, monotonic)
        self._coalescer = Coalescer()
        self._locks = KeyedLocks()
        self._cancel = cancel or threading.Event()
        self._pause = pause
        self._clock = clock
        self._vendor_clock = _VendorClock()
        self._deadline = math.inf
        self._unreachable: dict[str, tuple[float, TransportError]] = {}
        self.run = Run(monotonic, adopts_same=adopts_same)

    def coalesce(self, key: object, fetch: Callable[[], Fetched]) -> Fetched:
        """Return what `fetch` returns. Operations that want the same at the same time share one
        call.

        The result is never older than the request for it. Use it for lists that many operations
        need.
        """
        return self._coalescer.ask(key, fetch, self._deadline - self._monotonic())

    def lock_for(self, key: object) -> threading.Lock:
        """Return the lock that resources of one program share for `key`."""
        return self._locks.of(key)

    def within(self, seconds: float) -> Self:
        """Return a view of this client for one operation that may take `seconds`; then its waits
        end.

        It shares everything else, including the pacer.
        """
        view = copy(self)
        view._deadline = self._monotonic() + seconds
        return view

    def undisturbed(self) -> Self:
        """Return a view of this client for a short look that continues even if the operation is
        cancelled.

        The last request may have taken effect, and nothing else would ever notice.
        """
        view = self.within(LAST_LOOK_SECONDS)
        view._cancel = threading.Event()
        return view

    @property
    def is_over(self) -> bool:
        """Whether the operation is cancelled or out of time."""
        late = self._monotonic() > self._deadline - MIN_TIMEOUT_SECONDS
        return late or self._cancel.is_set()

    def now(self) -> datetime:
        """Return the time on this machine."""
        return self._clock()

    def on_vendor_clock(self, moment: datetime) -> datetime:
        """Return what the vendor's clock showed at `moment`, judging by its last answer."""
        return moment + self._vendor_clock.ahead

    def vendor_now(self) -> datetime:
        """Return the time on the vendor's clock, which decides when tasks begin and end."""
        return self.on_vendor_clock(self.now())

    def pause(self, seconds: float) -> None:
        """Wait. Raises at once if the operation is cancelled or has too little time left."""
        if seconds > self._deadline - self._monotonic():
            raise WaitError(
                "the operation ran out of time",
                "Run it again to go on, or give it more time with `customTimeouts`.",
            )
        self._rest(seconds)

    def _rest(self, seconds: float) -> None:
        (self._pause or self._cancel.wait)(seconds)
        if self._cancel.is_set():
            raise TransportError("cancelled", "Run it again to go on.", sent=False)

    def wait_until(self, done: Callable[[], bool], what: str) -> None:
        """Poll until `done` returns true. Raises `WaitError`, naming `what`, after the limit.

        The limit is that of the operation, if it has its own, or else `wait_seconds`.
        """
        start = self._monotonic()
        own = self._deadline < math.inf
        # Leave enough time for the last poll.
        last = self._deadline - MIN_TIMEOUT_SECONDS
        end = last if own else start + self._limits.wait_seconds
        look = 0
        while not done():
            left = end - self._monotonic()
            if left <= 0:
                raise WaitError(
                    f"waited {round(self._monotonic() - start, 1):g} s for {what}",
                    "Run it again to go on, or give it more time with `customTimeouts`."
                    if own
                    else "Run it again to go on, or raise livepull:waitSeconds.",
                )
            look += 1
            self._rest(min(look, 5, left))

    def doubts_about(self, region: str | None) -> Iterator[str]:
        """Yield warnings about the region of a new resource, for vendors that have regions.

        Raises `ConfigError` if a region is needed and neither given nor configured.
        """
        yield from ()

    def address(self, region: str = "") -> str:
        """Return the address that calls for a region go to, without a path of their own."""
        raise NotImplementedError

    def scope(self, resource_id: str) -> str:
        """Return the vendor's account or project in which this client finds `resource_id`.

        It is empty if the vendor does not say.
        """
        return ""

    def send(
        self,
        method: str,
        url: str,
        *,
        operation: str,
        repeatable: bool,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> Mapping[str, Any]:
        """Send one call and return what `decode` makes of the answer.

        Calls with the same `operation` are paced together. Raises `ApiError` or `TransportError`.
        """
        end = min(self._deadline, self._monotonic() + self._limits.max_retry_seconds)

        def is_exhausted(state: RetryCallState) -> bool:
            late = self._monotonic() + state.upcoming_sleep >= end
            return state.attempt_number > self._limits.max_retries or late or self._cancel.is_set()

        attempts = Retrying(
            stop=is_exhausted,
            wait=_wait,
            sleep=self.pause,
            retry=retry_if_exception(lambda error: _may_repeat(error, repeatable)),
            reraise=True,
        )
        with hiding(self._secrets):
            request = self._request(method, url, params or {}, headers or {}, json)
            place = request.url.netloc.decode()
            self._raise_if_unreachable(place)
            try:
                answer = attempts(self._attempt, request, operation, end)
            except TransportError as error:
                if not (error.sent or self.is_over or self._deadline < math.inf):
                    self._unreachable[place] = self._monotonic() + UNREACHABLE_SECONDS, error
                raise
            self._unreachable.pop(place, None)
            return answer

    def _raise_if_unreachable(self, place: str) -> None:
        """Raise the error of the last call, if it just used up all its retries without connecting.

        An operation with its own time limit tries anyway.
        """
        until, error = self._unreachable.get(place, (-math.inf, None))
        if error and self._deadline == math.inf and self._monotonic() < until:
            raise TransportError(error.what, error.hint, sent=False)

    def _request(
        self,
        method: str,
        url: str,
        params: Mapping[str, str],
        headers: Mapping[str, str],
        json: Any,
    ) -> httpx.Request:
        try:
            # The same spelling is sent and signed.
            query = f"?{canonical_query(params.items())}" if params else ""
            return httpx.Request(method, url + query, headers={**HEADERS, **headers}, json=json)
        except (httpx.InvalidURL, ValueError) as error:
            raise TransportError(
                f"cannot send to {url.partition('://')[2].partition('/')[0]}: {quoted(str(error))}",
                self.reach_hint,
                sent=False,
            ) from None

    def _attempt(self, request: httpx.Request, operation: str, end: float) -> Mapping[str, Any]:
        self.pause(self._pacer.delay(operation))
        left = max(end - self._monotonic(), MIN_TIMEOUT_SECONDS)
        seconds = min(self._limits.timeout_seconds, left)
        request.extensions["timeout"] = httpx.Timeout(seconds).as_dict()
        try:
            return self._exchange(request, operation, seconds)
        except Denied:
            if abs(self._vendor_clock.ahead - self._vendor_clock.used) < CLOCK_TOLERANCE:
                raise
            return self._exchange_on_vendor_clock(request, operation, seconds)

    def _exchange_on_vendor_clock(
        self, request: httpx.Request, operation: str, seconds: float
    ) -> Mapping[str, Any]:
        """Repeat a denied request, signed with the vendor's time. If that works, keep using it."""
        before, ahead = self._vendor_clock.used, self._vendor_clock.ahead
        self._vendor_clock.used = ahead
        try:
            answer = self._exchange(request, operation, seconds)
        except Denied:
            self._vendor_clock.used = before
            raise
        _log.warning(
            "this machine's clock is %d minutes %s that of %s, whose time is used instead: set it",
            round(abs(ahead).total_seconds() / 60),
            "behind" if ahead > timedelta() else "ahead of",
            self.vendor,
        )
        return answer

    def _exchange(
        self, request: httpx.Request, operation: str, seconds: float
    ) -> Mapping[str, Any]:
        try:
            self._signer.sign(request, self.now() + self._vendor_clock.used)
        except UnicodeError as error:
            raise self._no_answer(request.url, error) from None
        # The keys may be new since the call began.
        with hiding(self._secrets):
            return self._answer(request, operation, seconds)

    def _answer(self, request: httpx.Request, operation: str, seconds: float) -> Mapping[str, Any]:
        try:
            response = exchange(self._transport, request, seconds, self._cancel, self._monotonic)
        except (httpx.RequestError, UnicodeError) as error:
            # `from None`, because the original exception may quote the answer.
            raise self._no_answer(request.url, error) from None
        self._read_clock(response)
        _log.debug("%s %s: HTTP %d", self.vendor, operation, response.status_code)
        try:
            answer = self._decoded(response)
        except Throttled as error:
            asked = self.asked_to_wait(response)
            # Never wait longer than a call may take.
            error.retry_after = asked and min(asked, self._limits.max_retry_seconds)
            self._pacer.slow_down(operation, error.retry_after or 0.0)
            raise
        except ApiError as error:
            if not response.is_server_error:
                raise
            raise TransportError(
                f"{error.what} from {request.url.host}",
                IN_TROUBLE,
                sent=True,
            ) from error
        self._pacer.speed_up(operation)
        return answer

    def _decoded(self, response: httpx.Response) -> Mapping[str, Any]:
        """Return what `decode` returns. A 429 counts as throttling, even if it comes from a
        proxy."""
        try:
            return self.decode(response)
        except (ApiError, TransportError) as error:
            if response.status_code != 429 or isinstance(error, Throttled):
                raise
            busy = Throttled("429", response.reason_phrase, status=429, hint=THROTTLED_HINT)
            busy.what = error.what
            raise busy from error

    def asked_to_wait(self, response: httpx.Response) -> float | None:
        """Return the seconds to wait that `Retry-After` asks for, as a number or a date."""
        text = response.headers.get("Retry-After", "")
        if is_digits(text):
            return float(text)
        offset = self._clock_offset(text)
        return None if offset is None else (offset - self._vendor_clock.ahead).total_seconds()

    def _no_answer(self, url: httpx.URL, error: Exception) -> TransportError:
        reason = quoted(str(error)) or type(error).__name__
        if isinstance(error, NOT_SENT):
            hint = _CERTIFICATE_HINT if "CERTIFICATE_VERIFY_FAILED" in reason else self.reach_hint
            return TransportError(f"cannot reach {_host_and_port(url)}: {reason}", hint, sent=False)
        return TransportError(
            f"no answer from {_host_and_port(url)}: {reason}", MAY_HAVE_TAKEN_EFFECT, sent=True
        )

    def _read_clock(self, response: httpx.Response) -> None:
        offset = self._clock_offset(response.headers.get("Date", ""))
        if offset is not None:
            self._vendor_clock.ahead = offset

    def _clock_offset(self, text: str) -> timedelta | None:
        """Return how far an HTTP date is from now, or `None` if it is invalid or too far off."""
        try:
            offset = parsedate_to_datetime(text) - self.now()
        except (TypeError, ValueError, OverflowError):
            return None
        return offset if abs(offset) < MAX_CLOCK_OFFSET else None

    @abstractmethod
    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        """Return the answer's mapping, or raise the `ApiError` that it reports.

        An answer that is not a mapping raises a `TransportError`. An error with a status of 500 or
        more counts as a lost answer, unless it is throttling.
        """


def _host_and_port(url: httpx.URL) -> str:
    """Return host and port, for a message."""
    return f"{url.host}:{url.port or {'http': 80}.get(url.scheme, 443)}"


_backoff = wait_random_exponential(multiplier=0.5, max=20)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, Throttled) else None
    return max(asked or 0.0, _backoff(state))


def _may_repeat(error: BaseException, repeatable: bool) -> bool:
    if isinstance(error, TransportError):
        return repeatable or not error.sent
    return isinstance(error, Throttled)
