"""Pulumi's own code generators take the schema, and what they make of it compiles."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.engine import sdks
from tests.engine.sdks import EXAMPLES, codegen, compiled
from tests.engine.stacks import ROOT

Schema = dict[str, Any]


def test_pulumi_finds_nothing_wrong_with_the_schema() -> None:
    """Neither errors nor warnings: SDKs in every language can have every resource."""
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
    ("spoil", "expected"),
    [
        (_dangle, "type livepull:huaweicloud:Status not found"),
        (_reserve, "warning: #/resources/livepull:huaweicloud:PullTask/properties/urn"),
        (_misspell, 'unknown field "requiredInput"'),
        (_forget, "unknown required property"),
    ],
)
def test_a_schema_that_pulumi_would_not_take_is_reported(
    tmp_path: Path, spoil: Any, expected: str
) -> None:
    """The check above does fail: at errors, at warnings and at a key that Pulumi does not know."""
    schema = json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))
    spoil(schema, schema["resources"]["livepull:huaweicloud:PullTask"])
    spoilt = tmp_path / "schema.json"
    spoilt.write_text(json.dumps(schema), encoding="utf-8")
    ran = codegen("check", spoilt)
    assert ran.returncode == 1
    assert expected in ran.stderr


TYPESCRIPT = """
import * as pulumi from "@pulumi/pulumi";
import * as livepull from "pulumi-livepull";

new livepull.Provider("accounts", { huaweicloudRegion: "cn-north-4", maxRetries: 2 });
const task = new livepull.huaweicloud.PullTask("relay", {
    sourceType: "PullLivePushLive",
    sourceUrls: ["rtmp://origin.example.com/live/one"],
    vodRefreshType: livepull.huaweicloud.PullTaskVodRefreshType.ImmediateNewSource,
});
export const status = task.status;
export const seen = livepull.huaweicloud.PullTask.get("seen", "cn-north-4/one").status;

const shows = new livepull.huaweicloud.PullTaskSchedule("shows", {
    windows: [{ name: "one", startTime: "2030-01-01T20:00:00Z", endTime: "2030-01-01T22:00:00Z" }],
    sourceType: "PullLivePushLive",
    sourceUrls: ["rtmp://origin.example.com/live/one"],
});
export const ids: pulumi.Output<{ [window: string]: string }> = shows.taskIds;

new livepull.huaweicloud.PullTaskSchedule("evenings", {
    windows: livepull.windows.recurringOutput({
        rule: "FREQ=DAILY",
        start: "2030-01-05T20:00",
        duration: "PT1H30M",
        timeZone: "Europe/Berlin",
    }).windows,
    sourceType: "PullLivePushLive",
    sourceUrls: ["rtmp://origin.example.com/live/one"],
});

// @ts-expect-error: not one of the closed values
new livepull.huaweicloud.PullTask("wrong", { sourceType: "PullLive", sourceUrls: [] });
"""


def test_the_sdk_for_nodejs_compiles_and_so_does_a_program(nodejs: Path, tmp_path: Path) -> None:
    """Each vendor is a module, and a value that the vendor would refuse does not compile."""
    (tmp_path / "index.ts").write_text(TYPESCRIPT, encoding="utf-8")
    shutil.copy(EXAMPLES / "typescript" / "tsconfig.json", tmp_path)
    ran = sdks.typescript(tmp_path, nodejs)
    assert ran.returncode == 0, ran.stdout
    package = json.loads((nodejs / "package.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (package["name"], package["version"]) == (project["name"], project["version"])


def test_the_sdk_for_go_compiles_and_so_does_a_program(go: Path) -> None:
    """Each vendor is a package, and the values of an enum are typed constants."""
    assert (go / "accounts").exists()


def test_the_sdk_for_python_compiles_under_a_name_of_its_own(tmp_path: Path) -> None:
    """It can be installed next to this package, so it needs another name."""
    sdk = compiled("python", tmp_path / "sdk")
    assert (sdk / "pulumi_livepull_sdk" / "huaweicloud" / "pull_task.py").exists()
    assert not (sdk / "pulumi_livepull").exists()
