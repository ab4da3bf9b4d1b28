"""Functions and lookups in programs of the real engine, whichever host or language asks."""

import json

import pytest

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import SECRET_MARK, Json, Stack, days_from_now, spelled, tasks

MADE = """
huaweicloud.PullTask(
    "relay",
    source_type="PullVodPushLive",
    source_urls=["https://vod.example.org/1.mp4"],
    destination_url="rtmp://push.example.com/live/HUSH",
)
"""
PYTHON = """
got = huaweicloud.get_pull_task(id="{id}")
found = huaweicloud.PullTask.get("found", "{id}")
listed = huaweicloud.list_pull_tasks(source_type="PullVodPushLive")
signed = huaweicloud.sign_push_url(
    push_url="rtmp://push.example.com/live/1", key=pulumi.Output.secret("HUSH"), expires="{end}"
)
pulumi.export("got", got.source_urls)
pulumi.export("found", found.source_urls)
pulumi.export("listed", listed.items.apply(lambda items: [item["id"] for item in items]))
pulumi.export("address", got.destination_url)
pulumi.export("signed", signed.url)
"""
YAML = """name: relay
runtime: yaml
resources:
  found:
    type: livepull:huaweicloud:PullTask
    get:
      id: {id}
variables:
  got:
    fn::invoke:
      function: livepull:huaweicloud:getPullTask
      arguments: {{id: "{id}"}}
  listed:
    fn::invoke:
      function: livepull:huaweicloud:listPullTasks
      arguments: {{sourceType: PullVodPushLive}}
  signed:
    fn::invoke:
      function: livepull:huaweicloud:signPushUrl
      arguments:
        pushUrl: rtmp://push.example.com/live/1
        key: {{fn::secret: HUSH}}
        expires: "{end}"
outputs:
  got: ${{got.sourceUrls}}
  found: ${{found.sourceUrls}}
  listed: ["${{listed.items[0].id}}"]
  address: ${{got.destinationUrl}}
  signed: ${{signed.url}}
"""
SECRET = {"address", "signed", "listed"}
END = spelled(days_from_now(3))


@pytest.fixture
def made(stack: Stack, emulator: Emulator) -> str:
    """The id of a task that no stack has."""
    stack.program(MADE)
    stack.up()
    made = str(stack.resources["relay"]["id"])
    exported = json.loads(stack.command("stack", "export", "--stack", "dev"))
    exported["deployment"]["resources"] = []
    (stack.folder / "emptied.json").write_text(json.dumps(exported))
    stack.command("stack", "import", "--stack", "dev", "--file", "emptied.json")
    assert len(tasks(emulator)) == 1
    return made


def outputs(stack: Stack, language: str, made: str) -> Json:
    """What a program in a language tells, with all that is secret opened."""
    if language == "yaml":
        (stack.folder / "Pulumi.yaml").write_text(YAML.format(id=made, end=END))
    else:
        stack.configure("host", language)
        stack.program(PYTHON.format(id=made, end=END))
    stack.preview()
    stack.up()
    held = stack.outputs
    # Of a list that holds a secret everything is secret; in YAML, of any answer.
    secret = SECRET | ({"got"} if language == "yaml" else set())
    assert {name for name in held if SECRET_MARK in str(held[name])} == secret
    assert "HUSH" not in stack.checkpoint
    message = stack.command("stack", "output", "--stack", "dev", "--json", "--show-secrets")
    opened: Json = json.loads(message)
    return opened


@pytest.mark.parametrize("language", ["dynamic", "plugin", "yaml"])
def test_a_program_looks_up_lists_and_signs(
    stack: Stack, emulator: Emulator, made: str, language: str
) -> None:
    """A Python program in either host and one in YAML get the same results and change nothing."""
    before = tasks(emulator)
    message = outputs(stack, language, made)
    assert message.pop("signed").startswith("rtmp://push.example.com/live/1?hwSecret=")
    assert message == {
        "got": ["https://vod.example.org/1.mp4"],
        "found": ["https://vod.example.org/1.mp4"],
        "listed": [made],
        "address": "rtmp://push.example.com/live/HUSH",
    }
    stack.destroy()
    assert tasks(emulator) == before


@pytest.mark.parametrize("host", ["dynamic", "plugin"])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('get_pull_task(id="cn-north-4/1")', 'huaweicloud.PullTask: there is no "cn-north-4/1"'),
        (
            'sign_push_url(push_url="rtmp://a.example.com", key="HUSH", expires="2030-01-01")',
            "huaweicloud.signPushUrl: ",
        ),
    ],
)
def test_what_has_no_answer_fails_with_a_message(
    stack: Stack, host: str, asked: str, expected: str
) -> None:
    """The message shows neither a key nor, as every run checks, a traceback."""
    stack.configure("host", host)
    stack.program(f"pulumi.export('x', huaweicloud.{asked}._output('id'))")
    failed = stack.preview(fails=True)
    assert expected in "\n".join(failed.said("error"))
    assert "HUSH" not in failed.text


@pytest.mark.parametrize("host", ["dynamic", "plugin"])
def test_what_depends_on_a_resource_to_come_is_not_asked_for_in_a_preview(
    stack: Stack, host: str
) -> None:
    """Its id is not known yet; once it is, the outputs are known too."""
    stack.configure("host", host)
    stack.program(
        f"relay = {MADE.strip()}\n"
        "got = huaweicloud.get_pull_task(id=relay.id)\n"
        "pulumi.export('got', got.source_urls)\n"
    )
    stack.preview()
    stack.up()
    assert stack.outputs["got"] == ["https://vod.example.org/1.mp4"]
