"""Pulumi's own code generators take the schema, and what they make of it compiles."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.engine.stacks import ROOT
from tools.codegen.compilers import node_modules

Schema = dict[str, Any]


def codegen(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """The command as a user runs it."""
    command = [sys.executable, str(ROOT / "tools" / "codegen"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def compiled(language: str, folder: Path) -> Path:
    """The folder of a newly made SDK, compiled."""
    for command in ("sdk", "compile"):
        ran = codegen(command, language, folder)
        assert ran.returncode == 0, ran.stderr
    return folder


def test_pulumi_finds_nothing_wrong_with_the_schema() -> None:
    """Neither an error nor a warning: every language can have every resource."""
    ran = codegen("check")
    assert ran.returncode == 0, ran.stderr
    assert "all well" in ran.stdout


def _dangle(schema: Schema, task: Schema) -> None:
    task["properties"]["status"] = {"$ref": "#/types/livepull:huaweicloud:Status"}


def _reserve(schema: Schema, task: Schema) -> None:
    task["properties"]["urn"] = {"type": "string"}


def _misspell(schema: Schema, task: Schema) -> None:
    task["requiredInput"] = task.pop("requiredInputs")


def _forget(schema: Schema, task: Schema) -> None:
    task["requiredInputs"].append("sourceUrl")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_dangle, "type livepull:huaweicloud:Status not found"),
        (_reserve, "warning: #/resources/livepull:huaweicloud:PullTask/properties/urn"),
        (_misspell, 'unknown field "requiredInput"'),
        (_forget, "unknown required property"),
    ],
)
def test_a_schema_that_pulumi_would_not_take_is_told(tmp_path: Path, spoil: Any, told: str) -> None:
    """The check above can fail: at errors, at warnings and at a key that Pulumi does not know."""
    schema = json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))
    spoil(schema, schema["resources"]["livepull:huaweicloud:PullTask"])
    spoilt = tmp_path / "schema.json"
    spoilt.write_text(json.dumps(schema), encoding="utf-8")
    ran = codegen("check", spoilt)
    assert ran.returncode == 1
    assert told in ran.stderr


TYPESCRIPT = """
import * as livepull from "pulumi-livepull";

new livepull.Provider("accounts", { huaweicloudRegion: "cn-north-4", maxRetries: 2 });
const task = new livepull.huaweicloud.PullTask("relay", {
    sourceType: "PullLivePushLive",
    sourceUrls: ["rtmp://origin.example.com/live/one"],
    vodRefreshType: livepull.huaweicloud.PullTaskVodRefreshType.ImmediateNewSource,
});
export const status = task.status;

// @ts-expect-error: not one of the closed values
new livepull.huaweicloud.PullTask("wrong", { sourceType: "PullLive", sourceUrls: [] });
"""


def test_the_sdk_for_nodejs_compiles_and_so_does_a_program(tmp_path: Path) -> None:
    """Modules are vendors, and a value that the vendor would refuse does not compile."""
    sdk = compiled("nodejs", tmp_path / "sdk")
    program = sdk / "program"
    (program / "node_modules").mkdir(parents=True)
    (program / "node_modules" / "pulumi-livepull").symlink_to(sdk / "bin")
    (program / "index.ts").write_text(TYPESCRIPT, encoding="utf-8")
    config = {"extends": "../tsconfig.json", "files": ["index.ts"]}
    (program / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    tsc = [str(node_modules() / ".bin" / "tsc"), "--noEmit", "-p", str(program)]
    ran = subprocess.run(tsc, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    package = json.loads((sdk / "bin" / "package.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (package["name"], package["version"]) == (project["name"], project["version"])


GO = """
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/pulumi-livepull/sdk/go/livepull"
	"example.com/pulumi-livepull/sdk/go/livepull/huaweicloud"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		if _, err := livepull.NewProvider(ctx, "accounts", &livepull.ProviderArgs{
			HuaweicloudRegion: pulumi.String("cn-north-4"),
		}); err != nil {
			return err
		}
		task, err := huaweicloud.NewPullTask(ctx, "relay", &huaweicloud.PullTaskArgs{
			SourceType: huaweicloud.PullTaskSourceTypePullLivePushLive,
			SourceUrls: pulumi.StringArray{pulumi.String("rtmp://origin.example.com/live/one")},
		})
		if err == nil {
			ctx.Export("status", task.Status)
		}
		return err
	})
}
"""


def test_the_sdk_for_go_compiles_and_so_does_a_program(tmp_path: Path) -> None:
    """Packages are vendors, and closed values are constants of a type."""
    sdk = tmp_path / "sdk"
    assert codegen("sdk", "go", sdk).returncode == 0
    (sdk / "program").mkdir()
    (sdk / "program" / "main.go").write_text(GO, encoding="utf-8")
    ran = codegen("compile", "go", sdk)
    assert ran.returncode == 0, ran.stderr


def test_the_sdk_for_python_compiles_under_a_name_of_its_own(tmp_path: Path) -> None:
    """It may be installed beside this package, whose name is taken."""
    sdk = compiled("python", tmp_path / "sdk")
    assert (sdk / "pulumi_livepull_sdk" / "huaweicloud" / "pull_task.py").exists()
    assert not (sdk / "pulumi_livepull").exists()
