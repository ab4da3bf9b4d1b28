"""Volcengine in the emulator: receives calls, and can be reset and seeded."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from flask import Request

from pulumi_livepull.emulator.delivery import Notice
from pulumi_livepull.emulator.journal import host_only, without_query
from pulumi_livepull.emulator.refusal import not_emulated
from pulumi_livepull.emulator.relay import Relay, Report
from pulumi_livepull.emulator.vendor import Kind, Vendor
from pulumi_livepull.emulator.volcengine import (
    callback,
    group,
    on_air,
    pull_to_push,
    relay_source,
    seed,
)
from pulumi_livepull.emulator.volcengine.call import ADDRESS, Call
from pulumi_livepull.emulator.volcengine.operations import CONTINUE, OPERATIONS, PAGES, RESTART
from pulumi_livepull.emulator.volcengine.recording import SENDER
from pulumi_livepull.emulator.volcengine.refusal import no_such_action, wrong_token
from pulumi_livepull.emulator.volcengine.signature import SCHEME, check_signature
from pulumi_livepull.emulator.volcengine.state import State

VERSION = "2023-01-01"
SECRETS = {"AuthKeyPrimary", "Picture"}
SHOWN = {
    *(*ADDRESS, *relay_source.SOURCE, *seed.TASK_FIELDS, *seed.GROUP_FIELDS, *seed.CALLBACK_FIELDS),
    *(
        *pull_to_push.LIST_V2,
        *pull_to_push.VOD_SOURCE,
        *pull_to_push.WATERMARK,
        *callback.DETAIL,
        *group.TAG,
        *group.LIST,
    ),
} - SECRETS


class Volcengine(Vendor):
    """One account of Volcengine, with one access key."""

    name = "volcengine"
    region = "cn-north-1"
    scheme = SCHEME
    session_header = "X-Security-Token"
    wrong_token = wrong_token
    sender = SENDER
    version = VERSION
    operations = OPERATIONS
    pages = PAGES
    visible: ClassVar = {**dict.fromkeys(SHOWN, without_query), "DstAddr": host_only}
    kinds = (
        Kind(
            "tasks",
            names=(("Domain", "App", "Stream"), ("DstAddr",), ("TaskId",)),
            relays=True,
            tones={"生效中": "running", "停用": "pause"},
        ),
        Kind("relay_sources", names=(("Domain", "App", "Stream"),), relays=True),
        Kind("callbacks", names=(("Vhost", "App"), ("Domain", "App"), ("Vhost",), ("Domain",))),
    )

    def reset(self) -> None:
        """Clear everything and restart the ids."""
        self.state = State()

    def make_call(self, request: Request, now: datetime) -> Call:
        """A call whose operation is not yet known."""
        request_id = self.state.new_id("request").hex
        return Call(
            request=request,
            request_id=request_id,
            state=self.state,
            moment=now,
            region=self.region,
        )

    def recognise(self, call: Call) -> None:
        """The query names the operation."""
        operation = OPERATIONS.get(call.action)
        known = {CONTINUE: self.state.knows_continue, RESTART: self.state.knows_restart}
        if call.request.path != "/" or call.version != VERSION or not known.get(call.action, True):
            raise no_such_action(call.action, call.version)
        if operation is None and call.action in self.not_emulated():
            raise not_emulated(call.action)
        # Assumption A097: a wrong method gets the error of an unknown action.
        if operation is None or call.request.method != operation.method:
            raise no_such_action(call.action, call.version)
        call.operation = operation

    def check_signature(self, request: Request, moments: Iterable[datetime]) -> None:
        """Every call must be signed."""
        check_signature(request, self.secrets, moments, self.region)

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add to the state; the module `seed` describes the format."""
        seed.add(self.state, document, self._now())

    def snapshot(self) -> dict[str, Any]:
        """The state in the format of `seed`, including secrets."""
        return seed.take(self.state, self._now())

    def relays(self) -> list[Relay]:
        """The relays that its tasks and relay sources want on air now."""
        relays = on_air.relays(self.state, self.clock.now())
        # BytePlus derives from this class.
        return [replace(relay, vendor=self.name) for relay in relays]

    def hear(self, report: Report) -> Iterable[Notice]:
        """Apply a report about a relay to the state. Tasks send no callbacks."""
        on_air.hear(self.state, report)
        return ()

    def _now(self) -> int:
        return int(self.clock.now().timestamp())
