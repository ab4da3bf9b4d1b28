"""Every error that a vendor's pages list, provoked, and its message, which somebody has read."""

import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pulumi_livepull.vendors import NAMES
from tests.conformance.every import EDITIONS
from tests.vendors.messages import Scene, play, text
from tests.vendors.messages.scenes import SCENES

every_vendor = pytest.mark.parametrize("vendor", NAMES)


def _table(vendor: str, name: str) -> set[Any]:
    """Return the rows of a table of a vendor's client, which an edition has from its vendor."""
    client = import_module(f"pulumi_livepull.vendors.{EDITIONS.get(vendor, vendor)}.client")
    return set(getattr(client, name, ()))


@every_vendor
def test_every_message_is_one_that_was_read(vendor: str) -> None:
    """Word for word. After a change: `.venv/bin/python -m tests.vendors.messages`, and read it."""
    golden = Path(__file__).with_name("messages") / f"{vendor}.txt"
    assert text(SCENES[vendor]) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("vendor", "scene"),
    [
        pytest.param(vendor, scene, id=f"{vendor}: {scene.code}, {scene.story}")
        for vendor, scenes in SCENES.items()
        for scene in scenes
    ],
)
def test_a_message_says_what_failed_where_and_what_to_do_next(vendor: str, scene: Scene) -> None:
    """One line with the vendor's own code and words, one line of advice, and no secret."""
    messages = play(scene)
    first, _, hint = messages.message.partition("\n")
    assert first.startswith(f'{scene.case.resource.label()} {scene.verb} failed: {scene.code} "')
    assert scene.words in first
    assert "\n" not in hint
    assert hint
    for secret in messages.secrets:
        assert secret not in messages.message


@every_vendor
def test_every_row_of_the_table_can_be_provoked(vendor: str) -> None:
    """A message that nothing provokes was never read. A row also covers codes beginning with it."""
    codes = {scene.code for scene in SCENES[vendor]}
    rows = _table(vendor, "_CODES")
    assert rows
    rows |= _table(vendor, "_PREFIXES")
    assert {row for row in rows if not any(code.startswith(row) for code in codes)} == set()


@every_vendor
def test_every_status_of_the_table_can_be_provoked(vendor: str) -> None:
    """The same, where a code is not listed."""
    seen = {scene.status for scene in SCENES[vendor] if scene.code.startswith("X.")}
    assert seen >= _table(vendor, "_STATUSES")


@every_vendor
def test_every_refusal_of_the_emulator_was_read(vendor: str) -> None:
    """What an emulated vendor can say, a user can read."""
    module = import_module(f"pulumi_livepull.emulator.{EDITIONS.get(vendor, vendor)}.refusal")
    assert _said(module) - {scene.code for scene in SCENES[vendor]} == set()


def _said(module: ModuleType) -> set[str]:
    """Return the codes of all refusals in a module."""
    makers = [
        make
        for _, make in inspect.getmembers(module, inspect.isfunction)
        if make.__module__ == module.__name__
    ]
    assert makers
    needed = inspect.Parameter.empty
    return {
        make(
            *["x" for each in inspect.signature(make).parameters.values() if each.default is needed]
        ).code
        for make in makers
    }
