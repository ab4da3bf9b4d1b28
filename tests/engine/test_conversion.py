"""The engine gets from the plugin what `pulumi convert` needs, and what that writes can be used."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_livepull.emulator import Emulator
from tests.emulator.test_tencent import Caller
from tests.engine.stacks import ROOT, Stack

CONVERTED = ROOT / "tests/engine/programs/converted"
"""A `.tf` file, and what `pulumi convert` of pulumi-converter-terraform 7bddfa7 (February 2026)
made of it with our mappings. Its build takes long, so that no test does that again."""

TIMES = {"StartTime": "2030-01-01T13:00:00Z", "EndTime": "2030-01-02T12:00:00Z"}
PLACE = {"DomainName": "push.example.com", "AppName": "live"}
FILES = ["https://files.example.org/2.mp4", "https://files.example.org/1.mp4"]


def test_the_mapping_of_terraforms_provider_can_be_written_to_a_file(stack: Stack) -> None:
    """For `pulumi convert --mappings`, which then asks no other plugin."""
    file = stack.folder / "huaweicloud.json"
    asked = ("terraform", "livepull", "huaweicloud")
    stack.command("package", "get-mapping", *asked, "--out", str(file))
    messages = json.loads(file.read_text())
    [callback] = messages["resources"].values()
    assert callback["tok"] == "livepull:huaweicloud:RecordCallback"


@pytest.fixture
def moving(stack: Stack, url: str) -> Stack:
    """A stack whose program is to be what was converted."""
    settings = {
        "tencentcloudEndpoint": url,
        "tencentcloudRegion": "ap-guangzhou",
        "tencentcloudAccessKey": "livepull-emulator",
        "tencentcloudSecretKey": "livepull-emulator-secret",
    }
    for name, value in settings.items():
        stack.configure(name, value)
    (stack.folder / "Pulumi.yaml").write_text("name: relay\nruntime: yaml\n")
    return stack


def make_as_terraform_does(emulator: Emulator) -> list[dict[str, str]]:
    """Make what the `.tf` file describes, and return what `pulumi import` is told of it."""
    call = Caller(emulator)
    about = {**TIMES, "Operator": "admin"}
    files = {
        "SourceType": "PullVodPushLive",
        "SourceUrls": FILES,
        "VodLoopTimes": "-1",
        "VodRefreshType": "ContinueBreakPoint",
        "CallbackEvents": ["TaskStart", "TaskExit"],
        "CallbackUrl": "https://hooks.example.org/tasks",
        "Comment": "evening",
        "FileIndex": 2,
        "OffsetTime": 30,
        "WatermarkList": [
            {"PictureUrl": "https://files.example.org/logo.png", "XPosition": 5, "Location": 0}
        ],
    }
    live = {
        "SourceType": "PullLivePushLive",
        "SourceUrls": ["rtmp://play.example.org/live/1"],
        "ToUrl": "rtmp://push.example.net/live/one",
        "DomainName": "",
        "AppName": "",
        "StreamName": "",
    }
    hooks = {"TemplateName": "hooks", "RecordNotifyUrl": "https://hooks.example.org/recordings"}
    create = "CreateLivePullStreamTask"
    playlist = call(create, **files, **PLACE, StreamName="playlist", **about)["TaskId"]
    elsewhere = call(create, **live, **about)["TaskId"]
    template = call("CreateLiveCallbackTemplate", **hooks, CallbackKey="0" * 32)["TemplateId"]
    call("CreateLiveCallbackRule", **PLACE, TemplateId=template)
    ids = {
        ("PullStreamTask", "playlist"): f"ap-guangzhou/{playlist}",
        ("PullStreamTask", "elsewhere"): f"ap-guangzhou/{elsewhere}",
        ("CallbackTemplate", "hooks"): str(template),
        ("CallbackRule", "rule"): "push.example.com/live",
    }
    return [
        {"type": f"livepull:tencentcloud:{kind}", "name": name, "id": own_id}
        for (kind, name), own_id in ids.items()
    ]


def change_as_the_page_says(document: Any) -> None:
    """Make the changes that docs/terraform.md lists."""
    resources = document["resources"]
    playlist = resources["playlist"]["properties"]
    playlist["sourceUrls"].reverse()
    for name in ("status", "fileIndex", "offsetTime"):
        del playlist[name]
    resources["rule"]["properties"]["templateId"] = "${hooks.templateId}"
    del resources["again"]


def test_a_playlist_moves_from_terraform_without_a_change_on_air(
    moving: Stack, emulator: Emulator, tmp_path: Path
) -> None:
    """Only the address that the vendor never shows is sent, once."""
    document = yaml.safe_load((CONVERTED / "Main.yaml").read_text())
    change_as_the_page_says(document)
    (moving.folder / "Main.yaml").write_text(yaml.safe_dump(document))
    listed = tmp_path / "import.json"
    listed.write_text(json.dumps({"resources": make_as_terraform_does(emulator)}))
    made = list(emulator.tencentcloud.state.tasks)
    moving.bring_in("--file", str(listed), "--generate-code=false")
    emulator.journal.clear()
    assert moving.up().plan == {
        "elsewhere": "update",
        **dict.fromkeys(("playlist", "hooks", "rule"), "same"),
    }
    changes = [entry for entry in emulator.journal if not entry.operation.startswith("Describe")]
    assert [entry.operation for entry in changes] == ["ModifyLivePullStreamTask"]
    for before, after in zip(made, emulator.tencentcloud.state.tasks, strict=True):
        assert {**after, "UpdateTime": before["UpdateTime"]} == before
    moving.preview("--expect-no-changes")
