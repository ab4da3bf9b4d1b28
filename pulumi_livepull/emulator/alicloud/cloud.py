"""Alibaba Cloud in the emulator: receives calls, and can be reset and seeded."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from flask import Request

from pulumi_livepull.emulator.alicloud import (
    on_air,
    pull_stream,
    pull_to_push,
    record_notify,
    seed,
)
from pulumi_livepull.emulator.alicloud.call import Call
from pulumi_livepull.emulator.alicloud.operations import OPERATIONS, PAGES
from pulumi_livepull.emulator.alicloud.recording import SENDER
from pulumi_livepull.emulator.alicloud.refusal import no_such_action, no_such_version, wrong_token
from pulumi_livepull.emulator.alicloud.signature import SCHEME, check_signature
from pulumi_livepull.emulator.alicloud.signature_v1 import check_signature_v1, is_v1
from pulumi_livepull.emulator.alicloud.state import State
from pulumi_livepull.emulator.alicloud.task import remove_exited
from pulumi_livepull.emulator.delivery import Notice
from pulumi_livepull.emulator.fields import to_wire
from pulumi_livepull.emulator.journal import each_without_query, host_only, without_query
from pulumi_livepull.emulator.refusal import not_emulated
from pulumi_livepull.emulator.relay import Relay, Report
from pulumi_livepull.emulator.vendor import Kind, Vendor

VERSION = "2016-11-01"
SECRETS = {"ReqAuth", "AuthKey", "NotifyAuthKey"}
SHOWN = {
    *(*seed.TASK_FIELDS, *pull_to_push.LIST, *pull_stream.PULL, *record_notify.CALLBACK),
    "RegionId",
} - SECRETS


class AliCloud(Vendor):
    """One account of Alibaba Cloud, with one access key."""

    name = "alicloud"
    scheme = SCHEME
    session_header = "x-acs-security-token"
    wrong_token = wrong_token
    sender = SENDER
    version = VERSION
    operations = OPERATIONS
    pages = PAGES
    visible: ClassVar = {
        **dict.fromkeys(SHOWN, without_query),
        "DstUrl": host_only,
        "SourceUrls": each_without_query,
    }
    kinds = (
        Kind(
            "tasks",
            names=(("DstUrl",), ("TaskId",)),
            relays=True,
            tones={1: "running", 2: "pause", 3: "pause"},
        ),
        Kind("pulls", names=(("DomainName", "AppName", "StreamName"),), relays=True),
        Kind("callbacks", names=(("DomainName",),)),
    )

    def reset(self) -> None:
        """Clear everything and restart the ids."""
        self.state = State()

    def make_call(self, request: Request, now: datetime) -> Call:
        """A call whose operation is not yet known."""
        remove_exited(self.state, to_wire(now))
        request_id = str(self.state.new_id("request")).upper()
        return Call(request=request, request_id=request_id, state=self.state, moment=now)

    def recognise(self, call: Call) -> None:
        """A header names the operation, or, for older callers, a parameter.

        Assumption A009: all operations accept GET and POST.
        """
        headers, given = call.request.headers, call.request.values
        if is_v1(call.request):
            action, version = given.get("Action", ""), given.get("Version", "")
        else:
            action, version = headers.get("x-acs-action", ""), headers.get("x-acs-version", "")
        if version != VERSION:
            raise no_such_version(version)
        if call.request.path != "/" or call.request.method not in ("GET", "POST"):
            raise no_such_action(f"{call.request.method} {call.request.path} {action}")
        call.operation = OPERATIONS.get(action)
        if call.operation is None:
            known = action in self.not_emulated()
            raise not_emulated(action) if known else no_such_action(action)

    def check_signature(self, request: Request, moments: Iterable[datetime]) -> None:
        """Every call must be signed, with a new nonce."""
        check = check_signature_v1 if is_v1(request) else check_signature
        check(request, self.secrets, moments, self.state.nonces)

    def claims(self, request: Request) -> bool:
        """Whether a request is for this vendor, including older signatures."""
        return super().claims(request) or (is_v1(request) and "AccessKeyId" in request.values)

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add to the state; the module `seed` describes the format."""
        seed.add(self.state, document, to_wire(self.clock.now()))

    def snapshot(self) -> dict[str, Any]:
        """The state in the format of `seed`, including secrets."""
        remove_exited(self.state, to_wire(self.clock.now()))
        return seed.take(self.state, to_wire(self.clock.now()))

    def relays(self) -> list[Relay]:
        """The relays that its tasks want on air now."""
        return list(on_air.relays(self.state, to_wire(self.clock.now())))

    def hear(self, report: Report) -> Iterable[Notice]:
        """Apply a report about a relay to the state, and return the callbacks to send."""
        return on_air.hear(self.state, report, to_wire(self.clock.now()))
