"""What exists already comes into a stack of the real engine, with a program that fits it."""

import json
import re
import shlex
import subprocess
from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud import PullTask
from tests.conformance.cases import Case
from tests.conformance.every import OWN_CASES as CASES
from tests.engine.stacks import ROOT, Stack, brought_forward, callbacks
from tests.hosting import KEYS, connect

PAGE = (ROOT / "docs/import.md").read_text(encoding="utf-8")
LINES = [
    shlex.split(line)
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
"""The commands of the page: to export, to import, to look, to export some, to import one."""

EXPORT, IMPORT, LOOK, *SOME, ONE = LINES
PROJECT = "name: relay\nruntime: yaml\n"
UNDER = {
    "LivePullStreamInfoConfig": {"domain_name": "live.example.com"},
    "RecordNotifyConfig": {"domain_name": "live.example.com"},
    "RelaySource": {"domain": "pull.example.com"},
    "Callback": {"vhost": "space"},
}
"""What the vendors must be asked by to list them."""

WHERE = [
    f"--where={kind}.{name}={value}"
    for kind, asked in UNDER.items()
    for name, value in asked.items()
]
SENTENCE = (
    "the vendor never returns `key`: if you use it, set it in the program, and the next update "
    "sends it again"
)


@pytest.fixture
def yaml(stack: Stack, url: str) -> Stack:
    """A stack without a program, with the keys of every vendor."""
    for key, value in KEYS.items():
        stack.configure(key.removeprefix("livepull:"), value)
    for vendor in VENDORS:
        stack.configure(f"{vendor.name}Endpoint", url)
    (stack.folder / "Pulumi.yaml").write_text(PROJECT)
    return stack


def made(emulator: Emulator, case: Case, **changes: Any) -> str:
    """Make what a case describes, with all its inputs, behind the stack's back."""
    given = json.loads(brought_forward(json.dumps({**case.full, **changes})))
    inputs = lifecycle.check(case.resource, {}, given, emulator.clock.now()).inputs
    return lifecycle.create(case.resource, connect(emulator, case.resource), inputs).id


def case(name: str) -> Case:
    """The case of that name."""
    return next(each for each in CASES if each.name == name)


def held(emulator: Emulator) -> list[Any]:
    """All that the vendors hold."""
    return [getattr(emulator, vendor.name).snapshot() for vendor in VENDORS]


def export(stack: Stack, *words: str) -> str:
    """Run `livepull export`, which may leave something out, and return what it says."""
    ran = subprocess.run(
        words,
        cwd=stack.folder,
        env=stack.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode in {0, 3}, ran.stderr
    return ran.stderr


def adopt(stack: Stack, *words: str) -> str:
    """Run `pulumi import`, make what it writes the stack's program, and return what it says."""
    done = stack.bring_in(*words)
    program = PROJECT + (stack.folder / "adopted.yaml").read_text()
    (stack.folder / "Pulumi.yaml").write_text(program)
    return done.text


def test_all_that_the_accounts_hold_is_adopted_in_two_commands(
    yaml: Stack, emulator: Emulator
) -> None:
    """Fifty tasks and one of everything else, and the program that Pulumi writes fits them all."""
    things = {(each.resource.token, made(emulator, each)) for each in CASES}
    task = case("volcengine.PullToPushTask, live")
    things |= {(task.resource.token, made(emulator, task, title=f"频道{n}")) for n in range(46)}
    before = held(emulator)

    assert export(yaml, *EXPORT, *WHERE) == f"exported: {len(things)}\n"
    message = adopt(yaml, *IMPORT[4:])
    assert message.count(SENTENCE) > 0
    kept = yaml.resources.values()
    assert {(each["type"], each["id"]) for each in kept if each.get("id")} >= things

    preview = yaml.preview(*LOOK[4:], "--refresh")
    assert set(preview.plan.values()) == {"same"}
    assert (
        export(yaml, *EXPORT, *WHERE)
        == f"left out: {len(things)} that the stack already manages\nexported: 0\n"
    )
    for line in SOME:
        assert export(yaml, *line).endswith("exported: 0\n"), line
    assert held(emulator) == before


def test_a_destination_that_a_vendor_never_returns_is_no_fault(
    yaml: Stack, emulator: Emulator
) -> None:
    """The engine would call it a fault of the provider; the program goes on without it."""
    task = case("tencentcloud.PullStreamTask, live")
    place = dict.fromkeys(("domainName", "appName", "streamName", "pushArgs"))
    made_id = made(emulator, task, **place, toUrl="rtmp://push.example.org/live/1")
    told = adopt(yaml, "livepull:tencentcloud:PullStreamTask", "a", made_id, "--out=adopted.yaml")
    assert "failed to validate" not in told
    preview = yaml.preview("--expect-no-changes")
    assert "domainName is missing: set it, or `toUrl`" in preview.text


def test_what_a_vendor_never_returns_is_sent_again_once_the_program_has_it(
    yaml: Stack, emulator: Emulator
) -> None:
    """As the import's warning says."""
    callback = made(emulator, case("huaweicloud.RecordCallback"))
    message = adopt(
        yaml, "livepull:huaweicloud:RecordCallback", "recordings", callback, "--out", "adopted.yaml"
    )
    assert SENTENCE in message
    yaml.preview("--expect-no-changes")

    program = (yaml.folder / "Pulumi.yaml").read_text()
    new = f"    properties:\n      key: {'n' * 32}\n"
    (yaml.folder / "Pulumi.yaml").write_text(program.replace("    properties:\n", new))
    assert yaml.up().plan["recordings"] == "update"
    yaml.preview("--expect-no-changes")
    assert [each["key"] for each in callbacks(emulator)] == ["n" * 32]


@pytest.mark.parametrize("wrong", [ONE[-1], "rtmp://push.example.com/live/1"])
def test_a_wrong_id_says_what_an_id_looks_like(yaml: Stack, wrong: str) -> None:
    """Nothing is added to the stack."""
    failed = yaml.bring_in(*ONE[4:-1], wrong, fails=True)
    message = failed.said("error")[0]
    assert f'"{wrong}"' in message
    assert f"Write the id as {PullTask.identity.id_form}" in message
    assert yaml.resources == {}
