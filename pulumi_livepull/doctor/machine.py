"""This machine: Python, the package, Pulumi's engine and the plugin, and whether they fit."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pulumi_livepull.doctor.check import Check, line
from pulumi_livepull.hosts import installation, registry

SECTION = "this machine"
MAJOR = "3"
"""The version of Pulumi that the provider speaks to, in the engine and in the package."""

SECONDS = 60
"""How long the engine may take to tell its version, on a machine that is very busy."""


def machine(*, needs_plugin: bool) -> Iterator[Check]:
    """Yield what there is; a plugin that is missing counts only if the stack needs it."""
    yield Check(SECTION, "Python", "ok", platform.python_version())
    place = Path(registry.__file__).parents[1]
    yield Check(SECTION, "package", "ok", f"pulumi-livepull {registry.VERSION} in {place}")
    engine = _engine()
    yield engine
    yield _package(engine.what)
    yield from _plugin(needs_plugin)


def _engine() -> Check:
    program = shutil.which("pulumi")
    if not program:
        return Check(
            SECTION,
            "engine",
            "failed",
            "pulumi is not on PATH",
            "Install Pulumi: https://www.pulumi.com/docs/install/",
            "missing",
        )
    try:
        ran = subprocess.run(  # noqa: S603
            [program, "version"], capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        what = f"{program} does not start: {line(str(error))}"
        return Check(SECTION, "engine", "failed", what, "Install Pulumi again.", "missing")
    told = ran.stdout.strip()
    if _major(told) != MAJOR:
        what = f"pulumi {told} in {program} is not version {MAJOR}"
        remedy = f"Install Pulumi {MAJOR}: https://www.pulumi.com/docs/install/"
        return Check(SECTION, "engine", "failed", what, remedy, "missing")
    return Check(SECTION, "engine", "ok", f"pulumi {told} in {program}")


def _package(engine: str) -> Check:
    try:
        told = version("pulumi")
    except PackageNotFoundError:
        told = "none"
    if _major(told) != MAJOR:
        what = f"the Python package pulumi is {told}, which does not fit {engine}"
        remedy = f"Run: pip install 'pulumi>={MAJOR},<{int(MAJOR) + 1}'"
        return Check(SECTION, "Pulumi SDK", "failed", what, remedy, "missing")
    return Check(SECTION, "Pulumi SDK", "ok", told)


def _major(told: str) -> str:
    found = re.match(r"v?([0-9]+)\.", told)
    return found[1] if found else ""


def _plugin(needs_plugin: bool) -> Iterator[Check]:
    problems = installation.problems()
    if not problems:
        where = f"{registry.VERSION} in {installation.folder()}"
        yield Check(SECTION, "plugin", "ok", where)
    for problem in problems:
        if needs_plugin:
            yield Check(
                SECTION, "plugin", "failed", line(problem.what), line(problem.hint), "missing"
            )
        else:
            what = f"{line(problem.what)}; programs in Python need none"
            yield Check(SECTION, "plugin", "note", what, line(problem.hint))
