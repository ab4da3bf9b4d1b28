"""One program with every resource does the same in both hosts."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.server import running
from pulumi_livepull.vendors import NAMES as VENDORS
from tests.conformance.cases import Case
from tests.conformance.every import OWN_CASES as CASES
from tests.engine.stacks import PROJECT, REGION, Json, Stack, brought_forward, days_from_now
from tests.hosting import KEYS

HEADER = f"import pulumi\nfrom pulumi_livepull import {', '.join(VENDORS)}\nmade = []\n"
NAMES = [f"{at}-{case.resource.__name__}" for at, case in enumerate(CASES)]
NOW = days_from_now(0)


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def in_python(value: Any) -> Any:
    """Return a value with the names that it has in a Python program."""
    if isinstance(value, list):
        return [in_python(item) for item in value]
    if isinstance(value, dict):
        return {_snake(key): in_python(item) for key, item in value.items()}
    return value


def _lines(name: str, case: Case) -> str:
    """Return the program of a case: with all inputs, and with all outputs exported.

    One is made after the other, because the emulator's ids tell of the order.
    """
    inputs = ", ".join(f"{key}={value!r}" for key, value in in_python(dict(case.full)).items())
    fields = [prop.name for prop in case.resource.properties().values() if prop.is_output]
    outputs = ", ".join(f"{field!r}: made.{field}" for field in fields)
    return (
        f"after = pulumi.ResourceOptions(depends_on=made)\n"
        f"made = {case.resource.label()}({name!r}, {inputs}, opts=after)\n"
        f"pulumi.export({name!r}, {{'id': made.id, {outputs}}})\n"
    )


def _program() -> str:
    """Return a program of all cases, which are written as if it was the first of January 2030."""
    return brought_forward(HEADER + "".join(map(_lines, NAMES, CASES)))


def _live(stack: Stack, host: str) -> tuple[Json, list[str]]:
    """Bring the program up, see that nothing is left to do, and return its outputs and calls."""
    emulator = Emulator(clock=Clock(frozen_at=NOW))
    emulator.seed({"huaweicloud": {"projects": {REGION: PROJECT}}})
    with running(emulator) as url:
        for key, value in KEYS.items():
            stack.configure(key.removeprefix("livepull:"), value)
        for vendor in VENDORS:
            stack.configure(f"{vendor}Endpoint", url)
        stack.configure("host", host)
        (stack.folder / "__main__.py").write_text(_program())
        stack.up()
        outputs = stack.command("stack", "output", "--stack", "dev", "--json", "--show-secrets")
        calls = [str(entry.operation) for entry in emulator.journal]
        plan = stack.preview("--expect-no-changes").plan
    assert {plan[name] for name in NAMES} == {"same"}
    return json.loads(outputs), calls


def test_a_program_does_the_same_in_both_hosts(blank: Stack) -> None:
    """Every property of every resource is the same, and so are the calls to the vendors."""
    hosts = ("dynamic", "plugin")
    stacks = [blank.copy(blank.folder.with_name(host)) for host in hosts]
    with ThreadPoolExecutor(2) as pool:
        (dynamic, of_dynamic), (plugin, of_plugin) = pool.map(_live, stacks, hosts)
    assert dynamic == plugin
    assert dynamic.keys() == set(NAMES)
    assert of_dynamic == of_plugin
