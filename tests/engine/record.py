"""Record what a stack leaves behind, once for each release: `python -m tests.engine.record 0.2.0`.

The folder of that version must hold `program.txt`, the program. What is written beside it is the
stack's state with its secrets, which are inventions, and the emulator's: a later version must find
nothing to change there. Moments are written as long past, so that the task with an end has ended.
"""

import json
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running
from tests.engine.stacks import (
    PROJECT,
    REGION,
    Stack,
    callbacks,
    days_from_now,
    find_engine,
    spelled,
    tasks,
)

RECORDED = Path(__file__).parent / "recorded"
ENDPOINT = "http://127.0.0.1:1"
BEGAN, ENDED = "2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z"
OWN = "0recorded0"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def _without_places(value: Any) -> Any:
    """Leave out where in which file a resource was made: that tells of a machine."""
    if isinstance(value, list):
        return [_without_places(item) for item in value]
    if isinstance(value, dict):
        places = {"sourcePosition", "stackTrace"}
        return {k: _without_places(item) for k, item in value.items() if k not in places}
    return value


def record(version: str) -> None:
    """Write the state that a stack and the emulator are left in by this version's program."""
    folder = RECORDED / version
    end = spelled(days_from_now(1))
    emulator = Emulator()
    emulator.seed({"huaweicloud": {"projects": {REGION: PROJECT}}})
    with TemporaryDirectory() as temporary, running(emulator) as url:
        stack = Stack(Path(temporary) / "stack", find_engine())
        stack.init()
        stack.configure("huaweicloudEndpoint", url)
        stack.program((folder / "program.txt").read_text().replace(ENDED, end))
        stack.up()
        state = json.loads(stack.command("stack", "export", "--stack", "dev", "--show-secrets"))
    made_ids = [task["task_id"] for task in tasks(emulator)]
    made_ids += [callback["id"] for callback in callbacks(emulator)]
    state["deployment"]["manifest"] = {"time": BEGAN, "magic": "", "version": ""}
    for name, document in [
        ("state.json", state),
        ("vendor.json", {"huaweicloud": emulator.huaweicloud.snapshot()}),
    ]:
        text = json.dumps(_without_places(document), indent=2).replace(url, ENDPOINT)
        for made in made_ids:  # The emulator gives a new one the same id again.
            text = text.replace(made, f"{OWN}{made[len(OWN) :]}")
        past = MOMENT.sub(lambda moment: ENDED if moment[0] == end else BEGAN, text)
        (folder / name).write_text(past + "\n")


if __name__ == "__main__":
    record(sys.argv[1])
