"""Every example comes up, stays as it is and goes away, through the engine on the emulator."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import Stack, callbacks, tasks

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").iterdir())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_works(example: Path, stack: Stack, emulator: Emulator) -> None:
    """What a newcomer tries first must work to the letter."""
    source = (example / "__main__.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 40
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    (stack.folder / "__main__.py").write_text(source, encoding="utf-8")
    settings = (stack.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    for key, value in {
        "domain": "push.example.com",
        "endTime": tomorrow,
        "callbackKey": "k" * 32,
    }.items():
        settings += f'  relay:{key}: "{value}"\n'
    (stack.folder / "Pulumi.dev.yaml").write_text(settings, encoding="utf-8")
    assert set(stack.up().plan.values()) == {"create"}
    assert (len(tasks(emulator)), len(callbacks(emulator))) == (1, 1)
    again = stack.up()
    assert set(again.plan.values()) == {"same"}
    assert again.said("warning") == []
    stack.destroy()
    assert (tasks(emulator), callbacks(emulator)) == ([], [])
