"""Install the plugin where Pulumi's engine looks for it: a small launcher for this Python.

It is not a command on PATH: the engine would use that whatever its version, and warn about it in
every run. Source: `getPluginInfoAndPath` in Pulumi's sdk/go/common/workspace.
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
"""How long the plugin may take to print its version, on a very busy machine."""

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
    """Return the user's home as the engine determines it: from the account, before HOME."""
    try:
        import pwd  # noqa: PLC0415  not on Windows

        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except (ImportError, KeyError):
        return Path.home()


def install() -> Path:
    """Install the plugin atomically, and return its folder.

    The launcher uses the current Python and PYTHONPATH. Raises `LivePullError` if that does not
    start from another folder, and `OSError`.
    """
    place = folder()
    place.parent.mkdir(parents=True, exist_ok=True)
    # The engine ignores folders with such a name.
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
    """Return the text of the launcher for a Python. It does not depend on the caller's
    environment."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    path = os.pathsep.join(os.path.abspath(entry) for entry in given if entry)
    if WINDOWS:
        python, path = python.replace("%", "%%"), path.replace("%", "%%")
        return WINDOWS_LAUNCHER.format(python=python, path=path)
    return POSIX_LAUNCHER.format(python=shlex.quote(python), path=shlex.quote(path))


def _launcher(folder: Path) -> Path:
    return folder / (f"{COMMAND}.cmd" if WINDOWS else COMMAND)


def _started(folder: Path) -> Path:
    """Return what the engine starts in a folder: on Windows, an executable before a launcher.

    Source: `getCandidateExtensions` in Pulumi's sdk/go/common/workspace.
    """
    executable = folder / f"{COMMAND}.exe"
    return executable if WINDOWS and executable.exists() else _launcher(folder)


def _put(made: Path, place: Path) -> None:
    """Move the folder to its place, or only its launcher if the folder exists: both are atomic.

    The folder may hold an executable of a release, which the engine on Windows prefers to the
    launcher.
    """
    try:
        made.rename(place)
    except OSError:
        _launcher(made).replace(_launcher(place))
        (place / f"{COMMAND}.exe").unlink(missing_ok=True)


def _unfinished(place: Path) -> Path:
    """Return the file with which the engine marks an incomplete installation."""
    return place.with_name(f"{place.name}.partial")


def problems() -> list[LivePullError]:
    """Return everything that prevents the engine from starting this version of the plugin."""
    place = folder()
    wrong = _missing(place) or _wrong_with(_started(place))
    return [*([LivePullError(wrong, INSTALL_PLUGIN)] if wrong else []), *overrides()]


def missing_for(program: Path) -> str:
    """Return why a program in this folder has no plugin, or an empty text if it has one.

    The engine may also find it on PATH, in a debugger, or where Pulumi.yaml says.
    """
    missing = _missing(folder())
    if not missing:
        return ""  # Return early, because this runs for every resource.
    attached = "livepull" in os.environ.get("PULUMI_DEBUG_PROVIDERS", "")
    return "" if attached or any(overrides()) or _names_plugins(program) else missing


def _names_plugins(program: Path) -> bool:
    """Return whether the project's Pulumi.yaml lists plugins."""
    for folder in (program, *program.parents):
        try:
            text = (folder / "Pulumi.yaml").read_text(encoding="utf-8")
        except (OSError, UnicodeError):
            continue
        return any(line.startswith("plugins:") for line in text.splitlines())
    return False


def _missing(place: Path) -> str:
    """Return why the plugin is not installed, or an empty text if it is."""
    if _started(place).exists() and not _unfinished(place).exists():
        return ""
    found = place.parent.glob("resource-livepull-v*/")
    others = sorted(each.name.partition("-v")[2] for each in found if each != place)
    there = f", only {', '.join(others)}" if others else ""
    return f"plugin {VERSION} is not installed in {place.parent}{there}"


def _wrong_with(launcher: Path) -> str:
    """Return why a launcher does not start this version from a new shell, or an empty text."""
    try:
        version = _started_version(launcher)
    except subprocess.CalledProcessError as error:
        said = str(error.stderr).strip().rpartition("\n")[2]
        return f"the plugin does not start: {said or error}"
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"the plugin does not start: {error}"
    return "" if version == VERSION else f"{launcher} starts version {version}, not {VERSION}"


def _started_version(launcher: Path) -> str:
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


def overrides() -> Iterator[LivePullError]:
    """Yield what the engine uses instead of the plugin's folder."""
    ignored = os.environ.get("PULUMI_IGNORE_AMBIENT_PLUGINS", "").lower() in {"1", "true"}
    if (path := shutil.which(COMMAND)) and not ignored:
        yield LivePullError(
            f"the engine uses {path} instead, because it is on PATH",
            "Remove it, or set PULUMI_IGNORE_AMBIENT_PLUGINS=true.",
        )
