"""Build the engine from Go modules.

`tools/go.mod` pins the command and the YAML language host, and `language/go.mod` the Python one.
They are two modules because the Python host left the SDK's module after sdk v3.79.0, and what it
became cannot be had from the module proxies. That host ignores `virtualenv` in Pulumi.yaml and runs
the first `python3` on PATH.
"""

import functools
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.engine.go import Go, pinned, tools
from tools.engine.progress import say

MODULE = Path(__file__).parents[1]
LANGUAGE = Path(__file__).with_name("language")
SDK = "github.com/pulumi/pulumi/sdk/v3"
SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")


@functools.cache
def version() -> str:
    """The engine's version, as pinned in tools/go.mod."""
    return pinned(r"github\.com/pulumi/pulumi/pkg/v3 v(\S+)", MODULE)


def flags() -> str:
    """The linker's flags: the programs tell the engine's version, and are small."""
    return f"-s -w -X {SDK}/go/common/version.Version=v{version()}"


def build(made: Path, scratch: Path, programs: Sequence[str]) -> None:
    """Put these programs of the engine into `made`."""
    go = Go.find((MODULE, LANGUAGE), scratch)
    say(f"building Pulumi {version()} from Go modules, once: {', '.join(programs)}")
    for module in (MODULE, LANGUAGE):
        wanted = {name: tool for tool in tools(module) if (name := Path(tool).name) in programs}
        if wanted:
            into = ("-ldflags", flags(), "-o", f"{made}{os.sep}")
            go.build(module, list(wanted.values()), " and ".join(wanted), *into)
    sdk = Path(go.ask("list", "-m", "-f", "{{.Dir}}", SDK, cwd=MODULE))
    for script in SCRIPTS:
        if (name := Path(script).name) in programs:
            copied = Path(shutil.copyfile(sdk / script, made / name))
            copied.chmod(0o755)
