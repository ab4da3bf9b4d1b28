"""Record what the real engine asks of the plugin: `python -m tests.hosts.record [story ...]`.

Each story goes through a stack of its own, one operation at a time, so that two recordings of one
program differ in what the plugin answers and in nothing else.
"""

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.server import running
from pulumi_livepull.vendors import VENDORS
from tests.engine.stacks import Stack, find_engine
from tests.hosting import NOW
from tests.hosts.calls import CONFIG
from tests.hosts.recordings import ENDPOINT, RECORDED, Json, account, befall, moved, portable
from tests.hosts.stories import STORIES

SERVICE = "/pulumirpc.ResourceProvider/"
REGISTER = "/pulumirpc.ResourceMonitor/RegisterResource"
OF_THE_PROCESS = {"Handshake", "GetPluginInfo", "GetMappings", "GetMapping", "Cancel"}
OF_THE_PROVIDER = {"CheckConfig", "DiffConfig", "Configure"}
NOT_RECORDED = {"GetSchema"}
"""What is a file of its own already."""


class Teller:
    """Runs a story, and records the calls and responses."""

    def __init__(self, stack: Stack, emulator: Emulator) -> None:
        self.stack = stack
        self.steps: list[Json] = []
        self._emulator = emulator
        self._ahead = emulator.clock.now() - NOW
        self._log = stack.folder / "grpc.json"
        self._providers: dict[tuple[str, str], str] = {}
        self._known: list[Json] = []
        stack.env["PULUMI_DEBUG_GRPC"] = str(self._log)

    def program(self, *parts: str) -> None:
        """Write a program, with times as if it were `NOW`."""
        self.stack.program(*(moved(part, self._ahead) for part in parts))

    def run(self, verb: str, *options: str, fails: bool = False) -> None:
        """Run an engine operation."""
        getattr(self.stack, verb)("--parallel", "1", *options, fails=fails)
        self._write_down(verb)

    def adopt(self, token: str, name: str, id_: str) -> None:
        """Import a resource."""
        options = ("--yes", "--skip-preview", "--generate-code=false", "--protect=false")
        self.stack.command("import", token, name, id_, "--stack", "dev", *options)
        self._write_down("import")

    def meanwhile(self, **event: Any) -> None:
        """Change something in the clouds."""
        befall(self._emulator, event)
        self.steps.append({"meanwhile": event})

    def _write_down(self, verb: str) -> None:
        self.steps.append({"run": verb, "calls": list(self._calls())})
        self._log.unlink()

    def _calls(self) -> Iterator[Json]:
        """Yield the calls since the last step; repeated calls to a provider count once."""
        for line in self._log.read_text().splitlines():
            entry = json.loads(line)
            method = entry["method"].removeprefix(SERVICE)
            if entry["method"] == REGISTER:
                self._note_provider(entry["request"])
            if method in {entry["method"], *NOT_RECORDED} or entry["progress"] == "request_started":
                continue
            call = self._call(method, portable(entry))
            if method in OF_THE_PROCESS | OF_THE_PROVIDER and call in self._known:
                continue
            self._known.append(call)
            yield call

    def _note_provider(self, request: Json) -> None:
        if provider := request.get("provider"):
            self._providers[request["type"], request["name"]] = provider.split("::")[-2]

    def _call(self, method: str, entry: Json) -> Json:
        request = entry["request"]
        if method == "Configure":
            del request["id"]  # The provider's own, which chance gives.
        call = {"method": method, "provider": self._provider(method, request), "request": request}
        if "errors" in entry:
            return {**call, "error": _error(entry["errors"][0])}
        return {**call, "response": entry["response"]}

    def _provider(self, method: str, request: Json) -> str:
        """Return the name of the called provider; a new process has none yet."""
        if method in OF_THE_PROCESS:
            return ""
        *_, token, name = request.get("urn", "::").split("::")
        return name if method in OF_THE_PROVIDER else self._providers.get((token, name), "default")


def _error(text: str) -> Json:
    """Return a status with Python's name for it."""
    found = re.fullmatch(r"rpc error: code = (\w+) desc = (.*)", text, re.DOTALL)
    assert found, text
    code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", found[1]).upper()
    return {"code": code, "message": found[2]}


def record(name: str) -> None:
    """Write the calls and responses of a story."""
    emulator = account(datetime.now(UTC).replace(microsecond=0))
    with TemporaryDirectory() as temporary, running(emulator) as url:
        stack = Stack(Path(temporary) / "stack", find_engine())
        stack.init()
        endpoints = {f"{vendor.name}Endpoint": url for vendor in VENDORS}
        for key, value in {**CONFIG, **endpoints, "host": "plugin"}.items():
            if key != "huaweicloudSecretKey":  # A secret of the stack already.
                stack.configure(key, value)
        teller = Teller(stack, emulator)
        STORIES[name](teller)
    text = json.dumps(teller.steps, indent=1, ensure_ascii=False).replace(url, ENDPOINT)
    RECORDED.mkdir(exist_ok=True)
    (RECORDED / f"{name}.json").write_text(moved(text, NOW - emulator.clock.now()) + "\n")


if __name__ == "__main__":
    for story in sys.argv[1:] or STORIES:
        record(story)
