"""Huawei Cloud in the emulator: receives calls, and can be reset and seeded."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from flask import Request

from pulumi_livepull.emulator.delivery import Notice
from pulumi_livepull.emulator.fields import to_wire
from pulumi_livepull.emulator.huaweicloud import on_air, seed
from pulumi_livepull.emulator.huaweicloud.call import Call
from pulumi_livepull.emulator.huaweicloud.operations import OPERATIONS, find_operation
from pulumi_livepull.emulator.huaweicloud.recording import SENDER
from pulumi_livepull.emulator.huaweicloud.refusal import wrong_token
from pulumi_livepull.emulator.huaweicloud.signature import SCHEME, check_signature
from pulumi_livepull.emulator.huaweicloud.state import State
from pulumi_livepull.emulator.journal import host_only, without_query
from pulumi_livepull.emulator.relay import Relay, Report
from pulumi_livepull.emulator.vendor import Kind, Vendor

SECRETS = {"key", "push_args"}
SHOWN = {*seed.TASK_FIELDS, *seed.CALLBACK_FIELDS, "offset", "limit", "name"} - SECRETS


class HuaweiCloud(Vendor):
    """One account of Huawei Cloud, with one access key."""

    name = "huaweicloud"
    scheme = SCHEME
    session_header = "X-Security-Token"
    wrong_token = wrong_token
    sender = SENDER
    operations = OPERATIONS
    pages = "api-live/"
    visible: ClassVar = {**dict.fromkeys(SHOWN, without_query), "destination_url": host_only}
    kinds = (
        Kind(
            "tasks",
            names=(("domain", "app_name", "stream_name"), ("destination_url",), ("task_id",)),
            relays=True,
            tones={"running": "running", "pause": "pause"},
        ),
        Kind("callbacks", names=(("publish_domain", "app"), ("id",))),
    )

    def reset(self) -> None:
        """Clear everything and restart the ids."""
        self.state = State()

    def make_call(self, request: Request, now: datetime) -> Call:
        """A call whose operation is not yet known."""
        request_id = self.state.new_id("request").hex
        return Call(request=request, request_id=request_id, state=self.state, moment=now)

    def recognise(self, call: Call) -> None:
        """Method and path identify the operation."""
        call.operation, call.path = find_operation(call.request.method, call.request.path)

    def check_signature(self, request: Request, moments: Iterable[datetime]) -> None:
        """Every call must be signed."""
        check_signature(request, self.secrets, moments)

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add to the state; the module `seed` describes the format."""
        seed.add(self.state, document, to_wire(self.clock.now()))

    def snapshot(self) -> dict[str, Any]:
        """The state in the format of `seed`, including secrets."""
        return seed.take(self.state, to_wire(self.clock.now()))

    def relays(self) -> list[Relay]:
        """The relays that its tasks want on air now."""
        return list(on_air.relays(self.state, to_wire(self.clock.now())))

    def hear(self, report: Report) -> Iterable[Notice]:
        """Apply a report about a relay to the state, and return the callbacks to send."""
        return on_air.hear(self.state, report, to_wire(self.clock.now()))
