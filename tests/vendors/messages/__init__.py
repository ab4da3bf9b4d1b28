"""What users read when a vendor refuses: every code of its pages, provoked, in one file a vendor.

`.venv/bin/python -m tests.vendors.messages` writes the files anew. Read the difference as whoever
is on call: what failed, where, what to do next, in the vendor's words, and no secret.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple
from unittest.mock import patch

from flask import Response

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.lifecycle import Found
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.call import Call
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.faults import KINDS, Fault
from pulumi_livepull.emulator.refusal import Refusal
from pulumi_livepull.errors import LivePullError
from pulumi_livepull.hosts.registry import find_resource
from tests.conformance.cases import Case
from tests.core.samples import checked
from tests.hosting import NOW, connect

VERBS = ("create", "read", "update", "delete")

Prepare = Callable[[Emulator, type[Resource], Found | None], object]
"""Brings about what the vendor refuses; what was made before is `None` in a creation."""


@dataclass(frozen=True)
class Refuse(Fault):
    """The vendor refuses the call with any of its codes; the work is not done."""

    refusal: Refusal

    def apply(self, call: Call) -> Response:
        """Answer in the vendor's envelope."""
        call.error_code = self.refusal.code
        return call.answer_refusal(self.refusal)


@dataclass(frozen=True)
class Scene:
    """One way to be refused: what the user did, and how it came to the refusal.

    `case` gives the resource and its inputs; `edit` changes them in the operation that fails.
    Where no request of ours provokes the code, the vendor is made to answer it with `status` and
    `words`: those of its page, or, where that was not read so far, some in their place.
    """

    code: str
    story: str
    case: Case
    verb: str = "create"
    edit: Mapping[str, Any] = field(default_factory=dict)
    prepare: Prepare | None = None
    config: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    status: int = 400


class Outcome(NamedTuple):
    """What the user reads, the same in every run, and what must not be in it."""

    message: str
    secrets: Sequence[str]


def play(scene: Scene) -> Outcome:
    """Play a scene on a fresh emulator, and return what came of it."""
    emulator, kind = Emulator(clock=Clock(frozen_at=NOW)), scene.case.resource
    inputs = checked(kind, scene.case.full)
    made = None
    if scene.verb != "create":
        made = lifecycle.create(kind, connect(emulator, kind), inputs)
    if scene.prepare:
        scene.prepare(emulator, kind, made)
    if scene.words:
        operation = scene.case.operations[VERBS.index(scene.verb)]
        refusal = Refusal(scene.status, scene.code, scene.words)
        with patch.dict(KINDS, refuse=Refuse):
            emulator.arm("refuse", operation, 1000, refusal=refusal)
    news = checked(kind, {**inputs, **scene.edit})
    try:
        _act(scene, connect(emulator, kind, **scene.config), made, news)
    except LivePullError as error:
        output = str(error)
        ids = [entry.request_id for entry in emulator.journal if entry.request_id in output]
        secrets = lifecycle.secrets_of(kind, inputs) + lifecycle.secrets_of(kind, news)
        message = output.replace(ids[0], "…") if ids else output
        return Outcome(message, [*secrets, *scene.config.values(), "emulator-secret"])
    raise AssertionError(f"{scene.code}: nothing was refused")


def _act(scene: Scene, api: Client, made: Found | None, inputs: dict[str, Any]) -> None:
    kind = scene.case.resource
    if made is None:
        lifecycle.create(kind, api, inputs)
    elif scene.verb == "read":
        lifecycle.read(kind, api, made.id, made.inputs, made.state)
    elif scene.verb == "update":
        lifecycle.update(kind, api, made.id, made.inputs, made.state, inputs)
    else:
        lifecycle.delete(kind, api, made.id, made.state)


def text(scenes: Sequence[Scene]) -> str:
    """Return the file of a vendor: a block for each scene."""
    return "\n".join(f"# {s.code}: {s.story}\n{play(s).message}\n" for s in scenes)


# What to prepare.


def arm(fault: str, operation: str) -> Prepare:
    """Let an operation go wrong."""
    return lambda emulator, kind, made: emulator.arm(fault, operation, 1000)


def seed(**document: Any) -> Prepare:
    """Put something into the vendors' state."""
    return lambda emulator, kind, made: emulator.seed(document)


def ahead(emulator: Emulator, kind: type[Resource], made: Found | None) -> None:
    """Let the vendor's clock be an hour ahead of this machine's."""
    vendor, _ = find_resource(kind.token)
    emulator.vendors[vendor.name].clock = Clock(frozen_at=NOW + timedelta(hours=1))


def deleted(emulator: Emulator, kind: type[Resource], made: Found | None) -> None:
    """Let somebody else delete it."""
    assert made is not None
    lifecycle.delete(kind, connect(emulator, kind), made.id, made.state)


def taken(case: Case, *prepare: Prepare) -> Prepare:
    """Let somebody else make it first."""

    def make(emulator: Emulator, kind: type[Resource], made: Found | None) -> None:
        lifecycle.create(kind, connect(emulator, kind), checked(kind, case.full))
        for each in prepare:
            each(emulator, kind, made)

    return make
