"""Tencent Cloud as the emulator's app sees it: receives calls, and can be reset and seeded."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from flask import Request

from pulumi_livepull.emulator.delivery import Notice
from pulumi_livepull.emulator.fields import to_wire
from pulumi_livepull.emulator.journal import host_only, without_query
from pulumi_livepull.emulator.refusal import not_emulated
from pulumi_livepull.emulator.relay import Relay, Report
from pulumi_livepull.emulator.tencentcloud import on_air, pull_stream_task, seed
from pulumi_livepull.emulator.tencentcloud.call import Call
from pulumi_livepull.emulator.tencentcloud.operations import OPERATIONS, PAGES
from pulumi_livepull.emulator.tencentcloud.recording import SENDER
from pulumi_livepull.emulator.tencentcloud.refusal import (
    no_such_action,
    no_such_region,
    no_such_version,
    wrong_token,
)
from pulumi_livepull.emulator.tencentcloud.signature import SCHEME, check_signature
from pulumi_livepull.emulator.tencentcloud.state import State
from pulumi_livepull.emulator.vendor import Kind, Vendor

VERSION = "2018-08-01"
REGIONS = frozenset(
    {
        *("ap-bangkok", "ap-beijing", "ap-guangzhou", "ap-hongkong", "ap-mumbai", "ap-seoul"),
        *("ap-shanghai", "ap-singapore", "ap-tokyo"),
        *("eu-frankfurt", "na-ashburn", "na-siliconvalley"),
    }
)
SECRETS = {"CallbackKey", "PushArgs"}
SHOWN = {
    *(*seed.TASK_FIELDS, *seed.TEMPLATE_FIELDS, *seed.RULE_FIELDS),
    *(*pull_stream_task.WATERMARK, *pull_stream_task.LIST),
} - SECRETS
KEYED = {"ToUrl", "BackupToUrl"}


class TencentCloud(Vendor):
    """One account of Tencent Cloud, with one access key."""

    name = "tencentcloud"
    scheme = SCHEME
    session_header = "X-TC-Token"
    wrong_token = wrong_token
    sender = SENDER
    version = VERSION
    operations = OPERATIONS
    pages = PAGES
    visible: ClassVar = {
        **dict.fromkeys(SHOWN, without_query),
        **dict.fromkeys(KEYED, host_only),
    }
    kinds = (
        Kind(
            "tasks",
            names=(("DomainName", "AppName", "StreamName"), ("ToUrl",), ("TaskId",)),
            relays=True,
            tones={"enable": "running", "pause": "pause"},
        ),
        Kind("templates", names=(("TemplateName",),)),
        Kind("rules", names=(("DomainName", "AppName"), ("DomainName",))),
    )

    def claims(self, request: Request) -> bool:
        """The action and the version are headers, which tell where a call is not signed."""
        return super().claims(request) or (
            "Authorization" not in request.headers
            and request.headers.get("X-TC-Version") == self.version
        )

    def reset(self) -> None:
        """Forget everything and begin the ids anew."""
        self.state = State()

    def make_call(self, request: Request, now: datetime) -> Call:
        """A call whose operation is not yet known."""
        request_id = str(self.state.new_id("request"))
        return Call(request=request, request_id=request_id, state=self.state, moment=now)

    def recognise(self, call: Call) -> None:
        """An operation is named in a header."""
        version = call.request.headers.get("X-TC-Version", "")
        if version != VERSION:
            raise no_such_version(version)
        operation = OPERATIONS.get(call.action)
        if operation is None and call.action in self.not_emulated():
            raise not_emulated(call.action)
        if operation is None or call.request.method != "POST" or call.request.path != "/":
            raise no_such_action(call.action)
        if operation.regional and call.region not in REGIONS:
            raise no_such_region(call.region)
        call.operation = operation

    def check_signature(self, request: Request, moments: Iterable[datetime]) -> None:
        """Every call is signed."""
        check_signature(request, self.secrets, moments)

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add to the state; the module `seed` tells the shape."""
        seed.add(self.state, document, self.clock.now())

    def snapshot(self) -> dict[str, Any]:
        """The state in the shape that `seed` takes, secrets included."""
        return seed.take(self.state)

    def relays(self) -> list[Relay]:
        """What its tasks want on air now."""
        return list(on_air.relays(self.state, to_wire(self.clock.now())))

    def hear(self, report: Report) -> Iterable[Notice]:
        """Take what happened to a relay into the state; returns the callbacks to send."""
        return on_air.hear(self.state, report)
