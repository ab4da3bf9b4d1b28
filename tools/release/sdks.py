"""The SDKs that are published: a package for npm, and the sources of a Go module.

Pulumi's own generators write them; see `tools.codegen`.
"""

import json
import re
import shutil
from pathlib import Path

from tools.codegen.__main__ import main as codegen
from tools.engine import build as engine
from tools.engine.progress import WayError, run
from tools.release import archive

LIMIT_SECONDS = 300

PUBLISHED = ("bin", "README.md")
"""What the npm package holds of the compiled SDK: not the sources in TypeScript."""


def build(version: str, licence: Path, out: Path, scratch: Path) -> tuple[Path, Path]:
    """Generate both SDKs, compile the one for Node.js, pack them and return the files."""
    nodejs, go = scratch / "nodejs", scratch / "sdks" / "go"
    _codegen("sdk", "nodejs", str(nodejs))
    _codegen("compile", "nodejs", str(nodejs))
    _codegen("sdk", "go", str(go))
    return pack_nodejs(nodejs, licence, out, scratch), pack_go(go, version, licence, out)


def _codegen(*arguments: str) -> None:
    if codegen(list(arguments)):
        raise WayError(f"the SDK is not made: {' '.join(arguments)}")


def pack_nodejs(sdk: Path, licence: Path, out: Path, scratch: Path) -> Path:
    """Pack a compiled SDK for npm, and return the file."""
    package = scratch / "npm"
    package.mkdir()
    for name in PUBLISHED:
        copy = shutil.copytree if (sdk / name).is_dir() else shutil.copyfile
        copy(sdk / name, package / name)
    shutil.copyfile(licence, package / "LICENSE")
    described = json.loads((sdk / "package.json").read_text("utf-8"))
    # It compiles where it is installed, from sources that are not in the package.
    del described["scripts"]
    tools = described["dependencies"]
    described["dependencies"] = {"@pulumi/pulumi": tools.pop("@pulumi/pulumi")}
    described["devDependencies"] = tools
    (package / "package.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    npm = shutil.which("npm") or "npm"
    pack = [npm, "pack", "--ignore-scripts", "--pack-destination", str(out)]
    run(pack, "npm pack", limit_seconds=LIMIT_SECONDS, cwd=package)
    (made,) = out.glob("pulumi-livepull-[0-9]*.tgz")
    return made


def pack_go(sdk: Path, version: str, licence: Path, out: Path) -> Path:
    """Pack the sources of the Go module, as the folder `go`, and return the file."""
    module = sdk / "go.mod"
    # The generator names a Pulumi that is too old for what it writes.
    needs = rf"\g<1>v{engine.version()}"
    text = re.sub(r"(github\.com/pulumi/pulumi/sdk/v3 )\S+", needs, module.read_text("utf-8"))
    module.write_text(text, encoding="utf-8")
    shutil.copyfile(licence, sdk / "LICENSE")
    place = out / f"pulumi-livepull-sdk-go-v{version}.tar.gz"
    archive.pack(sdk.parent, place)
    return place
