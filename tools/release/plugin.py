"""The plugin as the engine downloads it: an executable that needs no Python, and the source form.

Source: the engine looks for `pulumi-resource-<name>-v<version>-<os>-<arch>.tar.gz`, as in Pulumi's
sdk/go/common/workspace/plugins.go.
"""

import os
import platform
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution
from pathlib import Path

from tools.engine.progress import run
from tools.release import archive, package

PROGRAM = "pulumi-resource-livepull"

ENTRY = Path(__file__).with_name("entry.py")

LOADED_BY_NAME = ("core", "hosts", "vendors")
"""Packages of ours with modules that no import statement names, or that are loaded late."""

NOT_NEEDED = (
    *("pulumi_livepull.emulator", "pulumi_livepull.generate", "pulumi_livepull.review"),
    *("pulumi_livepull.testing", "pulumi_livepull.policy"),
    # What others import if it is there.
    *("IPython", "PIL", "_pytest", "av", "cryptography", "curses", "flask", "hypothesis"),
    *("mypy", "numpy", "pulumi_policy", "pygments", "pytest", "readline", "rich", "setuptools"),
    *("tkinter", "trio", "uvloop"),
)

SYSTEMS = {"Linux": "linux", "Darwin": "darwin", "Windows": "windows"}
MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}

LICENCES = ("LICENCE", "LICENSE", "COPYING", "NOTICE", "AUTHORS")

LIMIT_SECONDS = 1800


def target() -> str:
    """Return this machine as the engine calls it, such as `linux-amd64`."""
    return f"{SYSTEMS[platform.system()]}-{MACHINES[platform.machine()]}"


def build(wheel: Path, out: Path, scratch: Path) -> Path:
    """Make the archive with an executable for this machine, from a wheel, and return it."""
    folder = scratch / "installed"
    own = package.unpack(wheel, folder)
    _freeze(folder, scratch)
    made = scratch / PROGRAM
    _add_licences(made / "licenses", own)
    place = out / f"{PROGRAM}-v{own.version}-{target()}.tar.gz"
    archive.pack(made, place)
    return place


def _freeze(folder: Path, scratch: Path) -> None:
    """Make an executable and a folder of what it needs, out of the wheel in `folder` alone."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    for option, value in _options(folder, scratch):
        command += [option, value]
    if platform.system() == "Linux" and shutil.which("strip"):
        command.append("--strip")
    # Never the checkout: the wheel comes first.
    env: Mapping[str, str] = os.environ | {"PYTHONPATH": str(folder), "PYTHONHASHSEED": "0"}
    limit = LIMIT_SECONDS
    run([*command, str(ENTRY)], "PyInstaller", limit_seconds=limit, cwd=scratch, env=env)


def _options(folder: Path, scratch: Path) -> Iterator[tuple[str, str]]:
    yield "--name", PROGRAM
    yield "--distpath", str(scratch)
    yield "--workpath", str(scratch / "work")
    yield "--specpath", str(scratch)
    yield "--paths", str(folder)
    for name in LOADED_BY_NAME:
        yield "--collect-submodules", f"pulumi_livepull.{name}"
    yield "--hidden-import", "recurring_ical_events"
    # Windows has no time zones of its own, and a small Linux may have none.
    yield "--collect-data", "tzdata"
    yield "--copy-metadata", package.NAME
    data = "pulumi_livepull/schema.json"
    yield "--add-data", f"{folder / data}{os.pathsep}{os.path.dirname(data)}"
    for name in NOT_NEEDED:
        yield "--exclude-module", name


def _add_licences(folder: Path, own: Distribution) -> None:
    """Put the licence of everything that is in the archive beside it."""
    for name, each in {package.NAME: own, **bundled(own)}.items():
        for file in each.files or []:
            source = Path(str(each.locate_file(file)))
            if file.name.upper().startswith(LICENCES) and source.is_file():
                (folder / name).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, folder / name / file.name)
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if python.exists():
        (folder / "python").mkdir(parents=True)
        shutil.copyfile(python, folder / "python" / python.name)


def bundled(own: Distribution) -> dict[str, Distribution]:
    """Return the packages that the executable holds, by name."""
    return package.needed(own, *package.PLUGIN_EXTRAS)


def build_source(root: Path, wheel: Path, out: Path, scratch: Path) -> Path:
    """Make the archive for any machine with a Python: the engine installs the wheel in it."""
    version = wheel.name.split("-")[1]
    made = scratch / "source"
    made.mkdir()
    for name in ("PulumiPlugin.yaml", "__main__.py"):
        shutil.copyfile(root / "plugin" / name, made / name)
    shutil.copyfile(root / "LICENSE", made / "LICENSE")
    shutil.copyfile(wheel, made / wheel.name)
    extras = ",".join(package.PLUGIN_EXTRAS)
    (made / "requirements.txt").write_text(f"./{wheel.name}[{extras}]\n", encoding="utf-8")
    place = out / f"{PROGRAM}-v{version}-python.tar.gz"
    archive.pack(made, place)
    return place
