"""Recorded stories: what the real engine asked of the plugin, what befell the clouds, the answers.

A story is a list of steps: `{"run": "up", "calls": [...]}`, or `{"meanwhile": {...}}`. A call has a
method, the name of the provider that it goes to, a request, and a response or an error. What tells
of a machine, a run or a release is left out, and times are as if the story began at `NOW`.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.hosts.registry import VERSION
from tests.engine.stacks import PROJECT, REGION, change_task, remove_task, tasks

RECORDED = Path(__file__).parent / "recorded"
OTHER_REGION, OTHER_PROJECT = "cn-north-1", "fedcba9876543210fedcba9876543210"
ENDPOINT = "http://127.0.0.1:1"

Json = dict[str, Any]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_REQUEST_ID = re.compile(r"request id [^)]+")
_OF_THE_ENGINE = {
    *("engineAddress", "loaderTarget", "mapperTarget", "resolverTarget"),
    *("rootDirectory", "programDirectory"),
    *("randomSeed", "resourceStatusAddress", "resourceStatusToken"),
}
"""What tells of one run of the engine alone."""


def account(now: datetime) -> Emulator:
    """Return the clouds at the start of a story, at this moment."""
    emulator = Emulator(clock=Clock(frozen_at=now))
    emulator.seed({"huaweicloud": {"projects": {REGION: PROJECT, OTHER_REGION: OTHER_PROJECT}}})
    return emulator


def befall(emulator: Emulator, event: Json) -> None:
    """Change something that the engine does not know of."""
    match event:
        case {"fault": str(fault), "operation": str(operation)}:
            emulator.arm(fault, operation)
        case {"task": int(at), "becomes": None}:
            remove_task(emulator, tasks(emulator)[at]["task_id"])
        case {"task": int(at), "becomes": dict(fields)}:
            change_task(emulator, tasks(emulator)[at]["task_id"], **fields)
        case _:
            raise ValueError(f"nothing like {event} befalls a cloud")


def moved(text: str, by: timedelta) -> str:
    """Return a text with its times moved."""

    def move(found: re.Match[str]) -> str:
        moment = datetime.strptime(found[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) + by
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    return _MOMENT.sub(move, text)


def portable(value: Any) -> Any:
    """Return a call or response without what depends on a machine, a run or a release."""
    text = _REQUEST_ID.sub("request id *", json.dumps(value))
    return _portable(json.loads(text.replace(f"default_{VERSION.replace('.', '_')}", "default")))


def _portable(value: Any) -> Any:
    if isinstance(value, list):
        return [_portable(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: "0.0.0" if name == "version" else _portable(item)
        for name, item in value.items()
        if name not in _OF_THE_ENGINE
    }


def stories() -> Iterator[tuple[str, list[Json]]]:
    """Yield each recorded story with its name."""
    for file in sorted(RECORDED.glob("*.json")):
        yield file.stem, json.loads(file.read_text())
