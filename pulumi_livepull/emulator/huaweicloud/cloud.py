"""Huawei Cloud as the emulator's app sees it: receives calls, and can be reset and seeded."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Request

from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.huaweicloud import seed
from pulumi_livepull.emulator.huaweicloud.call import Call
from pulumi_livepull.emulator.huaweicloud.fields import to_wire
from pulumi_livepull.emulator.huaweicloud.operations import OPERATIONS, coverage, find_operation
from pulumi_livepull.emulator.huaweicloud.refusal import Refusal
from pulumi_livepull.emulator.huaweicloud.signature import SCHEME, check_signature
from pulumi_livepull.emulator.huaweicloud.state import State
from pulumi_livepull.emulator.journal import host_only, without_query
from pulumi_livepull.emulator.vendor import Coverage, Show

SECRETS = {"key", "push_args"}
SHOWN = {*seed.TASK_FIELDS, *seed.CALLBACK_FIELDS, "offset", "limit", "name"} - SECRETS


class HuaweiCloud:
    """One account of Huawei Cloud, with one access key."""

    name = "huaweicloud"
    scheme = SCHEME
    operations: Collection[str] = tuple(OPERATIONS)
    visible: Mapping[str, Show] = {
        **dict.fromkeys(SHOWN, without_query),
        "destination_url": host_only,
    }

    def __init__(self, access_key_id: str, secret_access_key: str, clock: Clock) -> None:
        self._secrets = {access_key_id: secret_access_key}
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Forget everything and begin the ids anew."""
        self.state = State()

    def receive(self, request: Request) -> Call:
        """Recognise the operation and check the signature."""
        moment = self._clock.now()
        request_id = self.state.new_id("request").hex
        call = Call(request, request_id, self.state, moment, operation=None, path={})
        try:
            call.operation, call.path = find_operation(request.method, request.path)
        except Refusal as refusal:
            call.refusal = refusal
        try:
            # A caller keeps real time even after a test has moved the emulator's clock.
            check_signature(request, self._secrets, [moment, datetime.now(UTC)])
        except Refusal as refusal:
            call.refusal, call.authentic = refusal, False
        return call

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add to the state; the module `seed` tells the shape."""
        seed.add(self.state, document, to_wire(self._clock.now()))

    def snapshot(self) -> dict[str, Any]:
        """The state in the shape that `seed` takes, secrets included."""
        return seed.take(self.state, to_wire(self._clock.now()))

    def coverage(self) -> list[Coverage]:
        """Every operation of Live, emulated or not."""
        return coverage(self.name)
