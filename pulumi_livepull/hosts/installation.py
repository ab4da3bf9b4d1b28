"""The plugin where Pulumi's engine looks for it: a small launcher that knows its Python.

There is no command of its name on PATH: the engine would take that whatever its version, and warn
of it in every run. Source: `getPluginInfoAndPath` in Pulumi's sdk/go/common/workspace.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pulumi_livepull.errors import LivePullError
from pulumi_livepull.hosts.registry import VERSION

COMMAND = "pulumi-resource-livepull"

WINDOWS = os.name == "nt"

START_SECONDS = 60
"""How long the plugin may take to tell its version, on a machine that is very busy."""

INSTALL_PLUGIN = "Run: livepull plugin install"
INSTALL_PACKAGE = "Install pulumi-livepull in a virtual environment, and run its livepull."

POSIX_LAUNCHER = """\
#!/bin/sh
python={python}
if [ ! -x "$python" ]; then
  echo "$python does not exist any more: run livepull plugin install" >&2
  exit 1
fi
PYTHONHOME=
PYTHONPATH={path}
export PYTHONHOME PYTHONPATH
exec "$python" -P -m pulumi_livepull plugin serve "$@"
"""

WINDOWS_LAUNCHER = """\
@echo off
chcp 65001 >nul
set "PYTHONHOME="
set "PYTHONPATH={path}"
"{python}" -P -m pulumi_livepull plugin serve %*
"""


def folder() -> Path:
    """Return the folder of this version's plugin, where the engine looks for it."""
    home = os.environ.get("PULUMI_HOME") or _user_home() / ".pulumi"
    return Path(home).absolute() / "plugins" / f"resource-livepull-v{VERSION}"


def _user_home() -> Path:
    """Return what the engine takes for the user's home: the account's, before what HOME says."""
    try:
        import pwd  # noqa: PLC0415  not on Windows

        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except (ImportError, KeyError):
        return Path.home()


def install() -> Path:
    """Put the plugin in its folder, whole or not at all, and return that.

    It runs the Python that runs this, with what is on its PYTHONPATH now. Raises `LivePullError` if
    that cannot start elsewhere, and `OSError`.
    """
    place = folder()
    place.parent.mkdir(parents=True, exist_ok=True)
    # The engine takes no folder with such a name for a plugin.
    with TemporaryDirectory(prefix=".livepull-", dir=place.parent) as scratch:
        made = Path(scratch, place.name)
        made.mkdir()
        _launcher(made).write_text(launcher(sys.executable), encoding="utf-8")
        _launcher(made).chmod(0o755)
        if wrong := _wrong_with(_launcher(made)):
            raise LivePullError(wrong, INSTALL_PACKAGE)
        _put(made, place)
    _unfinished(place).unlink(missing_ok=True)
    return place


def launcher(python: str) -> str:
    """Return the text of the launcher of a Python, whatever the shell that it is started from."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    path = os.pathsep.join(os.path.abspath(entry) for entry in given if entry)
    if WINDOWS:
        python, path = python.replace("%", "%%"), path.replace("%", "%%")
        return WINDOWS_LAUNCHER.format(python=python, path=path)
    return POSIX_LAUNCHER.format(python=shlex.quote(python), path=shlex.quote(path))


def _launcher(folder: Path) -> Path:
    return folder / (f"{COMMAND}.cmd" if WINDOWS else COMMAND)


def _put(made: Path, place: Path) -> None:
    """Move a folder to its place, or its launcher into what is there: either is one step."""
    try:
        made.rename(place)
    except OSError:
        _launcher(made).replace(_launcher(place))


def _unfinished(place: Path) -> Path:
    """Return the file by which the engine marks a plugin that it did not install to the end."""
    return place.with_name(f"{place.name}.partial")


def problems() -> list[LivePullError]:
    """Return all that keeps the engine from starting this version's plugin from its folder."""
    place = folder()
    wrong = _missing(place) or _wrong_with(_launcher(place))
    return [*([LivePullError(wrong, INSTALL_PLUGIN)] if wrong else []), *hidden()]


def missing_for(program: Path) -> str:
    """Return what there is instead of a plugin for a program in a folder; empty if there is one.

    The engine may have it from elsewhere: from PATH, from a debugger, or from where the project's
    own file says.
    """
    missing = _missing(folder())
    if not missing:
        return ""  # Each resource of a program asks.
    attached = "livepull" in os.environ.get("PULUMI_DEBUG_PROVIDERS", "")
    return "" if attached or any(hidden()) or _names_plugins(program) else missing


def _names_plugins(program: Path) -> bool:
    """Return whether the project says itself where plugins are."""
    for folder in (program, *program.parents):
        try:
            text = (folder / "Pulumi.yaml").read_text(encoding="utf-8")
        except (OSError, UnicodeError):
            continue
        return any(line.startswith("plugins:") for line in text.splitlines())
    return False


def _missing(place: Path) -> str:
    """Return what there is instead of a plugin in its place; empty if it is there."""
    if _launcher(place).exists() and not _unfinished(place).exists():
        return ""
    found = place.parent.glob("resource-livepull-v*/")
    others = sorted(each.name.partition("-v")[2] for each in found if each != place)
    there = f", only {', '.join(others)}" if others else ""
    return f"plugin {VERSION} is not installed in {place.parent}{there}"


def _wrong_with(launcher: Path) -> str:
    """Return what keeps a launcher from starting this version, as from a new shell; or nothing."""
    try:
        version = _told_version(launcher)
    except subprocess.CalledProcessError as error:
        said = str(error.stderr).strip().rpartition("\n")[2]
        return f"the plugin does not start: {said or error}"
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"the plugin does not start: {error}"
    return "" if version == VERSION else f"{launcher} starts version {version}, not {VERSION}"


def _told_version(launcher: Path) -> str:
    ran = subprocess.run(  # noqa: S603
        [launcher, "--version"],
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        cwd=launcher.parent,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=True,
    )
    return ran.stdout.strip()


def hidden() -> Iterator[LivePullError]:
    """Yield what the engine takes instead of what is in the plugin's folder."""
    ignored = os.environ.get("PULUMI_IGNORE_AMBIENT_PLUGINS", "").lower() in {"1", "true"}
    if (path := shutil.which(COMMAND)) and not ignored:
        yield LivePullError(
            f"the engine takes {path} instead, because it is on PATH",
            "Remove it, or set PULUMI_IGNORE_AMBIENT_PLUGINS=true.",
        )
