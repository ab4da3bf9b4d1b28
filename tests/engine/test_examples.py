"""Every example in Python comes up, stays as it is and goes away, on the emulator."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors import VENDORS
from tests.conformance.every import FACTS
from tests.engine import sdks
from tests.engine.stacks import Stack, held

ELSEWHERE = {"channels", "policy-pack", "pull-request", "rehearsal"}
"""What needs more than its program: tests of the same names run them."""

IN_PYTHON = sorted(
    file.parent for file in sdks.EXAMPLES.glob("*/__main__.py") if file.parent.name not in ELSEWHERE
)


def _settings(example: Path, url: str) -> str:
    """Return what a user would configure for it."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    known = {
        "startTime": tomorrow.isoformat(),
        "endTime": (tomorrow + timedelta(days=1)).isoformat(),
        "callbackKey": "k" * 32,
    }
    asked = yaml.safe_load((example / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    own = {f"relay:{key}": known.get(key, info.get("default")) for key, info in asked.items()}
    for vendor in VENDORS:
        own[vendor.config_key("endpoint")] = url
        own[vendor.config_key("access_key")] = "livepull-emulator"
        own[vendor.config_key("secret_key")] = "livepull-emulator-secret"
        if region := FACTS[vendor.name].region:
            own[vendor.config_key("region")] = region
    return yaml.safe_dump(own)


@pytest.mark.parametrize("example", IN_PYTHON, ids=lambda example: example.name)
def test_an_example_works(example: Path, stack: Stack, emulator: Emulator, url: str) -> None:
    """Newcomers try the examples first, so they must work exactly as written."""
    source = (example / "__main__.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 50
    for file in (example / "__main__.py", *example.glob("*.ics")):
        shutil.copy(file, stack.folder)
    file = stack.folder / "Pulumi.dev.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    document["config"] |= yaml.safe_load(_settings(example, url))
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    made = stack.up()
    assert set(made.plan.values()) == {"create"}
    assert made.said("warning") == []
    assert held(emulator) == sum("id" in each for each in stack.resources.values())
    assert set(stack.up().plan.values()) == {"same"}
    stack.destroy()
    assert held(emulator) == 0
