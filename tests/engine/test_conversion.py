"""The engine gets from the plugin what `pulumi convert` needs."""

import json

from tests.engine.stacks import Stack


def test_the_mapping_of_terraforms_provider_can_be_written_to_a_file(stack: Stack) -> None:
    """It is for `pulumi convert --mappings`, which then asks no other plugin."""
    file = stack.folder / "huaweicloud.json"
    asked = ("terraform", "livepull", "huaweicloud")
    stack.command("package", "get-mapping", *asked, "--out", str(file))
    messages = json.loads(file.read_text())
    [callback] = messages["resources"].values()
    assert callback["tok"] == "livepull:huaweicloud:RecordCallback"
