"""Clouds: every vendor's account, with a shared clock, journal and faults."""

from collections.abc import Mapping
from datetime import timedelta
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Request, Response

from pulumi_livepull.emulator.alicloud import AliCloud
from pulumi_livepull.emulator.byteplus import BytePlus
from pulumi_livepull.emulator.call import Call
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.delivery import Deliveries, Delivery, Notice, Recording
from pulumi_livepull.emulator.faults import Armed, Faults
from pulumi_livepull.emulator.huaweicloud import HuaweiCloud
from pulumi_livepull.emulator.journal import (
    Entry,
    Journal,
    redact,
    redact_all,
    redact_body,
    without_query,
)
from pulumi_livepull.emulator.rates import Rates
from pulumi_livepull.emulator.relay import Relay, Report
from pulumi_livepull.emulator.tencentcloud import TencentCloud
from pulumi_livepull.emulator.vendor import Coverage, TemporaryKeys, Vendor
from pulumi_livepull.emulator.volcengine import Volcengine

if TYPE_CHECKING:
    from pulumi_livepull.emulator.media.media import Media

V = TypeVar("V", bound=Vendor)


class Clouds:
    """The vendors' live APIs. Safe to call from many threads.

    Requests must be signed with the given key. A test may also use `clock`, `journal` and the
    vendors' state, such as `huaweicloud`. With `rates`, which is also an attribute, the vendors
    throttle requests that exceed their documented rates.
    """

    def __init__(
        self,
        access_key_id: str = "livepull-emulator",
        secret_access_key: str = "livepull-emulator-secret",  # noqa: S107 - a key to nothing
        *,
        clock: Clock | None = None,
        rates: bool = False,
    ) -> None:
        self.clock = clock or Clock()
        self.journal = Journal()
        self.deliveries = Deliveries(self.clock)
        self._key = (access_key_id, secret_access_key)
        self.vendors: dict[str, Vendor] = {}
        self.huaweicloud = self._open(HuaweiCloud)
        self.alicloud = self._open(AliCloud)
        self.volcengine = self._open(Volcengine)
        self.byteplus = self._open(BytePlus)
        self.tencentcloud = self._open(TencentCloud)
        self.rates = self._rates_at_first = rates
        self.media: Media | None = None
        """The media, while they are running."""

        self._lock = RLock()
        self._rates = Rates()
        self._faults = Faults(
            {
                name: operation
                for vendor in self.vendors.values()
                for name, operation in vendor.operations.items()
            }
        )

    def _open(self, kind: type[V]) -> V:
        """An account at a vendor, which from now on answers what is for it."""
        self.vendors[kind.name] = account = kind(*self._key, self.clock)
        return account

    def reset(self) -> None:
        """Reset everything: state, ids, journal, faults and clock."""
        with self._lock:
            for vendor in self.vendors.values():
                vendor.reset()
                vendor.withdraw()
            self._faults.clear()
            self._rates.clear()
            self.rates = self._rates_at_first
            self.journal.clear()
            self.deliveries.clear()
            self.clock.reset()
        if self.media:
            self.media.reset()

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add to the state, by vendor: `{"huaweicloud": {"domains": ["push.example.com"]}}`."""
        vendors = {name: part for name, part in document.items() if name != "media"}
        with self._lock:
            for name in vendors:
                self._get_vendor(name)
            if "media" in document:
                self._need_media().seed(document["media"], self.vendors)
            for name, part in vendors.items():
                self.vendors[name].seed(part)

    def arm(
        self, fault: str, operation: str | None = None, times: int = 1, **settings: object
    ) -> None:
        """Make the next `times` calls of this operation, or of any, fail.

        While the media are running, `fail_source`, `stall_source` and `mend_source` take the
        address of a `source`.
        """
        if fault.endswith("_source"):
            self._need_media().set_fault(fault, str(settings.get("source", "")))
            return
        with self._lock:
            self._faults.arm(fault, operation, times, settings)

    def issue(self, vendor: str, lasts: timedelta = timedelta(hours=1)) -> TemporaryKeys:
        """New keys with a token, which expire after so long by the emulator's clock."""
        with self._lock:
            return cast("Vendor", self._get_vendor(vendor)).issue(lasts)

    def record(
        self,
        vendor: str,
        domain: str,
        app: str,
        stream: str,
        *,
        event: str | None = None,
        vhost: str | None = None,
    ) -> list[Delivery]:
        """Finish a recording of a stream, or trigger another event.

        It sends a callback to every configured receiver on this machine, and returns the
        deliveries. For Volcengine, the domain space has the name of the domain unless `vhost` is
        given.
        """
        event = event or self._get_vendor(vendor).sender.event
        return self.tell(vendor, Recording(domain, app, stream, event, vhost=vhost or domain))

    def tell(self, vendor: str, recording: Recording) -> list[Delivery]:
        """Send the callbacks for a recording event, and return the deliveries."""
        emulated = self._get_vendor(vendor)
        sender = emulated.sender
        with self._lock:
            notices = self.deliveries.plan(sender, emulated.state, recording)
        # Without the lock: a receiver may ask the emulator something before it answers.
        return self.deliveries.send(sender, recording, notices)

    def relays(self) -> list[Relay]:
        """The relays that the tasks of all vendors want on air now."""
        with self._lock:
            return [relay for vendor in self.vendors.values() for relay in vendor.relays()]

    def hear(self, report: Report) -> list[Notice]:
        """Pass a report about a relay to its vendor, and return the callbacks to send."""
        with self._lock:
            return list(self._get_vendor(report.relay.vendor).hear(report))

    def send(self, report: Report, notice: Notice) -> Delivery:
        """Send a callback about a task. Returns when it was answered or after the last attempt."""
        # Without the lock: a receiver may ask the emulator something before it answers.
        sender = self._get_vendor(report.relay.vendor).sender
        return self.deliveries.send_task(sender, report.relay.target, notice)

    def streams(self) -> list[dict[str, Any]]:
        """Every stream that is or should be on air, without secrets; none without media."""
        shown = self.media.show() if self.media else []
        return [{**each, "plays": without_query(each["plays"])} for each in shown]

    def state(self) -> dict[str, Any]:
        """The state by vendor, in the format of `seed`, with secrets hidden."""
        with self._lock:
            return {
                name: redact_all(vendor.snapshot(), vendor.visible)
                for name, vendor in self.vendors.items()
            }

    def coverage(self) -> list[Coverage]:
        """Every operation of every vendor, emulated or not."""
        return [row for vendor in self.vendors.values() for row in vendor.coverage()]

    def _need_media(self) -> "Media":
        if self.media is None:
            raise ValueError("nothing is relayed; start the emulator with --relay")
        return self.media

    def _get_vendor(self, name: str) -> Any:
        if name not in self.vendors:
            raise ValueError(f"no vendor {name!r}; known: {', '.join(self.vendors)}")
        return self.vendors[name]

    def serve(self, request: Request) -> Response:
        """Answer a request to a vendor."""
        with self._lock:
            vendor = self.pick_vendor(request)
            call = vendor.receive(request)
            operation = call.operation if call.authentic else None
            armed = self._faults.take(operation) if operation else None
            if armed:
                response = armed.fault.apply(call)
            elif operation and self.rates and not self._rates.admit(operation, call.moment):
                response = call.refuse("throttled")
            else:
                response = call.perform()
            response.date = self.clock.now()
            self.journal.add(self._entry(request, vendor, call, armed, response))
            return response

    def pick_vendor(self, request: Request) -> Vendor:
        """The vendor that a request is for."""
        claim = [vendor for vendor in self.vendors.values() if vendor.claims(request)]
        # Of a vendor and its edition, which share a scheme, the edition is the more particular. A
        # request that names no vendor is refused in the words of the first.
        first = next(iter(self.vendors.values()))
        return max(claim, key=lambda vendor: len(type(vendor).__mro__), default=first)

    def _entry(
        self,
        request: Request,
        vendor: Vendor,
        call: Call,
        armed: Armed | None,
        response: Response,
    ) -> Entry:
        return Entry(
            time=self.clock.now().isoformat(timespec="seconds"),
            vendor=vendor.name,
            operation=call.name,
            method=request.method,
            path=request.path,
            status=response.status_code,
            error_code=call.error_code,
            request_id=call.request_id,
            fault=armed.name if armed else None,
            query=redact(request.args, vendor.visible),
            body=redact_body(request, vendor.visible),
        )
