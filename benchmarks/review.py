"""The time of a review of a large plan, with the command that a pipeline runs."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure, of_medians
from benchmarks.stack import ROOT

AT_MOST = 2.5
"""What a review of 500 relays may take to one of 5: most of either is to load Pulumi."""


def measure(relays: int, few: int, rounds: int, folder: Path) -> Figure:
    """Compare a review of so many relays, in every format, with one of a few."""
    for count in (relays, few):
        steps = [_step(number) for number in range(count)]
        (folder / f"{count}.json").write_text(json.dumps({"steps": steps}))
    pairs = [(_seconds(folder, relays), _seconds(folder, few)) for _ in range(rounds)]
    return of_medians(f"review of {relays} relays, to one of {few}", pairs, "s", AT_MOST)


def _seconds(folder: Path, count: int) -> float:
    out = [f"--out={folder / f'review.{ending}'}" for ending in ("md", "html", "json")]
    command = [sys.executable, "-P", "-m", "pulumi_livepull", "review", f"{count}.json", *out]
    started = time.perf_counter()
    subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - started


def _step(number: int) -> dict[str, Any]:
    """Return a step about a live relay of Huawei: replaced, deleted, made, or none of these."""
    urn = f"urn:pulumi:bench::bench::livepull:huaweicloud:PullTask::relay-{number}"
    inputs = {
        "sourceType": "PullLivePushLive",
        "sourceUrls": ["rtmp://play.example.org/live/1"],
        "domain": "push.example.com",
        "appName": "live",
        "streamName": f"stream-{number // 2}",
        "startTime": f"2030-01-{number % 20 + 1:02}T20:00:00Z",
        "endTime": f"2030-01-{number % 20 + 1:02}T22:00:00Z",
    }
    old = {"id": f"cn-north-4/{number}", "inputs": inputs, "outputs": inputs}
    new = {"inputs": inputs | {"sourceUrls": ["rtmp://play.example.org/live/2"]}}
    steps: list[dict[str, Any]] = [
        {"op": "replace", "oldState": old, "newState": new},
        {"op": "delete", "oldState": old},
        {"op": "create", "newState": new},
        {"op": "same", "oldState": old, "newState": {"inputs": inputs}},
    ]
    return steps[number % 4] | {"urn": urn}
